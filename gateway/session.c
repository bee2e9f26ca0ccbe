/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One loop. It sleeps in poll() on the daemon's line and the tty; each turn takes what both have
 * said, then does at most one thing with the modem, so that a `send` or a `ping` waits for one
 * command and not for a batch. While a segment is in flight nothing else is asked of the modem: an
 * AT line has one conversation.
 */
#include "gateway/session.h"
#include "gateway/callers.h"
#include "gateway/incoming.h"
#include "gateway/outgoing.h"
#include "gateway/wire.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"

#include <poll.h>
#include <string.h>

#define RETRY_FIRST_MS	SECOND_MS
#define RETRY_MAX_MS	(15 * SECOND_MS) /* half of what a modem that can work again may wait */
#define STATE_MS	(60 * SECOND_MS)
#define STATE_AGAIN_MS	(5 * SECOND_MS)	 /* when the first was not answered */
#define ALIVE_MS	(7 * SECOND_MS)	 /* so that a modem that hangs is noticed within 15 s */
#define RAW_MS		(60 * SECOND_MS) /* for what poison there is to be stored and deleted */
#define TRACE_LINES	8
#define BLIND_POLL_MS	50 /* when the tty's descriptor is not known */
#define PROBES_MAX	2
#define RECEIVES_A_SEND 4 /* receiving goes on while sends queue up; before them when it must */

struct session {
	const struct session_config *config;
	struct modem *modem;
	struct modem *next; /* whose turn comes when `modem` has cleared the slots; NULL none */
	int64_t next_at_ms;
	struct wire wire;
	struct incoming in;
	struct outgoing out;
	bool is_ready, is_quitting, needs_hang_up, needs_probe;
	bool is_told; /* the daemon, that it is ready */
	int confirm;  /* number of a direct report that is stored, -1 none */
	int probes_failed, receives_left;
	int64_t retry_at_ms, retry_delay_ms, state_at_ms, alive_at_ms;
	struct line_state state; /* as told last */
	struct line_ussd dial;	 /* asked for and not yet dialled; text "" none */
	struct callers callers;
};

static int64_t now_ms(void)
{
	return clock_mono_ms(clock_system());
}

/* Phases. */

static void tell_state(struct session *s, const char *phase, const char *error)
{
	struct line line = {.type = LINE_STATE, .state = s->state};

	snprintf(line.state.phase, sizeof(line.state.phase), "%s", phase);
	snprintf(line.state.error, sizeof(line.state.error), "%s", error);
	wire_send(&s->wire, &line);
}

static void forget_state(struct session *s)
{
	s->state = (struct line_state){.signal_percent = -1,
		.network = "unknown",
		.sim_used = -1,
		.sim_size = -1,
		.me_used = -1,
		.me_size = -1};
}

/* What was said last, for whoever asks why; it has nothing private in it. */
static void log_trace(const struct session *s)
{
	const struct modem *modem = s->modem;

	for (size_t n = TRACE_LINES; modem->ops->trace && n > 0; n--) {
		const char *line = modem->ops->trace(modem, n - 1);

		if (line)
			log_info("modem", "name=%s said=\"%s\"", s->config->name, line);
	}
}

static void go_down(struct session *s, const char *error)
{
	if (s->is_ready)
		log_trace(s);
	log_warn("modem", "name=%s phase=down error=\"%s\" retry_ms=%lld", s->config->name, error,
		(long long)s->retry_delay_ms);
	outgoing_lost(&s->out);
	s->modem->ops->close(s->modem);
	s->modem->events = (struct modem_events){0};
	s->is_ready = false;
	s->is_told = false;
	s->needs_hang_up = false;
	s->confirm = -1;
	s->dial.text[0] = 0;
	forget_state(s);
	tell_state(s, "down", error);
	s->retry_at_ms = now_ms() + s->retry_delay_ms;
	s->retry_delay_ms = s->retry_delay_ms * 2 > RETRY_MAX_MS ? RETRY_MAX_MS
								 : s->retry_delay_ms * 2;
}

