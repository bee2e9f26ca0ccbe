// SPDX-License-Identifier: GPL-2.0-or-later
// What somebody is writing outlives a restarted daemon, an ended session and a reload; not the tab, nor the officer:
// sessionStorage, under his number, and erased when he leaves. Words of residents and officers never go into
// localStorage, which stays on a shared machine.
import { useEffect, useState } from "preact/hooks";

const prefix = "draft:";
let owner = 0;

/** Whose drafts these are from now on. Another officer's are erased. */
export function draftsBelongTo(officer_id: number): void {
	owner = officer_id;
	for (const key of keys())
		if (!key.startsWith(`${prefix}${owner}:`))
			sessionStorage.removeItem(key);
}

export function draftsErase(): void {
	for (const key of keys())
		sessionStorage.removeItem(key);
}

function keys(): string[] {
	return Object.keys(sessionStorage).filter((key) => key.startsWith(prefix));
}

function read(key: string): string | null {
	return sessionStorage.getItem(`${prefix}${owner}:${key}`);
}

function write(key: string, text: string): void {
	try {
		if (text)
			sessionStorage.setItem(`${prefix}${owner}:${key}`, text);
		else
			sessionStorage.removeItem(`${prefix}${owner}:${key}`);
	} catch {
		// A full or forbidden storage: what is typed stays on the page, which is all there is then.
	}
}

/** As if it had been typed there, where that is not on the page now. */
export function draftPut(key: string, text: string): void {
	write(key, text);
}

/** As useState for a text, but kept. Set it to "" once it is sent. */
export function useDraft(key: string, first = ""): [string, (text: string) => void] {
	const [text, setText] = useState(() => read(key) ?? first);
	useEffect(() => setText(read(key) ?? first), [key]);
	return [
		text,
		(next: string) => {
			write(key, next);
			setText(next);
		},
	];
}
