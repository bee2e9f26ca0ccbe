/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A claimed box on which everything has happened: no table of its database is empty. Whatever words
 * must not be read by others are among `town_secrets`, in the letters in which they were written.
 */
#ifndef BINHYEN_TESTS_UNIT_INTAKE_WHOLE_TOWN_H
#define BINHYEN_TESTS_UNIT_INTAKE_WHOLE_TOWN_H

#include "config/menu.h"
#include "config/procedure.h"
#include "daemon/base/str.h"
#include "daemon/desk/alarm.h"
#include "daemon/desk/bulletin.h"
#include "daemon/desk/confinement.h"
#include "daemon/desk/delivery.h"
#include "daemon/desk/handling.h"
#include "daemon/desk/identity.h"
#include "daemon/desk/keyring.h"
#include "daemon/desk/legal.h"
#include "daemon/desk/officer.h"
#include "daemon/desk/place.h"
#include "daemon/desk/poll.h"
#include "daemon/desk/retention.h"
#include "daemon/intake/intake.h"
#include "daemon/intake/menu_act.h"
#include "daemon/intake/ussd.h"
#include "store/backup.h"
#include "store/alarm.h"
#include "store/attachment.h"
#include "store/audience.h"
#include "store/bulletin_finding.h"
#include "store/confirmation.h"
#include "store/dossier.h"
#include "store/duty.h"
#include "store/enclosure.h"
#include "store/enrol_code.h"
#include "store/enrolment.h"
#include "store/event_seal.h"
#include "store/feed.h"
#include "store/group_act.h"
#include "store/group_person.h"
#include "store/lockout.h"
#include "store/modem_identity.h"
#include "store/modem_off.h"
#include "store/party_channel.h"
#include "store/procedure_tally.h"
#include "store/refusal.h"
#include "store/report_code.h"
#include "store/resident.h"
#include "store/resident_list.h"
#include "store/search.h"
#include "store/setting.h"
#include "store/sms_use.h"
#include "store/totp.h"
#include "store/traffic.h"
#include "store/zalo_group.h"
#include "store/zalo_state.h"
#include "tests/lib/store_fixture.h"

#define TOWN_RESIDENT "+84900000012"
#define TOWN_QUIET    "+84900000013"
#define TOWN_HOUSE    "+84900000014" /* on the commune's lists */
#define TOWN_NEW      "+84900000015" /* asks to be */
#define TOWN_GUEST    "+84900000016"
#define TOWN_MENU     "+84900000017"
#define TOWN_DIAL     "+84900000018"
#define TOWN_OTHER    "+84900000019"
#define TOWN_THIRD    "+84900000020"
#define TOWN_ZALO     "9007199254740993077"
#define TOWN_DUTY     "+84900009001"
#define TOWN_CHIEF    "officer:truong.ca"

#define TOWN_OFFICERS 6

struct town {
	struct store_fixture s;
	struct law *law;
	struct procedures *procedures;
	struct menus *menus;
	struct desk *desk;
	struct intake *intake;
	int messages;
	struct officer officers[TOWN_OFFICERS];
	struct keypair *pairs[TOWN_OFFICERS];
	struct desk_actor chief, deputy, clerk;
	int64_t place_id, resident_id;
	struct errbuf eb;
};

/* Of what people said and are called, what officers wrote, and what the box itself keeps secret. */
static const char *const town_secrets[] = {"nguyenvanchanh", "loidaguidi", "loidangcho",
	"ghichunoibo", "lydogiulai", "lydoxemso", "lydomodanhtinh", "nguoiandanh", "nguoiimlang",
	"loigiuho", "phandaucuatin", "kholua", "chayxuonggo", "tenchuho", "tenvochu", "hodan17",
	"tenxinvao", "thonkhongco", "Khachhoten", "001090123999", "khachdangdo", "phanhoaldo",
	"phannoitrenmenu", "phannoikhibam", "giayhen-tenrieng", "noidunggiayhen",
	"anhchup-tenrieng", "noidunganh", "duongdananh", "chukythongbao", "lydodungten",
	"lydoduyet", "bienso", "tennguoinhom", "maxacthuc-vao", "maxacthuc-moi", "racmodem",
	"G17.88-260001", "yeucauhoso", "84900000012", "84900000013", "84900000014", "84900000015",
	"84900000016", "84900000017", "84900000018", "84900000019", "84900000020", "900000019",
	"900000020", "900000012", "900000013", "900000014", "900000015", "900000016", "900000017",
	"900000018", "84900009001", "84900009101", TOWN_ZALO, "totp-secret-20-bytes",
	"thongtinchinhxac"};

