/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * binhyenctl(1): the command line of an officer or the person who looks after the box. It speaks
 * the daemon's HTTP API over its unix socket and knows nothing else.
 */
#include "config/config.h"
#include "daemon/base/str.h"
#include "daemon/ctl/api.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>

#define SOCKET_DEFAULT	"/run/binhyen/api.sock"
#define SOCKET_VARIABLE "BINHYEN_SOCKET"

/* Commands. */

enum exit_code prepare_list(struct ctl *ctl, const char *name)
{
	int64_t limit = 50, before = 0;

	if (ctl->limit && str_to_int64(ctl->limit, 1, 200, &limit) != ERR_OK)
		return usage_error("--limit takes a number from 1 to 200");
	if (ctl->before && str_to_int64(ctl->before, 1, INT64_MAX, &before) != ERR_OK)
		return usage_error("--before takes the id of a row");
	if (before)
		snprintf(ctl->path, sizeof(ctl->path), "/api/v1/%s?limit=%lld&before=%lld", name,
			(long long)limit, (long long)before);
	else
		snprintf(ctl->path, sizeof(ctl->path), "/api/v1/%s?limit=%lld", name,
			(long long)limit);
	return EXIT_DONE;
}

static enum exit_code prepare_status(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/status");
	return EXIT_DONE;
}

static enum exit_code prepare_inbox(struct ctl *ctl)
{
	return prepare_list(ctl, "inbox");
}

static enum exit_code prepare_outbox(struct ctl *ctl)
{
	return prepare_list(ctl, "outbox");
}

static enum exit_code prepare_reports(struct ctl *ctl)
{
	return prepare_list(ctl, "reports");
}

#define REPORT_HELP "N is a report's number: 12, 12/2026 or 2026-12"

/* "12", "2026-12", or as it stands in the register, "12/2026". */
enum exit_code ctl_report_path(struct ctl *ctl, const char *suffix)
{
	char name[32], *number = name, *sign;
	int64_t year = 0, n;

	if (str_copy(name, sizeof(name), ctl->subject) != ERR_OK)
		return usage_error(REPORT_HELP);
	sign = strpbrk(name, "/-");
	if (sign) {
		bool is_slash = *sign == '/';

		*sign = 0;
		number = is_slash ? name : sign + 1;
		if (str_to_int64(is_slash ? sign + 1 : name, 1000, 9999, &year) != ERR_OK)
			return usage_error(REPORT_HELP);
	}
	/* R and C: the books of reports about officers. */
	if (str_to_int64(number + (number[0] == 'R' || number[0] == 'C'), 1, INT32_MAX, &n) !=
		ERR_OK)
		return usage_error(REPORT_HELP);
	if (year)
		snprintf(ctl->path, sizeof(ctl->path), "/api/v1/reports/%lld-%s%s", (long long)year,
			number, suffix);
	else
		snprintf(ctl->path, sizeof(ctl->path), "/api/v1/reports/%s%s", number, suffix);
	return EXIT_DONE;
}

static enum exit_code prepare_report_take(struct ctl *ctl)
{
	ctl->has_body = true;
	if (buf_adds(&ctl->body, "{}") != ERR_OK)
		return usage_error("out of memory");
	return ctl_report_path(ctl, "/acknowledge");
}

static enum exit_code prepare_report(struct ctl *ctl)
{
	return ctl_report_path(ctl, "");
}

static enum exit_code answer_body(struct ctl *ctl, const char *text)
{
	CLEANUP(cleanup_free) char *dumped = NULL;
	json_t *body;

	if (!str_is_utf8(text, strlen(text)))
		return usage_error("TEXT is not UTF-8");
	if (text[strspn(text, " \t\r\n")] == 0)
		return usage_error("TEXT is empty");
	body = json_pack("{s:s}", "text", text);
	dumped = body ? json_dumps(body, JSON_COMPACT) : NULL;
	json_decref(body);
	if (!dumped || buf_adds(&ctl->body, dumped) != ERR_OK)
		return usage_error("TEXT is too long");
	ctl->has_body = true;
	return EXIT_DONE;
}

static enum exit_code prepare_answer(struct ctl *ctl)
{
	enum exit_code code = ctl_report_path(ctl, "/answer");
	CLEAN_BUF text;

