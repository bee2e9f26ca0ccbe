/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of struct zalo, for daemon/relay/zalo*.c only. Each part has a tick that does what is
 * due and answers when it is due next (monotonic ms, INT64_MAX never); zalo_wake() runs them all in
 * the next pass of the loop.
 */
#ifndef BINHYEN_RELAY_ZALO_PRIVATE_H
#define BINHYEN_RELAY_ZALO_PRIVATE_H

#include "daemon/relay/dispatch.h"
#include "daemon/relay/http_client.h"
#include "daemon/desk/media_type.h"
#include "daemon/relay/zalo.h"
#include "daemon/relay/zalo_codes.h"
#include "daemon/relay/zalo_group.h"
#include "daemon/relay/zalo_consent.h"
#include "daemon/relay/zalo_content.h"
#include "daemon/relay/zalo_rate.h"
#include "daemon/relay/zalo_rows.h"
#include "daemon/relay/zalo_text.h"
#include "daemon/relay/zalo_step.h"
#include "daemon/relay/zalo_tally.h"
#include "store/party_channel.h"
#include "store/traffic.h"
#include "store/zalo_state.h"

#include <nettle/md5.h>

#define ZALO_URL_MAX	2048
#define ZALO_REPLY_MAX	(1024 * 1024) /* ten rows are some 20 KB */
#define ZALO_GET_MS	(15 * SECOND_MS)
#define ZALO_POST_MS	(30 * SECOND_MS)
#define ZALO_SECRET_MAX 256 /* bytes of the app secret; 20 today */

/* ---- zalo_auth.c: the token pair -------------------------------------------------------------
 */

#define ZALO_AUTH_TABLE(X) \
	X(NO_TOKEN, "no_token") \
	X(OK, "ok") \
	X(REFRESHING, "refreshing") \
	X(DOUBTFUL, "doubtful") \
	X(NEEDS_CONSENT, "needs_consent")
enum zalo_auth_state {
#define X(name, text) ZALO_AUTH_##name,
	ZALO_AUTH_TABLE(X)
#undef X
};
const char *zalo_auth_state_text(enum zalo_auth_state state);

/* Pages of their own, locked and left out of core dumps. */
struct zalo_secrets {
	struct zalo_token pair;
	struct zalo_token fresh; /* received, not committed yet */
	char app_secret[ZALO_SECRET_MAX];
	char verifier[ZALO_VERIFIER_CHARS + 1]; /* of the login under way */
	char oa_secret[ZALO_SECRET_MAX];	/* of the webhook; "" not given */
};

struct zalo_auth {
	enum zalo_auth_state state;
	enum zalo_auth_state before; /* REFRESHING: where to go back */
	enum zalo_auth_state told;   /* by an event */
	struct zalo_secrets *secrets;
	bool has_pair;
	bool is_access_dead; /* the API refused it */
	bool is_marking; /* the attempt mark waits for its commit; its address is the turn's key */
	bool is_fresh;	 /* secrets->fresh must be saved */
	bool is_saving;	 /* and waits for its commit */
	bool is_going_back;   /* to the pair before, waits for its commit */
	bool is_from_person;  /* fresh was given by zalo_set_token */
	bool is_doubt_wait;   /* next_try_ms only spares a chain whose access token works */
	int64_t next_try_ms;  /* monotonic: no refresh, no saving before */
	int64_t refreshed_ms; /* monotonic, of the last good refresh; 0 = none */
	unsigned failures;
	struct http_transfer *transfer;
	enum err err;
	const char *text; /* of err; static */
};

MUST_CHECK
enum err zalo_auth_open(struct zalo *z, const char *app_secret, struct errbuf *eb);
void zalo_auth_close(struct zalo *z); /* forgets its turns, wipes */
int64_t zalo_auth_tick(struct zalo *z);
bool zalo_auth_is_usable(const struct zalo *z);
/* The access token: not refused, not expired; also while a refresh is under way. */
bool zalo_auth_works(const struct zalo *z);
/* Is there any hope of a usable token without a person, soon? */
bool zalo_auth_is_pending(const struct zalo *z);
/* The API refused the access token of this generation. */
void zalo_auth_refused(struct zalo *z, int64_t generation);

