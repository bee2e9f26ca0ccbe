/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is printed: the poster of the commune as an SVG drawing of A4, and a page of HTML for each
 * entry on procedures. Both need nothing else: no script, no font, no picture from anywhere, and
 * nobody learns who reads them. Pure.
 */
#ifndef BINHYEN_CTL_DRAWING_H
#define BINHYEN_CTL_DRAWING_H

#include "daemon/base/buf.h"

#include <jansson.h>

#define DRAWING_BYTES_MAX  (256 * 1024)
#define DRAWING_NUMBER_MAX 15 /* digits, with a + before them or not */
#define DRAWING_NAME_BYTES 61 /* two lines of the poster's head */
#define DRAWING_HAMLET_MAX 40
#define DRAWING_URL_MAX	   180
#define DRAWING_URI_BYTES  512

/* Everything borrowed; NULL: it is not known, and what needs it is left out. */
struct commune {
	const char *number;  /* what residents text to; never NULL on a poster */
	const char *name;    /* "Công an xã Bình Yên" */
	const char *zalo;    /* number of the Official Account */
	const char *hamlet;  /* what stands after DK in the code for enrolling */
	const char *wording; /* to which who enrols agrees; never NULL on a poster */
	const char *url;     /* of the folder of pages, without a final '/' */
};
/* NULL, or what is wrong with one of them. */
const char *commune_check(const struct commune *commune);

MUST_CHECK
enum err poster_draw(const struct commune *commune, struct buf *out);

/* The page of an entry, as GET /api/v1/procedures/{n} gives it; the list of them all, as GET
 * /api/v1/procedures does. ERR_PROTOCOL: it is something else. */
MUST_CHECK
enum err page_entry(const struct commune *commune, const json_t *entry, struct buf *out);
MUST_CHECK
enum err page_index(const struct commune *commune, const json_t *list, struct buf *out);

/* "sms:NUMBER", which a camera opens as a message (RFC 5724), with these words in it; NULL: none.
 * ERR_TOO_BIG. */
MUST_CHECK
enum err sms_uri(const char *number, const char *words, char uri[DRAWING_URI_BYTES]);

/* qr.c: the rest of an <svg that the caller has begun with its place and size. ERR_TOO_BIG: no code
 * takes so much. */
MUST_CHECK
enum err qr_draw(const char *text, struct buf *out);

#endif
