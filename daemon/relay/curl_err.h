/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libcurl's codes in the project's terms: the one place where they are translated. */
#ifndef BINHYEN_RELAY_CURL_ERR_H
#define BINHYEN_RELAY_CURL_ERR_H

#include "daemon/base/err.h"
#include "daemon/relay/net_fault.h"

#include <curl/curl.h>
#include <stdbool.h>

/* What was seen of a transfer that failed. */
struct curl_seen {
	CURLcode code;
	long verify_result; /* CURLINFO_SSL_VERIFYRESULT, which is OpenSSL's X509_V_ERR_... */
	long os_errno;	    /* CURLINFO_OS_ERRNO of a connection that failed */
	bool is_idle;	    /* it waited for its turn: nothing was found out about the network */
	bool has_address;   /* the name was resolved */
	bool is_connected;
	bool is_secured; /* the TLS handshake ended, or none was needed */
	bool tried_ipv4, tried_ipv6;
};

struct curl_fault {
	enum err err;
	enum net_fault fault;
	const char *text; /* for the log; static, without data */
};

struct curl_fault curl_fault(const struct curl_seen *seen);

#endif
