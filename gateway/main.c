/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * binhyen-modem: one modem for binhyend. It may be killed at any moment and keeps nothing: what is
 * not yet stored stays on the SIM.
 */
#include "gateway/modem.h"
#include "gateway/session.h"
#include "gateway/watch.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"

#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
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
	"  --poll-s N             seconds between two listings of the SIM (default 30)\n"
	"  --send-timeout-s N     seconds for the network to take a segment (default 45)\n"
	"  --stdio                speak the protocol on standard input and output\n"
	"  --help                 print this text\n"
	"  --version              print the version\n";

struct options {
	const char *device;
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

static void read_options(int argc, char **argv, struct options *opt)
{
	enum { DEVICE = 256, NAME, POLL, SEND_TIMEOUT, STDIO, HELP, VERSION };
	static const struct option longs[] = {{"device", required_argument, NULL, DEVICE},
		{"name", required_argument, NULL, NAME}, {"poll-s", required_argument, NULL, POLL},
		{"send-timeout-s", required_argument, NULL, SEND_TIMEOUT},
		{"stdio", no_argument, NULL, STDIO}, {"help", no_argument, NULL, HELP},
		{"version", no_argument, NULL, VERSION}, {0}};
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (c) {
		case DEVICE:
			opt->device = optarg;
			break;
		case NAME:
			opt->session.name = optarg;
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

/* It handles what strangers send by radio with a library that does not bound it: nothing that it
 * can be made to do may outlive or exceed this process. */
static void drop_rights(void)
{
	const struct rlimit no_core = {0, 0};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || setrlimit(RLIMIT_CORE, &no_core))
		log_warn("modem", "rights=kept");
	/* Blocked in libgammu it would not notice that the daemon died. */
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	signal(SIGPIPE, SIG_IGN);
}

int main(int argc, char **argv)
{
	struct options opt = {.session = {.in_fd = LINE_FD,
				      .out_fd = LINE_FD,
				      .poll_ms = DEFAULT_POLL_S * 1000,
				      .send_timeout_ms = DEFAULT_SEND_TIMEOUT_S * 1000}};
	struct modem *modem;
	int status;

	read_options(argc, argv, &opt);
	if (fcntl(opt.session.in_fd, F_GETFD) < 0) {
		fputs("binhyen-modem: fd 3 is not open; binhyend starts this program, or use "
		      "--stdio\n",
			stderr);
		return EXIT_FAILURE;
	}
	drop_rights();
	modem = modem_gammu_new(opt.device);
	if (!modem)
		return EXIT_FAILURE;
	watch_line(opt.session.in_fd);
	status = session_run(&opt.session, modem);
	modem->ops->free(modem);
	return status;
}
