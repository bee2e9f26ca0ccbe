/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/http/fixture.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/desk/settings.h"
#include "daemon/intake/intake.h"
#include "store/attachment.h"
#include "store/event.h"
#include "store/event_seal.h"
#include "store/group_act.h"
#include "store/group_person.h"
#include "store/inbox.h"
#include "store/party.h"
#include "store/place.h"
#include "store/turn.h"
#include "store/vault.h"
#include "store/zalo_state.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

#define CLOSE_TURNS 1000

static void answer_ussd(struct api *api);
static void answer_login(struct api *api);
static void answer_doctor(struct api *api);
static void answer_audit(struct api *api);

static void turn_over(uv_prepare_t *prepare)
{
	struct api *api = prepare->data;
	struct errbuf eb = {0};

	answer_ussd(api);
	answer_login(api);
	answer_doctor(api);
	answer_audit(api);
	if (api->holds_turns)
		return;
	api->open_turns += turn_is_open(api->store);
	if (api->fail_with != ERR_OK && turn_is_open(api->store) && api->fail_after-- <= 0) {
		turn_abort(api->store, api->fail_with);
		api->last_commit = api->fail_with;
		api->fail_with = ERR_OK;
		return;
	}
	api->last_commit = turn_end(api->store, &eb);
}

static json_t *status(void *arg)
{
	struct api *api = arg;

	if (api->in_status)
		api->in_status(api);
	return json_pack("{s:s, s:[{s:s, s:s, s:i, s:s, s:i, s:i, s:s}, {s:s, s:s, s:i, s:s, s:s}],"
			 " s:{s:s, s:b, s:s, s:{s:i, s:i, s:i, s:i, s:i, s:i}, s:{s:s, s:s, s:s, "
			 "s:s, s:s, s:I, s:i, s:i, s:b, s:i}}}",
		"version", "0.0.test", "modems", "name", "modem0", "phase", "ready", "signal", 74,
		"network", "home", "sim_used", 2, "sim_size", 30, "last_error", "", "name",
		"modem1", "phase", "down", "signal", -1, "network", "unknown", "last_error",
		"no answer", "zalo", "state", "needs_consent", "reachable", 0, "error", "",
		"traffic", "start_up", 7, "start_down", 8, "day_up", 4096, "day_down", 5 << 20,
		"month_up", 11, "month_down", 12, "link", "fault", "clock_behind", "message",
		"the clock is behind", "message_vi", "đồng hồ chậm", "advice", "set it",
		"advice_vi", "chỉnh giờ", "since", (json_int_t)API_NOW_MS, "failures", 3,
		"probe_in_s", 4, "ipv6_broken", 1, "connections_most", 2);
}

static enum err zalo_login(void *arg, const char *actor, struct buf *ret_url, struct errbuf *eb)
{
	struct api *api = arg;
	enum err err = event_add(api->store, "zalo.login", "", actor, "{}");

	(void)eb;
	return err ? err : buf_adds(ret_url, "https://oauth.example/permission?state=s");
}

/* "wait": answered by the test; "bad": refused at once; "no": refused by Zalo. */
static enum err zalo_login_code(void *arg, const char *pasted,
	void (*done)(void *done_arg, enum err err, const struct errbuf *eb), void *done_arg,
	struct errbuf *eb)
{
	struct api *api = arg;

	if (strcmp(pasted, "bad") == 0)
		return errbuf_set(eb, ERR_DENIED, "of another login");
	api->login_done = done;
	api->login_arg = done_arg;
	api->login_err = strcmp(pasted, "no") == 0 ? ERR_CONSENT : ERR_OK;
	api->login_waits = strcmp(pasted, "wait") == 0;
	return ERR_OK;
}

static enum err zalo_doctor(void *arg,
	void (*done)(void *done_arg, enum err err, const json_t *answer), void *done_arg,
	struct errbuf *eb)
{
	struct api *api = arg;

	if (api->doctor_done)
		return errbuf_set(eb, ERR_BUSY, "at work");
	api->doctor_done = done;
	api->doctor_arg = done_arg;
	return ERR_OK;
}

