/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/values.h"

#include "config/config.h"
#include "daemon/base/str.h"

#include <string.h>

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static const char *keep(const char *value, size_t len, char *dst, size_t dst_bytes)
{
	if (len >= dst_bytes)
		return "is too long";
	memcpy(dst, value, len);
	dst[len] = 0;
	return NULL;
}

static const char *keep_of(const char *value, const char *characters, char *dst, size_t dst_bytes)
{
	size_t len = strlen(value);

	if (!len)
		return "is empty";
	if (strspn(value, characters) != len)
		return "has a character that is not allowed";
	return keep(value, len, dst, dst_bytes);
}

const char *value_modem_name(const char *value, char *dst, size_t dst_bytes)
{
	return keep_of(value, LOWER DIGITS "-", dst, dst_bytes);
}

const char *value_digits(const char *value, char *dst, size_t dst_bytes)
{
	return keep_of(value, DIGITS, dst, dst_bytes);
}

const char *value_ussd(const char *value, char *dst, size_t dst_bytes)
{
	return keep_of(value, DIGITS "*#+", dst, dst_bytes);
}

const char *value_group(const char *value, char *dst, size_t dst_bytes)
{
	return keep_of(value, UPPER LOWER DIGITS "_-", dst, dst_bytes);
}

static bool has_control(const char *value);

const char *value_template_param(const char *value, char *dst, size_t dst_bytes)
{
	size_t name = strspn(value, UPPER LOWER DIGITS "_");

	if (!name || value[name] != '=' || !value[name + 1])
		return "is not name=value";
	if (has_control(value) || strpbrk(value, "\"\\"))
		return "has a character that may not be there";
	return keep(value, strlen(value), dst, dst_bytes);
}

static bool has_control(const char *value)
{
	for (; *value; value++) {
		if ((unsigned char)*value < 0x20 || *value == 0x7f)
			return true;
	}
	return false;
}

static bool has_dot_part(const char *path)
{
	while (*path) {
		size_t len;

		path += strspn(path, "/");
		len = strcspn(path, "/");
		if ((len == 1 && path[0] == '.') || (len == 2 && path[0] == '.' && path[1] == '.'))
			return true;
		path += len;
	}
	return false;
}

static const char *path_problem(const char *value)
{
	if (value[0] != '/')
		return "is not an absolute path";
	if (has_control(value))
		return "has a control character";
	if (has_dot_part(value))
		return "has a part . or ..";
	return NULL;
}

const char *value_command(const char *value, char *dst, size_t dst_bytes)
{
	const char *problem = path_problem(value);
	size_t len = strlen(value);
	int words = 1;

	if (problem)
		return problem;
	for (size_t i = 0; i < len; i++) {
		if (value[i] != ' ')
			continue;
		if (value[i + 1] == ' ' || !value[i + 1])
			return "has a space too many";
		words++;
	}
	if (strpbrk(value, "\"'\\$`|&;<>*?"))
		return "has a character for a shell, which there is not";
	if (words > CONFIG_POWER_WORDS_MAX)
		return "has too many arguments";
	return keep(value, len, dst, dst_bytes);
}

const char *value_file(const char *value, char *dst, size_t dst_bytes)
{
	const char *problem = path_problem(value);
	size_t len = strlen(value);

	if (problem)
		return problem;
	if (value[len - 1] == '/')
		return "is a directory";
	return keep(value, len, dst, dst_bytes);
}

const char *value_directory(const char *value, char *dst, size_t dst_bytes)
{
	const char *problem = path_problem(value);
	size_t len = strlen(value);

	if (problem)
		return problem;
	while (len > 1 && value[len - 1] == '/')
		len--;
	return keep(value, len, dst, dst_bytes);
}

const char *value_shown_phone(const char *value, char *dst, size_t dst_bytes)
{
	size_t len = strlen(value), digits = 0;

	for (size_t i = 0; i < len; i++)
		digits += value[i] >= '0' && value[i] <= '9';
	if (len > 20 || digits < 3 || value[strspn(value, DIGITS " +.-")])
		return "is no such number";
	return keep(value, len, dst, dst_bytes);
}

static bool is_text(const char *text, size_t len, const char *expected)
{
	return strlen(expected) == len && memcmp(text, expected, len) == 0;
}

