// SPDX-License-Identifier: GPL-2.0-or-later
// What the API answers, as far as the console reads it. The whole of it: daemon/http/openapi.json.
export type Role = "chief" | "deputy" | "area" | "duty" | "clerk" | "chairman" | "it";

export interface Officer {
	id: number;
	login: string;
	name: string;
	role: Role;
	state: "active" | "locked" | "removed";
	superior: string | null;
	places: string[];
	has_phone: boolean;
	is_ready: boolean;
	has_code: boolean;
	last_login: string | null;
}

/** Shown once, to the chief, who hands it over. */
export interface OfficerCode {
	officer: Officer;
	code: string;
	left_s: number;
}

export interface Session {
	id: number;
	peer: string;
	by: "bearer" | "cookie";
	is_own: boolean;
	age_s: number;
	idle_s: number;
	left_s: number;
}

export interface Me {
	officer: Officer;
	session: Session;
	csrf: string;
}

export interface LoggedIn extends Me {
	escrow?: string;
}

export interface Enrolment {
	enrolment: string;
	otpauth: string;
	left_s: number;
}

export type ReportState = "open" | "answered" | "closed" | "moved";
export type Urgency = "normal" | "urgent" | "danger";

export interface ReportRow {
	id: number;
	report: string;
	sight: "words" | "line" | "blank";
	/** The register, or the book of those about officers that the chief (R) or the chairman (C) reads. */
	book: "" | "R" | "C";
	number: number;
	year: number;
	code: string;
	state: ReportState;
	source: string;
	category: string;
	urgency: Urgency;
	decided: string | null;
	hamlet: string;
	received: string;
	heard: string;
	from: string;
	receiver: string;
	is_incomplete: boolean;
	is_quiet: boolean;
	is_anonymous: boolean;
	is_merged: boolean;
}

export interface Entry {
	kind: "received" | "answer" | "amended" | "more" | "note";
	at: string;
	text: string;
	outbox_id: number;
	outbox_state: string | null;
	/** By which an answer leaves; the text is what is really sent there. */
	channel: string | null;
}

export interface Attachment {
	id: number;
	kind: string;
	state: "waiting" | "stored" | "failed";
	reason_vi: string | null;
	name: string;
	mime: string;
	bytes: number;
	at: string;
}

export interface Secrecy {
	marking: string | null;
	found: string | null;
	printed: string | null;
	offline: string | null;
}

export interface Report extends ReportRow {
	dialogue: Entry[];
	attachments: Attachment[];
	guess: { category: string; is_danger: boolean; words: string } | null;
	secrecy: Secrecy | null;
	links: { report: string | null; kind: "related" | "follows" | "names"; is_back: boolean; at: string }[];
	merged: string[];
	merged_into: string | null;
	assignee: string | null;
}

export interface Clock {
	id: number;
	report: string;
	class: string;
	code: string;
	name: string;
	source: string;
	is_confirmed: boolean;
	state: "RUNNING" | "FROZEN" | "MET" | "LATE" | "ENDED";
	is_late: boolean;
	is_watched: boolean;
	started: string;
	due: string;
	/** Of one that runs. */
	left_s: number;
	extensions: number;
	frozen: string | null;
	ended: string | null;
}

export interface ReportLaw {
	report: string;
	class: string | null;
	is_urgent: boolean;
	decisions: { class: string; is_urgent: boolean; by: string; at: string }[];
	clocks: Clock[];
	moments: { moment: string; at: string }[];
	outcomes: { kind: string; addressee: string; receipt: string; at: string; by: string }[];
}

export interface RegimeClock {
	code: string;
	name: string;
	ends: string;
	freeze: Role[];
	extensions: { code: string; name: string; granted_by: string; by: Role[] }[];
}

export interface Regimes {
	classes: {
		class: string;
		name: string;
		records: { from: string; to: string | null; addressee: string; clocks: RegimeClock[] }[];
	}[];
}

/** Until when a report is kept, and who holds it longer. */
export interface ReportRetention {
	report: string;
	retention: {
		closed: string | null;
		sanitise_due: string | null;
		erase_due: string | null;
		sanitised: string | null;
		erased: string | null;
		held: boolean;
		hold: { by: string; at: string; reason: string } | null;
	};
}

export interface AnswerTemplate {
	name: string;
	state: ReportState;
	has_text: boolean;
	words: string;
}

export interface Alarm {
	id: number;
	number: number;
	state: "RINGING" | "TAKEN" | "UNANSWERED";
	step: number;
	began: string;
	next: string | null;
	taken: string | null;
	taken_by: string;
}

export interface Problem {
	code: string;
	severity: "alarm" | "warning";
	subject: string | null;
	since: string | null;
	message_vi: string;
	advice_vi: string;
}

export interface Modem {
	name: string;
	phase: "down" | "connecting" | "ready" | "stopping";
	model?: string;
	signal?: number | null;
	network?: string;
	operator?: string;
	sim_used?: number;
	sim_size?: number;
	received?: number;
	sent?: number;
	in_doubt?: number;
	last_error?: string;
	last_good?: string | null;
	silent_s?: number;
	balance?: number | null;
	balance_low?: boolean;
	swapped?: string;
	caps_left?: { minute: number; hour: number; day: number };
}

