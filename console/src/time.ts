// SPDX-License-Identifier: GPL-2.0-or-later
// Times as people say them, in the time of Vietnam whatever the reader's machine is set to, and by the clock of the
// box: a cheap phone may be an hour wrong, and a deadline must not be.
// Seven hours ahead of universal time since 1975; what the browser's own words for dates look like changes with its version.
const zone_ms = 7 * 3_600_000;

let ahead_ms = 0;

/** The box said what time it is (whole seconds). */
export function clockTold(date: string | null): void {
	const told = date === null ? NaN : Date.parse(date);
	if (!Number.isNaN(told) && Math.abs(told - Date.now()) > 2000)
		ahead_ms = told - Date.now();
	else if (!Number.isNaN(told))
		ahead_ms = 0;
}

export function now(): number {
	return Date.now() + ahead_ms;
}

function dayOf(ms: number): string {
	return new Date(ms + zone_ms).toISOString().slice(0, 10);
}

function hourOf(ms: number): string {
	return new Date(ms + zone_ms).toISOString().slice(11, 16);
}

/** "2026-11-22" in Vietnam */
export function today(): string {
	return dayOf(now());
}

/** "hôm nay 14:05", "hôm qua 14:05", "ngày mai 08:00", "03/11 14:05", "03/11/2025 14:05" */
export function when(time: string | number | null | undefined): string {
	if (time === null || time === undefined || time === "")
		return "chưa rõ";
	const ms = typeof time === "number" ? time : Date.parse(time);
	const at = hourOf(ms);
	const [year, month, date] = dayOf(ms).split("-");
	const days: Record<string, string> = {
		[dayOf(now())]: "hôm nay",
		[dayOf(now() - 86_400_000)]: "hôm qua",
		[dayOf(now() + 86_400_000)]: "ngày mai",
	};
	const known = days[dayOf(ms)];
	if (known)
		return `${known} ${at}`;
	return year === dayOf(now()).slice(0, 4) ? `${date}/${month} ${at}` : `${date}/${month}/${year} ${at}`;
}

/** "còn 1 giờ 5 phút", "trễ 2 ngày"; two units at most. */
export function left(seconds: number): string {
	return `${seconds < 0 ? "trễ" : "còn"} ${span(Math.abs(seconds))}`;
}

/** "5 phút", "1 giờ 5 phút", "2 ngày 3 giờ" */
export function span(seconds: number): string {
	const minutes = Math.floor(seconds / 60);
	const hours = Math.floor(minutes / 60);
	const days = Math.floor(hours / 24);
	if (minutes < 1)
		return "chưa đến 1 phút";
	if (hours < 1)
		return `${minutes} phút`;
	if (days < 1)
		return minutes % 60 ? `${hours} giờ ${minutes % 60} phút` : `${hours} giờ`;
	return hours % 24 && days < 10 ? `${days} ngày ${hours % 24} giờ` : `${days} ngày`;
}

/** How long ago, or how long until. */
export function sinceSeconds(time: string | number): number {
	return (now() - (typeof time === "number" ? time : Date.parse(time))) / 1000;
}
