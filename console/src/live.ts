// SPDX-License-Identifier: GPL-2.0-or-later
// News from the box as they happen, by Server-Sent Events. Whoever shows something reads it anew when he hears that
// something has changed; the events themselves carry no words of anybody. While the line is away the page says so,
// tries again by itself, and reads everything anew when it is back, so that nothing of the meantime is missed.
import { base } from "./api";

export type Line = "joining" | "live" | "away";

const AGAIN_MS = [1000, 2000, 4000, 8000, 15_000];
const GATHER_MS = 300; // many changes of one moment are one reading

let source: EventSource | null = null;
let line: Line = "joining";
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
		setLine("live");
		tell();
	};
	source.onmessage = tell;
	for (const kind of kinds)
		source.addEventListener(kind, tell);
	source.onerror = () => {
		source?.close();
		source = null;
		setLine("away");
		// What the page shows is read too: that tells an ended session from a box that is away.
		tell();
		again = setTimeout(join, AGAIN_MS[Math.min(tries++, AGAIN_MS.length - 1)]);
	};
}

const kinds = ["report", "outbox", "alarm", "bulletin", "status", "change", "reset"];

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
	setLine("joining");
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
