/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What residents ask about procedures and law, and the answers: the entries that ship
 * (procedures/CODE.json) and those of the commune's directory, which stand in their place or beside
 * them. Read once at start. Dates are days since 1970-01-01 in Vietnam.
 *
 *   {"code": "cc-cap-lai", "branch": "can_cuoc",
 *    "title": "Mất thẻ căn cước, cấp lại",
 *    "short": "Mat can cuoc: ...",            by SMS: two segments of the GSM alphabet at most
 *    "text": ["...", "..."],                  by Zalo and on the page: a paragraph each
 *    "asks": ["mất căn cước", "..."],         how people ask for it
 *    "basis": ["Luật Căn cước ..., Điều 24"],
 *    "checked": "2026-11-01", "expires": "2027-06-30", "confirmed": false,
 *    "owner": "lan"}                          login of who keeps it; left out: the residence clerks
 *
 * "confirmed" says that the commune has read the entry against the law and its own ways. An entry
 * that has expired, or that nobody confirmed, is answered with words that say so.
 */
#ifndef BINHYEN_CONFIG_PROCEDURE_H
#define BINHYEN_CONFIG_PROCEDURE_H

#include "daemon/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROCEDURES_MAX	      300
#define PROCEDURE_CODE_BYTES  32
#define PROCEDURE_TITLE_BYTES 161
/* Two segments of a long SMS have 306 letters (3GPP TS 23.040 §9.2.3.24.1); the rest is for words
 * that an answer is not confirmed or may be out of date. */
#define PROCEDURE_SHORT_MAX 265
#define PROCEDURE_TEXT_MAX \
	1500 /* bytes with the line ends; with title and sources one Zalo text \
	      */
#define PROCEDURE_LINES_MAX   12
#define PROCEDURE_ASKS_MAX    24
#define PROCEDURE_ASK_BYTES   121
#define PROCEDURE_BASIS_MAX   6
#define PROCEDURE_BASIS_BYTES 161
#define PROCEDURE_OWNER_BYTES 32

/* clang-format off */
#define PROCEDURE_BRANCH_TABLE(X)                                            \
	X(IDENTITY_CARD, "can_cuoc",         "Căn cước")                      \
	X(PASSPORT,      "ho_chieu",         "Hộ chiếu")                      \
	X(CONDITIONS,    "an_ninh_trat_tu",  "Điều kiện an ninh, trật tự")    \
	X(RESIDENCE,     "cu_tru",           "Cư trú")                        \
	X(VEHICLE,       "xe",               "Đăng ký xe, giao thông")        \
	X(LAW,           "phap_luat",        "Hỏi đáp pháp luật")             \
	X(CONTACT,       "lien_he",          "Liên hệ, giờ làm việc")
/* clang-format on */
#define X(name, code, title) PROCEDURE_##name,
enum procedure_branch { PROCEDURE_BRANCH_TABLE(X) PROCEDURE_BRANCH_COUNT };
#undef X
const char *procedure_branch_code(enum procedure_branch branch);
const char *procedure_branch_title(enum procedure_branch branch);

struct procedure {
	char code[PROCEDURE_CODE_BYTES]; /* a-z 0-9 and - */
	enum procedure_branch branch;
	char title[PROCEDURE_TITLE_BYTES];
	char short_text[PROCEDURE_SHORT_MAX + 1];
	char text[PROCEDURE_TEXT_MAX + 1]; /* lines */
	char asks[PROCEDURE_ASKS_MAX][PROCEDURE_ASK_BYTES];
	int ask_count;
	char basis[PROCEDURE_BASIS_MAX][PROCEDURE_BASIS_BYTES];
	int basis_count;
	int64_t checked_day, expires_day;  /* the last day on which it holds */
	char owner[PROCEDURE_OWNER_BYTES]; /* login; "" none */
	bool is_confirmed;
	bool is_own; /* the commune's file */
};

struct procedures {
	struct procedure *items; /* by branch, then by code */
	size_t count;
};

/* directory: of the commune, "" none. `eb` names file and place of what is wrong. */
MUST_CHECK
enum err procedures_load(
	const char *directory, struct procedures **ret_procedures, struct errbuf *eb);
void procedures_free(struct procedures *procedures); /* NULL is fine */
/* NULL: there is none. */
const struct procedure *procedures_find(const struct procedures *procedures, const char *code);

/* One file. `name` is for `eb`. */
MUST_CHECK
enum err procedure_parse(const char *text, size_t len, const char *name,
	struct procedure *ret_procedure, struct errbuf *eb);

#endif