	buf_init(&text, STDIN_MAX);
	if (code != EXIT_DONE)
		return code;
	if (!str_eq(ctl->text, "-"))
		return answer_body(ctl, ctl->text);
	code = input_all(&text);
	if (code != EXIT_DONE)
		return code;
	if (text.len && memchr(text.data, 0, text.len))
		return usage_error("the standard input holds a NUL byte");
	while (text.len && strchr("\r\n", text.data[text.len - 1]))
		text.data[--text.len] = 0;
	return answer_body(ctl, buf_text(&text));
}

/* {"category":"fire"} */
static enum exit_code rating_body(struct ctl *ctl, const char *member)
{
	if (!ctl->text[0] || ctl->text[strspn(ctl->text, "abcdefghijklmnopqrstuvwxyz_")] ||
		strlen(ctl->text) > 31)
		return usage_error("a category or an urgency is a word such as fire or danger");
	ctl->has_body = true;
	if (buf_addf(&ctl->body, "{\"%s\":\"%s\"}", member, ctl->text) != ERR_OK)
		return usage_error("out of memory");
	return ctl_report_path(ctl, "/rating");
}

static enum exit_code prepare_category(struct ctl *ctl)
{
	return rating_body(ctl, "category");
}

static enum exit_code prepare_urgency(struct ctl *ctl)
{
	return rating_body(ctl, "urgency");
}

static enum exit_code prepare_statistics(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/statistics/guess");
	return EXIT_DONE;
}

static enum exit_code modem_path(struct ctl *ctl, const char *suffix)
{
	if (ctl->subject[strspn(ctl->subject, "abcdefghijklmnopqrstuvwxyz0123456789-")] ||
		strlen(ctl->subject) > 23)
		return usage_error("NAME is that of a modem, modems[].name of the configuration");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/modems/%s%s", ctl->subject, suffix);
	return EXIT_DONE;
}

static enum exit_code prepare_modem_accept(struct ctl *ctl)
{
	ctl->has_body = true;
	if (buf_adds(&ctl->body, "{}") != ERR_OK)
		return usage_error("out of memory");
	return modem_path(ctl, "/accept");
}

static enum exit_code prepare_modems(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/modems");
	return EXIT_DONE;
}

static enum exit_code prepare_modem_ussd(struct ctl *ctl)
{
	size_t len = strlen(ctl->text);

	if (!len || len > 40 || strspn(ctl->text, "0123456789*#+") != len)
		return usage_error("CODE has 1 to 40 of 0-9 * # + (and is quoted in the shell)");
	ctl->has_body = true;
	if (buf_addf(&ctl->body, "{\"code\":\"%s\"}", ctl->text) != ERR_OK)
		return usage_error("out of memory");
	return modem_path(ctl, "/ussd");
}

static enum exit_code prepare_modem_journal(struct ctl *ctl)
{
	ctl->has_body = true;
	if (buf_adds(&ctl->body, "{}") != ERR_OK)
		return usage_error("out of memory");
	return modem_path(ctl, "/journal");
}

static enum exit_code prepare_settle(struct ctl *ctl)
{
	int64_t id;

	if (str_to_int64(ctl->subject, 1, INT64_MAX, &id) != ERR_OK)
		return usage_error("ID is the number of a message, as binhyenctl outbox shows it");
	if (!str_eq(ctl->text, "sent") && !str_eq(ctl->text, "failed") &&
		!str_eq(ctl->text, "again"))
		return usage_error("a message is settled as sent, failed or again");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/outbox/%lld/settle", (long long)id);
	ctl->has_body = true;
	if (buf_addf(&ctl->body, "{\"as\":\"%s\"}", ctl->text) != ERR_OK)
		return usage_error("out of memory");
	return EXIT_DONE;
}

static enum exit_code prepare_attachment(struct ctl *ctl)
{
	int64_t id;

	if (str_to_int64(ctl->subject, 1, INT64_MAX, &id) != ERR_OK)
		return usage_error("ID is that of an attachment, as binhyenctl report N shows it");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/attachments/%lld", (long long)id);
	return EXIT_DONE;
}

static enum exit_code prepare_gaps(struct ctl *ctl)
{
	return prepare_list(ctl, "zalo/gaps");
}

static enum exit_code prepare_gap_seen(struct ctl *ctl)
{
	int64_t id;

