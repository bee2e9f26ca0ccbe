/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Slots. A memory is read by one +CMGL; what that garbled, what a modem refuses to list at all, and
 * everything for a while after a command that was not answered, is read slot by slot. Nothing that
 * lies in a slot is decoded before it passed the gate: what does not is handed up raw, as poison,
 * and is deleted like everything else once it is stored.
 */
#include "gateway/modem_at.h"
#include "gateway/shown.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"

#include <string.h>

#define ANSWER_MEMORIES_BYTES 256
#define SUSPECTS_MAX	      32
#define SLOTS_PROBED_MAX      256

static struct at_memory *memory_of(struct at_modem *m, const char *mem)
{
	return str_eq(mem, "SM") ? &m->sim : str_eq(mem, "ME") ? &m->phone : NULL;
}

/* +CPMS: ("SM","ME","SR"),("SM","ME"),("SM","ME"): the first list is what can be read. */
static void note_memories(struct at_modem *m, const char *text)
{
	size_t len = strcspn(text, ")");
	char first[ANSWER_MEMORIES_BYTES];

	snprintf(first, sizeof(first), "%.*s", (int)len, text);
	m->sim.is_there = strstr(first, "\"SM\"") != NULL;
	m->phone.is_there = strstr(first, "\"ME\"") != NULL;
	m->has_reports = strstr(first, "\"SR\"") != NULL;
}

/* All three: what is read, what is written, where the network's messages go. */
static enum err choose_memory(struct at_modem *m, const char *mem)
{
	char command[48], text[96];
	enum err err;

	snprintf(command, sizeof(command), "AT+CPMS=\"%s\",\"%s\",\"%s\"", mem, mem, mem);
	err = at_ask(m, command, "+CPMS:", AT_SIM_MS, text, sizeof(text));
	if (!err)
		snprintf(m->memory, sizeof(m->memory), "%s", mem);
	return err;
}

enum err at_memories_open(struct at_modem *m)
{
	char text[ANSWER_MEMORIES_BYTES];
	enum err err = at_ask(m, "AT+CPMS=?", "+CPMS:", AT_SIM_MS, text, sizeof(text));

	if (at_is_fatal(err))
		return err;
	m->sim = m->phone = (struct at_memory){.used = -1, .size = -1};
	if (err)
		m->sim.is_there = m->phone.is_there = true; /* selecting will tell */
	else
		note_memories(m, text);
	/* The SIM's, for what lies there survives the modem. */
	err = m->sim.is_there ? choose_memory(m, "SM") : ERR_MODEM;
	if (err && !at_is_fatal(err) && m->phone.is_there)
		err = choose_memory(m, "ME");
	if (err && !at_is_fatal(err))
		log_warn("modem", "memories=unknown");
	return at_is_fatal(err) ? err : ERR_OK;
}

/* What answered may have been the answer to an earlier command. */
static enum err confirm_memory(struct at_modem *m, const char *mem)
{
	char text[96], name[8];
	enum err err = at_ask(m, "AT+CPMS?", "+CPMS:", AT_SIM_MS, text, sizeof(text));

	if (err)
		return at_is_fatal(err) ? err : ERR_OK;
	at_text_field(text, 0, name, sizeof(name));
	return str_eq(name, mem) ? ERR_OK : ERR_MODEM;
}

enum err at_select(struct at_modem *m, const char *mem, bool must_ask)
{
	struct at_memory *memory = memory_of(m, mem);
	char command[24], text[96];
	enum err err;

	if (!must_ask && !at_is_doubtful(m) && str_eq(m->memory, mem))
		return ERR_OK;
	m->memory[0] = 0;
	snprintf(command, sizeof(command), "AT+CPMS=\"%.2s\"", mem);
	err = at_ask(m, command, "+CPMS:", AT_SIM_MS, text, sizeof(text));
	if (!err && at_is_doubtful(m))
		err = confirm_memory(m, mem);
	if (err)
		return err;
	snprintf(m->memory, sizeof(m->memory), "%s", mem);
	if (memory) {
		memory->used = at_field(text, 0);
		memory->size = at_field(text, 1);
	}
	return ERR_OK;
}

