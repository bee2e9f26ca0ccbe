/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a server on the Internet was not reached, told apart as far as the outcome of a transfer
 * shows it, with the words for the log (English) and for the officer (Vietnamese) and what to do.
 * One table; static text without any data.
 */
#ifndef BINHYEN_RELAY_NET_FAULT_H
#define BINHYEN_RELAY_NET_FAULT_H

enum net_fault {
	NET_NONE,
	NET_NO_ROUTE,	    /* no network at all: no address, no way out */
	NET_DNS,	    /* the name server says no, or there is none */
	NET_DNS_SILENT,	    /* it does not answer */
	NET_REFUSED,	    /* the connection was turned down */
	NET_CONNECT_SILENT, /* no answer to the connection: packets are swallowed */
	NET_IPV6_ONLY,	    /* only IPv6 was there to try, and it leads nowhere */
	NET_CLOCK_BEHIND,   /* the certificate is not valid yet: this machine is in the past */
	NET_CLOCK_AHEAD,    /* the certificate has expired: this machine is in the future */
	NET_OTHER_HOST,	    /* a certificate, but of another host: somebody stands between */
	NET_UNTRUSTED,	    /* a certificate that nobody vouches for: the same */
	NET_NO_ROOTS,	    /* the list of certificate authorities is missing */
	NET_TLS,	    /* the handshake failed otherwise */
	NET_TLS_SILENT,	    /* connected, but the handshake got no answer */
	NET_PORTAL,	    /* a log-in page of a Wi-Fi or of the provider answered */
	NET_NOT_HTTP,	    /* something answered, but not HTTP */
	NET_BROKEN,	    /* the connection broke */
	NET_SILENT,	    /* asked, and no answer in time */
	NET_SERVICE,	    /* the service itself is down (HTTP 5xx) */
	NET_FOREIGN,	    /* an answer that is not the API's */
	NET_LOCAL,	    /* our own fault: address, memory */
	NET_FAULT_COUNT
};

struct net_fault_text {
	const char *code; /* "dns_silent": stable, for the API */
	const char *en, *advice_en;
	const char *vi, *advice_vi;
};
/* Never NULL; of NET_NONE every text is "". */
const struct net_fault_text *net_fault_text(enum net_fault fault);

#endif