	if (str_to_int64(ctl->subject, 1, INT64_MAX, &id) != ERR_OK)
		return usage_error("ID is that of a gap, as binhyenctl zalo gaps shows it");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/zalo/gaps/%lld/seen", (long long)id);
	ctl->has_body = true;
	if (buf_adds(&ctl->body, "{}") != ERR_OK)
		return usage_error("out of memory");
	return EXIT_DONE;
}

static const struct command commands[] = {
	{"status", "", "what works, what does not, and what to do", 0, false, prepare_status,
		show_status},
	{"inbox", "", "messages that came in", 0, true, prepare_inbox, show_inbox},
	{"outbox ID settle", " HOW", "what became of one in doubt: sent, failed, again", 1, false,
		prepare_settle, show_settled},
	{"outbox", "", "messages that have to leave or have left", 0, true, prepare_outbox,
		show_outbox},
	{"reports", "", "the register of reports", 0, true, prepare_reports, show_reports},
	{"report N category", " CODE", "what report N is about; binhyenctl(1) lists the codes", 1,
		false, prepare_category, show_rated},
	{"report N urgency", " WORD", "how urgent report N is: normal, urgent, danger", 1, false,
		prepare_urgency, show_rated},
	{"report N take", "", "you have it in hand: its alarm rings nobody else", 0, false,
		prepare_report_take, show_alarm_taken},
	{"report", " N", "one report with its dialogue; N is 12, 12/2026 or 2026-12", 1, false,
		prepare_report, show_report},
	{"answer", " N TEXT", "answer the reporter; TEXT \"-\" reads standard input", 2, false,
		prepare_answer, show_answered},
	{"file", " N FILE", "send the reporter a picture or a file, by Zalo", 2, false,
		prepare_file, show_answered},
	{"preview", " TEXT", "what TEXT will be by SMS, its price and time; nothing is sent", 1,
		false, prepare_preview, show_preview},
	{"statistics", "", "how well categories and dangers were guessed", 0, false,
		prepare_statistics, show_statistics},
	{"modems", "", "signal, network, caps, balance and troubles of each modem", 0, false,
		prepare_modems, show_modems},
	{"modem NAME ussd", " CODE", "dial a USSD code and show the answer", 1, false,
		prepare_modem_ussd, show_ussd},
	{"modem NAME journal", "", "what the modem said last, without numbers and texts", 0, false,
		prepare_modem_journal, show_journal},
	{"modem NAME accept", "", "its new SIM or device is meant to be there", 0, false,
		prepare_modem_accept, show_modem_accepted},
	{"attachment", " ID FILE", "save what came with a report; FILE \"-\" is standard output", 2,
		false, prepare_attachment, NULL},
	{"zalo gaps", "", "times of which Zalo tells nothing more", 0, true, prepare_gaps,
		show_gaps},
	{"zalo gap ID seen", "", "somebody has looked in the inbox of the OA", 0, false,
		prepare_gap_seen, show_gap_seen},
	{"zalo login", "", "let an administrator of the OA consent in his browser", 0, false,
		prepare_login, show_token_saved},
	{"zalo doctor", "", "what the Zalo account can and cannot do, and what to do", 0, false,
		prepare_doctor, show_doctor},
	{"zalo set-token", "", "store a Zalo token pair, given on standard input", 0, false,
		prepare_token, show_token_saved},
	{"places", "", "hamlets, committees, agencies, schools, enterprises", 0, true,
		prepare_places, show_places},
	{"place", " CODE KIND NAME [PARENT]", "add or change one", COMMAND_MANY, false,
		prepare_place, show_place},
	{"residents check", " FILE", "what an import of this CSV file would do", 1, false,
		prepare_residents_check, NULL},
	{"residents import", " FILE", "take a list of residents over from a CSV file", 1, false,
		prepare_residents_import, NULL},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};

static const struct command *const more_commands[] = {report_commands, group_commands,
	audit_commands, duty_commands, enrolment_commands, feed_commands, login_commands,
	officer_commands, legal_commands, keep_commands, secrecy_commands, keys_commands,
	search_commands, bulletin_commands, procedure_commands, service_commands, escrow_commands,
	print_commands, stay_commands, poll_commands, dossier_commands, today_commands};

/* Do the first words of argv name the command? *ret_used: how many; *ret_subject: the word that
 * stands for one in capitals. */
