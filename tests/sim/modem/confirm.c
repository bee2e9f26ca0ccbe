/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Direct reports that the host has to confirm (+CSMS=1, 3GPP TS 27.005 §3.4.4): until then no other
 * is given to it. Who waits in vain tells the network so, which tries again later, and switches the
 * indications off.
 */
#include "tests/sim/modem/sim.h"

#include <string.h>

static void refuse(struct sim *sim)
{
	struct network *n = &sim->network;
	struct incoming *m = n->unconfirmed;
	if (!m)
		return;
	timer_stop(sim, &n->confirm);
	n->unconfirmed = NULL;
	journal(sim, "report_refused", json_pack("{s:I}", "id", (json_int_t)m->id));
	struct incoming **end = &n->refused;
	while (*end)
		end = &(*end)->next;
	*end = m;
	timer_set(sim, &n->retry, sim->opt.retry_ms, confirm_retry, NULL);
	state_changed(sim);
}

static void confirm_due(struct sim *sim, void *arg)
{
	(void)arg;
	sim->at.set.cnmi[1] = sim->at.set.cnmi[3] = 0;
	refuse(sim);
	network_pump(sim);
}

void confirm_wait(struct sim *sim, const struct incoming *m)
{
	struct network *n = &sim->network;
	if (sim->at.set.csms != 1)
		return;
	n->unconfirmed = sim_alloc(sizeof(*m));
	*n->unconfirmed = *m;
	n->unconfirmed->next = NULL;
	timer_set(sim, &n->confirm, sim->opt.confirm_ms, confirm_due, NULL);
}

bool confirm_take(struct sim *sim)
{
	struct network *n = &sim->network;
	if (!n->unconfirmed)
		return false;
	timer_stop(sim, &n->confirm);
	journal(sim, "report_confirmed", json_pack("{s:I}", "id", (json_int_t)n->unconfirmed->id));
	free(n->unconfirmed);
	n->unconfirmed = NULL;
	network_pump(sim);
	return true;
}

void confirm_retry(struct sim *sim, void *arg)
{
	struct network *n = &sim->network;
	(void)arg;
	timer_stop(sim, &n->retry);
	while (n->refused) {
		struct incoming *m = n->refused;
		n->refused = m->next;
		(void)!network_offer(sim, m, NULL);
		free(m);
	}
}

void confirm_power_off(struct sim *sim)
{
	refuse(sim);
}

void confirm_done(struct sim *sim)
{
	struct network *n = &sim->network;
	free(n->unconfirmed);
	while (n->refused) {
		struct incoming *m = n->refused;
		n->refused = m->next;
		free(m);
	}
}
