/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Markings of state secrets (Law 117/2025/QH15: Tuyệt mật, Tối mật, Mật) in a text, as they are
 * written and as people write around them: without marks, with blanks, dots or hyphens between the
 * letters, with letters of other alphabets that look alike, with digits for letters. Common words
 * are none: "mật ong", "bí mật", "tôi mất xe" without its marks. Pure; the list is data,
 * config/secrecy/vi.json.
 */
#ifndef BINHYEN_DESK_SECRECY_SCREEN_H
#define BINHYEN_DESK_SECRECY_SCREEN_H

#include "daemon/base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define SECRECY_LETTERS_MAX 16384 /* of a text that are looked at: an SMS has at most 6,000 */
#define SECRECY_PHRASES_MAX 256
#define SECRECY_PHRASE_MAX  64 /* letters of one */

/* The marking as the list has it, NULL when there is none; it lives as long as the program. */
const char *secrecy_find(const char *text);

/*
 * The same with a list of one's own:
 *
 *   any      with its marks or without, as long as none contradicts
 *   marked   the marks of the last word must be there, because without them it is a common word
 *            ("toi mat": "tôi mất"), unless it stands out in capitals or stands alone
 *   stamp    like a stamp: in capitals on a line of its own or at the beginning of the text before
 *            a punctuation, or in brackets
 *   unless   phrases around one of those that make it harmless
 *
 * ERR_INVALID with the reason. secrecy_find_in() returns a string of the list.
 */
struct secrecy_list;
MUST_CHECK
enum err secrecy_parse(
	const char *json, size_t bytes, struct secrecy_list **ret_list, struct errbuf *eb);
void secrecy_free(struct secrecy_list *list);
const char *secrecy_find_in(const struct secrecy_list *list, const char *text);

/* Every place where one of its phrases stands, in the order of the text and without those that lie
 * in the one before. fn false: enough. list NULL: the markings of state secrets. */
struct secrecy_hit {
	const char *phrase; /* of the list */
	size_t at, bytes;   /* of the text */
};
typedef bool (*secrecy_hit_fn)(void *arg, const struct secrecy_hit *hit);
void secrecy_scan(const struct secrecy_list *list, const char *text, secrecy_hit_fn fn, void *arg);

#endif
