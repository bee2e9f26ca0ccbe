/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/zalo_tally.h"

#include "daemon/base/base.h"
#include "store/vault.h"

#include <string.h>

void zalo_tally_init(struct zalo_tally *tally)
{
	memset(tally, 0, sizeof(*tally));
	tally->known = -1;
}

static uint64_t digest_of(const char *message_id)
{
	uint8_t digest[32];
	uint64_t first;

	vault_digest(&(struct vault_piece){message_id, strlen(message_id)}, 1, digest);
	memcpy(&first, digest, sizeof(first));
	return first;
}

void zalo_tally_begin(struct zalo_tally *tally)
{
	tally->begun++;
}

void zalo_tally_sent(struct zalo_tally *tally, const char *message_id)
{
	tally->sent++;
	tally->digest[tally->sent % ZALO_TALLY_MAX] = digest_of(message_id);
}

int64_t zalo_tally_new(const struct zalo_tally *tally)
{
	int64_t count = tally->sent - tally->known;

	return tally->known >= 0 && count <= ZALO_TALLY_MOST ? count : -1;
}

enum row { ROW_STRANGER, ROW_NEW, ROW_OLD };

static enum row row_of(const struct zalo_tally *tally, const char *message_id)
{
	int64_t last = tally->sent > ZALO_TALLY_MAX ? tally->sent - ZALO_TALLY_MAX : 0;
	uint64_t digest = digest_of(message_id);

	for (int64_t number = tally->sent; number > last; number--) {
		if (tally->digest[number % ZALO_TALLY_MAX] == digest)
			return number > tally->known ? ROW_NEW : ROW_OLD;
	}
	return digest == tally->edge ? ROW_OLD : ROW_STRANGER;
}

void zalo_tally_mark(struct zalo_tally *tally)
{
	tally->mark = tally->sent;
	tally->mark_begun = tally->begun;
	tally->wanted = INT64_MAX;
	tally->found = 0;
	tally->is_top = true;
}

static void note_edge(struct zalo_tally *tally, const struct zalo_rows *rows)
{
	tally->edge = rows->page < rows->count ? digest_of(rows->row[rows->page].message_id) : 0;
}

static bool is_blurred(const struct zalo_tally *tally)
{
	return tally->begun != tally->mark_begun || tally->sent != tally->mark;
}

void zalo_tally_base(struct zalo_tally *tally, const struct zalo_rows *rows)
{
	if (is_blurred(tally))
		return;
	tally->known = tally->mark;
	note_edge(tally, rows);
}

int64_t zalo_tally_offset(const struct zalo_tally *tally)
{
	int64_t boundary = tally->mark - tally->known;

	return boundary > ZALO_TALLY_LAP ? boundary - ZALO_TALLY_LAP : 0;
}

/* Where on the page the first old row is, and how many strangers lie above it there; -1: nowhere,
 * or the rows are not in the order of their going. */
static int64_t find_boundary(const struct zalo_tally *tally, const struct zalo_rows *rows,
	size_t on_page, int64_t *ret_strangers)
{
	int64_t boundary = -1, strangers = 0;

	if (rows->count - rows->page != on_page)
		return -1; /* a row that can't be read may be anybody's */
	for (size_t i = rows->page; i < rows->count; i++) {
		enum row row = row_of(tally, rows->row[i].message_id);

		if (row == ROW_NEW && boundary >= 0)
			return -1;
		if (row == ROW_OLD && boundary < 0)
			boundary = (int64_t)(i - rows->page);
		strangers += row == ROW_STRANGER && boundary < 0;
	}
	*ret_strangers = strangers;
	/* A page that is not full: there is nothing older in the list. */
	return boundary < 0 && on_page < ZALO_PAGE_ROWS ? (int64_t)on_page : boundary;
}

enum zalo_sight zalo_tally_look(
	struct zalo_tally *tally, const struct zalo_rows *rows, size_t on_page)
{
	int64_t expected = tally->mark - tally->known - zalo_tally_offset(tally), strangers = 0;
	int64_t above = find_boundary(tally, rows, on_page, &strangers) - expected;

	if (above >= 0 && above == strangers) {
		tally->known = tally->mark;
		return SIGHT_CLEAN;
	}
	if (is_blurred(tally))
		return SIGHT_BLURRED;
	/* Fewer rows than were sent: one is late, and may hide a stranger. */
	if (above > strangers)
		tally->wanted = above - strangers;
	return SIGHT_DIRTY;
}

bool zalo_tally_dig(struct zalo_tally *tally, const struct zalo_rows *rows, size_t on_page)
{
	bool is_over = on_page == 0;

	/* The list has moved: a stranger may be met, and counted, twice. */
	if (is_blurred(tally))
		tally->wanted = INT64_MAX;
	for (size_t i = rows->page; i < rows->count; i++) {
		enum row row = row_of(tally, rows->row[i].message_id);

		is_over |= row == ROW_OLD;
		tally->is_top &= row == ROW_STRANGER;
		tally->found += row == ROW_STRANGER && !tally->is_top;
	}
	is_over |= tally->found >= tally->wanted;
	if (is_over)
		tally->known = tally->mark;
	return is_over;
}
