// SPDX-License-Identifier: GPL-2.0-or-later
// What the report is in law, the terms that run from it, and what came of it.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import { useDraft } from "../draft";
import { useLoad } from "../load";
import type { Clock, Regimes, Report, ReportLaw, Role } from "../model";
import { isHandler } from "../session";
import { left, when } from "../time";
import { ActForm, Area, Check, Field, Select } from "../ui/form";
import { Fold, Section } from "../ui/section";
import { clockState, outcome, outcomes } from "../words";

function ClockRow(props: { clock: Clock }) {
	const { clock } = props;
	const runs = clock.state === "RUNNING";
	return (
		<li class={clock.is_late ? "late" : ""}>
			<b>{clock.name}</b>: {runs ? `${when(clock.due)}, ${left(clock.left_s)}` : clockState(clock.state)}
			<small>{clock.source}{clock.is_confirmed ? "" : " (chưa đối chiếu văn bản)"}</small>
		</li>
	);
}

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

function OutcomeForm(props: { report: Report }) {
	const { report } = props;
	const act = useAct();
	const [kind, setKind] = useState("transferred");
	const [addressee, setAddressee] = useDraft(`outcome-addressee-${report.report}`);
	const [receipt, setReceipt] = useDraft(`outcome-receipt-${report.report}`);
	const [note, setNote] = useDraft(`outcome-note-${report.report}`);
	const [tell, setTell] = useState(true);
	return (
		<ActForm act={act} label={kind === "transferred" ? "Ghi đã chuyển" : "Ghi kết quả"} name="Kết quả, chuyển cơ quan khác"
			isOff={kind === "transferred" && !addressee.trim()}
			onDone={() => {
				for (const clear of [setAddressee, setReceipt, setNote])
					clear("");
			}}
			what={() => post(`/reports/${part(report.report)}/outcome`, {
				kind, tell,
				...(addressee.trim() ? { addressee: addressee.trim() } : {}),
				...(receipt.trim() ? { receipt: receipt.trim() } : {}),
				...(note.trim() ? { note: note.trim() } : {}),
			})}>
			<Select label="Kết quả" value={kind} onValue={setKind} options={Object.entries(outcomes)} />
			{kind === "transferred" ? (
				<>
					<Field label="Chuyển đến" value={addressee} onValue={setAddressee} required />
					<Field label="Số biên nhận, công văn (nếu có)" value={receipt} onValue={setReceipt} />
				</>
			) : null}
			<Area label="Ghi chú (nếu cần)" value={note} onValue={setNote} rows={2} />
			<Check label="Báo cho người gửi" isOn={tell} onValue={setTell} />
		</ActForm>
	);
}

function ClockForm(props: { report: Report; clocks: Clock[] }) {
	const { report, clocks } = props;
	const act = useAct();
	const [clock, setClock] = useState(clocks[0]?.code ?? "");
	const [what, setWhat] = useState("done");
	const [reason, setReason] = useDraft(`clock-${report.report}`);
	return (
		<ActForm act={act} label="Ghi" name="Thời hạn" isOff={!clock || !reason.trim()} onDone={() => setReason("")}
			what={() => post(`/reports/${part(report.report)}/clock`, { clock, do: what, reason: reason.trim() })}>
			<Select label="Thời hạn" value={clock} onValue={setClock}
				options={clocks.map((one): [string, string] => [one.code, one.name])} />
			<Select label="Việc" value={what} onValue={setWhat} options={[["done", "Đã làm xong"], ["freeze", "Tạm dừng"],
				["thaw", "Tính tiếp"], ["extend", "Gia hạn"]]} />
			<Area label="Lý do" value={reason} onValue={setReason} rows={2} required />
		</ActForm>
	);
}

export function Law(props: { report: Report; law: ReportLaw | null; role: Role }) {
	const { report, law, role } = props;
	const regimes = useLoad<Regimes>("/regimes").data;
	const name = regimes?.classes.find((one) => one.class === law?.class)?.name;
	if (!law)
		return null;
	const running = law.clocks.filter((clock) => clock.state === "RUNNING" || clock.state === "FROZEN");
	return (
		<>
			<Section title="Theo luật và thời hạn">
				<p>{law.class ? <><b>{name ?? law.class}</b>{law.is_urgent ? ", khẩn cấp" : ""}</> : "Chưa phân loại theo luật."}</p>
				<ul class="clocks">{law.clocks.map((clock) => <ClockRow key={clock.id} clock={clock} />)}</ul>
				{law.outcomes.map((one, i) => (
					<p key={i}>{outcome(one.kind)}{one.addressee ? `: ${one.addressee}` : ""} <small>{when(one.at)}, {one.by}</small></p>
				))}
				{isHandler(role) && regimes && !law.class ? <Classify report={report} law={law} regimes={regimes} /> : null}
			</Section>
			{isHandler(role) && regimes && law.class
				? <Fold title="Đổi phân loại theo luật"><Classify report={report} law={law} regimes={regimes} /></Fold> : null}
			{isHandler(role) ? <Fold title="Ghi kết quả, chuyển cơ quan khác"><OutcomeForm report={report} /></Fold> : null}
			{isHandler(role) && running.length
				? <Fold title="Dừng, gia hạn, kết thúc thời hạn"><ClockForm report={report} clocks={running} /></Fold> : null}
		</>
	);
}
