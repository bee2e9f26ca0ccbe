/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/modem_gammu.h"
#include "gateway/pdu.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"

#include <string.h>

/* libgammu numbers slots through all memories: folder x 100,000 + slot. */
static int flat_location(const struct gammu_modem *g, const char *mem, int slot)
{
	return str_eq(mem, "ME") && g->has_sim ? GSM_PHONE_MAXSMSINFOLDER + slot : slot;
}

/* With Memory left at 0 libgammu selects the memory only when it is another: one command instead of
 * two for each access. The report memory has no folder and must be named. */
static void set_place(
	const struct gammu_modem *g, const char *mem, int slot, GSM_SMSMessage *ret_sms)
{
	bool is_report = str_eq(mem, "SR");

	ret_sms->Memory = is_report ? MEM_SR : 0;
	ret_sms->Folder = is_report ? 1 : 0;
	ret_sms->Location = is_report ? slot : flat_location(g, mem, slot);
}

static void set_slot(struct line *line, const char *mem, int slot)
{
	if (line->type == LINE_SMS) {
		snprintf(line->sms.mem, sizeof(line->sms.mem), "%s", mem);
		line->sms.slot = slot;
	} else {
		snprintf(line->report.mem, sizeof(line->report.mem), "%s", mem);
		line->report.slot = slot;
	}
}

/*
 * What libgammu read into `multi`. Of what it gives up on, of compressed text, and of what ends
 * before its length says, it gives no words: then the slot is read past it, so that nothing is
 * deleted that was not kept.
 */
static enum err hand_up(
	struct gammu_modem *g, bool is_decoded, const char *mem, int slot, struct line *ret_line)
{
	struct line line;
	enum err err = pdu_to_line(&g->multi->SMS[0], is_decoded, &line);

	if (err)
		return err;
	if (line.type == LINE_SMS && !line.sms.text[0])
		return gammu_raw_read(g, mem, slot, ret_line);
	set_slot(&line, mem, slot);
	*ret_line = line;
	return ERR_OK;
}

static enum err emit_item(struct gammu_modem *g, bool is_decoded, modem_item_fn fn, void *arg)
{
	int location = g->multi->SMS[0].Location;
	bool is_second = location >= GSM_PHONE_MAXSMSINFOLDER;
	const char *mem = is_second || !g->has_sim ? "ME" : "SM";
	int slot = location - (is_second ? GSM_PHONE_MAXSMSINFOLDER : 0);
	struct line line;
	enum err err;

	if (slot < 0)
		return ERR_OK;
	err = hand_up(g, is_decoded, mem, slot, &line);
	if (gammu_is_fatal(err))
		return err;
	if (err)
		log_warn("modem", "unread=%s/%d err=%s", mem, slot, err_name(err));
	fn(arg, mem, slot, err ? NULL : &line);
	return ERR_OK;
}

enum err gammu_list(struct modem *modem, const char *only, modem_item_fn fn, void *arg)
{
	struct gammu_modem *g = gammu_self(modem);
	GSM_SMSMessage *sms = &g->multi->SMS[0];
	bool is_start = true, was_empty = false;
	int last = -1;

	(void)only; /* it knows one listing, of all */
	GAMMU_BEGIN(g, GAMMU_CALL_S);
	g->multi->Number = 0;
	for (int i = 0; i < 2 * LINE_SLOTS_MAX; i++) {
		GSM_Error error;
		enum err err;

		g->result = GAMMU_LOG_OTHER;
		error = GSM_GetNextSMS(g->sm, g->multi, is_start);
		err = gammu_err_of(error);
		if (gammu_is_fatal(err) || error == ERR_INVALIDLOCATION)
			return gammu_is_fatal(err) ? err : ERR_OK;
		if ((!err || error == ERR_EMPTY) && gammu_has_failed(g))
			return ERR_MODEM;
		if (error == ERR_EMPTY && (sms->Location == last || was_empty))
			return ERR_OK;
		/* The first slot may be 0 and hold nothing, which looks like the end: ask on. */
		was_empty = error == ERR_EMPTY && is_start;
		if (error != ERR_EMPTY) {
			if (err && sms->Location == last)
				return err;
			if (err && is_start && sms->Location == 0 && g->multi->Number == 0)
				return err;
			err = emit_item(g, !err, fn, arg);
			if (err)
				return err;
		}
		last = sms->Location;
		is_start = false;
	}
	return ERR_OK;
}

enum err gammu_read(struct modem *modem, const char *mem, int slot, struct line *ret_line)
{
	struct gammu_modem *g = gammu_self(modem);
	GSM_Error error;
	enum err err;

	GAMMU_BEGIN(g, GAMMU_CALL_S);
	g->multi->Number = 0;
	set_place(g, mem, slot, &g->multi->SMS[0]);
	g->multi->SMS[0].PDU = 0;
	error = GSM_GetSMS(g->sm, g->multi);
	err = error == ERR_CORRUPTED ? ERR_OK : gammu_err_of(error);
	if (!err && (gammu_has_failed(g) || (error == ERR_NONE && g->multi->SMS[0].PDU == 0)))
		err = ERR_PROTOCOL;
	if (err)
		return err;
	return hand_up(g, error == ERR_NONE, mem, slot, ret_line);
}

enum err gammu_erase(struct modem *modem, const char *mem, int slot)
{
	struct gammu_modem *g = gammu_self(modem);
	GSM_SMSMessage sms;
	GSM_Error error;
	enum err err;

	GAMMU_BEGIN(g, GAMMU_CALL_S);
	memset(&sms, 0, sizeof(sms));
	set_place(g, mem, slot, &sms);
	error = GSM_DeleteSMS(g->sm, &sms);
	err = gammu_err_of(error);
	if (gammu_is_fatal(err) || (!err && !gammu_has_failed(g)))
		return err;
	/* Nothing there any more is what was wanted. */
	return error == ERR_EMPTY ? ERR_OK : gammu_raw_erase(g, slot);
}
