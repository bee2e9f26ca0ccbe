// SPDX-License-Identifier: GPL-2.0-or-later
// What came of a report: passed on to whom and under which number he took it, or over; and when what happened.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import { useDraft } from "../draft";
import type { Report, ReportLaw } from "../model";
import { when } from "../time";
import { ActForm, Area, Check, Field, Select } from "../ui/form";
import { moment, moments, outcome, outcomes } from "../words";

export function OutcomeList(props: { law: ReportLaw }) {
	const { law } = props;
	if (law.outcomes.length === 0)
		return null;
	return (
		<ul class="plain">
			{law.outcomes.map((one, i) => (
				<li key={i}>
					<b>{outcome(one.kind)}</b>{one.addressee ? `: ${one.addressee}` : ""}
					{one.receipt ? `, số biên nhận ${one.receipt}` : one.kind === "transferred" ? ", chưa có số biên nhận" : ""}{" "}
					<small>{when(one.at)}, {one.by}</small>
				</li>
			))}
		</ul>
	);
}

/** "2026-11-22T14:05" of the browser's field as the box reads it; nothing for now. */
function atOf(field: string): { at?: string } {
	return field ? { at: field.replace("T", " ") } : {};
}

export function OutcomeForm(props: { report: Report; addressee: string }) {
	const { report } = props;
	const act = useAct();
	const [kind, setKind] = useState("transferred");
	const [addressee, setAddressee] = useDraft(`outcome-addressee-${report.report}`);
	const [receipt, setReceipt] = useDraft(`outcome-receipt-${report.report}`);
	const [note, setNote] = useDraft(`outcome-note-${report.report}`);
	const [at, setAt] = useState("");
	const [tell, setTell] = useState(true);
	const isTransfer = kind === "transferred";
	return (
		<ActForm act={act} label={isTransfer ? "Ghi đã chuyển" : "Ghi kết quả"} name="Kết quả, chuyển cơ quan khác"
			isOff={isTransfer && !addressee.trim() && !props.addressee}
			onDone={() => {
				for (const clear of [setAddressee, setReceipt, setNote, setAt])
					clear("");
			}}
			what={() => post(`/reports/${part(report.report)}/outcome`, {
				kind, tell, ...atOf(at),
				...(isTransfer && addressee.trim() ? { addressee: addressee.trim() } : {}),
				...(isTransfer && receipt.trim() ? { receipt: receipt.trim() } : {}),
				...(note.trim() ? { note: note.trim() } : {}),
			})}>
			<Select label="Kết quả" value={kind} onValue={setKind} options={Object.entries(outcomes)} />
			{isTransfer ? (
				<>
					<Field label="Chuyển đến" value={addressee} onValue={setAddressee} required={!props.addressee}
						hint={props.addressee ? `Để trống: ${props.addressee}.` : ""} />
					<Field label="Số biên nhận, công văn (nếu có)" value={receipt} onValue={setReceipt} maxLength={63} autocomplete="off" />
				</>
			) : null}
			<Field label="Lúc (để trống: bây giờ)" type="datetime-local" value={at} onValue={setAt} />
			<Area label="Ghi chú (nếu cần)" value={note} onValue={setNote} rows={2} maxLength={2000} />
			<Check label="Báo cho người gửi" isOn={tell} onValue={setTell} />
		</ActForm>
	);
}

/** A moment from which a term runs, when it was not the one at which it was written down here. */
export function MomentForm(props: { report: Report; law: ReportLaw }) {
	const { report, law } = props;
	const act = useAct();
	const [name, setName] = useState("accepted");
	const [at, setAt] = useState("");
	return (
		<>
			{law.moments.length ? (
				<ul class="plain">{law.moments.map((one, i) => <li key={i}>{moment(one.moment)}: {when(one.at)}</li>)}</ul>
			) : null}
			<ActForm act={act} label="Ghi thời điểm" name="Thời điểm theo luật" isOff={!at} onDone={() => setAt("")}
				what={() => post(`/reports/${part(report.report)}/moment`, { moment: name, ...atOf(at) })}>
				<Select label="Việc" value={name} onValue={setName} options={Object.entries(moments)} />
				<Field label="Lúc" type="datetime-local" value={at} onValue={setAt} required
					hint="Thời hạn tính từ việc này được tính lại." />
			</ActForm>
		</>
	);
}
