/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/media_url.h"

#include "daemon/base/str.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

bool media_host_fits(const char *hosts, const char *host)
{
	size_t host_len = strlen(host), len;

	for (; *hosts; hosts += len + (hosts[len] == ' ')) {
		len = strcspn(hosts, " ");
		if (host_len < len || strncasecmp(host + host_len - len, hosts, len) != 0)
			continue;
		if (host_len == len || host[host_len - len - 1] == '.')
			return true;
	}
	return false;
}

/* "http://127.0.0.1:80" is not the beginning of "http://127.0.0.1:8080/x". */
static bool is_below(const char *text, const char *prefix)
{
	size_t len = strlen(prefix);

	return len && strncmp(text, prefix, len) == 0 &&
	       (text[len] == '/' || text[len] == '?' || !text[len]);
}

static char *part(CURLU *url, CURLUPart which)
{
	char *text = NULL;

	return curl_url_get(url, which, &text, 0) ? NULL : text;
}

/* https or http without user and odd port, to a name that is allowed. */
static bool is_allowed(const struct config_media *config, CURLU *url)
{
	char *scheme = part(url, CURLUPART_SCHEME), *host = part(url, CURLUPART_HOST);
	char *port = part(url, CURLUPART_PORT), *user = part(url, CURLUPART_USER);
	bool is_ok = scheme && host && !user && media_host_fits(config->hosts, host);

	if (is_ok && str_eq(scheme, "https"))
		is_ok = !port || str_eq(port, "443");
	else if (is_ok)
		is_ok = str_eq(scheme, "http") && (!port || str_eq(port, "80"));
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_free(user);
	return is_ok;
}

static enum err to_https(CURLU *url)
{
	return curl_url_set(url, CURLUPART_PORT, NULL, 0) ||
			       curl_url_set(url, CURLUPART_SCHEME, "https", 0)
		       ? ERR_NOMEM
		       : ERR_OK;
}

static enum err add_url(CURLU *url, struct buf *out)
{
	char *text = part(url, CURLUPART_URL);
	enum err err = text ? buf_adds(out, text) : ERR_NOMEM;

	curl_free(text);
	return err;
}

static enum err url_parse(CURLU *parsed, const char *base, const char *url)
{
	if (base && curl_url_set(parsed, CURLUPART_URL, base, 0))
		return ERR_DENIED;
	return curl_url_set(parsed, CURLUPART_URL, url, 0) ? ERR_DENIED : ERR_OK;
}

enum err media_url(const struct config_media *config, const char *base, const char *url,
	bool as_given, struct buf *out, bool *ret_is_public)
{
	CURLU *parsed = curl_url();
	char *whole = NULL;
	bool is_extra;
	enum err err;

	if (!parsed)
		return ERR_NOMEM;
	err = url_parse(parsed, base, url);
	if (!err)
		whole = part(parsed, CURLUPART_URL);
	is_extra = whole && is_below(whole, config->url) && !strchr(whole, '@');
	if (!err && !is_extra)
		err = is_allowed(config, parsed) ? ERR_OK : ERR_DENIED;
	if (!err && !is_extra && !as_given)
		err = to_https(parsed);
	if (!err)
		err = add_url(parsed, out);
	if (!err)
		*ret_is_public = !is_extra;
	curl_free(whole);
	curl_url_cleanup(parsed);
	return err;
}
