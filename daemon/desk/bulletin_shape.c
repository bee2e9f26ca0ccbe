/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plates of vehicles and links in a text. */
#include "daemon/desk/bulletin_screen_private.h"

#include "daemon/base/str.h"

#include <string.h>

#define MAILBOX_MAX 65
#define LABELS_MAX  16 /* of a host name: more are no link that anybody could type */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

/* ---- plates (Circular 79/2024/TT-BCA) ---------------------------------------------------------
 * "30F-123.45", "29-B1 234.56", "14A1-1234", "80A 12345"; the province is 11 to 99.
 */

static size_t skip_joints(const struct signs *signs, size_t i, int most)
{
	while (most-- && i < signs->count && strchr(" -.", signs->list[i].c))
		i++;
	return i;
}

/* The serial number: 4 or 5 digits, with a dot or a blank after the third. Where it ends; 0: none.
 */
static size_t serial_end(const struct signs *signs, size_t i)
{
	int digits = 0;

	while (i < signs->count && digits < 6) {
		char c = signs->list[i].c;

		if (is_digit(c))
			digits++;
		else if (digits != 3 || (c != '.' && c != ' ') || !is_digit(signs->list[i + 1].c))
			break;
		i++;
	}
	return digits == 4 || digits == 5 ? i : 0;
}

/* "10h 2025" is a time. */
static bool is_hour(const struct signs *signs, size_t at)
{
	int hour = (signs->list[at].c - '0') * 10 + signs->list[at + 1].c - '0';

	return signs->list[at + 2].c == 'h' && !signs->list[at + 2].is_upper && hour <= 24;
}

static size_t plate_end(const struct signs *signs, size_t at)
{
	size_t i = at + 2;
	int letters = 0;

	if (at + 7 > signs->count || !is_digit(signs->list[at].c) ||
		!is_digit(signs->list[at + 1].c) || signs->list[at].c == '0' || is_hour(signs, at))
		return 0;
	if (at > 0 && (is_digit(signs->list[at - 1].c) || is_letter(signs->list[at - 1].c)))
		return 0;
	i = skip_joints(signs, i, 1);
	while (letters < 2 && is_letter(signs->list[i].c)) {
		letters++;
		i++;
	}
	/* "15 hộ 1234 người": a word is no series. */
	if (!letters || is_letter(signs->list[i].c) ||
		(signs->list[at + 2].c == ' ' && !signs->list[at + 3].is_upper))
		return 0;
	/* A motorbike has a digit in its series: with it, or as the first of its number. */
	if (is_digit(signs->list[i].c) && !is_digit(signs->list[i + 1].c)) {
		size_t end = serial_end(signs, skip_joints(signs, i + 1, 2));

		if (end)
			return end;
	}
	i = serial_end(signs, skip_joints(signs, i, 2));
	return i && !is_letter(signs->list[i].c) ? i : 0;
}

void screen_plates(struct screen *screen, const struct signs *signs)
{
	for (size_t i = 0; i < signs->count; i++) {
		size_t end = plate_end(signs, i), at = signs->list[i].at;

		if (!end)
			continue;
		if (!screen_add(
			    screen, FINDING_PLATE, at, signs->list[end - 1].end - at, "biển số xe"))
			return;
		i = end - 1;
	}
}

/* ---- links -----------------------------------------------------------------------------------
 */

/* Domains in which anybody may have a name; a full stop without a blank before another word is
 * none of them. */
static const char *const domains[] = {"vn", "com", "net", "org", "info", "biz", "edu", "gov", "io",
	"me", "ly", "gl", "cc", "co", "gd", "gg", "to", "tv", "us", "ws", "top", "xyz", "vip",
	"win", "bid", "app", "dev", "fun", "icu", "life", "link", "live", "click", "club", "shop",
	"site", "online", "store", "space", "tech", "work", "world", "website", "page", "asia",
	"mobi", "pro", "one", "today", "loan", "bet", "ru", "cn", "tk", "ml", "ga", "cf", "gq"};
static const char *const schemes[] = {
	"http://", "https://", "hxxp://", "hxxps://", "ftp://", "www.", "http:\\\\", "https:\\\\"};

static bool is_host(char c)
{
	return is_letter(c) || is_digit(c) || c == '-';
}

static bool begins_with(const struct signs *signs, size_t at, const char *text)
{
	size_t len = strlen(text);

	if (at + len > signs->count)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (signs->list[at + i].c != text[i])
			return false;
	}
	return true;
}

/* A dot between labels, also as who hides it writes it. Signs of it; 0: none. */
static size_t dot_at(const struct signs *signs, size_t at)
{
	static const char *const dots[] = {"[.]", "(.)", "{.}", "[dot]", "(dot)", "."};

	for (size_t i = 0; i < sizeof(dots) / sizeof(dots[0]); i++) {
		if (begins_with(signs, at, dots[i]) && is_host(signs->list[at + strlen(dots[i])].c))
			return strlen(dots[i]);
	}
	return 0;
}

static bool is_domain(const struct signs *signs, size_t from, size_t to)
{
	for (size_t i = 0; i < sizeof(domains) / sizeof(domains[0]); i++) {
		if (strlen(domains[i]) == to - from && begins_with(signs, from, domains[i]))
			return true;
	}
	return false;
}

/* Until a blank. */
static size_t path_end(const struct signs *signs, size_t i)
{
	while (i < signs->count && signs->list[i].c != ' ' && signs->list[i].c != '\n')
		i++;
	return i;
}

/* Labels with dots, the last of them a domain; 0: none begins there. */
static size_t host_end(const struct signs *signs, size_t at)
{
	size_t i = at, label = at, end = 0;

	for (int labels = 0; labels < LABELS_MAX; labels++) {
		size_t dot;

		while (i < signs->count && is_host(signs->list[i].c))
			i++;
		if (i == label)
			return end;
		if (label != at && is_domain(signs, label, i))
			end = i;
		dot = dot_at(signs, i);
		if (!dot)
			break;
		label = i += dot;
	}
	return end == i && i < signs->count && strchr("/:?#", signs->list[i].c) ? path_end(signs, i)
										: end;
}

static size_t link_end(const struct signs *signs, size_t at)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		if (begins_with(signs, at, schemes[i]) &&
			signs->list[at + strlen(schemes[i])].c != ' ')
			return path_end(signs, at);
	}
	return host_end(signs, at);
}

/* Of a mail address all of it. */
static size_t mail_start(const struct signs *signs, size_t at)
{
	size_t i = at;

	if (!at || signs->list[at - 1].c != '@')
		return at;
	i--;
	while (i && at - i < MAILBOX_MAX &&
		(is_host(signs->list[i - 1].c) || strchr("._+", signs->list[i - 1].c)))
		i--;
	return i;
}

void screen_links(struct screen *screen, const struct signs *signs)
{
	for (size_t i = 0; i < signs->count; i++) {
		size_t end = 0, at;

		if (is_host(signs->list[i].c) && (!i || !is_host(signs->list[i - 1].c)))
			end = link_end(signs, i);
		if (!end)
			continue;
		at = signs->list[mail_start(signs, i)].at;
		if (!screen_add(screen, FINDING_LINK, at, signs->list[end - 1].end - at,
			    "đường dẫn, địa chỉ mạng"))
			return;
		i = end - 1;
	}
}
