/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/desk/box.h"

#include "daemon/base/str.h"
#include "daemon/desk/escrow.h"
#include "daemon/desk/keyring.h"
#include "daemon/desk/officer.h"
#include "daemon/desk/place.h"
#include "store/turn.h"
#include "store/vault.h"
#include "tests/sim/desk/people.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

#define PREPARED_MS INT64_C(1790000000000) /* September 2026 */

enum party_kind people_kind(int person)
{
	return person < 3 ? PARTY_PHONE : person < 5 ? PARTY_ZALO_USER : PARTY_SENDER_NAME;
}

const char *people_address(int person)
{
	static const char *const addresses[MODEL_PEOPLE] = {"+84900000001", "+84900000002",
		"+84900000003", "7000000000000000004", "7000000000000000005", "VIETTEL"};

	return addresses[person];
}

void box_must(enum err err, const char *what)
{
	if (!err)
		return;
	fprintf(stderr, "%s: %s\n", what, err_name(err));
	abort();
}

static void make_desk(struct box *box, int dialogue_minutes)
{
	static const char *const phones[] = {BOX_DUTY_PHONE};

	box_must(desk_new(&(struct desk_options){.store = box->store,
				  .has_modem = true,
				  .has_zalo = true,
				  .duty_group = BOX_GROUP,
				  .relay_text = true,
				  .dialogue_minutes = dialogue_minutes,
				  .duty_phones = phones,
				  .duty_phone_count = 1,
				  .law = box->law},
			 &box->desk),
		"desk_new");
	box_must(intake_new(&(struct intake_options){.store = box->store, .desk = box->desk},
			 &box->intake),
		"intake_new");
}

static void free_desk(struct box *box)
{
	intake_free(box->intake);
	desk_free(box->desk);
	box->intake = NULL;
	box->desk = NULL;
}

/* ---- as it is prepared ------------------------------------------------------------------------
 */

static void add_places(struct box *box)
{
	static const struct desk_place_new places[] = {{"xa", "Xã Bình Yên", "commune", ""},
		{"thon-0", "Thôn Một", "hamlet", "xa"}, {"thon-1", "Thôn Hai", "hamlet", "xa"}};
	struct errbuf eb = {0};
	struct place place;

	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		box_must(desk_place_put(box->desk, &places[i], "system", &place, &eb), "place");
}

static const struct {
	const char *login, *role, *phone, *superior;
	unsigned places;
} team[] = {{"truong.ca", "chief", "+84900009101", "", 0},
	{"pho.ca", "deputy", "+84900009102", "truong.ca", 0},
	{"kv.mot", "area", "+84900009103", "pho.ca", 1},
	{"kv.hai", "area", "+84900009104", "pho.ca", 2},
	{"truc.ban", "duty", "+84900009105", "truong.ca", 0},
	{"van.thu", "clerk", "", "truong.ca", 0}, {"chu.tich", "chairman", "+84900009107", "", 0},
	{"ky.thuat", "it", "+84900009108", "", 0}};

static int index_of(const struct box *box, const char *login)
{
	for (int i = 0; i < box->officer_count; i++) {
		if (str_eq(box->officers[i].login, login))
			return i;
	}
	return NOBODY;
}

static void add_officer(struct box *box, size_t i)
{
	const struct desk_actor actor = {.officer_id = 0, .name = "system"};
	struct desk_officer_in in = {.login = team[i].login,
		.name = team[i].login,
		.role = team[i].role,
		.phone = team[i].phone,
		.superior = team[i].superior};
	struct model_officer *o = &box->officers[box->officer_count];
	char code[LOGIN_CODE_BYTES];
	struct errbuf eb = {0};
	struct officer officer;

	for (int k = 0; k < MODEL_PLACES; k++) {
		if (team[i].places & 1u << k)
			in.places[in.place_count++] = k ? "thon-1" : "thon-0";
	}
	box_must(desk_officer_add(box->desk, &in, &actor, &officer, code, &eb), "officer");
	*o = (struct model_officer){.id = officer.id,
		.role = officer.role,
		.state = OFFICER_ACTIVE,
		.has_key = true,
		.superior = index_of(box, team[i].superior),
		.places = team[i].places};
	snprintf(o->login, sizeof(o->login), "%s", team[i].login);
	snprintf(o->phone, sizeof(o->phone), "%s", team[i].phone);
	box_must(keypair_new(&o->pair), "keypair");
	box_must(officer_set_key(box->store, o->id, keypair_public(o->pair)), "set_key");
	box->officer_count++;
}

static void claim(struct box *box)
{
	struct errbuf eb = {0};
	struct buf words;
	int wrong;

	for (size_t i = 0; i < ARRAY_LEN(team); i++)
		add_officer(box, i);
	buf_init(&words, ESCROW_TEXT_MAX + 1);
	box_must(keyring_claim(box->desk, "system", &words), "claim");
	box_must(escrow_read(buf_text(&words), &box->escrow, &wrong, &eb), "escrow");
	buf_done(&words);
}

void box_prepare(struct box *box, const struct law *law, bool is_claimed)
{
	static const uint8_t key[VAULT_KEY_BYTES] = {5, 5, 5};
	struct errbuf eb = {0};
	enum err err;

	*box = (struct box){.law = law};
	snprintf(box->dir, sizeof(box->dir), "%s/sim-desk.XXXXXX",
		access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	CHECK(mkdtemp(box->dir));
	snprintf(box->path, sizeof(box->path), "%s/box.db", box->dir);
	clock_virtual_init(&box->clock, PREPARED_MS);
	box_must(vault_new(key, &box->vault), "vault");
	err = store_open(
		&(struct store_options){
			.path = box->path, .vault = box->vault, .clock = &box->clock.clock},
		&box->store, &eb);
	box_must(err, eb.text);
	make_desk(box, 0);
	add_places(box);
	if (is_claimed)
		claim(box);
	box_must(turn_end(box->store, &eb), "turn_end");
	free_desk(box);
}

static void remove_folder(const char *folder)
{
	struct dirent *entry;
	DIR *dir = opendir(folder);

	while (dir && (entry = readdir(dir))) {
		char path[512];

		if (snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name) >=
			(int)sizeof(path))
			continue;
		if (entry->d_name[0] != '.' && unlink(path))
			remove_folder(path);
	}
	if (dir)
		closedir(dir);
	rmdir(folder);
}

void box_free(struct box *box)
{
	store_close(box->store);
	vault_free(box->vault);
	for (int i = 0; i < box->officer_count; i++)
		keypair_free(box->officers[i].pair);
	keypair_free(box->escrow);
	remove_folder(box->dir);
}

/* ---- a history --------------------------------------------------------------------------------
 */

void box_begin(struct box *box, int64_t wall_ms, int dialogue_minutes)
{
	clock_virtual_init(&box->clock, wall_ms);
	box->messages = 0;
	box->row_count = 0;
	make_desk(box, dialogue_minutes);
}

void box_end(struct box *box)
{
	turn_abort(box->store, ERR_BUSY);
	free_desk(box);
	while (box->drawn_count)
		keypair_free(box->drawn[--box->drawn_count]);
	keypair_free(box->history_escrow);
	box->history_escrow = NULL;
}

struct keypair *box_escrow(const struct box *box)
{
	return box->escrow ? box->escrow : box->history_escrow;
}

struct keypair *box_draw_key(struct box *box)
{
	struct keypair *pair;

	CHECK(box->drawn_count < (int)ARRAY_LEN(box->drawn));
	box_must(keypair_new(&pair), "keypair");
	box->drawn[box->drawn_count++] = pair;
	return pair;
}