/* What an operation that went wrong means for the modem as a whole. */
static void note(struct session *s, enum err err)
{
	if (err == ERR_UNREACHABLE)
		go_down(s, "modem is gone or does not answer");
	else if (err == ERR_TIMEOUT)
		s->needs_probe = true;
}

static void tell_ready(struct session *s)
{
	s->is_told = true;
	tell_state(s, "ready", "");
}

static void report_state(struct session *s)
{
	struct line_state state;
	enum err err = s->modem->ops->status(s->modem, &state);

	s->state_at_ms = now_ms() + (err && !s->is_told ? STATE_AGAIN_MS : STATE_MS);
	if (err) {
		note(s, err);
		return;
	}
	s->state = state;
	incoming_sizes(&s->in, state.sim_size, state.me_size);
	tell_ready(s);
}

static void hand_over(struct session *s)
{
	s->modem->ops->close(s->modem);
	s->modem = s->next;
	s->next = NULL;
	s->in.is_poison_only = false;
}

static bool is_cleared(const struct session *s)
{
	if (now_ms() >= s->next_at_ms)
		return true;
	return s->in.was_listed && s->in.poisoned <= 0 && !s->out.is_flying;
}

static void connect(struct session *s)
{
	struct line line = {.type = LINE_HELLO};
	struct errbuf eb = {0};
	enum err err;

	tell_state(s, "connecting", "");
	err = s->modem->ops->open(s->modem, &line.hello, &eb);
	if (err && s->next)
		hand_over(s);
	if (err) {
		go_down(s, eb.text);
		return;
	}
	log_info("modem", "name=%s phase=ready", s->config->name);
	s->is_ready = true;
	s->needs_probe = false;
	s->probes_failed = 0;
	s->retry_delay_ms = RETRY_FIRST_MS;
	s->alive_at_ms = now_ms() + ALIVE_MS;
	s->next_at_ms = now_ms() + RAW_MS;
	wire_send(&s->wire, &line);
	incoming_restart(&s->in, now_ms());
	report_state(s);
}

/* A modem that does not say how it is but answers can send: nobody waits for its state. */
static void probe(struct session *s)
{
	enum err err = s->modem->ops->probe(s->modem);

	s->needs_probe = false;
	s->alive_at_ms = now_ms() + ALIVE_MS;
	if (!err) {
		s->probes_failed = 0;
		if (!s->is_told)
			tell_ready(s);
	} else if (err == ERR_UNREACHABLE || ++s->probes_failed == PROBES_MAX) {
		go_down(s, "modem is gone or does not answer");
	} else {
		s->needs_probe = true;
	}
}

/* From the modem. */

static void take_call(struct session *s, const struct line_call *call)
{
	_Static_assert(sizeof(call->from) == CALLER_BYTES, "the line's field holds a caller");
	s->needs_hang_up = true;
	if (callers_is_new(&s->callers, call->from, now_ms()))
		wire_send(&s->wire, &(struct line){.type = LINE_CALL, .call = *call});
}

static void take_event(struct session *s, const struct modem_event *event)
{
	struct line line = {0};

	switch (event->type) {
	case MODEM_ARRIVED:
		incoming_arrived(&s->in, &event->arrived, now_ms());
		break;
	case MODEM_REPORT:
		line.type = LINE_REPORT;
		line.report = event->report;
		wire_send(&s->wire, &line);
		break;
	case MODEM_POISON:
		line.type = LINE_POISON;
		line.poison = event->poison;
		wire_send(&s->wire, &line);
		break;
	case MODEM_CALL:
		take_call(s, &event->call);
		break;
	case MODEM_USSD:
		line.type = LINE_USSD;
		line.ussd = event->ussd;
		wire_send(&s->wire, &line);
		break;
	case MODEM_SUBMITTED:
		outgoing_answer(&s->out, event, now_ms());
		break;
	case MODEM_UNSENT:
		outgoing_unsent(&s->out);
		break;
	}
}

static void take_events(struct session *s)
{
	struct modem_event event;

	while (modem_events_pop(&s->modem->events, &event))
		take_event(s, &event);
	if (s->modem->events.has_lost) {
		s->modem->events.has_lost = false;
		incoming_arrived(&s->in, &(struct line_stored){.slot = -1}, now_ms());
	}
}

