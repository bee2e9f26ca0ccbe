/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fills a fresh database with bulletins to Zalo users, as they were queued before an outage.
 *
 *   bench_outbox DATABASE BOX_KEY MESSAGES USERS FIRST_USER DAYS
 *
 * User i is FIRST_USER + i and wrote when the messages were queued, DAYS ago. Each message names
 * its recipient and its place in the line to him: "tin 3 cho 17".
 */
#include "daemon/base/str.h"
#include "store/outbox.h"
#include "store/party.h"
#include "store/turn.h"
#include "store/vault.h"

#include <inttypes.h>
#include <stdio.h>

#define ARGUMENTS  7
#define EXPIRES_MS (7 * DAY_MS)
#define BATCH	   500 /* messages in a transaction */

struct filling {
	struct store *store;
	struct clock_virtual clock;
	int64_t messages, users, first_user, days;
};

static enum err add_one(struct filling *f, int64_t n)
{
	char address[PARTY_ADDRESS_MAX], text[256];
	struct party party;
	int64_t id;
	enum err err;

	snprintf(address, sizeof(address), "%" PRId64, f->first_user + n % f->users);
	snprintf(text, sizeof(text),
		"tin %" PRId64 " cho %" PRId64
		". Công an xã thông báo: chiều nay cắt điện từ 13 giờ để "
		"sửa đường dây, đề nghị bà con kiểm tra bếp và khoá bình ga.",
		n / f->users, n % f->users);
	err = party_get(f->store, PARTY_ZALO_USER, address, &party);
	if (!err)
		err = party_touch(f->store, party.id, f->clock.wall);
	if (!err)
		err = outbox_add(f->store,
			&(struct outbox_new){.channel = CHANNEL_ZALO_USER,
				.lane = LANE_BULLETIN,
				.kind = OUTBOX_KIND_BULLETIN,
				.party_id = party.id,
				.due_ms = f->clock.wall,
				.expires_ms = f->clock.wall + EXPIRES_MS,
				.text = text},
			&id);
	return err;
}

static enum err fill(struct filling *f, struct errbuf *eb)
{
	enum err err = ERR_OK;

	for (int64_t n = 0; !err && n < f->messages; n++) {
		err = add_one(f, n);
		if (!err && (n + 1) % BATCH == 0)
			err = turn_end(f->store, eb);
	}
	return err ? err : turn_end(f->store, eb);
}

static bool read_numbers(char **argv, struct filling *f)
{
	int64_t *numbers[] = {&f->messages, &f->users, &f->first_user, &f->days};

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		if (str_to_int64(argv[3 + i], 1, INT64_MAX - INT32_MAX, numbers[i]))
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	struct filling f = {0};
	struct vault *vault = NULL;
	struct errbuf eb = {0};
	enum err err;

	if (argc != ARGUMENTS || !read_numbers(argv, &f)) {
		fprintf(stderr, "usage: %s DATABASE BOX_KEY MESSAGES USERS FIRST_USER DAYS\n",
			argv[0]);
		return 2;
	}
	clock_virtual_init(&f.clock, clock_wall_ms(clock_system()) - f.days * DAY_MS);
	err = vault_open(argv[2], &vault, &eb);
	if (!err)
		err = store_open(
			&(struct store_options){
				.path = argv[1], .vault = vault, .clock = &f.clock.clock},
			&f.store, &eb);
	if (!err)
		err = fill(&f, &eb);
	if (err)
		fprintf(stderr, "%s: %s %s\n", argv[0], err_name(err), eb.text);
	store_close(f.store);
	vault_free(vault);
	return err ? 1 : 0;
}
