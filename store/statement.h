/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every statement of the store, prepared at open, so that a typo is a failure of the start. HOT
 * ones run for each message and may not scan a table (tests/unit/store/test_statement.c asks SQLite
 * for their plans); COLD ones run on a person's demand.
 */
#ifndef BINHYEN_STORE_STATEMENT_H
#define BINHYEN_STORE_STATEMENT_H

#include "store/statement_backup.h"
#include "store/statement_bulletin.h"
#include "store/statement_delivery.h"
#include "store/statement_dossier.h"
#include "store/statement_duty.h"
#include "store/statement_enrolment.h"
#include "store/statement_stay.h"
#include "store/statement_feed.h"
#include "store/statement_group.h"
#include "store/statement_legal.h"
#include "store/statement_key.h"
#include "store/statement_menu.h"
#include "store/statement_officer.h"
#include "store/statement_poll.h"
#include "store/statement_report.h"
#include "store/statement_retention.h"
#include "store/statement_setting.h"

#define OUTBOX_COLUMNS \
	"id, channel, lane, kind, state, is_final, party_id, report_id, standby_for, due_ms, deadline_ms, expires_ms, " \
	"created_ms, claimed_ms, sent_ms, attempts, error, external_id, via, repeat_of, segments, note, enclosure_id," \
	" coalesce(delivery_id, 0), form"
#define INBOX_COLUMNS \
	"i.id, i.channel, i.kind, i.state, i.party_id, i.received_ms, i.sent_ms, i.report_id, i.part_no, coalesce(s.total, 0)"
#define REPORT_COLUMNS \
	"id, year, number, code, party_id, source, category, urgency, hamlet, state, received_ms, sent_ms, is_incomplete, decided_ms," \
	" receiver, is_quiet, is_anonymous, merged_into, heard_ms, told_ms, assignee_id, is_confined, entry_no"
#define ATTACHMENT_COLUMNS \
	"id, inbox_id, report_id, kind, state, created_ms, due_ms, done_ms, attempts, gone, reason, md5, bytes, mime, file, name"
#define SET_COLUMNS "id, total, have, party_id, first_ms, report_id"

