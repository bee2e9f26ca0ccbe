/* SPDX-License-Identifier: GPL-2.0-or-later */
/* POST /v4/oa/access_token, by which a refresh token or a code is spent. */
#include "daemon/relay/zalo_private.h"

#include <string.h>

#define GRANT_POST_MS (60 * SECOND_MS) /* a lost reply costs a consent: be patient */

static enum err add_field(struct buf *form, const char *name, const char *value)
{
	enum err err = buf_addf(form, "%s%s=", form->len ? "&" : "", name);

	return err ? err : zalo_text_escape(value, strlen(value), form);
}

enum err zalo_grant_post(struct zalo *z, const struct zalo_field *fields, http_done_fn done,
	struct http_transfer **ret_transfer)
{
	char secret[ZALO_SECRET_MAX + 32];
	char url[ZALO_URL_MAX];
	const char *headers[] = {
		"Content-Type: application/x-www-form-urlencoded", secret, "Expect:", NULL};
	struct buf form;
	enum err err;

	buf_init(&form, 3 * ZALO_TOKEN_MAX + 512);
	err = add_field(&form, "app_id", z->config->app_id);
	for (; !err && fields->name; fields++)
		err = add_field(&form, fields->name, fields->value);
	snprintf(secret, sizeof(secret), "secret_key: %s", z->auth.secrets->app_secret);
	snprintf(url, sizeof(url), "%s/v4/oa/access_token", z->config->oauth_url);
	if (!err)
		err = http_client_start(z->http,
			&(struct http_client_request){.method = HTTP_POST,
				.url = url,
				.headers = headers,
				.body = form.data,
				.body_bytes = form.len,
				.deadline_ms = GRANT_POST_MS,
				.reply_max = ZALO_REPLY_MAX,
				.done = done,
				.arg = z},
			ret_transfer);
	explicit_bzero(secret, sizeof(secret));
	buf_wipe(&form);
	return err;
}
