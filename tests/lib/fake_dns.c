/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stands before libc's resolver in a driver: the names that a test may use, and no question ever
 * leaves this machine.
 *
 *   fail.test   the name server says no        hang.test   it never answers
 *   v6.test     only ::1                       both.test   ::1 and 127.0.0.1
 *   host.test   127.0.0.1; any other name: only if it is a number
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PARTS_MAX 2

struct part {
	struct addrinfo info;
	struct sockaddr_storage address;
};

static void add_ipv4(struct part *part, const char *text, in_port_t port)
{
	struct sockaddr_in *address = (struct sockaddr_in *)(void *)&part->address;

	address->sin_family = AF_INET;
	address->sin_port = port;
	if (inet_pton(AF_INET, text, &address->sin_addr) == 1)
		part->info.ai_addrlen = sizeof(*address);
}

static void add_ipv6(struct part *part, const char *text, in_port_t port)
{
	struct sockaddr_in6 *address = (struct sockaddr_in6 *)(void *)&part->address;

	address->sin6_family = AF_INET6;
	address->sin6_port = port;
	if (inet_pton(AF_INET6, text, &address->sin6_addr) == 1)
		part->info.ai_addrlen = sizeof(*address);
}

static void fill(struct part *parts, const char *name, in_port_t port)
{
	if (strcmp(name, "v6.test") == 0) {
		add_ipv6(&parts[0], "::1", port);
	} else if (strcmp(name, "both.test") == 0) {
		add_ipv6(&parts[0], "::1", port);
		add_ipv4(&parts[1], "127.0.0.1", port);
	} else if (strcmp(name, "host.test") == 0) {
		add_ipv4(&parts[0], "127.0.0.1", port);
	} else {
		add_ipv4(&parts[0], name, port);
		if (!parts[0].info.ai_addrlen)
			add_ipv6(&parts[0], name, port);
	}
}

int getaddrinfo(
	const char *name, const char *service, const struct addrinfo *req, struct addrinfo **pai)
{
	in_port_t port = htons((in_port_t)(service ? strtol(service, NULL, 10) : 0));
	struct part *parts;

	if (strcmp(name, "hang.test") == 0) {
		for (;;)
			pause();
	}
	parts = calloc(PARTS_MAX, sizeof(*parts));
	if (!parts)
		return EAI_MEMORY;
	fill(parts, name, port);
	if (!parts[0].info.ai_addrlen) {
		free(parts);
		return EAI_NONAME;
	}
	for (int i = 0; i < PARTS_MAX && parts[i].info.ai_addrlen; i++) {
		parts[i].info.ai_family = parts[i].address.ss_family;
		parts[i].info.ai_socktype = req ? req->ai_socktype : SOCK_STREAM;
		parts[i].info.ai_addr = (struct sockaddr *)&parts[i].address;
		if (i)
			parts[i - 1].info.ai_next = &parts[i].info;
	}
	*pai = &parts[0].info;
	return 0;
}

/* The first part is the first of its block. */
void freeaddrinfo(struct addrinfo *ai)
{
	free(ai);
}
