/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The statements about polls: a part of the table in statement.h. */
#ifndef BINHYEN_STORE_STATEMENT_POLL_H
#define BINHYEN_STORE_STATEMENT_POLL_H

#define POLL_COLUMNS \
	"id, state, per, quorum, coalesce(author_id, 0), created_ms, opened_ms, closes_ms, ended_ms," \
	" coalesce(bulletin_id, 0), coalesce(result_id, 0), voices, question"

#define POLL_STATEMENT_TABLE(X) \
	X(POLL_ADD, COLD, \
		"INSERT INTO poll (id, state, per, question, audience, quorum, author_id, created_ms, opened_ms," \
		" closes_ms, ended_ms, bulletin_id, voices)" \
		" VALUES (?1, 'DRAFT', ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, 0, ?9, 0)") \
	X(POLL_OPTION_ADD, COLD, \
		"INSERT INTO poll_option (poll_id, number, label, aliases) VALUES (?1, ?2, ?3, ?4)") \
	X(POLL_SET_BULLETIN, COLD, "UPDATE poll SET bulletin_id = ?2 WHERE id = ?1") \
	X(POLL_SET_RESULT, COLD, "UPDATE poll SET result_id = ?2 WHERE id = ?1") \
	X(POLL_LOAD, HOT, "SELECT " POLL_COLUMNS " FROM poll WHERE id = ?1") \
	X(POLL_AUDIENCE, COLD, "SELECT audience FROM poll WHERE id = ?1") \
	X(POLL_LIST, COLD, \
		"SELECT " POLL_COLUMNS " FROM poll WHERE id < ?1 ORDER BY id DESC LIMIT ?2") \
	X(POLL_NEXT, HOT, \
		"SELECT " POLL_COLUMNS \
		" FROM poll WHERE state = ?1 AND id > ?2 ORDER BY id LIMIT 1") \
	X(POLL_OF_BULLETIN, HOT, \
		"SELECT " POLL_COLUMNS " FROM poll WHERE bulletin_id = ?1 AND state = ?2") \
	X(POLL_OPTIONS, HOT, \
		"SELECT o.number, o.label, o.aliases, coalesce(o.votes, 0) FROM poll_option o WHERE o.poll_id = ?1" \
		" ORDER BY o.number") \
	X(POLL_VOTES, COLD, \
		"SELECT choice, count(*) FROM poll_voice WHERE poll_id = ?1 AND choice IS NOT NULL GROUP BY choice") \
	X(POLL_DRAWN, COLD, \
		"SELECT d.resident_id, coalesce((SELECT rp.household_id FROM resident_place rp" \
		" WHERE rp.resident_id = d.resident_id AND rp.place_id = d.place_id), 0)" \
		" FROM temp.drawn d WHERE d.bar <> 'blocked' AND d.resident_id > ?1" \
		" ORDER BY d.resident_id LIMIT 1") \
	X(POLL_VOICE_ADD, COLD, \
		"INSERT INTO poll_voice (poll_id, voice) VALUES (?1, ?2) ON CONFLICT DO NOTHING") \
	X(POLL_OPEN, COLD, \
		"UPDATE poll SET state = 'OPEN', opened_ms = ?2," \
		" voices = (SELECT count(*) FROM poll_voice WHERE poll_id = ?1) WHERE id = ?1 AND state = 'DRAFT'") \
	X(POLL_MOVE, COLD, \
		"UPDATE poll SET state = ?2, ended_ms = ?3 WHERE id = ?1 AND state IN (?4, ?5, ?6)") \
	X(POLL_FINISH, COLD, \
		"UPDATE poll SET state = 'DONE'," \
		" answered = (SELECT count(choice) FROM poll_voice WHERE poll_id = ?1)," \
		" unclear = (SELECT count(*) FROM poll_voice WHERE poll_id = ?1 AND words IS NOT NULL AND choice IS NULL)" \
		" WHERE id = ?1 AND state = 'CLOSED'") \
	X(POLL_OPTION_COUNT, COLD, \
		"UPDATE poll_option SET votes = (SELECT count(*) FROM poll_voice v" \
		" WHERE v.poll_id = ?1 AND v.choice = number) WHERE poll_id = ?1") \
	X(POLL_VOICES_DROP, COLD, "DELETE FROM poll_voice WHERE poll_id = ?1") \
	X(POLL_HOUSEHOLDS, HOT, \
		"SELECT min(household_id) FROM resident_place WHERE resident_id = ?1 AND household_id > ?2" \
		" HAVING min(household_id) IS NOT NULL") \
	X(POLL_VOICE, HOT, \
		"SELECT coalesce(choice, 0) FROM poll_voice WHERE poll_id = ?1 AND voice = ?2") \
	X(POLL_SAY, HOT, \
		"UPDATE poll_voice SET choice = coalesce(?3, choice), words = ?4 WHERE poll_id = ?1 AND voice = ?2") \
	X(POLL_UNCLEAR, COLD, \
		"SELECT voice, coalesce(choice, 0), words FROM poll_voice INDEXED BY poll_voice_unclear" \
		" WHERE words IS NOT NULL AND poll_id = ?1 AND voice > ?2 ORDER BY voice LIMIT 1") \
	X(POLL_TURNOUT, COLD, \
		"SELECT count(choice), count(words) FROM poll_voice WHERE poll_id = ?1") \
	X(POLL_WAITING, COLD, \
		"SELECT count(*) FROM poll_voice INDEXED BY poll_voice_unclear WHERE words IS NOT NULL") \
	X(POLL_HEARD, COLD, \
		"SELECT coalesce(sum(n), 0) FROM (SELECT count(choice) AS n FROM poll_voice" \
		" GROUP BY poll_id HAVING n >= ?1)") \
	X(POLL_COUNTED, COLD, "SELECT answered, unclear FROM poll WHERE id = ?1 AND state = 'DONE'")

#endif
