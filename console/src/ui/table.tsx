// SPDX-License-Identifier: GPL-2.0-or-later
// Rows and columns that scroll by themselves on a phone, also by keyboard.
import type { ComponentChildren } from "preact";

export function Table(props: { caption: string; head: string[]; children: ComponentChildren }) {
	return (
		<div class="wide" tabIndex={0} role="region" aria-label={props.caption}>
			<table>
				<thead><tr>{props.head.map((title) => <th key={title} scope="col">{title}</th>)}</tr></thead>
				<tbody>{props.children}</tbody>
			</table>
		</div>
	);
}
