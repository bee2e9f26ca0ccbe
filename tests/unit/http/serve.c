/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * http_serve: the fixture as a program. Prints the socket's path, then obeys lines on standard
 * input: "later" (an hour), "soon" (20 minutes), "say CATEGORY TEXT" (a report with this first
 * guess; DANGER before: it is a danger), "fail" (the next commit fails as on a full disk), "fail 2"
 * (the one after it), "hold" (turns are not ended any more), "texts" (prints what waits to be sent
 * to whom, a line each), "restart" (without sessions, and passphrases cost two passes). Ends with
 * its standard input.
 */
#include "daemon/base/str.h"
#include "daemon/desk/stay.h"
#include "store/outbox.h"
#include "store/party.h"
#include "tests/unit/http/fixture.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct serve {
	struct api api;
	uv_poll_t input;
	bool is_over;
};

static void print_text(void *arg, const struct outbox_row *row)
{
	struct store *store = arg;
	CLEAN_BUF text = {0};
	CLEAN_BUF address = {0};

	buf_init(&text, OUTBOX_BODY_MAX);
	buf_init(&address, PARTY_ADDRESS_MAX);
	if (!outbox_text(store, row->id, &text) && !party_address(store, row->party_id, &address))
		printf("%s %s\n", buf_text(&address), buf_text(&text));
}

static void input_done(uv_poll_t *poll, int status, int events)
{
	struct serve *serve = poll->data;
	char line[512];
	ssize_t n;

	(void)status;
	(void)events;
	n = read(STDIN_FILENO, line, sizeof(line) - 1);
	if (n <= 0) {
		serve->is_over = true;
		return;
	}
	line[n] = 0;
	if (str_eq(line, "fail\n"))
		serve->api.fail_with = ERR_DISK_FULL;
	if (str_eq(line, "fail 2\n")) {
		serve->api.fail_with = ERR_DISK_FULL;
		serve->api.fail_after = 1;
	}
	if (strncmp(line, "say ", 4) == 0) {
		line[strcspn(line, "\n")] = 0;
		api_say(&serve->api, line + 4);
	}
	if (str_eq(line, "restart\n"))
		api_restart(&serve->api, 2);
	if (str_eq(line, "later\n"))
		clock_virtual_advance(&serve->api.clock, HOUR_MS);
	if (str_eq(line, "soon\n"))
		clock_virtual_advance(&serve->api.clock, 20 * MINUTE_MS);
	if (str_eq(line, "texts\n") &&
		outbox_list(serve->api.store, 0, 100, print_text, serve->api.store))
		abort();
	if (str_eq(line, "hold\n"))
		serve->api.holds_turns = true;
	printf("done\n");
	fflush(stdout);
}

static void add_stay(struct api *api)
{
	struct party party;

	if (party_get(api->store, PARTY_PHONE, API_PHONE, &party) ||
		desk_stay_take(api->desk,
			&(struct desk_stay){.party_id = party.id,
				.words =
					"Nguyen Van A, 001090123456, tham con, hom nay 2 dem, thon 3"}))
		abort();
}

int main(void)
{
	static struct serve serve;

	api_open(&serve.api);
	add_stay(&serve.api);
	serve.input.data = &serve;
	if (uv_poll_init(&serve.api.loop, &serve.input, STDIN_FILENO) != 0)
		return 1;
	uv_poll_start(&serve.input, UV_READABLE, input_done);
	printf("%s\n", serve.api.socket_path);
	fflush(stdout);
	while (!serve.is_over)
		uv_run(&serve.api.loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&serve.input, NULL);
	serve.api.holds_turns = false;
	api_close(&serve.api);
	return 0;
}
