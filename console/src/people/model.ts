// SPDX-License-Identifier: GPL-2.0-or-later
// What the API answers about people and groups, as far as it is read here.
export interface Enrolment {
	id: number;
	place: string | null;
	said: string | null;
	name: string;
	phone: string;
	day: string;
	wording: number;
	/** Says that he is in the registry with a number that he can't use any more. */
	is_move: boolean;
	/** Enrolled by Zalo and has shown this phone to be his. */
	has_zalo: boolean;
}

export interface ImportFault {
	row: number;
	column?: string;
	message: string;
	message_vi?: string;
}

export interface Imported {
	is_stored: boolean;
	added: number;
	changed?: number;
	removed: number;
	same: number;
	listed?: number;
	mended?: number;
	error_count?: number;
	errors: ImportFault[];
}

export interface GroupRow {
	id: number;
	place: string | null;
	place_name: string | null;
	state: "PLANNED" | "ACTIVE" | "DISABLED" | "GONE" | "ABANDONED";
	name: string | null;
	ends: string | null;
	members: number;
	members_max: number;
	requests: number;
	strangers: number;
	missing: number;
	unknown: number;
	drift: string[];
	drift_at: string | null;
	checked: string | null;
	compared: string | null;
}

export const switches = ["lock_send_msg", "join_appr", "enable_msg_history", "enable_link_join"] as const;
export type Switch = (typeof switches)[number];

export type GroupLook = { name: string | null; description: string | null; avatar: string | null }
	& Record<Switch, boolean | null>;

export interface Group extends GroupRow {
	link: string | null;
	wanted: GroupLook;
	is: GroupLook;
	auto_accept: boolean;
	head: number | null;
	deputies: number[];
}

export interface GroupMembers {
	compared: string | null;
	members: number;
	stranger_count: number;
	missing_count: number;
	unknown_count: number;
	strangers: { person: number; since: string | null }[];
	missing: { resident: number; on_zalo: boolean }[];
}

export interface GroupRequest {
	person: number;
	since: string | null;
	on_list: boolean;
	invited: boolean;
	same_name_on_list: boolean;
	name: string | null;
	answer: string | null;
}

export interface GroupAct {
	id: number;
	kind: string;
	state: "QUEUED" | "CLAIMED" | "IN_DOUBT" | "DONE" | "FAILED" | "CANCELLED";
	person: number | null;
	actor: string;
	created: string;
	ended: string | null;
	attempts: number;
	error: string | null;
}

/** What went with a place that was closed, and where to. */
export interface PlaceClosed {
	into: string | null;
	residents: number;
	reports: number;
	officers: number;
	places: number;
	enrolments: number;
}