#define STATEMENT_TABLE(X) \
	X(BEGIN, COLD, "BEGIN IMMEDIATE") \
	X(BEGIN_READ, COLD, "BEGIN DEFERRED") \
	X(COMMIT, COLD, "COMMIT") \
	X(ROLLBACK, COLD, "ROLLBACK") \
	/* party */ \
	X(PARTY_FIND, HOT, \
		"SELECT id, kind, state, created_ms, last_in_ms, is_anonymous, has_marks FROM party WHERE kind = ?1 AND hash = ?2") \
	X(PARTY_LOAD, HOT, \
		"SELECT id, kind, state, created_ms, last_in_ms, is_anonymous, has_marks FROM party WHERE id = ?1") \
	X(PARTY_ADD, HOT, \
		"INSERT INTO party (id, kind, hash, address, state, created_ms, last_in_ms, is_anonymous)" \
		" VALUES (?1, ?2, ?3, ?4, 'active', ?5, 0, ?6)") \
	X(PARTY_FORGOTTEN, HOT, \
		"SELECT p.id FROM party p INDEXED BY party_anonymous WHERE p.is_anonymous = 1" \
		" AND p.state = 'active' AND p.id > ?1" \
		" AND NOT EXISTS (SELECT 1 FROM report r WHERE r.party_id = p.id AND r.state <> 'closed')" \
		" AND NOT EXISTS (SELECT 1 FROM outbox q INDEXED BY outbox_line WHERE q.state = 'QUEUED'" \
		" AND q.party_id = p.id)" \
		" AND NOT EXISTS (SELECT 1 FROM outbox f INDEXED BY outbox_flying" \
		" WHERE f.state IN ('CLAIMED','SUBMITTED') AND f.party_id = p.id)" \
		" AND NOT EXISTS (SELECT 1 FROM outbox d INDEXED BY outbox_doubt_of" \
		" WHERE d.state = 'IN_DOUBT' AND d.party_id = p.id) ORDER BY p.id LIMIT 1") \
	X(PARTY_TOUCH, HOT, "UPDATE party SET last_in_ms = max(last_in_ms, ?2) WHERE id = ?1") \
	X(PARTY_MARKS_SET, HOT, "UPDATE party SET has_marks = ?2 WHERE id = ?1") \
	X(PARTY_INVITED, HOT, "SELECT invited_ms FROM party WHERE id = ?1") \
	X(PARTY_INVITED_SET, HOT, "UPDATE party SET invited_ms = ?2 WHERE id = ?1") \
	X(PARTY_REF, HOT, "SELECT sms_ref FROM party WHERE id = ?1") \
	X(PARTY_REF_SET, HOT, "UPDATE party SET sms_ref = ?2 WHERE id = ?1") \
	X(PARTY_ADDRESS, HOT, "SELECT address FROM party WHERE id = ?1") \
	/* inbox */ \
	X(INBOX_FIND, HOT, \
		"SELECT id, report_id FROM inbox WHERE channel = ?1 AND external_id = ?2") \
	X(INBOX_ADD, HOT, \
		"INSERT INTO inbox (id, channel, external_id, kind, state, party_id, received_ms, sent_ms, body, part_hash)" \
		" VALUES (?1, ?2, ?3, ?4, 'NEW', ?5, ?6, ?7, ?8, ?9)") \
	X(INBOX_SAME, HOT, \
		"SELECT id, report_id FROM inbox INDEXED BY inbox_sent WHERE channel = 'modem' AND sent_ms > 0" \
		" AND party_id IN (?1, ?7) AND sent_ms = ?2 AND set_id IS NULL AND part_hash = ?3" \
		" AND received_ms >= ?4 AND (received_ms <= ?5 OR received_ms > ?6)" \
		" AND reason IS NOT 'repeat' LIMIT 1") \
	X(INBOX_STATE, HOT, "SELECT state, kind, report_id FROM inbox WHERE id = ?1") \
	X(INBOX_MOVE, HOT, \
		"UPDATE inbox SET state = ?2, report_id = ?3, reason = ?4," \
		" body = CASE WHEN (?2 = 'HANDLED' AND (kind <> 'other' OR ?3 IS NOT NULL))" \
		" OR ?4 IN ('repeat','duty group') THEN ?5 ELSE body END WHERE id = ?1") \
	X(INBOX_BODY, HOT, "SELECT body FROM inbox WHERE id = ?1") \
	X(INBOX_LIST, COLD, \
		"SELECT " INBOX_COLUMNS " FROM inbox i LEFT JOIN sms_set s ON s.id = i.set_id" \
		" WHERE i.id < ?1 ORDER BY i.id DESC LIMIT ?2") \
	X(INBOX_COUNT, HOT, \
		"SELECT coalesce(sum(count), 0) FROM tally WHERE name = 'inbox' AND state = ?1") \
	/* sms_set */ \
	X(SET_FIND, HOT, \
		"SELECT " SET_COLUMNS \
		" FROM sms_set WHERE is_open = 1 AND party_id = ?1 AND ref = ?2" \
		" AND ref_bits = ?3 AND total = ?4 AND first_ms >= ?5 ORDER BY id DESC LIMIT 16") \
	X(SET_DONE, HOT, \
		"SELECT i.id, s.report_id FROM inbox n CROSS JOIN inbox i CROSS JOIN sms_set s" \
		" WHERE n.id = ?1 AND i.channel = 'modem' AND i.sent_ms > 0 AND i.party_id IN (n.party_id, ?8)" \
		" AND i.sent_ms = n.sent_ms AND i.part_no = ?2 AND i.part_hash = ?3 AND i.id <> ?1" \
		" AND i.received_ms >= ?7 AND s.id = i.set_id AND s.is_open = 0 AND s.ref = ?4" \
		" AND s.ref_bits = ?5 AND s.total = ?6 LIMIT 1") \
	X(SET_PART, HOT, "SELECT part_hash FROM inbox WHERE set_id = ?1 AND part_no = ?2") \
	X(SET_ADD, HOT, \
		"INSERT INTO sms_set (id, party_id, ref, ref_bits, total, have, first_ms, report_id, is_open)" \
		" VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, NULL, 1)") \
	X(SET_HAVE, HOT, "UPDATE sms_set SET have = have + 1 WHERE id = ?1") \
	X(SET_JOIN, HOT, \
		"UPDATE inbox SET set_id = ?2, part_no = ?3, part_hash = ?4, state = 'WAITING', report_id = ?5" \
		" WHERE id = ?1") \
	X(SET_PARTS, HOT, \
		"SELECT id, part_no, body FROM inbox WHERE set_id = ?1 AND part_no > ?2 ORDER BY part_no LIMIT 1") \
	X(SET_TOTAL, HOT, "SELECT total FROM sms_set WHERE id = ?1") \
	X(SET_CLOSE, HOT, "UPDATE sms_set SET report_id = ?2, is_open = ?3 WHERE id = ?1") \
	X(SET_HANDLED, HOT, \
		"UPDATE inbox SET state = 'HANDLED', report_id = ?2, body = NULL WHERE set_id = ?1") \
	X(SET_PARTY, HOT, "UPDATE sms_set SET party_id = ?2 WHERE id = ?1") \
	X(SET_PARTS_PARTY, HOT, "UPDATE inbox SET party_id = ?2 WHERE set_id = ?1") \
	X(SET_OVERDUE, HOT, \
		"SELECT " SET_COLUMNS " FROM sms_set WHERE is_open = 1 AND report_id IS NULL" \
		" AND first_ms < ?1 ORDER BY first_ms LIMIT 1") \
	X(SET_OLDEST, HOT, \
		"SELECT " SET_COLUMNS " FROM sms_set INDEXED BY sms_set_age WHERE is_open = 1" \
		" AND first_ms < ?1 ORDER BY first_ms LIMIT 1") \
	/* sim_slot */ \
	X(SLOT_FIND, HOT, \
		"SELECT generation, hash, is_freed FROM sim_slot WHERE owner = ?1 AND memory = ?2 AND slot = ?3") \
	X(SLOT_SET, HOT, \
		"INSERT INTO sim_slot (owner, memory, slot, generation, hash, is_freed)" \
		" VALUES (?1, ?2, ?3, ?4, ?5, 0) ON CONFLICT DO UPDATE SET generation = ?4, hash = ?5, is_freed = 0") \
	X(SLOT_FREE, HOT, \
		"UPDATE sim_slot SET is_freed = 1 WHERE owner = ?1 AND memory = ?2 AND slot = ?3") \
	X(SLOT_COPY, HOT, \
		"INSERT INTO sim_slot (owner, memory, slot, generation, hash, is_freed)" \
		" SELECT ?2, memory, slot, generation, hash, 0 FROM sim_slot WHERE owner = ?1 AND is_freed = 0" \
		" ON CONFLICT DO UPDATE SET generation = max(generation, excluded.generation)," \
		" hash = excluded.hash, is_freed = 0") \
	X(SLOT_LEAVE, HOT, "UPDATE sim_slot SET is_freed = 1 WHERE owner = ?1 AND is_freed = 0") \
	/* report */ \
	X(REPORT_NEXT, HOT, "SELECT coalesce(max(number), 0) + 1 FROM report WHERE year = ?1") \
	X(REPORT_NUMBER_USED, HOT, \
		"SELECT 1 WHERE EXISTS (SELECT 1 FROM report WHERE year = ?1 AND number = ?2)" \
		" OR EXISTS (SELECT 1 FROM report_left WHERE year = ?1 AND number = ?2)") \
	X(REPORT_CODE, HOT, "SELECT 1 FROM report WHERE code = ?1") \
	X(REPORT_ADD, HOT, \
		"INSERT INTO report (" REPORT_COLUMNS ") VALUES" \
		" (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, NULL, ?21, ?22)") \
	X(REPORT_LOAD, HOT, "SELECT " REPORT_COLUMNS " FROM report WHERE id = ?1") \
	X(REPORT_FIND, HOT, \
		"SELECT " REPORT_COLUMNS " FROM report WHERE year = ?1 AND number = ?2") \
	X(REPORT_YEAR, HOT, "SELECT max(year) FROM report WHERE year < ?1") \
	X(REPORT_LIST, COLD, \
		"SELECT " REPORT_COLUMNS " FROM report WHERE id < ?1 ORDER BY id DESC LIMIT ?2") \
	X(REPORT_QUESTIONS, HOT, \
		"SELECT " REPORT_COLUMNS \
		" FROM report WHERE category = 'question' AND id < ?1 ORDER BY id DESC LIMIT ?2") \
	X(REPORT_STATE, HOT, \
		"UPDATE report SET state = ?2, closed_ms = iif(?2 = 'closed', iif(closed_ms > 0, closed_ms, ?3), 0)," \
		" sanitise_due_ms = iif(?2 = 'closed', sanitise_due_ms, 0)," \
		" erase_due_ms = iif(?2 = 'closed', erase_due_ms, 0) WHERE id = ?1") \
	X(REPORT_COUNT, HOT, \
		"SELECT coalesce(sum(count), 0) FROM tally WHERE name = 'report' AND (?1 IS NULL OR state = ?1)") \
	X(REPORT_RATE, HOT, \
		"UPDATE report SET category = ?2, urgency = ?3, decided_ms = ?4 WHERE id = ?1") \
	X(GUESS_SET, HOT, \
		"INSERT INTO report_guess (report_id, category, is_danger, words) VALUES (?1, ?2, ?3, ?4)" \
		" ON CONFLICT DO UPDATE SET category = ?2, is_danger = ?3, words = ?4") \
	X(GUESS_LOAD, HOT, \
		"SELECT category, is_danger, words FROM report_guess WHERE report_id = ?1") \
	X(GUESS_COUNTS, COLD, \
		"SELECT g.category, r.category, count(*), sum(r.urgency = 'danger' AND NOT g.is_danger)," \
		" sum(r.urgency <> 'danger' AND g.is_danger) FROM report_guess g JOIN report r ON r.id = g.report_id" \
		" WHERE r.decided_ms > 0 AND (r.is_confined = 0 OR ?1 < 0 OR EXISTS (SELECT 1 FROM report_key k" \
		" WHERE k.report_id = r.id AND k.holder = ?1)) GROUP BY 1, 2 ORDER BY 1, 2") \
	X(ENTRY_ADD, HOT, \
		"INSERT INTO report_entry (id, report_id, kind, at_ms, outbox_id, text)" \
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6)") \
	X(ENTRY_LIST, HOT, \
		"SELECT id, kind, at_ms, outbox_id, text FROM report_entry WHERE report_id = ?1 ORDER BY id") \
	/* outbox */ \
	X(OUTBOX_ADD, HOT, \
		"INSERT INTO outbox (id, channel, lane, kind, party_id, report_id, standby_for, state, is_final," \
		" due_ms, deadline_ms, expires_ms, created_ms, body, repeat_of, enclosure_id)" \
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'QUEUED', 0, ?8, ?9, ?9, ?10, ?11, ?12, ?13)") \
	X(OUTBOX_READY, HOT, \
		"SELECT " OUTBOX_COLUMNS " FROM outbox o INDEXED BY outbox_queued" \
		" WHERE o.state = 'QUEUED' AND o.channel = ?1 AND o.lane = ?2 AND o.due_ms <= ?3 AND o.expires_ms > ?3" \
		" AND NOT EXISTS (SELECT 1 FROM outbox f INDEXED BY outbox_flying WHERE f.party_id = o.party_id" \
		" AND f.channel = o.channel AND f.state IN ('CLAIMED','SUBMITTED'))" \
		" AND NOT EXISTS (SELECT 1 FROM outbox e INDEXED BY outbox_line WHERE e.state = 'QUEUED'" \
		" AND e.party_id = o.party_id AND e.channel = o.channel AND e.lane = o.lane AND e.id < o.id" \
		" AND (e.attempts > 0 OR e.error <> 'OK' OR e.due_ms <= ?3) AND e.expires_ms > ?3)" \
		" AND (o.lane = 0 OR o.channel NOT IN ('zalo_user','zalo_group') OR NOT EXISTS (SELECT 1 FROM outbox d" \
		" INDEXED BY outbox_doubt_of WHERE d.state = 'IN_DOUBT' AND d.party_id = o.party_id" \
		" AND d.channel = o.channel AND d.lane = o.lane AND d.error <> 'DENIED'))" \
		" ORDER BY o.due_ms, o.id LIMIT ?4") \
	X(OUTBOX_CLAIM, HOT, \
		"UPDATE outbox SET state = 'CLAIMED', attempts = attempts + 1, claimed_ms = ?2, deadline_ms = ?3," \
		" segments = ?4 WHERE id = ?1 AND state = 'QUEUED'") \
	X(OUTBOX_LOAD, HOT, "SELECT " OUTBOX_COLUMNS " FROM outbox WHERE id = ?1") \
	X(OUTBOX_BODY, HOT, "SELECT body FROM outbox WHERE id = ?1") \
	X(OUTBOX_MOVE, HOT, \
		"UPDATE outbox SET state = ?2, is_final = ?3, due_ms = ?4, deadline_ms = ?5, error = ?6," \
		" external_id = ?7, via = ?8, sent_ms = ?9, final_ms = ?10, note = ?11," \
		" body = CASE ?3 WHEN 1 THEN NULL ELSE body END WHERE id = ?1") \
	X(OUTBOX_LIST, COLD, \
		"SELECT " OUTBOX_COLUMNS " FROM outbox WHERE id < ?1 ORDER BY id DESC LIMIT ?2") \
	X(OUTBOX_COUNT, HOT, \
		"SELECT coalesce(sum(count), 0) FROM tally WHERE name = 'outbox' AND state = ?1") \
	X(OUTBOX_HOLD, HOT, \
		"UPDATE outbox SET due_ms = ?2, error = ?3 WHERE id = ?1 AND state = 'QUEUED'") \
	X(OUTBOX_UNHOLD, COLD, \
		"UPDATE outbox SET due_ms = ?1 WHERE state = 'QUEUED' AND error = ?2 AND due_ms > ?1") \
	X(OUTBOX_DUE_AGAIN, HOT, \
		"UPDATE outbox INDEXED BY outbox_queued SET due_ms = ?2 WHERE state = 'QUEUED' AND channel = ?1" \
		" AND lane = ?3 AND due_ms > ?2 AND attempts > 0 AND standby_for IS NULL" \
		" AND error IN ('UNREACHABLE','NETWORK','MODEM','SIM','TIMEOUT')") \
	X(OUTBOX_WAITING, HOT, \
		"SELECT count(*), min(expires_ms), max(expires_ms) FROM outbox INDEXED BY outbox_queued" \
		" WHERE state = 'QUEUED' AND channel = ?1 AND lane = ?2") \
	X(OUTBOX_WAITING_FOR, HOT, \
		"SELECT " OUTBOX_COLUMNS " FROM outbox INDEXED BY outbox_line" \
		" WHERE state = 'QUEUED' AND party_id = ?1 AND lane = ?2" \
		" AND (?3 OR kind <> 'answer' OR report_id IS NULL) LIMIT 1") \
	X(OUTBOX_LANE_DUE, HOT, \
		"SELECT min(due_ms) FROM outbox INDEXED BY outbox_queued" \
		" WHERE state = 'QUEUED' AND channel = ?1 AND lane = ?2") \
	X(OUTBOX_NEXT_DEADLINE, HOT, "SELECT min(deadline_ms) FROM outbox WHERE is_final = 0") \
	X(OUTBOX_OVERDUE, HOT, \
		"SELECT " OUTBOX_COLUMNS " FROM outbox WHERE is_final = 0 AND deadline_ms <= ?1" \
		" ORDER BY deadline_ms LIMIT 1") \
	X(OUTBOX_DOUBT, HOT, \
		"SELECT " OUTBOX_COLUMNS " FROM outbox WHERE state = 'IN_DOUBT' AND channel = ?1" \
		" AND id > ?2 ORDER BY id LIMIT 1") \
	X(OUTBOX_DOUBT_OF, COLD, \
		"SELECT count(*) FROM outbox WHERE state = 'IN_DOUBT' AND channel = 'modem' AND via = ?1") \
	X(OUTBOX_REPEATED, HOT, \
		"SELECT id FROM outbox INDEXED BY outbox_repeat WHERE repeat_of IS NOT NULL AND repeat_of = ?1" \
		" ORDER BY id DESC LIMIT 1") \
	X(OUTBOX_DOUBT_WHY, HOT, \
		"UPDATE outbox SET error = ?2 WHERE id = ?1 AND state = 'IN_DOUBT'") \
	X(OUTBOX_STAY, HOT, \
		"UPDATE outbox SET deadline_ms = ?2 WHERE id = ?1 AND state = 'IN_DOUBT'") \
	X(OUTBOX_LOST, COLD, \
		"SELECT " OUTBOX_COLUMNS \
		" FROM outbox WHERE state IN ('CLAIMED','SUBMITTED') LIMIT 1") \
	X(OUTBOX_STANDBY, HOT, \
		"SELECT id FROM outbox WHERE state = 'QUEUED' AND standby_for IS NOT NULL AND standby_for = ?1 LIMIT 1") \
	X(OUTBOX_STANDBY_DUE, HOT, \
		"UPDATE outbox SET due_ms = min(due_ms, ?2) WHERE state = 'QUEUED'" \
		" AND standby_for IS NOT NULL AND standby_for = ?1") \
	X(OUTBOX_STANDING_BY, HOT, \
		"SELECT o.id FROM outbox o JOIN outbox m ON m.id = o.standby_for WHERE o.state = 'QUEUED'" \
		" AND o.standby_for IS NOT NULL AND o.due_ms > ?2 AND m.channel = ?1 LIMIT 1") \
	X(OUTBOX_DUE_NOW, HOT, "UPDATE outbox SET due_ms = ?2 WHERE id = ?1 AND state = 'QUEUED'") \
	X(OUTBOX_EXTERNAL, HOT, \
		"SELECT id FROM outbox INDEXED BY outbox_external WHERE external_id = ?1 AND external_id <> ''" \
		" UNION ALL SELECT outbox_id FROM outbox_piece INDEXED BY outbox_piece_external" \
		" WHERE external_id = ?1 AND external_id <> '' LIMIT 1") \
	X(OUTBOX_UNREPORTED, HOT, \
		"SELECT " OUTBOX_COLUMNS " FROM outbox INDEXED BY outbox_reported" \
		" WHERE state = 'SENT' AND is_final = 0 AND channel = ?1 AND id > ?2 ORDER BY id LIMIT 1") \
	X(PIECE_SENT, HOT, \
		"INSERT INTO outbox_piece (outbox_id, piece, end_at, external_id, sent_ms)" \
		" VALUES (?1, ?2, ?3, ?4, ?5)") \
	X(PIECE_LAST, HOT, \
		"SELECT piece, end_at FROM outbox_piece WHERE outbox_id = ?1 ORDER BY piece DESC LIMIT 1") \
	/* enclosure */ \
	X(ENCLOSURE_ADD, HOT, \
		"INSERT INTO enclosure (id, kind, name, sealed_name, created_ms, body)" \
		" VALUES (?1, ?2, '', ?3, ?4, ?5)") \
	X(ENCLOSURE_LOAD, HOT, \
		"SELECT a.kind, a.name, a.sealed_name, coalesce(h.handle, ''), coalesce(h.expires_ms, 0)" \
		" FROM enclosure a" \
		" LEFT JOIN enclosure_handle h ON h.enclosure_id = a.id WHERE a.id = ?1") \
	X(ENCLOSURE_BODY, HOT, "SELECT body FROM enclosure WHERE id = ?1") \
	X(ENCLOSURE_ERASE, HOT, \
		"UPDATE enclosure SET name = '', sealed_name = NULL, body = NULL WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM outbox" \
		" INDEXED BY outbox_enclosure WHERE enclosure_id IS NOT NULL AND enclosure_id = ?1" \
		" AND is_final = 0) AND NOT EXISTS (SELECT 1 FROM bulletin_version v" \
		" INDEXED BY bulletin_version_enclosure JOIN bulletin b ON b.id = v.bulletin_id" \
		" WHERE v.enclosure_id IS NOT NULL AND v.enclosure_id = ?1 AND b.state <> 'DISCARDED')") \
	X(HANDLE_SET, HOT, \
		"INSERT INTO enclosure_handle (enclosure_id, handle, expires_ms) VALUES (?1, ?2, ?3)" \
		" ON CONFLICT DO UPDATE SET handle = ?2, expires_ms = ?3") \
	/* party_channel */ \
	X(PARTY_CHANNEL_LOAD, HOT, \
		"SELECT heard_ms, asked_ms, closed_ms, until_ms, code, \"left\", left_ms FROM party_channel" \
		" WHERE party_id = ?1 AND channel = ?2") \
	X(PARTY_CHANNEL_SAVE, HOT, \
		"INSERT INTO party_channel (party_id, channel, heard_ms, asked_ms, closed_ms, until_ms, code, \"left\"," \
		" left_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO UPDATE SET heard_ms = ?3," \
		" asked_ms = ?4, closed_ms = ?5, until_ms = ?6, code = ?7, \"left\" = ?8, left_ms = ?9") \
	X(PART_SENT, HOT, \
		"INSERT INTO outbox_part (outbox_id, part, total, sim, tp_mr, party_id, sent_ms, state)" \
		" SELECT ?1, ?2, ?3, ?4, ?5, party_id, ?6, 'SENT' FROM outbox WHERE id = ?1" \
		" ON CONFLICT (outbox_id, part) DO UPDATE SET tp_mr = ?5, sim = ?4, sent_ms = ?6, total = ?3," \
		" state = 'SENT', done_ms = 0") \
	X(PART_FIND, HOT, \
		"SELECT outbox_id, part, state = 'SENT' FROM outbox_part WHERE sim = ?1 AND tp_mr = ?2 AND party_id = ?3" \
		" AND sent_ms >= ?4 ORDER BY sent_ms DESC LIMIT 1") \
	X(PART_DOUBT, HOT, \
		"SELECT id FROM outbox WHERE state = 'IN_DOUBT' AND channel = 'modem' AND party_id = ?1" \
		" AND via IN ('', ?2) ORDER BY id LIMIT 2") \
	X(PART_FLYING, HOT, \
		"SELECT 1 FROM outbox INDEXED BY outbox_flying WHERE party_id = ?1 AND channel = 'modem'" \
		" AND state IN ('CLAIMED','SUBMITTED') LIMIT 1") \
	X(PART_SETTLE, HOT, \
		"UPDATE outbox_part SET state = ?3, done_ms = ?4 WHERE outbox_id = ?1 AND part = ?2") \
	X(PART_TALLY, HOT, \
		"SELECT coalesce(max(total), 0), coalesce(sum(state = 'DELIVERED'), 0)," \
		" coalesce(sum(state = 'FAILED'), 0), count(*), coalesce(max(part), 0)" \
		" FROM outbox_part WHERE outbox_id = ?1") \
	X(PART_IS_KNOWN, HOT, "SELECT 1 FROM outbox_part WHERE outbox_id = ?1 AND part = ?2") \
	/* sms_use */ \
	X(USE_ADD, HOT, \
		"INSERT INTO sms_use (outbox_id, sim, at_ms, segments, content, is_open)" \
		" VALUES (?1, ?2, ?3, ?4, ?5, 1)") \
	X(USE_CLOSE, HOT, \
		"UPDATE sms_use SET is_open = 0, at_ms = ?2, segments = min(segments, ?3)" \
		" WHERE is_open = 1 AND outbox_id = ?1") \
	X(USE_FORGET, HOT, "DELETE FROM sms_use WHERE is_open = 1 AND outbox_id = ?1") \
	X(USE_PRUNE, HOT, "DELETE FROM sms_use WHERE is_open = 0 AND sim = ?1 AND at_ms < ?2") \
	X(USE_RECOVER, COLD, \
		"UPDATE sms_use SET is_open = 0, at_ms = ?1 WHERE is_open = 1 OR at_ms > ?1") \
	X(USE_SHIFT, COLD, "UPDATE sms_use SET at_ms = at_ms + ?1") \
	X(USE_OPEN, HOT, \
		"SELECT ?2, segments, content FROM sms_use INDEXED BY sms_use_open" \
		" WHERE is_open = 1 AND outbox_id > 0 AND sim = ?1") \
	X(USE_OF_SIM, HOT, \
		"SELECT at_ms, segments, NULL FROM sms_use WHERE is_open = 0 AND sim = ?1 AND at_ms > ?2" \
		" ORDER BY at_ms DESC") \
	X(USE_OF_CONTENT, HOT, \
		"SELECT at_ms, segments, NULL FROM sms_use INDEXED BY sms_use_content WHERE is_open = 0 AND sim = ?1" \
		" AND at_ms > ?2 AND content = ?3 ORDER BY at_ms DESC") \
	/* modem_identity */ \
	X(IDENTITY_LOAD, HOT, \
		"SELECT imei, imsi, new_imei, new_imsi FROM modem_identity WHERE name = ?1") \
	X(IDENTITY_SAVE, HOT, \
		"INSERT INTO modem_identity (name, imei, imsi, new_imei, new_imsi, seen_ms)" \
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (name) DO UPDATE SET imei = ?2, imsi = ?3," \
		" new_imei = ?4, new_imsi = ?5, seen_ms = ?6") \
	/* modem_off */ \
	X(OFF_SET, COLD, \
		"INSERT INTO modem_off (name, usb_path) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET usb_path = ?2") \
	X(OFF_CLEAR, COLD, "DELETE FROM modem_off WHERE name = ?1") \
	X(OFF_GET, COLD, "SELECT usb_path FROM modem_off WHERE name = ?1") \
	/* the rest */ \
	X(QUARANTINE_ADD, HOT, \
		"INSERT INTO quarantine (id, at_ms, channel, reason, raw) VALUES (?1, ?2, ?3, ?4, ?5)") \
	X(QUARANTINE_COUNT, COLD, "SELECT count(*) FROM quarantine") \
	X(EVENT_HEAD, HOT, "SELECT id, at_ms, hash FROM event ORDER BY id DESC LIMIT 1") \
	X(EVENT_PLACE, HOT, "SELECT id, at_ms, hash FROM event WHERE id = ?1") \
	X(EVENT_BEFORE, COLD, \
		"SELECT id, at_ms, kind, subject, actor, data, hash FROM event" \
		" WHERE id < ?1 ORDER BY id DESC LIMIT ?2") \
	X(EVENT_AFTER, COLD, \
		"SELECT id, at_ms, kind, subject, actor, data, hash FROM event" \
		" WHERE id > ?1 ORDER BY id LIMIT ?2") \
	X(SEAL_SET, HOT, \
		"INSERT INTO event_seal (name, value) VALUES (?1, ?2)" \
		" ON CONFLICT (name) DO UPDATE SET value = ?2") \
	X(FAULT_FIND, COLD, "SELECT id FROM event_fault WHERE kind = ?1 AND event_id = ?2") \
	X(FAULT_ADD, COLD, \
		"INSERT INTO event_fault (kind, event_id, found_ms) VALUES (?1, ?2, ?3)") \
	X(FAULT_LIST, COLD, \
		"SELECT id, kind, event_id, found_ms, seen_ms, seen_by FROM event_fault" \
		" WHERE id < ?1 ORDER BY id DESC LIMIT ?2") \
	X(FAULT_COUNT, COLD, "SELECT count(*) FROM event_fault WHERE seen_ms = 0") \
	X(FAULT_LOAD, COLD, "SELECT seen_ms FROM event_fault WHERE id = ?1") \
	X(FAULT_SEEN, COLD, "UPDATE event_fault SET seen_ms = ?2, seen_by = ?3 WHERE id = ?1") \
	X(DAY_ADD, COLD, \
		"INSERT INTO event_day (day, event_id, hash, closed_ms, outbox_id) VALUES (?1, ?2, ?3, ?4, ?5)" \
		" ON CONFLICT DO NOTHING") \
	X(DAY_LOAD, COLD, \
		"SELECT day, event_id, hash, closed_ms, outbox_id FROM event_day WHERE day = ?1") \
	X(DAY_LAST, COLD, \
		"SELECT day, event_id, hash, closed_ms, outbox_id FROM event_day ORDER BY day DESC LIMIT 1") \
	X(SETTING_FIND, COLD, "SELECT hash FROM setting_seen WHERE path = ?1") \
	X(SETTING_SET, COLD, \
		"INSERT INTO setting_seen (path, hash) VALUES (?1, ?2) ON CONFLICT (path) DO UPDATE SET hash = ?2") \
	X(EVENT_ADD, HOT, \
		"INSERT INTO event (id, at_ms, kind, subject, actor, data, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)") \
	X(EVENT_LAST, COLD, "SELECT at_ms FROM event ORDER BY id DESC LIMIT 1") \
	X(REBASE_OUTBOX, COLD, \
		"UPDATE outbox SET due_ms = due_ms + ?1, deadline_ms = deadline_ms + ?1, expires_ms = expires_ms + ?1," \
		" claimed_ms = iif(claimed_ms > 0, claimed_ms + ?1, 0) WHERE is_final = 0") \
	X(REBASE_PART, COLD, \
		"UPDATE outbox_part SET sent_ms = sent_ms + ?1 WHERE outbox_id IN" \
		" (SELECT id FROM outbox WHERE is_final = 0)") \
	X(REBASE_SET, COLD, "UPDATE sms_set SET first_ms = first_ms + ?1 WHERE is_open = 1") \
	X(TOKEN_LOAD, HOT, \
		"SELECT generation, access, refresh, issued_ms, expires_ms, attempt_ms, refresh_expires_ms, told" \
		" FROM zalo_token" \
		" WHERE app_id = ?1 AND oa_id = ?2 ORDER BY generation DESC LIMIT 1") \
	X(TOKEN_ADD, HOT, \
		"INSERT INTO zalo_token (app_id, oa_id, generation, access, refresh, issued_ms, expires_ms, attempt_ms," \
		" refresh_expires_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)") \
	X(TOKEN_PRUNE, HOT, \
		"DELETE FROM zalo_token WHERE app_id = ?1 AND oa_id = ?2 AND generation < ?3") \
	X(TOKEN_ATTEMPT, HOT, \
		"UPDATE zalo_token SET attempt_ms = ?4 WHERE app_id = ?1 AND oa_id = ?2 AND generation = ?3") \
	X(TOKEN_BACK, HOT, \
		"DELETE FROM zalo_token WHERE app_id = ?1 AND oa_id = ?2 AND generation = ?3 AND EXISTS (" \
		"SELECT 1 FROM zalo_token p WHERE p.app_id = ?1 AND p.oa_id = ?2 AND p.generation = ?3 - 1" \
		" AND p.attempt_ms = 0)") \
	X(TOKEN_TOLD, HOT, \
		"UPDATE zalo_token SET told = ?4 WHERE app_id = ?1 AND oa_id = ?2 AND generation = ?3") \
	/* traffic */ \
	X(TRAFFIC_ADD, HOT, \
		"INSERT INTO traffic (name, day, up_bytes, down_bytes) VALUES (?1, ?2, ?3, ?4)" \
		" ON CONFLICT (name, day) DO UPDATE SET up_bytes = up_bytes + ?3, down_bytes = down_bytes + ?4") \
	X(TRAFFIC_PRUNE, HOT, "DELETE FROM traffic WHERE name = ?1 AND day < ?2") \
	X(TRAFFIC_SUM, HOT, \
		"SELECT coalesce(sum(up_bytes), 0), coalesce(sum(down_bytes), 0) FROM traffic" \
		" WHERE name = ?1 AND day >= ?2") \
	X(PROCEDURE_TALLY_ADD, HOT, \
		"INSERT INTO procedure_tally (day, code, asked) VALUES (?1, ?2, 1)" \
		" ON CONFLICT (day, code) DO UPDATE SET asked = asked + 1") \
	X(PROCEDURE_TALLY_PRUNE, HOT, "DELETE FROM procedure_tally WHERE day < ?1") \
	X(PROCEDURE_TALLY_SINCE, COLD, \
		"SELECT code, sum(asked) FROM procedure_tally WHERE day >= ?1 GROUP BY code ORDER BY code") \
	X(PROCEDURE_TOLD, HOT, "SELECT day FROM procedure_told WHERE code = ?1") \
	X(PROCEDURE_TOLD_PUT, HOT, \
		"INSERT INTO procedure_told (code, day) VALUES (?1, ?2)" \
		" ON CONFLICT (code) DO UPDATE SET day = ?2") \
	X(PROCEDURE_TOLD_ON, COLD, "SELECT 1 FROM procedure_told WHERE day = ?1 LIMIT 1") \
	X(CURSOR_LOAD, HOT, \
		"SELECT floor_ms, top_ms, \"offset\", edge_ms, edge_id, covered_ms" \
		" FROM zalo_cursor WHERE name = ?1") \
	X(CURSOR_SAVE, HOT, \
		"INSERT INTO zalo_cursor (name, floor_ms, top_ms, \"offset\", edge_ms, edge_id, covered_ms)" \
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (name) DO UPDATE SET" \
		" floor_ms = ?2, top_ms = ?3, \"offset\" = ?4, edge_ms = ?5, edge_id = ?6, covered_ms = ?7") \
	X(GAP_ADD, HOT, \
		"INSERT INTO zalo_gap (list, from_ms, to_ms, noted_ms) VALUES (?1, ?2, ?3, ?4)") \
	X(GAP_LIST, COLD, \
		"SELECT id, list, from_ms, to_ms, noted_ms, seen_ms, seen_by FROM zalo_gap" \
		" WHERE id < ?1 ORDER BY id DESC LIMIT ?2") \
	X(GAP_COUNT, COLD, "SELECT count(*) FROM zalo_gap WHERE seen_ms = 0") \
	X(GAP_LOAD, COLD, "SELECT seen_ms FROM zalo_gap WHERE id = ?1") \
	X(GAP_SEEN, COLD, "UPDATE zalo_gap SET seen_ms = ?2, seen_by = ?3 WHERE id = ?1") \
	/* attachment */ \
	X(ATTACHMENT_ADD, HOT, \
		"INSERT INTO attachment (id, inbox_id, report_id, kind, state, created_ms, due_ms, done_ms, reason, md5," \
		" bytes, name, source) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9, ?10, ?11, ?12)") \
	X(ATTACHMENT_LOAD, HOT, "SELECT " ATTACHMENT_COLUMNS " FROM attachment WHERE id = ?1") \
	X(ATTACHMENT_SOURCE, HOT, "SELECT source FROM attachment WHERE id = ?1") \
	X(ATTACHMENT_DUE, HOT, \
		"SELECT " ATTACHMENT_COLUMNS \
		" FROM attachment WHERE state = 'WAITING' AND due_ms <= ?1" \
		" ORDER BY due_ms, id LIMIT ?2") \
	X(ATTACHMENT_NEXT, COLD, "SELECT min(due_ms) FROM attachment WHERE state = 'WAITING'") \
	X(ATTACHMENT_SOON, HOT, \
		"UPDATE attachment SET due_ms = ?1 WHERE state = 'WAITING' AND due_ms > ?1") \
	X(ATTACHMENT_STORE, HOT, \
		"UPDATE attachment SET state = 'STORED', source = NULL, reason = '', done_ms = ?2, bytes = ?3," \
		" mime = ?4, file = ?5, key = ?6, attempts = attempts + 1 WHERE id = ?1 AND state = 'WAITING'") \
	X(ATTACHMENT_REFILE, COLD, \
		"UPDATE attachment SET file = ?2, key = ?3 WHERE id = ?1 AND file IS NOT NULL") \
	X(ATTACHMENT_KEY, HOT, "SELECT file, key, report_id FROM attachment WHERE id = ?1") \
	X(ATTACHMENT_RETRY, HOT, \
		"UPDATE attachment SET due_ms = ?2, reason = ?3, gone = gone + ?4, attempts = attempts + 1" \
		" WHERE id = ?1 AND state = 'WAITING'") \
	X(ATTACHMENT_FAIL, HOT, \
		"UPDATE attachment SET state = 'FAILED', source = NULL, file = NULL, key = NULL, done_ms = ?2, reason = ?3" \
		" WHERE id = ?1 AND state <> 'FAILED'") \
	X(ATTACHMENT_OF_INBOX, HOT, "SELECT count(*) FROM attachment WHERE inbox_id = ?1") \
	X(ATTACHMENT_OF_REPORT, HOT, \
		"SELECT " ATTACHMENT_COLUMNS " FROM attachment WHERE report_id = ?1 ORDER BY id") \
	X(ATTACHMENT_FILE, HOT, "SELECT id FROM attachment WHERE file = ?1") \
	X(ATTACHMENT_FILES, COLD, \
		"SELECT id, file FROM attachment WHERE file IS NOT NULL AND id > ?1 ORDER BY id LIMIT 1") \
	X(ATTACHMENT_BYTES, COLD, \
		"SELECT coalesce(sum(bytes), 0) FROM attachment WHERE state = 'STORED'") \
	X(ATTACHMENT_WAITING, COLD, "SELECT count(*) FROM attachment WHERE state = 'WAITING'") \
	X(ATTACHMENT_FAILED, COLD, \
		"SELECT count(*) FROM attachment WHERE state = 'FAILED' AND done_ms > ?1") \
	BACKUP_STATEMENT_TABLE(X) \
	BULLETIN_STATEMENT_TABLE(X) \
	DELIVERY_STATEMENT_TABLE(X) \
	DUTY_STATEMENT_TABLE(X) \
	FEED_STATEMENT_TABLE(X) \
	ENROLMENT_STATEMENT_TABLE(X) \
	STAY_STATEMENT_TABLE(X) \
	POLL_STATEMENT_TABLE(X) \
	DOSSIER_STATEMENT_TABLE(X) \
	SETTING_STATEMENT_TABLE(X) \
	GROUP_STATEMENT_TABLE(X) \
	OFFICER_STATEMENT_TABLE(X) \
	KEY_STATEMENT_TABLE(X) \
	REPORT_STATEMENT_TABLE(X) \
	LEGAL_STATEMENT_TABLE(X) \
	MENU_STATEMENT_TABLE(X) \
	RETENTION_STATEMENT_TABLE(X)

enum stmt_id {
#define X(name, heat, sql) STMT_##name,
	STATEMENT_TABLE(X)
#undef X
		STMT_COUNT
};

enum stmt_heat { STMT_HOT, STMT_COLD };

struct stmt_text {
	const char *name;
	enum stmt_heat heat;
	const char *sql;
};
extern const struct stmt_text stmt_texts[STMT_COUNT];

#endif
