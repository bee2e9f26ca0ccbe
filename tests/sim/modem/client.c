/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command-line side of the control socket: people at a terminal, and ./run. */
#include "tests/sim/modem/sim.h"

#include "daemon/base/clock.h"
#include "daemon/base/str.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static FILE *open_socket(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return NULL;
	memcpy(address.sun_path, path, strlen(path));
	FILE *stream = NULL;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		stream = fdopen(fd, "r+");
	if (!stream)
		close(fd);
	return stream;
}

static void show(const json_t *event)
{
	const char *ev = json_string_value(json_object_get(event, "ev"));
	const char *to = json_string_value(json_object_get(event, "to"));
	const char *text = json_string_value(json_object_get(event, "text"));
	const json_t *at = json_object_get(event, "at_ms");
	char when[CLOCK_TEXT_BYTES] = "";
	if (!ev)
		return;
	clock_format(json_is_integer(at) ? json_integer_value(at) : 0, when);
	if (str_eq(ev, "phone"))
		printf("%.8s  SMS to %s: %s\n", when + 11, to, text);
	else if (str_eq(ev, "call"))
		printf("%.8s  call %s\n", when + 11,
			json_string_value(json_object_get(event, "phase")));
	else
		printf("%.8s  %s %s\n", when + 11, ev, to ? to : "");
	fflush(stdout);
}

static char *request_of(const struct options *opt)
{
	if (opt->request)
		return str_dup(opt->request);
	if (opt->is_watch)
		return str_dup("{\"do\":\"watch\"}");
	json_t *request = json_pack("{s:s,s:s,s:s}", "do", "sms", "text", opt->text, "from",
		opt->from ? opt->from : "+84900000012");
	char *text = request ? json_dumps(request, JSON_COMPACT) : NULL;
	json_decref(request);
	return text;
}

/* 0 done, 1 refused by the simulator, 2 no simulator there or a request that cannot be sent. */
int client_main(const struct options *opt)
{
	CLEANUP(cleanup_free) char *request = request_of(opt);
	CLEANUP(cleanup_free) char *line = NULL;
	size_t size = 0;
	int status = 2;
	if (!request || strchr(request, '\n')) {
		fprintf(stderr, "sim-modem: the request must be one line of UTF-8\n");
		return 2;
	}
	FILE *stream = open_socket(opt->control);
	if (!stream) {
		fprintf(stderr, "sim-modem: %s: %s; is sim-modem running?\n", opt->control,
			strerror(errno));
		return 2;
	}
	fprintf(stream, "%s\n", request);
	fflush(stream);
	while (getline(&line, &size, stream) > 0) {
		json_t *answer = json_loads(line, 0, NULL);
		bool is_ok = json_is_true(json_object_get(answer, "ok"));
		if (!opt->is_watch) {
			fputs(line, stdout);
			status = is_ok ? 0 : 1;
		} else {
			status = 0;
			show(answer);
		}
		json_decref(answer);
		if (!opt->is_watch)
			break;
	}
	fclose(stream);
	return status;
}
