// SPDX-License-Identifier: GPL-2.0-or-later
// What it is about and how urgent: guessed from its words, decided by an officer.
import { useEffect, useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import type { Report } from "../model";
import { ActForm, Select } from "../ui/form";
import { Section } from "../ui/section";
import { categories, urgencies } from "../words";

export function Rating(props: { report: Report }) {
	const { report } = props;
	const act = useAct();
	const [category, setCategory] = useState(report.category);
	const [urgency, setUrgency] = useState<string>(report.urgency);
	useEffect(() => {
		setCategory(report.category);
		setUrgency(report.urgency);
	}, [report.category, report.urgency]);
	const isSame = category === report.category && urgency === report.urgency;
	return (
		<Section title="Loại và mức độ" class="no-print">
			{!report.decided && report.guess?.words
				? <p class="hint">Máy đoán theo các từ: {report.guess.words}.</p> : null}
			<ActForm act={act} label={isSame && !report.decided ? "Xác nhận" : "Lưu"} name="Loại và mức độ"
				isOff={isSame && report.decided !== null}
				what={() => post(`/reports/${part(report.report)}/rating`, { category, urgency })}>
				<div class="filters">
					<Select label="Loại" value={category} onValue={setCategory} options={Object.entries(categories)} />
					<Select label="Mức độ" value={urgency} onValue={setUrgency} options={Object.entries(urgencies)} />
				</div>
			</ActForm>
		</Section>
	);
}
