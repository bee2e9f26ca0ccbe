/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim-modem: a GSM/LTE modem on a pseudo terminal with a mobile network behind it. One process, one
 * poll loop, no threads. Parts, from the host's side to the air:
 *
 *   tty      the pty, its symlink, when a host opens and closes it, paced output
 *   at       characters to command lines, answers, unsolicited codes; faults of an answer
 *   at_*     the commands themselves
 *   slots    the memories SM, ME and SR
 *   network  what comes in: waiting queue of the SMSC, delivery, calls, USSD, registration
 *   radio    what goes out: segments the network took, messages as phones show them, reports
 *   journal  one JSON line for each thing that happened on the air or in a slot
 *   control  JSON lines on a unix socket: residents, operator and faults, played by tests
 */
#ifndef BINHYEN_TESTS_SIM_MODEM_SIM_H
#define BINHYEN_TESTS_SIM_MODEM_SIM_H

#include "daemon/base/buf.h"
#include "daemon/base/rng.h"
#include "tests/sim/modem/pdu.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define SIM_SLOTS_MAX	 255	       /* TS 51.011: a record number is one octet */
#define SIM_LINE_BYTES	 1024	       /* of a command line; more is not an AT command */
#define SIM_INPUT_BYTES	 (64 * 1024)   /* unread commands while one is being executed */
#define SIM_OUTPUT_BYTES (1024 * 1024) /* unread answers; a modem without flow control drops */
#define SIM_URC_BYTES	 8192	       /* held back while a command is being executed */
#define SIM_BACKLOG_MAX	 100000	       /* messages at the SMSC */
#define SIM_CLIENTS_MAX	 32
#define SIM_FAULTS_MAX	 64
#define SIM_PATH_BYTES	 108 /* of sun_path */

struct sim;

/* ---- timers: intrusive, in a binary heap; a timer that is not armed has index 0 ---- */
struct sim_timer {
	int64_t due_ms; /* monotonic */
	uint64_t order; /* equal times fire in the order they were set */
	size_t index;	/* 1-based place in the heap */
	void (*fn)(struct sim *sim, void *arg);
	void *arg;
};
struct sim_timers {
	struct sim_timer **heap;
	size_t count, size;
	uint64_t order;
};
void timer_set(struct sim *sim, struct sim_timer *t, int64_t delay_ms,
	void (*fn)(struct sim *sim, void *arg), void *arg);
void timer_stop(struct sim *sim, struct sim_timer *t);
int timers_wait_ms(struct sim *sim); /* for poll(2): -1 when none is armed */
void timers_run(struct sim *sim);
void timers_done(struct sim *sim);
int64_t sim_mono_ms(void);
int64_t sim_wall_ms(void);
void *sim_alloc(size_t bytes); /* zeroed; ends the program when there is no memory */

/* ---- tty ---- */
struct tty_piece {
	struct tty_piece *next;
	int64_t pause_ms; /* before its first byte */
	size_t len, off;
	char data[];
};
struct tty {
	int master, slave, inotify; /* -1 while unplugged */
	int host_count;		    /* how often the host has it open */
	bool is_open_known;	    /* inotify works here; otherwise a host is always assumed */
	char link[4096];
	struct tty_piece *head, *tail;
	size_t queued_bytes;
	struct sim_timer pause;
	bool is_paused;
};
MUST_CHECK
enum err tty_plug(struct sim *sim, struct errbuf *eb);
void tty_unplug(struct sim *sim);
bool tty_has_unread(const struct sim *sim); /* answers that the host has not read yet */
bool tty_is_plugged(const struct sim *sim);
void tty_write(struct sim *sim, const char *data, size_t len);
void tty_write_after(struct sim *sim, const char *data, size_t len, int64_t pause_ms);
void tty_flush(struct sim *sim);    /* forgets unsent output */
void tty_on_input(struct sim *sim); /* the pty or inotify is readable */
void tty_on_output(struct sim *sim);

