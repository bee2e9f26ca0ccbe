/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/menu_screen.h"

#include "config/phrases.h"
#include "daemon/base/str.h"
#include "daemon/intake/menu_act.h"
#include "daemon/intake/menu_input.h"
#include "gateway/sms_text.h"

#include <limits.h>
#include <string.h>

#define TEXT_MAX   (16 * 1024)
#define HINT_MAX   23 /* letters of the hint and its line end: check_hint() */
#define SCREEN_BUF (8 * MENU_SCREEN_MAX)

int menu_letters(const char *text)
{
	struct sms_size size;
	CLEAN_BUF plain = {0};
	bool failed;

	if (!*text)
		return 0;
	buf_init(&plain, TEXT_MAX);
	failed = sms_text_unaccent(text, &plain) || sms_text_size(buf_text(&plain), &size) ||
		 size.coding != SMS_CODING_GSM7;
	buf_wipe(&plain);
	return failed ? INT_MAX : size.units;
}

/* Bytes of the first `points` code points. */
static size_t prefix_bytes(const char *text, int points)
{
	const char *p = text;

	while (*p && points-- > 0) {
		p++;
		while (((unsigned char)*p & 0xc0) == 0x80)
			p++;
	}
	return (size_t)(p - text);
}

static bool fits(const char *text, size_t bytes, int letters_max)
{
	CLEAN_BUF part = {0};
	bool is_fit;

	buf_init(&part, TEXT_MAX);
	is_fit = !buf_add(&part, text, bytes) && menu_letters(buf_text(&part)) <= letters_max;
	buf_wipe(&part);
	return is_fit;
}

/* How many bytes of it fit, ended with a word when one ends in the last third. */
static size_t fitting_bytes(const char *text, int letters_max)
{
	int points = letters_max;
	size_t bytes, word;

	while (points > 0 && !fits(text, prefix_bytes(text, points), letters_max))
		points--;
	bytes = prefix_bytes(text, points);
	if (!text[bytes])
		return bytes;
	for (word = bytes; word > bytes * 2 / 3; word--) {
		if (strchr(" \n", text[word]))
			return word;
	}
	return bytes;
}

enum err menu_cut(const char *text, int letters_max, struct buf *out)
{
	size_t bytes = fitting_bytes(text, letters_max);
	enum err err;

	if (!text[bytes])
		return buf_adds(out, text);
	if (letters_max < 3)
		return ERR_OK;
	bytes = fitting_bytes(text, letters_max - 2);
	err = buf_add(out, text, bytes);
	return err ? err : buf_adds(out, "..");
}

void menu_label_cut(const char *label, char ret_label[MENU_LABEL_BYTES])
{
	CLEAN_BUF cut = {0};

	buf_init(&cut, MENU_LABEL_BYTES - 1);
	if (menu_cut(label, MENU_LABEL_LETTERS, &cut) ||
		str_copy(ret_label, MENU_LABEL_BYTES, buf_text(&cut)))
		(void)!str_copy(ret_label, MENU_LABEL_BYTES, "?");
}

static enum err add_phrase(const char *key, struct buf *out)
{
	const struct phrase_field none[] = {{NULL, NULL}};

	return phrase(key, PHRASE_FULL, none, out);
}

/* What the last line says. nine: what 9 stands for, NULL "more". */
static enum err footer(bool has_more, const char *nine, bool is_first, struct buf *out)
{
	enum err err = buf_adds(out, "\n");

	if (!err && has_more)
		err = nine ? buf_addf(out, "9 %s", nine) : add_phrase("menu_more", out);
	if (!err && has_more)
		err = buf_adds(out, " ");
	return err ? err : add_phrase(is_first ? "menu_leave" : "menu_back", out);
}

static enum err hint(bool has_hint, struct buf *out)
{
	enum err err = has_hint ? add_phrase("menu_hint", out) : ERR_OK;

	return err || !has_hint ? err : buf_adds(out, "\n");
}

