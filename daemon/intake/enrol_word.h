/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "DK thon 3 Nguyen Van A": who wants to be in the registry of residents, as the poster says.
 * Whether what follows is a hamlet and a name the desk decides (desk/enrolment.h); "đăng ký xe máy
 * ở đâu" is a question and no keyword. Pure.
 */
#ifndef BINHYEN_INTAKE_ENROL_WORD_H
#define BINHYEN_INTAKE_ENROL_WORD_H

/* What follows the keyword, within the text; NULL: it does not begin with it. text: any bytes. */
const char *enrol_words(const char *text);

#endif