static bool words_match(
	const char *words, int argc, char **argv, int *ret_used, const char **ret_subject)
{
	int used = 0;

	*ret_subject = NULL;
	for (size_t len; *words; words += len + (words[len] == ' '), used++) {
		len = strcspn(words, " ");
		if (used == argc)
			return false;
		if (words[0] >= 'A' && words[0] <= 'Z')
			*ret_subject = argv[used];
		else if (strlen(argv[used]) != len || strncmp(argv[used], words, len) != 0)
			return false;
	}
	*ret_used = used;
	return true;
}

/* The one of which most words fit: "report 12 law" is no "report". */
static const struct command *command_find(
	int argc, char **argv, int *ret_used, const char **ret_subject)
{
	const struct command *best = NULL;

	*ret_used = 0;
	for (size_t i = 0; i <= ARRAY_LEN(more_commands); i++) {
		const struct command *command = i ? more_commands[i - 1] : commands;

		for (; command->words; command++) {
			const char *subject;
			int used;

			if (!words_match(command->words, argc, argv, &used, &subject) ||
				used <= *ret_used)
				continue;
			best = command;
			*ret_used = used;
			*ret_subject = subject;
		}
	}
	return best;
}

/* Options. */

enum {
	OPTION_BEFORE = 256,
	OPTION_TEMPLATE,
	OPTION_TO,
	OPTION_COUNT,
	OPTION_LANE,
	OPTION_PASSPHRASE
};

static const struct option options[] = {
	{"socket", required_argument, NULL, 's'},
	{"config", required_argument, NULL, 'c'},
	{"json", no_argument, NULL, 'j'},
	{"limit", required_argument, NULL, 'n'},
	{"before", required_argument, NULL, OPTION_BEFORE},
	{"to", required_argument, NULL, OPTION_TO},
	{"count", required_argument, NULL, OPTION_COUNT},
	{"lane", required_argument, NULL, OPTION_LANE},
	{"passphrase-fd", required_argument, NULL, OPTION_PASSPHRASE},
	{"template", required_argument, NULL, OPTION_TEMPLATE},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{NULL, 0, NULL, 0},
};

static void help_command(FILE *out, const struct command *command)
{
	int width = 22 - (int)strlen(command->words);

	fprintf(out, "  %s%-*s  %s\n", command->words, width > 0 ? width : 0, command->usage,
		command->help);
}

static void help(FILE *out)
{
	fprintf(out,
		"usage: binhyenctl [--socket PATH | --config FILE] [--json] COMMAND\n\n"
		"Options:\n"
		"  -s, --socket PATH   socket of binhyend (default $" SOCKET_VARIABLE
		" or " SOCKET_DEFAULT ")\n"
		"  -c, --config FILE   take the socket's path from http.socket of FILE\n"
		"  -j, --json          print the JSON of the API\n"
		"  -n, --limit N       rows of a list, 1 to 200 (default 50)\n"
		"      --before ID     rows of a list older than ID\n"
		"      --to NUMBERS    of a preview: its recipients, commas between\n"
		"      --count N       of a preview: or how many there are (default 1)\n"
		"      --lane LANE     of a preview: alarm, answer, urgent, bulletin (default)\n"
		"      --template NAME of report N answer: which ready words\n"
		"      --passphrase-fd N  passphrases are lines of this open file\n"
		"  -h, --help          this text\n"
		"  -V, --version       the version\n\n"
		"Commands:\n");
	for (size_t i = 0; commands[i].words; i++)
		help_command(out, &commands[i]);
	for (size_t i = 0; i < ARRAY_LEN(more_commands); i++) {
		for (const struct command *command = more_commands[i]; command->words; command++)
			help_command(out, command);
	}
	fprintf(out, "\nExit codes: 0 done, 1 refused, 2 usage, 3 binhyend not reachable, "
		     "4 not found.\n");
}

/* With the commands that begin with the word that was given. */
static void say_no_such_command(const char *word)
{
	size_t len = strlen(word);

	usage_error("there is no such command");
	for (size_t i = 0; i <= ARRAY_LEN(more_commands); i++) {
		const struct command *command = i ? more_commands[i - 1] : commands;

		for (; command->words; command++) {
			if (strncmp(command->words, word, len) != 0 ||
				(command->words[len] && command->words[len] != ' '))
				continue;
			help_command(stderr, command);
		}
	}
}

