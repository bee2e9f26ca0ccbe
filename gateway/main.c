/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * binhyen-modem: one modem for binhyend. It may be killed at any moment and keeps nothing: what is
 * not yet stored stays on the SIM.
 */
#include "gateway/modem.h"
#include "gateway/opener.h"
#include "gateway/sandbox.h"
#include "gateway/session.h"
#include "gateway/watch.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"

#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT_POLL_S	       30
#define DEFAULT_SEND_TIMEOUT_S 45

static const char usage[] =
	"usage: binhyen-modem --device PATH --name NAME [options]\n"
	"\n"
	"Serves one GSM modem to binhyend, which starts it with the line protocol on fd 3.\n"
	"\n"
	"  --device PATH          tty of the modem, best a name under /dev/serial/by-id\n"
	"  --name NAME            what the log calls it\n"
	"  --driver at|gammu      how to talk to it: as 3GPP TS 27.005 says (default), or by\n"
	"                         libgammu's engine, for phones and old sticks\n"
	"  --raw-first            with gammu: first let the other driver put aside what\n"
	"                         libgammu must not see\n"
	"  --poll-s N             seconds between two listings of the SIM (default 30)\n"
	"  --send-timeout-s N     seconds for the network to take a segment (default 45)\n"
	"  --stdio                speak the protocol on standard input and output\n"
	"  --sandbox MODE         full, or reduced for valgrind (default full)\n"
	"  --help                 print this text\n"
	"  --version              print the version\n";

struct options {
	const char *device;
	bool is_gammu, is_raw_first;
	enum sandbox_mode sandbox;
	struct session_config session;
};

static int64_t seconds(const char *text, const char *option, int64_t max)
{
	int64_t value;

	if (str_to_int64(text, 1, max, &value)) {
		fprintf(stderr, "binhyen-modem: --%s takes 1 to %lld\n", option, (long long)max);
		exit(EXIT_FAILURE);
	}
	return value * 1000;
}

static enum sandbox_mode sandbox_mode(const char *text)
{
	if (str_eq(text, "full"))
		return SANDBOX_FULL;
	if (str_eq(text, "reduced"))
		return SANDBOX_REDUCED;
	fputs("binhyen-modem: --sandbox takes full or reduced\n", stderr);
	exit(EXIT_FAILURE);
}

static void read_options(int argc, char **argv, struct options *opt)
{
	enum {
		DEVICE = 256,
		NAME,
		DRIVER,
		RAW_FIRST,
		POLL,
		SEND_TIMEOUT,
		STDIO,
		SANDBOX,
		HELP,
		VERSION
	};
	static const struct option longs[] = {{"device", required_argument, NULL, DEVICE},
		{"name", required_argument, NULL, NAME},
		{"driver", required_argument, NULL, DRIVER},
		{"raw-first", no_argument, NULL, RAW_FIRST},
		{"poll-s", required_argument, NULL, POLL},
		{"send-timeout-s", required_argument, NULL, SEND_TIMEOUT},
		{"stdio", no_argument, NULL, STDIO}, {"sandbox", required_argument, NULL, SANDBOX},
		{"help", no_argument, NULL, HELP}, {"version", no_argument, NULL, VERSION}, {0}};
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (c) {
		case DEVICE:
			opt->device = optarg;
			break;
		case NAME:
			opt->session.name = optarg;
			break;
		case DRIVER:
			opt->is_gammu = str_eq(optarg, "gammu");
			if (opt->is_gammu || str_eq(optarg, "at"))
				break;
			fputs("binhyen-modem: --driver takes at or gammu\n", stderr);
			exit(EXIT_FAILURE);
		case RAW_FIRST:
			opt->is_raw_first = true;
			break;
		case POLL:
			opt->session.poll_ms = seconds(optarg, "poll-s", 3600);
			break;
		case SEND_TIMEOUT:
			opt->session.send_timeout_ms = seconds(optarg, "send-timeout-s", 300);
			break;
		case STDIO:
			opt->session.in_fd = STDIN_FILENO;
			opt->session.out_fd = STDOUT_FILENO;
			break;
		case SANDBOX:
			opt->sandbox = sandbox_mode(optarg);
			break;
		case HELP:
			fputs(usage, stdout);
			exit(EXIT_SUCCESS);
		case VERSION:
			puts("binhyen-modem " BINHYEN_VERSION);
			exit(EXIT_SUCCESS);
		default:
			exit(EXIT_FAILURE);
		}
	}
	if (optind < argc || !opt->device || !opt->session.name) {
		fputs("binhyen-modem: --device and --name are needed, nothing else; see --help\n",
			stderr);
		exit(EXIT_FAILURE);
	}
}

/* What libraries read from files at first use has to be read before the sandbox. */
static void read_files(void)
{
	struct line line;
	enum err err;

	/* Else the C library looks at /etc/localtime whenever a time is made. */
	setenv("TZ", ":/etc/localtime", 0);
	tzset();
	/* libjansson takes the seed of its hashes from /dev/urandom with the first object. */
	err = line_parse("{}", 2, &line, NULL);
	(void)err;
}

static bool enter_sandbox(const struct options *opt)
{
	struct errbuf eb = {0};
	struct sandbox sandbox;

	read_files();
	if (sandbox_enter(SANDBOX_WORKER, opt->sandbox, &sandbox, &eb)) {
		log_error("modem", "name=%s sandbox=refused detail=\"%s\"", opt->session.name,
			eb.text);
		return false;
	}
	log_line(sandbox.mode == SANDBOX_FULL && sandbox.has_seccomp && sandbox.landlock_abi
			 ? LOG_LEVEL_INFO
			 : LOG_LEVEL_WARN,
		"modem", "name=%s sandbox=%s seccomp=%s landlock=%d", opt->session.name,
		sandbox.mode == SANDBOX_FULL ? "full" : "reduced",
		sandbox.has_seccomp ? "yes" : "no", sandbox.landlock_abi);
	return true;
}

int main(int argc, char **argv)
{
	struct options opt = {.session = {.in_fd = LINE_FD,
				      .out_fd = LINE_FD,
				      .poll_ms = DEFAULT_POLL_S * 1000,
				      .send_timeout_ms = DEFAULT_SEND_TIMEOUT_S * 1000}};
	struct modem *modem, *raw = NULL;
	struct errbuf eb = {0};
	int status;

	read_options(argc, argv, &opt);
	if (fcntl(opt.session.in_fd, F_GETFD) < 0) {
		fputs("binhyen-modem: fd 3 is not open; binhyend starts this program, or use "
		      "--stdio\n",
			stderr);
		return EXIT_FAILURE;
	}
	closefrom(LINE_FD + 1);
	/* Blocked in libgammu it would not notice that the daemon died. */
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	signal(SIGPIPE, SIG_IGN);
	if (opener_start(opt.device, opt.sandbox, &eb)) {
		log_error("modem", "name=%s detail=\"%s\"", opt.session.name, eb.text);
		return EXIT_FAILURE;
	}
	modem = opt.is_gammu ? modem_gammu_new(opt.device) : modem_at_new(opt.device);
	if (opt.is_gammu && opt.is_raw_first)
		raw = modem_at_new(opt.device);
	if (!modem)
		return EXIT_FAILURE;
	watch_line(opt.session.in_fd);
	status = enter_sandbox(&opt) ? session_run(&opt.session, modem, raw) : EXIT_FAILURE;
	modem->ops->free(modem);
	if (raw)
		raw->ops->free(raw);
	return status;
}
