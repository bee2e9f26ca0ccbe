/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Identity numbers, dates and marks cut the text into pieces; words with which a reason or an
 * address begins cut them further; each piece is then a name, a reason, an address or unknown.
 */
#include "daemon/desk/stay_words.h"

#include "daemon/base/base.h"
#include "daemon/base/str.h"
#include "daemon/desk/stay_days.h"

#include <stdlib.h>
#include <string.h>

enum piece_kind { PIECE_UNKNOWN, PIECE_NAME, PIECE_REASON, PIECE_ADDRESS, PIECE_ID };

struct piece {
	enum piece_kind kind;
	size_t first, count; /* tokens */
	int guest;	     /* ID: which */
};

struct reading {
	const char *text;
	struct stay_tokens tokens;
	struct piece pieces[STAY_TOKENS_MAX];
	size_t piece_count;
	enum piece_kind label; /* what the next piece was said to be */
	struct stay_days days;
	struct stay_words *words;
};

/* ---- words ----------------------------------------------------------------------------------- */

static bool is_number(const char *word)
{
	return word[0] >= '0' && word[0] <= '9';
}

/* What stands between the facts and belongs to none. */
static const char *const fillers[] = {"tu ngay", "den ngay", "den het", "so can cuoc cong dan",
	"can cuoc cong dan", "so can cuoc", "so cccd", "so dinh danh", "dinh danh", "can cuoc",
	"cccd", "cmnd", "cmt", "thong bao luu tru", "luu tru", "thoi gian", "tu", "den", "ngay",
	"va", "o lai", "ngu lai", "xin bao", "bao", "thong bao", NULL};
static const char *const name_labels[] = {
	"ho va ten", "ho ten", "ten khach", "khach", "ten", "ong", "ba", "anh", "chi", "em", NULL};
static const char *const reason_labels[] = {"ly do", "de", NULL};
static const char *const address_labels[] = {
	"dia chi", "noi o", "noi luu tru", "o tai nha", "o tai", "tai", "o", NULL};

/* With these begins a reason wherever it stands, */
static const char *const reasons[] = {"tham quan", "tham nha", "tham con", "tham chau", "tham bo",
	"tham me", "tham cha", "tham ong", "tham ba", "tham ban", "tham anh", "tham chi", "tham em",
	"tham than", "tham nguoi", "tham gia", "tham hoi", "tham ho", "ve tham", "di tham",
	"den tham", "den choi", "ve choi", "di choi", "ve que", "du lich", "cong tac", "lam viec",
	"lam thue", "lam an", "di lam", "di hoc", "hoc tap", "di thi", "kham benh", "chua benh",
	"cham soc", "nuoi benh", "dam cuoi", "an cuoi", "dam tang", "dam hieu", "dam gio", "an gio",
	"an tet", "nghi mat", "nghi duong", "nghi qua", "di qua", "qua duong", "thi cong",
	"buon ban", "giao hang", NULL};
/* and with these at the beginning of a piece. */
static const char *const reasons_first[] = {
	"tham", "choi", "hoc", "thi", "kham", "cuoi", "tang", "gio", "tet", "nghi", "viec", NULL};
static const char *const addresses[] = {"nha nghi", "khach san", "nha tro", "nha khach", "so nha",
	"tai nha", "o nha", "nha ong", "nha ba", "nha anh", "nha chi", "homestay", NULL};
/* With a number behind them: "thôn 3". */
static const char *const numbered[] = {"thon", "xom", "ap", "ban", "to", "khu", "khom", "lang",
	"buon", "doi", "ngo", "hem", "kiet", "so", "phong", "duong", "to dan pho", NULL};
static const char *const addresses_first[] = {
	"thon", "xom", "ap", "ban", "lang", "buon", "duong", "khu", "nha", "khom", NULL};
static const char *const foreigners[] = {
	"nguoi nuoc ngoai", "nuoc ngoai", "passport", "visa", "thi thuc", "foreigner", NULL};

/* ---- pieces ---------------------------------------------------------------------------------- */

