-- SPDX-License-Identifier: GPL-2.0-or-later
-- A bulletin: what goes out to many. version: the newest one; what was approved is a version, by its hash, so that nothing
-- can be changed after it. author_id: who began it, NULL the machine (a feed). screened: the version that was screened.
-- review_due_ms: when a second person has to have looked at what the chief sent alone, 0 not wanted.
CREATE TABLE bulletin (
	id            INTEGER PRIMARY KEY,
	state         TEXT NOT NULL CHECK (state IN
		('DRAFT','SUBMITTED','APPROVED','SENDING','DONE','RECALLED','EXPIRED','DISCARDED')),
	version       INTEGER NOT NULL CHECK (version >= 1),
	origin        TEXT NOT NULL CHECK (origin IN ('officer','feed','uplink')),
	author_id     INTEGER REFERENCES officer,
	submitter_id  INTEGER REFERENCES officer,
	screened      INTEGER NOT NULL CHECK (screened >= 0),
	created_ms    INTEGER NOT NULL,
	expires_ms    INTEGER NOT NULL,
	submitted_ms  INTEGER NOT NULL,
	approved_ms   INTEGER NOT NULL,
	started_ms    INTEGER NOT NULL,
	ended_ms      INTEGER NOT NULL,
	review_due_ms INTEGER NOT NULL,
	reviewed_ms   INTEGER NOT NULL,
	is_told       INTEGER NOT NULL CHECK (is_told IN (0,1))
) STRICT;
CREATE INDEX bulletin_state ON bulletin (state, id);
CREATE INDEX bulletin_expiry ON bulletin (expires_ms) WHERE state IN ('DRAFT','SUBMITTED','APPROVED');
CREATE INDEX bulletin_review ON bulletin (review_due_ms) WHERE review_due_ms > 0 AND reviewed_ms = 0 AND is_told = 0;

-- Everything that is approved. words: sealed title, text, SMS, source; NULL once the draft was thrown away. is_emergency:
-- immediate or expected, and extreme or severe (CAP 1.2). is_sensitive: as its category said when it was written.
-- to_refusers: also who refused bulletins. audience: canonical JSON without a person. from_ms: not before, 0 at once.
CREATE TABLE bulletin_version (
	id           INTEGER PRIMARY KEY,
	bulletin_id  INTEGER NOT NULL REFERENCES bulletin,
	version      INTEGER NOT NULL,
	author_id    INTEGER REFERENCES officer,
	at_ms        INTEGER NOT NULL,
	category     TEXT NOT NULL,
	urgency      TEXT NOT NULL CHECK (urgency IN ('immediate','expected','future','past','unknown')),
	severity     TEXT NOT NULL CHECK (severity IN ('extreme','severe','moderate','minor','unknown')),
	certainty    TEXT NOT NULL CHECK (certainty IN ('observed','likely','possible','unlikely','unknown')),
	is_emergency INTEGER NOT NULL CHECK (is_emergency =
		(urgency IN ('immediate','expected') AND severity IN ('extreme','severe'))),
	is_sensitive INTEGER NOT NULL CHECK (is_sensitive IN (0,1)),
	is_drill     INTEGER NOT NULL CHECK (is_drill IN (0,1)),
	to_refusers  INTEGER NOT NULL CHECK (to_refusers IN (0,1) AND (to_refusers = 0 OR is_emergency = 1)),
	refers_to    INTEGER REFERENCES bulletin CHECK (refers_to IS NULL OR refers_to <> bulletin_id),
	refers_how   TEXT NOT NULL CHECK (refers_how IN ('','corrects','recalls') AND (refers_how = '') = (refers_to IS NULL)),
	from_ms      INTEGER NOT NULL,
	expires_ms   INTEGER NOT NULL CHECK (expires_ms > from_ms),
	audience     TEXT NOT NULL,
	enclosure_id INTEGER REFERENCES enclosure,
	words        BLOB,
	hash         BLOB NOT NULL CHECK (length(hash) = 32),
	UNIQUE (bulletin_id, version)
) STRICT;
CREATE INDEX bulletin_version_refers ON bulletin_version (refers_to) WHERE refers_to IS NOT NULL;
CREATE INDEX bulletin_version_enclosure ON bulletin_version (enclosure_id) WHERE enclosure_id IS NOT NULL;

-- Who said what about which version. hash: of what he saw. 'alone': the chief about an emergency of his own. note: sealed.
CREATE TABLE bulletin_approval (
	id          INTEGER PRIMARY KEY,
	bulletin_id INTEGER NOT NULL REFERENCES bulletin,
	version     INTEGER NOT NULL,
	kind        TEXT NOT NULL CHECK (kind IN ('approve','alone','reject','review','recall')),
	hash        BLOB NOT NULL CHECK (length(hash) = 32),
	officer_id  INTEGER NOT NULL REFERENCES officer,
	role        TEXT NOT NULL,
	at_ms       INTEGER NOT NULL,
	note        BLOB,
	FOREIGN KEY (bulletin_id, version) REFERENCES bulletin_version (bulletin_id, version)
) STRICT;
CREATE INDEX bulletin_approval_of ON bulletin_approval (bulletin_id, version, id);

