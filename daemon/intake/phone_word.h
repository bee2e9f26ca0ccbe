/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BINHYEN_INTAKE_PHONE_WORD_H
#define BINHYEN_INTAKE_PHONE_WORD_H

/* What follows "DOI SO", with or without marks, in capitals or not; NULL: the text does not begin
 * with it. "doi so nha" is told apart by what follows (desk_change_phone). */
const char *phone_words(const char *text);

#endif