static enum err audit_verify(void *arg,
	void (*done)(void *done_arg, enum err err, const json_t *answer), void *done_arg,
	struct errbuf *eb)
{
	struct api *api = arg;

	if (api->audit_done)
		return errbuf_set(eb, ERR_BUSY, "at work");
	api->audit_done = done;
	api->audit_arg = done_arg;
	return ERR_OK;
}

static void answer_audit(struct api *api)
{
	void (*done)(void *done_arg, enum err err, const json_t *answer) = api->audit_done;
	json_t *answer;

	if (!done)
		return;
	api->audit_done = NULL;
	answer = json_pack("{s:s, s:i, s:s, s:s, s:s, s:s, s:i}", "state", "bad", "checked_events",
		2, "checked", "2026-11-22T14:00:00+07:00", "fault", "cut", "message",
		"rows are gone", "message_vi", "mất dòng", "fault_event", 3);
	done(api->audit_arg, ERR_OK, answer);
	json_decref(answer);
}

static void audit_forget(void *arg, const void *done_arg)
{
	struct api *api = arg;

	if (api->audit_arg == done_arg)
		api->audit_done = NULL;
}

static void answer_doctor(struct api *api)
{
	void (*done)(void *done_arg, enum err err, const json_t *answer) = api->doctor_done;
	json_t *answer;

	if (!done)
		return;
	api->doctor_done = NULL;
	answer = json_pack("{s:[{s:s, s:s, s:i, s:s, s:s}, {s:s, s:s, s:i, s:s, s:s}]}", "findings",
		"check", "account", "level", "ok", "code", 0, "message_vi", "OA \x1b[2J tốt",
		"advice_vi", "", "check", "receive", "level", "alarm", "code", -224, "message_vi",
		"Không nhận được", "advice_vi", "nâng gói");
	done(api->doctor_arg, ERR_OK, answer);
	json_decref(answer);
}

static void zalo_forget(void *arg, const void *done_arg)
{
	struct api *api = arg;

	if (api->login_arg != done_arg)
		return;
	api->login_done = NULL;
	api->login_forgotten++;
}

static enum err zalo_set_token(void *arg, const json_t *token, struct errbuf *eb)
{
	struct api *api = arg;
	enum err err;

	api->tokens++;
	err = event_add(api->store, "zalo.token", "", "system", "{}");
	if (err != ERR_OK)
		return err;
	if (!json_is_string(json_object_get(token, "access_token")))
		return errbuf_set(eb, ERR_INVALID, "access_token is missing");
	return ERR_OK;
}

static enum err feed_check(void *arg, const char *name, struct errbuf *eb)
{
	(void)arg;
	return str_eq(name, "tinh") ? ERR_OK
				    : errbuf_set(eb, ERR_NOT_FOUND, "there is no feed %s", name);
}

static json_t *backups(void *arg, enum err *ret_err)
{
	struct api *api = arg;

	(void)ret_err;
	return json_pack("{s:s, s:i, s:b, s:s, s:i, s:s, s:i, s:[{s:s, s:s, s:i}]}", "folder",
		"/var/lib/binhyen/binhyen.db.backups", "kept", 7, "running", api->is_backing_up,
		"when", "nightly", "hour", 2, "last_good_at", "2026-11-22T02:00:00+07:00",
		"media_files", 3, "backups", "name", "2026-11-21T19-00-00Z.sealed", "at",
		"2026-11-22T02:00:00+07:00", "bytes", 1000);
}

static enum err backup_make(void *arg, const char *actor, struct errbuf *eb)
{
	struct api *api = arg;

	(void)actor;
	if (api->is_backing_up)
		return errbuf_set(eb, ERR_BUSY, "one is being made");
	api->is_backing_up = true;
	return ERR_OK;
}

static enum err modem_accept(void *arg, const char *name, const char *actor, struct errbuf *eb)
{
	struct api *api = arg;

	if (!str_eq(name, "modem0") && !str_eq(name, "1"))
		return errbuf_set(eb, ERR_NOT_FOUND, "there is no modem %s", name);
	if (api->accepted++)
		return errbuf_set(eb, ERR_STATE, "nothing to accept");
	return event_add(api->store, "modem.accepted", "", actor, "{}");
}