-- What the screen saw in a version: where (bytes of a field), and what somebody answered to it. word: of the list, never of
-- the text; hash: keyed, of kind and text, by which an answer is found again in the next version. reason: sealed.
CREATE TABLE bulletin_finding (
	id          INTEGER PRIMARY KEY,
	bulletin_id INTEGER NOT NULL REFERENCES bulletin,
	version     INTEGER NOT NULL,
	kind        TEXT NOT NULL CHECK (kind IN ('secrecy','measure','identity','phone','plate','account','link','money')),
	field       TEXT NOT NULL CHECK (field IN ('title','text','sms','source')),
	at          INTEGER NOT NULL CHECK (at >= 0),
	bytes       INTEGER NOT NULL CHECK (bytes > 0),
	word        TEXT NOT NULL,
	hash        BLOB NOT NULL CHECK (length(hash) = 32),
	officer_id  INTEGER REFERENCES officer,
	answered_ms INTEGER NOT NULL,
	reason      BLOB,
	FOREIGN KEY (bulletin_id, version) REFERENCES bulletin_version (bulletin_id, version),
	CHECK ((answered_ms = 0) = (officer_id IS NULL))
) STRICT;
CREATE INDEX bulletin_finding_of ON bulletin_finding (bulletin_id, version, id);