/* EXIT_DONE with *ret_is_over: --help or --version was all that was wanted. */
static enum exit_code options_parse(
	int argc, char **argv, struct ctl *ctl, const char **ret_config, bool *ret_is_over)
{
	int64_t fd;
	int option;

	while ((option = getopt_long(argc, argv, "s:c:jn:hV", options, NULL)) != -1) {
		switch (option) {
		case 's':
			ctl->socket_path = optarg;
			break;
		case 'c':
			*ret_config = optarg;
			break;
		case 'j':
			ctl->wants_json = true;
			break;
		case 'n':
			ctl->limit = optarg;
			break;
		case OPTION_BEFORE:
			ctl->before = optarg;
			break;
		case OPTION_TEMPLATE:
			ctl->template = optarg;
			break;
		case OPTION_TO:
			ctl->to = optarg;
			break;
		case OPTION_COUNT:
			ctl->count = optarg;
			break;
		case OPTION_LANE:
			ctl->lane = optarg;
			break;
		case OPTION_PASSPHRASE:
			if (str_to_int64(optarg, 0, 1023, &fd) != ERR_OK)
				return usage_error(
					"--passphrase-fd takes the number of an open file");
			ctl->passphrase_fd = (int)fd;
			break;
		case 'h':
			help(stdout);
			*ret_is_over = true;
			return EXIT_DONE;
		case 'V':
			printf("binhyenctl %s\n", BINHYEN_VERSION);
			*ret_is_over = true;
			return EXIT_DONE;
		default:
			fprintf(stderr, "see binhyenctl --help\n");
			return EXIT_USAGE;
		}
	}
	if (ctl->socket_path && *ret_config)
		return usage_error("--socket and --config exclude each other");
	return EXIT_DONE;
}

static enum exit_code socket_find(struct ctl *ctl, const char *config_path)
{
	const char *given = getenv(SOCKET_VARIABLE);
	struct errbuf eb = {0};

	if (ctl->socket_path)
		return EXIT_DONE;
	if (!config_path) {
		ctl->socket_path = given && given[0] ? given : SOCKET_DEFAULT;
		return EXIT_DONE;
	}
	if (config_load(config_path, &ctl->config, &eb) != ERR_OK) {
		fprintf(stderr, "binhyenctl: %s\n", eb.text);
		return EXIT_USAGE;
	}
	ctl->socket_path = ctl->config->http_socket;
	if (!ctl->socket_path[0])
		return usage_error("http.socket is empty in that configuration");
	return EXIT_DONE;
}

static enum exit_code not_reached(const struct errbuf *eb)
{
	fprintf(stderr, "binhyenctl: ");
	show_text(stderr, eb->text);
	fputc('\n', stderr);
	return EXIT_NOT_REACHED;
}

static FILE *file_open(const char *path)
{
	int fd;

	if (str_eq(path, "-"))
		return stdout;
	/* What residents sent is nobody else's to read, and nothing is written over. */
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return fd < 0 ? NULL : fdopen(fd, "w");
}

static enum exit_code command_save(struct ctl *ctl)
{
	struct api_answer answer = {0};
	struct errbuf eb = {0};
	FILE *to = file_open(ctl->text);
	enum exit_code code = EXIT_DONE;
	enum err err;

	if (!to) {
		fprintf(stderr, "binhyenctl: the file cannot be made: %s\n", strerror(errno));
		return EXIT_REFUSED;
	}
	err = api_download(&(struct api_door){ctl->socket_path, ctl->token}, ctl->path,
		ctl->has_body ? &ctl->body : NULL, to, &answer, &eb);
	if (fflush(to) != 0 && err == ERR_OK)
		err = errbuf_set(&eb, ERR_IO, "the file cannot be written: %s", strerror(errno));
	if (err != ERR_OK) {
		code = not_reached(&eb);
	} else if (answer.status != 200) {
		show_refusal(stderr, answer.body, answer.status);
		code = answer.status == 404 ? EXIT_NOT_FOUND : EXIT_REFUSED;
	}
	if (to != stdout) {
		fclose(to);
		if (code != EXIT_DONE)
			unlink(ctl->text);
	}
	api_answer_done(&answer);
	return code;
}

enum exit_code ctl_request(struct ctl *ctl, struct api_answer *ret_answer)
{
	struct errbuf eb = {0};
	enum exit_code code = EXIT_DONE;

