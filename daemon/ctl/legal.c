/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about what the law asks: classes, clocks, outcomes, and how clocks were kept. */
#include "daemon/base/str.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include <string.h>

#define WORDS_MAX 2000 /* bytes of a reason, as the API takes */
#define TOO_LONG  "the text is longer than 2000 bytes, or not UTF-8"

static enum exit_code prepare_regimes(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/regimes");
	return EXIT_DONE;
}

static enum exit_code prepare_calendar(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/calendar");
	return EXIT_DONE;
}

static enum exit_code prepare_law(struct ctl *ctl)
{
	return ctl_report_path(ctl, "/law");
}

static enum exit_code prepare_clocks(struct ctl *ctl)
{
	int64_t days = 3;

	if (ctl->rest_count > 1 || (ctl->rest_count && str_to_int64(ctl->rest[0], 0, 366, &days)))
		return usage_error("DAYS is a number from 0 to 366");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/clocks?limit=200&days=%lld",
		(long long)days);
	return EXIT_DONE;
}

static enum exit_code prepare_kept(struct ctl *ctl)
{
	int64_t year;

	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/statistics/clocks");
	if (!ctl->rest_count)
		return EXIT_DONE;
	if (ctl->rest_count > 1 || str_to_int64(ctl->rest[0], 2000, 2199, &year))
		return usage_error("YEAR is a number from 2000 to 2199");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/statistics/clocks?year=%lld",
		(long long)year);
	return EXIT_DONE;
}

/* CLASS [urgent] [silent] [REASON] */
static enum exit_code prepare_classify(struct ctl *ctl)
{
	bool is_urgent = false, tells = true;
	CLEAN_BUF reason = {0};
	enum exit_code code;
	int first = 1;

	buf_init(&reason, WORDS_MAX);
	for (; first < ctl->rest_count; first++) {
		if (str_eq(ctl->rest[first], "urgent"))
			is_urgent = true;
		else if (str_eq(ctl->rest[first], "silent"))
			tells = false;
		else
			break;
	}
	code = ctl_words(ctl, first, &reason, TOO_LONG);
	if (code == EXIT_DONE)
		code = ctl_body(ctl,
			json_pack("{s:s, s:b, s:s, s:b}", "class", ctl->rest[0], "urgent",
				(int)is_urgent, "reason", buf_text(&reason), "tell", (int)tells));
	return code == EXIT_DONE ? ctl_report_path(ctl, "/class") : code;
}

static enum exit_code clock_act(struct ctl *ctl, const char *what, int first, const char *extension)
{
	CLEAN_BUF reason = {0};
	enum exit_code code;

	buf_init(&reason, WORDS_MAX);
	if (ctl->rest_count <= first)
		return usage_error("give the clock and a reason");
	code = ctl_words(ctl, first, &reason, TOO_LONG);
	if (code == EXIT_DONE)
		code = ctl_body(
			ctl, json_pack("{s:s, s:s, s:s, s:s}", "clock", ctl->rest[0], "do", what,
				     "reason", buf_text(&reason), "extension", extension));
	return code == EXIT_DONE ? ctl_report_path(ctl, "/clock") : code;
}

static enum exit_code prepare_freeze(struct ctl *ctl)
{
	return clock_act(ctl, "freeze", 1, "");
}

static enum exit_code prepare_thaw(struct ctl *ctl)
{
	return clock_act(ctl, "thaw", 1, "");
}

static enum exit_code prepare_done(struct ctl *ctl)
{
	return clock_act(ctl, "done", 1, "");
}

/* CLOCK EXTENSION REASON; "-": the next extension. */
static enum exit_code prepare_extend(struct ctl *ctl)
{
	if (ctl->rest_count < 3)
		return usage_error("give CLOCK, EXTENSION (or -) and a reason");
	return clock_act(ctl, "extend", 2, str_eq(ctl->rest[1], "-") ? "" : ctl->rest[1]);
}

static enum exit_code prepare_moment(struct ctl *ctl)
{
	CLEAN_BUF at = {0};
	enum exit_code code;

	buf_init(&at, WORDS_MAX);
	if (ctl->rest_count < 2)
		return usage_error("give MOMENT and when: accepted 2026-11-22 14:05");
	code = ctl_words(ctl, 1, &at, TOO_LONG);
	if (code == EXIT_DONE)
		code = ctl_body(
			ctl, json_pack("{s:s, s:s}", "moment", ctl->rest[0], "at", buf_text(&at)));
	return code == EXIT_DONE ? ctl_report_path(ctl, "/moment") : code;
}

/* DATE RECEIPT ADDRESSEE; "-": now, none yet, the one that the law names. */
static enum exit_code prepare_transfer(struct ctl *ctl)
{
	CLEAN_BUF addressee = {0};
	const char *at, *receipt;
	enum exit_code code;

