// SPDX-License-Identifier: GPL-2.0-or-later
// News from the box as they happen, by Server-Sent Events. Whoever shows something reads it anew when he hears that
// something has changed; the events themselves carry no words of anybody. When the stream ends it is joined again, and
// each try has everything read anew: so nothing of the meantime is missed, and whether the box can be reached at all is
// found out by the same, which the page then says.
import { base, setOnReached } from "./api";

export type Line = "live" | "away";

const AGAIN_MS = [1000, 2000, 3000, 5000];
const GATHER_MS = 300; // many changes of one moment are one reading

let source: EventSource | null = null;
let line: Line = "live";
let tries = 0;
let again: ReturnType<typeof setTimeout> | undefined;
let gather: ReturnType<typeof setTimeout> | undefined;
const hearers = new Set<() => void>();
const watchers = new Set<(line: Line) => void>();

function setLine(next: Line): void {
	if (line === next)
		return;
	line = next;
	for (const watcher of watchers)
		watcher(line);
}

function tell(): void {
	if (gather !== undefined)
		return;
	gather = setTimeout(() => {
		gather = undefined;
		for (const hearer of hearers)
			hearer();
	}, GATHER_MS);
}

function join(): void {
	again = undefined;
	source = new EventSource(`${base}/events`);
	source.onopen = () => {
		tries = 0;
		tell();
	};
	source.onmessage = tell;
	for (const kind of kinds)
		source.addEventListener(kind, tell);
	source.onerror = () => {
		source?.close();
		source = null;
		tell();
		again = setTimeout(join, AGAIN_MS[Math.min(tries++, AGAIN_MS.length - 1)]);
	};
}

setOnReached((isReached) => setLine(isReached ? "live" : "away"));

const kinds = ["report", "outbox", "alarm", "bulletin", "poll", "status", "change", "reset"];

export function liveBegin(): void {
	if (!source && again === undefined)
		join();
}

export function liveEnd(): void {
	source?.close();
	source = null;
	clearTimeout(again);
	again = undefined;
	tries = 0;
}

/** Returns how to stop hearing. */
export function hear(hearer: () => void): () => void {
	hearers.add(hearer);
	return () => hearers.delete(hearer);
}

/** The officer changed something himself: what shows it need not wait for the event. */
export function changed(): void {
	tell();
}

export function lineNow(): Line {
	return line;
}

export function watchLine(watcher: (line: Line) => void): () => void {
	watchers.add(watcher);
	return () => watchers.delete(watcher);
}