/* A refresh, a login or the saving of a pair is under way. */
bool zalo_auth_is_busy(const struct zalo *z);
/* A pair that a person brought: validated, to be saved in this turn and used once it is committed;
 * then zalo_login_saved() is called. */
MUST_CHECK
enum err zalo_auth_take(struct zalo *z, const struct zalo_pair *pair);
/* For zalo_refresh.c: another state, with what is told of it (`why` is static); a pair that was
 * just received; and its saving, after which it is in use. */
void zalo_auth_move(struct zalo *z, enum zalo_auth_state to, enum err err, const char *why);
MUST_CHECK
enum err zalo_auth_set_fresh(struct zalo *z, const struct zalo_pair *pair);
MUST_CHECK
enum err zalo_auth_save(struct zalo *z);

/* ---- zalo_refresh.c: a new pair for the old one ----------------------------------------------
 */

/* Until a doubtful chain is tried although its access token works: long enough for that to be tried
 * first, short enough for a grace that the token endpoint might give. */
#define ZALO_DOUBT_MS (30 * SECOND_MS)
/* Marks the attempt; it leaves after the commit. */
void zalo_refresh_begin(struct zalo *z);

/* ---- zalo_grant.c: the token endpoint --------------------------------------------------------
 */

struct zalo_field {
	const char *name; /* NULL ends a list */
	const char *value;
};
/* Adds app_id and the secret; `done` gets the struct zalo. */
MUST_CHECK
enum err zalo_grant_post(struct zalo *z, const struct zalo_field *fields, http_done_fn done,
	struct http_transfer **ret_transfer);

/* ---- zalo_login.c: a person's consent --------------------------------------------------------
 */

struct zalo_login {
	char state[ZALO_STATE_CHARS + 1];
	int64_t until_ms; /* monotonic; 0: none under way */
	struct http_transfer *transfer;
	bool is_saving;
	zalo_login_fn done; /* of the code that is being exchanged */
	void *done_arg;
};
void zalo_login_saved(struct zalo *z, enum err committed);

/* ---- zalo_alarm.c: what a person is told -----------------------------------------------------
 */

struct zalo_alarm {
	enum err (*fn)(void *arg, const char *phrase_key, const struct phrase_field *fields);
	void *arg;
	bool is_telling; /* waits for its commit */
	int bit;
	int64_t generation;
	int64_t wait_ms; /* monotonic */
};
int64_t zalo_alarm_tick(struct zalo *z);
bool zalo_alarm_ends_soon(const struct zalo *z);

/* ---- zalo_call.c: one call of the API --------------------------------------------------------
 */

struct zalo_call;
/* The answer is borrowed for the call. The call may be started again or freed from here. */
typedef void (*zalo_call_fn)(struct zalo_call *call, const struct zalo_answer *answer);

/* Embedded by its owner. Waits for a refresh and repeats itself once when the token is refused. */
struct zalo_call {
	struct zalo *zalo;
	zalo_call_fn done;
	struct buf url;
	struct buf body; /* empty: GET */
	struct http_transfer *transfer;
	int64_t generation; /* of the pair it went out with */
	int64_t give_up_ms; /* monotonic: longest wait for a refresh */
	enum zalo_use use;
	enum zalo_api api;	  /* whose error codes it gets; OA unless changed */
	const char *content_type; /* a header line of a POST, borrowed; NULL = JSON */
	int64_t deadline_ms;	  /* 0 = that of its kind */
	bool is_waiting;	  /* for a refresh; in zalo->waiting */
	bool is_repeat;
	struct zalo_call *next;
};

void zalo_call_init(struct zalo_call *call, struct zalo *z, enum zalo_use use, zalo_call_fn done);
void zalo_call_free(struct zalo_call *call); /* must not be under way */
/* path: "/v2.0/oa/..." with its query, appended to api_url. Empties the body. */
MUST_CHECK
enum err zalo_call_path(struct zalo_call *call, const char *path);
/* The same on another host. */
MUST_CHECK
enum err zalo_call_url(struct zalo_call *call, const char *base, const char *path);
/* ERR_AUTH: no usable token; ERR_RATE: no room this minute; then done is not called. */
MUST_CHECK
enum err zalo_call_start(struct zalo_call *call);
bool zalo_call_is_active(const struct zalo_call *call);
/* Calls done at once with is_cancelled; nothing when it is not under way. */
void zalo_call_cancel(struct zalo_call *call);
/* Repeats or ends the calls that wait for a refresh. */
int64_t zalo_call_tick(struct zalo *z);

