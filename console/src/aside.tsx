// SPDX-License-Identifier: GPL-2.0-or-later
// What is read beside a page's own matter: names to choose from, counts, what is due. The page goes on without it, but
// says that it is missing and why; who may not read it misses nothing.
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Failure } from "./api";
import { type Loaded, useList, useLoad } from "./load";
import { FailureNotice } from "./ui/notice";
import { useWatched } from "./watched";

const failures = new Map<object, Failure>();
const watchers = new Set<(failure: Failure | null) => void>();

/** Of several the first: they mostly have one cause. */
function first(): Failure | null {
	return failures.values().next().value ?? null;
}

/** Whether its reader should hear of it: that the line is away is said already, and what is not for him is left out. */
export function isToTell(failure: Failure | null): boolean {
	return failure !== null && failure.status !== 0 && ![401, 403, 404, 409].includes(failure.status);
}

function useTold<T>(loaded: Loaded<T>): T | null {
	const key = useRef({}).current;
	const { failure } = loaded;
	useLayoutEffect(() => {
		if (failure && isToTell(failure))
			failures.set(key, failure);
		else
			failures.delete(key);
		for (const watcher of watchers)
			watcher(first());
	}, [failure]);
	useLayoutEffect(() => () => {
		failures.delete(key);
		for (const watcher of watchers)
			watcher(first());
	}, []);
	return loaded.data;
}

/** As useLoad, for what a page can do without. */
export function useAside<T>(path: string | null): T | null {
	return useTold(useLoad<T>(path));
}

/** As useList, for what a page can do without. */
export function useAsideList<T>(path: string | null, name: string): T[] {
	return useTold(useList<T>(path, name)) ?? [];
}

function watch(watcher: (failure: Failure | null) => void): () => void {
	watchers.add(watcher);
	return () => watchers.delete(watcher);
}

export function AsideNotice() {
	const failure = useWatched(first, watch);
	return failure ? <><p class="hint">Một phần của trang chưa đọc được; phần còn lại vẫn dùng được.</p><FailureNotice failure={failure} /></> : null;
}