export interface Duty {
	has_roster: boolean;
	is_nobody: boolean;
	on_duty: { officer: string; name: string; rank: number; has_phone: boolean }[];
	until: string | null;
	gaps: { from: string; to: string }[];
	alarms_ringing: number;
	alarms_unanswered: number;
}

export interface Status {
	version?: string;
	started?: number;
	now: string;
	notice: string;
	problems: Problem[];
	duty: Duty;
	modems?: Modem[];
	zalo?: {
		state: string;
		reachable: boolean;
		usable: boolean;
		last_poll: number;
		refresh_expires_text: string;
		link: { message_vi: string; advice_vi: string; since: number };
	} | null;
	clock?: { trust: "wrong" | "alone" | "network" | "ntp"; drift_s: number };
	officers?: { is_claimed: boolean; is_escrow_checked?: boolean };
	audit: { state?: string; events: number | null; verified: string | null; faults: number };
	store: { database_bytes: number; free_bytes: number; quarantine: number; last_commit_us: number };
	reports: { open: number; answered: number; closed: number };
	outbox: Record<string, number>;
	inbox: Record<string, number>;
}

export interface Today {
	now: string;
	alarms: Alarm[];
	reports: ReportRow[];
	open: number;
	clocks: Clock[];
	waiting: { kind: string; count: number }[];
	problems: Problem[];
	duty: Duty;
}

export interface OutboxRow {
	id: number;
	channel: string;
	lane: string;
	kind: string;
	state: string;
	is_final: boolean;
	created: string;
	due: string;
	sent: string | null;
	attempts: number;
	error: string | null;
	report: string | null;
}

export interface SmsPreview {
	text: string;
	alphabet: "gsm7" | "ucs2";
	unaccented: boolean;
	characters: number;
	segments: number;
	price: number;
	minutes: number;
}

export interface Place {
	id: number;
	code: string;
	name: string;
	kind: string;
	parent: string;
	residents: number;
	on_zalo: number;
	/** Merged or gone: it takes nothing new. */
	is_closed: boolean;
}

export type BulletinState = "DRAFT" | "SUBMITTED" | "APPROVED" | "SENDING" | "DONE" | "RECALLED" | "EXPIRED" | "DISCARDED";

export interface AudienceRule {
	all?: boolean;
	places?: string[];
	roles?: string[];
	lists?: string[];
	kinds?: string[];
	not_on_zalo?: boolean;
	reached?: number;
}

export interface BulletinRow {
	id: number;
	state: BulletinState;
	version: number;
	title: string | null;
	category: string;
	category_name: string;
	speed: "normal" | "urgent" | "emergency";
	sensitive: boolean;
	drill: boolean;
	created: string;
	changed: string;
	started: string | null;
	from: string | null;
	expires: string | null;
	to_refusers: boolean;
	trial?: boolean;
	review_due: string | null;
	reviewed: string | null;
	author: string;
	writer: string;
	submitter: string | null;
	refers_to: number;
	refers_how: "corrects" | "recalls" | "" | null;
	unanswered: number;
}

export interface Finding {
	id: number;
	kind: string;
	field: "title" | "text" | "sms" | "source";
	word: string;
	what: string;
	officer: string | null;
	answered: string | null;
	reason: string | null;
}

export interface Bulletin extends BulletinRow {
	urgency: string;
	severity: string;
	text: string | null;
	sms: string | null;
	source: string | null;
	as_zalo: string | null;
	as_sms: { text: string; coding: string; units: number; segments: number; unaccented: boolean } | null;
	audience: AudienceRule;
	file: { kind: "image" | "gif" | "file"; name: string } | null;
	findings: Finding[];
	judgements: { version: number; verdict: string; officer: string; role: Role; at: string; note: string | null }[];
}

export interface BulletinDelivery {
	state: "PLANNING" | "RUNNING" | "STOPPED" | "RECALLED" | "EXPIRED" | "DONE";
}

export interface BulletinPreview {
	sms: string | null;
	unaccented: boolean;
	characters: number;
	people: number;
	heads: number;
	by_group: number;
	by_zalo: number;
	texts: number;
	texts_most: number;
	segments: number;
	minutes: number | null;
	minutes_most: number | null;
	cost: number | null;
	cost_most: number | null;
	budget_left: number | null;
	waits_until: string | null;
	finishes: string | null;
	not_told: { no_way: number; refused: number; refused_topic: number; blocked: number };
	fits: boolean;
	instead: ("heads_only" | "zalo_only" | "aggregator")[];
	shorter: { characters: number; people: number; saves: number } | null;
}

export interface BulletinStatistics {
	people: number;
	told: number | null;
	under_way: number | null;
	in_doubt: number | null;
	not_told: number | null;
	skipped: number | null;
	heads: number;
	heads_confirmed: number | null;
	cost: number | null;
	half_s: number | null;
	most_s: number | null;
	channels: { channel: string; told: number | null; cost: number | null }[];
	reasons: { reason: string; people: number | null }[];
	places: { place: string; name: string; people: number; told: number | null }[];
}

export interface BulletinCategory {
	code: string;
	name: string;
	sensitive: boolean;
	/** Taken for a poll that names none. */
	polls: boolean;
	days: number;
	urgency: string;
	severity: string;
	certainty: string;
}
