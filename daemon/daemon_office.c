/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/daemon_private.h"
#include "daemon/desk/delivery_rules.h"
#include "daemon/setting_force.h"
#include "store/event.h"
#include "store/outbox.h"
#include "store/vault.h"

enum err daemon_open_store(struct daemon *d, struct errbuf *eb)
{
	struct store_options options = {.path = d->config->store_path, .clock = clock_system()};
	CLEAN_BUF key_path = {0};
	enum err err;

	buf_init(&key_path, 512);
	err = config_secret_path(d->config, "box.key", &key_path, eb);
	if (!err)
		err = vault_open(buf_text(&key_path), &d->vault, eb);
	if (err)
		return err;
	options.vault = d->vault;
	return store_open(&options, &d->store, eb);
}

/* What the last life left half-way can't be known: it is in doubt from now on. */
enum err daemon_recover(struct daemon *d, struct errbuf *eb)
{
	int64_t in_doubt = 0;
	char data[64];
	enum err err = outbox_recover(d->store, &in_doubt);

	if (err)
		return errbuf_set(eb, err, "recovering the outbox");
	snprintf(data, sizeof(data), "{\"in_doubt\":%lld}", (long long)in_doubt);
	err = event_add(d->store, "daemon.started", "", "system", data);
	if (err)
		return errbuf_set(eb, err, "writing the event log");
	log_info("daemon", "started version=%s schema=%d in_doubt=%lld", BINHYEN_VERSION,
		store_schema_version(d->store), (long long)in_doubt);
	return ERR_OK;
}

/* From here on the configuration is the file with what officers changed. */
enum err daemon_open_settings(struct daemon *d, struct errbuf *eb)
{
	enum err err = settings_new(d->store, d->config, &d->settings);

	if (err)
		return errbuf_set(eb, err, "settings");
	d->config = settings_now(d->settings);
	return ERR_OK;
}

enum err daemon_open_desk(struct daemon *d, struct errbuf *eb)
{
	struct delivery_rules rules;
	const char *phones[CONFIG_DUTY_PHONES_MAX], *params[CONFIG_RECEIPT_PARAMS_MAX];
	struct desk_options options = {.store = d->store,
		.has_modem = d->config->modem_count > 0,
		.has_http_sms = d->config->http_sms.is_set,
		.has_zalo = d->config->zalo.is_set,
		.duty_group = d->config->zalo.duty_group,
		.relay_text = d->config->zalo.relay_text,
		.sms_is_plain = d->config->sms_is_plain,
		.has_tick = d->config->zalo.has_tick,
		.receipt_template = d->config->zalo.receipt_template,
		.receipt_params = params,
		.receipt_param_count = d->config->zalo.receipt_param_count,
		.duty_phones = phones,
		.duty_phone_count = d->config->duty_phone_count,
		.it_phone = d->config->it_phone,
		.law = d->law,
		.trust = &d->clock_trust,
		.witness_phone = d->config->witness_phone};
	enum err err;

	desk_options_adjust(d->config, &options, &rules);
	for (int i = 0; i < d->config->duty_phone_count; i++)
		phones[i] = d->config->duty_phones[i];
	for (int i = 0; i < d->config->zalo.receipt_param_count; i++)
		params[i] = d->config->zalo.receipt_params[i];
	err = desk_new(&options, &d->desk);
	if (!err)
		err = intake_new(&(struct intake_options){.store = d->store,
					 .desk = d->desk,
					 .procedures = d->procedures,
					 .menus = d->menus,
					 .menu_phone = d->config->menu_phone},
			&d->intake);
	return err ? errbuf_set(eb, err, "desk") : ERR_OK;
}
