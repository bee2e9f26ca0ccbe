/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Zalo client over a bad line, on virtual time: everything of the daemon from the store to the
 * calls is real, curl and libuv are not.
 *
 * usage: sim_zalo_link --crash [--full] | --drain | (--outage | --groups) [--seeds N] [--first
 * SEED]
 *                      [--verbose]
 */
#include "tests/sim/zalo_link/sim_zalo_link.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"

#include <getopt.h>
#include <stdio.h>

static const struct option options[] = {
	{"crash", no_argument, NULL, 'c'},
	{"drain", no_argument, NULL, 'd'},
	{"full", no_argument, NULL, 'f'},
	{"groups", no_argument, NULL, 'g'},
	{"outage", no_argument, NULL, 'o'},
	{"seeds", required_argument, NULL, 's'},
	{"first", required_argument, NULL, '1'},
	{"verbose", no_argument, NULL, 'v'},
	{NULL, 0, NULL, 0},
};

static int usage(void)
{
	fprintf(stderr,
		"usage: sim_zalo_link --crash [--full] | --drain | (--outage | --groups) [--seeds N] "
		"[--first SEED] [--verbose]\n");
	return 2;
}

int main(int argc, char **argv)
{
	int64_t seeds = 1, first = 1;
	bool is_crash = false, is_drain = false, is_outage = false, is_full = false;
	bool is_groups = false, is_verbose = false;
	int c, faults = 0;

	log_set_level((enum log_level)0) /* what goes wrong is counted, not logged */;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		is_crash |= c == 'c';
		is_drain |= c == 'd';
		is_outage |= c == 'o';
		is_groups |= c == 'g';
		is_verbose |= c == 'v';
		is_full |= c == 'f';
		if ((c == 's' && str_to_int64(optarg, 1, INT32_MAX, &seeds)) ||
			(c == '1' && str_to_int64(optarg, 0, INT32_MAX, &first)) || c == '?')
			return usage();
		if (c == 'v')
			log_set_level(LOG_LEVEL_INFO);
	}
	if (is_crash + is_drain + is_outage + is_groups != 1 || optind < argc)
		return usage();
	if (is_crash)
		return crash_everywhere(is_full);
	if (is_drain)
		return drain_everything();
	for (int64_t seed = first; seed < first + seeds; seed++)
		faults += is_groups ? groups_at_random((uint64_t)seed, is_verbose)
				    : outage_of_three_days((uint64_t)seed);
	return faults ? 1 : 0;
}