/* One slot. */

static void take_read(void *arg, const char *line)
{
	struct shown *shown = arg;

	if (str_starts(line, "+CMGR:"))
		shown_header(shown, line, false);
	else
		shown_pdu(shown, line);
}

/* TS 27.005 §3.2.5, TS 27.007 §9.2: no such index, not found. */
static bool says_empty(const struct at_result *result)
{
	return (result->final == AT_CMS && result->code == 321) ||
	       (result->final == AT_CME && (result->code == 21 || result->code == 22));
}

/* ERR_NOT_FOUND: nothing lies there. */
static enum err read_once(struct at_modem *m, int slot, struct shown *ret_shown)
{
	char command[24];
	struct at_request request = {.command = command,
		.prefix = "+CMGR:",
		.has_pdus = true,
		.quiet_ms = AT_SIM_MS,
		.total_ms = 2 * AT_SIM_MS,
		.answer = take_read,
		.arg = ret_shown};
	struct at_result result;
	enum err err;

	*ret_shown = (struct shown){.slot = slot, .stat = -1, .octets = -1};
	snprintf(command, sizeof(command), "AT+CMGR=%d", slot);
	err = at_line_command(&m->line, &request, &result);
	if (err)
		return err;
	err = at_err_of(&result);
	if (err)
		return says_empty(&result) ? ERR_NOT_FOUND : err;
	return ret_shown->stat < 0 && !ret_shown->hex[0] ? ERR_NOT_FOUND : ERR_OK;
}

/* In the selected memory. Two readings that agree are what is there; while answers come late the
 * first may be that of another slot. ERR_PROTOCOL: they don't. */
static enum err read_slot(struct at_modem *m, const char *mem, int slot, struct line *ret_line)
{
	struct shown shown, before;
	enum err err = read_once(m, slot, &shown);
	bool is_doubtful = at_is_doubtful(m);

	before = shown;
	if (!err && (is_doubtful || !shown_is_whole(&shown)))
		err = read_once(m, slot, &shown);
	if (!err && is_doubtful && !str_eq(shown.hex, before.hex))
		err = ERR_PROTOCOL;
	if (!err)
		shown_to_line(&shown, mem, ret_line);
	if (!err && ret_line->type == LINE_REPORT)
		m->reports_found++;
	explicit_bzero(shown.hex, sizeof(shown.hex));
	explicit_bzero(before.hex, sizeof(before.hex));
	return err;
}

enum err at_read(struct modem *modem, const char *mem, int slot, struct line *ret_line)
{
	struct at_modem *m = at_self(modem);
	enum err err = at_select(m, mem, false);

	if (!err)
		err = read_slot(m, mem, slot, ret_line);
	/* Announced in one memory and kept in another, as EC25 does with reports: a listing finds
	 * it. */
	if (err == ERR_NOT_FOUND)
		m->modem.events.has_lost = true;
	return err;
}

/* Memories. */

struct listing {
	const char *mem;
	bool is_doubtful; /* the lines may be those of the listing before, of another memory */
	modem_item_fn fn;
	void *arg;
	struct shown shown; /* its header came, its PDU not yet */
	int suspects[SUSPECTS_MAX];
	int suspect_count;
	int reports;
};

static void suspect(struct listing *l, int slot)
{
	if (slot >= 0 && l->suspect_count < SUSPECTS_MAX)
		l->suspects[l->suspect_count++] = slot;
}

static void take_listed(void *arg, const char *text)
{
	struct listing *l = arg;
	struct line line;

	if (str_starts(text, "+CMGL:")) {
		suspect(l, l->shown.slot); /* of the one before there was no PDU */
		shown_header(&l->shown, text, true);
		return;
	}
	if (l->shown.slot < 0)
		return;
	shown_pdu(&l->shown, text);
	if (!l->is_doubtful && shown_is_whole(&l->shown)) {
		shown_to_line(&l->shown, l->mem, &line);
		l->fn(l->arg, l->mem, l->shown.slot, &line);
		l->reports += line.type == LINE_REPORT;
	} else {
		suspect(l, l->shown.slot);
	}
	l->shown.slot = -1;
}

