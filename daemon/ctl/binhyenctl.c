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

static const struct command *const commands[] = {queue_commands, dialogue_commands,
	preview_commands, modem_commands, zalo_commands, place_commands, report_commands,
	group_commands, audit_commands, backup_commands, duty_commands, enrolment_commands,
	feed_commands, login_commands, officer_commands, legal_commands, keep_commands,
	secrecy_commands, keys_commands, search_commands, bulletin_commands, procedure_commands,
	service_commands, escrow_commands, print_commands, stay_commands, poll_commands,
	dossier_commands, today_commands, setting_commands};

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
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		for (const struct command *command = commands[i]; command->words; command++) {
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
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		for (const struct command *command = commands[i]; command->words; command++)
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
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		for (const struct command *command = commands[i]; command->words; command++) {
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
		code = ctl_not_reached(&eb);
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
