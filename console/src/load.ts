// SPDX-License-Identifier: GPL-2.0-or-later
// What a page shows, read from the box and kept up to date. While it is read anew the old stays, and so it does when
// that fails: an officer rather sees what was true a minute ago, and that it is old, than nothing.
import { useEffect, useRef, useState } from "preact/hooks";
import { type Failure, failureOfUnknown, get } from "./api";
import { hear } from "./live";

export interface Loaded<T> {
	data: T | null;
	failure: Failure | null;
	reload: () => void;
}

/** path null: nothing to read (yet). reader: how that path is read, when it takes more than one question. */
export function useLoad<T>(path: string | null, reader: (path: string, isUnasked: boolean) => Promise<T> = get): Loaded<T> {
	const [state, setState] = useState<{ path: string | null; data: T | null; failure: Failure | null }>(
		{ path, data: null, failure: null });
	const wanted = useRef(path);
	const isReading = useRef(false);
	const isStale = useRef(false);

	async function read(isUnasked = false): Promise<void> {
		if (isReading.current) {
			isStale.current = true;
			return;
		}
		isReading.current = true;
		do {
			isStale.current = false;
			const asked = wanted.current;
			if (asked === null)
				break;
			try {
				const data = await reader(asked, isUnasked);
				if (asked === wanted.current)
					setState({ path: asked, data, failure: null });
			} catch (error) {
				const failure = failureOfUnknown(error);
				if (asked === wanted.current)
					setState((old) => ({ path: asked, data: old.path === asked ? old.data : null, failure }));
			}
			if (asked !== wanted.current)
				isStale.current = true;
		} while (isStale.current);
		isReading.current = false;
	}

	useEffect(() => {
		wanted.current = path;
		void read();
		const stop = hear(() => void read(true));
		return () => {
			wanted.current = null;
			stop();
		};
	}, [path]);
	return { data: state.path === path ? state.data : null, failure: state.failure, reload: () => void read() };
}

const PAGE_ROWS = 200;
const LIST_MAX = 2000; // hamlets, officers, groups: a commune has some hundred

async function listOf<T>(path: string, name: string, isUnasked: boolean): Promise<T[]> {
	const rows: T[] = [];
	let before: number | null = null;
	do {
		const page: Record<string, unknown> = await get(`${path}?limit=${PAGE_ROWS}${before === null ? "" : `&before=${before}`}`, isUnasked);
		rows.push(...(page[name] as T[]));
		before = (page["next_before"] as number | null | undefined) ?? null;
	} while (before !== null && rows.length < LIST_MAX);
	return rows;
}

/** All of a short list that the box hands out page by page; name: what its rows are called in the answer. */
export function useList<T>(path: string | null, name: string): Loaded<T[]> {
	return useLoad<T[]>(path, (first, isUnasked) => listOf<T>(first, name, isUnasked));
}

export interface Pages<T> {
	rows: T[] | null;
	failure: Failure | null;
	/** There are older ones. */
	hasMore: boolean;
	more: () => void;
}

/** A long list from its newest on, as many pages of it as the officer asked for; all of them are kept up to date. */
export function usePages<T>(path: string, name: string): Pages<T> {
	const wanted = useRef(1);
	const { data, failure, reload } = useLoad<{ rows: T[]; next: number | null }>(path, async (first, isUnasked) => {
		const rows: T[] = [];
		let next: number | null = null;
		let read = 0;
		do {
			const page: Record<string, unknown> = await get(`${first}?limit=${PAGE_ROWS}${next === null ? "" : `&before=${next}`}`, isUnasked);
			rows.push(...(page[name] as T[]));
			next = (page["next_before"] as number | null | undefined) ?? null;
		} while (++read < wanted.current && next !== null);
		return { rows, next };
	});
	const more = () => {
		wanted.current++;
		reload();
	};
	return { rows: data?.rows ?? null, failure, hasMore: data !== null && data.next !== null, more };
}