/* ---- zalo_take.c: a message, by whichever way it came ----------------------------------------
 */

/* Borrowed for the call. */
struct zalo_message {
	const char *message_id;
	const char *quoted_id; /* the message that it answers; NULL or "" none, or not told */
	const char *from_id;
	const char *group_id; /* "" = privately */
	bool is_anonymous;    /* a visitor whom nobody can answer */
	int64_t time_ms;
	const struct zalo_content *content;
	const json_t *json; /* all of it, to be kept raw */
};
/* To intake, in this turn. ERR_OK also for one that was here before. */
MUST_CHECK
enum err zalo_take(struct zalo *z, const struct zalo_message *message);
/* What is no message at all is kept as it is. */
MUST_CHECK
enum err zalo_take_bad(struct zalo *z, bool is_group, const char *reason, const json_t *json);

/* ---- zalo_poll.c -----------------------------------------------------------------------------
 */

#define ZALO_SEEN_MAX 512 /* several times what the overlap of ten minutes holds */

/* What a round reads. */
enum zalo_round {
	ROUND_WALK,   /* down to the floor, or on from where the last one was cut */
	ROUND_GLANCE, /* one page of the newest, while a long walk is under way */
	ROUND_COUNT,  /* one page, to see whether others have written between our own messages */
	ROUND_DIG,    /* they have: from the newest down to what was read before */
};

/* One of the two lists. */
struct zalo_poll {
	struct zalo_call call;
	enum zalo_round kind;
	bool is_group;
	struct zalo_rows *rows;	   /* of this round */
	struct zalo_cursor cursor; /* as committed */
	struct zalo_cursor next;   /* as it will be with this round */
	int64_t saved_covered_ms;  /* as on the disk, which a quiet poll does not touch */
	int64_t offset;
	int pages;
	int back_pages;	    /* how far the walk goes back when its edge is not met again */
	int overlap_pages;  /* below the floor, with nothing but our own messages */
	bool is_walk_over;  /* reached the floor or the end of the list */
	bool is_at_end;	    /* the end of the list, above the floor */
	bool is_resumed;    /* goes on with the walk of an earlier round */
	bool is_quiet;	    /* nothing was on its way to users when it began */
	bool is_blurred;    /* a count has to be done again */
	int64_t dig_offset; /* where reading after a count goes on; 0 = it need not */
	int64_t dig_sent;   /* messages to users that had gone by then */
	bool is_committing;
	enum err pending_err; /* why the round was cut short, told once its rows are committed */
	const char *pending_text;
	int64_t pending_wait_ms;
	int64_t oldest_ms;
	int64_t begun_ms;  /* Zalo's time when the walk began; 0 = in an earlier life */
	int64_t round_ms;  /* monotonic: the last round began */
	int64_t glance_ms; /* monotonic: the newest were looked at */
	int64_t walk_ms;   /* monotonic: the last walk was over */
	int64_t due_ms;	   /* monotonic */
	int64_t last_ms;   /* wall, of the last good round; 0 never */
	unsigned failures;
	enum err err;
	const char *text;		 /* of err; static */
	uint8_t seen[ZALO_SEEN_MAX][32]; /* digests of rows that are committed */
	size_t seen_count;
};

MUST_CHECK
enum err zalo_poll_open(struct zalo *z, struct errbuf *eb);
void zalo_poll_close(struct zalo *z);
int64_t zalo_poll_tick(struct zalo *z);
void zalo_poll_soon(struct zalo *z);
/* What an officer has to know of what came in, and did not. */
json_t *zalo_receive_status(const struct zalo *z);

/* How long after a round the next one is due. */
int64_t zalo_poll_wait_ms(struct zalo_poll *p);
/* Bulletins to users wait no longer for this poll, or for one more page of it. */
void zalo_hush_end(struct zalo_poll *p);
void zalo_hush_go_on(struct zalo_poll *p);

