/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of the modem channel among themselves:
 *   modem_pool.c     the channel: opening, closing, status
 *   modem_status.c   what is known of them
 *   modem_preview.c  what a text will be and cost
 *   modem_ussd.c     USSD codes and the balance of the SIM
 *   modem_journal.c  what it said last
 *   modem_identity.c another SIM or device than before
 *   modem_gate.c     which modem takes a message, or until when it waits
 *   modem_process.c  one binhyen-modem: spawn, lines in and out, signs of life, respawn
 *   modem_fill.c     a SIM card that stays full
 *   modem_power.c    the last resort: its power, by USB or by a program
 *   modem_receive.c  what it brings: messages to intake, reports to the outbox, `stored` after the
 * commit modem_send.c     one message out, segment by segment modem_codes.c    CMS and CME codes
 * translated once
 */
#ifndef BINHYEN_RELAY_MODEM_PRIVATE_H
#define BINHYEN_RELAY_MODEM_PRIVATE_H

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/relay/dispatch.h"
#include "daemon/relay/modem_choice.h"
#include "daemon/relay/modem_fill.h"
#include "daemon/relay/modem_pool.h"
#include "daemon/relay/modem_power.h"
#include "gateway/line.h"
#include "gateway/sms_text.h"

#define MODEM_PING_MS (5 * SECOND_MS)
#define MODEM_LIFE_MS \
	(60 * SECOND_MS) /* without a line: killed. libgammu may rightly block some 30 s */
#define MODEM_LIFE_CONNECT_MS (120 * SECOND_MS) /* before the first hello: it probes the modem */
/* A process that takes so much of a processor for so long is in a loop, or no longer ours: a modem
 * and its radio are slow. It may well answer pings meanwhile. */
#define MODEM_CPU_WINDOW_MS    (30 * SECOND_MS)
#define MODEM_CPU_MAX_PERCENT  50
#define MODEM_RESPAWN_FIRST_MS SECOND_MS
#define MODEM_RESPAWN_MAX_MS   MINUTE_MS
#define MODEM_QUIT_MS	       (3 * SECOND_MS)
#define MODEM_INPUT_MAX	       (4 * LINE_MAX_BYTES)
#define MODEM_OUTPUT_MAX \
	(1024 * 1024) /* `stored` for every slot of the largest memories, many times over */
#define MODEM_SEGMENT_WAIT_MS  (90 * SECOND_MS) /* the process itself gives up after 45 s */
#define MODEM_SEGMENT_TRIES    3
#define MODEM_SEGMENT_RETRY_MS (5 * SECOND_MS)
/* So long after its first segment others may pass a message. Networks drop the head of one whose
 * segments come ten minutes apart. */
#define MODEM_YIELD_MS	       (3 * MINUTE_MS)
#define MODEM_VALIDITY_MAX_MIN (3 * 24 * 60)
#define MODEM_NOISE_MAX	       20 /* lines not understood before the process is replaced */

enum modem_phase { MODEM_DOWN, MODEM_CONNECTING, MODEM_READY, MODEM_STOPPING };

/* The message that a modem is sending. */
struct modem_sending {
	struct send *req; /* NULL = idle */
	char *segments[SMS_PARTS_MAX];
	int total;
	int next;	  /* index of the segment under way */
	int tries;	  /* of this segment */
	int ref;	  /* of a long message, the same over its segments */
	int64_t began_ms; /* monotonic */
	enum sms_coding coding;
	bool is_outstanding; /* a send line waits for its answer */
	/* A report to the same recipient that nothing matched: it may be about this message, whose
	 * reference comes after it or never. */
	bool has_early_report;
	struct line_report early_report;
};

/* A code that was dialled. */
struct modem_ussd {
	bool is_asked;
	modem_ussd_fn done; /* NULL: nobody waits any more */
	void *arg;
	int64_t until_ms; /* monotonic */
};

/* Somebody reads what it said. */
struct modem_journal {
	json_t *lines;	       /* so far; NULL = nobody */
	modem_journal_fn done; /* NULL: nobody waits any more */
	void *arg;
	int64_t until_ms; /* monotonic */
};

struct modem {
	struct modem_pool *pool;
	const struct config_modem *config;
	enum modem_phase phase;
	uv_process_t process;
	uv_pipe_t pipe;
	uv_timer_t watch;   /* pings, life, respawn */
	uv_timer_t segment; /* deadline or pause of the segment under way */
	bool has_process, has_pipe;
	bool has_crashed;      /* the last process ended by a signal that was not ours */
	unsigned open_handles; /* until modem_closed */
	struct buf input;
	struct buf output;  /* lines for the next write */
	struct buf writing; /* lines of the write under way */
	uv_write_t write;
	bool is_writing;
	int noise;
	int64_t heard_ms;	   /* monotonic */
	int64_t cpu_ms, cpu_at_ms; /* its processor time when the window began, and when that was */
	int64_t respawn_delay_ms;
	int64_t pings;
	bool has_hello;
	struct line_hello hello;
	/* Who it is, by the last time that it said so: what names a slot must not change when a
	 * card or a device is once too slow to tell. "" = never. */
	char imsi[24], imei[24];
	struct line_state state;
	struct modem_sending sending;
	struct modem_sending
		parked;	       /* a bulletin, while another message passes it; req NULL: none */
	struct send *passing;  /* goes as soon as the segment under way is answered */
	unsigned differs;      /* MODEM_OTHER_*: nothing is sent until it is accepted */
	struct send *reserved; /* admitted, its claim is not committed yet */
	int failures;	       /* sends in a row that failed for a reason of this modem */
	int64_t last_used;     /* pool->sends when it last took one */
	int64_t doubtful_id; /* outbox id of the last segment in doubt: a `late` line may settle it
			      */
	struct modem_ussd ussd;
	struct modem_journal journal;
	struct modem_power power;
	struct modem_fill fill;	     /* of the SIM */
	int64_t balance_due_ms;	     /* monotonic; 0 = not planned yet */
	int64_t balance, balance_ms; /* đồng, and when (wall; 0 = not known) */
	bool is_balance_low;
	/* for status */
	int64_t good_ms;    /* wall time of the last sign that a command worked */
	int64_t network_ms; /* wall time when it last said that it has a network; 0 never */
	int64_t respawns, received, sent;
	char last_error[160];
};