/* The items from `first` on that fit beside so many other letters. */
static enum err items(
	const struct menu_list *list, int first, int room, struct buf *out, int *ret_shown)
{
	int shown = 0;

	while (shown < MENU_PAGE_ITEMS && first + shown < list->count) {
		CLEAN_BUF line = {0};
		int letters;
		enum err err;

		buf_init(&line, 16 + MENU_LABEL_BYTES);
		err = buf_addf(&line, "\n%d %s", (list->is_numbered ? first : 0) + shown + 1,
			list->label(list->arg, first + shown));
		if (err)
			return err;
		letters = menu_letters(buf_text(&line));
		if (shown && letters > room)
			break;
		room -= letters;
		err = buf_adds(out, buf_text(&line));
		if (err)
			return err;
		shown++;
	}
	*ret_shown = shown;
	return ERR_OK;
}

/* Only the extra one does not stand on the page. */
static bool is_extra_left(const struct menu_list *list, int first, int shown)
{
	return list->has_extra && shown && first + shown == list->count - 1;
}

int menu_screen_item(const struct menu_list *list, int first, int shown, int digit)
{
	int before = list->is_numbered ? first : 0;

	if (digit > before && digit <= before + shown)
		return first - before + digit - 1;
	if (digit == MENU_MORE && first + shown < list->count)
		return is_extra_left(list, first, shown) ? list->count - 1 : MENU_TURN;
	/* Of another page. */
	if (list->is_numbered && digit >= 1 && digit <= list->count)
		return digit - 1;
	return MENU_NONE;
}

/* The last line, when there is room for `room` letters beside it. */
static enum err last_line(
	const struct menu_list *list, int first, int shown, int room, struct buf *out)
{
	bool has_more = first + shown < list->count;
	enum err err;

	if (!is_extra_left(list, first, shown))
		return footer(has_more, NULL, list->is_first, out);
	err = footer(true, list->label(list->arg, list->count - 1), list->is_first, out);
	if (err || menu_letters(buf_text(out)) <= room)
		return err;
	buf_reset(out);
	return footer(true, NULL, list->is_first, out);
}

enum err menu_screen_list(const struct menu_list *list, int first, struct buf *out, int *ret_shown)
{
	CLEAN_BUF title = {0};
	CLEAN_BUF lines = {0};
	CLEAN_BUF last = {0};
	int shown, room;
	enum err err;

	buf_init(&title, SCREEN_BUF);
	buf_init(&lines, SCREEN_BUF);
	buf_init(&last, SCREEN_BUF);
	err = menu_cut(list->title, MENU_TITLE_LETTERS, &title);
	/* As if there were more: a page must not change with what follows it. */
	if (!err)
		err = footer(true, NULL, list->is_first, &last);
	if (err)
		return err;
	room = MENU_SCREEN_MAX - HINT_MAX - menu_letters(buf_text(&title));
	err = items(list, first, room - menu_letters(buf_text(&last)), &lines, &shown);
	buf_reset(&last);
	if (!err)
		err = last_line(list, first, shown, room - menu_letters(buf_text(&lines)), &last);
	if (!err)
		err = hint(list->has_hint, out);
	if (!err)
		err = buf_addf(out, "%s%s%s", buf_text(&title), buf_text(&lines), buf_text(&last));
	if (!err)
		*ret_shown = shown;
	return err;
}

enum err menu_screen_before(const struct menu_list *list, int first, int *ret_first)
{
	int at = 0;

	while (at < first) {
		CLEAN_BUF page = {0};
		int shown;
		enum err err;

		buf_init(&page, SCREEN_BUF);
		err = menu_screen_list(list, at, &page, &shown);
		if (err)
			return err;
		if (!shown || at + shown >= first)
			break;
		at += shown;
	}
	*ret_first = at;
	return ERR_OK;
}

static int text_room(bool has_more)
{
	CLEAN_BUF last = {0};

	buf_init(&last, SCREEN_BUF);
	if (footer(has_more, NULL, false, &last))
		return 0;
	return MENU_SCREEN_MAX - HINT_MAX - menu_letters(buf_text(&last));
}