/* ---- faults ---- */
enum fault_what {
	FAULT_LATE,
	FAULT_MISSING,
	FAULT_SPLIT,
	FAULT_GARBLE,
	FAULT_URC_INSIDE,
	FAULT_ERROR_BUT_SENT,
	FAULT_NO_PROMPT,
	FAULT_HANG,
	FAULT_CMS,
	FAULT_CME,
	FAULT_DROP_REGISTRATION,
	FAULT_LOSE,
	FAULT_LOST_CTRL_Z,
	FAULT_ECHO,
	FAULT_DROP_URC,
	FAULT_DOUBLE_URC,
	FAULT_NOISE,
	FAULT_COUNT
};
struct fault {
	enum fault_what what;
	char on[16]; /* command without '+', or "any" */
	int left;    /* how many commands it will still hit; -1 for ever */
	int skip;    /* how many it lets pass first */
	int64_t ms;
	int code;
	int bytes;	   /* of a piece, for split; of noise */
	bool is_at_prompt; /* strikes before the prompt of +CMGS, not at its answer */
	bool is_blocking;  /* late: nothing else is answered meanwhile */
	char urc[128];
};
/* What the faults that hit one command do to it together. */
struct effects {
	bool is[FAULT_COUNT];
	int64_t late_ms, split_ms, hang_ms, drop_ms;
	int split_bytes, noise_bytes, code;
	bool is_late_blocking, is_at_prompt;
	int lost_bytes; /* of a text whose end arrives; 0: all of it, and the end */
	char urc[128];
};
MUST_CHECK
enum err fault_add(struct sim *sim, const json_t *request, struct errbuf *eb);
void fault_take(struct sim *sim, const char *command, struct effects *ret_effects);
void fault_clear(struct sim *sim);
json_t *fault_list(const struct sim *sim);

