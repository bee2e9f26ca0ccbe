// SPDX-License-Identifier: GPL-2.0-or-later
// What the screen found. Each place has to be answered for before the bulletin is submitted.
import { useAct } from "../act";
import { part, post } from "../api";
import { useDraft } from "../draft";
import type { Bulletin, Finding } from "../model";
import { when } from "../time";
import { ActForm } from "../ui/form";
import { isReason, Reason } from "../ui/reason";
import { Section } from "../ui/section";
import { fields, findings } from "./words";

function FindingRow(props: { bulletin: Bulletin; finding: Finding; canAnswer: boolean }) {
	const { bulletin, finding, canAnswer } = props;
	const act = useAct();
	const [reason, setReason] = useDraft(`finding-${bulletin.id}-${finding.id}`);
	return (
		<li class={`row ${finding.answered ? "" : "warning"}`}>
			<div>
				<b>{findings[finding.kind] ?? finding.kind}</b> trong {fields[finding.field] ?? finding.field}:{" "}
				<mark>{finding.what}</mark>
				{finding.answered ? <p class="hint">{finding.officer} giải thích {when(finding.answered)}: {finding.reason}</p> : null}
				{!finding.answered && canAnswer ? (
					<ActForm act={act} label="Giữ lại" name={`Giải thích ${finding.what}`} isOff={!isReason(reason)} onDone={() => setReason("")}
						what={() => post(`/bulletins/${part(bulletin.id)}/answer`, { finding: finding.id, reason: reason.trim() })}>
						<Reason label="Vì sao được để lại" value={reason} onValue={setReason} />
					</ActForm>
				) : null}
			</div>
		</li>
	);
}

export function Findings(props: { bulletin: Bulletin; canAnswer: boolean }) {
	const { bulletin } = props;
	if (bulletin.findings.length === 0)
		return null;
	return (
		<Section title="Máy rà soát thấy" count={bulletin.findings.length}>
			{bulletin.unanswered ? <p>Còn {bulletin.unanswered} chỗ phải sửa hoặc giải thích trước khi trình duyệt.</p> : null}
			<ul class="rows">
				{bulletin.findings.map((finding) =>
					<FindingRow key={finding.id} bulletin={bulletin} finding={finding} canAnswer={props.canAnswer} />)}
			</ul>
		</Section>
	);
}
