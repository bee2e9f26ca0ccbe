// SPDX-License-Identifier: GPL-2.0-or-later
// Why an officer does something that has to be answered for. The box counts letters and figures, not blanks.
import { Area } from "./form";

const LETTERS_MIN = 10;

function letters(text: string): number {
	return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}

export function isReason(text: string): boolean {
	return letters(text) >= LETTERS_MIN;
}

export function Reason(props: { label?: string; value: string; onValue: (text: string) => void; hint?: string }) {
	const missing = LETTERS_MIN - letters(props.value);
	const need = props.value && missing > 0 ? `Còn thiếu ${missing} chữ.` : `Ít nhất ${LETTERS_MIN} chữ.`;
	return <Area label={props.label ?? "Lý do"} value={props.value} onValue={props.onValue} rows={2} required
		hint={[need, props.hint].filter(Boolean).join(" ")} />;
}
