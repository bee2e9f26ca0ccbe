/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "HS H56.12-261120-0004", "hồ sơ ...": a question about a file at the one-stop office. Pure. */
#ifndef BINHYEN_INTAKE_DOSSIER_WORD_H
#define BINHYEN_INTAKE_DOSSIER_WORD_H

/* What follows the keyword, within text; NULL: it does not begin with it. */
const char *dossier_words(const char *text);

#endif
