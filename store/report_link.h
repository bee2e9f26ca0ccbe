/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports that belong together: merged ones, of which one is worked on, and mere links. */
#ifndef BINHYEN_STORE_REPORT_LINK_H
#define BINHYEN_STORE_REPORT_LINK_H

#include "store/report.h"

/* Keeps its number, words and sender, and points to `main_id`; 0 = stands for itself again. */
MUST_CHECK
enum err report_merge(struct store *store, int64_t id, int64_t main_id);
/* Those that point to it, oldest first. */
MUST_CHECK
enum err report_merged(struct store *store, int64_t main_id, report_fn fn, void *arg);

#define REPORT_LINK_TABLE(X) \
	X(RELATED, "related") /* an officer says so */ \
	X(FOLLOWS, "follows") /* its sender wrote on after the other was closed, or judged */ \
	X(NAMES, "names")     /* its sender gave the code of the other, which is not his */
enum report_link_kind {
#define X(name, text) REPORT_LINK_##name,
	REPORT_LINK_TABLE(X)
#undef X
};
const char *report_link_text(enum report_link_kind kind);
/* Adding it twice is the same as once. */
MUST_CHECK
enum err report_link_add(
	struct store *store, int64_t report_id, int64_t other_id, enum report_link_kind kind);
/* ERR_NOT_FOUND when there is no such link. */
MUST_CHECK
enum err report_link_remove(
	struct store *store, int64_t report_id, int64_t other_id, enum report_link_kind kind);

struct report_link {
	int64_t other_id;
	enum report_link_kind kind;
	bool is_back; /* the other one points here */
	int64_t at_ms;
};
typedef void (*report_link_fn)(void *arg, const struct report_link *link);
/* In both directions. */
MUST_CHECK
enum err report_links(struct store *store, int64_t report_id, report_link_fn fn, void *arg);

/* Reports that may tell of the same matter: not closed, of the same category and place, received
 * within `within_ms` of this one; newest first. */
MUST_CHECK
enum err report_near(struct store *store, const struct report *report, int64_t within_ms, int limit,
	report_fn fn, void *arg);

#endif