	buf_init(&addressee, WORDS_MAX);
	if (ctl->rest_count < 3)
		return usage_error("give DATE, RECEIPT and ADDRESSEE, each of them may be -");
	at = str_eq(ctl->rest[0], "-") ? "" : ctl->rest[0];
	receipt = str_eq(ctl->rest[1], "-") ? "" : ctl->rest[1];
	code = ctl_words(ctl, 2, &addressee, TOO_LONG);
	if (code == EXIT_DONE)
		code = ctl_body(ctl,
			json_pack("{s:s, s:s, s:s, s:s}", "kind", "transferred", "at", at,
				"receipt", receipt, "addressee",
				str_eq(buf_text(&addressee), "-") ? "" : buf_text(&addressee)));
	return code == EXIT_DONE ? ctl_report_path(ctl, "/outcome") : code;
}

/* KIND [tell] NOTE */
static enum exit_code prepare_outcome(struct ctl *ctl)
{
	bool tells = ctl->rest_count > 1 && str_eq(ctl->rest[1], "tell");
	CLEAN_BUF note = {0};
	enum exit_code code;

	buf_init(&note, WORDS_MAX);
	code = ctl_words(ctl, tells ? 2 : 1, &note, TOO_LONG);
	if (code == EXIT_DONE)
		code = ctl_body(ctl, json_pack("{s:s, s:s, s:b}", "kind", ctl->rest[0], "note",
					     buf_text(&note), "tell", (int)tells));
	return code == EXIT_DONE ? ctl_report_path(ctl, "/outcome") : code;
}

/* ---- answers ---------------------------------------------------------------------------------
 */

static void put(FILE *out, const char *before, const char *text)
{
	fputs(before, out);
	show_text(out, text[0] ? text : "-");
}

static const char *unconfirmed(const json_t *object)
{
	return json_is_true(json_object_get(object, "is_confirmed")) ? "" : " [chờ xã xác nhận]";
}

static void show_regime_clock(FILE *out, const json_t *clock)
{
	const json_t *extension;
	size_t i;

	put(out, "    ", show_member(clock, "code"));
	put(out, ": ", show_member(clock, "name"));
	put(out, ", ", show_member(clock, "limit"));
	put(out, " from (kể từ) ", show_member(clock, "starts"));
	fprintf(out, "%s\n", unconfirmed(clock));
	put(out, "      ", show_member(clock, "source"));
	fputc('\n', out);
	json_array_foreach (json_object_get(clock, "extensions"), i, extension) {
		put(out, "      + ", show_member(extension, "code"));
		put(out, ": ", show_member(extension, "name"));
		fprintf(out, "%s\n", unconfirmed(extension));
	}
}

static void show_regime_record(FILE *out, const json_t *record)
{
	const json_t *clock;
	size_t i;

	put(out, "  from (từ) ", show_member(record, "from"));
	if (json_is_string(json_object_get(record, "to")))
		put(out, " to (đến) ", show_member(record, "to"));
	put(out, ": ", show_member(record, "source"));
	fprintf(out, "%s\n", unconfirmed(record));
	if (show_member(record, "addressee")[0]) {
		put(out, "    passed on to (chuyển đến): ", show_member(record, "addressee"));
		fputc('\n', out);
	}
	json_array_foreach (json_object_get(record, "clocks"), i, clock)
		show_regime_clock(out, clock);
}

static void show_regimes(FILE *out, const json_t *body)
{
	const json_t *class, *record;
	size_t i, j;

	json_array_foreach (json_object_get(body, "classes"), i, class) {
		show_text(out, show_member(class, "class"));
		put(out, ": ", show_member(class, "name"));
		fputs(json_is_true(json_object_get(class, "is_own")) ? " (own file, tệp riêng)\n"
								     : "\n",
			out);
		json_array_foreach (json_object_get(class, "records"), j, record)
			show_regime_record(out, record);
	}
}

static void show_calendar(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"FROM", "from", false},
		{"TO", "to", false},
		{"KIND", "kind", false},
		{"CONFIRMED", "is_confirmed", false},
		{"NAME", "name", false},
	};

	show_list(out, body, "days", columns, ARRAY_LEN(columns));
	fprintf(out,
		"After %lld only weekends and fixed holidays are known (sau năm này chỉ biết cuối tuần và ngày lễ cố định).\n",
		show_number(body, "last_year"));
}

static const char *state_vi(const json_t *clock)
{
	const char *state = show_member(clock, "state");
	bool is_late = json_is_true(json_object_get(clock, "is_late"));

	if (str_eq(state, "RUNNING"))
		return is_late ? "LATE (quá hạn)" : "running (đang tính)";
	if (str_eq(state, "FROZEN"))
		return "frozen (tạm dừng)";
	if (str_eq(state, "MET"))
		return "in time (đúng hạn)";
	return str_eq(state, "LATE") ? "too late (trễ hạn)" : "ended (thôi tính)";
}

/* "2026-11-22T14:05:09+07:00" to the minute. */
static void put_time(FILE *out, const char *before, const char *time)
{
	fprintf(out, "%s%.10s %.5s", before, time, strlen(time) > 15 ? time + 11 : "");
}

