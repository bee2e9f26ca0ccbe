/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/menu.h"

#include "config/collection.h"
#include "config/json_read.h"
#include "config/menu_builtin.h"
#include "daemon/base/str.h"

#include <stdlib.h>
#include <string.h>

/* ---- one file ------------------------------------------------------------------------------ */

static bool is_of(const char *text, const char *allowed)
{
	return !text[strspn(text, allowed)];
}

#define CODE_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-"

static void read_code(struct json_read *r, const json_t *object, const char *key, size_t min,
	char ret_code[MENU_CODE_BYTES])
{
	json_read_text(r, object, key, min, ret_code, MENU_CODE_BYTES - 1);
	if (!r->err && !is_of(ret_code, CODE_LETTERS))
		json_read_fault(r, key, "is no code; allowed: a-z 0-9 and -");
}

static void read_keywords(struct json_read *r, const json_t *root, struct menu *menu)
{
	const json_t *list = json_read_list(r, root, "keywords", 0, MENU_KEYWORDS_MAX);

	for (size_t i = 0; i < json_array_size(list) && !r->err; i++) {
		const char *text = json_string_value(json_array_get(list, i));
		size_t len = json_string_length(json_array_get(list, i));

		/* A digit alone is the answer to a menu, and a letter is a slip. */
		if (!text || len < 2 || len >= MENU_KEYWORD_BYTES ||
			!is_of(text, "abcdefghijklmnopqrstuvwxyz0123456789 ") || text[0] == ' ' ||
			text[len - 1] == ' ' || is_of(text, "0123456789 "))
			json_read_fault(r, "keywords",
				"entry %zu is no such word; allowed: 2 to %d of a-z 0-9 and blanks, not digits alone",
				i + 1, MENU_KEYWORD_BYTES - 1);
		else
			memcpy(menu->keywords[menu->keyword_count++], text, len + 1);
	}
}