/* zalo_round.c: begins a round of the kind that p has. is_quiet: nothing is on its way to users. */
void zalo_round_begin(struct zalo_poll *p, bool is_quiet);
/* A page of it has come, or has not. */
void zalo_round_page(struct zalo_call *call, const struct zalo_answer *answer);
const char *zalo_cursor_name(const struct zalo_poll *p);

/* zalo_gap.c: the list ended above what was known. Notes what its walk can't have seen. */
MUST_CHECK
enum err zalo_gap_check(struct zalo *z, const struct zalo_poll *p);

/* ---- zalo_webhook.c --------------------------------------------------------------------------
 */

struct zalo_webhook_state {
	int64_t last_ms;	/* wall: a call that was Zalo's; 0 none */
	int64_t unsigned_calls; /* dropped for want of the secret */
};
json_t *zalo_webhook_status(const struct zalo *z);

/* ---- zalo_receipt.c: what has reached a phone ------------------------------------------------
 */

/* Of an event of the kind ARRIVED. */
struct zalo_event;
MUST_CHECK
enum err zalo_receipt(struct zalo *z, const struct zalo_event *event);

/* ---- zalo_media.c: what came with messages ---------------------------------------------------
 */

#define ZALO_FETCHES 2 /* at the same time: of four connections the sends keep two */

struct zalo_fetch {
	struct zalo *zalo;
	int64_t id; /* of the attachment; 0 = free */
	enum attachment_kind kind;
	struct http_transfer *transfer;
	struct media_writer *writer; /* NULL until the first piece */
	struct buf url;
	bool as_given;
	bool is_public;
	bool is_committing;
	int redirects;
	int64_t bytes;
	struct md5_ctx md5;
	char md5_hex[ATTACHMENT_MD5_HEX]; /* as told; "" not */
	uint8_t head[MEDIA_HEAD_BYTES];
	size_t head_bytes;
	struct media_file file; /* finished, its row not committed yet */
};

struct zalo_media {
	struct zalo_fetch fetch[ZALO_FETCHES];
	int64_t due_ms; /* monotonic: not before, after a failure of the disk */
	bool is_back;	/* the line was away: all that wait are due */
};

MUST_CHECK
enum err zalo_media_open(struct zalo *z, struct errbuf *eb);
void zalo_media_close(struct zalo *z);
int64_t zalo_media_tick(struct zalo *z);
void zalo_media_back(struct zalo *z);
json_t *zalo_media_status(const struct zalo *z);

/* ---- zalo_settle.c: what became of sends in doubt --------------------------------------------
 */

struct zalo_settle {
	struct zalo_call call;
	struct zalo_rows *rows;
	int64_t outbox_id; /* under way; 0 none */
	int64_t claimed_ms;
	enum channel_kind kind;
	int64_t party_id;
	struct buf address;
	struct zalo_step step; /* what it was about to say */
	int64_t offset;
	int pages;
	int64_t due_ms;	  /* monotonic */
	int64_t sure_ms;  /* monotonic: before, an attempt is too fresh to be called unsent */
	int64_t after_id; /* the one read last, so that one that can't be settled starves no other
			   */
};

MUST_CHECK
enum err zalo_settle_open(struct zalo *z);
void zalo_settle_close(struct zalo *z);
int64_t zalo_settle_tick(struct zalo *z);
/* A send has just ended in doubt: look soon, but call nothing unsent for a minute. */
void zalo_settle_soon(struct zalo *z);
/* Rows of the OA itself seen by the poll may settle sends to users. */
MUST_CHECK
enum err zalo_settle_rows(struct zalo *z, const struct zalo_rows *rows);

/* ---- zalo_window.c: may this user be written to? ---------------------------------------------
 */

enum zalo_window_state {
	ZALO_WINDOW_OPEN,
	ZALO_WINDOW_CLOSED,
	ZALO_WINDOW_ASK,    /* Zalo knows better, perhaps */
	ZALO_WINDOW_UNPAID, /* it would cost something, and the account can't pay */
};
struct zalo_window {
	enum zalo_window_state state;
	int64_t code; /* why it is closed, or what Zalo would say */
	bool is_free; /* one of the first answers after he interacted */
};
/* Why only what is free is sent to users; code 0: it isn't so. */
struct zalo_unpaid {
	int64_t until_ms; /* monotonic: then it is tried again */
	int64_t code;
};
/* A phone (zns) has no window, but may be known not to be reached. */
MUST_CHECK
enum err zalo_window_look(struct zalo *z, enum channel_kind channel, int64_t party_id,
	struct zalo_window *ret_window);
