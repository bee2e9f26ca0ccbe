/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clang-format off: a table */
/*
 * The line protocol between binhyend and one binhyen-modem, over a socketpair (fd 3 of the modem
 * process): JSON objects, one a line, at most LINE_MAX_BYTES with the newline, UTF-8. This page is
 * the protocol. Times are UTC ms, 0 unknown.
 *
 * From the modem process:
 *   hello   {"t":"hello","v":1,"driver","imei","imsi","maker","model","firmware","smsc"}
 *           once connected to the modem; again after each reconnect. Empty strings where the modem
 *           does not say.
 *   sms     {"t":"sms","mem","slot","from","from_type","scts","dcs","coding","class","ref",
 *           "ref_bits","total","seq","text"}
 *           one stored message (part). class -1 none; total 0 = not concatenated. It is repeated
 *           (same mem, slot) on the next listing until `stored` has arrived.
 *   poison  {"t":"poison","mem","slot","pdu","reason"}
 *           what lies in a slot and may or can not be decoded, raw in hex: needs `stored` like
 *           sms; mem "" = it came directly, slot is then its number
 *   freed   {"t":"freed","mem","slot","ok"}
 *           the slot was deleted (or could not be: ok false)
 *   listed  {"t":"listed","mem","slots":[...]}
 *           a whole memory was read: what lies in it now
 *   sent    {"t":"sent","id","part","mr"}
 *           the network took it; mr = TP-MR 0..255
 *   failed  {"t":"failed","id","part","kind","code","in_doubt"}
 *           kind "cms" "cme" "modem" "local"; code as in 3GPP TS 27.005 §3.2.5 / 27.007 §9.2, -1
 *           none. in_doubt true: it may have gone out.
 *   late    {"t":"late","id","part","mr"}
 *           +CMGS that came after `failed` with in_doubt
 *   report  {"t":"report","mem","slot","mr","to","status","scts","done"}
 *           delivery report; status "delivered" "pending" "failed"; mem "" = it came directly
 *           (+CDS); slot is then its number, or -1 where it needs no `stored`
 *   call    {"t":"call","from"}
 *           missed call, hung up; from "" = withheld
 *   ussd    {"t":"ussd","status","text","raw"}
 *           status as <m> of +CUSD
 *   state   {"t":"state","phase","signal","network","operator","sim_used","sim_size","me_used",
 *           "me_size","time","error"}
 *           phase "connecting" "ready" "down"; signal 0..100 or -1; network "home" "roaming"
 *           "searching" "denied" "none" "unknown"; operator MCC+MNC digits; sizes -1 unknown; time
 *           the network's own; error: text for the log, "" none
 *   pong    {"t":"pong","n"}
 *           answer to ping
 *   said    {"t":"said","left","text"}
 *           answer to journal: one line of the conversation with the modem, "> AT+CSQ" or "< OK",
 *           nothing private in it; oldest first, left more follow; text "" = there is none
 *
 * From binhyend:
 *   stored  {"t":"stored","mem","slot"}
 *           committed: only now may the slot be deleted, or the network be told that a direct
 *           report arrived
 *   send    {"t":"send","id","part","total","ref","to","text","coding","report","validity_min"}
 *           one segment; coding "gsm7" or "ucs2"; ref 0..255; one at a time: the next after sent
 *           or failed
 *   ussd    {"t":"ussd","code"}
 *   ping    {"t":"ping","n"}
 *   journal {"t":"journal"}
 *   quit    {"t":"quit"}
 *           finish what is under way, free the modem, exit 0
 *
 * Either side treats a line that does not parse as the other's bug: counted, logged without
 * content, skipped. EOF ends the modem process at once. The modem process keeps nothing: whatever
 * is not `stored` stays on the SIM.
 */
/* clang-format on */
#ifndef BINHYEN_GATEWAY_LINE_H
#define BINHYEN_GATEWAY_LINE_H

#include "daemon/base/buf.h"

#include <stdbool.h>
#include <stdint.h>

#define LINE_MAX_BYTES (16 * 1024) /* a segment has at most 160 characters; a listing 255 slots */
#define LINE_SLOTS_MAX 512
#define LINE_VERSION   1
#define LINE_FD	       3

