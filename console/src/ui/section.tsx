// SPDX-License-Identifier: GPL-2.0-or-later
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";

/** A page with its heading, which the tab bears too. */
export function Page(props: { title: string; actions?: ComponentChildren; children: ComponentChildren }) {
	useEffect(() => {
		document.title = `${props.title} · Binhyen`;
	}, [props.title]);
	return (
		<>
			<div class="page-head">
				<h1>{props.title}</h1>
				{props.actions ? <div class="actions">{props.actions}</div> : null}
			</div>
			{props.children}
		</>
	);
}

export function Section(props: { title: string; count?: number; children: ComponentChildren; class?: string }) {
	return (
		<section class={`card ${props.class ?? ""}`}>
			<h2>{props.title}{props.count === undefined ? null : <span class="count"> {props.count}</span>}</h2>
			{props.children}
		</section>
	);
}

/** Something done more rarely, folded away. */
export function Fold(props: { title: string; children: ComponentChildren }) {
	return (
		<details class="card fold">
			<summary>{props.title}</summary>
			<div>{props.children}</div>
		</details>
	);
}
