/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/ctl/api.h"

#include "daemon/base/str.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>
#include <sys/un.h>

#define ANSWER_MAX   ((size_t)8 * 1024 * 1024) /* a report of hundreds of entries */
#define CONNECT_MS   5000L
#define TIMEOUT_MS   40000L /* the daemon drops a connection that is idle for 30 s */
#define OUTSIDE_MS   95000L /* it waits 75 s for the network, 60 s for Zalo */
#define USER_AGENT   "binhyenctl"
#define HOW_TO_START "is binhyend running? systemctl status binhyend"

struct transfer {
	struct buf answer;
	CURL *curl;
	FILE *to; /* where the body of a 200 goes instead; NULL */
	bool is_too_big;
	bool is_unwritten;
};

void api_answer_done(struct api_answer *answer)
{
	json_decref(answer->body);
	answer->body = NULL;
}

static size_t answer_data(char *data, size_t size, size_t count, void *arg)
{
	struct transfer *transfer = arg;
	long status = 0;

	curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &status);
	if (transfer->to && status == 200) {
		transfer->is_unwritten = fwrite(data, size, count, transfer->to) != count;
		return transfer->is_unwritten ? 0 : size * count;
	}
	if (buf_add(&transfer->answer, data, size * count) != ERR_OK) {
		transfer->is_too_big = true;
		return 0;
	}
	return size * count;
}

static enum err connect_failed(const char *path, long errnum, struct errbuf *eb)
{
	switch (errnum) {
	case ENOENT:
		return errbuf_set(eb, ERR_NOT_FOUND,
			"there is no socket %s; " HOW_TO_START
			"; or name its http.socket by --socket or --config",
			path);
	case EACCES:
	case EPERM:
		return errbuf_set(eb, ERR_DENIED,
			"you may not use the socket %s; become a member of its group (ls -l %s) or "
			"use sudo",
			path, path);
	case EAGAIN:
		return errbuf_set(eb, ERR_BUSY,
			"binhyend is too busy to take a connection on %s; try again", path);
	default:
		return errbuf_set(eb, ERR_UNREACHABLE, "nobody answers on %s; " HOW_TO_START, path);
	}
}

/* curl's codes to ours. */
static enum err transfer_failed(CURL *curl, CURLcode code, const char *path, bool is_post,
	const struct transfer *transfer, struct errbuf *eb)
{
	long errnum = 0;

	if (transfer->is_too_big)
		return errbuf_set(eb, ERR_TOO_BIG,
			"the answer of binhyend is too long; ask for "
			"less with --limit");
	if (transfer->is_unwritten)
		return errbuf_set(eb, ERR_IO, "the file cannot be written: %s", strerror(errno));
	if (code == CURLE_COULDNT_CONNECT) {
		curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &errnum);
		return connect_failed(path, errnum, eb);
	}
	if (code == CURLE_OUT_OF_MEMORY)
		return errbuf_set(eb, ERR_NOMEM, "out of memory");
	if (is_post)
		return errbuf_set(eb, ERR_IN_DOUBT,
			"binhyend gave no answer (%s): it may have been stored or not; look before "
			"you repeat it, with binhyenctl status or binhyenctl report N",
			curl_easy_strerror(code));
	if (code == CURLE_OPERATION_TIMEDOUT)
		return errbuf_set(
			eb, ERR_TIMEOUT, "binhyend does not answer on %s; " HOW_TO_START, path);
	return errbuf_set(
		eb, ERR_UNREACHABLE, "%s: %s; " HOW_TO_START, path, curl_easy_strerror(code));
}

static long timeout_of(const char *url)
{
	static const char *const ends[] = {"/ussd", "/journal", "/zalo/login/code", "/zalo/doctor"};
	size_t len = strlen(url);

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		size_t end = strlen(ends[i]);

		if (len > end && str_eq(url + len - end, ends[i]))
			return OUTSIDE_MS;
	}
	return TIMEOUT_MS;
}

static bool set_options(CURL *curl, const char *socket_path, const char *url,
	const struct buf *body, struct curl_slist *headers, struct transfer *transfer)
{
	bool ok;

	ok = curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, socket_path) == CURLE_OK &&
	     curl_easy_setopt(curl, CURLOPT_URL, url) == CURLE_OK &&
	     curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http") == CURLE_OK &&
	     curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK &&
	     curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	     curl_easy_setopt(curl, CURLOPT_USERAGENT, USER_AGENT) == CURLE_OK &&
	     curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS) == CURLE_OK &&
	     curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_of(url)) == CURLE_OK &&
	     curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, answer_data) == CURLE_OK &&
	     curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer) == CURLE_OK &&
	     curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK;
	if (!ok || !body)
		return ok;
	return curl_easy_setopt(curl, CURLOPT_POST, 1L) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body->len) ==
		       CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_POSTFIELDS, buf_text(body)) == CURLE_OK;
}

/* NULL: out of memory. */
static struct curl_slist *headers_of(const struct api_door *door)
{
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json"),
			  *more;
	char line[160];

	if (!headers || !door->token[0])
		return headers;
	snprintf(line, sizeof(line), "Authorization: Bearer %s", door->token);
	more = curl_slist_append(headers, line);
	explicit_bzero(line, sizeof(line));
	if (!more)
		curl_slist_free_all(headers);
	return more;
}

static enum err perform(const struct api_door *door, const char *path, const struct buf *body,
	FILE *to, struct api_answer *ret_answer, struct errbuf *eb)
{
	const char *socket_path = door->socket_path;
	struct transfer transfer = {.to = to};
	struct curl_slist *headers = NULL;
	CURL *curl = NULL;
	char url[640];
	CURLcode code;
	enum err err = ERR_NOMEM;

	if (strlen(socket_path) >= sizeof(((struct sockaddr_un *)NULL)->sun_path))
		return errbuf_set(eb, ERR_TOO_BIG, "the socket path has %zu bytes, at most %zu fit",
			strlen(socket_path), sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1);
	buf_init(&transfer.answer, ANSWER_MAX);
	snprintf(url, sizeof(url), "http://binhyen%s", path);
	curl = curl_easy_init();
	transfer.curl = curl;
	headers = headers_of(door);
	if (!curl || !headers || !set_options(curl, socket_path, url, body, headers, &transfer)) {
		errbuf_set(eb, err, "out of memory");
		goto done;
	}
	code = curl_easy_perform(curl);
	if (code != CURLE_OK) {
		err = transfer_failed(curl, code, socket_path, body != NULL, &transfer, eb);
		goto done;
	}
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &ret_answer->status);
	ret_answer->body = json_loadb(
		buf_text(&transfer.answer), transfer.answer.len, JSON_REJECT_DUPLICATES, NULL);
	err = ERR_OK;
done:
	buf_wipe(&transfer.answer);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	return err;
}

enum err api_request(const struct api_door *door, const char *path, const struct buf *body,
	struct api_answer *ret_answer, struct errbuf *eb)
{
	return perform(door, path, body, NULL, ret_answer, eb);
}

enum err api_download(const struct api_door *door, const char *path, const struct buf *body,
	FILE *to, struct api_answer *ret_answer, struct errbuf *eb)
{
	return perform(door, path, body, to, ret_answer, eb);
}
