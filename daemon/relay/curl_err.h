/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libcurl's codes in the project's terms: the one place where they are translated. */
#ifndef BINHYEN_RELAY_CURL_ERR_H
#define BINHYEN_RELAY_CURL_ERR_H

#include "daemon/base/err.h"

#include <curl/curl.h>

struct curl_fault {
	enum err err;
	const char *text; /* for the log and the officer's status page; static, without data */
};

/* verify_result: CURLINFO_SSL_VERIFYRESULT, which is OpenSSL's X509_V_ERR_... */
struct curl_fault curl_fault(CURLcode code, long verify_result);

#endif
