/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One request of the API, from its first header to its last answered byte. Owned by request.c; a
 * handler fills in the answer with exactly one http_reply_*() before it returns and keeps nothing.
 *
 *     RECEIVING ──→ READY ──→ answered          a read, or anything that was refused
 *         └──→ WAITING ──→ READY                a write: suspended until its turn is committed, or
 *                                               until a modem has answered
 */
#ifndef BINHYEN_HTTP_REQUEST_H
#define BINHYEN_HTTP_REQUEST_H

#include "daemon/base/buf.h"
#include "daemon/http/http.h"
#include "daemon/http/router.h"
#include "store/media.h"

#include <microhttpd.h>

/* Bytes of a body that is looked at: an answer has 4,000, a token pair 2,000. */
#define HTTP_BODY_MAX (64 * 1024)
/* Bytes of a body that is read only to be refused politely; past them the connection is cut. */
#define HTTP_DRAIN_MAX	  (1024 * 1024)
#define HTTP_PAGE_DEFAULT 50
#define HTTP_PAGE_MAX	  200 /* rows of a list: some 50 KB of JSON */

/* Who asks. `who` of rights.h: what he is, all of it while the box has no officers. */
struct session;
struct site_file;
struct stream;
struct http_caller {
	unsigned who;
	int64_t officer_id;	 /* 0: nobody is logged in */
	struct session *session; /* NULL likewise; it may end within the request that ends it */
	char peer[48];		 /* "uid1000", or his address: for lock-outs */
};

#define HTTP_HEADERS_MAX 3 /* of an answer, besides those that all have */
struct http_header {
	const char *name;
	char value[192];
};

enum request_state { REQUEST_RECEIVING, REQUEST_WAITING, REQUEST_READY };

struct http_request {
	struct http *http;
	struct MHD_Connection *connection;
	struct http_request *prev, *next; /* among those that wait for a commit */
	enum request_state state;
	const struct http_route *route; /* NULL: no such path or method */
	const char *allow;		/* the methods of the path when only the method is wrong */
	char param[HTTP_PARAM_BYTES];
	bool is_asking; /* waits for something else than its commit: http_answer_begin() */
	struct http_caller caller;
	char actor[48]; /* "officer:truong.ca"; "officer:uid1000", the peer's credentials, while
			   there are no officers; "box:uid1000" when nobody is logged in */
	int64_t started_ms;
	struct buf body;
	size_t body_bytes; /* received, kept or not */
	/* The answer. */
	unsigned status;
	const char *content_type;
	char *answer; /* owned; wiped when freed */
	size_t answer_bytes;
	struct media_reader *media; /* owned; the answer instead of `answer` */
	uint64_t media_bytes;
	char media_type[64];
	char *disposition;	      /* owned */
	struct stream *stream;	      /* owned; likewise: of events */
	const struct site_file *file; /* of the page: the answer instead of `answer` */
	struct http_header headers[HTTP_HEADERS_MAX];
	int header_count;
	int64_t begun_session; /* by this request: ended again when its commit fails; 0 none */
};

/* Callbacks of the daemon; cls is the struct http. */
enum MHD_Result request_handle(void *cls, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *data, size_t *data_bytes,
	void **con_cls);
void request_completed(void *cls, struct MHD_Connection *connection, void **con_cls,
	enum MHD_RequestTerminationCode toe);
/* Lets go of a request that waits for its commit: it is closed without an answer. */
void request_drop(struct http_request *req);

/* Within the handler of a write: its answer comes later, by http_answer_end(). What it wrote is
 * committed meanwhile. A request that is cut off before is told
 * to modem_ussd_forget, zalo_forget and audit_forget. */
void http_answer_begin(struct http_request *req);
/* Exactly once after it, with the answer filled in. */
void http_answer_end(struct http_request *req);

/* The same, with an answer that may leave only after the commit of what was written meanwhile. */
void http_answer_commit(struct http_request *req);

/* Whether who asks has closed his side. libmicrohttpd does not look at a connection that is
 * suspended before its next heartbeat. */
bool http_client_is_gone(const struct http_request *req);

/* One more header of the answer; it stays when the answer is replaced. */
void http_reply_header(struct http_request *req, const char *name, const char *value);
/* Takes over `object`; NULL (out of memory while it was built) becomes 503. */
void http_reply_json(struct http_request *req, unsigned status, json_t *object);
void http_reply_text(
	struct http_request *req, unsigned status, const char *content_type, struct buf *text);
/* The same, to be saved under that name and not shown. */
void http_reply_download(
	struct http_request *req, const char *mime, const char *name, struct buf *body);
/* No words at all, as plain text: Kannel would text them to the resident who wrote. */
void http_reply_empty(struct http_request *req, unsigned status);
/* A stored file, piece by piece; takes the reader over. name: as its sender called it, "" none. */
void http_reply_media(struct http_request *req, const char *mime, const char *name, uint64_t bytes,
	struct media_reader *media);
/* {"error":NAME,"message":...,"message_vi":...} with the status that fits; eb may be NULL. */
void http_reply_err(struct http_request *req, enum err err, const struct errbuf *eb);
/* The same with another status. */
void http_reply_status(
	struct http_request *req, unsigned status, enum err err, const struct errbuf *eb);
/* And with a message of its own, as by errbuf_set. */
void http_reply_fail(struct http_request *req, unsigned status, enum err err, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

/* The body as a JSON object; ERR_INVALID says where it does not parse. */
MUST_CHECK
enum err http_body_object(struct http_request *req, json_t **ret_object, struct errbuf *eb);
/* The body says nothing: an object without members. */
MUST_CHECK
enum err http_body_empty(struct http_request *req, struct errbuf *eb);

/* jansson frees without wiping: for a body that held a secret. NULL is fine. */
void http_body_wipe(json_t *object);

/* Of the query; NULL: not given. Borrowed from the connection. */
const char *http_argument(struct http_request *req, const char *name);
/* ?limit=1..200&before=ID of a list. */
struct http_page {
	int limit;
	int64_t before;
};
MUST_CHECK
enum err http_page_get(struct http_request *req, struct http_page *ret_page, struct errbuf *eb);

#endif