/* Prepares the question for his last interaction and his free answers, and takes the answer's data.
 */
MUST_CHECK
enum err zalo_window_request(struct zalo_call *call, const char *user_id);
MUST_CHECK
enum err zalo_window_told(struct zalo *z, int64_t party_id, const json_t *data);
/* What the answer to a send says of them; there are none left. */
void zalo_window_spent(struct zalo *z, int64_t party_id, const json_t *data);
MUST_CHECK
enum err zalo_window_empty(struct zalo *z, int64_t party_id);
/* He did something that shows in no list. Of a user who never wrote, nothing is kept. */
MUST_CHECK
enum err zalo_window_heard(struct zalo *z, const char *user_id, int64_t at_ms);
/* He can't be reached there: not tried again for a while, unless he writes. ret_is_new: that is not
 * known yet. */
MUST_CHECK
enum err zalo_window_refused(struct zalo *z, enum channel_kind channel, int64_t party_id,
	int64_t code, bool *ret_is_new);

/* ---- zalo_upload.c: pictures and files -------------------------------------------------------
 */

struct zalo_upload {
	struct zalo_call call;
	int64_t enclosure_id; /* under way; 0 none */
	enum enclosure_kind kind;
	struct buf content_type;
};

void zalo_upload_open(struct zalo *z);
void zalo_upload_close(struct zalo *z); /* zalo_send_uploaded is called for what was under way */
/* ERR_BUSY: another one is under way; ERR_RATE, ERR_AUTH as of a call; ERR_TOO_BIG,
 * ERR_UNSUPPORTED, ERR_NOT_FOUND: never. */
MUST_CHECK
enum err zalo_upload_start(
	struct zalo *z, int64_t enclosure_id, const struct enclosure *attachment);
/* Does Zalo take a file of that name and size? */
bool zalo_upload_takes(enum enclosure_kind kind, const char *name, size_t bytes);

/* ---- zalo_zns.c: template messages to a phone number -----------------------------------------
 */

struct zalo_zns_report {
	struct zalo_call call;
	int64_t outbox_id; /* asked for; 0 none */
	int64_t after_id;  /* the one asked for last in this round */
	int64_t due_ms;	   /* monotonic */
};

#define ZALO_TRACKING_PREFIX "bh" /* before the number of the row */
/* ERR_INVALID: the row's text is no {"template_id","template_data"}. */
MUST_CHECK
enum err zalo_zns_body(const char *phone, const char *text, int64_t outbox_id, struct buf *out);
/* What the answer to a send says about the day's quota. */
void zalo_zns_note(struct zalo *z, const struct zalo_answer *answer);
void zalo_zns_open(struct zalo *z);
void zalo_zns_close(struct zalo *z);
int64_t zalo_zns_tick(struct zalo *z);

/* ---- zalo_channel.c: the three channels --------------------------------------------------------
 */

struct zalo_channel {
	struct channel channel;
	struct zalo *zalo;
	bool is_closed;
	bool wants_close_cb;
	int64_t told_code;  /* why it stopped, as a person was told; 0 none */
	int64_t stopped_ms; /* monotonic: the account can't send this way before */
	struct zalo_send *sends;
	unsigned bulk; /* admitted or under way, of the lanes that wait for alarms */
};

void zalo_send_open(struct zalo *z);
/* Ends every send and calls the close callbacks that are owed. */
void zalo_send_close(struct zalo *z);
int64_t zalo_send_tick(struct zalo *z);
/* An upload ended: those that waited for it go on, or end like it. */
void zalo_send_uploaded(struct zalo *z, int64_t enclosure_id, const struct send_outcome *outcome);
/* Is a message to this correspondent under way? */
bool zalo_send_is_flying(const struct zalo *z, int64_t party_id);
/* What was sent to users is in their list by now. */
bool zalo_send_is_quiet(const struct zalo *z);

/* ---- zalo_gate.c: how much may be sent now ---------------------------------------------------
 */

