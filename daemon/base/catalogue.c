/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the file that msgfmt writes ("The Format of GNU MO Files" in the gettext manual): a number
 * that tells the byte order, a revision, how many texts there are, and where the tables of the
 * messages and of the translations begin; each row is a length and a place. The messages are sorted
 * by their bytes. The first, "", is the head of the file and no message.
 */
#include "daemon/base/catalogue.h"

#include "daemon/base/base.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>

#define MO_MAGIC 0x950412deu

extern const char errors_vi[];
extern const unsigned long errors_vi_bytes;

enum { MO_AT_MAGIC, MO_AT_COUNT = 2, MO_AT_MESSAGES, MO_AT_TRANSLATIONS };

static uint32_t number(size_t at_bytes)
{
	uint32_t value;

	CHECK(at_bytes + sizeof(value) <= errors_vi_bytes);
	memcpy(&value, errors_vi + at_bytes, sizeof(value));
	return le32toh(value);
}

static uint32_t head(size_t which)
{
	CHECK(number(MO_AT_MAGIC) == MO_MAGIC);
	return number(which * sizeof(uint32_t));
}

static const char *row(size_t table, size_t i)
{
	size_t at = head(table) + i * 2 * sizeof(uint32_t);
	size_t bytes = number(at), place = number(at + sizeof(uint32_t));

	CHECK(bytes < errors_vi_bytes && place < errors_vi_bytes - bytes);
	CHECK(!errors_vi[place + bytes]);
	return errors_vi + place;
}

const char *catalogue_find(const char *text)
{
	size_t low = 0, high = head(MO_AT_COUNT);

	if (!text[0])
		return NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(text, row(MO_AT_MESSAGES, middle));

		if (!order)
			return row(MO_AT_TRANSLATIONS, middle);
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const char *catalogue_at(size_t i, const char **ret_translation)
{
	i++;
	if (i >= head(MO_AT_COUNT))
		return NULL;
	*ret_translation = row(MO_AT_TRANSLATIONS, i);
	return row(MO_AT_MESSAGES, i);
}