/* "host", "host:port" or "[::1]:port" in text[0..len): ret_host_len without the port. */
static const char *host_problem(const char *text, size_t len, size_t *ret_host_len)
{
	size_t host = len && text[0] == '[' ? 0 : strcspn(text, ":/");
	int64_t port;
	char digits[6];

	if (len && text[0] == '[') {
		host = 1 + strspn(text + 1, DIGITS "abcdefABCDEF:.");
		if (host >= len || text[host] != ']')
			return "has a bad IPv6 address";
		host++;
	} else if (strspn(text, LOWER UPPER DIGITS ".-") < host) {
		return "has a bad host name";
	}
	if (!host)
		return "has no host";
	if (host < len) {
		if (text[host] != ':' || len - host - 1 >= sizeof(digits))
			return "has a bad port";
		memcpy(digits, text + host + 1, len - host - 1);
		digits[len - host - 1] = 0;
		if (digits[0] == '-' || str_to_int64(digits, 1, 65535, &port))
			return "has a bad port";
	}
	*ret_host_len = host;
	return NULL;
}

const char *value_url(const char *value, char *dst, size_t dst_bytes)
{
	bool is_plain = str_starts(value, "http://");
	size_t len = strlen(value), authority, host;
	const char *rest, *problem;

	if (!is_plain && !str_starts(value, "https://"))
		return "is not an https:// address";
	rest = strstr(value, "//") + 2;
	if (strspn(rest, LOWER UPPER DIGITS ".-_~:/[]%") != strlen(rest))
		return "has a character that is not allowed";
	authority = strcspn(rest, "/");
	problem = host_problem(rest, authority, &host);
	if (problem)
		return problem;
	if (is_plain && !is_text(rest, host, "127.0.0.1") && !is_text(rest, host, "localhost") &&
		!is_text(rest, host, "[::1]"))
		return "is http:// to another machine, where everybody on the way can read it";
	while (value[len - 1] == '/')
		len--;
	return keep(value, len, dst, dst_bytes);
}

const char *value_callback(const char *value, char *dst, size_t dst_bytes)
{
	char canonical[256];
	const char *problem = value_url(value, canonical, sizeof(canonical));

	return problem ? problem : keep(value, strlen(value), dst, dst_bytes);
}

const char *value_feed_url(const char *value, char *dst, size_t dst_bytes)
{
	char place[512], canonical[512];
	size_t len = strcspn(value, "?");
	const char *problem = keep(value, len, place, sizeof(place));

	if (!problem)
		problem = value_url(place, canonical, sizeof(canonical));
	if (!problem &&
		strspn(value + len, LOWER UPPER DIGITS ".-_~:/%?&=+,;@!*") != strlen(value + len))
		problem = "has a character that is not allowed";
	return problem ? problem : keep(value, strlen(value), dst, dst_bytes);
}

const char *value_category(const char *value, char *dst, size_t dst_bytes)
{
	return keep_of(value, LOWER DIGITS "_", dst, dst_bytes);
}

#define MOBILE_DIGITS 9 /* after +84; the plan of numbers since 2018 */

const char *value_phone(const char *value, char *dst, size_t dst_bytes)
{
	char digits[16];
	size_t count = 0, skip;
	bool is_international = value[0] == '+';

	for (const char *p = value + is_international; *p; p++) {
		if (strchr(" .-", *p))
			continue;
		if (*p < '0' || *p > '9')
			return "has a character that no phone number has";
		if (count == sizeof(digits) - 1)
			return "is too long";
		digits[count++] = *p;
	}
	digits[count] = 0;
	if (!count)
		return "is empty";
	if (!is_international && str_starts(digits, "0"))
		skip = 1;
	else if (is_international && str_starts(digits, "84"))
		skip = 2;
	else if (count < MOBILE_DIGITS)
		return "is a short code or an emergency number";
	else
		return "is not a number of Vietnam";
	if (count - skip != MOBILE_DIGITS || !strchr("35789", digits[skip]))
		return "is not a mobile number, and an alarm is a text message";
	if (dst_bytes < sizeof("+84") + MOBILE_DIGITS)
		return "is too long";
	snprintf(dst, dst_bytes, "+84%s", digits + skip);
	return NULL;
}
