/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lists of words; the shapes of numbers are in bulletin_number.c, of plates and links in
 * bulletin_shape.c. */
#include "daemon/desk/bulletin_screen_private.h"

#include "daemon/base/str.h"
#include "daemon/desk/secrecy_screen.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* measures.json and money.json, embedded at build. */
extern const char bulletin_measures[], bulletin_money[];
extern const unsigned long bulletin_measures_bytes, bulletin_money_bytes;

static struct secrecy_list *measures, *money;
static pthread_once_t lists_once = PTHREAD_ONCE_INIT;

/* A file that does not parse can't leave the build: a test reads it. */
static void lists_read(void)
{
	struct errbuf eb = {0};

	CHECK(secrecy_parse(bulletin_measures, bulletin_measures_bytes, &measures, &eb) == ERR_OK);
	CHECK(secrecy_parse(bulletin_money, bulletin_money_bytes, &money, &eb) == ERR_OK);
}

/* How much of a text fits without cutting a letter. */
static int fitting(const char *text, size_t most)
{
	size_t len = strlen(text);

	if (len <= most)
		return (int)len;
	while (most && ((unsigned char)text[most] & 0xc0) == 0x80)
		most--;
	return (int)most;
}

bool screen_add(
	struct screen *screen, enum finding_kind kind, size_t at, size_t bytes, const char *word)
{
	struct finding *finding;

	if (*screen->count == screen->max) {
		screen->is_full = true;
		return false;
	}
	finding = &screen->findings[(*screen->count)++];
	*finding = (struct finding){
		.kind = kind, .field = screen->field, .at = (int)at, .bytes = (int)bytes};
	/* A phrase of a list has at most 256 bytes; its beginning tells which it is. */
	snprintf(finding->word, sizeof(finding->word), "%.*s",
		fitting(word, sizeof(finding->word) - 1), word);
	return true;
}

struct list_scan {
	struct screen *screen;
	enum finding_kind kind;
};

static bool list_hit(void *arg, const struct secrecy_hit *hit)
{
	struct list_scan *scan = arg;

	return screen_add(scan->screen, scan->kind, hit->at, hit->bytes, hit->phrase);
}

enum err bulletin_screen(
	const char *text, enum finding_field field, struct finding *findings, int max, int *count)
{
	struct screen screen = {
		.text = text, .field = field, .findings = findings, .max = max, .count = count};
	struct signs *signs = calloc(1, sizeof(*signs));

	if (!signs)
		return ERR_NOMEM;
	pthread_once(&lists_once, lists_read);
	secrecy_scan(NULL, text, list_hit, &(struct list_scan){&screen, FINDING_SECRECY});
	secrecy_scan(measures, text, list_hit, &(struct list_scan){&screen, FINDING_MEASURE});
	signs_read(text, signs);
	screen_numbers(&screen, signs);
	screen_plates(&screen, signs);
	screen_links(&screen, signs);
	explicit_bzero(signs->list, (signs->count + 1) * sizeof(signs->list[0]));
	free(signs);
	secrecy_scan(money, text, list_hit, &(struct list_scan){&screen, FINDING_MONEY});
	return screen.is_full ? ERR_TOO_BIG : ERR_OK;
}
