/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/curl_err.h"

#include <errno.h>

/* openssl/x509_vfy.h; not included, since no header of OpenSSL is otherwise needed. */
#define X509_OK		   0
#define X509_UNSPECIFIED   1
#define X509_NOT_YET_VALID 9
#define X509_HAS_EXPIRED   10
#define X509_HOST_MISMATCH 62

static const struct {
	CURLcode code;
	enum err err;
	enum net_fault fault;
	const char *text; /* NULL: the fault's */
} table[] = {
	{CURLE_OK, ERR_OK, NET_NONE, NULL},
	{CURLE_COULDNT_RESOLVE_HOST, ERR_UNREACHABLE, NET_DNS, NULL},
	{CURLE_COULDNT_RESOLVE_PROXY, ERR_UNREACHABLE, NET_DNS, NULL},
	{CURLE_COULDNT_CONNECT, ERR_UNREACHABLE, NET_REFUSED, NULL},
	{CURLE_INTERFACE_FAILED, ERR_UNREACHABLE, NET_NO_ROUTE, NULL},
	{CURLE_OPERATION_TIMEDOUT, ERR_TIMEOUT, NET_SILENT, NULL},
	{CURLE_SSL_CONNECT_ERROR, ERR_UNREACHABLE, NET_TLS, NULL},
	{CURLE_PEER_FAILED_VERIFICATION, ERR_UNREACHABLE, NET_UNTRUSTED, NULL},
	{CURLE_SSL_CACERT_BADFILE, ERR_CONFIG, NET_NO_ROOTS, NULL},
	{CURLE_SSL_CIPHER, ERR_UNREACHABLE, NET_TLS, NULL},
	{CURLE_SSL_SHUTDOWN_FAILED, ERR_UNREACHABLE, NET_BROKEN, NULL},
	{CURLE_GOT_NOTHING, ERR_UNREACHABLE, NET_BROKEN, NULL},
	{CURLE_SEND_ERROR, ERR_UNREACHABLE, NET_BROKEN, NULL},
	{CURLE_RECV_ERROR, ERR_UNREACHABLE, NET_BROKEN, NULL},
	{CURLE_PARTIAL_FILE, ERR_UNREACHABLE, NET_BROKEN, NULL},
	{CURLE_HTTP2, ERR_UNREACHABLE, NET_BROKEN, NULL},
	{CURLE_HTTP2_STREAM, ERR_UNREACHABLE, NET_BROKEN, NULL},
	{CURLE_SEND_FAIL_REWIND, ERR_UNREACHABLE, NET_BROKEN, NULL},
	{CURLE_ABORTED_BY_CALLBACK, ERR_UNREACHABLE, NET_BROKEN, NULL},
	{CURLE_WEIRD_SERVER_REPLY, ERR_PROTOCOL, NET_NOT_HTTP, NULL},
	{CURLE_UNSUPPORTED_PROTOCOL, ERR_CONFIG, NET_LOCAL, "address is neither http nor https"},
	{CURLE_URL_MALFORMAT, ERR_CONFIG, NET_LOCAL, "address not understood"},
	{CURLE_OUT_OF_MEMORY, ERR_NOMEM, NET_LOCAL, "out of memory"},
};

static enum net_fault connect_fault(const struct curl_seen *seen)
{
	if (seen->tried_ipv6 && !seen->tried_ipv4)
		return NET_IPV6_ONLY;
	if (seen->os_errno == ENETUNREACH || seen->os_errno == ENETDOWN ||
		seen->os_errno == EADDRNOTAVAIL)
		return NET_NO_ROUTE;
	if (seen->os_errno == ECONNRESET)
		return NET_BROKEN;
	if (seen->os_errno == ETIMEDOUT || seen->os_errno == EHOSTUNREACH)
		return NET_CONNECT_SILENT;
	return NET_REFUSED;
}

static enum net_fault timeout_fault(const struct curl_seen *seen)
{
	if (seen->is_idle)
		return NET_SILENT;
	if (!seen->has_address)
		return NET_DNS_SILENT;
	if (!seen->is_connected)
		return seen->tried_ipv6 && !seen->tried_ipv4 ? NET_IPV6_ONLY : NET_CONNECT_SILENT;
	return seen->is_secured ? NET_SILENT : NET_TLS_SILENT;
}

/* When OpenSSL found nothing wrong, or curl has not asked it yet, it was curl that did not find the
 * name in it. */
static enum net_fault verify_fault(long verify_result)
{
	switch (verify_result) {
	case X509_NOT_YET_VALID:
		return NET_CLOCK_BEHIND;
	case X509_HAS_EXPIRED:
		return NET_CLOCK_AHEAD;
	case X509_OK:
	case X509_UNSPECIFIED:
	case X509_HOST_MISMATCH:
		return NET_OTHER_HOST;
	default:
		return NET_UNTRUSTED;
	}
}

struct curl_fault curl_fault(const struct curl_seen *seen)
{
	struct curl_fault fault = {ERR_PROTOCOL, NET_FOREIGN, NULL};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (table[i].code == seen->code)
			fault = (struct curl_fault){table[i].err, table[i].fault, table[i].text};
	}
	/* So curl calls an answer without a status line. */
	if (seen->code == CURLE_UNSUPPORTED_PROTOCOL && seen->is_connected)
		fault = (struct curl_fault){ERR_PROTOCOL, NET_NOT_HTTP, NULL};
	if (seen->code == CURLE_COULDNT_CONNECT)
		fault.fault = connect_fault(seen);
	else if (seen->code == CURLE_OPERATION_TIMEDOUT)
		fault.fault = timeout_fault(seen);
	else if (seen->code == CURLE_PEER_FAILED_VERIFICATION)
		fault.fault = verify_fault(seen->verify_result);
	if (!fault.text)
		fault.text = net_fault_text(fault.fault)->en;
	return fault;
}
