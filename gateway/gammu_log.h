/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What libgammu 1.42's log says and its calls do not. It prints each line of what the modem said as
 * `2 "+CMGS: 7"` before it acts on it, and from that three faults are mended: an indication right
 * behind an error answer turns the error into success; the callback of a submit gets a number but
 * not whether it is a CMS or a CME code; a +CMGS that does not follow its own command is dropped.
 * The log is read here and goes nowhere else: it holds texts and numbers.
 */
#ifndef BINHYEN_GATEWAY_GAMMU_LOG_H
#define BINHYEN_GATEWAY_GAMMU_LOG_H

enum gammu_log_what {
	GAMMU_LOG_OTHER,
	GAMMU_LOG_OK,	 /* final results, 3GPP TS 27.007 §5.5 */
	GAMMU_LOG_ERROR, /* without a number */
	GAMMU_LOG_CMS,
	GAMMU_LOG_CME,
	GAMMU_LOG_CMGS /* the reference of a message that was taken */
};

/* ret_number: code or reference, -1 where there is none. */
enum gammu_log_what gammu_log_read(const char *text, int *ret_number);

#endif
