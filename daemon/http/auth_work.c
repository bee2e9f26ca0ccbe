/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Passphrases are tried in libuv's thread pool, one at a time, in the order in which they came:
 * Argon2id is meant to be slow, and two at once would want twice its memory. The loop hands out the
 * next when one is over, so nothing but the one at work is touched by two threads.
 *
 * Whatever is wrong with a login, the same work is done and the same is answered: a name that
 * nobody has is tried against somebody's key that was made unfit.
 */
#include "daemon/http/auth_private.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/desk/officer.h"
#include "gateway/sms_text.h"
#include "store/event.h"
#include "store/lockout.h"

#include <string.h>

#define EVENT_FAILURES 3 /* a slip of the finger is no event */
#define REFUSED	       "name, passphrase or code is wrong, or the code was used; a code needs right clocks"

struct auth_work *auth_work_new(struct http_request *req, void (*done)(struct auth_work *work))
{
	struct auth_work *work = calloc(1, sizeof(*work));

	if (!work)
		return NULL;
	work->work.data = work;
	work->auth = req->http->options.auth;
	work->req = req;
	work->done = done;
	buf_init(&work->passphrase, AUTH_PASSPHRASE_MAX);
	buf_init(&work->fresh, AUTH_PASSPHRASE_MAX);
	return work;
}

void auth_work_free(struct auth_work *work)
{
	if (!work)
		return;
	buf_wipe(&work->passphrase);
	buf_wipe(&work->fresh);
	keypair_free(work->pair);
	explicit_bzero(work, sizeof(*work));
	free(work);
}

/* In a thread of the pool. */
static void work_run(uv_work_t *handle)
{
	struct auth_work *work = handle->data;

	if (work->has_wrapped)
		work->err = keypair_unwrap(work->wrapped, sizeof(work->wrapped),
			buf_text(&work->passphrase), work->passphrase.len, &work->pair);
	else
		work->err = keypair_new(&work->pair);
	if (!work->err && work->fresh.len)
		work->err = keypair_wrap(work->pair, buf_text(&work->fresh), work->fresh.len,
			work->auth->options.cost, work->rewrapped);
}

static void work_next(struct auth *auth);

static void work_done(uv_work_t *handle, int status)
{
	struct auth_work *work = handle->data;
	struct auth *auth = work->auth;

	(void)status; /* work that runs is never cancelled */
	auth->is_running = false;
	if (work->req)
		work->done(work);
	auth_work_free(work);
	if (auth->is_closing)
		auth_work_ended(auth);
	else
		work_next(auth);
}

static void work_next(struct auth *auth)
{
	struct auth_work *work = auth->first;

	if (auth->is_running || !work)
		return;
	auth->first = work->next;
	if (!auth->first)
		auth->last = NULL;
	auth->waiting--;
	auth->running = work;
	/* Fails only without a function to run. */
	CHECK(uv_queue_work(auth->options.loop, &work->work, work_run, work_done) == 0);
	auth->is_running = true;
}

enum err auth_work_queue(struct auth_work *work)
{
	struct auth *auth = work->auth;

	if (auth->waiting >= AUTH_QUEUE_MAX || auth->is_closing)
		return ERR_BUSY;
	http_answer_begin(work->req);
	if (auth->last)
		auth->last->next = work;
	else
		auth->first = work;
	auth->last = work;
	auth->waiting++;
	work_next(auth);
	return ERR_OK;
}

void auth_work_stop(struct auth *auth)
{
	while (auth->first) {
		struct auth_work *work = auth->first;

		auth->first = work->next;
		auth_work_free(work);
	}
	auth->last = NULL;
	auth->waiting = 0;
}

void auth_forget(struct auth *auth, const struct http_request *req)
{
	if (auth->is_running && auth->running->req == req)
		auth->running->req = NULL;
	for (struct auth_work *work = auth->first; work; work = work->next) {
		if (work->req == req)
			work->req = NULL;
	}
}

/* ---- passphrases -----------------------------------------------------------------------------
 */

enum err auth_passphrase(const char *typed, struct buf *out)
{
	return sms_text_normalize(typed, out);
}