struct modem_pool {
	struct channel channel;
	uv_loop_t *loop;
	struct store *store;
	struct intake *intake;
	struct dispatch *dispatch;
	const char *program, *sysfs;
	struct modem modems[CONFIG_MODEMS_MAX];
	int count;
	unsigned ready; /* modems that may send, at the last look */
	enum err (*alarm)(void *arg, const char *phrase, const char *modem);
	void *alarm_arg;
	struct clock_trust *trust;
	int64_t sends;
	struct caps_lines lines;
	bool has_http_sms, has_zalo;
	int closed;
	bool is_closing;
	void (*close_cb)(void *arg);
	void *close_arg;
};

/* process */
MUST_CHECK
enum err modem_start(struct modem *modem);
void modem_stop(struct modem *modem);
void modem_kill(struct modem *modem, const char *why);
/* Queues a line; when the pipe can't take it the process is as good as dead, which its exit will
 * tell. */
void modem_write(struct modem *modem, const struct line *line);
const char *modem_phase_text(enum modem_phase phase);
const char *modem_lane_text(enum lane lane); /* "bulletin", as the API says it */
/* Ends the process, and none is started while modem_power_holds(); then starts one. */
void modem_hold(struct modem *modem, const char *why);
void modem_resume(struct modem *modem);
/* The pool closes: the last step once process and power are at rest. */
void modem_closing(struct modem *modem);
/* "SM" lives on the SIM, everything else in the device; never empty. */
const char *modem_memory_owner(const struct modem *modem, const char *memory);
const char *modem_sim(const struct modem *modem);

/* receive */
void modem_line(struct modem *modem, const struct line *line);
/* Matches a report once more. */
void modem_report_again(struct modem *modem, const struct line_report *report, int64_t party_id);

/* send */
void modem_send_begin(struct modem *modem, struct send *req);
void modem_send_sent(struct modem *modem, const struct line_sent *sent);
void modem_send_failed(struct modem *modem, const struct line_failed *failed);
void modem_send_late(struct modem *modem, const struct line_sent *late);
/* The process is gone or the dispatcher gives up: what was handed over is in doubt. */
void modem_send_lost(struct modem *modem, enum err why);

/* gate: caps, and which modem takes a message */
extern const struct channel_gate modem_gate;
/* The message that left the modem's hands took that many segments of its SIM, or may have. */
void modem_gate_settle(struct modem *modem, int64_t outbox_id, int segments);
/* All of them, as modem_choose() wants to know them; how many. */
int modem_candidates(struct modem_pool *pool, struct modem_candidate candidates[CONFIG_MODEMS_MAX]);
bool modem_may_send(const struct modem *modem);
/* It sends a bulletin that an alarm or an answer may pass. */
bool modem_yields(const struct modem *modem);
bool modem_has_network(const struct modem *modem);

/* ussd */
void modem_ussd_line(struct modem *modem, const struct line_ussd *line);
void modem_ussd_lost(struct modem *modem);
void modem_ussd_tick(struct modem *modem);

/* power */
void modem_power_init(struct modem *modem);
/* After each change of phase; what may be done is looked at while the tty is there. */
void modem_power_phase(struct modem *modem);
void modem_power_look(struct modem *modem);
/* What the process says is wrong. */
void modem_power_cause(struct modem *modem, const char *error);
bool modem_power_holds(const struct modem *modem);
void modem_power_stop(struct modem *modem);
json_t *modem_power_status(const struct modem *modem);

/* journal */
void modem_journal_line(struct modem *modem, const struct line_said *said);
void modem_journal_lost(struct modem *modem);
void modem_journal_tick(struct modem *modem);

/* identity */
/* After each hello, within its turn: what it says of itself is what it is called from now on; then,
 * whether that is what stood here before. */
void modem_identity_learn(struct modem *modem);
void modem_identity_check(struct modem *modem);
/* Before the first hello: what was known of it in an earlier life. */
MUST_CHECK
enum err modem_identity_remember(struct modem *modem);
const char *modem_swapped_text(const struct modem *modem);

/* pool */
struct modem *modem_find(struct modem_pool *pool, const char *name); /* NULL = none */
void modem_pool_changed(struct modem_pool *pool); /* some modem became ready, idle or dead */
void modem_pool_modem_closed(struct modem_pool *pool);

/* codes: 3GPP TS 27.005 §3.2.5 (CMS), TS 27.007 §9.2 (CME) */
enum err modem_code_err(const char *kind, int code);

#endif
