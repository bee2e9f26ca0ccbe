/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an official source publishes: RSS 2.0, Atom (RFC 4287), or alerts by the Common Alerting
 * Protocol (OASIS CAP 1.2; 1.1 has the same elements). A document is read whole or not at all, and
 * what it says is plain text with lengths that a bulletin can have. Pure.
 *
 *     RSS, Atom   items that may become drafts
 *     CAP         one alert; or an index in RSS or Atom, whose items point to alerts
 */
#ifndef BINHYEN_DESK_FEED_DOCUMENT_H
#define BINHYEN_DESK_FEED_DOCUMENT_H

#include "daemon/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FEED_DOCUMENT_MAX   (2 * 1024 * 1024) /* bytes of UTF-8; a feed of 100 items has 0.2 MB */
#define FEED_ITEMS_MAX	    200		      /* of a document; what follows is left out */
#define FEED_ID_MAX	    1024	      /* bytes; an item with a longer one is left out */
#define FEED_TITLE_MAX	    300
#define FEED_TEXT_MAX	    6000
#define FEED_LINK_MAX	    1000
#define FEED_REFERENCES_MAX 4096

#define FEED_FORMAT_TABLE(X) \
	X(RSS, "rss") \
	X(ATOM, "atom") \
	X(CAP, "cap")
enum feed_format {
#define X(name, text) FEED_##name,
	FEED_FORMAT_TABLE(X)
#undef X
		FEED_FORMAT_COUNT
};
const char *feed_format_text(enum feed_format format);

/* The words of CAP 1.2 §3.2; 0 of each: another word, or none. */
enum feed_alert_status {
	FEED_STATUS_OTHER,
	FEED_STATUS_ACTUAL,
	FEED_STATUS_EXERCISE,
	FEED_STATUS_SYSTEM,
	FEED_STATUS_TEST,
	FEED_STATUS_DRAFT
};
enum feed_alert_type {
	FEED_TYPE_OTHER,
	FEED_TYPE_ALERT,
	FEED_TYPE_UPDATE,
	FEED_TYPE_CANCEL,
	FEED_TYPE_ACK,
	FEED_TYPE_ERROR
};
enum feed_alert_urgency {
	FEED_URGENCY_UNKNOWN,
	FEED_URGENCY_IMMEDIATE,
	FEED_URGENCY_EXPECTED,
	FEED_URGENCY_FUTURE,
	FEED_URGENCY_PAST
};
enum feed_alert_severity {
	FEED_SEVERITY_UNKNOWN,
	FEED_SEVERITY_EXTREME,
	FEED_SEVERITY_SEVERE,
	FEED_SEVERITY_MODERATE,
	FEED_SEVERITY_MINOR
};
enum feed_alert_certainty {
	FEED_CERTAINTY_UNKNOWN,
	FEED_CERTAINTY_OBSERVED,
	FEED_CERTAINTY_LIKELY,
	FEED_CERTAINTY_POSSIBLE,
	FEED_CERTAINTY_UNLIKELY
};

/* Strings are owned, never NULL, and UTF-8 NFC. */
struct feed_item {
	bool is_alert;
	/* guid or atom:id, else the link, else the title; of an alert "sender,identifier,sent",
	 * which is how others refer to it. */
	char *id;
	char *title, *text;
	char *link;				      /* "" none; not looked at yet: any scheme */
	int64_t published_ms, updated_ms, expires_ms; /* 0: not told */
	/* Of an alert. */
	enum feed_alert_status status;
	enum feed_alert_type type;
	bool is_public; /* scope; what is not must not be handed on */
	enum feed_alert_urgency urgency;
	enum feed_alert_severity severity;
	enum feed_alert_certainty certainty;
	char *references; /* ids of alerts, with blanks between them */
	char *area;	  /* for whom, in words */
};

struct feed_document {
	bool is_alert; /* one alert by itself: no index */
	struct feed_item *items;
	int count;
	int skipped; /* items that were too odd, or too many */
};
/* format: what the document has to be; charset: of the Content-Type header, "" none. ERR_INVALID
 * (eb says what is wrong and what to do), ERR_TOO_BIG, ERR_NOMEM. */
MUST_CHECK
enum err feed_document_read(enum feed_format format, const char *data, size_t len,
	const char *charset, struct feed_document *ret_document, struct errbuf *eb);
void feed_document_done(struct feed_document *document);

/* The next of an alert's references: its start, *ret_len bytes; NULL after the last. */
const char *feed_reference_next(const char **references, size_t *ret_len);

#endif