static void trim(struct reading *r, struct piece *piece)
{
	size_t len;

	while (piece->count && (len = stay_phrase_at(&r->tokens, piece->first, fillers)) > 0) {
		len = len < piece->count ? len : piece->count;
		piece->first += len;
		piece->count -= len;
	}
	/* "tới" between two dates; behind other words it is "tôi". */
	if (piece->count == 1 && str_eq(stay_word_at(&r->tokens, piece->first), "toi"))
		piece->count = 0;
	while (piece->count &&
		(stay_phrase_at(&r->tokens, piece->first + piece->count - 1, fillers) == 1 ||
			(piece->count > 1 &&
				stay_phrase_at(&r->tokens, piece->first + piece->count - 2,
					fillers) == 2)))
		piece->count--;
}

/* A label takes itself away and says what follows it. */
static void take_label(struct reading *r, struct piece *piece)
{
	const struct {
		const char *const *labels;
		enum piece_kind kind;
	} table[] = {{name_labels, PIECE_NAME}, {reason_labels, PIECE_REASON},
		{address_labels, PIECE_ADDRESS}};

	for (size_t k = 0; k < ARRAY_LEN(table); k++) {
		size_t len = stay_phrase_at(&r->tokens, piece->first, table[k].labels);

		if (!len || len > piece->count)
			continue;
		piece->first += len;
		piece->count -= len;
		piece->kind = table[k].kind;
		return;
	}
}

static void add_piece(struct reading *r, size_t first, size_t count, enum piece_kind kind)
{
	struct piece piece = {.kind = kind, .first = first, .count = count};
	bool is_said = kind == PIECE_UNKNOWN;

	trim(r, &piece);
	if (is_said && piece.count)
		take_label(r, &piece);
	/* "ly do:" stands alone, and is what the next one is. */
	if (!piece.count) {
		if (piece.kind != PIECE_UNKNOWN)
			r->label = piece.kind;
		return;
	}
	if (is_said && piece.kind == PIECE_UNKNOWN)
		piece.kind = r->label;
	r->label = PIECE_UNKNOWN;
	if (r->piece_count < ARRAY_LEN(r->pieces))
		r->pieces[r->piece_count++] = piece;
}

static bool is_address(const struct reading *r, size_t i, bool is_first)
{
	size_t len = stay_phrase_at(&r->tokens, i, numbered);

	return stay_phrase_at(&r->tokens, i, addresses) ||
	       (len && is_number(stay_word_at(&r->tokens, i + len))) ||
	       (is_first && stay_phrase_at(&r->tokens, i, addresses_first));
}

/* Words without a mark between them. */
static void split(struct reading *r, size_t first, size_t count)
{
	size_t from = first, end = first + count;
	enum piece_kind kind = PIECE_UNKNOWN;

	for (size_t i = first; i < end; i++) {
		enum piece_kind found = PIECE_UNKNOWN;

		if (kind != PIECE_ADDRESS && is_address(r, i, i == from))
			found = PIECE_ADDRESS;
		else if (kind == PIECE_UNKNOWN &&
			 (stay_phrase_at(&r->tokens, i, reasons) ||
				 (i == first && stay_phrase_at(&r->tokens, i, reasons_first))))
			found = PIECE_REASON;
		if (found == PIECE_UNKNOWN)
			continue;
		if (i > from)
			add_piece(r, from, i - from, kind);
		from = i;
		kind = found;
	}
	if (end > from)
		add_piece(r, from, end - from, kind);
}

static void take_id(struct reading *r, const struct stay_token *token, size_t i)
{
	struct stay_words *words = r->words;

	if (!stay_is_id(token->digits, r->days.today) && !stay_mark_number(token->digits)) {
		words->faults |= STAY_BAD_ID;
		return;
	}
	/* Said twice it is the same guest. */
	for (int g = 0; g < words->guest_count; g++) {
		if (str_eq(words->guests[g].id, token->digits))
			return;
	}
	if (words->guest_count >= STAY_GUESTS_MAX) {
		words->faults |= STAY_TOO_MANY;
		return;
	}
	memcpy(words->guests[words->guest_count].id, token->digits, sizeof(token->digits));
	if (r->piece_count < ARRAY_LEN(r->pieces))
		r->pieces[r->piece_count++] = (struct piece){
			.kind = PIECE_ID, .first = i, .count = 1, .guest = words->guest_count};
	words->guest_count++;
}