static void read_set(struct json_read *r, const json_t *object, struct menu_item *item)
{
	json_t *set = json_object_get(object, "set"), *value;
	const char *key;

	if (r->err || !set)
		return;
	if (!json_is_object(set) || json_object_size(set) > MENU_SET_MAX || item->go[0]) {
		json_read_fault(r, "set",
			"%s; allowed: an object of at most %d texts, with \"act\"",
			item->go[0] ? "stands beside \"go\"" : "is no such object", MENU_SET_MAX);
		return;
	}
	json_object_foreach (set, key, value) {
		struct menu_set *one = &item->set[item->set_count];
		const char *text = json_string_value(value);

		if (!text || strlen(text) != json_string_length(value) ||
			!is_of(key, "abcdefghijklmnopqrstuvwxyz_") ||
			!is_of(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") ||
			str_copy(one->key, sizeof(one->key), key) ||
			str_copy(one->value, sizeof(one->value), text)) {
			json_read_fault(r, "set",
				"has what is no \"name\": \"value\"; allowed: names of a-z and _, values of a-z 0-9 _ and -");
			return;
		}
		item->set_count++;
	}
}

static void read_item(struct json_read *r, const json_t *object, struct menu_item *item)
{
	static const char *const keys[] = {"label", "go", "act", "set", NULL};

	json_read_keys(r, object, keys);
	json_read_text(r, object, "label", 2, item->label, sizeof(item->label) - 1);
	read_code(r, object, "go", 0, item->go);
	read_code(r, object, "act", 0, item->act);
	if (!r->err && !item->go[0] == !item->act[0])
		json_read_fault(
			r, "", "needs \"go\", the code of a menu, or \"act\", and not both");
	read_set(r, object, item);
}

static void read_menu(struct json_read *r, const json_t *root, struct menu *menu)
{
	static const char *const keys[] = {"code", "title", "keywords", "items", NULL};
	const json_t *list;

	json_read_keys(r, root, keys);
	read_code(r, root, "code", 2, menu->code);
	json_read_text(r, root, "title", 2, menu->title, sizeof(menu->title) - 1);
	read_keywords(r, root, menu);
	list = json_read_list(r, root, "items", 1, MENU_ITEMS_MAX);
	for (size_t i = 0; i < json_array_size(list) && !r->err; i++) {
		size_t mark = json_read_enter(r, "items"), inner = json_read_element(r, i);

		read_item(r, json_array_get(list, i), &menu->items[menu->item_count++]);
		json_read_leave(r, inner);
		json_read_leave(r, mark);
	}
}

enum err menu_parse(
	const char *text, size_t len, const char *name, struct menu *ret_menu, struct errbuf *eb)
{
	struct json_read r = {.name = name, .eb = eb};
	struct menu *menu = calloc(1, sizeof(*menu));
	json_t *root = menu ? json_read_begin(&r, text, len) : NULL;

	if (!menu)
		return ERR_NOMEM;
	if (root)
		read_menu(&r, root, menu);
	json_decref(root);
	if (!r.err)
		*ret_menu = *menu;
	free(menu);
	return r.err;
}

/* ---- all of them --------------------------------------------------------------------------- */

static enum err parse(
	const char *text, size_t len, const char *name, void *ret_item, struct errbuf *eb)
{
	return menu_parse(text, len, name, ret_item, eb);
}

static const struct collection_kind kind = {
	.one = "menu",
	.many = "menus",
	.max = MENUS_MAX,
	.item_bytes = sizeof(struct menu),
	.code_at = offsetof(struct menu, code),
	.is_own_at = offsetof(struct menu, is_own),
	.parse = parse,
};

const struct menu *menus_find(const struct menus *menus, const char *code)
{
	return collection_find(&kind, menus->items, menus->count, code);
}

static bool is_act(const char *const *acts, const char *name)
{
	for (; *acts; acts++) {
		if (str_eq(*acts, name))
			return true;
	}
	return false;
}

/* Where an item leads to, and all the ways from there. A way that comes back gets too deep. */
static enum err check_ways(const struct menus *all, const struct menu *menu,
	const char *const *acts, int depth, struct errbuf *eb)
{
	if (depth > MENU_DEPTH_MAX)
		return errbuf_set(eb, ERR_CONFIG,
			"menu %s: lies deeper than %d menus, or a menu leads back to itself; lead there from \"%s\"",
			menu->code, MENU_DEPTH_MAX, MENU_START);
	for (int i = 0; i < menu->item_count; i++) {
		const struct menu_item *item = &menu->items[i];
		const struct menu *next = item->go[0] ? menus_find(all, item->go) : NULL;
		enum err err;

		if (item->go[0] && !next)
			return errbuf_set(eb, ERR_CONFIG,
				"menu %s: items[%d].go: there is no menu \"%s\"", menu->code, i,
				item->go);
		if (item->act[0] && !is_act(acts, item->act))
			return errbuf_set(eb, ERR_CONFIG,
				"menu %s: items[%d].act: \"%s\" is not known", menu->code, i,
				item->act);
		err = next ? check_ways(all, next, acts, depth + 1, eb) : ERR_OK;
		if (err)
			return err;
	}
	return ERR_OK;
}

static enum err check_keywords(const struct menus *all, struct errbuf *eb)
{
	for (size_t i = 0; i < all->count; i++) {
		for (int k = 0; k < all->items[i].keyword_count; k++) {
			const char *word = all->items[i].keywords[k];

			for (size_t j = 0; j <= i; j++) {
				const struct menu *other = &all->items[j];

				for (int l = 0; l < (j < i ? other->keyword_count : k); l++) {
					if (str_eq(other->keywords[l], word))
						return errbuf_set(eb, ERR_CONFIG,
							"menu %s: keywords: \"%s\" opens %s already",
							all->items[i].code, word, other->code);
				}
			}
		}
	}
	return ERR_OK;
}

static enum err check(const struct menus *all, const char *const *acts, struct errbuf *eb)
{
	enum err err = ERR_OK;

	if (!menus_find(all, MENU_START))
		return errbuf_set(eb, ERR_CONFIG, "there is no menu \"%s\"", MENU_START);
	/* Also what a keyword opens. */
	for (size_t i = 0; !err && i < all->count; i++) {
		bool is_first = str_eq(all->items[i].code, MENU_START);

		err = check_ways(all, &all->items[i], acts, is_first ? 1 : 2, eb);
	}
	return err ? err : check_keywords(all, eb);
}

enum err menus_load(
	const char *directory, const char *const *acts, struct menus **ret_menus, struct errbuf *eb)
{
	struct menus *all = calloc(1, sizeof(*all));
	void *items = NULL;
	enum err err;

	if (!all)
		return ERR_NOMEM;
	err = collection_load(
		&kind, menu_builtins, menu_builtin_count, directory, &items, &all->count, eb);
	all->items = items;
	if (!err)
		err = check(all, acts, eb);
	if (err) {
		menus_free(all);
		return err;
	}
	*ret_menus = all;
	return ERR_OK;
}

void menus_free(struct menus *menus)
{
	if (!menus)
		return;
	free(menus->items);
	free(menus);
}