#define TOWN_OK(t, ...) \
	do { \
		enum err town_err = (__VA_ARGS__); \
		if (town_err) \
			print_error("%s\n", (t)->eb.text); \
		assert_ok(town_err); \
		end_turn(&(t)->s); \
	} while (0)

static inline bool town_is_ntp(void)
{
	return true;
}

/* ---- the office -------------------------------------------------------------------------------
 */

static inline void town_officers(struct town *t)
{
	static const char *const roles[TOWN_OFFICERS][2] = {{"truong.ca", "chief"},
		{"pho.ca", "deputy"}, {"van.thu", "clerk"}, {"khu.vuc", "area"},
		{"truc.ban", "duty"}, {"chu.tich", "chairman"}};
	const struct desk_actor system = {.name = "system"};
	struct desk_actor *actors[] = {&t->chief, &t->deputy, &t->clerk};
	char code[LOGIN_CODE_BYTES];

	for (int i = 0; i < TOWN_OFFICERS; i++) {
		struct desk_officer_in in = {.login = roles[i][0],
			.name = roles[i][0],
			.role = roles[i][1],
			.phone = i ? "" : "+84900009101"};

		if (i == 3)
			in.places[in.place_count++] = "thon-1";
		TOWN_OK(t, desk_officer_add(t->desk, &in, &system, &t->officers[i], code, &t->eb));
		assert_ok(keypair_new(&t->pairs[i]));
		TOWN_OK(t, officer_set_key(
				   t->s.store, t->officers[i].id, keypair_public(t->pairs[i])));
	}
	for (size_t i = 0; i < ARRAY_LEN(actors); i++) {
		actors[i]->officer_id = t->officers[i].id;
		actors[i]->name = i == 0   ? TOWN_CHIEF
				  : i == 1 ? "officer:pho.ca"
					   : "officer:van.thu";
	}
}

static inline void town_claim(struct town *t)
{
	struct buf words;

	buf_init(&words, 1024);
	TOWN_OK(t, keyring_claim(t->desk, "system", &words));
	buf_wipe(&words);
}

static inline void town_begin(struct town *t)
{
	static const char *const phones[] = {TOWN_DUTY};
	struct place place;

	*t = (struct town){.messages = 0};
	store_fixture_init(&t->s);
	assert_ok(law_load(&(struct law_options){.calendar_file = "", .regimes_directory = ""},
		&t->law, &t->eb));
	assert_ok(procedures_load("", &t->procedures, &t->eb));
	assert_ok(menus_load("", menu_act_names(), &t->menus, &t->eb));
	assert_ok(desk_new(&(struct desk_options){.store = t->s.store,
				   .law = t->law,
				   .is_ntp = town_is_ntp,
				   .has_modem = true,
				   .has_zalo = true,
				   .dialogue_minutes = 0,
				   .duty_phones = phones,
				   .duty_phone_count = 1},
		&t->desk));
	assert_ok(intake_new(&(struct intake_options){.store = t->s.store,
				     .desk = t->desk,
				     .procedures = t->procedures,
				     .menus = t->menus,
				     .menu_phone = "0200 000 000"},
		&t->intake));
	TOWN_OK(t,
		desk_place_put(t->desk, &(struct desk_place_new){"thon-1", "Thôn 1", "hamlet", ""},
			TOWN_CHIEF, &place, &t->eb));
	t->place_id = place.id;
	town_officers(t);
	town_claim(t);
	desk_seat(t->desk, &(struct key_holder){t->officers[0].id, t->pairs[0]});
}

static inline void town_end(struct town *t)
{
	for (int i = 0; i < TOWN_OFFICERS; i++)
		keypair_free(t->pairs[i]);
	intake_free(t->intake);
	desk_free(t->desk);
	menus_free(t->menus);
	procedures_free(t->procedures);
	law_free(t->law);
	store_fixture_done(&t->s);
}

