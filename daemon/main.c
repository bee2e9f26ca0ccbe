/* SPDX-License-Identifier: GPL-2.0-or-later */
/* binhyend: options, configuration, and the daemon between. */
#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/daemon.h"
#include "daemon/desk/bulletin_category.h"
#include "daemon/intake/guess_own.h"
#include "daemon/intake/menu_act.h"
#include "daemon/intake/menu_screen.h"
#include "daemon/restore.h"
#include "daemon/verify_log.h"
#include "store/vault.h"

#include <getopt.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define EXIT_CONFIG 78 /* EX_CONFIG of sysexits(3): RestartPreventExitStatus= of the unit */
#define EXIT_USAGE  64

static const char usage[] =
	"usage: binhyend --config FILE [--check-config | --dump-config] [--modem-program FILE]\n"
	"                [--sysfs DIR]\n"
	"       binhyend --create-key FILE\n"
	"       binhyend --verify-log DATABASE --key FILE\n"
	"       binhyend --restore COPY --key FILE --to DATABASE\n"
	"\n"
	"  --config FILE         configuration, see binhyen.json(5)\n"
	"  --check-config        check the configuration and exit\n"
	"  --dump-config         print every setting in force as JSON and exit\n"
	"  --create-key FILE     write a new box key (never over an existing file) and exit\n"
	"  --verify-log FILE     check the log of events of a database, also of a copy, and exit\n"
	"  --restore FILE        put a backup back as a new database and exit\n"
	"  --to FILE             that database, which must not exist\n"
	"  --key FILE            box key of that database or backup\n"
	"  --modem-program FILE  binhyen-modem to start instead of the installed one\n"
	"  --sysfs DIR           where the kernel shows its devices (default /sys)\n"
	"  --version             print the version and exit\n"
	"  --help                print this and exit\n";

struct options {
	const char *config;
	const char *create_key;
	const char *verify_log, *key;
	const char *restore, *to;
	const char *modem_program, *sysfs;
	bool check, dump;
};

static int bad_usage(const char *what)
{
	fprintf(stderr, "binhyend: %s\n%s", what, usage);
	return EXIT_USAGE;
}

