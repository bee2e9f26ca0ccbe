/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/http/site.h"

#include "daemon/base/buf.h"
#include "daemon/base/str.h"
#include "daemon/http/request.h"
#include "store/vault.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_BYTES 128
#define ETAG_BYTES 40
#define HASH_CHARS 8 /* of a name that holds one */
#define GZIP	   ".gz"

/* Scripts, styles and all else from here and nowhere else, nothing inline. Pictures that residents
 * sent are shown from memory (blob:), charts and QR codes are drawn. */
#define PAGE_POLICY \
	"default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; object-src 'none'; " \
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

struct site_file {
	char name[NAME_BYTES]; /* "assets/console-1A2B3C4D.js" */
	const char *type;
	char *data; /* owned */
	size_t bytes;
	char *gzip; /* owned; NULL none */
	size_t gzip_bytes;
	char etag[ETAG_BYTES]; /* with its quotation marks */
	bool is_hashed;
};

struct site {
	struct site_file files[SITE_FILES_MAX];
	int count;
	size_t bytes;
};

static const struct {
	const char *end, *type;
} types[] = {
	{".html", "text/html; charset=utf-8"},
	{".js", "text/javascript; charset=utf-8"},
	{".css", "text/css; charset=utf-8"},
	{".svg", "image/svg+xml"},
	{".png", "image/png"},
	{".ico", "image/x-icon"},
	{".webmanifest", "application/manifest+json"},
	{".json", "application/json"},
	{".woff2", "font/woff2"},
	{".txt", "text/plain; charset=utf-8"},
};

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len > end_len && strcmp(text + len - end_len, end) == 0;
}

/* NULL: nothing that a page is made of. */
static const char *type_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (ends_with(name, types[i].end))
			return types[i].type;
	}
	return NULL;
}

/* NAME-1A2B3C4D.js */
static bool is_hashed(const char *name)
{
	const char *dot = strrchr(name, '.'), *dash = strrchr(name, '-');

	if (!dot || !dash || dot < dash || dot - dash - 1 < HASH_CHARS)
		return false;
	for (const char *at = dash + 1; at < dot; at++) {
		if (!isalnum((unsigned char)*at))
			return false;
	}
	return true;
}

/* ---- reading ----------------------------------------------------------------------------------
 */

static enum err read_fd(int fd, size_t bytes, char **ret_data)
{
	char *data = malloc(bytes + 1);
	size_t len = 0;

	if (!data)
		return ERR_NOMEM;
	while (len < bytes) {
		ssize_t n = read(fd, data + len, bytes - len);

		if (n <= 0) {
			free(data);
			return n ? err_from_errno(errno) : ERR_CORRUPT;
		}
		len += (size_t)n;
	}
	*ret_data = data;
	return ERR_OK;
}

static enum err file_read(struct site *site, int folder, const char *name, char **ret_data,
	size_t *ret_bytes, struct errbuf *eb)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	struct stat st = {0};
	enum err err = ERR_OK;

	if (fd < 0 || fstat(fd, &st) != 0)
		err = errbuf_set(eb, err_from_errno(errno), "%s: %s", name, strerrordesc_np(errno));
	else if (!S_ISREG(st.st_mode))
		err = errbuf_set(eb, ERR_INVALID, "%s is no file", name);
	else if ((size_t)st.st_size > SITE_BYTES_MAX - site->bytes)
		err = errbuf_set(eb, ERR_TOO_BIG, "the page has more than %d KB: %s",
			SITE_BYTES_MAX / 1024, name);
	if (!err)
		err = read_fd(fd, (size_t)st.st_size, ret_data);
	if (!err) {
		*ret_bytes = (size_t)st.st_size;
		site->bytes += *ret_bytes;
	}
	if (fd >= 0)
		close(fd);
	return err;
}

static void etag_of(struct store *store, struct site_file *file)
{
	uint8_t hash[VAULT_HASH_BYTES];
	char hex[2 * 16 + 1];

	vault_hash(store_vault(store), VAULT_HASH_CONTENT, file->data, file->bytes, hash);
	str_hex(hash, 16, hex);
	snprintf(file->etag, sizeof(file->etag), "\"%s\"", hex);
}

struct walk {
	struct site *site;
	struct store *store;
	struct errbuf *eb;
};

static enum err take_file(struct walk *walk, int folder, const char *name, const char *prefix)
{
	struct site *site = walk->site;
	struct site_file *file = &site->files[site->count];
	char gzip[NAME_BYTES + sizeof(GZIP)];
	enum err err;

	if (!type_of(name))
		return ERR_OK;
	if (site->count == SITE_FILES_MAX)
		return errbuf_set(
			walk->eb, ERR_TOO_BIG, "the page has more than %d files", SITE_FILES_MAX);
	if (strlen(prefix) + strlen(name) >= NAME_BYTES)
		return errbuf_set(walk->eb, ERR_TOO_BIG, "%s%s: is too long a name", prefix, name);
	err = file_read(site, folder, name, &file->data, &file->bytes, walk->eb);
	if (err)
		return err;
	site->count++;
	snprintf(file->name, sizeof(file->name), "%s%s", prefix, name);
	file->type = type_of(name);
	file->is_hashed = is_hashed(name);
	etag_of(walk->store, file);
	snprintf(gzip, sizeof(gzip), "%s" GZIP, name);
	if (faccessat(folder, gzip, R_OK, 0) != 0)
		return ERR_OK;
	return file_read(site, folder, gzip, &file->gzip, &file->gzip_bytes, walk->eb);
}