enum err menu_screen_text(
	const char *text, int page, bool has_hint, struct buf *out, bool *ret_has_more)
{
	const int whole = text_room(false), part = text_room(true);
	size_t bytes;
	enum err err;

	for (;; page--) {
		bool is_last = fits(text, strlen(text), whole);

		bytes = is_last ? strlen(text) : fitting_bytes(text, part);
		if (page == 0)
			break;
		if (is_last || !bytes)
			return ERR_NOT_FOUND;
		text += bytes + strspn(text + bytes, " \n");
	}
	err = hint(has_hint, out);
	if (!err)
		err = buf_add(out, text, bytes);
	if (!err)
		err = footer(text[bytes] != 0, NULL, false, out);
	if (!err)
		*ret_has_more = text[bytes] != 0;
	return err;
}

enum err menu_screen_ask(const char *title, bool has_hint, struct buf *out)
{
	enum err err = hint(has_hint, out);

	if (!err)
		err = menu_cut(title, text_room(false), out);
	return err ? err : footer(false, NULL, false, out);
}

/* ---- what people wrote --------------------------------------------------------------------- */

static const char *item_label(const void *arg, int index)
{
	return ((const struct menu *)arg)->items[index].label;
}

static enum err check_pages(const struct menu *menu, int count, bool has_extra, struct errbuf *eb)
{
	struct menu_list list = {.title = menu->title,
		.label = item_label,
		.arg = menu,
		.count = count,
		.has_extra = has_extra,
		.has_hint = true};

	for (int first = 0, shown; first < count; first += shown) {
		CLEAN_BUF page = {0};
		enum err err;

		buf_init(&page, SCREEN_BUF);
		err = menu_screen_list(&list, first, &page, &shown);
		if (err)
			return err;
		if (!shown || menu_letters(buf_text(&page)) > MENU_SCREEN_MAX)
			return errbuf_set(eb, ERR_CONFIG,
				"menu %s: items[%d]: with its title the screen is longer than %d letters; shorten the title or the label",
				menu->code, first, MENU_SCREEN_MAX);
	}
	return ERR_OK;
}

static enum err check_menu(const struct menu *menu, struct errbuf *eb)
{
	bool has_extra = menu_has_extra(menu);
	enum err err;

	if (menu_letters(menu->title) > MENU_TITLE_LETTERS)
		return errbuf_set(eb, ERR_CONFIG,
			"menu %s: title: is longer than %d letters of a basic phone, or has a character that it has not",
			menu->code, MENU_TITLE_LETTERS);
	for (int i = 0; i < menu->item_count; i++) {
		if (menu_letters(menu->items[i].label) > MENU_LABEL_LETTERS)
			return errbuf_set(eb, ERR_CONFIG,
				"menu %s: items[%d].label: is longer than %d letters of a basic phone, or has a character that it has not",
				menu->code, i, MENU_LABEL_LETTERS);
	}
	for (int i = 0; i + 1 < menu->item_count; i++) {
		if (menu_is_extra(&menu->items[i]))
			return errbuf_set(eb, ERR_CONFIG,
				"menu %s: items[%d]: \"%s\" comes and goes; put it last, so that the digits of the others stay",
				menu->code, i, menu->items[i].act);
	}
	err = check_pages(menu, menu->item_count - has_extra, false, eb);
	return err || !has_extra ? err : check_pages(menu, menu->item_count, true, eb);
}

/* Every screen leaves room for it. */
static enum err check_hint(struct errbuf *eb)
{
	CLEAN_BUF text = {0};
	enum err err;

	buf_init(&text, SCREEN_BUF);
	err = add_phrase("menu_hint", &text);
	if (!err && menu_letters(buf_text(&text)) >= HINT_MAX)
		err = errbuf_set(eb, ERR_CONFIG,
			"phrase menu_hint: is longer than %d letters of a basic phone, or has a character that it has not",
			HINT_MAX - 1);
	return err;
}

enum err menu_screens_check(const struct menus *menus, struct errbuf *eb)
{
	enum err err = check_hint(eb);

	for (size_t i = 0; !err && i < menus->count; i++)
		err = check_menu(&menus->items[i], eb);
	return err;
}
