/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The statements about bulletins and who they are for: a part of the table in statement.h. */
#ifndef BINHYEN_STORE_STATEMENT_BULLETIN_H
#define BINHYEN_STORE_STATEMENT_BULLETIN_H

#include "store/audience.h"
#include "store/bulletin.h"

#define BULLETIN_COLUMNS \
	"b.id, b.state, b.origin, b.version, v.id, b.author_id, v.author_id, b.submitter_id," \
	" b.screened = b.version, b.created_ms, v.at_ms, b.submitted_ms, b.approved_ms, b.started_ms, b.ended_ms," \
	" b.review_due_ms, b.reviewed_ms, v.category, v.urgency, v.severity, v.certainty, v.is_emergency," \
	" v.is_sensitive, v.is_drill, v.to_refusers, v.refers_to, v.refers_how, v.from_ms, v.expires_ms," \
	" v.enclosure_id, v.hash, v.audience = '" BULLETIN_TRIAL_AUDIENCE "'"
#define BULLETIN_FROM \
	" FROM bulletin b JOIN bulletin_version v ON v.bulletin_id = b.id AND v.version = b.version"

/* Who leads a place as its Zalo group has it, whatever the list calls him. */
#define DRAWN_LEADER \
	"(SELECT lr.id, pr.place_id FROM place_role pr JOIN group_person g ON g.id = pr.person_id" \
	" JOIN resident lr ON lr.zalo_hash = g.hash WHERE pr.role = 'head' AND pr.until_ms IS NULL)"
#define DRAWN_RANK_WHEN(role, rank) " WHEN '" role "' THEN " #rank
#define DRAWN_RANK(row) \
	"CASE WHEN (" row ".resident_id, " row ".place_id) IN " DRAWN_LEADER " THEN 0 ELSE" \
	" CASE " row ".role" AUDIENCE_RANK_TABLE(DRAWN_RANK_WHEN) " ELSE 9 END END"
/* ?1 rule, ?4 heads only; of the rows c of people. */
#define DRAWN_PEOPLE(people) \
	"INSERT OR IGNORE INTO temp.drawn (resident_id, rank, place_id, has_zalo, bar)" \
	" SELECT c.resident_id, c.rank, c.place_id, r.zalo_hash IS NOT NULL, '' FROM (" people \
	") c JOIN resident r ON r.id = c.resident_id WHERE (?4 = 0 OR c.rank = 0)" \
	" AND (r.zalo_hash IS NULL OR NOT coalesce(json_extract(?1, '$.not_on_zalo'), 0))"
/* Who refused: ?2 topic, ?3 whether those who did by themselves get it all the same. The gravest
 * word counts. */
#define DRAWN_REFUSERS(column) \
	"SELECT r.id AS id, iif(f.kind = 'blocked', 3, iif(f.topic = '', 2, 1)) AS weight" \
	" FROM bulletin_refusal f JOIN resident r ON r." column " = f.hash" \
	" WHERE (f.kind = 'blocked' AND f.topic = '')" \
	" OR (f.kind = 'asked' AND ?3 = 0 AND f.topic IN ('', ?2))"
/* The places of a rule, with all that lie in them. */
#define DRAWN_AREA \
	"WITH RECURSIVE area (id) AS (SELECT p.id FROM place p" \
	" WHERE p.code IN (SELECT value FROM json_each(?1, '$.places'))" \
	" OR p.kind IN (SELECT value FROM json_each(?1, '$.kinds'))" \
	" UNION SELECT s.id FROM area a JOIN place s ON s.parent_id = a.id)"