static void cut(struct reading *r)
{
	size_t from = 0, i = 0;

	while (i <= r->tokens.count) {
		const struct stay_token *token = &r->tokens.items[i];
		bool is_word = i < r->tokens.count && token->kind == STAY_WORD;
		size_t days = is_word ? stay_days_words(&r->days, &r->tokens, i) : 0;

		if (is_word && !days) {
			i++;
			continue;
		}
		if (i > from)
			split(r, from, i - from);
		if (i < r->tokens.count && token->kind == STAY_ID)
			take_id(r, token, i);
		else if (i < r->tokens.count && token->kind == STAY_NINE)
			r->words->faults |= STAY_OLD_ID;
		else if (i < r->tokens.count && token->kind == STAY_DIGITS)
			r->words->faults |= STAY_BAD_ID;
		else if (i < r->tokens.count && token->kind == STAY_DATE)
			stay_days_date(&r->days, &r->tokens, i);
		i += days ? days : 1;
		from = i;
	}
}

/* ---- what they say --------------------------------------------------------------------------- */

static void copy(const struct reading *r, const struct piece *piece, char *text, size_t bytes)
{
	const struct stay_token *first = &r->tokens.items[piece->first];
	const struct stay_token *last = &r->tokens.items[piece->first + piece->count - 1];
	size_t len = last->at + last->bytes - first->at;

	if (len >= bytes) {
		len = bytes - 1;
		/* Not within a letter. */
		while (len && ((unsigned char)r->text[first->at + len] & 0xc0) == 0x80)
			len--;
	}
	memcpy(text, r->text + first->at, len);
	text[len] = 0;
}

/* Two to seven words without digits. */
static bool is_name(const struct reading *r, const struct piece *piece)
{
	if (piece->kind != PIECE_UNKNOWN && piece->kind != PIECE_NAME)
		return false;
	for (size_t i = 0; i < piece->count; i++) {
		if (strpbrk(stay_word_at(&r->tokens, piece->first + i), "0123456789") ||
			!stay_word_at(&r->tokens, piece->first + i)[0])
			return false;
	}
	return piece->count >= 2 && piece->count <= 7;
}

/* The name before its number, else behind it; where all have theirs before, so has each. */
static void name_guests(struct reading *r)
{
	for (int way = 0; way < 2; way++) {
		for (size_t i = 0; i < r->piece_count; i++) {
			struct piece *piece = &r->pieces[i], *other = NULL;
			struct stay_guest *guest;

			if (piece->kind != PIECE_ID)
				continue;
			guest = &r->words->guests[piece->guest];
			if (!way && i)
				other = &r->pieces[i - 1];
			else if (way && i + 1 < r->piece_count)
				other = &r->pieces[i + 1];
			if (guest->name[0] || !other || other->count == 0 || !is_name(r, other))
				continue;
			copy(r, other, guest->name, sizeof(guest->name));
			other->count = 0;
		}
	}
}

/* Whoever is alone is the only one whom a name can mean, wherever it stands. Without a number the
 * name is that of whose number is still to come, and no reason. */
static void name_alone(struct reading *r)
{
	struct stay_guest *guest = &r->words->guests[0];
	size_t i = 0;

	if (r->words->guest_count > 1 || guest->name[0])
		return;
	while (i < r->piece_count && !(r->pieces[i].count && is_name(r, &r->pieces[i])))
		i++;
	if (i == r->piece_count)
		return;
	if (r->words->guest_count)
		copy(r, &r->pieces[i], guest->name, sizeof(guest->name));
	r->pieces[i].count = 0;
}

static void take_kind(struct reading *r, enum piece_kind kind, char *text, size_t bytes)
{
	for (size_t i = 0; i < r->piece_count && !text[0]; i++) {
		struct piece *piece = &r->pieces[i];

		if (piece->kind != kind || !piece->count)
			continue;
		copy(r, piece, text, bytes);
		piece->count = 0;
	}
}

