/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim-zalo: a Zalo Official Account on this machine, for tests, training and demonstrations. With
 * --port it is the service; without, it speaks to a running one as a Zalo user or as its operator.
 */
#include "daemon/base/clock.h"
#include "daemon/base/str.h"
#include "tests/sim/zalo/client.h"
#include "tests/sim/zalo/server.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define GROUPS_MAX 16

enum option_id {
	OPT_PORT = 256,
	OPT_CONTROL_PORT,
	OPT_APP_ID,
	OPT_OA_ID,
	OPT_APP_SECRET,
	OPT_ACCESS,
	OPT_REFRESH,
	OPT_GROUP,
	OPT_STATE,
	OPT_LOG,
	OPT_RATE_LIMIT,
	OPT_SEED,
	OPT_ACCESS_LIFETIME,
	OPT_REFRESH_LIFETIME,
	OPT_GRACE_MS,
	OPT_CALLBACK,
	OPT_REQUIRE_PROOF,
	OPT_NUMERIC_IDS,
	OPT_OLD_ACCESS_LIVES,
	OPT_JUMBLE,
	OPT_LIFELINE,
	OPT_USER,
	OPT_NAME,
	OPT_TEXT,
	OPT_WATCH,
	OPT_DOWN,
	OPT_UP,
	OPT_DO,
	OPT_STATUS,
	OPT_TOKEN,
	OPT_HELP
};

static const struct {
	const char *name;
	enum option_id id;
	const char *argument; /* NULL = a switch */
	const char *meaning;
} option_table[] = {
	{"port", OPT_PORT, "N", "be the service on 127.0.0.1:N (0 = any)"},
	{"control-port", OPT_CONTROL_PORT, "N", "control port, of this or of the running service"},
	{"app-id", OPT_APP_ID, "ID", "id of the app"},
	{"oa-id", OPT_OA_ID, "ID", "id of the Official Account"},
	{"app-secret", OPT_APP_SECRET, "TEXT", "App Secret (secret_key, appsecret_proof)"},
	{"access", OPT_ACCESS, "TOKEN", "first access token"},
	{"refresh", OPT_REFRESH, "TOKEN", "first refresh token"},
	{"group", OPT_GROUP, "ID", "a group of the OA (repeatable); with --user: writes there"},
	{"state", OPT_STATE, "FILE", "keep everything, tokens too, in FILE across restarts"},
	{"log", OPT_LOG, "FILE", "one JSON line a request, without tokens or texts"},
	{"rate-limit", OPT_RATE_LIMIT, "N", "calls a minute (default 4000)"},
	{"seed", OPT_SEED, "N", "of ids and tokens (default 1)"},
	{"access-lifetime", OPT_ACCESS_LIFETIME, "S", "of access tokens (default 90000)"},
	{"refresh-lifetime", OPT_REFRESH_LIFETIME, "S", "of refresh tokens (default 7776000)"},
	{"grace-ms", OPT_GRACE_MS, "MS", "a spent refresh token still works so long (default 0)"},
	{"callback", OPT_CALLBACK, "URL", "the registered callback (default any)"},
	{"require-proof", OPT_REQUIRE_PROOF, NULL, "refuse calls without appsecret_proof"},
	{"numeric-ids", OPT_NUMERIC_IDS, NULL, "answer user ids as JSON numbers"},
	{"old-access-lives", OPT_OLD_ACCESS_LIVES, NULL, "a refresh spares the old access token"},
	{"jumble", OPT_JUMBLE, NULL, "rows of different users may change places"},
	{"lifeline", OPT_LIFELINE, NULL, "end when standard input is closed"},
	{"user", OPT_USER, "ID", "play this Zalo user"},
	{"name", OPT_NAME, "TEXT", "display name of the user"},
	{"text", OPT_TEXT, "TEXT", "what the user writes"},
	{"watch", OPT_WATCH, NULL, "print what users and groups receive"},
	{"down", OPT_DOWN, NULL, "the service becomes unreachable"},
	{"up", OPT_UP, NULL, "the service is there again"},
	{"do", OPT_DO, "JSON", "give an order, e.g. {\"what\":\"revoke_access\"}"},
	{"status", OPT_STATUS, NULL, "print counters and state"},
	{"token", OPT_TOKEN, NULL, "print the token pair, as for `zalo set-token`"},
	{"help", OPT_HELP, NULL, "print this"},
};

struct arguments {
	struct world_options world;
	const char *groups[GROUPS_MAX];
	size_t group_count;
	int64_t port; /* -1 = not the service */
	int64_t control_port;
	const char *log_path;
	const char *user, *name, *text, *order;
	bool has_lifeline, is_watching, wants_status, wants_token;
};

