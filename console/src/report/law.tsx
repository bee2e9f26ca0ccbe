// SPDX-License-Identifier: GPL-2.0-or-later
// What the report is in law, the terms that run from it, and what came of it.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import { useAside } from "../aside";
import { useDraft } from "../draft";
import type { Regimes, Report, ReportLaw, Role } from "../model";
import { ActForm, Area, Check, Select } from "../ui/form";
import { Fold, Section } from "../ui/section";
import { ClockForm, ClockRow, ruleOf } from "./clock";
import { MomentForm, OutcomeForm, OutcomeList } from "./outcome";

function Classify(props: { report: Report; law: ReportLaw; regimes: Regimes }) {
	const { report, law } = props;
	const act = useAct();
	const [chosen, setChosen] = useState(law.class ?? "");
	const [isUrgent, setUrgent] = useState(law.is_urgent);
	const [tell, setTell] = useState(true);
	const [reason, setReason] = useDraft(`class-${report.report}`);
	const isChange = law.class !== null;
	const classes = props.regimes.classes.filter((one) => one.class !== "tiep_nhan");
	return (
		<ActForm act={act} label={isChange ? "Đổi phân loại" : "Phân loại"} name="Phân loại theo luật"
			isOff={!chosen || (isChange && !reason.trim())} onDone={() => setReason("")}
			what={() => post(`/reports/${part(report.report)}/class`, {
				class: chosen, urgent: isUrgent, tell, ...(reason.trim() ? { reason: reason.trim() } : {}),
			})}>
			<Select label="Loại theo luật" value={chosen} onValue={setChosen}
				options={[["", "Chọn…"], ...classes.map((one): [string, string] => [one.class, one.name])]} />
			{isChange ? <Area label="Lý do đổi" value={reason} onValue={setReason} rows={2} required /> : null}
			<Check label="Khẩn cấp theo luật" isOn={isUrgent} onValue={setUrgent} />
			<Check label="Báo cho người gửi biết đã tiếp nhận" isOn={tell} onValue={setTell} />
		</ActForm>
	);
}

/** To whom the class goes by law, as the record has it that was in force when the report came in. */
function addresseeOf(regimes: Regimes | null, law: ReportLaw, received: string): string {
	const day = received.slice(0, 10);
	const records = regimes?.classes.find((one) => one.class === law.class)?.records ?? [];
	return records.find((one) => one.from <= day && (one.to === null || day <= one.to))?.addressee ?? "";
}

export function Law(props: { report: Report; law: ReportLaw | null; role: Role; canWork: boolean }) {
	const { report, law, role, canWork } = props;
	const regimes = useAside<Regimes>("/regimes");
	const name = regimes?.classes.find((one) => one.class === law?.class)?.name;
	if (!law)
		return null;
	const running = law.clocks.filter((clock) => clock.state === "RUNNING" || clock.state === "FROZEN");
	return (
		<>
			<Section title="Theo luật và thời hạn">
				<p>{law.class ? <><b>{name ?? law.class}</b>{law.is_urgent ? ", khẩn cấp" : ""}</> : "Chưa phân loại theo luật."}</p>
				<ul class="clocks">
					{law.clocks.map((clock) => <ClockRow key={clock.id} clock={clock} rule={ruleOf(regimes, clock, report.received)} />)}
				</ul>
				<OutcomeList law={law} />
				{canWork && regimes && !law.class ? <Classify report={report} law={law} regimes={regimes} /> : null}
			</Section>
			{canWork && regimes && law.class ? (
				<Fold title="Đổi phân loại theo luật">
					<Classify key={`${law.class}${law.is_urgent}`} report={report} law={law} regimes={regimes} />
				</Fold>
			) : null}
			{canWork ? (
				<Fold title="Ghi kết quả, chuyển cơ quan khác">
					<OutcomeForm report={report} addressee={addresseeOf(regimes, law, report.received)} />
				</Fold>
			) : null}
			{canWork && regimes && running.length ? (
				<Fold title="Dừng, gia hạn, kết thúc thời hạn">
					<ClockForm report={report} clocks={running} regimes={regimes} role={role} />
				</Fold>
			) : null}
			{canWork && law.class ? <Fold title="Thời điểm thụ lý, chuyển, phát hiện"><MomentForm report={report} law={law} /></Fold> : null}
		</>
	);
}
