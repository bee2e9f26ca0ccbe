/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/feed_url.h"

#include "daemon/base/str.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

static bool is_same(CURLU *a, CURLU *b, CURLUPart which)
{
	char *x = NULL, *y = NULL;
	bool is_equal;

	curl_url_get(a, which, &x, CURLU_DEFAULT_PORT);
	curl_url_get(b, which, &y, CURLU_DEFAULT_PORT);
	is_equal = x && y && strcasecmp(x, y) == 0;
	curl_free(x);
	curl_free(y);
	return is_equal;
}

static bool has_user(CURLU *url)
{
	char *user = NULL;
	bool has = curl_url_get(url, CURLUPART_USER, &user, 0) == CURLUE_OK;

	curl_free(user);
	return has;
}

static enum err resolve(CURLU *origin, CURLU *url, const char *link, struct buf *out)
{
	char *text = NULL;
	enum err err;

	if (curl_url_set(url, CURLUPART_URL, link, 0))
		return ERR_INVALID;
	if (!is_same(origin, url, CURLUPART_SCHEME) || !is_same(origin, url, CURLUPART_HOST) ||
		!is_same(origin, url, CURLUPART_PORT) || has_user(url))
		return ERR_DENIED;
	if (curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0) ||
		curl_url_get(url, CURLUPART_URL, &text, 0))
		return ERR_INVALID;
	err = strlen(text) < FEED_ADDRESS_MAX ? buf_adds(out, text) : ERR_INVALID;
	curl_free(text);
	return err;
}

enum err feed_url(const char *origin, const char *base, const char *link, struct buf *out)
{
	CURLU *from = curl_url(), *url = curl_url();
	enum err err = ERR_NOMEM;

	if (from && url)
		err = curl_url_set(from, CURLUPART_URL, origin, 0) ||
				      curl_url_set(url, CURLUPART_URL, base, 0)
			      ? ERR_INVALID
			      : ERR_OK;
	if (!err)
		err = resolve(from, url, link, out);
	curl_url_cleanup(from);
	curl_url_cleanup(url);
	return err;
}
