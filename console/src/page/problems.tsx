// SPDX-License-Identifier: GPL-2.0-or-later
// What the box finds wrong with itself, in its own words, the worst first.
import type { Problem } from "../model";
import { Section } from "../ui/section";

export function Problems(props: { problems: Problem[] }) {
	const problems = [...props.problems].sort((a, b) => Number(b.severity === "alarm") - Number(a.severity === "alarm"));
	if (problems.length === 0)
		return null;
	return (
		<Section title="Đang trục trặc" count={problems.length} class="problems">
			<ul class="rows">
				{problems.map((problem, i) => (
					<li key={i} class={`row ${problem.severity}`}>
						<div>
							<strong>{problem.severity === "alarm" ? "Nghiêm trọng: " : ""}{problem.message_vi}</strong>
							<p>{problem.advice_vi}</p>
						</div>
					</li>
				))}
			</ul>
		</Section>
	);
}
