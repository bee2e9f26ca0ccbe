/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Faults are counters: each says which command it hits, how often, and what it does to the answer.
 */
#include "tests/sim/modem/sim.h"

#include "daemon/base/str.h"

#include <ctype.h>
#include <string.h>

#define DEFAULT_LATE_MS	 2000
#define DEFAULT_SPLIT_MS 30

static const char *const names[FAULT_COUNT] = {
	[FAULT_LATE] = "late",
	[FAULT_MISSING] = "missing",
	[FAULT_SPLIT] = "split",
	[FAULT_GARBLE] = "garble",
	[FAULT_URC_INSIDE] = "urc_inside",
	[FAULT_ERROR_BUT_SENT] = "error_but_sent",
	[FAULT_NO_PROMPT] = "no_prompt",
	[FAULT_HANG] = "hang",
	[FAULT_CMS] = "cms",
	[FAULT_CME] = "cme",
	[FAULT_DROP_REGISTRATION] = "drop_registration",
	[FAULT_LOSE] = "lose",
	[FAULT_LOST_CTRL_Z] = "lost_ctrl_z",
	[FAULT_ECHO] = "echo",
	[FAULT_DROP_URC] = "drop_urc",
	[FAULT_DOUBLE_URC] = "double_urc",
	[FAULT_NOISE] = "noise",
};

static int64_t int_of(const json_t *request, const char *key, int64_t otherwise)
{
	const json_t *v = json_object_get(request, key);
	return json_is_integer(v) ? json_integer_value(v) : otherwise;
}

/* What hits no command but the modem as it is now; false: it waits for one. */
static bool strike(struct sim *sim, const struct fault *f)
{
	switch (f->what) {
	case FAULT_HANG:
		at_hang(sim, f->ms);
		break;
	case FAULT_DROP_REGISTRATION:
		network_register(sim, REG_SEARCHING, f->ms);
		break;
	case FAULT_ECHO:
		sim->at.set.echo = true;
		break;
	case FAULT_DROP_URC:
		sim->at.urcs_to_drop = f->left;
		break;
	case FAULT_DOUBLE_URC:
		sim->at.urcs_to_double = f->left;
		break;
	case FAULT_NOISE:
		at_noise(sim, f->bytes);
		break;
	default:
		return false;
	}
	journal(sim, "fault", json_pack("{s:s,s:s}", "what", names[f->what], "on", ""));
	return true;
}

enum err fault_add(struct sim *sim, const json_t *request, struct errbuf *eb)
{
	const char *what = json_string_value(json_object_get(request, "what"));
	const char *on = json_string_value(json_object_get(request, "on"));
	const char *at = json_string_value(json_object_get(request, "at"));
	const char *urc = json_string_value(json_object_get(request, "urc"));
	struct fault f = {.what = FAULT_COUNT};
	for (int i = 0; i < FAULT_COUNT; i++) {
		if (str_eq(what, names[i]))
			f.what = (enum fault_what)i;
	}
	if (f.what == FAULT_COUNT)
		return errbuf_set(eb, ERR_INVALID, "unknown fault");
	if (on && *on == '+')
		on++;
	if (str_copy(f.on, sizeof(f.on), on ? on : "any") != ERR_OK ||
		str_copy(f.urc, sizeof(f.urc), urc ? urc : "^RSSI: 18") != ERR_OK)
		return errbuf_set(eb, ERR_TOO_BIG, "on or urc is too long");
	f.left = (int)int_of(request, "count", 1);
	f.skip = (int)int_of(request, "skip", 0);
	f.ms = int_of(request, "ms",
		f.what == FAULT_LATE	? DEFAULT_LATE_MS
		: f.what == FAULT_SPLIT ? DEFAULT_SPLIT_MS
					: 0);
	f.code = (int)int_of(request, "code", f.what == FAULT_CME ? 515 : 500);
	f.bytes = (int)int_of(request, "bytes", 7);
	if (f.bytes < (f.what == FAULT_LOSE ? 0 : 1) || f.ms < 0)
		return errbuf_set(eb, ERR_INVALID, "bytes and ms must not be negative");
	f.is_blocking = json_is_true(json_object_get(request, "block"));
	if (f.what == FAULT_LOSE && !json_object_get(request, "bytes"))
		f.bytes = 0;
	f.is_at_prompt = at ? str_eq(at, "prompt") : f.what == FAULT_HANG;
	if (!on && strike(sim, &f))
		return ERR_OK;
	if (sim->fault_count == SIM_FAULTS_MAX)
		return errbuf_set(eb, ERR_TOO_BIG, "too many faults are set");
	sim->fault[sim->fault_count++] = f;
	return ERR_OK;
}

static void apply(const struct fault *f, struct effects *e)
{
	e->is[f->what] = true;
	switch (f->what) {
	case FAULT_LATE:
		e->late_ms = f->ms;
		e->is_late_blocking = f->is_blocking;
		break;
	case FAULT_SPLIT:
		e->split_ms = f->ms;
		e->split_bytes = f->bytes;
		break;
	case FAULT_HANG:
		e->hang_ms = f->ms;
		e->is_at_prompt = f->is_at_prompt;
		break;
	case FAULT_DROP_REGISTRATION:
		e->drop_ms = f->ms;
		break;
	case FAULT_CMS:
	case FAULT_CME:
		e->is_at_prompt = f->is_at_prompt;
		e->code = f->code;
		break;
	case FAULT_LOSE:
		e->lost_bytes = f->bytes;
		break;
	case FAULT_ERROR_BUT_SENT:
		e->code = f->code;
		break;
	case FAULT_NOISE:
		e->noise_bytes = f->bytes;
		break;
	case FAULT_URC_INSIDE:
		memcpy(e->urc, f->urc, sizeof(e->urc));
		break;
	default:
		break;
	}
}

void fault_take(struct sim *sim, const char *command, struct effects *ret_effects)
{
	*ret_effects = (struct effects){0};
	for (int i = 0; i < sim->fault_count; i++) {
		struct fault *f = &sim->fault[i];
		if (strcasecmp(f->on, "any") != 0 && strcasecmp(f->on, command) != 0)
			continue;
		if (f->skip > 0) {
			f->skip--;
			continue;
		}
		apply(f, ret_effects);
		journal(sim, "fault",
			json_pack("{s:s,s:s}", "what", names[f->what], "on", command));
		if (f->left > 0 && --f->left == 0) {
			memmove(f, f + 1, (size_t)(sim->fault_count - i - 1) * sizeof(*f));
			sim->fault_count--;
			i--;
		}
	}
}

void fault_clear(struct sim *sim)
{
	sim->fault_count = 0;
	sim->at.urcs_to_drop = 0;
	sim->at.urcs_to_double = 0;
	timer_stop(sim, &sim->at.deaf);
	sim->at.is_deaf = false;
}

json_t *fault_list(const struct sim *sim)
{
	json_t *list = json_array();
	for (int i = 0; i < sim->fault_count; i++) {
		const struct fault *f = &sim->fault[i];
		json_array_append_new(list, json_pack("{s:s,s:s,s:i}", "what", names[f->what], "on",
						    f->on, "left", f->left));
	}
	return list;
}
