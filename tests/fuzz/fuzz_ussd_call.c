/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls of an USSD gateway, one a line: "session", a tab, what was typed (cumulative in one
 * profile, in the other with its number before another tab). Each is made twice and has to be
 * answered the same; each screen has to fit a phone. Nothing is ever committed.
 */
#include "config/menu.h"
#include "config/procedure.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/intake/intake.h"
#include "daemon/intake/menu_act.h"
#include "daemon/intake/menu_screen.h"
#include "daemon/relay/ussd_gateway.h"
#include "store/turn.h"
#include "store/vault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOKEN	   "token"
#define CALLS_MAX  12
#define ANSWER_MAX 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct {
	char folder[64];
	struct clock_virtual clock;
	struct vault *vault;
	struct store *store;
	struct desk *desk;
	struct menus *menus;
	struct procedures *procedures;
	struct intake *intake;
	struct config_ussd text, json;
	struct ussd_gateway *by_text, *by_json;
} box;

static void close_box(void)
{
	static const char *const names[] = {
		"box.db", "box.db-wal", "box.db-shm", "box.db.head", "media"};

	ussd_gateway_free(box.by_text);
	ussd_gateway_free(box.by_json);
	intake_free(box.intake);
	desk_free(box.desk);
	menus_free(box.menus);
	procedures_free(box.procedures);
	store_close(box.store);
	vault_free(box.vault);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char path[128];

		snprintf(path, sizeof(path), "%s/%s", box.folder, names[i]);
		(void)!remove(path);
	}
	(void)!rmdir(box.folder);
}

static struct ussd_gateway *gateway(const struct config_ussd *config)
{
	struct ussd_gateway *made;

	CHECK(ussd_gateway_new(
		      &(struct ussd_gateway_options){
			      .intake = box.intake, .config = config, .token = TOKEN},
		      &made) == ERR_OK);
	return made;
}

static void open_box(void)
{
	static const uint8_t key[VAULT_KEY_BYTES] = {7};
	struct errbuf eb = {0};
	char path[96];

	log_set_level(LOG_LEVEL_ERROR);
	snprintf(box.folder, sizeof(box.folder), "/tmp/binhyen-fuzz.XXXXXX");
	CHECK(mkdtemp(box.folder));
	CHECK(atexit(close_box) == 0);
	snprintf(path, sizeof(path), "%s/box.db", box.folder);
	clock_virtual_init(&box.clock, INT64_C(1795000000000));
	CHECK(vault_new(key, &box.vault) == ERR_OK);
	CHECK(store_open(
		      &(struct store_options){
			      .path = path, .vault = box.vault, .clock = &box.clock.clock},
		      &box.store, &eb) == ERR_OK);
	CHECK(desk_new(&(struct desk_options){.store = box.store, .has_modem = true}, &box.desk) ==
		ERR_OK);
	CHECK(menus_load("", menu_act_names(), &box.menus, &eb) == ERR_OK);
	CHECK(procedures_load("", &box.procedures, &eb) == ERR_OK);
	CHECK(intake_new(&(struct intake_options){.store = box.store,
				 .desk = box.desk,
				 .menus = box.menus,
				 .procedures = box.procedures},
		      &box.intake) == ERR_OK);
	box.text = (struct config_ussd){.is_set = true, .service_code = "*384#"};
	box.json = (struct config_ussd){.is_set = true,
		.is_json = true,
		.service_code = "*384#",
		.json = {"session", "phone", "code", "text", "step", "message", "end", "", ""}};
	box.by_text = gateway(&box.text);
	box.by_json = gateway(&box.json);
	CHECK(turn_end(box.store, &eb) == ERR_OK);
}

static json_t *fields_of(bool is_json, const char *session, const char *text, const char *step)
{
	json_t *fields = json_pack("{s:s, s:s, s:s}", "token", TOKEN,
		is_json ? "code" : "serviceCode", "*384#", is_json ? "phone" : "phoneNumber",
		"+84900000301");

	/* Any bytes may be there, as when they came in a form. */
	json_object_set_new(fields, is_json ? "session" : "sessionId",
		json_stringn_nocheck(session, strlen(session)));
	json_object_set_new(fields, "text", json_stringn_nocheck(text, strlen(text)));
	if (is_json)
		json_object_set_new(fields, "step", json_stringn_nocheck(step, strlen(step)));
	return fields;
}

static void check_screen(const char *answer)
{
	CHECK(strncmp(answer, "CON ", 4) == 0 || strncmp(answer, "END ", 4) == 0);
	CHECK(answer[4] && menu_letters(answer + 4) <= MENU_SCREEN_MAX);
}

static void call(bool is_json, const char *session, const char *text, const char *step)
{
	struct ussd_gateway *to = is_json ? box.by_json : box.by_text;
	json_t *fields = fields_of(is_json, session, text, step);
	CLEAN_BUF once = {0};
	CLEAN_BUF twice = {0};
	struct errbuf eb = {0};
	bool said_json;
	enum err err;

	buf_init(&once, ANSWER_MAX);
	buf_init(&twice, ANSWER_MAX);
	err = ussd_gateway_call(to, fields, NULL, &once, &said_json, &eb);
	CHECK(err == ERR_OK || err == ERR_INVALID);
	CHECK(ussd_gateway_call(to, fields, NULL, &twice, &said_json, &eb) == err);
	CHECK(err || str_eq(buf_text(&once), buf_text(&twice)));
	if (!err && !is_json)
		check_screen(buf_text(&once));
	json_decref(fields);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *all, *line, *rest;

	if (!box.store)
		open_box();
	if (!size)
		return 0;
	all = strndup((const char *)data + 1, size - 1);
	CHECK(all);
	rest = all;
	for (int i = 0; i < CALLS_MAX && (line = strsep(&rest, "\n")); i++) {
		bool is_json = data[0] & 1;
		char *session = strsep(&line, "\t"), *text = line ? strsep(&line, "\t") : NULL;

		call(is_json, session, text ? text : "", line ? line : "1");
	}
	turn_abort(box.store, ERR_STATE);
	free(all);
	return 0;
}
