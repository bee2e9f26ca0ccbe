// SPDX-License-Identifier: GPL-2.0-or-later
// What it is about and how urgent: guessed from its words, decided by an officer.
import { useAct } from "../act";
import { part, post } from "../api";
import { useChoice } from "../choice";
import type { Report } from "../model";
import { Beaten } from "../ui/beaten";
import { ActForm, Select } from "../ui/form";
import { Section } from "../ui/section";
import { categories, category as categoryName, urgencies, urgency as urgencyName } from "../words";

export function Rating(props: { report: Report }) {
	const { report } = props;
	const act = useAct();
	const category = useChoice(report.category);
	const urgency = useChoice(report.urgency);
	const isSame = category.value === report.category && urgency.value === report.urgency;
	return (
		<Section title="Loại và mức độ" class="no-print">
			{!report.decided && report.guess?.words
				? <p class="hint">Máy đoán theo các từ: {report.guess.words}.</p> : null}
			<ActForm act={act} label={isSame && !report.decided ? "Xác nhận" : "Lưu"} name="Loại và mức độ"
				isOff={isSame && report.decided !== null}
				what={() => post(`/reports/${part(report.report)}/rating`, {
					category: category.value, urgency: urgency.value })}>
				<div class="filters">
					<Select label="Loại" value={category.value} onValue={category.set} options={Object.entries(categories)} />
					<Select label="Mức độ" value={urgency.value} onValue={urgency.set} options={Object.entries(urgencies)} />
				</div>
				<Beaten choices={[category, urgency]} now={`${categoryName(report.category)}, ${urgencyName(report.urgency)}`} />
			</ActForm>
		</Section>
	);
}
