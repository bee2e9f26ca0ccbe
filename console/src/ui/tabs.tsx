// SPDX-License-Identifier: GPL-2.0-or-later
// The parts of a page that is too long for one.
import { address } from "../route";

export interface Tab {
	/** The address: page and part. */
	at: string[];
	title: string;
	count?: number;
}

export function Tabs(props: { label: string; tabs: Tab[]; now: string | undefined }) {
	return (
		<nav class="tabs" aria-label={props.label}>
			{props.tabs.map((tab) => (
				<a key={tab.title} href={address(...tab.at)} aria-current={tab.at[1] === props.now ? "page" : undefined}>
					{tab.title}{tab.count ? <span class="count"> {tab.count}</span> : null}
				</a>
			))}
		</nav>
	);
}