static int create_key(const char *path)
{
	struct errbuf eb = {0};
	enum err err = vault_create_key_file(path, &eb);

	if (err)
		fprintf(stderr, "binhyend: %s: %s\n", path, eb.text[0] ? eb.text : err_en(err));
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int dump_config(const struct config *config)
{
	CLEAN_BUF text = {0};
	enum err err;

	buf_init(&text, 64 * 1024);
	err = config_dump(config, &text);
	if (err) {
		fprintf(stderr, "binhyend: %s\n", err_en(err));
		return EXIT_FAILURE;
	}
	fputs(buf_text(&text), stdout);
	return EXIT_SUCCESS;
}

/* Beside binhyend in a build tree, in libexec when installed. */
static const char *find_modem_program(char path[512])
{
	ssize_t len = readlink("/proc/self/exe", path, 400);
	char *slash;

	path[len > 0 ? len : 0] = 0;
	slash = strrchr(path, '/');
	if (slash) {
		snprintf(slash + 1, 64, "binhyen-modem");
		if (access(path, X_OK) == 0)
			return path;
	}
	return BINHYEN_LIBEXECDIR "/binhyen-modem";
}

/* Memory of residents' words must not end in a core file. */
static void forbid_core_files(void)
{
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
}

/* Files of the commune, or those that ship. */
struct data {
	struct law *law;
	struct procedures *procedures;
	struct menus *menus;
	struct guess_own *guess_own;
};

static int run(const struct config *config, const struct data *data, const struct options *o)
{
	struct daemon_options options = {.config = config,
		.law = data->law,
		.procedures = data->procedures,
		.menus = data->menus,
		.modem_program = o->modem_program,
		.sysfs = o->sysfs ? o->sysfs : "/sys"};
	static struct daemon daemon;
	struct errbuf eb = {0};
	char path[512];
	enum err err;

	forbid_core_files();
	if (!options.modem_program)
		options.modem_program = find_modem_program(path);
	err = daemon_init(&daemon, &options, &eb);
	if (err)
		log_error("daemon", "not_started=%s detail=\"%s\"", err_name(err),
			eb.text[0] ? eb.text : err_en(err));
	else
		daemon_run(&daemon);
	daemon_done(&daemon);
	if (!err)
		log_info("daemon", "stopped");
	return err ? (err_class(err) == ERR_CLASS_PERMANENT ? EXIT_CONFIG : EXIT_FAILURE)
		   : EXIT_SUCCESS;
}

static int parse_options(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{"config", required_argument, NULL, 'c'},
		{"check-config", no_argument, NULL, 'k'},
		{"dump-config", no_argument, NULL, 'd'},
		{"create-key", required_argument, NULL, 'n'},
		{"verify-log", required_argument, NULL, 'l'},
		{"key", required_argument, NULL, 'K'},
		{"restore", required_argument, NULL, 'r'},
		{"to", required_argument, NULL, 't'},
		{"modem-program", required_argument, NULL, 'm'},
		{"sysfs", required_argument, NULL, 's'},
		{"version", no_argument, NULL, 'v'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (c) {
		case 'c':
			o->config = optarg;
			break;
		case 'k':
			o->check = true;
			break;
		case 'd':
			o->dump = true;
			break;
		case 'n':
			o->create_key = optarg;
			break;
		case 'l':
			o->verify_log = optarg;
			break;
		case 'K':
			o->key = optarg;
			break;
		case 'r':
			o->restore = optarg;
			break;
		case 't':
			o->to = optarg;
			break;
		case 'm':
			o->modem_program = optarg;
			break;
		case 's':
			o->sysfs = optarg;
			break;
		case 'v':
			printf("binhyend %s\n", BINHYEN_VERSION);
			exit(EXIT_SUCCESS);
		case 'h':
			fputs(usage, stdout);
			exit(EXIT_SUCCESS);
		default:
			return bad_usage("unknown or incomplete option");
		}
	}
	if (optind != argc)
		return bad_usage("there are no arguments besides options");
	return 0;
}

/* The list of categories is the desk's, so that config/ can't look. */
static enum err check_feeds(const struct config *config, struct errbuf *eb)
{
	for (int i = 0; i < config->feed_count; i++) {
		if (!bulletin_category_find(config->feeds[i].category))
			return errbuf_set(eb, ERR_CONFIG,
				"feeds[].category: \"%s\" of %s is no category of bulletins; as "
				"disaster, fraud, province",
				config->feeds[i].category, config->feeds[i].name);
	}
	return ERR_OK;
}

static enum err load_data(const struct config *config, struct data *data, struct errbuf *eb)
{
	enum err err = law_load(&(struct law_options){.calendar_file = config->law_calendar,
					.regimes_directory = config->law_regimes,
					.is_remote = config->is_remote},
		&data->law, eb);

	if (!err)
		err = procedures_load(config->procedures, &data->procedures, eb);
	if (!err)
		err = menus_load(config->menus, menu_act_names(), &data->menus, eb);
	if (!err)
		err = guess_own_load(config->guess_words, &data->guess_own, eb);
	guess_own_use(data->guess_own);
	return err ? err : menu_screens_check(data->menus, eb);
}

int main(int argc, char **argv)
{
	struct options o = {0};
	struct data data = {0};
	struct config *config;
	struct errbuf eb = {0};
	int rc = parse_options(argc, argv, &o);

	/* To listen below port 1024 is ours; what modem processes inherit is nothing. */
	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0L, 0L, 0L);

	if (rc)
		return rc;
	if (o.create_key)
		return create_key(o.create_key);
	if (o.verify_log && !o.key)
		return bad_usage("--verify-log needs --key FILE, the box key of that database");
	if (o.verify_log)
		return verify_log(o.verify_log, o.key);
	if (o.restore && (!o.key || !o.to))
		return bad_usage(
			"--restore needs --key FILE, the box key of that machine, and --to "
			"DATABASE, which must not exist");
	if (o.restore)
		return restore_backup(o.restore, o.key, o.to);
	if (!o.config)
		return bad_usage("--config FILE is needed");
	if (config_load(o.config, &config, &eb)) {
		fprintf(stderr, "binhyend: %s\n", eb.text);
		return EXIT_CONFIG;
	}
	if (check_feeds(config, &eb) || load_data(config, &data, &eb)) {
		fprintf(stderr, "binhyend: %s\n", eb.text);
		rc = EXIT_CONFIG;
	} else if (o.check) {
		printf("%s: ok\n", o.config);
	} else {
		rc = o.dump ? dump_config(config) : run(config, &data, &o);
	}
	guess_own_use(NULL);
	guess_own_free(data.guess_own);
	menus_free(data.menus);
	procedures_free(data.procedures);
	law_free(data.law);
	config_free(config);
	return rc;
}
