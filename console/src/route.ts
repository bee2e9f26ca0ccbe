// SPDX-License-Identifier: GPL-2.0-or-later
// Where on the page one is: #/tin/2026-12. The browser's back button and bookmarks work; nothing of it reaches a server.
import { useEffect, useState } from "preact/hooks";

export function routeNow(): string[] {
	return location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map((part) => {
		try {
			return decodeURIComponent(part);
		} catch {
			return part;
		}
	});
}

export function useRoute(): string[] {
	const [route, setRoute] = useState(routeNow);
	useEffect(() => {
		const turned = () => setRoute(routeNow());
		addEventListener("hashchange", turned);
		return () => removeEventListener("hashchange", turned);
	}, []);
	return route;
}

export function address(...parts: (string | number)[]): string {
	return `#/${parts.map((part) => encodeURIComponent(part)).join("/")}`;
}

export function go(...parts: (string | number)[]): void {
	location.hash = address(...parts);
}