static volatile int stop;

static void on_signal(int signo)
{
	(void)signo;
	stop = 1;
}

static void print_help(void)
{
	printf("usage: sim-zalo --port N [option...]          the service\n"
	       "       sim-zalo --control-port N option...    a user or operator of a running one\n\n");
	for (size_t i = 0; i < ARRAY_LEN(option_table); i++) {
		char left[48];

		snprintf(left, sizeof(left), "--%s %s", option_table[i].name,
			option_table[i].argument ? option_table[i].argument : "");
		printf("  %-24s %s\n", left, option_table[i].meaning);
	}
}

static bool number(const char *text, int64_t max, int64_t *ret_value)
{
	return str_to_int64(text, 0, max, ret_value) == ERR_OK;
}

static bool option_switch(struct arguments *args, enum option_id id)
{
	switch ((int)id) {
	case OPT_REQUIRE_PROOF:
		return args->world.requires_proof = true;
	case OPT_NUMERIC_IDS:
		return args->world.has_number_ids = true;
	case OPT_OLD_ACCESS_LIVES:
		return args->world.old_access_lives = true;
	case OPT_JUMBLE:
		return args->world.is_jumbled = true;
	case OPT_LIFELINE:
		return args->has_lifeline = true;
	case OPT_WATCH:
		return args->is_watching = true;
	case OPT_STATUS:
		return args->wants_status = true;
	case OPT_TOKEN:
		return args->wants_token = true;
	case OPT_DOWN:
		args->order = "{\"what\":\"down\"}";
		return true;
	case OPT_UP:
		args->order = "{\"what\":\"up\"}";
		return true;
	default:
		return false;
	}
}

static bool option_number(struct arguments *args, enum option_id id, const char *value)
{
	int64_t seed = 0;

	switch ((int)id) {
	case OPT_PORT:
		return number(value, UINT16_MAX, &args->port);
	case OPT_CONTROL_PORT:
		return number(value, UINT16_MAX, &args->control_port);
	case OPT_RATE_LIMIT:
		return number(value, INT32_MAX, &args->world.rate_limit);
	case OPT_ACCESS_LIFETIME:
		return number(value, INT32_MAX, &args->world.access_lifetime_s);
	case OPT_REFRESH_LIFETIME:
		return number(value, INT32_MAX, &args->world.refresh_lifetime_s);
	case OPT_GRACE_MS:
		return number(value, INT32_MAX, &args->world.grace_ms);
	case OPT_SEED:
		if (!number(value, INT64_MAX, &seed))
			return false;
		args->world.seed = (uint64_t)seed;
		return true;
	default:
		return false;
	}
}

static bool option_text(struct arguments *args, enum option_id id, const char *value)
{
	const struct {
		enum option_id id;
		const char **target;
		size_t max;
	} texts[] = {
		{OPT_APP_ID, &args->world.app_id, WORLD_ID_BYTES},
		{OPT_OA_ID, &args->world.oa_id, WORLD_ID_BYTES},
		{OPT_APP_SECRET, &args->world.app_secret, WORLD_TOKEN_BYTES},
		{OPT_ACCESS, &args->world.access, WORLD_TOKEN_BYTES},
		{OPT_REFRESH, &args->world.refresh, WORLD_TOKEN_BYTES},
		{OPT_STATE, &args->world.state_path, SIZE_MAX},
		{OPT_CALLBACK, &args->world.callback_url, 256},
		{OPT_LOG, &args->log_path, SIZE_MAX},
		{OPT_USER, &args->user, WORLD_ID_BYTES},
		{OPT_NAME, &args->name, WORLD_NAME_BYTES},
		{OPT_TEXT, &args->text, SIZE_MAX},
		{OPT_DO, &args->order, SIZE_MAX},
	};

	if (id == OPT_GROUP) {
		if (args->group_count == GROUPS_MAX || !value[0] || strlen(value) >= WORLD_ID_BYTES)
			return false;
		args->groups[args->group_count++] = value;
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		if (texts[i].id != id)
			continue;
		*texts[i].target = value;
		return value[0] && strlen(value) < texts[i].max;
	}
	return false;
}