/* "nhà nghỉ Hoa Mai, thôn 3": an address goes on behind a comma. */
static void take_address(struct reading *r)
{
	char *text = r->words->address;
	char more[STAY_ADDRESS_BYTES];

	for (size_t i = 0; i < r->piece_count; i++) {
		struct piece *piece = &r->pieces[i];
		size_t len = strlen(text);

		if (piece->kind != PIECE_ADDRESS || !piece->count)
			continue;
		copy(r, piece, more, sizeof(more));
		if (len + strlen(more) + 3 <= STAY_ADDRESS_BYTES)
			snprintf(text + len, STAY_ADDRESS_BYTES - len, "%s%s", len ? ", " : "",
				more);
		piece->count = 0;
	}
}

static void take_rest(struct reading *r)
{
	struct stay_words *words = r->words;

	take_kind(r, PIECE_REASON, words->reason, sizeof(words->reason));
	take_address(r);
	/* What nobody named: a reason stands before an address. */
	if (!words->reason[0])
		take_kind(r, PIECE_UNKNOWN, words->reason, sizeof(words->reason));
	if (!words->address[0])
		take_kind(r, PIECE_UNKNOWN, words->address, sizeof(words->address));
}

static void settle(struct reading *r)
{
	struct stay_words *words = r->words;

	if (!words->guest_count)
		words->faults |= STAY_NO_ID;
	for (int i = 0; i < words->guest_count; i++)
		words->faults |= words->guests[i].name[0] ? 0u : (unsigned)STAY_NO_NAME;
	if (!words->reason[0])
		words->faults |= STAY_NO_REASON;
	if (!words->address[0])
		words->faults |= STAY_NO_ADDRESS;
	stay_days_settle(&r->days, words);
}

static bool is_foreign(const struct reading *r)
{
	static const char *const citizen[] = {"quoc tich", NULL};
	static const char *const ours[] = {"viet nam", "vn", NULL};

	for (size_t i = 0; i < r->tokens.count; i++) {
		if (stay_phrase_at(&r->tokens, i, foreigners))
			return true;
		if (stay_phrase_at(&r->tokens, i, citizen) &&
			!stay_phrase_at(&r->tokens, i + 2, ours) &&
			stay_word_at(&r->tokens, i + 2)[0])
			return true;
	}
	return false;
}

enum err stay_words_read(const char *text, int64_t today, struct stay_words *ret_words)
{
	struct reading *r = calloc(1, sizeof(*r));

	if (!r)
		return ERR_NOMEM;
	memset(ret_words, 0, sizeof(*ret_words));
	r->text = text;
	r->days.today = today;
	r->words = ret_words;
	stay_tokens_read(text, &r->tokens);
	cut(r);
	name_guests(r);
	name_alone(r);
	take_rest(r);
	settle(r);
	if (is_foreign(r))
		ret_words->faults |= STAY_FOREIGN;
	explicit_bzero(r, sizeof(*r));
	free(r);
	return ERR_OK;
}

static bool is_wrong(const struct stay_token *token, int64_t today, unsigned faults)
{
	switch (token->kind) {
	case STAY_ID:
		return !stay_is_id(token->digits, today) && !stay_mark_number(token->digits);
	case STAY_NINE:
	case STAY_DIGITS:
		return true;
	case STAY_DATE:
		return faults & (STAY_BAD_DATES | STAY_TOO_LONG);
	default:
		return false;
	}
}

enum err stay_words_forget(char *text, int64_t today, unsigned faults)
{
	struct stay_tokens *tokens = calloc(1, sizeof(*tokens));

	if (!tokens)
		return ERR_NOMEM;
	stay_tokens_read(text, tokens);
	for (size_t i = 0; i < tokens->count; i++) {
		struct stay_token *token = &tokens->items[i];

		/* A mark stays between what stood before and behind it. */
		if (is_wrong(token, today, faults))
			memset(text + token->at, ',', token->bytes);
	}
	explicit_bzero(tokens, sizeof(*tokens));
	free(tokens);
	return ERR_OK;
}
