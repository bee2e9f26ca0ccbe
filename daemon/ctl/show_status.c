/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state of the whole post on one screen, and in the officer's language what needs him. */
#include "daemon/ctl/show.h"

#include "daemon/base/str.h"

static void show_counts(FILE *out, const char *name, const json_t *counts)
{
	const char *comma = "";
	const char *key;
	json_t *value;

	fprintf(out, "  %-9s ", name);
	json_object_foreach ((json_t *)(uintptr_t)counts, key, value) {
		if (json_integer_value(value) == 0)
			continue;
		fputs(comma, out);
		show_text(out, key);
		fprintf(out, " %lld", (long long)json_integer_value(value));
		comma = ", ";
	}
	fputs(*comma ? "\n" : "empty\n", out);
}

static void show_bytes(FILE *out, long long bytes, const char *what)
{
	if (bytes >= 10LL << 30)
		fprintf(out, "%lld GB%s", bytes >> 30, what);
	else if (bytes >= 1 << 20)
		fprintf(out, "%lld MB%s", bytes >> 20, what);
	else
		fprintf(out, "%lld KB%s", bytes >> 10, what);
}

static void show_store(FILE *out, const json_t *store)
{
	fputs("  disk      ", out);
	show_bytes(out, show_number(store, "free_bytes"), " free, database ");
	show_bytes(out, show_number(store, "database_bytes"), "");
	/* To an officer how it grows is not told. */
	if (!json_is_integer(json_object_get(store, "commits"))) {
		fputc('\n', out);
		return;
	}
	fputs(" + log ", out);
	show_bytes(out, show_number(store, "wal_bytes"), "");
	fprintf(out, "\n  commits   %lld, failed %lld, slowest %lld ms\n",
		show_number(store, "commits"), show_number(store, "commit_failures"),
		show_number(store, "max_commit_us") / 1000);
}

static void show_modem(FILE *out, const json_t *modem)
{
	long long signal = show_number(modem, "signal");
	const char *error = show_member(modem, "last_error");

	fputs("  modem     ", out);
	show_text(out, show_member(modem, "name"));
	fputs(": ", out);
	show_text(out, show_member(modem, "phase"));
	if (str_eq(show_member(modem, "phase"), "ready")) {
		if (signal >= 0)
			fprintf(out, ", signal %lld %%", signal);
		fputs(", network ", out);
		show_text(out, show_member(modem, "network"));
		if (show_number(modem, "sim_size") > 0)
			fprintf(out, ", SIM %lld of %lld", show_number(modem, "sim_used"),
				show_number(modem, "sim_size"));
	} else if (error[0]) {
		fputs(", ", out);
		show_text(out, error);
	}
	fputc('\n', out);
}

static void show_traffic(FILE *out, const json_t *traffic)
{
	if (!json_is_object(traffic))
		return;
	fputs("  traffic   today ", out);
	show_bytes(out, show_number(traffic, "day_up"), " up, ");
	show_bytes(out, show_number(traffic, "day_down"), " down; this month ");
	show_bytes(out, show_number(traffic, "month_up"), " up, ");
	show_bytes(out, show_number(traffic, "month_down"), " down\n");
}

static void show_zalo(FILE *out, const json_t *zalo)
{
	const json_t *reachable = json_object_get(zalo, "reachable");
	const char *error = show_member(zalo, "error");

	if (!json_is_object(zalo))
		return;
	fputs("  Zalo      token ", out);
	show_text(out, show_member(zalo, "state"));
	if (json_is_boolean(reachable))
		fputs(json_is_true(reachable) ? ", reachable" : ", not reachable", out);
	if (error[0]) {
		fputs(", ", out);
		show_text(out, error);
	}
	if (json_is_true(json_object_get(json_object_get(zalo, "link"), "ipv6_broken")))
		fputs(", IPv6 does not work here (IPv4 carries)", out);
	fputc('\n', out);
	show_traffic(out, json_object_get(zalo, "traffic"));
}