static void show_clock(FILE *out, const json_t *clock, bool has_report)
{
	if (has_report)
		put(out, "  ", show_member(clock, "report"));
	put(out, "  ", show_member(clock, "code"));
	put(out, ": ", show_member(clock, "name"));
	put_time(out, "; due (hạn) ", show_member(clock, "due"));
	fprintf(out, "; %s%s", state_vi(clock), unconfirmed(clock));
	if (!str_eq(show_member(clock, "certainty"), "confirmed"))
		fputs(" [ngày nghỉ chưa chắc]", out);
	if (json_is_true(json_object_get(clock, "is_watched")))
		fputs(" [theo dõi]", out);
	fputc('\n', out);
}

static void show_clocks(FILE *out, const json_t *body)
{
	const json_t *clocks = json_object_get(body, "clocks"), *clock;
	size_t i;

	if (!json_array_size(clocks))
		fprintf(out,
			"Nothing is late or ends soon (không có việc quá hạn, sắp đến hạn).\n");
	json_array_foreach (clocks, i, clock)
		show_clock(out, clock, true);
}

static void show_outcome(FILE *out, const json_t *outcome)
{
	put(out, "  ", show_member(outcome, "kind"));
	put_time(out, ", ", show_member(outcome, "at"));
	if (show_member(outcome, "addressee")[0])
		put(out, ", to (nơi nhận) ", show_member(outcome, "addressee"));
	if (show_member(outcome, "receipt")[0])
		put(out, ", receipt (số tiếp nhận) ", show_member(outcome, "receipt"));
	put(out, ", by (người ghi) ", show_member(outcome, "by"));
	fputc('\n', out);
}

static void show_law(FILE *out, const json_t *body)
{
	const json_t *item;
	size_t i;

	put(out, "Report (tin báo) ", show_member(body, "report"));
	put(out, ", class (phân loại) ", show_member(body, "class"));
	fputs(json_is_true(json_object_get(body, "is_urgent")) ? ", urgent (khẩn)\n" : "\n", out);
	json_array_foreach (json_object_get(body, "decisions"), i, item) {
		put(out, "  decided (quyết định) ", show_member(item, "class"));
		put(out, " by ", show_member(item, "by"));
		put_time(out, ", ", show_member(item, "at"));
		fputc('\n', out);
	}
	fprintf(out, "Clocks (thời hạn):\n");
	json_array_foreach (json_object_get(body, "clocks"), i, item)
		show_clock(out, item, false);
	if (json_array_size(json_object_get(body, "outcomes")))
		fprintf(out, "Outcome (kết quả):\n");
	json_array_foreach (json_object_get(body, "outcomes"), i, item)
		show_outcome(out, item);
}

static void show_kept(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"CLASS", "class", false},
		{"CLOCK", "clock", false},
		{"HAMLET", "hamlet", false},
		{"IN TIME", "met", false},
		{"LATE", "late", false},
		{"RUNNING", "running", false},
		{"% IN TIME", "percent", false},
	};

	show_list(out, body, "rows", columns, ARRAY_LEN(columns));
}

const struct command legal_commands[] = {
	{"regimes", "", "the law as data: classes of reports, their clocks, by which article", 0,
		false, prepare_regimes, show_regimes},
	{"calendar", "", "days off and days that are made up", 0, false, prepare_calendar,
		show_calendar},
	{"clocks", " DAYS", "what is late or ends within DAYS, which may be left out: 3",
		COMMAND_ANY, false, prepare_clocks, show_clocks},
	{"report N law", "", "class, clocks and outcomes of a report", 0, false, prepare_law,
		show_law},
	{"report N classify", " CLASS [urgent] [silent] [REASON]", "decide what report N is in law",
		COMMAND_MANY, false, prepare_classify, show_law},
	{"report N freeze", " CLOCK REASON", "let a clock stand still", COMMAND_MANY, false,
		prepare_freeze, show_law},
	{"report N thaw", " CLOCK REASON", "let it run on", COMMAND_MANY, false, prepare_thaw,
		show_law},
	{"report N extend", " CLOCK EXTENSION REASON",
		"lengthen a clock; EXTENSION \"-\" is the next", COMMAND_MANY, false,
		prepare_extend, show_law},
	{"report N done", " CLOCK REASON", "what a clock waits for has been done", COMMAND_MANY,
		false, prepare_done, show_law},
	{"report N moment", " MOMENT DATE", "when it was accepted, transferred, discovered",
		COMMAND_MANY, false, prepare_moment, show_law},
	{"report N transfer", " DATE RECEIPT ADDRESSEE", "it was passed on; each may be \"-\"",
		COMMAND_MANY, false, prepare_transfer, show_law},
	{"report N outcome", " KIND [tell] [NOTE]",
		"what came of it: kept, settled, guided, unfounded, other", COMMAND_MANY, false,
		prepare_outcome, show_law},
	{"statistics clocks", " YEAR", "how clocks were kept, by class and hamlet; this year",
		COMMAND_ANY, false, prepare_kept, show_kept},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
