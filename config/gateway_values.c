/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks of what an SMS gateway is spoken to with. The template of a body is JSON itself, with
 * fields such as {text} only within its strings, so that no text of an officer can break out of its
 * place.
 */
#include "config/values.h"

#include "daemon/base/str.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <string.h>
#include <strings.h>

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

#define LOOPBACK_NET 127 /* first octet, RFC 1122 section 3.2.1.3 */

static const char *const body_fields[] = {
	"to", "text", "id", "from", "username", "password", "report_url", NULL};
static const char *const header_fields[] = {"username", "password", NULL};

static const char *keep(const char *value, char *dst, size_t dst_bytes)
{
	return str_copy(dst, dst_bytes, value) ? "is too long" : NULL;
}

static bool is_ascii(const char *value, char lowest)
{
	for (; *value; value++) {
		if (*value < lowest || *value > 0x7e)
			return false;
	}
	return true;
}

const char *value_account(const char *value, char *dst, size_t dst_bytes)
{
	if (!value[0])
		return "is empty";
	if (!is_ascii(value, 0x21))
		return "has a character that is not visible ASCII";
	return keep(value, dst, dst_bytes);
}

const char *value_sender(const char *value, char *dst, size_t dst_bytes)
{
	if (!value[0])
		return "is empty";
	if (strspn(value, LOWER UPPER DIGITS "+._-") != strlen(value))
		return "has a character that is not allowed";
	return keep(value, dst, dst_bytes);
}

const char *value_loopback(const char *value, char *dst, size_t dst_bytes)
{
	struct in6_addr six;
	struct in_addr four;

	if (inet_pton(AF_INET, value, &four) == 1) {
		if (ntohl(four.s_addr) >> 24 != LOOPBACK_NET)
			return "can be reached by other machines";
	} else if (inet_pton(AF_INET6, value, &six) == 1) {
		if (!IN6_IS_ADDR_LOOPBACK(&six))
			return "can be reached by other machines";
	} else {
		return "is not an IP address";
	}
	return keep(value, dst, dst_bytes);
}

const char *value_ip(const char *value, char *dst, size_t dst_bytes)
{
	struct in6_addr six;
	struct in_addr four;
	char text[INET6_ADDRSTRLEN];

	if (inet_pton(AF_INET, value, &four) == 1)
		return keep(inet_ntop(AF_INET, &four, text, sizeof(text)), dst, dst_bytes);
	if (inet_pton(AF_INET6, value, &six) == 1)
		return keep(inet_ntop(AF_INET6, &six, text, sizeof(text)), dst, dst_bytes);
	return "is not an IP address";
}

const char *value_service_code(const char *value, char *dst, size_t dst_bytes)
{
	size_t len = strlen(value), digits = 0;

	for (size_t i = 0; i < len; i++)
		digits += value[i] >= '0' && value[i] <= '9';
	if (strspn(value, DIGITS "*#") != len || !digits || digits > 20 || len >= dst_bytes)
		return "is no such code";
	return keep(value, dst, dst_bytes);
}

const char *value_json_path(const char *value, char *dst, size_t dst_bytes)
{
	size_t len = strlen(value);

	if (!len)
		return "is empty";
	if (strspn(value, LOWER UPPER DIGITS "_-.") != len)
		return "has a character that is not allowed";
	if (value[0] == '.' || value[len - 1] == '.' || strstr(value, ".."))
		return "has an empty part";
	return keep(value, dst, dst_bytes);
}

const char *value_json_word(const char *value, char *dst, size_t dst_bytes)
{
	if (!value[0])
		return "is empty";
	if (!is_ascii(value, 0x20))
		return "has a character that is not printable ASCII";
	return keep(value, dst, dst_bytes);
}

/* ---- fields in a template --------------------------------------------------------------------
 */

/* Bytes of a field "{name}" at text, 0 when there is none. */
static size_t field_bytes(const char *text)
{
	size_t len;

	if (text[0] != '{')
		return 0;
	len = strspn(text + 1, LOWER "_");
	return len && text[1 + len] == '}' ? len + 2 : 0;
}

static bool is_field(const char *text, size_t bytes, const char *name)
{
	return bytes == strlen(name) + 2 && memcmp(text + 1, name, bytes - 2) == 0;
}

/* False when a field is not among the names; sets a bit of *seen for each that is. */
static bool find_fields(const char *text, const char *const *names, unsigned *seen)
{
	for (; *text; text++) {
		size_t bytes = field_bytes(text);
		size_t i;

		if (!bytes)
			continue;
		for (i = 0; names[i] && !is_field(text, bytes, names[i]); i++)
			;
		if (!names[i])
			return false;
		*seen |= 1u << i;
	}
	return true;
}

static bool walk(const json_t *value, unsigned *seen)
{
	const char *key;
	json_t *member;
	size_t i;

	if (json_is_string(value))
		return find_fields(json_string_value(value), body_fields, seen);
	json_array_foreach (value, i, member) {
		if (!walk(member, seen))
			return false;
	}
	json_object_foreach ((json_t *)(uintptr_t)value, key, member) {
		if (!walk(member, seen))
			return false;
	}
	return true;
}

const char *value_json_body(const char *value, char *dst, size_t dst_bytes)
{
	json_t *json = json_loads(value, JSON_REJECT_DUPLICATES, NULL);
	const char *problem = NULL;
	unsigned seen = 0;

	if (!json_is_object(json))
		problem = "is not a JSON object";
	else if (!walk(json, &seen))
		problem = "names a field that there is not";
	else if ((seen & 3) != 3)
		problem = "lacks {to} or {text}";
	json_decref(json);
	return problem ? problem : keep(value, dst, dst_bytes);
}

const char *value_header(const char *value, char *dst, size_t dst_bytes)
{
	static const char *const ours[] = {
		"content-type", "content-length", "transfer-encoding", "expect", "host"};
	size_t name = strspn(value, LOWER UPPER DIGITS "-_");
	unsigned seen = 0;

	if (!name || value[name] != ':' || value[name + 1] != ' ' || !value[name + 2])
		return "is not \"Name: value\"";
	if (!is_ascii(value, 0x20))
		return "has a character that is not printable ASCII";
	for (size_t i = 0; i < ARRAY_LEN(ours); i++) {
		if (strlen(ours[i]) == name && strncasecmp(value, ours[i], name) == 0)
			return "is a header that binhyend writes itself";
	}
	if (!find_fields(value, header_fields, &seen))
		return "names a field that there is not";
	return keep(value, dst, dst_bytes);
}

#define HOSTS_MAX 16

/* The bytes of a domain name of two parts or more at the beginning of `text`; 0 = none. */
static size_t domain_bytes(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	size_t len = 0, parts = 0;

	for (;;) {
		size_t part = strspn(text + len, letters);

		if (!part || part > 63 || text[len] == '-' || text[len + part - 1] == '-')
			return 0;
		parts++;
		len += part;
		if (text[len] != '.')
			break;
		len++;
	}
	return parts > 1 ? len : 0;
}

const char *value_hosts(const char *value, char *dst, size_t dst_bytes)
{
	const char *at = value;
	int count = 0;

	for (;;) {
		size_t len = domain_bytes(at);

		if (!len || (at[len] && at[len] != ' ') || ++count > HOSTS_MAX)
			return "is not a list of domain names";
		if (!at[len])
			break;
		at += len + 1;
	}
	return str_copy(dst, dst_bytes, value) ? "is too long" : NULL;
}
