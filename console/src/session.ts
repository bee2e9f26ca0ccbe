// SPDX-License-Identifier: GPL-2.0-or-later
// Who is logged in here. A session that ends leaves the page as it is, below a question for passphrase and code:
// whoever was in the middle of a sentence goes on with it.
import { Failure, failureOfUnknown, get, post, setCsrf, setOnSessionEnd } from "./api";
import { draftsBelongTo, draftsErase } from "./draft";
import { liveBegin, liveEnd } from "./live";
import type { LoggedIn, Me, Officer, Role } from "./model";

export type SessionState =
	| { is: "asking" }
	| { is: "away"; failure: Failure }
	| { is: "unclaimed" }
	| { is: "out" }
	/** Was in; the words for the safe are to be shown first when there are any. */
	| { is: "in"; officer: Officer; escrow: string }
	| { is: "ended"; officer: Officer };

const AGAIN_MS = 5000;
let again: ReturnType<typeof setTimeout> | undefined;
let state: SessionState = { is: "asking" };
const watchers = new Set<(state: SessionState) => void>();

function move(next: SessionState): void {
	state = next;
	for (const watcher of watchers)
		watcher(state);
}

export function sessionNow(): SessionState {
	return state;
}

export function watchSession(watcher: (state: SessionState) => void): () => void {
	watchers.add(watcher);
	return () => watchers.delete(watcher);
}

function begin(me: Me, escrow: string): void {
	setCsrf(me.csrf);
	draftsBelongTo(me.officer.id);
	move({ is: "in", officer: me.officer, escrow });
	liveBegin();
}

/** At the start of the page, and after a failure to reach the box. */
export async function sessionAsk(): Promise<void> {
	try {
		begin(await get<Me>("/me"), "");
	} catch (error) {
		const failure = failureOfUnknown(error);
		if (failure.status === 401)
			move({ is: (await hasOfficers()) ? "out" : "unclaimed" });
		else if (failure.status === 409)
			move({ is: "unclaimed" });
		else
			awayFor(failure);
	}
}

/** A box that starts after a power cut is asked again until it answers. */
function awayFor(failure: Failure): void {
	move({ is: "away", failure });
	if (again === undefined)
		again = setTimeout(() => {
			again = undefined;
			if (state.is === "away")
				void sessionAsk();
		}, AGAIN_MS);
}

/** A login of nobody is refused as such, unless there is nobody who could log in yet. */
async function hasOfficers(): Promise<boolean> {
	try {
		await post("/login", {}, true);
	} catch (error) {
		return failureOfUnknown(error).status !== 409;
	}
	return true;
}

/** Somebody has proved who he is. */
export function sessionBegin(answer: LoggedIn): void {
	begin(answer, answer.escrow ?? "");
}

/** The words for the safe are on paper. */
export function sessionEscrowDone(): void {
	if (state.is === "in")
		move({ is: "in", officer: state.officer, escrow: "" });
}

export async function sessionLeave(): Promise<void> {
	try {
		await post("/logout");
	} catch (error) {
		if (failureOfUnknown(error).status !== 401)
			throw error;
	}
	sessionForget();
}

/** Another officer sits down, or this one is done: nothing of what was written stays. */
export function sessionForget(): void {
	liveEnd();
	draftsErase();
	setCsrf("");
	move({ is: "out" });
}

setOnSessionEnd(() => {
	liveEnd();
	if (state.is === "in")
		move({ is: "ended", officer: state.officer });
	else if (state.is !== "ended")
		move({ is: "out" });
});

// What is read by the page itself keeps no session alive; somebody who writes or scrolls for long does.
const AT_IT_MS = 60_000;
let atIt = 0;

function isAtIt(): void {
	if (state.is !== "in" || Date.now() - atIt < AT_IT_MS)
		return;
	atIt = Date.now();
	void get<Me>("/me").catch(() => {});
}
for (const act of ["keydown", "pointerdown", "wheel", "touchmove"])
	addEventListener(act, isAtIt, { passive: true });

const readers: Role[] = ["chief", "deputy", "area", "duty", "clerk", "chairman"];
const handlers: Role[] = ["chief", "deputy", "area", "duty", "clerk"];

/** May he see reports? */
export const isReader = (role: Role) => readers.includes(role);
/** May he work on them? */
export const isHandler = (role: Role) => handlers.includes(role);
export const isLeader = (role: Role) => role === "chief" || role === "deputy";
/** May he open who sent a report? */
export const isRevealer = (role: Role) => isLeader(role) || role === "area" || role === "duty";
/** Does he keep the lists of people and the groups? */
export const isKeeper = (role: Role) => isLeader(role) || role === "area" || role === "clerk";
/** Does he look after the machine? */
export const isMachinist = (role: Role) => isLeader(role) || role === "it";
