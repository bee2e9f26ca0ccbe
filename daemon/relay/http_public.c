/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/http_public.h"

#include "daemon/base/base.h"

#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

/* IANA IPv4 Special-Purpose Address Registry, and multicast with what lies above it. */
static const struct {
	uint32_t net;
	int bits;
} special4[] = {
	{0x00000000, 8},  /* this network */
	{0x0a000000, 8},  /* private */
	{0x64400000, 10}, /* carrier's NAT */
	{0x7f000000, 8},  /* loopback */
	{0xa9fe0000, 16}, /* link-local */
	{0xac100000, 12}, /* private */
	{0xc0000000, 24}, /* protocol assignments */
	{0xc0000200, 24}, /* documentation */
	{0xc0586300, 24}, /* 6to4 relay */
	{0xc0a80000, 16}, /* private */
	{0xc6120000, 15}, /* benchmarks */
	{0xc6336400, 24}, /* documentation */
	{0xcb007100, 24}, /* documentation */
	{0xe0000000, 3},  /* multicast and reserved */
};

static bool is_public4(uint32_t address)
{
	for (size_t i = 0; i < ARRAY_LEN(special4); i++) {
		if ((address ^ special4[i].net) >> (32 - special4[i].bits) == 0)
			return false;
	}
	return true;
}

static uint32_t be32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

static bool is_public6(const uint8_t a[16])
{
	static const uint8_t nat64[12] = {0x00, 0x64, 0xff, 0x9b};

	if (memcmp(a, nat64, sizeof(nat64)) == 0)
		return is_public4(be32(a + 12));
	if (a[0] == 0x20 && a[1] == 0x02) /* 6to4 */
		return is_public4(be32(a + 2));
	/* All that is routed today lies in 2000::/3; 2001::/23 are assignments of protocols (also
	 * Teredo), 2001:db8::/32 and 3fff::/20 are for documents. */
	if ((a[0] & 0xe0) != 0x20 || (a[0] == 0x3f && a[1] == 0xff && a[2] < 0x10))
		return false;
	return a[0] != 0x20 || a[1] != 0x01 || (a[2] > 0x01 && !(a[2] == 0x0d && a[3] == 0xb8));
}

bool http_is_public(const struct sockaddr *address)
{
	union {
		struct sockaddr_in four;
		struct sockaddr_in6 six;
	} a;

	if (address->sa_family == AF_INET) {
		memcpy(&a.four, address, sizeof(a.four));
		return is_public4(ntohl(a.four.sin_addr.s_addr));
	}
	if (address->sa_family != AF_INET6)
		return false;
	memcpy(&a.six, address, sizeof(a.six));
	return is_public6(a.six.sin6_addr.s6_addr);
}
