/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What may not stand in a bulletin unseen: markings of state secrets, words of police measures,
 * numbers of persons (identity card, phone, plate, bank account), links, and asking for money or
 * codes, as a fraud would. Each is found at its place; an officer answers for it before the
 * bulletin is submitted. Pure: the words are data (config/secrecy/vi.json,
 * config/bulletin/measures.json, config/bulletin/money.json), the shapes of numbers are here.
 *
 * It finds too much rather than too little: whoever answers sees what it is.
 */
#ifndef BINHYEN_DESK_BULLETIN_SCREEN_H
#define BINHYEN_DESK_BULLETIN_SCREEN_H

#include "store/bulletin_finding.h"

/* Appends what it finds in one field, in the order of kinds; ids and answers are left 0.
 * ERR_TOO_BIG: more than fit. */
MUST_CHECK
enum err bulletin_screen(
	const char *text, enum finding_field field, struct finding *findings, int max, int *count);

#endif