/* From the daemon. */

static void take_dial(struct session *s, const struct line_ussd *ussd)
{
	if (s->is_ready) {
		s->dial = *ussd;
		return;
	}
	wire_send(&s->wire, &(struct line){.type = LINE_USSD, .ussd = {.status = 4}});
}

/* Without a memory: a report that came directly. */
static void take_stored(struct session *s, const struct line_stored *stored)
{
	if (stored->mem[0])
		incoming_stored(&s->in, stored, now_ms());
	else if (s->is_ready && s->modem->ops->confirm)
		s->confirm = stored->slot;
}

/* Oldest first; an empty one where there are none. */
static void tell_journal(struct session *s)
{
	const struct modem *modem = s->modem;
	const char *(*trace)(const struct modem *modem, size_t n) = modem->ops->trace;
	struct line line = {.type = LINE_SAID};
	size_t count = 0;

	while (trace && trace(modem, count))
		count++;
	if (!count)
		wire_send(&s->wire, &line);
	for (size_t n = count; trace && n > 0; n--) {
		line.said.left = (int)n - 1;
		snprintf(line.said.text, sizeof(line.said.text), "%s", trace(modem, n - 1));
		wire_send(&s->wire, &line);
	}
}

static void take_line(struct session *s, const struct line *line)
{
	struct line pong = {.type = LINE_PONG};

	switch (line->type) {
	case LINE_STORED:
		take_stored(s, &line->stored);
		break;
	case LINE_SEND:
		outgoing_take(&s->out, &line->send, s->is_ready);
		break;
	case LINE_USSD:
		take_dial(s, &line->ussd);
		break;
	case LINE_PING:
		pong.ping = line->ping;
		wire_send(&s->wire, &pong);
		break;
	case LINE_JOURNAL:
		tell_journal(s);
		break;
	case LINE_QUIT:
		s->is_quitting = true;
		break;
	default:
		s->wire.noise++;
		log_warn("line", "unexpected=%d", (int)line->type);
	}
}

/* Work. */

static void dial(struct session *s)
{
	struct line line = {.type = LINE_USSD};
	enum err err = s->modem->ops->dial(s->modem, s->dial.text);

	s->dial.text[0] = 0;
	if (!err)
		return;
	line.ussd.status = err == ERR_TIMEOUT ? 5
					      : 4; /* TS 27.007 §7.15: time-out, not supported */
	wire_send(&s->wire, &line);
	note(s, err);
}

static void confirm(struct session *s)
{
	int number = s->confirm;

	s->confirm = -1;
	note(s, s->modem->ops->confirm(s->modem, number));
}

static bool may_send(const struct session *s, bool can_receive, int64_t now)
{
	if (!outgoing_is_due(&s->out, now))
		return false;
	/* No pause within a long message: the network keeps its head for a while only. */
	if (incoming_is_first(&s->in, now) && s->out.queue[0].part <= 1)
		return false;
	return !can_receive || s->receives_left <= 0;
}

/* At most one thing; false when there was nothing to do. */
static bool work(struct session *s)
{
	int64_t now = now_ms();
	bool can_receive = incoming_is_due(&s->in, now);

	if (s->out.is_flying) {
		incoming_yielded(&s->in, now);
		if (outgoing_check(&s->out, now))
			s->needs_probe = true;
		return !s->out.is_flying;
	}
	if (s->needs_probe) {
		probe(s);
	} else if (s->confirm >= 0) {
		confirm(s);
	} else if (s->needs_hang_up) {
		s->needs_hang_up = false;
		note(s, s->modem->ops->hang_up(s->modem));
	} else if (may_send(s, can_receive, now)) {
		s->receives_left = RECEIVES_A_SEND;
		note(s, outgoing_submit(&s->out, s->modem, now_ms));
	} else if (s->dial.text[0]) {
		dial(s);
	} else if (can_receive) {
		s->receives_left--;
		note(s, incoming_work(&s->in, s->modem, now));
	} else if (now >= s->state_at_ms) {
		report_state(s);
	} else if (now >= s->alive_at_ms) {
		s->needs_probe = true; /* in the next turn, before anything else */
	} else {
		return false;
	}
	return true;
}