static int letters_of(const char *text)
{
	int count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

/* How many different bytes: "aaaaaaaaaaaa" has one. */
static int kinds_of(const char *text)
{
	bool seen[256] = {false};
	int count = 0;

	for (; *text; text++) {
		count += !seen[(unsigned char)*text];
		seen[(unsigned char)*text] = true;
	}
	return count;
}

enum err auth_passphrase_fit(const struct buf *passphrase, const char *login, struct errbuf *eb)
{
	const char *text = buf_text(passphrase);

	if (letters_of(text) < AUTH_PASSPHRASE_MIN)
		return errbuf_set(eb, ERR_INVALID,
			"a passphrase has at least %d characters: four or five words that do not "
			"belong together",
			AUTH_PASSPHRASE_MIN);
	if (kinds_of(text) < 5 || (strlen(login) > 3 && strstr(text, login)))
		return errbuf_set(eb, ERR_INVALID,
			"the passphrase is too easy to guess: take four or five words that do not "
			"belong together");
	return ERR_OK;
}

/* ---- tries -----------------------------------------------------------------------------------
 */

static void reply_wait(struct http_request *req, int64_t wait_ms)
{
	long long wait_s = (long long)((wait_ms + SECOND_MS - 1) / SECOND_MS);
	char seconds[24];

	snprintf(seconds, sizeof(seconds), "%lld", wait_s);
	http_reply_header(req, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
	http_reply_fail(req, MHD_HTTP_TOO_MANY_REQUESTS, ERR_RATE,
		"too many tries went wrong; try again in %lld s", wait_s);
}

bool auth_try(struct http_request *req, const char *login, int64_t *ret_failures)
{
	struct store *store = req->http->options.store;
	int64_t name_ms = 0, peer_ms = 0, peer_failures;
	enum err err = lockout_wait(store, LOCKOUT_NAME, login, &name_ms);

	if (!err)
		err = lockout_wait(store, LOCKOUT_PEER, req->caller.peer, &peer_ms);
	if (!err && (name_ms || peer_ms)) {
		reply_wait(req, name_ms > peer_ms ? name_ms : peer_ms);
		return false;
	}
	if (!err)
		err = lockout_try(store, LOCKOUT_NAME, login, ret_failures);
	if (!err)
		err = lockout_try(store, LOCKOUT_PEER, req->caller.peer, &peer_failures);
	if (err)
		http_reply_err(req, err, NULL);
	return !err;
}

enum err auth_forgive(struct http_request *req, const char *login)
{
	struct store *store = req->http->options.store;
	enum err err = lockout_forgive(store, LOCKOUT_NAME, login);

	return err ? err : lockout_forgive(store, LOCKOUT_PEER, req->caller.peer);
}

void auth_tell_lockouts(struct auth *auth)
{
	struct auth_lockouts *lockouts = &auth->lockouts;
	int64_t now_ms = clock_mono_ms(store_clock(auth->options.store));
	enum err err;

	if (!lockouts->count ||
		(lockouts->told_ms && now_ms < lockouts->told_ms + AUTH_LOCKOUTS_MS))
		return;
	err = desk_officer_lockouts(auth->options.desk, lockouts->count, lockouts->login);
	if (err) {
		/* Not told is not forgotten: the next one, or the timer, tries again. */
		log_error(
			"auth", "lockouts=%lld err=%s", (long long)lockouts->count, err_name(err));
		return;
	}
	log_warn("auth", "lockouts=%lld told=chief", (long long)lockouts->count);
	*lockouts = (struct auth_lockouts){.told_ms = now_ms};
}

/* The name that was tried is told only when it is an officer's: it may be a passphrase that
 * somebody typed into the wrong line. */
static void note_lockout(const struct auth_work *work)
{
	struct auth_lockouts *lockouts = &work->auth->lockouts;

	if (work->failures <= LOCKOUT_NAME_FREE)
		return;
	lockouts->count++;
	snprintf(lockouts->login, sizeof(lockouts->login), "%s", work->is_known ? work->login : "");
	auth_tell_lockouts(work->auth);
}

void auth_refuse(struct auth_work *work)
{
	struct http_request *req = work->req;
	char subject[48] = "", data[48];
	enum err err = ERR_OK;

	note_lockout(work);
	if (work->is_known)
		snprintf(subject, sizeof(subject), "officer/%lld", (long long)work->officer_id);
	snprintf(data, sizeof(data), "{\"failures\":%lld}", (long long)work->failures);
	if (work->failures >= EVENT_FAILURES)
		err = event_add(
			req->http->options.store, "login.refused", subject, req->actor, data);
	if (err) {
		http_reply_err(req, err, NULL);
	} else {
		http_reply_header(req, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer");
		http_reply_fail(req, MHD_HTTP_UNAUTHORIZED, ERR_AUTH, REFUSED);
	}
	http_answer_end(req);
}
