// SPDX-License-Identifier: GPL-2.0-or-later
// Marks of one word. Colour only repeats what the word says.
import type { ReportState, Urgency } from "../model";
import { reportState, urgency } from "../words";

export function Badge(props: { tone?: "alarm" | "warning" | "good" | "plain"; children: string }) {
	return <span class={`badge ${props.tone ?? "plain"}`}>{props.children}</span>;
}

export function UrgencyBadge(props: { urgency: Urgency }) {
	if (props.urgency === "normal")
		return null;
	return <Badge tone={props.urgency === "danger" ? "alarm" : "warning"}>{urgency(props.urgency)}</Badge>;
}

export function StateBadge(props: { state: ReportState }) {
	return <Badge tone={props.state === "closed" ? "good" : "plain"}>{reportState(props.state)}</Badge>;
}
