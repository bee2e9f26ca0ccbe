// SPDX-License-Identifier: GPL-2.0-or-later
// Fields with their labels, and the button that sends them.
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import type { Act } from "../act";
import { FailureNotice } from "./notice";

interface FieldProps {
	label: string;
	hint?: string;
	value: string;
	onValue: (value: string) => void;
}

export function Field(props: FieldProps & Omit<JSX.InputHTMLAttributes<HTMLInputElement>, "label" | "value">) {
	const { label, hint, value, onValue, ...rest } = props;
	const id = useId();
	return (
		<div class="field">
			<label for={id}>{label}</label>
			<input {...rest} id={id} value={value} aria-describedby={hint ? `${id}-hint` : undefined}
				onInput={(event) => onValue(event.currentTarget.value)} />
			{hint ? <p class="hint" id={`${id}-hint`}>{hint}</p> : null}
		</div>
	);
}

export function Area(props: FieldProps & { rows?: number; maxLength?: number; required?: boolean;
	onKeyDown?: (event: KeyboardEvent) => void }) {
	const { label, hint, value, onValue, ...rest } = props;
	const id = useId();
	return (
		<div class="field">
			<label for={id}>{label}</label>
			<textarea {...rest} id={id} rows={props.rows ?? 4} value={value}
				aria-describedby={hint ? `${id}-hint` : undefined}
				onInput={(event) => onValue(event.currentTarget.value)} />
			{hint ? <p class="hint" id={`${id}-hint`}>{hint}</p> : null}
		</div>
	);
}

export function Select(props: FieldProps & { options: [string, string][]; disabled?: boolean; required?: boolean }) {
	const id = useId();
	return (
		<div class="field">
			<label for={id}>{props.label}</label>
			<select id={id} value={props.value} disabled={props.disabled} required={props.required}
				aria-describedby={props.hint ? `${id}-hint` : undefined}
				onChange={(event) => props.onValue(event.currentTarget.value)}>
				{props.options.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
			</select>
			{props.hint ? <p class="hint" id={`${id}-hint`}>{props.hint}</p> : null}
		</div>
	);
}

export function Check(props: { label: string; isOn: boolean; onValue: (isOn: boolean) => void }) {
	return (
		<label class="check">
			<input type="checkbox" checked={props.isOn} onChange={(event) => props.onValue(event.currentTarget.checked)} />
			<span>{props.label}</span>
		</label>
	);
}

/** A form that does one thing. Its failure is told beside its button. */
export function ActForm(props: { act: Act; label: string; children?: ComponentChildren; what: () => Promise<unknown>;
	onDone?: () => void; tone?: "alarm" | "plain"; name?: string; isOff?: boolean }) {
	async function submit(event: Event): Promise<void> {
		event.preventDefault();
		if (await props.act.run(props.what))
			props.onDone?.();
	}
	return (
		<form onSubmit={(event) => void submit(event)} aria-label={props.name}>
			{props.children}
			<FailureNotice failure={props.act.failure} />
			<button type="submit" class={props.tone === "alarm" ? "danger" : "primary"}
				disabled={props.act.isBusy || props.isOff}>
				{props.act.isBusy ? "Đang làm…" : props.label}
			</button>
		</form>
	);
}