-- A list of people, or a rule that draws them (canonical JSON, '' none), under a name.
CREATE TABLE audience (
	id         INTEGER PRIMARY KEY,
	code       TEXT NOT NULL UNIQUE,
	name       TEXT NOT NULL,
	rule       TEXT NOT NULL,
	created_ms INTEGER NOT NULL,
	changed_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE audience_member (
	audience_id INTEGER NOT NULL REFERENCES audience ON DELETE CASCADE,
	resident_id INTEGER NOT NULL REFERENCES resident ON DELETE CASCADE,
	PRIMARY KEY (audience_id, resident_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX audience_member_of ON audience_member (resident_id);

-- Who is not to get bulletins, by the registry's hash of a phone or a Zalo id, whether he is in the registry or not.
-- topic: a category, '' all of them. 'asked': he said so; 'blocked': an officer did, for a number that is wrong.
CREATE TABLE bulletin_refusal (
	hash     BLOB NOT NULL CHECK (length(hash) = 32),
	topic    TEXT NOT NULL,
	kind     TEXT NOT NULL CHECK (kind IN ('asked','blocked')),
	since_ms INTEGER NOT NULL,
	PRIMARY KEY (hash, topic, kind)
) STRICT, WITHOUT ROWID;

-- What was written stays as it was; only the words of a draft that was thrown away go.
CREATE TRIGGER bulletin_version_kept BEFORE UPDATE ON bulletin_version
WHEN NEW.words IS NOT NULL OR (SELECT state FROM bulletin WHERE id = OLD.bulletin_id) <> 'DISCARDED'
	OR (NEW.id, NEW.bulletin_id, NEW.version, NEW.author_id, NEW.hash, NEW.audience)
	IS NOT (OLD.id, OLD.bulletin_id, OLD.version, OLD.author_id, OLD.hash, OLD.audience)
BEGIN SELECT RAISE(ABORT, 'a version of a bulletin is not changed'); END;
CREATE TRIGGER bulletin_version_no_delete BEFORE DELETE ON bulletin_version
BEGIN SELECT RAISE(ABORT, 'a version of a bulletin is not deleted'); END;
CREATE TRIGGER bulletin_version_late BEFORE INSERT ON bulletin_version
WHEN (SELECT state FROM bulletin WHERE id = NEW.bulletin_id) NOT IN ('DRAFT','SUBMITTED','APPROVED','EXPIRED')
BEGIN SELECT RAISE(ABORT, 'a bulletin that went out is not changed'); END;

-- Four eyes: neither the author of the version nor who submitted it approves it; a chief or deputy what is sensitive.
CREATE TRIGGER bulletin_approval_right BEFORE INSERT ON bulletin_approval BEGIN
	SELECT RAISE(ABORT, 'not an active officer of that role')
	WHERE NOT EXISTS (SELECT 1 FROM officer o WHERE o.id = NEW.officer_id AND o.role = NEW.role AND o.state = 'active');
	SELECT RAISE(ABORT, 'not what is written there')
	WHERE NOT EXISTS (SELECT 1 FROM bulletin_version v
		WHERE v.bulletin_id = NEW.bulletin_id AND v.version = NEW.version AND v.hash = NEW.hash);
	SELECT RAISE(ABORT, 'not submitted')
	WHERE NEW.kind IN ('approve','alone','reject') AND NOT EXISTS (SELECT 1 FROM bulletin b
		WHERE b.id = NEW.bulletin_id AND b.version = NEW.version AND b.state = 'SUBMITTED');
	SELECT RAISE(ABORT, 'the author does not approve')
	WHERE NEW.kind = 'approve' AND EXISTS (SELECT 1 FROM bulletin_version v JOIN bulletin b ON b.id = v.bulletin_id
		WHERE v.bulletin_id = NEW.bulletin_id AND v.version = NEW.version
		AND (v.author_id = NEW.officer_id OR b.submitter_id = NEW.officer_id));
	SELECT RAISE(ABORT, 'needs a chief or deputy')
	WHERE NEW.kind = 'approve' AND NEW.role NOT IN ('chief','deputy') AND EXISTS (SELECT 1 FROM bulletin_version v
		WHERE v.bulletin_id = NEW.bulletin_id AND v.version = NEW.version AND (v.is_sensitive = 1 OR v.is_emergency = 1));
	SELECT RAISE(ABORT, 'only the chief, and only an emergency')
	WHERE NEW.kind = 'alone' AND NOT EXISTS (SELECT 1 FROM bulletin_version v
		WHERE v.bulletin_id = NEW.bulletin_id AND v.version = NEW.version AND v.is_emergency = 1 AND NEW.role = 'chief');
	SELECT RAISE(ABORT, 'who sent it alone does not review it')
	WHERE NEW.kind = 'review' AND (NEW.role NOT IN ('chief','deputy','chairman')
		OR EXISTS (SELECT 1 FROM bulletin_approval a WHERE a.bulletin_id = NEW.bulletin_id AND a.officer_id = NEW.officer_id
			AND a.kind IN ('approve','alone')));
	SELECT RAISE(ABORT, 'nobody approves twice')
	WHERE NEW.kind IN ('approve','alone') AND EXISTS (SELECT 1 FROM bulletin_approval a
		WHERE a.bulletin_id = NEW.bulletin_id AND a.version = NEW.version AND a.officer_id = NEW.officer_id
		AND a.kind IN ('approve','alone') AND a.at_ms >= (SELECT submitted_ms FROM bulletin WHERE id = NEW.bulletin_id));
END;
CREATE TRIGGER bulletin_approval_no_update BEFORE UPDATE ON bulletin_approval
BEGIN SELECT RAISE(ABORT, 'an approval is not changed'); END;
CREATE TRIGGER bulletin_approval_no_delete BEFORE DELETE ON bulletin_approval
BEGIN SELECT RAISE(ABORT, 'an approval is not deleted'); END;

-- Nothing is submitted that was not screened and answered for; nothing goes out that was not approved as it is.
CREATE TRIGGER bulletin_begins BEFORE INSERT ON bulletin WHEN NEW.state <> 'DRAFT' OR NEW.version <> 1
BEGIN SELECT RAISE(ABORT, 'a bulletin begins as a draft'); END;
CREATE TRIGGER bulletin_edited BEFORE UPDATE OF version ON bulletin WHEN NEW.version <> OLD.version AND NEW.state <> 'DRAFT'
BEGIN SELECT RAISE(ABORT, 'what is changed has to be approved again'); END;
CREATE TRIGGER bulletin_submitted BEFORE UPDATE OF state ON bulletin WHEN NEW.state = 'SUBMITTED' AND OLD.state <> 'SUBMITTED'
BEGIN
	SELECT RAISE(ABORT, 'not screened') WHERE NEW.screened <> NEW.version;
	SELECT RAISE(ABORT, 'the screen is not answered') WHERE EXISTS (SELECT 1 FROM bulletin_finding f
		WHERE f.bulletin_id = NEW.id AND f.version = NEW.version AND f.answered_ms = 0);
END;
CREATE TRIGGER bulletin_approved BEFORE UPDATE OF state ON bulletin WHEN NEW.state IN ('APPROVED','SENDING')
BEGIN
	SELECT RAISE(ABORT, 'not from there') WHERE OLD.state <> CASE NEW.state WHEN 'SENDING' THEN 'APPROVED' ELSE 'SUBMITTED' END;
	SELECT RAISE(ABORT, 'not approved') WHERE NEW.version <> OLD.version OR NOT EXISTS (
		SELECT 1 FROM bulletin_version v WHERE v.bulletin_id = NEW.id AND v.version = NEW.version AND v.to_refusers < (
			SELECT count(*) FROM bulletin_approval a WHERE a.bulletin_id = v.bulletin_id AND a.version = v.version
			AND a.hash = v.hash AND a.kind IN ('approve','alone') AND a.at_ms >= NEW.submitted_ms));
END;
