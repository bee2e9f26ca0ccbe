/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A slot past libgammu, which gives back nothing of what it can't decode and refuses to delete what
 * it can't read. It remembers which memory it selected: the same has to be selected afterwards.
 */
#include "gateway/modem_gammu.h"
#include "gateway/shown.h"
#include "gateway/tty.h"
#include "daemon/base/str.h"

#include <string.h>

#define WAIT_MS	     5000
#define ANSWER_BYTES 2048 /* a header, a PDU, OK, and what comes in between */

static enum err ask(struct gammu_modem *g, const char *command, char answer[ANSWER_BYTES])
{
	return tty_ask(g->fd, command, WAIT_MS, answer, ANSWER_BYTES, &g->modem.events.has_lost);
}

/* +CPMS: "SM",3,30,... */
static void selected_memory(const char *answer, char ret_mem[4])
{
	const char *at = strstr(answer, "+CPMS: \"");
	size_t len = at ? strcspn(at + 8, "\"") : 0;

	snprintf(ret_mem, 4, "%.*s", len == 2 ? 2 : 0, at ? at + 8 : "");
}

static enum err select_memory(struct gammu_modem *g, const char *mem)
{
	char command[24], answer[ANSWER_BYTES];

	snprintf(command, sizeof(command), "AT+CPMS=\"%.2s\"\r", mem);
	return ask(g, command, answer);
}

/* Header and PDU are two lines one behind the other. */
static bool find_message(char *answer, struct shown *shown)
{
	char *header = strstr(answer, "+CMGR:"), *pdu;
	size_t len = header ? strcspn(header, "\r\n") : 0;

	if (!len || !header[len])
		return false;
	header[len] = 0;
	pdu = header + len + 1;
	pdu += strspn(pdu, "\r\n");
	pdu[strcspn(pdu, "\r\n")] = 0;
	if (!pdu[0] || str_eq(pdu, "OK"))
		return false;
	shown_header(shown, header, false);
	shown_pdu(shown, pdu);
	return true;
}

/* Two readings that agree are what is there. */
static enum err read_slot(struct gammu_modem *g, int slot, struct shown *ret_shown)
{
	char command[24], answer[ANSWER_BYTES], first[SHOWN_HEX_BYTES] = "";
	enum err err = ERR_OK;

	snprintf(command, sizeof(command), "AT+CMGR=%d\r", slot);
	for (int i = 0; i < 3; i++) {
		*ret_shown = (struct shown){.slot = slot, .stat = -1, .octets = -1};
		err = ask(g, command, answer);
		if (!err && !find_message(answer, ret_shown))
			err = ERR_NOT_FOUND;
		explicit_bzero(answer, sizeof(answer));
		if (err || shown_is_whole(ret_shown) || str_eq(first, ret_shown->hex))
			return err;
		memcpy(first, ret_shown->hex, sizeof(first));
	}
	return ERR_PROTOCOL;
}

enum err gammu_raw_read(struct gammu_modem *g, const char *mem, int slot, struct line *ret_line)
{
	char answer[ANSWER_BYTES], before[4] = "";
	struct shown shown;
	enum err err = ask(g, "AT+CPMS?\r", answer), back = ERR_OK;

	if (!err)
		selected_memory(answer, before);
	if (!err && !str_eq(before, mem))
		err = select_memory(g, mem);
	if (err)
		return err;
	err = read_slot(g, slot, &shown);
	if (!gammu_is_fatal(err) && before[0] && !str_eq(before, mem))
		back = select_memory(g, before);
	if (!err && !back)
		shown_to_line(&shown, mem, ret_line);
	explicit_bzero(&shown, sizeof(shown));
	return back ? back : err;
}

enum err gammu_raw_erase(struct gammu_modem *g, int slot)
{
	char command[32], answer[ANSWER_BYTES];

	snprintf(command, sizeof(command), "AT+CMGD=%d\r", slot);
	return ask(g, command, answer);
}
