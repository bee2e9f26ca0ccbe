/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words as anybody may type them are a secret that is printed as the same words, or are refused
 * with a word about why. */
#include "daemon/base/str.h"
#include "daemon/desk/escrow.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t secret[KEYPAIR_SEED_BYTES], again[KEYPAIR_SEED_BYTES];
	CLEANUP(cleanup_free) char *typed = calloc(1, size + 1);
	struct errbuf eb = {0};
	CLEAN_BUF words = {0};
	int wrong = -1;

	if (!typed)
		return 0;
	memcpy(typed, data, size);
	if (escrow_secret(typed, secret, &wrong, &eb)) {
		CHECK(eb.text[0] && wrong >= 0 && wrong <= ESCROW_WORDS);
		return 0;
	}
	buf_init(&words, ESCROW_TEXT_MAX);
	CHECK(escrow_words(secret, &words) == ERR_OK);
	CHECK(escrow_secret(buf_text(&words), again, &wrong, &eb) == ERR_OK);
	CHECK(memcmp(secret, again, sizeof(secret)) == 0);
	return 0;
}
