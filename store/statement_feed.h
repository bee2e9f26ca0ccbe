/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The statements about official sources: a part of the table in statement.h. */
#ifndef BINHYEN_STORE_STATEMENT_FEED_H
#define BINHYEN_STORE_STATEMENT_FEED_H

#define FEED_COLUMNS \
	"f.id, f.name, f.is_on, f.url, f.format, f.category, f.etag, f.modified, f.checked_ms, f.ok_ms," \
	" f.new_ms, f.failures, f.status, f.error, f.detail, f.rounds"
#define FEED_ITEM_COLUMNS "i.id, i.feed_id, i.hash, i.state, i.bulletin_id, i.bulletin_version"

#define FEED_STATEMENT_TABLE(X) \
	X(FEED_OFF, COLD, "UPDATE feed SET is_on = 0 WHERE is_on = 1") \
	X(FEED_PUT, COLD, \
		"INSERT INTO feed (name, is_on, url, format, category, etag, modified, checked_ms, ok_ms, new_ms," \
		" rounds, failures, status, error, detail) VALUES (?1, 1, ?2, ?3, ?4, '', '', 0, 0, 0, 0, 0, 0, '', '')" \
		" ON CONFLICT (name) DO UPDATE SET is_on = 1, url = ?2, format = ?3, category = ?4," \
		" etag = iif(url = ?2 AND format = ?3, etag, ''), modified = iif(url = ?2 AND format = ?3, modified, '')") \
	X(FEED_FIND, COLD, "SELECT " FEED_COLUMNS " FROM feed f WHERE f.name = ?1") \
	X(FEED_LIST, COLD, \
		"SELECT " FEED_COLUMNS \
		" FROM feed f WHERE f.is_on = 1 AND f.id > ?1 ORDER BY f.id LIMIT 1") \
	X(FEED_READ, COLD, \
		"UPDATE feed SET checked_ms = ?2, ok_ms = ?2, rounds = rounds + 1, failures = 0, status = ?3, error = '', detail = ''," \
		" etag = ?4, modified = ?5, new_ms = iif(?6, ?2, new_ms) WHERE id = ?1") \
	X(FEED_FAILED, COLD, \
		"UPDATE feed SET checked_ms = ?2, rounds = rounds + 1, failures = failures + 1, status = ?3, error = ?4, detail = ?5" \
		" WHERE id = ?1") \
	X(FEED_COUNTS, COLD, \
		"SELECT coalesce(sum(state = 'DRAFTED'), 0), count(*) FROM feed_item WHERE feed_id = ?1") \
	X(FEED_ITEM_FIND, HOT, \
		"SELECT " FEED_ITEM_COLUMNS \
		" FROM feed_item i WHERE i.feed_id = ?1 AND i.key = ?2") \
	X(FEED_ITEM_ADD, HOT, \
		"INSERT INTO feed_item (feed_id, key, hash, state, bulletin_id, bulletin_version, first_ms, seen_ms)" \
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)") \
	X(FEED_ITEM_SET, HOT, \
		"UPDATE feed_item SET hash = ?2, state = ?3, bulletin_id = ?4, bulletin_version = ?5, seen_ms = ?6" \
		" WHERE id = ?1") \
	X(FEED_ITEM_SEEN, HOT, "UPDATE feed_item SET seen_ms = ?2 WHERE id = ?1 AND seen_ms < ?3") \
	X(FEED_ITEM_OF, COLD, \
		"SELECT f.name, i.state FROM feed_item i CROSS JOIN feed f ON f.id = i.feed_id" \
		" WHERE i.bulletin_id = ?1 ORDER BY i.id DESC LIMIT 1") \
	X(FEED_ITEM_PRUNE, COLD, "DELETE FROM feed_item WHERE feed_id = ?1 AND seen_ms < ?2")

#endif
