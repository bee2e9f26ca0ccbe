/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/verify_log.h"

#include "store/event_walk.h"
#include "store/vault.h"

#include <stdio.h>
#include <stdlib.h>

#define ROWS_A_PIECE 10000

static int tell(const struct event_walk_result *result, const char *database)
{
	char digits[EVENT_DIGITS_BYTES];

	if (result->finding.fault) {
		printf("%s: bad at event %lld: %s\n", database, (long long)result->finding.event_id,
			event_fault_en(result->finding.fault));
		printf("%s (sự kiện %lld)\n", event_fault_vi(result->finding.fault),
			(long long)result->finding.event_id);
		return EXIT_LOG_BAD;
	}
	event_digits(result->last.hash, digits);
	printf("%s: good, %lld events, head %s\n", database, (long long)result->last.id, digits);
	return EXIT_SUCCESS;
}

static enum err walk(const char *database, const struct vault *vault,
	struct event_walk_result *ret_result, struct errbuf *eb)
{
	struct event_walk *walk;
	bool is_done = false;
	enum err err = event_walk_open(database, vault, &walk, eb);

	if (err)
		return err;
	while (!err && !is_done)
		err = event_walk_step(walk, ROWS_A_PIECE, &is_done);
	*ret_result = event_walk_result(walk);
	event_walk_close(walk);
	return err;
}

int verify_log(const char *database, const char *key_file)
{
	struct event_walk_result result = {0};
	struct errbuf eb = {0};
	struct vault *vault;
	enum err err = vault_open(key_file, &vault, &eb);

	if (!err) {
		err = walk(database, vault, &result, &eb);
		vault_free(vault);
	}
	if (!err)
		return tell(&result, database);
	fprintf(stderr, "binhyend: %s\n", eb.text[0] ? eb.text : err_en(err));
	return EXIT_FAILURE;
}