static inline int64_t town_party(struct town *t, enum party_kind kind, const char *address)
{
	struct party party;

	assert_ok(party_get(t->s.store, kind, address, &party));
	return party.id;
}

/* ---- the registry -----------------------------------------------------------------------------
 */

static inline void town_residents(struct town *t)
{
	const struct resident_new house[] = {
		{TOWN_HOUSE, "tenchuho", t->place_id, "head", "hodan17"},
		{TOWN_GUEST, "tenvochu", t->place_id, "member", "hodan17"}};
	enum resident_change change;
	struct audience list = {.code = "to-tu-quan", .name = "Tổ tự quản", .rule = ""};
	bool is_new;

	for (size_t i = 0; i < ARRAY_LEN(house); i++)
		TOWN_OK(t, resident_put(t->s.store, &house[i], &change));
	assert_ok(resident_find(t->s.store, TOWN_HOUSE, &t->resident_id));
	TOWN_OK(t, resident_set_zalo(t->s.store, t->resident_id, TOWN_ZALO));
	TOWN_OK(t, resident_shown_add(
			   t->s.store, t->resident_id, t->place_id, TOWN_CHIEF, "lydoxemso"));
	TOWN_OK(t, consent_put(t->s.store, t->resident_id, 1, CONSENT_PHONE));
	TOWN_OK(t, refusal_put(
			   t->s.store, REFUSAL_PHONE, TOWN_GUEST, REFUSAL_ASKED, "event", &is_new));
	TOWN_OK(t, audience_save(t->s.store, &list, &list.id));
	TOWN_OK(t, audience_join(t->s.store, list.id, t->resident_id, &is_new));
}

/* ---- what comes in ----------------------------------------------------------------------------
 */

static inline void town_text(struct town *t, const char *from, int total, const char *words)
{
	bool is_phone = from[0] == '+';
	char id[32];

	snprintf(id, sizeof(id), "id-%d", ++t->messages);
	clock_virtual_advance(&t->s.clock, 61234);
	TOWN_OK(t, intake_accept(
			   t->intake, &(struct inbound){.channel = is_phone ? "modem" : "zalo_user",
					      .external_id = id,
					      .kind = INBOX_KIND_TEXT,
					      .from_kind = is_phone ? PARTY_PHONE : PARTY_ZALO_USER,
					      .from = from,
					      .sim = is_phone ? "sim" : NULL,
					      .concat = {.ref = 7,
						      .ref_bits = 8,
						      .total = total,
						      .seq = total ? 1 : 0},
					      .text = words}));
}

static inline int64_t town_answer(struct town *t, int64_t report_id, const char *words)
{
	struct desk_answered done;

	TOWN_OK(t, desk_report_answer(t->desk, report_id, words, TOWN_CHIEF, &done, &t->eb));
	return done.outbox_id;
}

static inline void town_leave(struct town *t, int64_t outbox_id)
{
	const struct outbox_move claimed = {
		.to = OUTBOX_CLAIMED, .deadline_ms = t->s.clock.wall + MINUTE_MS};
	const struct outbox_move sent = {.to = OUTBOX_SENT, .is_final = true};
	const uint8_t content[VAULT_HASH_BYTES] = {9};

	TOWN_OK(t, outbox_move(t->s.store, outbox_id, &claimed));
	TOWN_OK(t, sms_use_add(t->s.store, &(struct sms_use_new){outbox_id, "sim", 1, content}));
	TOWN_OK(t, outbox_part_sent(t->s.store, outbox_id, 1, 1, "sim", 5, t->s.clock.wall));
	TOWN_OK(t, outbox_move(t->s.store, outbox_id, &sent));
}