#define BULLETIN_STATEMENT_TABLE(X) \
	X(BULLETIN_ADD, COLD, \
		"INSERT INTO bulletin (id, state, version, origin, author_id, screened, created_ms, expires_ms," \
		" submitted_ms, approved_ms, started_ms, ended_ms, review_due_ms, reviewed_ms, is_told)" \
		" VALUES (?1, 'DRAFT', 1, ?2, ?3, 0, ?4, ?5, 0, 0, 0, 0, 0, 0, 0)") \
	X(BULLETIN_VERSION_ADD, COLD, \
		"INSERT INTO bulletin_version (id, bulletin_id, version, author_id, at_ms, category, urgency, severity," \
		" certainty, is_emergency, is_sensitive, is_drill, to_refusers, refers_to, refers_how, from_ms," \
		" expires_ms, audience, enclosure_id, words, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9," \
		" ?7 IN ('immediate','expected') AND ?8 IN ('extreme','severe'), ?10, ?11, ?12, ?13, ?14, ?15, ?16," \
		" ?17, ?18, ?19, ?20)") \
	X(BULLETIN_REVISE, COLD, \
		"UPDATE bulletin SET state = 'DRAFT', version = ?2, expires_ms = ?3, submitter_id = NULL," \
		" submitted_ms = 0, approved_ms = 0, review_due_ms = 0, ended_ms = 0 WHERE id = ?1") \
	X(BULLETIN_LOAD, HOT, "SELECT " BULLETIN_COLUMNS BULLETIN_FROM " WHERE b.id = ?1") \
	X(BULLETIN_WORDS, HOT, "SELECT words FROM bulletin_version WHERE id = ?1") \
	X(BULLETIN_AUDIENCE, HOT, "SELECT audience FROM bulletin_version WHERE id = ?1") \
	X(BULLETIN_LIST, COLD, \
		"SELECT " BULLETIN_COLUMNS BULLETIN_FROM \
		" WHERE b.id < ?1 AND (?2 IS NULL OR b.state = ?2) ORDER BY b.id DESC LIMIT ?3") \
	X(BULLETIN_REFERRING, COLD, \
		"SELECT b.id" BULLETIN_FROM " WHERE v.refers_to = ?1 ORDER BY b.id DESC LIMIT 1") \
	X(BULLETIN_SUBMIT, COLD, \
		"UPDATE bulletin SET state = 'SUBMITTED', submitter_id = ?2, submitted_ms = ?3" \
		" WHERE id = ?1 AND state = 'DRAFT'") \
	X(BULLETIN_APPROVE, COLD, \
		"UPDATE bulletin SET state = 'APPROVED', approved_ms = ?2, review_due_ms = ?3, is_told = 0" \
		" WHERE id = ?1 AND state = 'SUBMITTED'") \
	X(BULLETIN_MOVE, COLD, \
		"UPDATE bulletin SET state = ?2, started_ms = CASE WHEN ?2 = 'SENDING' THEN ?3 ELSE started_ms END," \
		" ended_ms = CASE WHEN ?2 IN ('DONE','RECALLED','EXPIRED','DISCARDED') THEN ?3 ELSE ended_ms END," \
		" submitter_id = CASE WHEN ?2 = 'DRAFT' THEN NULL ELSE submitter_id END," \
		" submitted_ms = CASE WHEN ?2 = 'DRAFT' THEN 0 ELSE submitted_ms END WHERE id = ?1") \
	X(BULLETIN_SCREENED, COLD, "UPDATE bulletin SET screened = version WHERE id = ?1") \
	X(BULLETIN_REVIEWED, COLD, \
		"UPDATE bulletin SET reviewed_ms = ?2 WHERE id = ?1 AND review_due_ms > 0 AND reviewed_ms = 0") \
	X(BULLETIN_TOLD, COLD, "UPDATE bulletin SET is_told = 1 WHERE id = ?1") \
	X(BULLETIN_ERASE, COLD, "UPDATE bulletin_version SET words = NULL WHERE bulletin_id = ?1") \
	X(BULLETIN_ENCLOSURES, COLD, \
		"SELECT enclosure_id FROM bulletin_version WHERE bulletin_id = ?1 AND enclosure_id > ?2" \
		" ORDER BY enclosure_id LIMIT 1") \
	X(BULLETIN_EXPIRED, HOT, \
		"SELECT id FROM bulletin INDEXED BY bulletin_expiry" \
		" WHERE state IN ('DRAFT','SUBMITTED','APPROVED') AND expires_ms <= ?1 ORDER BY expires_ms LIMIT 1") \
	X(BULLETIN_UNREVIEWED, HOT, \
		"SELECT id FROM bulletin INDEXED BY bulletin_review WHERE review_due_ms > 0 AND reviewed_ms = 0" \
		" AND is_told = 0 AND review_due_ms <= ?1 ORDER BY review_due_ms LIMIT 1") \
	X(BULLETIN_STARTABLE, HOT, \
		"SELECT b.id FROM bulletin b INDEXED BY bulletin_state" \
		" JOIN bulletin_version v ON v.bulletin_id = b.id AND v.version = b.version" \
		" WHERE b.state = 'APPROVED' AND v.from_ms <= ?1 AND v.expires_ms > ?1 LIMIT 1") \
	X(BULLETIN_NEXT_START, HOT, \
		"SELECT min(v.from_ms) FROM bulletin b INDEXED BY bulletin_state" \
		" JOIN bulletin_version v ON v.bulletin_id = b.id AND v.version = b.version WHERE b.state = 'APPROVED'") \
	X(BULLETIN_NEXT_EXPIRY, HOT, \
		"SELECT min(expires_ms) FROM bulletin INDEXED BY bulletin_expiry" \
		" WHERE state IN ('DRAFT','SUBMITTED','APPROVED')") \
	X(BULLETIN_NEXT_REVIEW, HOT, \
		"SELECT min(review_due_ms) FROM bulletin INDEXED BY bulletin_review" \
		" WHERE review_due_ms > 0 AND reviewed_ms = 0 AND is_told = 0") \
	X(REBASE_BULLETIN, COLD, \
		"UPDATE bulletin SET review_due_ms = review_due_ms + ?1 WHERE review_due_ms > 0 AND reviewed_ms = 0") \
	/* bulletin_approval */ \
	X(APPROVAL_ADD, COLD, \
		"INSERT INTO bulletin_approval (id, bulletin_id, version, kind, hash, officer_id, role, at_ms, note)" \
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)") \
	X(APPROVAL_COUNT, COLD, \
		"SELECT count(*) FROM bulletin_approval a JOIN bulletin b ON b.id = a.bulletin_id" \
		" WHERE a.bulletin_id = ?1 AND a.version = b.version AND a.kind IN ('approve','alone') AND a.hash = ?2" \
		" AND a.at_ms >= b.submitted_ms") \
	X(APPROVAL_HIS, COLD, \
		"SELECT count(*) FROM bulletin_approval a JOIN bulletin b ON b.id = a.bulletin_id" \
		" WHERE a.bulletin_id = ?1 AND a.officer_id = ?2 AND a.kind IN ('approve','alone')" \
		" AND (?3 OR (a.version = b.version AND a.at_ms >= b.submitted_ms))") \
	X(APPROVAL_ALONE, COLD, \
		"SELECT count(*) FROM bulletin_approval a JOIN bulletin b ON b.id = a.bulletin_id" \
		" WHERE a.bulletin_id = ?1 AND a.version = b.version AND a.kind = 'alone' AND a.at_ms >= b.submitted_ms") \
	X(APPROVAL_LIST, COLD, \
		"SELECT id, version, kind, officer_id, role, at_ms, note FROM bulletin_approval" \
		" WHERE bulletin_id = ?1 ORDER BY id") \
	/* bulletin_finding */ \
	X(FINDING_ADD, COLD, \
		"INSERT INTO bulletin_finding (id, bulletin_id, version, kind, field, at, bytes, word, hash, officer_id," \
		" answered_ms, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)") \
	X(FINDING_CLEAR, COLD, \
		"DELETE FROM bulletin_finding WHERE bulletin_id = ?1 AND version = ?2") \
	X(FINDING_LIST, COLD, \
		"SELECT id, kind, field, at, bytes, word, officer_id, answered_ms, reason FROM bulletin_finding" \
		" WHERE bulletin_id = ?1 AND version = ?2 ORDER BY id") \
	X(FINDING_ANSWERED, COLD, \
		"SELECT id, officer_id, answered_ms, reason FROM bulletin_finding WHERE bulletin_id = ?1" \
		" AND version < ?2 AND kind = ?3 AND hash = ?4 AND answered_ms > 0 ORDER BY version DESC, id DESC LIMIT 1") \
	X(FINDING_ANSWER, COLD, \
		"UPDATE bulletin_finding SET officer_id = ?4, answered_ms = ?5, reason = ?6" \
		" WHERE id = ?1 AND bulletin_id = ?2 AND version = ?3") \
	X(FINDING_OPEN, COLD, \
		"SELECT count(*) FROM bulletin_finding WHERE bulletin_id = ?1 AND version = ?2 AND answered_ms = 0") \
	X(FINDING_ERASE, COLD, \
		"UPDATE bulletin_finding SET reason = NULL WHERE bulletin_id = ?1 AND reason IS NOT NULL") \
	/* audience */ \
	X(DRAW_CLEAR, COLD, "DELETE FROM temp.drawn") \
	X(DRAW_MISSING, COLD, \
		"SELECT (SELECT count(*) FROM json_each(?1, '$.places') j WHERE NOT EXISTS" \
		" (SELECT 1 FROM place WHERE code = j.value)) + (SELECT count(*) FROM json_each(?1, '$.lists') j" \
		" WHERE NOT EXISTS (SELECT 1 FROM audience WHERE code = j.value))") \
	X(DRAW_REGISTRY, COLD, \
		DRAWN_AREA DRAWN_PEOPLE("SELECT rp.resident_id, min(" DRAWN_RANK( \
			"rp") ") AS rank, rp.place_id" \
			      " FROM resident_place rp WHERE (json_extract(?1, '$.all') OR rp.place_id IN (SELECT id FROM area))" \
			      " AND (NOT EXISTS (SELECT 1 FROM json_each(?1, '$.roles'))" \
			      " OR rp.role IN (SELECT value FROM json_each(?1, '$.roles'))" \
			      " OR (EXISTS (SELECT 1 FROM json_each(?1, '$.roles') WHERE value = 'head')" \
			      " AND (rp.resident_id, rp.place_id) IN " DRAWN_LEADER \
			      ")) GROUP BY rp.resident_id")) \
	X(DRAW_LISTS, COLD, \
		DRAWN_PEOPLE("SELECT m.resident_id, coalesce(min(" DRAWN_RANK( \
			"rp") "), 9) AS rank, coalesce(rp.place_id, 0) AS place_id" \
			      " FROM audience a JOIN audience_member m ON m.audience_id = a.id" \
			      " LEFT JOIN resident_place rp ON rp.resident_id = m.resident_id" \
			      " WHERE a.code IN (SELECT value FROM json_each(?1, '$.lists')) GROUP BY m.resident_id")) \
	X(DRAW_REFUSERS, COLD, \
		"UPDATE temp.drawn SET bar = CASE f.weight WHEN 3 THEN 'blocked' WHEN 2 THEN 'refused' ELSE 'topic' END" \
		" FROM (SELECT id, max(weight) AS weight FROM (" DRAWN_REFUSERS("hash") " UNION ALL " DRAWN_REFUSERS( \
			"zalo_hash") ") GROUP BY id) f WHERE temp.drawn.resident_id = f.id") \
	/* In which group of the account each of them is. */ \
	X(DRAW_MEMBERS, COLD, \
		"UPDATE temp.drawn SET group_id = g.group_id FROM (SELECT r.id AS id, min(z.id) AS group_id" \
		" FROM zalo_group z JOIN group_person p ON p.group_id = z.id JOIN resident r ON r.zalo_hash = p.hash" \
		" WHERE z.state = 'ACTIVE' AND z.place_id IS NOT NULL AND z.party_id IS NOT NULL" \
		" AND p.state IN ('MEMBER','FOUNDER') GROUP BY r.id) g WHERE temp.drawn.resident_id = g.id") \
	X(DRAW_COUNTS, COLD, \
		"SELECT coalesce(sum(bar = ''), 0), coalesce(sum(bar = '' AND rank = 0), 0)," \
		" coalesce(sum(bar = '' AND has_zalo), 0), coalesce(sum(bar = 'refused'), 0)," \
		" coalesce(sum(bar = 'topic'), 0), coalesce(sum(bar = 'blocked'), 0) FROM temp.drawn") \
	X(DRAW_PLACES, COLD, \
		"SELECT place_id, count(*), sum(has_zalo) FROM temp.drawn WHERE bar = '' GROUP BY place_id" \
		" ORDER BY place_id") \
	X(DRAW_GROUPS, COLD, \
		DRAWN_AREA \
		" SELECT z.id, z.place_id FROM zalo_group z WHERE z.state = 'ACTIVE' AND z.party_id IS NOT NULL" \
		" AND z.place_id IS NOT NULL AND NOT coalesce(json_extract(?1, '$.not_on_zalo'), 0)" \
		" AND NOT EXISTS (SELECT 1 FROM json_each(?1, '$.roles')) AND (z.place_id IN (SELECT id FROM area)" \
		" OR (json_extract(?1, '$.all') AND EXISTS (SELECT 1 FROM place p WHERE p.id = z.place_id" \
		" AND p.kind NOT IN ('committee','commune')))) ORDER BY z.id") \
	X(AUDIENCE_ADD, COLD, \
		"INSERT INTO audience (id, code, name, rule, created_ms, changed_ms)" \
		" VALUES (?1, ?2, ?3, ?4, ?5, ?5)") \
	X(AUDIENCE_SET, COLD, \
		"UPDATE audience SET name = ?2, rule = ?3, changed_ms = ?4 WHERE id = ?1") \
	X(AUDIENCE_FIND, COLD, \
		"SELECT a.id, a.code, a.name, a.rule, (SELECT count(*) FROM audience_member m" \
		" WHERE m.audience_id = a.id), a.created_ms, a.changed_ms FROM audience a WHERE a.code = ?1") \
	X(AUDIENCE_LIST, COLD, \
		"SELECT a.id, a.code, a.name, a.rule, (SELECT count(*) FROM audience_member m" \
		" WHERE m.audience_id = a.id), a.created_ms, a.changed_ms FROM audience a WHERE a.id < ?1" \
		" ORDER BY a.id DESC LIMIT ?2") \
	X(AUDIENCE_REMOVE, COLD, "DELETE FROM audience WHERE id = ?1") \
	X(AUDIENCE_JOIN, COLD, \
		"INSERT OR IGNORE INTO audience_member (audience_id, resident_id) VALUES (?1, ?2)") \
	X(AUDIENCE_LEAVE, COLD, \
		"DELETE FROM audience_member WHERE audience_id = ?1 AND resident_id = ?2") \
	X(AUDIENCE_EMPTY, COLD, "DELETE FROM audience_member WHERE audience_id = ?1") \
	/* bulletin_refusal */ \
	X(REFUSAL_PUT, COLD, \
		"INSERT OR IGNORE INTO bulletin_refusal (hash, topic, kind, since_ms) VALUES (?1, ?2, ?3, ?4)") \
	X(REFUSAL_END, COLD, \
		"DELETE FROM bulletin_refusal WHERE hash = ?1 AND kind = ?2 AND (?3 IS NULL OR topic = ?3)") \
	X(REFUSAL_OF, HOT, \
		"SELECT 1 FROM bulletin_refusal WHERE hash = ?1 AND topic IN ('', ?2) LIMIT 1") \
	X(REFUSAL_COUNTS, COLD, \
		"SELECT coalesce(sum(a AND NOT b), 0), coalesce(sum(NOT a AND NOT b), 0), coalesce(sum(b), 0) FROM" \
		" (SELECT max(topic = '' AND kind = 'asked') AS a, max(kind = 'blocked') AS b" \
		" FROM bulletin_refusal GROUP BY hash)")

#endif
