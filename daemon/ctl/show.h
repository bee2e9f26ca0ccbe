/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The API's answers for a person's eyes. Everything printed passes text_escape(). */
#ifndef BINHYEN_CTL_SHOW_H
#define BINHYEN_CTL_SHOW_H

#include "daemon/ctl/ctl.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

void show_status(FILE *out, const json_t *body);
void show_inbox(FILE *out, const json_t *body);
void show_outbox(FILE *out, const json_t *body);
void show_settled(FILE *out, const json_t *body);
void show_reports(FILE *out, const json_t *body);
void show_report(FILE *out, const json_t *body);
void show_rated(FILE *out, const json_t *body);
void show_statistics(FILE *out, const json_t *body);
void show_answered(FILE *out, const json_t *body);
void show_modems(FILE *out, const json_t *body);
void show_ussd(FILE *out, const json_t *body);
void show_preview(FILE *out, const json_t *body);
void show_journal(FILE *out, const json_t *body);
void show_modem_accepted(FILE *out, const json_t *body);
void show_alarm_taken(FILE *out, const json_t *body);
void show_gaps(FILE *out, const json_t *body);
void show_gap_seen(FILE *out, const json_t *body);
void show_token_saved(FILE *out, const json_t *body);
void show_places(FILE *out, const json_t *body);
void show_place(FILE *out, const json_t *body);
void show_groups(FILE *out, const json_t *body);
void show_group(FILE *out, const json_t *body);
void show_group_members(FILE *out, const json_t *body);
void show_group_requests(FILE *out, const json_t *body);
void show_group_acts(FILE *out, const json_t *body);
void show_group_assets(FILE *out, const json_t *body);
void show_group_stored(FILE *out, const json_t *body);
void show_bulletins(FILE *out, const json_t *body);
void show_bulletin_categories(FILE *out, const json_t *body);
void show_bulletin(FILE *out, const json_t *body);
void show_bulletin_findings(FILE *out, const json_t *body);
void show_bulletin_statistics(FILE *out, const json_t *body);
void show_bulletin_stopped(FILE *out, const json_t *body);
void show_bulletin_resumed(FILE *out, const json_t *body);
void show_bulletin_done(FILE *out, const json_t *body);
void show_bulletin_preview(FILE *out, const json_t *body);
void show_delivery(FILE *out, const json_t *body);
void show_ledger(FILE *out, const json_t *body);
void show_audiences(FILE *out, const json_t *body);
void show_audience(FILE *out, const json_t *body);
void show_audience_members(FILE *out, const json_t *body);
void show_audience_removed(FILE *out, const json_t *body);
void show_refusals(FILE *out, const json_t *body);
void show_doctor(FILE *out, const json_t *body);
void show_officers(FILE *out, const json_t *body);
void show_officer(FILE *out, const json_t *body);
void show_officer_code(FILE *out, const json_t *body);
void show_setup_code(FILE *out, const json_t *body);
void show_me(FILE *out, const json_t *body);
void show_sessions(FILE *out, const json_t *body);
void show_state(FILE *out, const json_t *body);
/* The words for the safe, and what to do with them. */
void show_escrow(FILE *out, const char *words);
void show_logged_in(FILE *out, const json_t *body);
/* The JSON itself, indented; what a terminal would act on is escaped. */
void show_json(FILE *out, const json_t *body);
/* {"error","message","message_vi"} of a refusal. */
void show_refusal(FILE *out, const json_t *body, long http_status);

/* A table of the objects in body[key], and where it goes on. */
struct show_column {
	const char *title;
	const char *key;
	bool is_time;
};
void show_list(FILE *out, const json_t *body, const char *key, const struct show_column *columns,
	size_t n);
/* Category and urgency of a report, and who thought so. */
void show_rating(FILE *out, const json_t *body);

/* Who works on a report, what it is merged with and linked to, and what its sender asked for. */
void show_ties(FILE *out, const json_t *body);

/* The "errors" of a table that was not taken over, on stderr; EXIT_REFUSED when there are any. */
enum exit_code show_table_faults(const json_t *body);

/* Pieces for the above: a text made safe, a member of an object, its number. */
void show_text(FILE *out, const char *text);
/* A page of any length, line by line. */
void show_page(FILE *out, const char *text);
const char *show_member(const json_t *object, const char *key);
long long show_number(const json_t *object, const char *key);
/* A count of figures, "<5" where it is too small to be told. */
void show_figure(FILE *out, const json_t *object, const char *key, int width);

#endif
