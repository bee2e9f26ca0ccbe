/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which element is what, as one table: containers (where we are) and leaves (what they say). Text
 * outside a leaf, and whatever a leaf holds of other elements' names, is not looked at, but for the
 * words of XHTML.
 */
#include "daemon/desk/feed_document.h"

#include "daemon/base/buf.h"
#include "daemon/base/str.h"
#include "daemon/desk/feed_item.h"
#include "daemon/desk/feed_xml.h"

#include <stdlib.h>
#include <string.h>

enum node {
	NODE_TOP,
	NODE_RSS,
	NODE_CHANNEL,
	NODE_ITEM,
	NODE_FEED,
	NODE_ENTRY,
	NODE_ALERT,
	NODE_INFO,
	NODE_AREA,
	NODE_OTHER,
};

/* Namespaces are shortened: "a:" Atom, "c:" CAP, "e:" RSS content. */
static const struct {
	const char *uri, *prefix;
} namespaces[] = {
	{"http://www.w3.org/2005/Atom", "a:"},
	{"urn:oasis:names:tc:emergency:cap:1.2", "c:"},
	{"urn:oasis:names:tc:emergency:cap:1.1", "c:"},
	{"http://purl.org/rss/1.0/modules/content/", "e:"},
	{"http://purl.org/dc/elements/1.1/", "d:"},
};

static const struct {
	enum node in;
	const char *name;
	enum node node;
} containers[] = {
	{NODE_TOP, "rss", NODE_RSS},
	{NODE_RSS, "channel", NODE_CHANNEL},
	{NODE_CHANNEL, "item", NODE_ITEM},
	{NODE_TOP, "a:feed", NODE_FEED},
	{NODE_FEED, "a:entry", NODE_ENTRY},
	{NODE_TOP, "c:alert", NODE_ALERT},
	{NODE_ALERT, "c:info", NODE_INFO},
	{NODE_INFO, "c:area", NODE_AREA},
};

static const struct {
	enum node in;
	const char *name;
	enum feed_field field;
} leaves[] = {
	{NODE_ITEM, "title", FEED_FIELD_TITLE},
	{NODE_ITEM, "link", FEED_FIELD_LINK},
	{NODE_ITEM, "guid", FEED_FIELD_ID},
	{NODE_ITEM, "description", FEED_FIELD_SUMMARY},
	{NODE_ITEM, "e:encoded", FEED_FIELD_CONTENT},
	{NODE_ITEM, "pubDate", FEED_FIELD_PUBLISHED},
	{NODE_ITEM, "d:date", FEED_FIELD_PUBLISHED},
	{NODE_ITEM, "a:updated", FEED_FIELD_UPDATED},
	{NODE_ENTRY, "a:title", FEED_FIELD_TITLE},
	{NODE_ENTRY, "a:id", FEED_FIELD_ID},
	{NODE_ENTRY, "a:summary", FEED_FIELD_SUMMARY},
	{NODE_ENTRY, "a:content", FEED_FIELD_CONTENT},
	{NODE_ENTRY, "a:published", FEED_FIELD_PUBLISHED},
	{NODE_ENTRY, "a:updated", FEED_FIELD_UPDATED},
	{NODE_ITEM, "c:expires", FEED_FIELD_EXPIRES},
	{NODE_ENTRY, "c:expires", FEED_FIELD_EXPIRES},
	{NODE_ALERT, "c:identifier", FEED_FIELD_IDENTIFIER},
	{NODE_ALERT, "c:sender", FEED_FIELD_SENDER},
	{NODE_ALERT, "c:sent", FEED_FIELD_SENT},
	{NODE_ALERT, "c:status", FEED_FIELD_STATUS},
	{NODE_ALERT, "c:msgType", FEED_FIELD_TYPE},
	{NODE_ALERT, "c:scope", FEED_FIELD_SCOPE},
	{NODE_ALERT, "c:references", FEED_FIELD_REFERENCES},
	{NODE_ALERT, "c:note", FEED_FIELD_NOTE},
	{NODE_INFO, "c:language", FEED_FIELD_LANGUAGE},
	{NODE_INFO, "c:event", FEED_FIELD_EVENT},
	{NODE_INFO, "c:urgency", FEED_FIELD_URGENCY},
	{NODE_INFO, "c:severity", FEED_FIELD_SEVERITY},
	{NODE_INFO, "c:certainty", FEED_FIELD_CERTAINTY},
	{NODE_INFO, "c:expires", FEED_FIELD_EXPIRES},
	{NODE_INFO, "c:headline", FEED_FIELD_TITLE},
	{NODE_INFO, "c:description", FEED_FIELD_SUMMARY},
	{NODE_INFO, "c:instruction", FEED_FIELD_INSTRUCTION},
	{NODE_INFO, "c:web", FEED_FIELD_LINK},
	{NODE_AREA, "c:areaDesc", FEED_FIELD_AREA},
};

