// SPDX-License-Identifier: GPL-2.0-or-later
import type { ComponentChildren } from "preact";
import type { Failure } from "../api";

export type Tone = "alarm" | "warning" | "good" | "plain";

export function Notice(props: { tone: Tone; children: ComponentChildren; role?: "alert" | "status" }) {
	return <div class={`notice ${props.tone}`} role={props.role}>{props.children}</div>;
}

/** What happened, what was kept, what to do; the box's own words for the IT officer folded away. */
export function FailureNotice(props: { failure: Failure | null; onAgain?: () => void }) {
	const failure = props.failure;
	if (!failure)
		return null;
	return (
		<Notice tone="alarm" role="alert">
			<strong>{failure.message}</strong> {failure.advice}
			{failure.detail ? (
				<details>
					<summary>Chi tiết kỹ thuật</summary>
					<code lang="en">{failure.code}: {failure.detail}</code>
				</details>
			) : null}
			{props.onAgain ? <button type="button" class="small" onClick={props.onAgain}>Thử lại</button> : null}
		</Notice>
	);
}
