/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/phrases.h"
#include "daemon/base/log.h"
#include "daemon/daemon_private.h"

/* A secret that may be missing: then the part says what it can't do. */
enum err daemon_optional_secret(
	struct daemon *d, const char *part, const char *name, struct buf *out, struct errbuf *eb)
{
	enum err err = config_secret_text(d->config, name, out, eb);

	if (err != ERR_NOT_FOUND)
		return err;
	log_warn(part, "missing=%s detail=\"%s\"", name, eb->text);
	return ERR_OK;
}

static enum err it_alarm(void *arg, const char *key, const struct phrase_field *fields)
{
	struct daemon *d = arg;

	return desk_it_alarm(d->desk, key, fields);
}

enum err daemon_open_zalo(struct daemon *d, struct errbuf *eb)
{
	struct zalo_options options = {.loop = &d->loop,
		.store = d->store,
		.intake = d->intake,
		.desk = d->desk,
		.keeps_groups = true,
		.dispatch = d->dispatch,
		.config = &d->config->zalo,
		.alarm = it_alarm,
		.alarm_arg = d,
		.user_agent = "binhyen/" BINHYEN_VERSION};
	CLEAN_BUF secret = {0};
	CLEAN_BUF oa_secret = {0};
	enum err err;

	if (!d->config->zalo.is_set)
		return ERR_OK;
	buf_init(&secret, 4096);
	buf_init(&oa_secret, 4096);
	err = config_secret_text(d->config, "zalo.app_secret", &secret, eb);
	if (err == ERR_NOT_FOUND) {
		log_warn("zalo", "app_secret=missing detail=\"%s\"", eb->text);
		err = ERR_OK;
	}
	options.app_secret = buf_text(&secret);
	if (!err && options.config->webhook_port)
		err = daemon_optional_secret(d, "zalo_webhook", "zalo.oa_secret", &oa_secret, eb);
	options.oa_secret = buf_text(&oa_secret);
	if (!err)
		err = zalo_open(&options, &d->zalo, eb);
	buf_wipe(&secret);
	buf_wipe(&oa_secret);
	return err;
}

enum err daemon_open_http_sms(struct daemon *d, struct errbuf *eb)
{
	struct http_sms_options options = {.loop = &d->loop,
		.store = d->store,
		.intake = d->intake,
		.dispatch = d->dispatch,
		.config = &d->config->http_sms,
		.user_agent = "binhyen/" BINHYEN_VERSION};
	struct buf password, token;
	enum err err;

	if (!d->config->http_sms.is_set)
		return ERR_OK;
	buf_init(&password, 4096);
	buf_init(&token, 4096);
	err = daemon_optional_secret(d, "http_sms", "http_sms.password", &password, eb);
	if (!err && options.config->callback_port)
		err = daemon_optional_secret(d, "http_sms", "http_sms.token", &token, eb);
	options.password = buf_text(&password);
	options.token = buf_text(&token);
	if (!err)
		err = http_sms_open(&options, &d->http_sms, eb);
	buf_wipe(&password);
	buf_wipe(&token);
	return err;
}

enum err daemon_open_feeds(struct daemon *d, struct errbuf *eb)
{
	return feeds_open(&(struct feeds_options){.loop = &d->loop,
				  .store = d->store,
				  .desk = d->desk,
				  .config = d->config->feeds,
				  .count = d->config->feed_count,
				  .user_agent = "binhyen/" BINHYEN_VERSION},
		&d->feeds, eb);
}

static enum err modem_alarm(void *arg, const char *key, const char *modem)
{
	struct daemon *d = arg;
	const struct phrase_field fields[] = {{"modem", modem}, {NULL, NULL}};

	return desk_alarm(d->desk, key, fields);
}

enum err daemon_open_modems(struct daemon *d, struct errbuf *eb)
{
	return modem_pool_open(&(struct modem_pool_options){.loop = &d->loop,
				       .store = d->store,
				       .intake = d->intake,
				       .dispatch = d->dispatch,
				       .config = d->config,
				       .program = d->modem_program,
				       .has_http_sms = d->config->http_sms.is_set,
				       .has_zalo = d->config->zalo.is_set,
				       .sysfs = d->sysfs,
				       .alarm = modem_alarm,
				       .alarm_arg = d,
				       .trust = &d->clock_trust},
		&d->modems, eb);
}