static inline void town_reports(struct town *t)
{
	const char *about[] = {"truong.ca"};
	char pin[REPORT_PIN_LEN + 1];
	struct identity identity;

	town_text(t, TOWN_RESIDENT, 0, "nguyenvanchanh mo song bac o kholua");
	town_leave(t, town_answer(t, 1, "loidaguidi"));
	(void)town_answer(t, 1, "loidangcho");
	TOWN_OK(t, desk_report_note(t->desk, 1, "ghichunoibo", TOWN_CHIEF, &t->eb));
	TOWN_OK(t, desk_hold(t->desk, 1, "lydogiulai", TOWN_CHIEF, &t->eb));
	TOWN_OK(t, report_pin_draw(t->s.store, 1, pin));
	TOWN_OK(t, identity_reveal(t->desk, &(struct identity_ask){1, "lydomodanhtinh", TOWN_CHIEF},
			   &identity, &t->eb));
	town_text(t, TOWN_RESIDENT, 0, "AN nguoiandanh biet them ve kholua");
	town_text(t, TOWN_QUIET, 0, "IM nguoiimlang bi chong danh");
	(void)town_answer(t, 3, "loigiuho");
	town_text(t, TOWN_QUIET, 2, "phandaucuatin ");
	town_text(t, TOWN_OTHER, 0, "chay nha cuu voi, chayxuonggo");
	TOWN_OK(t, desk_report_link(t->desk, 4, 1, true, TOWN_CHIEF, &t->eb));
	/* Wrong: a code, and the number of an alarm. */
	town_text(t, TOWN_GUEST, 0, "TC 222222 123456");
	TOWN_OK(t, alarm_set_wrong(t->s.store, town_party(t, PARTY_PHONE, TOWN_DUTY),
			   &(struct alarm_wrong){1, t->s.clock.wall}));
	/* It leaves the register for the chairman's book. */
	town_text(t, TOWN_THIRD, 0, "can bo cong an xa nhan tien, kholua");
	TOWN_OK(t, confinement_set_subjects(t->desk, 5, about, 1, TOWN_CHIEF, &t->eb));
}

static inline void town_law(struct town *t)
{
	const struct desk_clock_act act = {
		.code = "settlement", .reason = "chờ", .actor = TOWN_CHIEF};

	TOWN_OK(t,
		desk_classify(t->desk, 1,
			&(struct desk_classify){.class = "to_giac", .actor = TOWN_CHIEF}, &t->eb));
	TOWN_OK(t, desk_report_outcome(t->desk, 1,
			   &(struct desk_outcome){.kind = "transferred",
				   .addressee = "",
				   .receipt = "215/BN",
				   .note = "",
				   .actor = TOWN_CHIEF},
			   &t->eb));
	TOWN_OK(t, desk_clock_freeze(t->desk, 1, &act, &t->eb));
}

/* ---- pictures and files -----------------------------------------------------------------------
 */

static inline void town_picture(struct town *t, int64_t report_id)
{
	const struct attachment_new in = {.kind = ATTACHMENT_IMAGE,
		.url = "https://zalo.example/duongdananh",
		.name = "anhchup-tenrieng.jpg",
		.md5 = ""};
	struct media_writer *writer;
	struct media_file file;
	int64_t inbox_id, id, waiting;

	TOWN_OK(t, inbox_add(t->s.store,
			   &(struct inbox_new){.channel = "zalo_user",
				   .external_id = "picture",
				   .kind = INBOX_KIND_MEDIA,
				   .party_id = town_party(t, PARTY_ZALO_USER, TOWN_ZALO),
				   .received_ms = t->s.clock.wall,
				   .body = "",
				   .body_bytes = 0},
			   &inbox_id));
	TOWN_OK(t, inbox_move(t->s.store, inbox_id, INBOX_HANDLED, report_id, NULL));
	TOWN_OK(t, attachment_add(t->s.store, inbox_id, report_id, &in, &id));
	TOWN_OK(t, attachment_add(t->s.store, inbox_id, report_id, &in, &waiting));
	assert_ok(media_writer_new(t->s.store, &writer));
	assert_ok(media_writer_add(writer, "noidunganh", 10));
	assert_ok(media_writer_finish(writer, &file));
	media_writer_free(writer);
	TOWN_OK(t, attachment_stored(t->s.store, id, 10, "image/jpeg", &file));
}

