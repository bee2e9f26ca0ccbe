/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of where the officers' page is served. */
#include "config/values.h"

#include "daemon/base/str.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#define ADDRESS_BYTES 64
#define LABEL_MAX     63 /* RFC 1035 section 2.3.4 */

static bool is_four(const char *text)
{
	struct in_addr four;

	return inet_pton(AF_INET, text, &four) == 1;
}

static bool is_six(const char *text)
{
	struct in6_addr six;

	return inet_pton(AF_INET6, text, &six) == 1;
}

const char *value_listen(const char *value, char *dst, size_t dst_bytes)
{
	const char *colon = strrchr(value, ':');
	char address[ADDRESS_BYTES];
	int64_t port;
	size_t len;

	if (!colon || colon[1] == '-' || colon[1] == '+' ||
		str_to_int64(colon + 1, 0, 65535, &port))
		return "has no port from 0 to 65535 after the address";
	len = (size_t)(colon - value);
	if (len >= sizeof(address))
		return "is too long";
	memcpy(address, value, len);
	address[len] = 0;
	if (len > 2 && address[0] == '[' && address[len - 1] == ']') {
		address[len - 1] = 0;
		if (!is_six(address + 1))
			return "is not an IPv6 address between [ and ]";
	} else if (!is_four(address)) {
		return "is not an IP address of this machine (0.0.0.0 stands for all of them)";
	}
	return str_copy(dst, dst_bytes, value) ? "is too long" : NULL;
}

static bool is_host(const char *value)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
	const char *at = value;

	for (;;) {
		size_t len = strspn(at, letters);

		if (!len || len > LABEL_MAX || at[0] == '-' || at[len - 1] == '-')
			return false;
		at += len;
		if (!*at)
			return true;
		if (*at++ != '.')
			return false;
	}
}

const char *value_host(const char *value, char *dst, size_t dst_bytes)
{
	if (!is_four(value) && !is_six(value) && !is_host(value))
		return "is neither a host name nor an IP address";
	if (str_copy(dst, dst_bytes, value))
		return "is too long";
	for (; *dst; dst++)
		*dst = (char)tolower((unsigned char)*dst);
	return NULL;
}