struct reader {
	struct feed_document *document;
	enum node stack[FEED_XML_DEPTH_MAX + 1];
	int depth;
	int leaf_depth; /* 0: not within a leaf */
	enum feed_field leaf;
	enum node root;
	bool is_markup; /* the leaf's text is HTML, or XHTML that is read as such */
	struct feed_draft draft;
	enum err err;
};

/* "namespace local" to "a:local"; "?" for what we don't know. */
static const char *short_name(const char *name, char text[48])
{
	const char *local = strchr(name, FEED_XML_SPACE);

	if (!local)
		return strlen(name) < 48 ? name : "?";
	for (size_t i = 0; i < ARRAY_LEN(namespaces); i++) {
		size_t len = strlen(namespaces[i].uri);

		if (len != (size_t)(local - name) || memcmp(namespaces[i].uri, name, len) != 0)
			continue;
		if (strlen(local) > 40)
			return "?";
		snprintf(text, 48, "%s%s", namespaces[i].prefix, local + 1);
		return text;
	}
	return "?";
}

static const char *attribute(const char *const *attributes, const char *name)
{
	for (; *attributes; attributes += 2) {
		if (str_eq(attributes[0], name))
			return attributes[1];
	}
	return "";
}

static void take_link(struct reader *r, const char *const *attributes)
{
	feed_draft_link(&r->draft, attribute(attributes, "rel"), attribute(attributes, "type"),
		attribute(attributes, "href"));
}

static bool begin_leaf(struct reader *r, const char *name, const char *const *attributes)
{
	enum node in = r->stack[r->depth];
	const char *type = attribute(attributes, "type");

	if (in == NODE_ENTRY && str_eq(name, "a:link"))
		take_link(r, attributes);
	for (size_t i = 0; i < ARRAY_LEN(leaves); i++) {
		if (leaves[i].in != in || !str_eq(leaves[i].name, name))
			continue;
		/* Content that is elsewhere, or no text. */
		if (in == NODE_ENTRY && attribute(attributes, "src")[0])
			return false;
		r->leaf = leaves[i].field;
		r->is_markup = in == NODE_ITEM || str_eq(type, "html") || str_eq(type, "xhtml");
		feed_draft_open(&r->draft, r->leaf, r->is_markup);
		return true;
	}
	return false;
}

static void on_start(void *arg, const char *name, const char *const *attributes)
{
	struct reader *r = arg;
	enum node in = r->stack[r->depth], node = NODE_OTHER;
	char text[48];

	name = short_name(name, text);
	r->depth++;
	for (size_t i = 0; !r->leaf_depth && i < ARRAY_LEN(containers); i++) {
		if (containers[i].in == in && str_eq(containers[i].name, name))
			node = containers[i].node;
	}
	r->depth--;
	if (!r->leaf_depth && node == NODE_OTHER && begin_leaf(r, name, attributes))
		r->leaf_depth = r->depth + 1;
	else if (r->leaf_depth)
		feed_draft_break(&r->draft, r->leaf);
	r->stack[++r->depth] = node;
	if (r->depth == 1)
		r->root = node;
	if (node == NODE_ITEM || node == NODE_ENTRY || node == NODE_ALERT)
		feed_draft_begin(&r->draft);
	else if (node == NODE_INFO)
		feed_draft_begin_info(&r->draft);
}

