/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The HTTP API (design.md §8) of libmicrohttpd within the uv loop. A struct http is one door. Here:
 * the unix socket of binhyenctl, whose login is the file's permissions and the peer's credentials,
 * the door on the office's network, where officers log in over TLS, the one beside it that only
 * leads there, the door of an SMS gateway and that of Zalo's webhook, who prove themselves with
 * each call. A
 * request that writes is suspended until its turn is committed; then it gets its answer, or 503
 * when the commit failed.
 */
#ifndef BINHYEN_HTTP_HTTP_H
#define BINHYEN_HTTP_HTTP_H

#include "daemon/base/buf.h"
#include "daemon/desk/desk.h"

#include <jansson.h>
#include <uv.h>

struct http;
struct auth;
struct intake;
struct settings;
struct site;
struct tls;
struct tls_hosts;

#define HTTP_IDLE_S 30u

struct http_options {
	uv_loop_t *loop; /* borrowed */
	struct store *store;
	struct desk *desk;
	struct auth *auth;     /* who may do what (auth.h); NULL: as if there never were officers */
	struct intake *intake; /* takes what officers enter; NULL where nobody may */
	struct settings *settings; /* that officers may change; NULL where nobody may */
	const char *socket_path;   /* "" = no unix socket */
	/* Instead of the unix socket and its API: TCP on loopback, where an SMS gateway may call
	 * sms_report and sms_message and nothing else. 0 = no. */
	int callback_port;
	const char *callback_address;
	bool is_webhook; /* instead of the gateway, Zalo may call zalo_webhook there */
	/* Instead of the unix socket: TLS at "address:port" on the office's network, with the whole
	 * API and its own rights (nobody there is the box). `tls` and `hosts`, the names by which
	 * the box may be called besides its addresses, are borrowed. NULL = no. */
	const char *listen;
	struct tls *tls;
	const struct tls_hosts *hosts;
	/* The files of the page, borrowed; NULL none. */
	const struct site *site;
	/* With `listen` and without `tls`: plain HTTP that only leads to this port. */
	int redirect_port;
	/* A connection on which nothing moves for so long is cut off. 0: HTTP_IDLE_S; that which
	 * only leads elsewhere has its own. */
	unsigned idle_s;
	/* What only main and relay know: {"version":text,"modems":modem_pool_status(),
	 * "zalo":zalo_status() or null}. Returns a new object (or NULL: out of memory), which
	 * becomes the body of `status` together with what the store counts. */
	json_t *(*status)(void *arg);
	/* A token pair from `zalo set-token`: the object of the token endpoint. ERR_INVALID,
	 * ERR_STATE (no Zalo configured). */
	enum err (*zalo_set_token)(void *arg, const json_t *token, struct errbuf *eb);
	/* zalo_login_begin: the address to open. */
	enum err (*zalo_login)(
		void *arg, const char *actor, struct buf *ret_url, struct errbuf *eb);
	/* zalo_login_code: done is called once, later, with ERR_OK when the new pair is committed,
	 * unless zalo_forget(arg, done_arg) came before. */
	enum err (*zalo_login_code)(void *arg, const char *pasted,
		void (*done)(void *done_arg, enum err err, const struct errbuf *eb), void *done_arg,
		struct errbuf *eb);
	/* zalo_doctor: done is called once, later, with {"findings":[...]}; likewise. */
	enum err (*zalo_doctor)(void *arg,
		void (*done)(void *done_arg, enum err err, const json_t *answer), void *done_arg,
		struct errbuf *eb);
	void (*zalo_forget)(void *arg, const void *done_arg);
	/* What a gateway brings, as an object of strings whose bytes need not be UTF-8; runs in a
	 * savepoint and is answered after the commit. ERR_DENIED: the proof that it is the gateway
	 * fails. */
	enum err (*sms_report)(void *arg, const json_t *fields, struct errbuf *eb);
	enum err (*sms_message)(void *arg, const json_t *fields, struct errbuf *eb);
	/* Asks an official source now (feeds_check). NULL: there is none. */
	enum err (*feed_check)(void *arg, const char *name, struct errbuf *eb);
	/* The SIM and device of a modem are the right ones (modem_pool_accept). */
	enum err (*modem_accept)(void *arg, const char *name, const char *actor, struct errbuf *eb);
	/* modem_pool_preview */
	enum err (*sms_preview)(
		void *arg, const json_t *ask, json_t **ret_answer, struct errbuf *eb);
	/* dispatch_settle_by_hand */
	enum err (*outbox_settle)(void *arg, int64_t outbox_id, const char *how, const char *actor,
		struct errbuf *eb);
	/* Dials a USSD code (modem_pool_ussd): done is called once, later, unless
	 * modem_ussd_forget(arg, done_arg) came before. */
	enum err (*modem_ussd)(void *arg, const char *name, const char *code,
		void (*done)(void *done_arg, enum err err, const json_t *answer), void *done_arg,
		struct errbuf *eb);
	/* What a modem said last (modem_pool_journal), as modem_ussd. */
	enum err (*modem_journal)(void *arg, const char *name,
		void (*done)(void *done_arg, enum err err, const json_t *answer), void *done_arg,
		struct errbuf *eb);
	/* Of both. */
	void (*modem_ussd_forget)(void *arg, const void *done_arg);
	/* Goes through the whole log of events (audit_loop_verify): done is called once, later,
	 * unless audit_forget(arg, done_arg) came before. */
	enum err (*audit_verify)(void *arg,
		void (*done)(void *done_arg, enum err err, const json_t *answer), void *done_arg,
		struct errbuf *eb);
	void (*audit_forget)(void *arg, const void *done_arg);
	/* The copies of the database there are (backup_loop_list); NULL and *ret_err on failure. */
	json_t *(*backups)(void *arg, enum err *ret_err);
	/* Makes one now (backup_loop_ask). ERR_BUSY. */
	enum err (*backup_make)(void *arg, const char *actor, struct errbuf *eb);
	/* What Zalo's webhook brought, as it came (zalo_webhook); signature NULL: no such header.
	 * Runs in a savepoint and is answered after the commit. */
	enum err (*zalo_webhook)(void *arg, const char *body, size_t bytes, const char *signature,
		struct errbuf *eb);
	/* A call of the USSD gateway (ussd_gateway_call); its answer leaves after the commit. NULL:
	 * this is another door. */
	enum err (*ussd)(void *arg, const json_t *fields, const char *forwarded,
		struct buf *ret_answer, bool *ret_is_json, struct errbuf *eb);
	/* Something was queued in this turn, which is not committed yet: dispatch may want to look.
	 */
	void (*wake)(void *arg);
	void *arg;
};
/* Listens with mode 0660 (a stale socket file of a dead daemon is replaced, a live one is
 * ERR_BUSY). `options` is copied, what it points to is borrowed until http_close() has called
 * back; socket_path is copied. */
MUST_CHECK
enum err http_open(const struct http_options *options, struct http **ret_http, struct errbuf *eb);
/* The port on which it listens; 0: on none. */
int http_port(const struct http *http);
/* Ends every connection at once, removes the socket file, frees, then cb (from the loop; NULL is
 * fine). Call turn_end() before: a request that still waits for its commit is cut off without an
 * answer. */
void http_close(struct http *http, void (*cb)(void *arg), void *arg);

#endif