static void show_http_sms(FILE *out, const json_t *sms)
{
	const char *error = show_member(sms, "error");

	if (!json_is_object(sms))
		return;
	fputs("  gateway   ", out);
	show_text(out, show_member(sms, "profile"));
	fputs(json_is_true(json_object_get(sms, "reachable")) ? ", reachable" : ", not reachable",
		out);
	if (error[0]) {
		fputs(", ", out);
		show_text(out, error);
	}
	fputc('\n', out);
}

static void show_problem(FILE *out, const json_t *problem)
{
	const char *subject = show_member(problem, "subject");

	fprintf(out, "  %s ", str_eq(show_member(problem, "severity"), "alarm") ? "!!" : " !");
	show_text(out, show_member(problem, "code"));
	if (subject[0]) {
		fputc(' ', out);
		show_text(out, subject);
	}
	fputs("\n     ", out);
	show_text(out, show_member(problem, "message_vi"));
	fputs("\n     → ", out);
	show_text(out, show_member(problem, "advice_vi"));
	fputs("\n     ", out);
	show_text(out, show_member(problem, "message"));
	fputs("\n     → ", out);
	show_text(out, show_member(problem, "advice"));
	fputc('\n', out);
}

static void show_office(FILE *out, const json_t *officers)
{
	if (json_is_true(json_object_get(officers, "is_claimed")))
		fprintf(out, "officers  logged in %lld\n", show_number(officers, "logged_in"));
	else
		fputs("officers  none yet: whoever reaches the socket is the office (chưa có tài khoản "
		      "cán bộ): binhyenctl setup\n",
			out);
}

static void show_lan(FILE *out, const json_t *lan)
{
	const json_t *certificate = json_object_get(lan, "certificate");

	if (!json_is_object(lan))
		return;
	fputs("  page      https at ", out);
	show_text(out, show_member(lan, "listen"));
	fprintf(out, ", %s\n", str_eq(show_member(lan, "state"), "open") ? "open" : "down");
	if (!json_is_object(certificate))
		return;
	/* What an officer compares with what his browser shows. */
	fputs("            certificate until ", out);
	show_text(out, show_member(certificate, "until"));
	fputs(", SHA-256\n            ", out);
	show_text(out, show_member(certificate, "fingerprint"));
	fputc('\n', out);
}

void show_status(FILE *out, const json_t *body)
{
	const json_t *problems = json_object_get(body, "problems");
	const json_t *item;
	size_t i;

	fputs("binhyend ", out);
	show_text(out, show_member(body, "version"));
	fputs(", ", out);
	show_text(out, show_member(body, "now"));
	fputc('\n', out);
	show_text(out, show_member(body, "notice"));
	fputc('\n', out);
	json_array_foreach (json_object_get(body, "modems"), i, item)
		show_modem(out, item);
	show_zalo(out, json_object_get(body, "zalo"));
	show_http_sms(out, json_object_get(body, "http_sms"));
	show_lan(out, json_object_get(body, "lan"));
	show_counts(out, "reports", json_object_get(body, "reports"));
	show_counts(out, "inbox", json_object_get(body, "inbox"));
	show_counts(out, "outbox", json_object_get(body, "outbox"));
	show_counts(out, "waiting", json_object_get(body, "waiting"));
	show_store(out, json_object_get(body, "store"));
	show_office(out, json_object_get(body, "officers"));
	if (json_array_size(problems) == 0) {
		fprintf(out, "Mọi thứ hoạt động bình thường. All is well.\n");
		return;
	}
	fprintf(out, "Cần xử lý (needs attention): %zu\n", json_array_size(problems));
	json_array_foreach (problems, i, item)
		show_problem(out, item);
}

static const char *mark_of(const char *level)
{
	if (str_eq(level, "alarm"))
		return "!!";
	if (str_eq(level, "warning"))
		return " !";
	return str_eq(level, "note") ? " •" : " ✓";
}

void show_doctor(FILE *out, const json_t *body)
{
	const json_t *finding;
	size_t i;

	json_array_foreach (json_object_get(body, "findings"), i, finding) {
		const char *advice = show_member(finding, "advice_vi");

		fprintf(out, "  %s ", mark_of(show_member(finding, "level")));
		show_text(out, show_member(finding, "message_vi"));
		if (advice[0]) {
			fputs(" → ", out);
			show_text(out, advice);
		}
		fputc('\n', out);
	}
}
