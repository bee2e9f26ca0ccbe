/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/procedure.h"

#include "config/collection.h"
#include "config/json_read.h"
#include "config/procedure_builtin.h"
#include "daemon/base/str.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define X(name, code, title) code,
static const char *const branch_codes[] = {PROCEDURE_BRANCH_TABLE(X)};
#undef X
#define X(name, code, title) title,
static const char *const branch_titles[] = {PROCEDURE_BRANCH_TABLE(X)};
#undef X

const char *procedure_branch_code(enum procedure_branch branch)
{
	return branch_codes[branch];
}

const char *procedure_branch_title(enum procedure_branch branch)
{
	return branch_titles[branch];
}

/* ---- one file ------------------------------------------------------------------------------ */

static void read_code(struct json_read *r, const json_t *root, struct procedure *p)
{
	json_read_text(r, root, "code", 2, p->code, sizeof(p->code) - 1);
	if (!r->err && p->code[strspn(p->code, "abcdefghijklmnopqrstuvwxyz0123456789-")])
		json_read_fault(r, "code", "is no code; allowed: a-z 0-9 and -");
}

/* Something that a phone makes a link of: "://", or a point between a letter or digit and a letter.
 * Who pretends to be the police sends links; so the police never do. */
static bool is_link(const char *at)
{
	if (strncmp(at, "://", 3) == 0)
		return true;
	return isalnum((unsigned char)at[0]) && at[1] == '.' && isalpha((unsigned char)at[2]);
}

/* Letters that cost one septet each, so that the length is that of the message. */
static void read_short(struct json_read *r, const json_t *root, struct procedure *p)
{
	json_read_text(r, root, "short", 10, p->short_text, PROCEDURE_SHORT_MAX);
	for (const char *c = p->short_text; !r->err && *c; c++) {
		if ((unsigned char)*c >= 0x80 || strchr("^{}[]~|\\`", *c))
			json_read_fault(r, "short",
				"has a character that no basic phone shows, at %zu; allowed: letters without marks, digits and . , ; : / ( ) ? ! + - \" ' %% & @ # * = < >",
				(size_t)(c - p->short_text) + 1);
		else if (is_link(c))
			json_read_fault(r, "short",
				"has a link at %zu; a text message of the police never holds one: name the place in words, and write a blank behind a full stop",
				(size_t)(c - p->short_text) + 1);
	}
}

static void read_lines(struct json_read *r, const json_t *root, struct procedure *p)
{
	const json_t *list = json_read_list(r, root, "text", 1, PROCEDURE_LINES_MAX);
	size_t len = 0;

	for (size_t i = 0; i < json_array_size(list) && !r->err; i++) {
		const char *line = json_string_value(json_array_get(list, i));
		size_t bytes = json_string_length(json_array_get(list, i));

		if (!line || !bytes || strlen(line) != bytes || strpbrk(line, "\r\n\t")) {
			json_read_fault(r, "text", "entry %zu is no paragraph", i + 1);
		} else if (len + bytes + 1 > PROCEDURE_TEXT_MAX) {
			json_read_fault(r, "text", "is longer than %d bytes", PROCEDURE_TEXT_MAX);
		} else {
			if (len)
				p->text[len++] = '\n';
			memcpy(p->text + len, line, bytes + 1);
			len += bytes;
		}
	}
}

/* Entries of `bytes` each behind one another. Returns how many. */
static int read_texts(struct json_read *r, const json_t *root, const char *key, size_t max,
	char *texts, size_t bytes)
{
	const json_t *list = json_read_list(r, root, key, 1, max);
	size_t count = json_array_size(list);

	for (size_t i = 0; i < count && !r->err; i++) {
		const char *text = json_string_value(json_array_get(list, i));
		size_t len = json_string_length(json_array_get(list, i));

		if (!text || !len || len >= bytes || strlen(text) != len || strpbrk(text, "\r\n\t"))
			json_read_fault(r, key,
				"entry %zu is no such text; allowed: one line of 1 to %zu bytes",
				i + 1, bytes - 1);
		else
			memcpy(texts + i * bytes, text, len + 1);
	}
	return (int)count;
}

static void read_entry(struct json_read *r, const json_t *root, struct procedure *p)
{
	static const char *const keys[] = {"code", "branch", "title", "short", "text", "asks",
		"basis", "checked", "expires", "confirmed", "owner", NULL};
	int branch = 0;

	json_read_keys(r, root, keys);
	read_code(r, root, p);
	json_read_word(r, root, "branch", branch_codes, PROCEDURE_BRANCH_COUNT, &branch);
	p->branch = (enum procedure_branch)branch;
	json_read_text(r, root, "title", 2, p->title, sizeof(p->title) - 1);
	read_short(r, root, p);
	read_lines(r, root, p);
	p->ask_count = read_texts(
		r, root, "asks", PROCEDURE_ASKS_MAX, p->asks[0], PROCEDURE_ASK_BYTES);
	p->basis_count = read_texts(
		r, root, "basis", PROCEDURE_BASIS_MAX, p->basis[0], PROCEDURE_BASIS_BYTES);
	json_read_date(r, root, "checked", false, &p->checked_day);
	json_read_date(r, root, "expires", false, &p->expires_day);
	json_read_bool(r, root, "confirmed", &p->is_confirmed);
	json_read_text(r, root, "owner", 0, p->owner, sizeof(p->owner) - 1);
	if (!r->err && p->expires_day < p->checked_day)
		json_read_fault(r, "expires", "is before \"checked\"");
}

enum err procedure_parse(const char *text, size_t len, const char *name,
	struct procedure *ret_procedure, struct errbuf *eb)
{
	struct json_read r = {.name = name, .eb = eb};
	struct procedure *p = calloc(1, sizeof(*p));
	json_t *root = p ? json_read_begin(&r, text, len) : NULL;

	if (!p)
		return ERR_NOMEM;
	if (root)
		read_entry(&r, root, p);
	json_decref(root);
	if (!r.err)
		*ret_procedure = *p;
	free(p);
	return r.err;
}

/* ---- all of them --------------------------------------------------------------------------- */

static enum err parse(
	const char *text, size_t len, const char *name, void *ret_item, struct errbuf *eb)
{
	return procedure_parse(text, len, name, ret_item, eb);
}

static int compare(const void *a, const void *b)
{
	const struct procedure *one = a, *two = b;

	return one->branch != two->branch
		       ? (one->branch > two->branch) - (one->branch < two->branch)
		       : strcmp(one->code, two->code);
}

static const struct collection_kind kind = {
	.one = "entry",
	.many = "entries",
	.max = PROCEDURES_MAX,
	.item_bytes = sizeof(struct procedure),
	.code_at = offsetof(struct procedure, code),
	.is_own_at = offsetof(struct procedure, is_own),
	.parse = parse,
	.compare = compare,
};

const struct procedure *procedures_find(const struct procedures *procedures, const char *code)
{
	return collection_find(&kind, procedures->items, procedures->count, code);
}

enum err procedures_load(
	const char *directory, struct procedures **ret_procedures, struct errbuf *eb)
{
	struct procedures *all = calloc(1, sizeof(*all));
	void *items = NULL;
	enum err err;

	if (!all)
		return ERR_NOMEM;
	err = collection_load(&kind, procedure_builtins, procedure_builtin_count, directory, &items,
		&all->count, eb);
	all->items = items;
	if (err) {
		procedures_free(all);
		return err;
	}
	*ret_procedures = all;
	return ERR_OK;
}

void procedures_free(struct procedures *procedures)
{
	if (!procedures)
		return;
	free(procedures->items);
	free(procedures);
}
