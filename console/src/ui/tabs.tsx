// SPDX-License-Identifier: GPL-2.0-or-later
// The parts of a page, each with an address of its own.
import { address } from "../route";

export interface Tab {
	path: string;
	title: string;
}

export function Tabs(props: { page: string; tabs: Tab[]; now: string; label: string }) {
	return (
		<nav class="tabs no-print" aria-label={props.label}>
			{props.tabs.map((tab) => (
				<a key={tab.path} href={address(props.page, tab.path)} aria-current={tab.path === props.now ? "page" : undefined}>
					{tab.title}
				</a>
			))}
		</nav>
	);
}