/* 0 = go on, otherwise the exit code + 1. */
static int parse(int argc, char **argv, struct arguments *args)
{
	struct option options[ARRAY_LEN(option_table) + 1] = {0};
	int id, at = 0;

	for (size_t i = 0; i < ARRAY_LEN(option_table); i++) {
		options[i].name = option_table[i].name;
		options[i].has_arg = option_table[i].argument ? required_argument : no_argument;
		options[i].val = (int)option_table[i].id;
	}
	while ((id = getopt_long(argc, argv, "", options, &at)) != -1) {
		enum option_id option = (enum option_id)id;

		if (option == OPT_HELP) {
			print_help();
			return 1;
		}
		if (id == '?')
			return 3;
		if (optarg ? !option_number(args, option, optarg) &&
					!option_text(args, option, optarg)
			   : !option_switch(args, option)) {
			fprintf(stderr, "sim-zalo: bad value for --%s\n", options[at].name);
			return 3;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "sim-zalo: unexpected argument; see --help\n");
		return 3;
	}
	return 0;
}

static int fail(const char *what, const struct errbuf *eb)
{
	fprintf(stderr, "sim-zalo: %s: %s\n", what, eb->text);
	return 1;
}

static enum err serve_world(
	const struct arguments *args, struct world *world, FILE *log, struct errbuf *eb)
{
	struct server *server = calloc(1, sizeof(*server)); /* too big for a stack */
	struct sigaction action = {.sa_handler = on_signal};
	sigset_t blocked, unblocked;
	enum err err;

	MUST_HAVE(server);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGINT);
	sigprocmask(SIG_BLOCK, &blocked, &unblocked);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	server->world = world;
	server->log = log;
	server->lifeline = args->has_lifeline ? STDIN_FILENO : -1;
	err = server_open(server, (uint16_t)args->port,
		(uint16_t)(args->control_port < 0 ? 0 : args->control_port), eb);
	if (!err) {
		printf("ready %u %u\n", (unsigned)server->api.port, (unsigned)server->control.port);
		fflush(stdout);
		err = server_run(server, &stop, &unblocked, eb);
		server_close(server);
	}
	free(server);
	return err;
}

static int serve(const struct arguments *args)
{
	struct world *world = world_new(&args->world);
	struct errbuf eb = {0};
	FILE *log = NULL;
	enum err err = world_load(world, &eb);

	if (!err && args->log_path) {
		log = fopen(args->log_path, "ae");
		if (!log)
			err = errbuf_set(&eb, err_from_errno(errno), "%s: %s", args->log_path,
				strerror(errno));
	}
	for (size_t i = 0; i < args->group_count; i++)
		world_group_add(world, args->groups[i], NULL);
	if (!err)
		err = serve_world(args, world, log, &eb);
	if (log)
		fclose(log);
	world_free(world);
	return err ? fail("cannot serve", &eb) : 0;
}

static int speak(const struct arguments *args)
{
	CLEANUP(cleanup_free) char *answer = NULL;
	uint16_t port = (uint16_t)args->control_port;
	struct errbuf eb = {0};
	enum err err;

	if (args->is_watching) {
		err = client_watch(port, &eb);
	} else if (args->user && args->text) {
		err = client_write(port, args->user, args->group_count ? args->groups[0] : NULL,
			args->name, args->text, &eb);
	} else if (args->order) {
		err = client_request(port, "/control/do", args->order, &answer, &eb);
	} else if (args->wants_status) {
		err = client_request(port, "/control/state", NULL, &answer, &eb);
	} else if (args->wants_token) {
		err = client_request(port, "/control/token", NULL, &answer, &eb);
	} else {
		fprintf(stderr, "sim-zalo: nothing to do; see --help\n");
		return 2;
	}
	if (err)
		return fail(err_en(err), &eb);
	if (answer)
		puts(answer);
	return 0;
}

int main(int argc, char **argv)
{
	struct arguments args = {
		.world = {.app_id = "1234567890123456789",
			.oa_id = "2468135790246813579",
			.app_secret = "sim-app-secret",
			.access = "sim-access-1",
			.refresh = "sim-refresh-1",
			.access_lifetime_s = 90000,
			.refresh_lifetime_s = 7776000,
			.retention_ms = 9 * DAY_MS,
			.window_ms = 7 * DAY_MS,
			.handle_ms = 7 * DAY_MS,
			.zns_quota = 5000,
			.rate_limit = 4000,
			.seed = 1},
		.port = -1,
		.control_port = -1,
	};
	int code = parse(argc, argv, &args);

	if (code)
		return code - 1;
	if (args.port >= 0)
		return serve(&args);
	if (args.control_port > 0)
		return speak(&args);
	fprintf(stderr, "sim-zalo: --port or --control-port is needed; see --help\n");
	return 2;
}