/* ---- AT ---- */
enum at_result { AT_OK, AT_ERROR, AT_CME, AT_CMS, AT_LATER, AT_SILENT, AT_NO_CARRIER };
enum at_kind { AT_EXEC, AT_READ, AT_TEST, AT_SET };
struct at_answer {
	enum at_result result;
	int code;
};
struct at_call {
	struct sim *sim;
	const char *name;
	enum at_kind kind;
	const char *args; /* behind '=' or the digits of a basic command */
};
struct at_command {
	const char *name;
	struct at_answer (*run)(const struct at_call *call);
};
enum { MEM_SM, MEM_ME, MEM_SR, MEM_COUNT };
enum charset { CHARSET_GSM, CHARSET_IRA, CHARSET_HEX, CHARSET_UCS2, CHARSET_UTF8, CHARSET_COUNT };
/* What AT&F, a reboot and a power cycle set back. */
struct at_settings {
	bool echo, clip, crc, ccwa, cusd;
	int cmee, creg, cgreg, cereg, cmms, csms, cmgf, cops_format, ctzu, ctzr;
	enum charset charset;
	int cnmi[5]; /* mode, mt, bm, ds, bfr */
	int mem[3];  /* read and delete; write and send; receive */
};
struct at_late; /* an answer on its way */
struct at {
	struct at_settings set;
	struct at_late *late;
	struct buf input, line, resp, urc, pdu;
	size_t line_at; /* where the command under execution continues, for chains with ';' */
	bool is_prompt, is_busy, is_running;
	bool is_deaf; /* hung: hears and says nothing */
	int urcs_to_drop, urcs_to_double;
	char prompt_name[8];
	int prompt_bytes;
	struct effects effects;
	struct sim_timer command, radio, deaf;
	uint8_t sending[PDU_MAX_BYTES]; /* the segment on the air */
	size_t sending_len;
	uint64_t commands;
};
void at_init(struct sim *sim);
void at_done(struct sim *sim);
void at_reset_settings(struct sim *sim);
void at_power_off(struct sim *sim);
void at_host_gone(struct sim *sim);
void at_input(struct sim *sim, const char *data, size_t len);
void at_process(struct sim *sim);
void at_finish(struct sim *sim, struct at_answer answer);
void at_prompt(struct sim *sim, const char *name, int tpdu_bytes);
void at_say(struct sim *sim, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* An unsolicited line; held back while a command is under execution. */
void at_urc(struct sim *sim, const char *fmt, ...) PRINTF_LIKE(2, 3);
void at_hang(struct sim *sim, int64_t ms);
/* Octets that nobody sent, as of a bad cable or another program on the line. */
void at_noise(struct sim *sim, int bytes);
/* Text between the wire's charset and UTF-8, for quoted parameters. */
void at_charset_encode(const struct sim *sim, const char *utf8, struct buf *out);
void at_charset_decode(const struct sim *sim, const char *wire, struct buf *out);
/* Reads up to `max` integers divided by commas; a missing one keeps its value; -1 when malformed.
 */
int at_ints(const char *args, int *value, int max);
const struct at_command *at_info_find(const char *name);
const struct at_command *at_sms_find(const char *name);
const struct at_command *at_clock_find(const char *name);
/* The network's time, as +CTZR asks for it. */
void at_clock_tell(struct sim *sim);
void at_sms_pdu(struct sim *sim); /* at.pdu is complete */

/* ---- slots ---- */
struct slot {
	bool is_used, is_read;
	int status; /* of +CMGL: 0 unread, 1 read, 2 unsent, 3 sent */
	uint8_t pdu[PDU_MAX_BYTES];
	size_t len;
	uint64_t id; /* of the network's message, 0 none */
};
struct memory {
	int size, used;
	struct slot slot[SIM_SLOTS_MAX];
};
const char *memory_name(int mem);
int memory_of(const char *name); /* -1 unknown */
/* Puts into the given slot (0-based) or, with -1, the first free one; -1 when there is none. */
int slot_put(
	struct sim *sim, int mem, int at, const uint8_t *pdu, size_t len, int status, uint64_t id);
void slot_free(struct sim *sim, int mem, int at);

/* ---- network: towards the modem ---- */
enum registration { REG_NONE, REG_HOME, REG_SEARCHING, REG_DENIED, REG_UNKNOWN, REG_ROAMING };
struct incoming {
	struct incoming *next;
	uint64_t id;
	bool is_report;
	char how[20]; /* of a report: as in struct auto_report */
	int mr;	      /* of a report */
	int msg_class;
	size_t len;
	uint8_t pdu[PDU_MAX_BYTES];
};
/* A SIM card that lies beside the modem, with what is on it and what waits for its number. */
struct card {
	char imsi[20];
	struct memory sm;
	struct incoming *head, *tail;
	size_t waiting;
};
struct network {
	enum registration registration;
	struct card other;
	int signal;
	char sim_state[16]; /* of +CPIN? */
	struct incoming *head, *tail;
	size_t waiting;
	uint64_t last_id;
	int ref8, ref16;
	struct sim_timer pump, back;
	char caller[PDU_ADDRESS_BYTES];
	int rings_left;
	int64_t ring_ms;
	struct sim_timer ring, ussd;
	json_t *ussd_codes;			/* code -> reply */
	json_t *ussd_reply;			/* under way */
	struct incoming *unconfirmed, *refused; /* direct reports; refused ones are tried again */
	struct sim_timer confirm, retry;
	int64_t clock_ms; /* what the network's time is ahead */
	char cclk[32];	  /* what the modem's clock shows instead, "" the network's time */
};
const char *registration_name(enum registration r);
void network_register(struct sim *sim, enum registration r, int64_t back_after_ms);
bool network_is_up(const struct sim *sim);
/* To the end of the queue of the SMSC; `about` (taken over) goes into the journal. */
MUST_CHECK
enum err network_offer(struct sim *sim, const struct incoming *message, json_t *about);
void network_slot_freed(struct sim *sim);
void network_pump(struct sim *sim);
void network_call(struct sim *sim, const char *from, int rings, int64_t ring_ms);
void network_hang_up(struct sim *sim, const char *by);
void network_ussd_show(struct sim *sim, const json_t *reply);
void network_ussd_dial(struct sim *sim, const char *code);
void network_ussd_cancel(struct sim *sim);
/* Takes the other card, with this IMSI: messages lie on cards and wait for numbers. */
void network_swap_card(struct sim *sim, const char *imsi);
void network_power_off(struct sim *sim);
void network_done(struct sim *sim);

/* ---- reports that the host confirms ---- */
/* One was given to the host. */
void confirm_wait(struct sim *sim, const struct incoming *m);
bool confirm_take(struct sim *sim); /* +CNMA; false: there is nothing to confirm */
void confirm_retry(struct sim *sim, void *arg);
void confirm_power_off(struct sim *sim);
void confirm_done(struct sim *sim);

/* ---- radio: from the modem ---- */
struct segment {
	uint64_t n, message;
	int64_t at_ms;
	int mr;
	size_t len;
	uint8_t pdu[PDU_MAX_BYTES];
	struct pdu_message m;
};
struct sent {
	uint64_t n;
	char to[PDU_ADDRESS_BYTES];
	int ref, bits, total, have;
	int64_t first_ms, last_ms;
	size_t *segment; /* by seq - 1: index + 1 of the segment, 0 missing */
};
struct auto_report {
	bool is_on;
	int64_t delay_ms;
	int status;
	char how[20]; /* "" as CNMI says, else how README.md calls it */
};
struct report_due; /* a delivery report on its way */
struct radio {
	struct segment **segments;
	size_t segment_count, segment_size;
	struct sent *sent;
	size_t sent_count, sent_size;
	int next_mr;
	struct auto_report report;
	struct report_due *due;
};
/* The network takes the segment: from here on it is sent, whatever the host gets to know. */
int radio_accept(struct sim *sim, const uint8_t *pdu, size_t len, const struct pdu_message *m);
json_t *radio_segment_json(const struct segment *segment);
json_t *radio_sent_json(const struct sim *sim, const struct sent *sent);
bool radio_is_complete(const struct sent *sent);
void radio_text(const struct sim *sim, const struct sent *sent, struct buf *out);
MUST_CHECK
enum err radio_report(struct sim *sim, uint64_t n, int status, const char *how);
int radio_status_of(const json_t *status); /* name or number to TP-ST; -1 unknown */
void radio_done(struct sim *sim);

/* ---- journal ---- */
/* Takes over `fields`, adds at_ms and ev, appends the line at once and shows it to watchers. */
void journal(struct sim *sim, const char *ev, json_t *fields);

/* ---- control ---- */
struct client {
	int fd;
	struct buf in, out;
	bool is_watching;
	json_t *wait; /* the request that is being waited for; later lines stay unread */
	struct sim_timer limit;
};
void control_accept(struct sim *sim);
void control_on_input(struct sim *sim, struct client *c);
void control_on_output(struct client *c);
void control_close(struct sim *sim, struct client *c);
void control_check_waits(struct sim *sim); /* something that may be waited for has happened */
void control_show(struct sim *sim, const json_t *event);
/* The answer to a request, or NULL when it is one that waits and is not yet fulfilled. */
json_t *control_do(struct sim *sim, const json_t *request);
json_t *control_wait_result(struct sim *sim, const json_t *request, bool is_over);
json_t *control_sms(struct sim *sim, const json_t *request);
json_t *control_pdu(struct sim *sim, const json_t *request);
json_t *control_refuse(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* ---- the whole ---- */
struct options {
	char link[4096], control[SIM_PATH_BYTES], log[4096], state[4096];
	char maker[32], imei[20], imsi[20], number[20], smsc[20], charsets[64];
	int slots, me_slots, sr_slots, first_slot;
	int64_t radio_ms, command_ms, backlog_ms, confirm_ms, retry_ms, seed;
	const char *request, *text, *from; /* client mode */
	bool is_watch;
	bool has_lifeline; /* end when stdin does */
};
struct sim {
	struct options opt;
	struct sim_timers timers;
	struct rng rng;
	struct tty tty;
	struct at at;
	struct memory memory[MEM_COUNT];
	struct network network;
	struct radio radio;
	struct fault fault[SIM_FAULTS_MAX];
	int fault_count;
	struct client *client[SIM_CLIENTS_MAX];
	int listen_fd, signal_fd, log_fd;
	struct sim_timer save, reboot;
	int64_t reboot_ms;
	int64_t linger_ms; /* how long it still waits for its answer to be read */
	bool is_quitting;
};
MUST_CHECK
enum err sim_power_on(struct sim *sim, struct errbuf *eb);
void sim_power_off(struct sim *sim);
void sim_reboot(struct sim *sim, int64_t ms); /* at the end of this turn of the loop */
void sim_reboot_after_answer(
	struct sim *sim, int64_t ms); /* when the host has read what was said */

/* ---- state file ---- */
MUST_CHECK
enum err state_load(struct sim *sim, struct errbuf *eb);
void state_changed(struct sim *sim); /* saved a moment later */
void state_save(struct sim *sim);

/* ---- command line ---- */
MUST_CHECK
enum err options_parse(int argc, char **argv, struct options *ret_options, bool *ret_is_help);
void options_help(void);
int client_main(const struct options *opt);

#endif