static enum err read_and_tell(struct at_modem *m, struct listing *l, int slot)
{
	struct line line;
	enum err err = read_slot(m, l->mem, slot, &line);

	if (!err)
		l->fn(l->arg, l->mem, slot, &line);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* Some modules answer +CMGL with an error when one slot is bad, some always. */
static enum err walk_slots(struct at_modem *m, struct listing *l)
{
	const struct at_memory *memory = memory_of(m, l->mem);
	int size = memory && memory->size >= 0 ? memory->size : 0;
	enum err err = ERR_OK;

	if (!memory)
		return ERR_OK; /* reports that cannot be listed are missed by nobody for long */
	log_warn("modem", "unlisted mem=%s walked=%d", l->mem, size);
	/* Whether they are counted from 0 or from 1 is the maker's choice. */
	for (int slot = 0; slot <= size && slot < SLOTS_PROBED_MAX && !err; slot++)
		err = read_and_tell(m, l, slot);
	return err;
}

static enum err list_memory(struct at_modem *m, struct listing *l)
{
	struct at_request request = {.command = "AT+CMGL=4",
		.prefix = "+CMGL:",
		.has_pdus = true,
		.quiet_ms = AT_LIST_MS,
		.total_ms = AT_LIST_ALL_MS,
		.answer = take_listed,
		.arg = l};
	struct at_result result;
	enum err err = at_line_command(&m->line, &request, &result);

	if (err)
		return err;
	suspect(l, l->shown.slot);
	err = at_err_of(&result);
	if (err == ERR_SIM)
		return err;
	if (err)
		return walk_slots(m, l);
	for (int i = 0; i < l->suspect_count && !err; i++)
		err = read_and_tell(m, l, l->suspects[i]);
	return err;
}

enum err at_list(struct modem *modem, const char *only, modem_item_fn fn, void *arg)
{
	struct at_modem *m = at_self(modem);
	const struct {
		const char *mem;
		bool is_there;
	} memories[] = {{"SR", m->has_reports}, {"ME", m->phone.is_there}, {"SM", m->sim.is_there}};
	enum err err = ERR_OK, checked = ERR_OK;

	/* The SIM last: there most of what comes next will lie. */
	for (size_t i = 0; i < ARRAY_LEN(memories) && !at_is_fatal(err); i++) {
		struct listing l = {.mem = memories[i].mem,
			.is_doubtful = at_is_doubtful(m),
			.fn = fn,
			.arg = arg,
			.shown = {.slot = -1}};
		enum err selected;

		if (!memories[i].is_there || (only && !str_eq(only, l.mem)))
			continue;
		selected = at_select(m, l.mem, false);
		if (!selected)
			selected = list_memory(m, &l);
		m->reports_found += l.reports;
		/* One memory that fails does not hide the others. */
		if (selected && (!err || at_is_fatal(selected)))
			err = selected;
	}
	if (!at_is_fatal(err))
		checked = at_reports_check(m);
	return checked ? checked : err;
}

/* Deleting. */

enum err at_erase(struct modem *modem, const char *mem, int slot)
{
	struct at_modem *m = at_self(modem);
	char command[24];
	struct at_result result;
	struct shown shown;
	enum err read, err = at_select(m, mem, false);

	if (err)
		return err;
	snprintf(command, sizeof(command), "AT+CMGD=%d", slot);
	err = at_do(m, command, AT_SIM_MS, &result);
	/* Only a number says that it was refused; else another message may lie there by now. */
	if (err && !at_is_fatal(err) && result.code >= 0)
		err = at_do(m, command, AT_SIM_MS, &result);
	if (at_is_fatal(err) || (!err && !at_is_doubtful(m)))
		return err;
	/* Nothing there any more is what was wanted. */
	read = read_once(m, slot, &shown);
	if (read == ERR_NOT_FOUND)
		return ERR_OK;
	/* It lies there still: the OK was another command's. */
	return !err && !read ? ERR_TIMEOUT : err;
}