static inline void town_files(struct town *t)
{
	const struct desk_file file = {"giayhen-tenrieng.pdf", "%PDF-1.4 noidunggiayhen", 23};
	struct outbox_row row;
	struct report report;
	int64_t outbox_id;

	town_text(t, TOWN_ZALO, 0, "phanhoaldo o xom, yeucauhoso");
	assert_ok(report_load(t->s.store, 6, &report));
	town_picture(t, report.id);
	TOWN_OK(t, desk_report_file(t->desk, report.id, &file, TOWN_CHIEF, &outbox_id, &t->eb));
	assert_ok(outbox_load(t->s.store, outbox_id, &row));
	TOWN_OK(t, enclosure_set_handle(
			   t->s.store, row.enclosure_id, "handle", t->s.clock.wall + DAY_MS));
	TOWN_OK(t, outbox_piece_sent(
			   t->s.store, outbox_id, &(struct outbox_piece){1, 3}, "zalo-message"));
}

/* ---- service ----------------------------------------------------------------------------------
 */

static inline void town_dial(struct town *t, const char *typed)
{
	CLEAN_BUF screen = {0};
	bool is_end;

	buf_init(&screen, 4096);
	TOWN_OK(t, intake_ussd(t->intake,
			   &(struct ussd_call){
				   .session = "phien-1", .phone = TOWN_DIAL, .text = typed},
			   &screen, &is_end));
}

static inline void town_poll(struct town *t)
{
	const struct desk_poll_option options[] = {{"Có", NULL}, {"Không", NULL}};
	const struct desk_poll_in in = {.question = "Có nên làm đường?",
		.options = options,
		.option_count = 2,
		.per = POLL_PER_PHONE,
		.closes_ms = t->s.clock.wall + 5 * DAY_MS,
		.audience = "{\"all\": true}"};
	uint8_t voice[VAULT_HASH_BYTES];
	struct poll poll;
	int64_t id;
	int before;

	TOWN_OK(t, desk_poll_new(t->desk, &in, &t->chief, &id, &t->eb));
	TOWN_OK(t, desk_poll_open(t->desk, id, &t->chief, &t->eb));
	assert_ok(poll_load(t->s.store, id, &poll));
	assert_ok(poll_voice_of(t->s.store, &poll, t->resident_id, voice));
	TOWN_OK(t, poll_say(t->s.store, id, voice, 0, "thongtinchinhxac la tuy", &before));
}

static inline void town_service(struct town *t)
{
	const struct dossier dossier = {.state = DOSSIER_READY, .seen_ms = t->s.clock.wall};
	const struct enrolment_new asks = {.phone = TOWN_NEW,
		.name = "tenxinvao",
		.said = "thonkhongco",
		.zalo = TOWN_ZALO,
		.version = 1};
	char code[ENROL_CODE_LEN + 1];
	enum dossier_change change;
	int64_t id;
	bool is_new;

	TOWN_OK(t, enrolment_put(t->s.store, &asks, &id, &is_new));
	TOWN_OK(t, enrol_code_draw(t->s.store,
			   &(struct enrol_code_new){.kind = ENROL_CODE_ZALO,
				   .address = TOWN_ZALO,
				   .words = "thon 3 tenxinvao",
				   .version = 1},
			   code));
	town_text(t, TOWN_GUEST, 0,
		"LT Khachhoten Van A, 001090123999, tham con, 18/11 den 20/11, so 5 thon 3");
	town_text(t, TOWN_THIRD, 0, "LT khachdangdo 001090123999");
	town_text(t, TOWN_MENU, 0, "TT mat can cuoc");
	town_text(t, TOWN_MENU, 0, "MENU");
	town_text(t, TOWN_MENU, 0, "phannoitrenmenu");
	town_dial(t, "");
	town_dial(t, "1");
	town_dial(t, "1*phannoikhibam");
	town_poll(t);
	TOWN_OK(t, dossier_put(t->s.store, "G17.88-260001", &dossier, &change));
	TOWN_OK(t, procedure_told_put(t->s.store, "can-cuoc", 20000));
	TOWN_OK(t, confirmation_put(t->s.store, &(struct confirmation_text){"can-cuoc", "x", 1},
			   20000, TOWN_CHIEF));
}

/* ---- bulletins --------------------------------------------------------------------------------
 */

static inline void answer_finding(void *arg, const struct finding *finding, const char *reason)
{
	(void)reason;
	*(int64_t *)arg = finding->id;
}

