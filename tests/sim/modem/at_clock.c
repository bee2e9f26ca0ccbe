/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The clock that the network sets, or never set (3GPP TS 27.007 §8.15, §8.40, §8.41). */
#include "tests/sim/modem/sim.h"

#include "daemon/base/clock.h"
#include "daemon/base/str.h"

#include <time.h>

#define CLOCK_BYTES	  32
#define CME_NOT_SUPPORTED 4

static const struct at_answer ok = {AT_OK, 0}, bad = {AT_CME, CME_NOT_SUPPORTED};

/* "2026/11/22,19:34:56" */
static void time_text(const struct sim *sim, int quarters, char text[CLOCK_BYTES])
{
	time_t at = (time_t)((sim_wall_ms() + sim->network.clock_ms) / SECOND_MS) + quarters * 900;
	struct tm tm;
	gmtime_r(&at, &tm);
	CHECK(strftime(text, CLOCK_BYTES, "%Y/%m/%d,%H:%M:%S", &tm) > 0);
}

static struct at_answer run_cclk(const struct at_call *c)
{
	const struct sim *sim = c->sim;
	char text[CLOCK_BYTES];
	if (c->kind != AT_READ)
		return ok;
	time_text(sim, PDU_VIETNAM_QUARTERS, text);
	if (sim->network.cclk[0])
		at_say(c->sim, "+CCLK: \"%s\"", sim->network.cclk);
	else
		at_say(c->sim, "+CCLK: \"%s+%d\"", text + 2, PDU_VIETNAM_QUARTERS);
	return ok;
}

/* +CTZU and +CTZR */
static struct at_answer run_zone(const struct at_call *c)
{
	bool is_update = str_eq(c->name, "+CTZU");
	int *set = is_update ? &c->sim->at.set.ctzu : &c->sim->at.set.ctzr;
	int value = *set, max = is_update ? 1 : 3;
	if (c->kind == AT_TEST)
		at_say(c->sim, "%s: (0-%d)", c->name, max);
	else if (c->kind == AT_READ)
		at_say(c->sim, "%s: %d", c->name, value);
	if (c->kind != AT_SET)
		return ok;
	if (at_ints(c->args, &value, 1) != 1 || value < 0 || value > max)
		return bad;
	*set = value;
	return ok;
}

void at_clock_tell(struct sim *sim)
{
	char text[CLOCK_BYTES];
	int report = sim->at.set.ctzr;
	time_text(sim, report == 3 ? 0 : PDU_VIETNAM_QUARTERS, text);
	if (report == 1)
		at_urc(sim, "+CTZV: \"+%d\"", PDU_VIETNAM_QUARTERS);
	else if (report)
		at_urc(sim, "+CTZE%s: \"+%d\",0,\"%s\"", report == 3 ? "U" : "",
			PDU_VIETNAM_QUARTERS, text);
}

static const struct at_command commands[] = {
	{"+CCLK", run_cclk}, {"+CTZU", run_zone}, {"+CTZR", run_zone}};

const struct at_command *at_clock_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (str_eq(commands[i].name, name))
			return &commands[i];
	}
	return NULL;
}