/* Of every text the same; "long" is too long, and takes for ever with 9999 recipients. */
static enum err sms_preview(void *arg, const json_t *ask, json_t **ret_answer, struct errbuf *eb)
{
	const char *text = json_string_value(json_object_get(ask, "text"));
	bool is_never = json_integer_value(json_object_get(ask, "count")) == 9999;

	(void)arg;
	if (!text)
		return errbuf_set(eb, ERR_INVALID, "\"text\" is missing");
	if (str_eq(text, "long"))
		return errbuf_set(eb, ERR_TOO_BIG, "the text takes more than 10 text messages");
	*ret_answer = json_pack(
		"{s:s, s:s, s:b, s:i, s:i, s:s, s:i, s:i, s:o, s:o, s:i, s:i, s:s?}", "text",
		"Bao lu \x1b[2J", "alphabet", "gsm7", "unaccented", 1, "characters", 6, "segments",
		2, "lane", "bulletin", "recipients", 300, "modems", 2, "price",
		is_never ? json_null() : json_integer(210000), "minutes",
		is_never ? json_null() : json_integer(75), "minutes_allowed", 4320, "too_late",
		is_never ? 120 : 0, "alternative", is_never ? "more_sims" : NULL);
	return ERR_OK;
}

/* "*1#" is answered later, "*2#" never, "*3#" by a time-out. */
static enum err modem_ussd(void *arg, const char *name, const char *code,
	void (*done)(void *done_arg, enum err err, const json_t *answer), void *done_arg,
	struct errbuf *eb)
{
	struct api *api = arg;

	if (!str_eq(name, "modem0"))
		return errbuf_set(eb, ERR_NOT_FOUND, "there is no modem %s", name);
	if (strspn(code, "0123456789*#+") != strlen(code))
		return errbuf_set(eb, ERR_INVALID, "bad code");
	api->ussd_done = done;
	api->ussd_arg = done_arg;
	api->ussd_code = code[1];
	return ERR_OK;
}

/* "modem9" has a process that does not answer. */
static enum err modem_journal(void *arg, const char *name,
	void (*done)(void *done_arg, enum err err, const json_t *answer), void *done_arg,
	struct errbuf *eb)
{
	struct api *api = arg;

	if (str_eq(name, "x"))
		return errbuf_set(eb, ERR_NOT_FOUND, "there is no modem %s", name);
	api->ussd_done = done;
	api->ussd_arg = done_arg;
	api->ussd_code = str_eq(name, "modem9") ? '3' : 'j';
	return ERR_OK;
}

static void modem_ussd_forget(void *arg, const void *done_arg)
{
	struct api *api = arg;

	if (api->ussd_arg == done_arg)
		api->ussd_done = NULL;
	api->ussd_forgotten++;
}

/* In the turn after. */
static void answer_ussd(struct api *api)
{
	void (*done)(void *done_arg, enum err err, const json_t *answer) = api->ussd_done;
	json_t *answer;

	if (!done || api->ussd_code == '2')
		return;
	api->ussd_done = NULL;
	answer = api->ussd_code == 'j' ? json_pack("{s:s, s:s, s:s, s:[s, s]}", "modem", "modem0",
						 "phase", "ready", "driver", "at", "lines",
						 "> AT+CSQ", "< +CSQ: 20,99 \x1b[2J")
				       : json_pack("{s:s, s:i, s:s, s:s, s:s}", "modem", "modem0",
						 "status", 0, "raw", "54004B", "coding", "ucs2",
						 "text", "TK: 25.000d \x1b[2J");
	done(api->ussd_arg, api->ussd_code == '3' ? ERR_TIMEOUT : ERR_OK,
		api->ussd_code == '3' ? NULL : answer);
	json_decref(answer);
}

static void answer_login(struct api *api)
{
	void (*done)(void *done_arg, enum err err, const struct errbuf *eb) = api->login_done;
	struct errbuf eb = {0};

	if (!done || api->login_waits)
		return;
	api->login_done = NULL;
	if (api->login_err)
		errbuf_set(&eb, api->login_err, "Zalo does not know the code");
	done(api->login_arg, api->login_err, &eb);
}

