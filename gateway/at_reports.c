/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Indications, and above all the way of the delivery reports (3GPP TS 27.005 §3.4.1). Two ways lose
 * none while this process or the daemon is away:
 *
 *   stored    <ds>=2: in a memory, announced by +CDSI, read and deleted like a message. Where a
 *             module has a memory for them that can be read, and keeps them there: Quectel keeps
 *             them in SR and announces SM, SIMCom announces what it then cannot read, Huawei has
 *             no such memory and announces it all the same.
 *   confirmed <ds>=1 with +CSMS=1: directly by +CDS. The network is told that it arrived by
 *             +CNMA only, which goes out when the daemon has committed it; otherwise it tries
 *             again later. A module that waits for it in vain for some 15 s takes it for dead and
 *             switches its indications off, so they are asked for again.
 *
 * The last resort is <ds>=1 without confirmation, or none.
 */
#include "gateway/modem_at.h"
#include "gateway/pdu_code.h"
#include "gateway/shown.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"

#include <string.h>
#include <strings.h>

#define CONFIRM_MS   (12 * SECOND_MS)
#define UNKEPT_MAX   3 /* announced and nowhere to be found: this module keeps none */
#define NUMBERS	     10000
#define WAYS_OF_KIND 3

static const char *const stored_ways[WAYS_OF_KIND] = {
	"AT+CNMI=2,1,0,2,0", "AT+CNMI=2,1,0,2", "AT+CNMI=1,1,0,2,0"};
static const char *const direct_ways[WAYS_OF_KIND] = {
	"AT+CNMI=2,1,0,1,0", "AT+CNMI=2,1,0,1", "AT+CNMI=1,1,0,1,0"};
static const char *const blind_ways[WAYS_OF_KIND] = {
	"AT+CNMI=2,1,0,0,0", "AT+CNMI=2,1", "AT+CNMI=1,1"};

static bool keeps_none(const char *maker)
{
	static const char *const makers[] = {"Quectel", "SIMCOM", "huawei"};

	for (size_t i = 0; i < ARRAY_LEN(makers); i++) {
		if (strncasecmp(maker, makers[i], strlen(makers[i])) == 0)
			return true;
	}
	return false;
}

static enum err ask_stored(struct at_modem *m)
{
	enum err err = at_do(m, "AT+CSMS=0", AT_SIM_MS, NULL);

	m->must_confirm = false;
	if (!at_is_fatal(err))
		err = at_first_of(m, stored_ways, WAYS_OF_KIND);
	m->has_stored_reports = !err;
	return err;
}

/* The service first, for the indications may depend on it. */
static enum err ask_direct(struct at_modem *m)
{
	enum err err = at_do(m, "AT+CSMS=1", AT_SIM_MS, NULL);

	m->must_confirm = !err;
	m->has_stored_reports = false;
	if (!at_is_fatal(err))
		err = at_first_of(m, direct_ways, WAYS_OF_KIND);
	return err;
}

static enum err ask_indications(struct at_modem *m)
{
	enum err err = m->is_stored_better ? ask_stored(m) : ask_direct(m);

	if (err && !at_is_fatal(err))
		err = m->is_stored_better ? ask_direct(m) : ask_stored(m);
	if (err && !at_is_fatal(err)) {
		m->must_confirm = false;
		err = at_do(m, "AT+CSMS=0", AT_SIM_MS, NULL);
		if (!at_is_fatal(err))
			err = at_first_of(m, blind_ways, WAYS_OF_KIND);
		log_warn("modem", "reports=no indications=%s", err ? "no" : "yes");
	}
	m->needs_indications = false;
	return at_is_fatal(err) ? err : ERR_OK;
}

enum err at_reports_on(struct at_modem *m, const char *maker)
{
	m->is_stored_better = m->has_reports && !keeps_none(maker);
	m->reports_announced = m->reports_found = 0;
	m->is_report_due = false;
	return ask_indications(m);
}

/* The number under which the daemon says that it is stored. */
static int note_direct(struct at_modem *m)
{
	m->report_number = (m->report_number + 1) % NUMBERS;
	m->is_report_due = m->must_confirm;
	m->report_ms = clock_mono_ms(clock_system());
	return m->report_number;
}

/* Neither dropped nor sent again for ever: raw to where a person may look at it. */
static void keep_poison(struct at_modem *m, const char *hex, const char *reason)
{
	struct modem_event *event = modem_events_push(&m->modem.events, MODEM_POISON);
	int number = note_direct(m);
	struct line line;

	if (!event)
		return;
	shown_poison(hex, "", number, reason, &line);
	event->poison = line.poison;
}

void at_report_direct(struct at_modem *m, const char *hex)
{
	uint8_t pdu[PDU_OCTETS_MAX];
	const char *reason = "no hex";
	struct modem_event *event;
	struct line line;
	size_t len;

	if (pdu_from_hex(hex, pdu, sizeof(pdu), &len) || pdu_decode(pdu, len, &line, &reason)) {
		keep_poison(m, hex, reason);
	} else if (line.type == LINE_REPORT) {
		int number = note_direct(m);

		event = modem_events_push(&m->modem.events, MODEM_REPORT);
		if (event) {
			event->report = line.report;
			event->report.slot = number;
		}
	} else {
		/* A message past the store is never asked for. What is not confirmed comes again,
		 * perhaps to where it can be read. */
		m->needs_indications = true;
		log_warn("modem", "direct=dropped reason=\"a message\"");
	}
}

enum err at_confirm(struct modem *modem, int number)
{
	struct at_modem *m = at_self(modem);
	enum err err;

	if (!m->is_report_due || number != m->report_number)
		return ERR_OK;
	m->is_report_due = false;
	/* Who does not know it by now gave up waiting. */
	if (clock_mono_ms(clock_system()) - m->report_ms > CONFIRM_MS)
		return ask_indications(m);
	err = at_do(m, "AT+CNMA", AT_SIM_MS, NULL);
	return err && !at_is_fatal(err) ? ask_indications(m) : err;
}

enum err at_reports_check(struct at_modem *m)
{
	if (m->is_report_due && clock_mono_ms(clock_system()) - m->report_ms > CONFIRM_MS) {
		m->is_report_due = false;
		m->needs_indications = true;
	}
	if (m->has_stored_reports && m->reports_announced >= UNKEPT_MAX && !m->reports_found) {
		log_warn("modem", "reports=unkept announced=%d", m->reports_announced);
		m->is_stored_better = false;
		m->reports_announced = 0;
		m->needs_indications = true;
	}
	return m->needs_indications ? ask_indications(m) : ERR_OK;
}