static inline void town_bulletin(struct town *t)
{
	struct desk_bulletin_in in = DESK_BULLETIN_AS_IS;
	const struct delivery_reach reach = {
		.has = {true, true, true, true, true}, .is_up = {true, true, true, true, true}};
	struct bulletin bulletin;
	int64_t id, finding_id = 0, next_ms;
	bool is_approved;

	in.category = "disaster";
	in.urgency = "immediate";
	in.severity = "severe";
	in.title = "Cảnh báo chukythongbao";
	in.text = "Xe mang bienso 29A-12345 bỏ chạy, goi +84900000012. chukythongbao";
	in.sms = "Canh bao: xe 29A-12345 chukythongbao bienso";
	in.audience = "{\"all\": true}";
	TOWN_OK(t,
		desk_bulletin_new(t->desk, BULLETIN_ORIGIN_OFFICER, &in, &t->clerk, &id, &t->eb));
	assert_ok(bulletin_load(t->s.store, id, &bulletin));
	for (int i = 0; i < 20; i++) {
		int64_t open;

		assert_ok(finding_open(t->s.store, &bulletin, &open));
		if (!open)
			break;
		finding_id = 0;
		assert_ok(finding_list(t->s.store, &bulletin, answer_finding, &finding_id));
		for (int64_t k = finding_id; k > 0; k--) {
			enum err err = desk_bulletin_answer(
				t->desk, id, k, "lydodungten", &t->clerk, &t->eb);

			assert_true(!err || err == ERR_NOT_FOUND || err == ERR_STATE);
			end_turn(&t->s);
		}
	}
	TOWN_OK(t, desk_bulletin_submit(t->desk, id, &t->clerk, &t->eb));
	TOWN_OK(t, desk_bulletin_approve(
			   t->desk, id, 1, false, "lydoduyet", &t->deputy, &is_approved, &t->eb));
	TOWN_OK(t, desk_bulletin_tick(t->desk, &next_ms));
	for (int i = 0; i < 4; i++)
		TOWN_OK(t, delivery_tick(t->desk, &reach, &next_ms));
}

static inline void town_feed(struct town *t)
{
	const struct feed_source source = {"tinh", "https://feed.example/rss", "rss", "weather"};
	struct feed_known item = {.state = FEED_ITEM_NOTED};
	struct feed feed;

	TOWN_OK(t, feed_set_all(t->s.store, &source, 1));
	assert_ok(feed_find(t->s.store, "tinh", &feed));
	item.feed_id = feed.id;
	feed_hash(t->s.store, "x", 1, item.key);
	feed_hash(t->s.store, "y", 1, item.hash);
	TOWN_OK(t, feed_item_put(t->s.store, &item));
}

/* ---- groups and the machine -------------------------------------------------------------------
 */

static inline void town_group(struct town *t)
{
	struct zalo_group group = {.place_id = t->place_id,
		.state = ZALO_GROUP_PLANNED,
		.asset_id = "asset-1",
		.asset_type = "gmf50"};
	const struct zalo_asset asset = {
		.asset_id = "asset-1", .type = "gmf50", .seen_ms = t->s.clock.wall};
	struct group_act_new act = {.kind = GROUP_ACT_CREATE, .actor = TOWN_CHIEF};
	struct group_person person;
	bool is_new;
	int64_t id;

	TOWN_OK(t, zalo_group_save(t->s.store, &group));
	TOWN_OK(t, zalo_asset_put(t->s.store, &asset));
	TOWN_OK(t, group_person_get(t->s.store, group.id, TOWN_ZALO, GROUP_PERSON_FOUNDER, &person,
			   &is_new));
	TOWN_OK(t, group_person_set_name(t->s.store, person.id, "tennguoinhom"));
	TOWN_OK(t, place_role_set(t->s.store, t->place_id, person.id, PLACE_ROLE_HEAD));
	act.group_id = group.id;
	act.person_id = person.id;
	TOWN_OK(t, group_act_add(t->s.store, &act, &id));
}