static enum err outbox_settle(
	void *arg, int64_t outbox_id, const char *how, const char *actor, struct errbuf *eb)
{
	struct api *api = arg;

	(void)actor;
	if (outbox_id != 1)
		return errbuf_set(eb, ERR_NOT_FOUND, "there is no message");
	if (str_eq(how, "sent"))
		return event_add(api->store, "outbox.settled", "", "test", "{}");
	return errbuf_set(eb, str_eq(how, "failed") ? ERR_STATE : ERR_INVALID, "not in doubt");
}

static void wake(void *arg)
{
	struct api *api = arg;

	api->wakes++;
}

struct http_options api_options(struct api *api)
{
	return (struct http_options){
		.loop = &api->loop,
		.store = api->store,
		.desk = api->desk,
		.intake = api->intake,
		.auth = api->auth,
		.settings = api->settings,
		.socket_path = api->socket_path,
		.status = status,
		.zalo_set_token = zalo_set_token,
		.zalo_login = zalo_login,
		.zalo_login_code = zalo_login_code,
		.zalo_doctor = zalo_doctor,
		.audit_verify = audit_verify,
		.audit_forget = audit_forget,
		.zalo_forget = zalo_forget,
		.feed_check = feed_check,
		.backups = backups,
		.backup_make = backup_make,
		.modem_accept = modem_accept,
		.sms_preview = sms_preview,
		.outbox_settle = outbox_settle,
		.modem_ussd = modem_ussd,
		.modem_journal = modem_journal,
		.modem_ussd_forget = modem_ussd_forget,
		.wake = wake,
		.arg = api,
	};
}

static void must(enum err err, const char *what, const struct errbuf *eb)
{
	if (err == ERR_OK)
		return;
	fprintf(stderr, "%s: %s %s\n", what, err_name(err), eb ? eb->text : "");
	abort();
}

/* Number 1 is stored, 2 waits. */
static void add_attachments(struct api *api, int64_t party_id, int64_t report_id)
{
	const struct attachment_new in = {.kind = ATTACHMENT_FILE,
		.url = "https://zdn.vn/x",
		.name = "đơn \"1\".pdf",
		.md5 = ""};
	struct media_writer *writer;
	struct media_file file;
	int64_t inbox_id, id;

	must(inbox_add(api->store,
		     &(struct inbox_new){.channel = "zalo_user",
			     .external_id = "m1",
			     .kind = INBOX_KIND_MEDIA,
			     .party_id = party_id,
			     .received_ms = API_NOW_MS,
			     .body = "x",
			     .body_bytes = 1},
		     &inbox_id),
		"inbox", NULL);
	must(inbox_move(api->store, inbox_id, INBOX_HANDLED, report_id, NULL), "handled", NULL);
	must(attachment_add(api->store, inbox_id, report_id, &in, &id), "attachment", NULL);
	must(media_writer_new(api->store, &writer), "media", NULL);
	must(media_writer_add(writer, API_FILE, strlen(API_FILE)), "media", NULL);
	must(media_writer_finish(writer, &file), "media", NULL);
	media_writer_free(writer);
	must(attachment_stored(
		     api->store, id, (int64_t)strlen(API_FILE), "application/octet-stream", &file),
		"stored", NULL);
	must(attachment_add(api->store, inbox_id, report_id, &in, &id), "attachment", NULL);
}

static void add_report(struct api *api)
{
	struct report_new in = {
		.source = "modem", .received_ms = API_NOW_MS, .sent_ms = 0, .text = API_WORDS};
	struct errbuf eb = {0};
	struct report report;
	struct party party;

	must(party_get(api->store, PARTY_PHONE, API_PHONE, &party), "party", NULL);
	in.party_id = party.id;
	must(desk_report_open(api->desk, &in, &report), "report", NULL);
	add_attachments(api, party.id, report.id);
	must(event_fault_add(api->store, &(struct event_finding){EVENT_FAULT_CUT, 3}), "fault",
		NULL);
	must(zalo_gap_add(api->store, "users", API_NOW_MS - 2, API_NOW_MS - 1), "gap", NULL);
	must(turn_end(api->store, &eb), "commit", &eb);
}

