// SPDX-License-Identifier: GPL-2.0-or-later
// What the box finds wrong with itself, in its own words, the worst first.
import type { Problem } from "../model";
import { when } from "../time";
import { Section } from "../ui/section";
import { adviceOf } from "./problem_words";

function sentence(text: string): string {
	return text ? `${text[0]!.toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}` : "";
}

/** What cannot wait is at the top of the page; the rest, beside what is to be done. */
export function isSevere(problem: Problem): boolean {
	return problem.severity === "alarm";
}

export function Problems(props: { problems: Problem[]; title?: string }) {
	const problems = [...props.problems].sort((a, b) => Number(isSevere(b)) - Number(isSevere(a)));
	if (problems.length === 0)
		return null;
	return (
		<Section title={props.title ?? "Đang trục trặc"} count={problems.length} class="problems">
			<ul class="rows">
				{problems.map((problem, i) => (
					<li key={i} class={`row ${problem.severity}`}>
						<div>
							<strong>
								{isSevere(problem) ? "Nghiêm trọng. " : ""}
								{problem.subject && /^(MODEM|FEED)_/.test(problem.code) ? `${problem.subject}: ` : ""}
								{sentence(`${problem.message_vi}${problem.since ? `, từ ${when(problem.since)}` : ""}`)}
							</strong>
							<p>{sentence(adviceOf(problem))}</p>
						</div>
					</li>
				))}
			</ul>
		</Section>
	);
}