/* How `error` of a `state` line begins where no restart of anything helps. */
#define LINE_ERROR_NO_SIM   "SIM is missing"
#define LINE_ERROR_SIM_CODE "SIM wants a code"

/* clang-format off */
#define LINE_TYPE_TABLE(X) \
	X(HELLO, "hello") \
	X(SMS, "sms") \
	X(POISON, "poison") \
	X(FREED, "freed") \
	X(LISTED, "listed") \
	X(SENT, "sent") \
	X(FAILED, "failed") \
	X(LATE, "late") \
	X(REPORT, "report") \
	X(CALL, "call") \
	X(USSD, "ussd") \
	X(STATE, "state") \
	X(PONG, "pong") \
	X(SAID, "said") \
	X(STORED, "stored") \
	X(SEND, "send") \
	X(PING, "ping") \
	X(JOURNAL, "journal") \
	X(QUIT, "quit")
/* clang-format on */
enum line_type {
#define X(name, text) LINE_##name,
	LINE_TYPE_TABLE(X)
#undef X
};

struct line_hello {
	int version;
	char driver[16], imei[24], imsi[24], maker[48], model[48], firmware[64], smsc[24];
};
struct line_sms {
	char mem[4];
	int slot;
	char from[48];	    /* as received: "+84900001234", "0900001234", "Viettel", "198" */
	char from_type[16]; /* "international" "national" "alpha" "unknown" */
	int64_t scts_ms;
	int dcs;
	char coding[8]; /* "gsm7" "ucs2" "8bit" */
	int msg_class;
	int ref, ref_bits, total, seq;
	/* 160 characters of at most 4 bytes, doubled for '~'; of "8bit" the octets in hex, with the
	 * header */
	char text[1024];
};
#define LINE_PDU_BYTES 401 /* 200 octets; the longest PDU that is one has 177 */
struct line_poison {
	char mem[4];
	int slot;
	char pdu[LINE_PDU_BYTES]; /* as the modem wrote it, perhaps no hex at all */
	char reason[64];
};
struct line_freed {
	char mem[4];
	int slot;
	bool is_ok;
};
struct line_listed {
	char mem[4];
	int count;
	int slots[LINE_SLOTS_MAX];
};
struct line_sent { /* sent and late */
	int64_t id;
	int part;
	int mr;
};
struct line_failed {
	int64_t id;
	int part;
	char kind[8];
	int code;
	bool is_in_doubt;
};
struct line_report {
	char mem[4];
	int slot;
	int mr;
	char to[48];
	char status[16];
	int64_t scts_ms, done_ms;
};
struct line_call {
	char from[48];
};
struct line_ussd {
	int status;	 /* <m> of +CUSD 0..5; -1: the line goes down and text is the code */
	char text[1024]; /* the code when going down */
	char raw[1024];	 /* the +CUSD line as it came, "" when the driver does not say */
};
struct line_state {
	char phase[16];
	int signal_percent;
	char network[16];
	char operator_code[8];
	int sim_used, sim_size, me_used, me_size;
	int64_t time_ms;
	char error[160];
};
struct line_ping { /* ping and pong */
	int64_t n;
};
struct line_said {
	int left; /* how many more follow */
	char text[96];
};
struct line_stored {
	char mem[4];
	int slot;
};
struct line_send {
	int64_t id;
	int part, total, ref;
	char to[48];
	char text[1024];
	char coding[8];
	bool wants_report;
	int validity_min;
};

struct line {
	enum line_type type;
	union {
		struct line_hello hello;
		struct line_sms sms;
		struct line_poison poison;
		struct line_freed freed;
		struct line_listed listed;
		struct line_sent sent;
		struct line_failed failed;
		struct line_report report;
		struct line_call call;
		struct line_ussd ussd;
		struct line_state state;
		struct line_ping ping;
		struct line_said said;
		struct line_stored stored;
		struct line_send send;
	};
};

/* Parses one line (without newline). Unknown keys are ignored, a missing or ill-typed one is
 * ERR_PROTOCOL, as is a value that does not fit its field. Bounded in time and memory for any
 * input. */
MUST_CHECK
enum err line_parse(const char *text, size_t len, struct line *ret_line, struct errbuf *eb);

/* Appends the line with its newline. ERR_INVALID when a text field is not UTF-8. */
MUST_CHECK
enum err line_format(const struct line *line, struct buf *out);

#endif
