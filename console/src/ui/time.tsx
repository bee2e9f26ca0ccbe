// SPDX-License-Identifier: GPL-2.0-or-later
// Days and hours as they are written here, 24/11/2026 and 07:30, whatever the language of the browser makes of them.
import { useState } from "preact/hooks";
import { Field } from "./form";

const DATE = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*$/;

/** 2026-11-24 as 24/11/2026 */
export function dateWords(day: string): string {
	return day.split("-").reverse().join("/");
}

/** value: as 2026-11-24, "" while what stands there is no day. */
export function DateField(props: { label: string; value: string; onValue: (day: string) => void; required?: boolean }) {
	const [text, setText] = useState(props.value ? dateWords(props.value) : "");
	const [told, setTold] = useState(props.value);
	if (told !== props.value) { // set from elsewhere: begun anew, or emptied once it is sent
		setTold(props.value);
		setText(props.value ? dateWords(props.value) : "");
	}
	return (
		<Field label={props.label} value={text} inputMode="numeric" autocomplete="off" required={props.required ?? false}
			pattern="\d{1,2}[\/.\-]\d{1,2}[\/.\-]\d{4}" hint="Như 24/11/2026" onValue={(next) => {
				const [, date, month, year] = DATE.exec(next) ?? [];
				const day = year ? `${year}-${month!.padStart(2, "0")}-${date!.padStart(2, "0")}` : "";
				setText(next);
				setTold(day);
				props.onValue(day);
			}} />
	);
}

export function HourField(props: { label: string; value: string; onValue: (hour: string) => void; hint?: string }) {
	return <Field {...props} hint={props.hint ?? "Như 07:30"} required autocomplete="off" maxLength={5}
		pattern="([01]?\d|2[0-4])[:hH][0-5]\d" />;
}

// ---- a day and an hour ----

const MOMENT = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})[ ,]+(\d{1,2})[:hH](\d{2})\s*$/;
export const MOMENT_HINT = "Như 24/11/2026 07:30, trong một năm tới";

/** What somebody wrote, as the box takes it; null where nothing stands. */
export function momentOf(text: string): string | null {
	const [, date, month, year, hour, minute] = MOMENT.exec(text) ?? [];
	return year ? `${year}-${month!.padStart(2, "0")}-${date!.padStart(2, "0")} ${hour!.padStart(2, "0")}:${minute}` : null;
}

export function isMoment(text: string): boolean {
	return !text.trim() || momentOf(text) !== null;
}

/** A time of the box as one writes it. */
export function momentText(time: string | null | undefined): string {
	if (!time)
		return "";
	const here = new Date(Date.parse(time) + 7 * 3_600_000).toISOString();
	return `${dateWords(here.slice(0, 10))} ${here.slice(11, 16)}`;
}
