// SPDX-License-Identifier: GPL-2.0-or-later
// Shifts of the duty roster as the box has them and as the office says them.
import { dateWords } from "../ui/time";

export interface Shift {
	day: string; // mon to sun, holiday, or a date
	from: string;
	to: string;
	rank: number;
	officer: string | null;
	instead_of: string | null;
}

export interface RosterDone {
	is_stored: boolean;
	added: number;
	removed: number;
	same: number;
	errors: { row: number; message: string; message_vi?: string }[];
	gaps: { from: string; to: string }[];
}

export const days: Record<string, string> = {
	mon: "Thứ hai",
	tue: "Thứ ba",
	wed: "Thứ tư",
	thu: "Thứ năm",
	fri: "Thứ sáu",
	sat: "Thứ bảy",
	sun: "Chủ nhật",
	holiday: "Ngày lễ",
};

export function dayWords(day: string): string {
	return days[day] ?? dateWords(day);
}

/** As the table that the box takes. */
export function rowsOf(shifts: Shift[]): object[] {
	return shifts.map((shift) => ({ day: shift.day, from: shift.from, to: shift.to, rank: String(shift.rank),
		officer: shift.officer ?? "-", instead_of: shift.instead_of ?? "" }));
}

const order = Object.keys(days);

/** Weekdays in their order, then dates; within a day by time and rank. */
export function sorted(shifts: Shift[]): Shift[] {
	const key = (shift: Shift) => {
		const at = order.indexOf(shift.day);
		return `${at < 0 ? "9" : at} ${shift.day} ${shift.from} ${shift.rank}`;
	};
	return [...shifts].sort((a, b) => key(a).localeCompare(key(b)));
}