static void finish(struct reader *r, bool is_alert)
{
	struct feed_document *d = r->document;
	struct feed_item *items;
	enum err err;

	if (d->count >= FEED_ITEMS_MAX) {
		d->skipped++;
		return;
	}
	items = reallocarray(d->items, (size_t)d->count + 1, sizeof(*items));
	if (!items) {
		r->err = ERR_NOMEM;
		return;
	}
	d->items = items;
	err = feed_draft_finish(&r->draft, is_alert, &items[d->count]);
	if (!err)
		d->count++;
	else if (err == ERR_INVALID)
		d->skipped++;
	else
		r->err = err;
}

static void on_end(void *arg, const char *name)
{
	struct reader *r = arg;
	enum node node = r->stack[r->depth];

	(void)name;
	if (r->leaf_depth == r->depth) {
		feed_draft_close(&r->draft, r->leaf);
		r->leaf_depth = 0;
	} else if (r->leaf_depth) {
		feed_draft_break(&r->draft, r->leaf);
	}
	r->depth--;
	if (r->err)
		return;
	if (node == NODE_INFO)
		feed_draft_end_info(&r->draft);
	else if (node == NODE_ITEM || node == NODE_ENTRY || node == NODE_ALERT)
		finish(r, node == NODE_ALERT);
}

static void on_text(void *arg, const char *text, size_t len)
{
	struct reader *r = arg;

	if (r->leaf_depth)
		feed_draft_add(&r->draft, r->leaf, text, len);
}

/* ---- the document ----------------------------------------------------------------------------
 */

const char *feed_format_text(enum feed_format format)
{
	static const char *const texts[] = {
#define X(name, text) text,
		FEED_FORMAT_TABLE(X)
#undef X
	};

	return texts[format];
}

static enum err check_root(enum feed_format format, const struct reader *r, struct errbuf *eb)
{
	enum feed_format is;

	if (r->root == NODE_RSS)
		is = FEED_RSS;
	else if (r->root == NODE_FEED)
		is = FEED_ATOM;
	else if (r->root == NODE_ALERT)
		is = FEED_CAP;
	else
		return errbuf_set(eb, ERR_INVALID,
			"the document is neither RSS 2.0 nor Atom nor CAP; is the address that of the "
			"feed?");
	/* An index of alerts is RSS or Atom. */
	if (is == format || format == FEED_CAP)
		return ERR_OK;
	return errbuf_set(eb, ERR_INVALID,
		"the document is %s, not %s: set the feed's format to \"%s\"", feed_format_text(is),
		feed_format_text(format), feed_format_text(is));
}

enum err feed_document_read(enum feed_format format, const char *data, size_t len,
	const char *charset, struct feed_document *ret_document, struct errbuf *eb)
{
	struct feed_document document = {0};
	struct reader r = {.document = &document, .root = NODE_OTHER};
	const struct feed_xml_handler handler = {
		.start = on_start, .end = on_end, .text = on_text, .arg = &r};
	enum err err;

	feed_draft_init(&r.draft);
	err = feed_xml_parse(data, len, charset, &handler, eb);
	if (!err)
		err = r.err ? r.err : r.draft.err;
	if (!err)
		err = check_root(format, &r, eb);
	feed_draft_done(&r.draft);
	document.is_alert = r.root == NODE_ALERT;
	if (!err && document.is_alert && !document.count)
		err = errbuf_set(eb, ERR_INVALID,
			"the alert lacks its identifier, sender or time, which CAP asks for");
	if (err) {
		feed_document_done(&document);
		return err;
	}
	*ret_document = document;
	return ERR_OK;
}

void feed_document_done(struct feed_document *document)
{
	for (int i = 0; i < document->count; i++)
		feed_item_done(&document->items[i]);
	free(document->items);
	*document = (struct feed_document){0};
}

const char *feed_reference_next(const char **references, size_t *ret_len)
{
	const char *at = *references + strspn(*references, " \t\r\n");

	*ret_len = strcspn(at, " \t\r\n");
	*references = at + *ret_len;
	return *ret_len ? at : NULL;
}
