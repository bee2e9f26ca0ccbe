/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/curl_err.h"

/* openssl/x509_vfy.h; not included, since no header of OpenSSL is otherwise needed. */
#define X509_NOT_YET_VALID 9
#define X509_HAS_EXPIRED   10

static const struct {
	CURLcode code;
	struct curl_fault fault;
} table[] = {
	{CURLE_OK, {ERR_OK, ""}},
	{CURLE_COULDNT_RESOLVE_HOST, {ERR_UNREACHABLE, "name not resolved (DNS or line down)"}},
	{CURLE_COULDNT_RESOLVE_PROXY, {ERR_UNREACHABLE, "name not resolved (DNS or line down)"}},
	{CURLE_COULDNT_CONNECT, {ERR_UNREACHABLE, "no connection"}},
	{CURLE_INTERFACE_FAILED, {ERR_UNREACHABLE, "no connection"}},
	{CURLE_OPERATION_TIMEDOUT, {ERR_TIMEOUT, "no answer in time"}},
	{CURLE_SSL_CONNECT_ERROR, {ERR_UNREACHABLE, "TLS handshake failed"}},
	{CURLE_PEER_FAILED_VERIFICATION, {ERR_UNREACHABLE, "TLS certificate not trusted"}},
	{CURLE_SSL_CACERT_BADFILE,
		{ERR_CONFIG, "no list of certificate authorities (ca-certificates)"}},
	{CURLE_SSL_CIPHER, {ERR_UNREACHABLE, "TLS handshake failed"}},
	{CURLE_SSL_SHUTDOWN_FAILED, {ERR_UNREACHABLE, "connection broke"}},
	{CURLE_GOT_NOTHING, {ERR_UNREACHABLE, "connection broke"}},
	{CURLE_SEND_ERROR, {ERR_UNREACHABLE, "connection broke"}},
	{CURLE_RECV_ERROR, {ERR_UNREACHABLE, "connection broke"}},
	{CURLE_PARTIAL_FILE, {ERR_UNREACHABLE, "connection broke"}},
	{CURLE_HTTP2, {ERR_UNREACHABLE, "connection broke"}},
	{CURLE_HTTP2_STREAM, {ERR_UNREACHABLE, "connection broke"}},
	{CURLE_SEND_FAIL_REWIND, {ERR_UNREACHABLE, "connection broke"}},
	{CURLE_ABORTED_BY_CALLBACK, {ERR_UNREACHABLE, "connection broke"}},
	{CURLE_WEIRD_SERVER_REPLY, {ERR_PROTOCOL, "reply is not HTTP"}},
	{CURLE_UNSUPPORTED_PROTOCOL, {ERR_CONFIG, "address is neither http nor https"}},
	{CURLE_URL_MALFORMAT, {ERR_CONFIG, "address not understood"}},
	{CURLE_OUT_OF_MEMORY, {ERR_NOMEM, "out of memory"}},
};

struct curl_fault curl_fault(CURLcode code, long verify_result)
{
	struct curl_fault fault = {ERR_PROTOCOL, "transfer failed"};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (table[i].code == code)
			fault = table[i].fault;
	}
	if (code != CURLE_PEER_FAILED_VERIFICATION)
		return fault;
	if (verify_result == X509_NOT_YET_VALID)
		fault.text = "TLS certificate not valid yet: is the clock of this machine behind?";
	else if (verify_result == X509_HAS_EXPIRED)
		fault.text = "TLS certificate expired: is the clock of this machine ahead?";
	return fault;
}
