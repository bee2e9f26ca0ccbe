/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modems one by one, as the person looks at them who stands before them. */
#include "daemon/ctl/show.h"

#include "daemon/base/str.h"

static void show_words(FILE *out, const char *name, const char *words)
{
	fprintf(out, "  %-10s ", name);
	show_text(out, words[0] ? words : "-");
	fputc('\n', out);
}

static void show_left(FILE *out, const json_t *left, const char *key)
{
	long long count = show_number(left, key);

	if (count < 0)
		fprintf(out, "%s no limit", key);
	else
		fprintf(out, "%s %lld", key, count);
}

static void show_caps(FILE *out, const json_t *modem)
{
	const json_t *left = json_object_get(modem, "caps_left");

	if (!json_is_object(left))
		return;
	fprintf(out, "  %-10s ", "caps left");
	show_left(out, left, "minute");
	fputs(", ", out);
	show_left(out, left, "hour");
	fputs(", ", out);
	show_left(out, left, "day");
	fputc('\n', out);
}

static void show_slots(FILE *out, const json_t *modem)
{
	if (show_number(modem, "sim_size") <= 0)
		return;
	fprintf(out, "  %-10s SIM %lld of %lld", "slots", show_number(modem, "sim_used"),
		show_number(modem, "sim_size"));
	if (show_number(modem, "me_size") > 0)
		fprintf(out, ", modem %lld of %lld", show_number(modem, "me_used"),
			show_number(modem, "me_size"));
	fputc('\n', out);
}

static void show_balance(FILE *out, const json_t *modem)
{
	if (!json_is_integer(json_object_get(modem, "balance")))
		return;
	fprintf(out, "  %-10s %lld d at ", "balance", show_number(modem, "balance"));
	show_text(out, show_member(modem, "balance_at"));
	fputs(json_is_true(json_object_get(modem, "balance_low")) ? ", LOW (sắp hết tiền)\n" : "\n",
		out);
}

static void show_power(FILE *out, const json_t *modem)
{
	const json_t *power = json_object_get(modem, "power");
	const char *way = show_member(power, "way"), *error = show_member(power, "error");

	if (!json_is_object(power))
		return;
	fprintf(out, "  %-10s restarts %lld, power %lld", "resets", show_number(modem, "respawns"),
		show_number(power, "cycles"));
	if (show_number(power, "cycles")) {
		fputs(", last at ", out);
		show_text(out, show_member(power, "last"));
	}
	fputs(str_eq(way, "usb")	 ? ", by USB"
		: str_eq(way, "command") ? ", by power_command"
		: str_eq(way, "denied") ? ", DENIED by the system (không có quyền): see binhyend(8)"
					: ", no way to cycle it",
		out);
	if (!str_eq(show_member(power, "state"), "idle"))
		fputs(", under way now (đang thực hiện)", out);
	if (error[0]) {
		fputs(", failed: ", out);
		show_text(out, error);
	}
	fputc('\n', out);
}

static void show_one(FILE *out, const json_t *modem)
{
	const char *swapped = show_member(modem, "swapped");

	show_text(out, show_member(modem, "name"));
	fputs(": ", out);
	show_text(out, show_member(modem, "phase"));
	fputc('\n', out);
	show_words(out, "model", show_member(modem, "model"));
	show_words(out, "network", show_member(modem, "network"));
	show_words(out, "operator", show_member(modem, "operator"));
	show_words(out, "contract", show_member(modem, "contract"));
	if (show_number(modem, "signal") >= 0)
		fprintf(out, "  %-10s %lld %%\n", "signal", show_number(modem, "signal"));
	show_slots(out, modem);
	show_caps(out, modem);
	show_balance(out, modem);
	fprintf(out, "  %-10s received %lld, sent %lld, in doubt %lld, failed in a row %lld\n",
		"messages", show_number(modem, "received"), show_number(modem, "sent"),
		show_number(modem, "in_doubt"), show_number(modem, "failures"));
	fprintf(out, "  %-10s ", "last good");
	show_text(out, show_member(modem, "last_good"));
	fprintf(out, ", heard %lld s ago\n", show_number(modem, "silent_s"));
	show_power(out, modem);
	if (swapped[0]) {
		fprintf(out, "  %-10s ", "CHANGED");
		show_text(out, swapped);
		fputs(" is another than before (đã bị thay): nothing is sent\n", out);
	}
	if (show_member(modem, "last_error")[0])
		show_words(out, "last error", show_member(modem, "last_error"));
}

void show_modems(FILE *out, const json_t *body)
{
	const json_t *list = json_object_get(body, "modems"), *modem;
	size_t i;

	if (json_array_size(list) == 0)
		fprintf(out, "No modem is configured (chưa có modem).\n");
	json_array_foreach (list, i, modem)
		show_one(out, modem);
}

void show_ussd(FILE *out, const json_t *body)
{
	const char *raw = show_member(body, "raw"), *text = show_member(body, "text");

	show_text(out, text[0] ? text : "(no text)");
	fputc('\n', out);
	if (str_eq(raw, text))
		return;
	fputs("raw (", out);
	show_text(out, show_member(body, "coding"));
	fputs("): ", out);
	show_text(out, raw);
	fputc('\n', out);
}

void show_journal(FILE *out, const json_t *body)
{
	const json_t *lines = json_object_get(body, "lines"), *line;
	size_t i;

	if (json_array_size(lines) == 0)
		fputs(str_eq(show_member(body, "driver"), "gammu")
				? "The driver gammu keeps no journal (không có nhật ký).\n"
				: "Nothing was said yet (chưa có gì).\n",
			out);
	json_array_foreach (lines, i, line) {
		show_text(out, json_string_value(line));
		fputc('\n', out);
	}
}

void show_modem_accepted(FILE *out, const json_t *body)
{
	fputs("Modem ", out);
	show_text(out, show_member(body, "modem"));
	fputs(" is accepted as it is now and sends again (đã chấp nhận, gửi lại).\n", out);
}
