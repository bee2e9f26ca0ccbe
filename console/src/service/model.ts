// SPDX-License-Identifier: GPL-2.0-or-later
// What the API answers about the service for residents, as far as it is read here.
import type { ReportRow } from "../model";

export interface ProcedureRow {
	code: string;
	branch: string;
	branch_title: string;
	title: string;
	short: string;
	checked: string;
	expires: string;
	is_expired: boolean;
	is_confirmed: boolean;
	is_own: boolean;
	/** Who confirmed it on the page; null: its file says so, or nobody did. */
	confirmed_by: string | null;
	confirmed: string | null;
	/** It was confirmed on the page and reads otherwise now. */
	is_changed: boolean;
	/** null: too few to be told */
	asked: number | null;
	/** Only in what answers a question. */
	is_answer?: boolean;
}

export interface Procedure extends ProcedureRow {
	text: string;
	asks: string[];
	basis: string[];
	by_sms: string;
	by_zalo: string;
}

export interface Procedures {
	procedures: ProcedureRow[];
	missed: number | null;
}

export interface Question extends ReportRow {
	/** null: only its line is shown to this officer */
	text: string | null;
	near: { code: string; title: string; worth: number }[];
}

export interface Counts {
	/** null: too few to be told */
	asked: number | null;
	answered: number | null;
	person: number | null;
	lost: number | null;
}

export interface ServiceStatistics {
	days: number;
	since: string;
	sums: Counts;
	doors: (Counts & { door: string })[];
	topics: (Counts & { what: string })[];
	procedures: { code: string; title: string | null; asked: number | null }[];
	missed: number | null;
}

export type StayState = "UNCLEAR" | "RECEIVED" | "ENTERED" | "RECORDED" | "DECLINED";

export interface Stay {
	id: number;
	state: StayState;
	timing: "IN_TIME" | "NIGHT" | "LATE";
	received: string;
	changed: string;
	guests: number;
	from: string | null;
	to: string | null;
	is_erased: boolean;
	/** Only when it is read. */
	words?: { guests?: { name: string; id: string }[]; reason?: string; address?: string; text?: string };
}

export type PollState = "DRAFT" | "OPEN" | "CLOSED" | "DONE" | "CANCELLED";

export interface PollRow {
	id: number;
	state: PollState;
	question: string;
	per: "household" | "phone";
	/** percent of the voices; 0 none */
	quorum: number;
	created: string;
	opened: string | null;
	closes: string;
	ended: string | null;
	voices: number;
	/** Of the question, and of the result. */
	bulletin: number | null;
	result: number | null;
}

export interface Poll extends PollRow {
	/** votes null: too few to be told, or it is open still */
	options: { number: number; label: string; aliases: string[]; votes: number | null }[];
	answered: number | null;
	unclear: number;
	has_quorum: boolean;
}

export interface Unclear {
	/** A number of this poll only, which tells nobody who it was. */
	voice: string;
	text: string;
	option: number | null;
}
