/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of the officers' page, read once into memory when the door opens: what a browser asks
 * for is looked up among their names, and no path of a request ever reaches the file system. A file
 * NAME.gz beside NAME is what it is sent as to who takes gzip. A file whose name holds a hash of
 * what it holds (NAME-1A2B3C4D.js) may be kept for ever; any other is asked for again, by its ETag.
 */
#ifndef BINHYEN_HTTP_SITE_H
#define BINHYEN_HTTP_SITE_H

#include "daemon/base/err.h"
#include "store/store.h"

#include <stdbool.h>

struct MHD_Response;
struct http_request;
struct site;
struct site_file;

#define SITE_FILES_MAX 64
#define SITE_BYTES_MAX (4 * 1024 * 1024) /* all files together: the page has a tenth of it */
#define SITE_DEPTH_MAX 3

/* ERR_NOT_FOUND: no such folder, or no index.html in it; otherwise the detail names the file. */
MUST_CHECK
enum err site_open(
	const char *folder, struct store *store, struct site **ret_site, struct errbuf *eb);
void site_close(struct site *site);
int site_count(const struct site *site);

/* "/" is index.html; NULL: there is no such file. Borrowed from the site. */
const struct site_file *site_find(const struct site *site, const char *url);
/* Fills in req->file and the status. */
void site_reply(struct http_request *req, const struct site_file *file);
/* Of a request with a file; NULL: out of memory. */
struct MHD_Response *site_response(struct http_request *req);

#endif
