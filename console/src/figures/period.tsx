// SPDX-License-Identifier: GPL-2.0-or-later
// A year, or a month of it.
import { today } from "../time";
import { Select } from "../ui/form";

export interface Period {
	year: number;
	/** 0: the whole year */
	month: number;
}

const YEARS = 10;

export function thisYear(): Period {
	return { year: Number(today().slice(0, 4)), month: 0 };
}

export function periodBody(period: Period): { year: number; month?: number } {
	return period.month ? { year: period.year, month: period.month } : { year: period.year };
}

/** "2026", "2026-11": for names of files. */
export function periodName(period: Period): string {
	return period.month ? `${period.year}-${String(period.month).padStart(2, "0")}` : String(period.year);
}

export function PeriodFields(props: { period: Period; onPeriod: (period: Period) => void }) {
	const { period, onPeriod } = props;
	const newest = thisYear().year;
	return (
		<div class="filters">
			<Select label="Năm" value={String(period.year)} onValue={(year) => onPeriod({ ...period, year: Number(year) })}
				options={Array.from({ length: YEARS }, (_, i): [string, string] => [String(newest - i), String(newest - i)])} />
			<Select label="Tháng" value={String(period.month)} onValue={(month) => onPeriod({ ...period, month: Number(month) })}
				options={[["0", "Cả năm"], ...Array.from({ length: 12 }, (_, i): [string, string] => [String(i + 1), `Tháng ${i + 1}`])]} />
		</div>
	);
}
