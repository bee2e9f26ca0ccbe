/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a modem sends, as lines (ITU-T V.250 §5.7.1). It takes bytes in any portions, of any kind,
 * and holds one line of bounded length; no descriptor, no clock.
 */
#ifndef BINHYEN_GATEWAY_AT_READER_H
#define BINHYEN_GATEWAY_AT_READER_H

#include <stdbool.h>
#include <stddef.h>

/* The longest real ones: a PDU of 354 digits, 182 characters of USSD as 728 digits of UCS-2. */
#define AT_LINE_BYTES 1024

enum at_token { AT_TOKEN_LINE, AT_TOKEN_PROMPT };

/* A line without its end and outer blanks, never empty; for a prompt "> ". Borrowed for the call.
 */
typedef void (*at_token_fn)(void *arg, enum at_token token, const char *line);

struct at_reader {
	char line[AT_LINE_BYTES];
	size_t len;
	size_t last; /* where the last physical line of a joined one begins */
	size_t quotes;
	bool is_too_long;
	bool is_after_prompt;
};

void at_reader_reset(struct at_reader *reader);

/*
 * A line that is too long is dropped. A +CUSD text that holds line ends is joined to one line with
 * '\n' in it; NUL within it is '@' of the GSM alphabet, elsewhere noise.
 */
void at_reader_feed(
	struct at_reader *reader, const char *bytes, size_t len, at_token_fn fn, void *arg);

#endif
