/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Another SIM or another device where a known one was: a thief's, a repair, two cables exchanged.
 * What is sent would come from an unknown number, so nothing is sent until a person has looked;
 * what arrives is taken, since losing it helps nobody.
 */
#include "daemon/relay/modem_private.h"
#include "store/event.h"
#include "store/inbox.h"
#include "store/modem_identity.h"
#include "store/turn.h"

const char *modem_swapped_text(const struct modem *modem)
{
	static const char *const texts[] = {"", "device", "sim", "device and sim"};

	return texts[modem->differs];
}

static enum err note(struct modem *modem, const char *kind, const char *actor)
{
	char subject[40], data[64];

	snprintf(subject, sizeof(subject), "modem/%s", modem->config->name);
	snprintf(data, sizeof(data), "{\"differs\":\"%s\"}", modem_swapped_text(modem));
	return event_add(modem->pool->store, kind, subject, actor, data);
}

static enum err tell(struct modem *modem)
{
	struct modem_pool *pool = modem->pool;
	enum err err;

	if (!modem->differs)
		return note(modem, "modem.back", "system");
	log_warn("modem", "name=%s swapped=\"%s\"", modem->config->name, modem_swapped_text(modem));
	err = note(modem, "modem.swapped", "system");
	if (!err && pool->alarm)
		err = pool->alarm(pool->alarm_arg, "modem_swapped", modem->config->name);
	return err;
}

enum err modem_identity_remember(struct modem *modem)
{
	return modem_identity_last(
		modem->pool->store, modem->config->name, modem->imei, modem->imsi);
}

/* What came before its first name was known is known by the name of the modem. */
static enum err learn(struct modem *modem, char kept[24], const char *told)
{
	enum err err = ERR_OK;

	if (!told[0] || str_eq(kept, told))
		return ERR_OK;
	if (!kept[0])
		err = sim_slot_rename(modem->pool->store, modem->config->name, told);
	if (!err)
		snprintf(kept, 24, "%s", told);
	return err;
}

void modem_identity_learn(struct modem *modem)
{
	enum err err = learn(modem, modem->imsi, modem->hello.imsi);

	if (!err)
		err = learn(modem, modem->imei, modem->hello.imei);
	if (err)
		log_error("modem", "name=%s identity_unlearnt=%s", modem->config->name,
			err_name(err));
}

void modem_identity_check(struct modem *modem)
{
	const struct line_hello *hello = &modem->hello;
	struct modem_seen seen;
	enum err err = modem_identity_see(
		modem->pool->store, modem->config->name, hello->imei, hello->imsi, &seen);

	if (!err) {
		modem->differs = seen.differs;
		if (seen.is_news)
			err = tell(modem);
	}
	if (err)
		log_error("modem", "name=%s identity_unchecked=%s", modem->config->name,
			err_name(err));
	/* The rest of a long message would come from another number. */
	if (modem->differs)
		modem_send_lost(modem, ERR_SIM);
	modem_pool_changed(modem->pool);
}

static void accepted_after_commit(void *arg, enum err committed)
{
	struct modem *modem = arg;

	if (committed)
		return;
	modem->differs = 0;
	modem_pool_changed(modem->pool);
}

enum err modem_pool_accept(
	struct modem_pool *pool, const char *name, const char *actor, struct errbuf *eb)
{
	struct modem *modem = modem_find(pool, name);
	enum err err;

	if (!modem)
		return errbuf_set(eb, ERR_NOT_FOUND, "there is no modem %s", name);
	err = modem_identity_accept(pool->store, name);
	if (err == ERR_NOT_FOUND || err == ERR_STATE)
		return errbuf_set(
			eb, ERR_STATE, "modem %s has the SIM and the device it had before", name);
	if (!err)
		err = note(modem, "modem.accepted", actor);
	if (!err)
		err = turn_defer(pool->store, accepted_after_commit, modem);
	return err;
}
