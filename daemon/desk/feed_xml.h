/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expat behind a fence: a document from the network as events, with a limit on everything and
 * without what a feed has no need of. A document type declaration is refused as such, so there are
 * no entities but the five of XML, none that grow, none from elsewhere. Pure; desk/feed_* only.
 */
#ifndef BINHYEN_DESK_FEED_XML_H
#define BINHYEN_DESK_FEED_XML_H

#include "daemon/desk/feed_document.h"

#include <stdbool.h>
#include <stddef.h>

#define FEED_XML_DEPTH_MAX    64 /* XHTML within an entry is some ten deep */
#define FEED_XML_ELEMENTS_MAX 50000
#define FEED_XML_SPACE	      ' ' /* between a namespace and the name of an element in it */

/* Names as "namespace local", or "local" where there is none. Text comes in pieces. */
struct feed_xml_handler {
	void (*start)(void *arg, const char *name, const char *const *attributes);
	void (*end)(void *arg, const char *name);
	void (*text)(void *arg, const char *text, size_t len);
	void *arg;
};
/*
 * charset: of the Content-Type header, "" none. A byte order mark decides the encoding; then that
 * the bytes are UTF-8, if they are, whatever the header or the document claim; then the header;
 * then the document. ERR_INVALID (not well-formed, a DTD, an unknown encoding), ERR_TOO_BIG.
 */
MUST_CHECK
enum err feed_xml_parse(const char *data, size_t len, const char *charset,
	const struct feed_xml_handler *handler, struct errbuf *eb);

#endif
