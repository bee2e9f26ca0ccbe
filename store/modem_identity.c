/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/modem_identity.h"

#include "store/internal.h"

struct identity {
	char imei[24], imsi[24];
	char new_imei[24], new_imsi[24]; /* seen instead; "" = none */
};

static enum err load(struct store *store, const char *name, struct identity *ret_identity)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_IDENTITY_LOAD);
	enum err err;

	bind_text(stmt, 1, name);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	copy_column(stmt, 0, ret_identity->imei, sizeof(ret_identity->imei));
	copy_column(stmt, 1, ret_identity->imsi, sizeof(ret_identity->imsi));
	copy_column(stmt, 2, ret_identity->new_imei, sizeof(ret_identity->new_imei));
	copy_column(stmt, 3, ret_identity->new_imsi, sizeof(ret_identity->new_imsi));
	return ERR_OK;
}

static enum err save(struct store *store, const char *name, const struct identity *identity)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_IDENTITY_SAVE);

	bind_text(stmt, 1, name);
	bind_text(stmt, 2, identity->imei);
	bind_text(stmt, 3, identity->imsi);
	bind_text(stmt, 4, identity->new_imei);
	bind_text(stmt, 5, identity->new_imsi);
	sqlite3_bind_int64(stmt, 6, clock_wall_ms(store->clock));
	return stmt_write(store, stmt);
}

/* One of the two numbers: `kept` learns it when nothing was known, `new` when it is another. */
static bool compare(char kept[24], char other[24], const char *seen)
{
	if (!seen[0])
		return other[0];
	if (!kept[0])
		snprintf(kept, 24, "%s", seen);
	if (str_eq(kept, seen)) {
		other[0] = 0;
		return false;
	}
	snprintf(other, 24, "%s", seen);
	return true;
}

enum err modem_identity_see(struct store *store, const char *name, const char *imei,
	const char *imsi, struct modem_seen *ret_seen)
{
	struct identity before = {0}, now;
	unsigned differs = 0;
	bool is_news, is_changed;
	enum err err = load(store, name, &before);

	if (err && err != ERR_NOT_FOUND)
		return err;
	now = before;
	if (compare(now.imei, now.new_imei, imei))
		differs |= MODEM_OTHER_DEVICE;
	if (compare(now.imsi, now.new_imsi, imsi))
		differs |= MODEM_OTHER_SIM;
	is_news = !str_eq(now.new_imei, before.new_imei) || !str_eq(now.new_imsi, before.new_imsi);
	is_changed = is_news || err == ERR_NOT_FOUND || !str_eq(now.imei, before.imei) ||
		     !str_eq(now.imsi, before.imsi);
	err = is_changed ? save(store, name, &now) : ERR_OK;
	if (!err)
		*ret_seen = (struct modem_seen){differs, is_news};
	return err;
}

enum err modem_identity_last(
	struct store *store, const char *name, char ret_imei[24], char ret_imsi[24])
{
	struct identity known = {0};
	enum err err = load(store, name, &known);

	if (err && err != ERR_NOT_FOUND)
		return err;
	snprintf(ret_imei, 24, "%s", known.new_imei[0] ? known.new_imei : known.imei);
	snprintf(ret_imsi, 24, "%s", known.new_imsi[0] ? known.new_imsi : known.imsi);
	return ERR_OK;
}

enum err modem_identity_accept(struct store *store, const char *name)
{
	struct identity identity;
	enum err err = load(store, name, &identity);

	if (err)
		return err;
	if (!identity.new_imei[0] && !identity.new_imsi[0])
		return ERR_STATE;
	if (identity.new_imei[0])
		snprintf(identity.imei, sizeof(identity.imei), "%s", identity.new_imei);
	if (identity.new_imsi[0])
		snprintf(identity.imsi, sizeof(identity.imsi), "%s", identity.new_imsi);
	identity.new_imei[0] = identity.new_imsi[0] = 0;
	return save(store, name, &identity);
}