static enum err take_folder(struct walk *walk, int folder, const char *prefix, int depth);

static enum err take_entry(
	struct walk *walk, int folder, const struct dirent *entry, const char *prefix, int depth)
{
	char below[NAME_BYTES + sizeof(entry->d_name)];
	struct stat st = {0};
	int fd;

	/* Neither "." and ".." nor what an editor hides. */
	if (entry->d_name[0] == '.' || ends_with(entry->d_name, GZIP))
		return ERR_OK;
	if (fstatat(folder, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return ERR_OK;
	if (S_ISREG(st.st_mode))
		return take_file(walk, folder, entry->d_name, prefix);
	if (!S_ISDIR(st.st_mode) || depth == SITE_DEPTH_MAX ||
		strlen(prefix) + strlen(entry->d_name) + 2 > NAME_BYTES)
		return ERR_OK;
	snprintf(below, sizeof(below), "%s%s/", prefix, entry->d_name);
	fd = openat(folder, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? ERR_OK : take_folder(walk, fd, below, depth + 1);
}

/* Takes the descriptor over. */
static enum err take_folder(struct walk *walk, int folder, const char *prefix, int depth)
{
	DIR *dir = fdopendir(folder);
	const struct dirent *entry;
	enum err err = ERR_OK;

	if (!dir) {
		close(folder);
		return ERR_NOMEM;
	}
	while (!err && (entry = readdir(dir)) != NULL)
		err = take_entry(walk, folder, entry, prefix, depth);
	closedir(dir);
	return err;
}

enum err site_open(
	const char *folder, struct store *store, struct site **ret_site, struct errbuf *eb)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct site *site;
	enum err err;

	if (fd < 0)
		return errbuf_set(
			eb, err_from_errno(errno), "%s: %s", folder, strerrordesc_np(errno));
	site = calloc(1, sizeof(*site));
	if (!site) {
		close(fd);
		return ERR_NOMEM;
	}
	err = take_folder(&(struct walk){.site = site, .store = store, .eb = eb}, fd, "", 1);
	if (!err && !site_find(site, "/"))
		err = errbuf_set(eb, ERR_NOT_FOUND, "%s: there is no index.html in it", folder);
	if (err)
		site_close(site);
	else
		*ret_site = site;
	return err;
}

void site_close(struct site *site)
{
	if (!site)
		return;
	for (int i = 0; i < site->count; i++) {
		free(site->files[i].data);
		free(site->files[i].gzip);
	}
	free(site);
}

int site_count(const struct site *site)
{
	return site->count;
}

/* ---- answering --------------------------------------------------------------------------------
 */

const struct site_file *site_find(const struct site *site, const char *url)
{
	const char *name = str_eq(url, "/") ? "index.html" : url + (url[0] == '/');

	for (int i = 0; site && i < site->count; i++) {
		if (str_eq(site->files[i].name, name))
			return &site->files[i];
	}
	return NULL;
}

static const char *header_of(struct http_request *req, const char *name)
{
	const char *value = MHD_lookup_connection_value(req->connection, MHD_HEADER_KIND, name);

	return value ? value : "";
}

/* RFC 9110 section 12.5.3, as browsers use it: "gzip, deflate, br". Whoever weighs it
 * ("gzip;q=0.5") is no browser, and gets the file as it is. */
static bool takes_gzip(struct http_request *req)
{
	const char *at = strcasestr(header_of(req, MHD_HTTP_HEADER_ACCEPT_ENCODING), "gzip");

	if (!at)
		return false;
	at += strlen("gzip");
	return !*at || *at == ',';
}

void site_reply(struct http_request *req, const struct site_file *file)
{
	const char *known = header_of(req, MHD_HTTP_HEADER_IF_NONE_MATCH);

	req->file = file;
	req->content_type = file->type;
	req->status = strstr(known, file->etag) ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK;
}

static bool headers(struct MHD_Response *response, const struct site_file *file, bool is_gzip)
{
	const char *const all[][2] = {
		{MHD_HTTP_HEADER_CACHE_CONTROL,
			file->is_hashed ? "public, max-age=31536000, immutable" : "no-cache"},
		{MHD_HTTP_HEADER_ETAG, file->etag},
		{MHD_HTTP_HEADER_VARY, MHD_HTTP_HEADER_ACCEPT_ENCODING},
		{"Content-Security-Policy", PAGE_POLICY},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{is_gzip ? MHD_HTTP_HEADER_CONTENT_ENCODING : NULL, "gzip"},
	};

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		if (all[i][0] && MHD_add_response_header(response, all[i][0], all[i][1]) != MHD_YES)
			return false;
	}
	return true;
}

struct MHD_Response *site_response(struct http_request *req)
{
	const struct site_file *file = req->file;
	bool is_empty = req->status == MHD_HTTP_NOT_MODIFIED;
	bool is_gzip = !is_empty && file->gzip && takes_gzip(req);
	struct MHD_Response *response;

	/* PERSISTENT: the files outlive every connection of the door. */
	response = MHD_create_response_from_buffer(is_empty  ? 0
						   : is_gzip ? file->gzip_bytes
							     : file->bytes,
		is_gzip ? file->gzip : file->data, MHD_RESPMEM_PERSISTENT);
	if (!response || headers(response, file, is_gzip))
		return response;
	MHD_destroy_response(response);
	return NULL;
}