/* Until when nothing happens by itself. */
static int sleep_ms(const struct session *s)
{
	int64_t at, send_ms, now = now_ms();

	if (!s->is_ready) {
		at = s->retry_at_ms;
	} else if (s->out.is_flying) {
		at = s->out.deadline_ms;
	} else {
		at = incoming_due_ms(&s->in);
		if (s->state_at_ms < at)
			at = s->state_at_ms;
		if (s->alive_at_ms < at)
			at = s->alive_at_ms;
		send_ms = incoming_is_first(&s->in, now) ? incoming_first_until_ms(&s->in)
							 : s->out.quiet_until_ms;
		if (s->out.count && send_ms < at)
			at = send_ms;
	}
	if (wire_due_ms(&s->wire) < at)
		at = wire_due_ms(&s->wire);
	if (at <= now)
		return 0;
	if (s->is_ready && s->modem->ops->fd(s->modem) < 0 && at - now > BLIND_POLL_MS)
		return BLIND_POLL_MS;
	return (int)(at - now);
}

static void listen_once(struct session *s, int timeout_ms)
{
	int tty = s->is_ready ? s->modem->ops->fd(s->modem) : -1;
	struct pollfd fds[] = {
		{.fd = s->wire.in_fd, .events = POLLIN}, {.fd = tty, .events = POLLIN}};
	struct line line;

	if (poll(fds, ARRAY_LEN(fds), timeout_ms) < 0)
		return;
	if (fds[0].revents) {
		wire_fill(&s->wire);
		while (wire_next(&s->wire, &line))
			take_line(s, &line);
	}
	if (!s->is_ready || (tty >= 0 && !fds[1].revents))
		return;
	note(s, s->modem->ops->pump(s->modem));
	/* A tty that hangs up stays readable for ever and says nothing. */
	if (s->is_ready && fds[1].revents & (POLLHUP | POLLERR | POLLNVAL))
		go_down(s, "modem is gone");
}

static int serve(struct session *s)
{
	bool is_busy = false;

	while (!s->wire.is_closed) {
		if (now_ms() >= wire_due_ms(&s->wire))
			wire_flush(&s->wire);
		listen_once(s, is_busy ? 0 : sleep_ms(s));
		if (s->wire.is_closed)
			break;
		if (s->is_quitting && !s->out.is_flying) {
			wire_flush(&s->wire);
			return EXIT_SUCCESS;
		}
		if (!s->is_ready && now_ms() >= s->retry_at_ms)
			connect(s);
		is_busy = false;
		if (s->is_ready) {
			take_events(s);
			is_busy = work(s);
		}
		if (s->is_ready && s->next && is_cleared(s)) {
			hand_over(s);
			go_down(s, "slots are cleared");
			s->retry_at_ms = 0;
		}
		/* What came during the work. */
		if (s->is_ready) {
			take_events(s);
			if (!s->out.is_flying)
				is_busy = is_busy || s->in.read_count || s->needs_hang_up;
		}
	}
	/* The daemon is gone: what the modem is doing is nobody's business any more, and an orderly
	 * farewell could take it half a minute. */
	return EXIT_SUCCESS;
}

int session_run(const struct session_config *config, struct modem *modem, struct modem *raw)
{
	struct session *s = calloc(1, sizeof(*s));
	int status = EXIT_FAILURE;

	if (!s)
		return status;
	s->config = config;
	s->modem = raw ? raw : modem;
	s->next = raw ? modem : NULL;
	s->confirm = -1;
	s->retry_delay_ms = RETRY_FIRST_MS;
	forget_state(s);
	wire_init(&s->wire, config->in_fd, config->out_fd);
	outgoing_init(&s->out, &s->wire, config->send_timeout_ms);
	if (incoming_init(&s->in, &s->wire, config->poll_ms) == ERR_OK) {
		s->in.is_poison_only = raw != NULL;
		status = serve(s);
	}
	if (!s->wire.is_closed)
		s->modem->ops->close(s->modem);
	incoming_done(&s->in);
	wire_done(&s->wire);
	explicit_bzero(s, sizeof(*s));
	free(s);
	return status;
}
