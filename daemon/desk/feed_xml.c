/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/feed_xml.h"

#include "daemon/base/buf.h"
#include "daemon/base/str.h"
#include "daemon/desk/charset.h"

#include <expat.h>
#include <string.h>

#define DECLARATION_MAX 256 /* within so many bytes the encoding is declared */

struct fence {
	const struct feed_xml_handler *handler;
	XML_Parser parser;
	int depth, elements;
	const char *refused; /* why it was stopped; NULL: it was not */
	enum err err;
};

static void refuse(struct fence *f, enum err err, const char *why)
{
	if (f->refused)
		return;
	f->refused = why;
	f->err = err;
	XML_StopParser(f->parser, XML_FALSE);
}

static void XMLCALL on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	struct fence *f = arg;

	if (f->refused)
		return;
	if (++f->depth > FEED_XML_DEPTH_MAX)
		refuse(f, ERR_TOO_BIG, "its elements are nested too deeply");
	else if (++f->elements > FEED_XML_ELEMENTS_MAX)
		refuse(f, ERR_TOO_BIG, "it has too many elements");
	else
		f->handler->start(f->handler->arg, name, (const char *const *)attributes);
}

static void XMLCALL on_end(void *arg, const XML_Char *name)
{
	struct fence *f = arg;

	if (f->refused)
		return;
	f->depth--;
	f->handler->end(f->handler->arg, name);
}

static void XMLCALL on_text(void *arg, const XML_Char *text, int len)
{
	struct fence *f = arg;

	if (!f->refused)
		f->handler->text(f->handler->arg, text, (size_t)len);
}

static void XMLCALL on_doctype(void *arg, const XML_Char *name, const XML_Char *system_id,
	const XML_Char *public_id, int has_subset)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_subset;
	refuse(arg, ERR_INVALID, "it has a document type declaration, which no feed needs");
}

/* ---- the encoding ----------------------------------------------------------------------------
 */

/* encoding="..." of the declaration, without which it is UTF-8. */
static void declared(const char *data, size_t len, char name[32])
{
	char head[DECLARATION_MAX];
	size_t bytes = len < sizeof(head) - 1 ? len : sizeof(head) - 1, n;
	const char *at, *end;

	memcpy(head, data, bytes);
	head[bytes] = 0;
	name[0] = 0;
	end = strstr(head, "?>");
	at = strncmp(head, "<?xml", 5) == 0 && end ? strstr(head, "encoding") : NULL;
	if (!at || at > end)
		return;
	at += strcspn(at, "\"'");
	n = *at ? strcspn(at + 1, "\"'") : 0;
	if (n && n < 32) {
		memcpy(name, at + 1, n);
		name[n] = 0;
	}
}

static enum err find_charset(const char *data, size_t len, const char *header,
	enum charset *ret_charset, size_t *ret_skip, struct errbuf *eb)
{
	char name[32];

	*ret_skip = 0;
	if (charset_of_mark(data, len, ret_charset, ret_skip))
		return ERR_OK;
	*ret_charset = CHARSET_UTF8;
	if (str_is_utf8(data, len))
		return ERR_OK;
	/* Without a mark "<" in two bytes shows it. */
	if (len >= 2 && (!data[0] || !data[1])) {
		*ret_charset = data[0] ? CHARSET_UTF16LE : CHARSET_UTF16BE;
		return ERR_OK;
	}
	declared(data, len, name);
	if (header[0] && charset_of(header, ret_charset) == ERR_OK && *ret_charset != CHARSET_UTF8)
		return ERR_OK;
	if (name[0] && charset_of(name, ret_charset) == ERR_OK && *ret_charset != CHARSET_UTF8)
		return ERR_OK;
	return errbuf_set(eb, ERR_INVALID,
		"its letters are neither UTF-8 nor in an encoding that it names and we know");
}

/* ---- parsing ---------------------------------------------------------------------------------
 */

static enum err run(struct fence *f, const struct buf *text, struct errbuf *eb)
{
	enum XML_Error code;

	if (XML_Parse(f->parser, buf_text(text), (int)text->len, XML_TRUE) == XML_STATUS_OK)
		return ERR_OK;
	if (f->refused)
		return errbuf_set(eb, f->err, "the document is refused: %s", f->refused);
	code = XML_GetErrorCode(f->parser);
	if (code == XML_ERROR_NO_MEMORY)
		return ERR_NOMEM;
	return errbuf_set(eb, ERR_INVALID, "the document is not well-formed XML (line %lu: %s)",
		(unsigned long)XML_GetCurrentLineNumber(f->parser), XML_ErrorString(code));
}

static enum err parse(
	const struct buf *text, const struct feed_xml_handler *handler, struct errbuf *eb)
{
	struct fence f = {.handler = handler};
	enum err err;

	/* The text is UTF-8 by now, whatever its declaration says. */
	f.parser = XML_ParserCreateNS("UTF-8", FEED_XML_SPACE);
	if (!f.parser)
		return ERR_NOMEM;
	XML_SetUserData(f.parser, &f);
	XML_SetElementHandler(f.parser, on_start, on_end);
	XML_SetCharacterDataHandler(f.parser, on_text);
	XML_SetStartDoctypeDeclHandler(f.parser, on_doctype);
	err = run(&f, text, eb);
	XML_ParserFree(f.parser);
	return err;
}

enum err feed_xml_parse(const char *data, size_t len, const char *charset,
	const struct feed_xml_handler *handler, struct errbuf *eb)
{
	CLEAN_BUF text = {0};
	enum charset from = CHARSET_UTF8;
	size_t skip = 0;
	enum err err;

	if (len > FEED_DOCUMENT_MAX)
		return errbuf_set(eb, ERR_TOO_BIG, "the document is longer than %d MB",
			FEED_DOCUMENT_MAX / 1024 / 1024);
	err = find_charset(data, len, charset, &from, &skip, eb);
	if (err)
		return err;
	buf_init(&text, FEED_DOCUMENT_MAX);
	err = charset_to_utf8(from, data + skip, len - skip, &text);
	if (err == ERR_TOO_BIG)
		return errbuf_set(eb, err, "the document is longer than %d MB",
			FEED_DOCUMENT_MAX / 1024 / 1024);
	if (err == ERR_INVALID)
		return errbuf_set(eb, err, "its letters are not in the encoding that it names");
	return err ? err : parse(&text, handler, eb);
}