static inline void town_zalo(struct town *t)
{
	static struct zalo_token token;
	const struct zalo_cursor cursor = {.floor_ms = 1, .edge_id = ""};
	const struct party_channel known = {.heard_ms = t->s.clock.wall, .left = 3};

	assert_ok(str_copy(token.access, sizeof(token.access), "maxacthuc-vao"));
	assert_ok(str_copy(token.refresh, sizeof(token.refresh), "maxacthuc-moi"));
	TOWN_OK(t, zalo_token_save(t->s.store, "app", "oa", &token));
	TOWN_OK(t, zalo_cursor_save(t->s.store, "listrecentchat", &cursor));
	TOWN_OK(t, zalo_gap_add(t->s.store, "users", 1, 2));
	TOWN_OK(t, party_channel_save(t->s.store, town_party(t, PARTY_ZALO_USER, TOWN_ZALO),
			   CHANNEL_ZALO_USER, &known));
	TOWN_OK(t, traffic_add(t->s.store, "zalo", &(struct traffic){1, 2}));
}

static inline void town_machine(struct town *t)
{
	const struct duty_shift shift = {.officer_id = t->officers[4].id,
		.weekday = 1,
		.minute = 420,
		.minutes = 600,
		.rank = 1};
	uint8_t wrapped[KEYPAIR_WRAPPED_BYTES];
	const uint8_t hash[VAULT_HASH_BYTES] = {3};
	char code[LOGIN_CODE_BYTES];
	struct modem_seen seen;
	int64_t id = t->officers[0].id, failures, generation;
	bool is_changed;

	memset(wrapped, 7, sizeof(wrapped));
	TOWN_OK(t, login_set_key(t->s.store, id, t->pairs[0], wrapped));
	TOWN_OK(t, login_set_totp(t->s.store, id, (const uint8_t *)"totp-secret-20-bytes", 1));
	TOWN_OK(t, login_code_new(t->s.store, t->officers[1].id, t->s.clock.wall + HOUR_MS, code));
	TOWN_OK(t, lockout_try(t->s.store, LOCKOUT_NAME, "truong.ca", &failures));
	TOWN_OK(t, duty_replace(t->s.store, &shift, 1, 0));
	TOWN_OK(t, duty_set_told(t->s.store, t->s.clock.wall));
	TOWN_OK(t, modem_identity_see(
			   t->s.store, "modem0", "359999000000001", "452990000000001", &seen));
	TOWN_OK(t, modem_off_set(t->s.store, "modem0", "/sys/usb"));
	TOWN_OK(t, sim_slot_take(t->s.store, "sim", "SM", 1, hash, &generation));
	TOWN_OK(t, quarantine_add(t->s.store, "modem", "INVALID", "racmodem", 8, &generation));
	TOWN_OK(t, setting_change_put(t->s.store, "http.idle_minutes", "15", TOWN_CHIEF));
	TOWN_OK(t, setting_seen(t->s.store, "store.path", "x", &is_changed));
	TOWN_OK(t, event_day_add(t->s.store, &(struct event_day){.day = 20000}));
	TOWN_OK(t, backup_erased(t->s.store));
	TOWN_OK(t, spending_add(t->s.store, 24000, 350));
	TOWN_OK(t, event_fault_add(t->s.store,
			   &(struct event_finding){.fault = EVENT_FAULT_CUT, .event_id = 1}));
}

/* ---- keys -------------------------------------------------------------------------------------
 */

static inline bool town_matches(void *arg, const char *text)
{
	(void)arg;
	return strstr(text, "kholua") != NULL;
}

/* The chief looks for words, which brings keys home, and has other words for the safe. */
static inline void town_keys(struct town *t)
{
	const struct key_holder chief = {t->officers[0].id, t->pairs[0]};
	const struct search_options options = {
		.store = t->s.store, .reader = &chief, .matches = town_matches, .limit = 10};
	struct search *search;
	struct buf words;
	enum err err;

	assert_ok(search_new(&options, &search));
	assert_ok(search_run(search));
	err = search_keep(search, 1000);
	assert_true(!err || err == ERR_NOT_FOUND);
	search_free(search);
	end_turn(&t->s);
	buf_init(&words, 1024);
	TOWN_OK(t, keyring_renew(t->desk, TOWN_CHIEF, &words));
	buf_wipe(&words);
}

static inline void town_live(struct town *t)
{
	town_residents(t);
	town_reports(t);
	town_law(t);
	town_files(t);
	town_service(t);
	town_bulletin(t);
	town_feed(t);
	town_group(t);
	town_zalo(t);
	town_machine(t);
	town_keys(t);
}

#endif