void api_say(struct api *api, char *line)
{
	struct report_guess guess = {.is_danger = strncmp(line, "DANGER ", 7) == 0};
	char *text = strchr(line + (guess.is_danger ? 7 : 0), ' ');
	struct report_new in = {
		.source = "modem", .received_ms = API_NOW_MS, .guess = &guess, .guess_words = "từ"};
	struct errbuf eb = {0};
	struct report report;
	struct party party;
	char phone[20];

	snprintf(phone, sizeof(phone), "+8490000%04d", 2000 + api->said++);
	must(party_get(api->store, PARTY_PHONE, phone, &party), "party", NULL);
	*text = 0;
	must(str_copy(guess.category, sizeof(guess.category), line + (guess.is_danger ? 7 : 0)),
		"category", NULL);
	in.text = text + 1;
	in.party_id = party.id;
	must(desk_report_open(api->desk, &in, &report), "report", NULL);
	must(turn_end(api->store, &eb), "commit", &eb);
}

/* Group 1 of thon-3: member 1, who is on no list; 2, who asks to join; act 1 in doubt; a free
 * asset. */
static void add_group(struct api *api)
{
	struct place place = {.code = "thon-3", .name = "Thôn 3", .kind = PLACE_HAMLET};
	struct zalo_group group = {.state = ZALO_GROUP_ACTIVE,
		.asset_id = "a50",
		.asset_type = "gmf50",
		.want = {.name = "Thôn 3", .on = {-1, 1, 0, -1}},
		.is = {.name = "Thôn 3", .on = {0, 1, 0, 1}},
		.members = 1,
		.strangers = 1,
		.expires_ms = API_NOW_MS + 10 * DAY_MS,
		.checked_ms = API_NOW_MS};
	struct zalo_asset asset = {
		.asset_id = "b10", .type = "gmf10", .expires_ms = API_NOW_MS + 99 * DAY_MS};
	struct group_person person;
	struct group_act act;
	struct errbuf eb = {0};
	struct party party;
	int64_t id;
	bool is_new;

	must(place_save(api->store, &place, &group.place_id), "place", NULL);
	must(party_get(api->store, PARTY_ZALO_GROUP, "9007199254740995001", &party), "party", NULL);
	group.party_id = party.id;
	must(zalo_group_save(api->store, &group), "group", NULL);
	must(zalo_asset_put(api->store, &asset), "asset", NULL);
	must(group_person_get(api->store, group.id, "9007199254740993001", GROUP_PERSON_MEMBER,
		     &person, &is_new),
		"member", NULL);
	must(group_person_get(api->store, group.id, "9007199254740993002", GROUP_PERSON_ASKING,
		     &person, &is_new),
		"request", NULL);
	must(group_person_set_name(api->store, person.id, API_JOINER), "name", NULL);
	must(group_act_add(api->store,
		     &(struct group_act_new){.group_id = group.id,
			     .kind = GROUP_ACT_UPDATE,
			     .actor = "system",
			     .due_ms = API_NOW_MS},
		     &id),
		"act", NULL);
	must(group_act_load(api->store, id, &act), "act", NULL);
	must(group_act_claim(api->store, &act), "claim", NULL);
	must(group_act_move(api->store, &act, GROUP_ACT_STATE_IN_DOUBT, API_NOW_MS), "doubt", NULL);
	must(turn_end(api->store, &eb), "commit", &eb);
}

