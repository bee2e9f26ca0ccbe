// SPDX-License-Identifier: GPL-2.0-or-later
// Where on the page one is: #/tin/2026-12. The browser's back button and bookmarks work; nothing of it reaches a server.
import { useWatched } from "./watched";

export function routeNow(): string[] {
	return location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map((part) => {
		try {
			return decodeURIComponent(part);
		} catch {
			return part;
		}
	});
}

function watchRoute(watcher: (route: string[]) => void): () => void {
	const turned = () => watcher(routeNow());
	addEventListener("hashchange", turned);
	return () => removeEventListener("hashchange", turned);
}

export function useRoute(): string[] {
	return useWatched(routeNow, watchRoute);
}

export function address(...parts: (string | number)[]): string {
	return `#/${parts.map((part) => encodeURIComponent(part)).join("/")}`;
}

export function go(...parts: (string | number)[]): void {
	location.hash = address(...parts);
}