	if (api_request(&(struct api_door){ctl->socket_path, ctl->token}, ctl->path,
		    ctl->has_body ? &ctl->body : NULL, ret_answer, &eb) != ERR_OK)
		return not_reached(&eb);
	if (ret_answer->status != 200) {
		if (ctl->wants_json && ret_answer->body)
			show_json(stdout, ret_answer->body);
		show_refusal(stderr, ret_answer->body, ret_answer->status);
		code = ret_answer->status == 404 ? EXIT_NOT_FOUND : EXIT_REFUSED;
	} else if (!ret_answer->body) {
		fprintf(stderr, "binhyenctl: the answer is not JSON; is that binhyend's socket?\n");
		code = EXIT_NOT_REACHED;
	}
	return code;
}

enum exit_code ctl_post(
	struct ctl *ctl, const char *path, json_t *body, struct api_answer *ret_answer)
{
	enum exit_code code;

	buf_wipe(&ctl->body);
	buf_init(&ctl->body, STDIN_MAX);
	snprintf(ctl->path, sizeof(ctl->path), "%s", path);
	code = ctl_body(ctl, body);
	return code == EXIT_DONE ? ctl_request(ctl, ret_answer) : code;
}

enum exit_code ctl_words(struct ctl *ctl, int first, struct buf *out, const char *complaint)
{
	enum err err = ERR_OK;

	for (int i = first; err == ERR_OK && i < ctl->rest_count; i++)
		err = buf_addf(out, "%s%s", i > first ? " " : "", ctl->rest[i]);
	return err == ERR_OK && str_is_utf8(buf_text(out), out->len) ? EXIT_DONE
								     : usage_error(complaint);
}

static enum exit_code command_run(struct ctl *ctl, const struct command *command)
{
	struct api_answer answer = {0};
	enum exit_code code;

	if (!command->show)
		return command_save(ctl);
	code = ctl_request(ctl, &answer);
	if (code == EXIT_DONE && ctl->wants_json)
		show_json(stdout, answer.body);
	else if (code == EXIT_DONE)
		command->show(stdout, answer.body);
	api_answer_done(&answer);
	if (fflush(stdout) != 0 && code == EXIT_DONE) {
		fprintf(stderr, "binhyenctl: the output cannot be written\n");
		code = EXIT_REFUSED;
	}
	return code;
}

static enum exit_code command_prepare(
	struct ctl *ctl, int argc, char **argv, const struct command **ret_command)
{
	const struct command *command;
	int used = 0;

	if (argc == 0)
		return usage_error("a command is missing");
	command = command_find(argc, argv, &used, &ctl->subject);
	if (!command) {
		say_no_such_command(argv[0]);
		return EXIT_USAGE;
	}
	if (argc - used < (command->arguments == COMMAND_MANY ? 1 : command->arguments))
		return usage_error("an argument is missing");
	ctl->rest = argv + used;
	ctl->rest_count = argc - used;
	if (command->arguments >= 0 && argc - used > command->arguments)
		return usage_error("too many arguments (a TEXT with blanks must be quoted)");
	if ((ctl->limit || ctl->before) && !command->is_list)
		return usage_error("--limit and --before are for lists");
	if (ctl->template && !str_eq(command->words, "report N answer"))
		return usage_error("--template is for report N answer");
	if ((ctl->to || ctl->count || ctl->lane) && command->prepare != prepare_preview)
		return usage_error("--to, --count and --lane are for a preview");
	if (!ctl->subject && command->arguments > 0)
		ctl->subject = argv[used++];
	ctl->text = used < argc ? argv[used] : NULL;
	*ret_command = command;
	return EXIT_DONE;
}

int main(int argc, char **argv)
{
	const struct command *command = NULL;
	const char *config_path = NULL;
	struct ctl ctl = {.passphrase_fd = -1};
	bool is_over = false;
	enum exit_code code;

	buf_init(&ctl.body, STDIN_MAX);
	code = options_parse(argc, argv, &ctl, &config_path, &is_over);
	if (code != EXIT_DONE || is_over)
		return (int)code;
	code = command_prepare(&ctl, argc - optind, argv + optind, &command);
	if (code == EXIT_DONE)
		code = socket_find(&ctl, config_path);
	if (code == EXIT_DONE) {
		token_load(&ctl);
		code = command->prepare(&ctl);
	}
	if (code == EXIT_DONE && !ctl.is_over)
		code = command_run(&ctl, command);
	buf_wipe(&ctl.body);
	explicit_bzero(ctl.token, sizeof(ctl.token));
	config_free(ctl.config);
	return (int)code;
}