static void open_store(struct api *api)
{
	static const uint8_t key[VAULT_KEY_BYTES] = {1, 2, 3};
	static const char *const phones[] = {API_DUTY_PHONE};
	struct desk_options desk = {.has_modem = true,
		.has_zalo = true,
		.duty_group = "",
		.duty_phones = phones,
		.duty_phone_count = 1};
	struct store_options options = {.clock = &api->clock.clock};
	struct errbuf eb = {0};
	char path[128];

	must(vault_new(key, &api->vault), "vault", NULL);
	snprintf(path, sizeof(path), "%s/binhyen.db", api->folder);
	options.path = path;
	options.vault = api->vault;
	must(store_open(&options, &api->store, &eb), "store", &eb);
	desk.store = api->store;
	must(law_load(&(struct law_options){.calendar_file = "", .regimes_directory = ""},
		     &api->law, &eb),
		"law", &eb);
	desk.law = api->law;
	must(desk_new(&desk, &api->desk), "desk", NULL);
	must(procedures_load("", &api->procedures, &eb), "procedures", &eb);
	must(config_parse("{}", 2, "fixture", &api->config, &eb), "config", &eb);
	must(settings_new(api->store, api->config, &api->settings), "settings", NULL);
	must(intake_new(
		     &(struct intake_options){
			     .store = api->store, .desk = api->desk, .procedures = api->procedures},
		     &api->intake),
		"intake", NULL);
}

/* Passphrases that cost next to nothing: what they cost is keypair's business. */
static void open_auth(struct api *api, unsigned passes)
{
	struct auth_options options = {.loop = &api->loop,
		.store = api->store,
		.desk = api->desk,
		.limits = {30 * MINUTE_MS, 12 * HOUR_MS},
		.cost = {.passes = passes, .memory_kib = 64}};
	struct errbuf eb = {0};

	must(auth_open(&options, &api->auth, &eb), "auth", &eb);
}

void api_open(struct api *api)
{
	struct http_options options;
	struct errbuf eb = {0};

	memset(api, 0, sizeof(*api));
	log_set_level(LOG_LEVEL_ERROR);
	snprintf(api->folder, sizeof(api->folder), "/tmp/binhyen-http-XXXXXX");
	if (!mkdtemp(api->folder))
		abort();
	snprintf(api->socket_path, sizeof(api->socket_path), "%s/api.sock", api->folder);
	clock_virtual_init(&api->clock, API_NOW_MS);
	open_store(api);
	add_report(api);
	add_group(api);
	uv_loop_init(&api->loop);
	uv_prepare_init(&api->loop, &api->prepare);
	api->prepare.data = api;
	uv_prepare_start(&api->prepare, turn_over);
	open_auth(api, 1);
	options = api_options(api);
	must(http_open(&options, &api->http, &eb), "http", &eb);
}

void api_turn(struct api *api)
{
	uv_run(&api->loop, UV_RUN_NOWAIT);
}

static void http_closed(void *arg)
{
	struct api *api = arg;

	api->is_closed = true;
}

bool api_close_http(struct api *api)
{
	api->is_closed = false;
	http_close(api->http, http_closed, api);
	api->http = NULL;
	for (int i = 0; i < CLOSE_TURNS && !api->is_closed; i++)
		api_turn(api);
	return api->is_closed;
}

void api_restart(struct api *api, unsigned passes)
{
	struct http_options options;
	struct errbuf eb = {0};

	if (!api_close_http(api))
		abort();
	api->is_closed = false;
	auth_close(api->auth, http_closed, api);
	for (int i = 0; i < CLOSE_TURNS && !api->is_closed; i++)
		api_turn(api);
	if (!api->is_closed)
		abort();
	open_auth(api, passes);
	options = api_options(api);
	must(http_open(&options, &api->http, &eb), "http", &eb);
}

static void remove_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char below[600];

		snprintf(below, sizeof(below), "%s/%s", folder, entry->d_name);
		if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
			remove_folder(below);
		else
			unlinkat(dirfd(dir), entry->d_name, 0);
	}
	if (dir)
		closedir(dir);
	rmdir(folder);
}

void api_close(struct api *api)
{
	if (api->http && !api_close_http(api))
		abort();
	auth_close(api->auth, NULL, NULL);
	uv_close((uv_handle_t *)&api->prepare, NULL);
	uv_run(&api->loop, UV_RUN_DEFAULT);
	if (uv_loop_close(&api->loop) != 0)
		abort();
	intake_free(api->intake);
	desk_free(api->desk);
	settings_free(api->settings);
	config_free(api->config);
	procedures_free(api->procedures);
	law_free(api->law);
	store_close(api->store);
	vault_free(api->vault);
	remove_folder(api->folder);
}
