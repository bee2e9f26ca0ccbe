/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long reports are kept (store/retention.h has the two steps): the class a report had when it
 * was closed says for how long, a few weeks after closing it loses its sender, an anonymous one
 * at once. Nothing is erased by a clock that nobody confirms.
 */
#ifndef BINHYEN_DESK_RETENTION_H
#define BINHYEN_DESK_RETENTION_H

#include "daemon/base/err.h"

#include <stdint.h>

struct desk;

/* Plans what was closed and does what is due, a bounded number of reports; to be called every
 * minute. */
MUST_CHECK
enum err retention_tick(struct desk *desk);

/* A report must stay as it is: ERR_INVALID without a reason, ERR_STATE when it is erased. */
MUST_CHECK
enum err desk_hold(struct desk *desk, int64_t report_id, const char *reason, const char *actor,
	struct errbuf *eb);
/* ERR_NOT_FOUND: nobody holds it. */
MUST_CHECK
enum err desk_release(struct desk *desk, int64_t report_id, const char *actor, struct errbuf *eb);

/* What becomes of a report whose sender asks for the erasure of his data. */
#define FORGET_TABLE(X) \
	X(ERASED, "erased") /* as soon as nothing is on its way for it */ \
	X(OPEN, "open")	    /* kept: it is being worked on */ \
	X(HELD, "held")	    /* kept: somebody holds it */ \
	X(LAW, "law")	    /* kept: its class is kept for its term whatever its sender wants */
enum forget {
#define X(name, text) FORGET_##name,
	FORGET_TABLE(X)
#undef X
};
const char *forget_text(enum forget what);

/*
 * Somebody asks for the erasure of his data (Law 91/2025/QH15, Decree 356/2025/NĐ-CP: answered
 * within two working days). Every report of his that may go is due now, and so is his address once
 * nothing needs it; he is told so. Whoever enters the request learns of nothing but the report he
 * names: neither whether there are others, nor whether a number ever reported.
 */
struct forget_ask {
	int64_t report_id; /* whoever sent this report, */
	const char *
		phone; /* or NULL; E.164: this number, which leaves the registry of residents too */
	const char *actor;
};
/* ret_what: of the report named; not for a phone. ERR_NOT_FOUND: who sent it is not known (any
 * more).
 */
MUST_CHECK
enum err desk_forget(
	struct desk *desk, const struct forget_ask *ask, enum forget *ret_what, struct errbuf *eb);

#endif
