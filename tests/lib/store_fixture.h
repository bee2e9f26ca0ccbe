/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A real store on a real file in a folder of its own, with a virtual clock: the ground under tests
 * of desk, intake, relay. */
#ifndef BINHYEN_TESTS_LIB_STORE_FIXTURE_H
#define BINHYEN_TESTS_LIB_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/base/log.h"
#include "store/outbox.h"
#include "store/party.h"
#include "store/report.h"
#include "store/turn.h"
#include "store/vault.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIXTURE_WALL_MS INT64_C(1795000000000) /* November 2026 */

struct store_fixture {
	char dir[64];
	char path[96];
	struct clock_virtual clock;
	struct vault *vault;
	struct store *store;
};

#define assert_ok(err)		  assert_string_equal(err_name(err), "OK")
#define assert_err(err, expected) assert_string_equal(err_name(err), err_name(expected))

static inline void store_fixture_open(struct store_fixture *f)
{
	struct store_options options = {
		.path = f->path, .vault = f->vault, .clock = &f->clock.clock};
	struct errbuf eb = {0};
	enum err err = store_open(&options, &f->store, &eb);

	if (err)
		print_error("%s\n", eb.text);
	assert_ok(err);
}

/* A new database, which the first test of a program climbs the ladder for: the others start with a
 * copy of its file. */
static inline void store_fixture_put(struct store_fixture *f)
{
	static char *data;
	static size_t bytes;
	FILE *file;

	if (!data) {
		store_fixture_open(f);
		store_close(f->store);
		file = fopen(f->path, "re");
		assert_non_null(file);
		assert_int_equal(fseek(file, 0, SEEK_END), 0);
		bytes = (size_t)ftell(file);
		data = malloc(bytes);
		assert_non_null(data);
		rewind(file);
		assert_int_equal(fread(data, 1, bytes, file), bytes);
	} else {
		file = fopen(f->path, "we");
		assert_non_null(file);
		assert_int_equal(fwrite(data, 1, bytes, file), bytes);
	}
	assert_int_equal(fclose(file), 0);
}

static inline void store_fixture_init(struct store_fixture *f)
{
	static const uint8_t key[VAULT_KEY_BYTES] = {7, 7, 7};

	memset(f, 0, sizeof(*f));
	log_set_level(LOG_LEVEL_ERROR);
	snprintf(f->dir, sizeof(f->dir), "/tmp/binhyen-test.XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->path, sizeof(f->path), "%s/box.db", f->dir);
	clock_virtual_init(&f->clock, FIXTURE_WALL_MS);
	assert_ok(vault_new(key, &f->vault));
	store_fixture_put(f);
	store_fixture_open(f);
}

/* The folder and what lies in it, also in the folder of the media. */
static inline void store_fixture_remove(const char *folder)
{
	struct dirent *entry;
	DIR *dir = opendir(folder);

	while (dir && (entry = readdir(dir))) {
		char path[512];

		if (snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name) >=
			(int)sizeof(path))
			continue;
		if (entry->d_name[0] != '.' && unlink(path))
			store_fixture_remove(path);
	}
	if (dir)
		closedir(dir);
	rmdir(folder);
}

static inline void store_fixture_done(struct store_fixture *f)
{
	store_close(f->store);
	vault_free(f->vault);
	store_fixture_remove(f->dir);
}

static inline void end_turn(struct store_fixture *f)
{
	struct errbuf eb = {0};

	assert_ok(turn_end(f->store, &eb));
}

/* The rows of the outbox, oldest first. */
struct outbox_listing {
	struct outbox_row rows[64];
	int count;
};

static inline void outbox_listing_add(void *arg, const struct outbox_row *row)
{
	struct outbox_listing *l = arg;

	assert_true(l->count < 64);
	memmove(&l->rows[1], &l->rows[0], (size_t)l->count * sizeof(l->rows[0]));
	l->rows[0] = *row;
	l->count++;
}

static inline struct outbox_listing list_outbox(struct store_fixture *f)
{
	struct outbox_listing l = {.count = 0};

	assert_ok(outbox_list(f->store, 0, 64, outbox_listing_add, &l));
	return l;
}

/* Whether the text of an outbox row contains `words`. */
static inline int outbox_says(struct store_fixture *f, int64_t id, const char *words)
{
	struct buf text;
	int found;

	buf_init(&text, OUTBOX_BODY_MAX);
	assert_ok(outbox_text(f->store, id, &text));
	found = strstr(buf_text(&text), words) != NULL;
	buf_done(&text);
	return found;
}

#endif