extern const struct channel_gate zalo_gate;
enum zalo_use zalo_gate_use(const struct send *req);
/* What was admitted has been handed over: it takes its call from the rate by itself. */
void zalo_gate_handed(struct zalo *z);
void zalo_gate_ended(struct zalo_channel *c, const struct send *req);
/* Wakes the dispatcher when there is room again for what was kept back. */
int64_t zalo_gate_tick(struct zalo *z);
/* Recomputes capacity and reachability; wakes the dispatcher when they changed. */
void zalo_channels_update(struct zalo *z);

/* ---- zalo_doctor.c: what the account can do --------------------------------------------------
 */

struct zalo_doctor {
	struct zalo_call call;
	size_t step;
	json_t *findings;    /* NULL: not at work */
	bool is_asked;	     /* begins with the next tick */
	zalo_doctor_fn done; /* NULL: nobody waits for it any more */
	void *done_arg;
};

void zalo_doctor_open(struct zalo *z);
void zalo_doctor_close(struct zalo *z);
void zalo_doctor_tick(struct zalo *z);

/* ---- zalo_reach.c: is it there, and what does it cost ----------------------------------------
 */

struct zalo_reach {
	enum net_fault fault;	   /* why it is not; NET_NONE while it is */
	int64_t since_ms;	   /* wall: there, or not there, since */
	struct http_traffic saved; /* of what the HTTP client counted, in the store */
	struct traffic saving;	   /* in this turn */
	bool is_saving;
	int64_t save_due_ms; /* monotonic */
	struct http_transfer *probe;
	bool is_probe_wanted; /* although it seems to be there */
};

void zalo_reach_open(struct zalo *z);
void zalo_reach_close(struct zalo *z);
int64_t zalo_reach_tick(struct zalo *z);
/* The outcome of any exchange with the API, for reachability. */
void zalo_link_note(struct zalo *z, const struct zalo_answer *answer);
/* Something that was none of the API's calls failed: find out whether Zalo is there. */
void zalo_probe_soon(struct zalo *z);
json_t *zalo_reach_status(const struct zalo *z);
/* Null when it can't be read. */
json_t *zalo_traffic_status(struct zalo *z);

/* ---- zalo.c ----------------------------------------------------------------------------------
 */

struct zalo {
	uv_loop_t *loop;
	struct store *store;
	struct intake *intake;
	struct desk *desk;
	struct dispatch *dispatch;
	struct clock *clock;
	const struct config_zalo *config;
	struct http_client *http;
	uv_timer_t timer;
	bool has_timer;
	struct rng rng;
	struct zalo_rate rate;
	struct zalo_link link;
	int admitted;	      /* sends that will take a call each, and have not yet */
	bool is_rate_awaited; /* something was kept back for want of calls */
	bool is_shared;	      /* HTTP/2: one connection serves many calls */
	bool is_hushed;	      /* no bulletin to users begins: the poll is about to count */
	int64_t hush_ms;      /* monotonic: since */
	int64_t hush_end_ms;  /* monotonic: at the latest */
	int64_t hush_took_ms; /* the last one */
	struct zalo_tally tally;
	struct zalo_reach reach;
	int64_t skew_ms; /* Zalo's clock minus ours, from the Date header */
	struct zalo_auth auth;
	struct zalo_login login;
	struct zalo_alarm alarm;
	struct zalo_poll poll, group_poll;
	struct zalo_media media;
	struct zalo_webhook_state webhook;
	struct zalo_settle settle;
	struct zalo_doctor doctor;
	struct zalo_upload upload;
	struct zalo_channel user, group, zns;
	struct zalo_zns_report zns_report;
	int64_t zns_left; /* of the day's quota; -1 = not told */
	struct zalo_unpaid unpaid;
	struct zalo_groups *groups; /* zalo_group.h; NULL without a desk */
	struct zalo_call *waiting;
	bool is_closing;
	void (*close_cb)(void *arg);
	void *close_arg;
};

void zalo_wake(struct zalo *z);

static inline int64_t zalo_wall(const struct zalo *z)
{
	return clock_wall_ms(z->clock);
}
static inline int64_t zalo_mono(const struct zalo *z)
{
	return clock_mono_ms(z->clock);
}
static inline int64_t zalo_sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

#endif
