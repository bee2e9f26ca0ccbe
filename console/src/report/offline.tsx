// SPDX-License-Identifier: GPL-2.0-or-later
// An item that turned out to be a state secret: printed, then erased on the box, by the digits that stand on the print.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import type { Report } from "../model";
import { when } from "../time";
import { ActForm, Field } from "../ui/form";
import { Notice } from "../ui/notice";
import { isReason, Reason } from "../ui/reason";
import { Fold } from "../ui/section";
import { Dialog } from "../ui/dialog";

export function Offline(props: { report: Report }) {
	const { report } = props;
	const printing = useAct();
	const erasing = useAct();
	const [reason, setReason] = useState("");
	const [digits, setDigits] = useState("");
	const [paper, setPaper] = useState("");
	const path = `/reports/${part(report.report)}/offline`;
	if (report.secrecy?.offline)
		return <Notice tone="plain">Tin đã đưa khỏi máy {when(report.secrecy.offline)}.</Notice>;
	return (
		<Fold title="Đưa tin khỏi máy (bí mật nhà nước)">
			<p>Bước 1: in toàn bộ tin ra giấy, bản in có dãy số ở cuối. Bước 2: nhập dãy số đó để xoá nội dung trên máy.</p>
			<ActForm act={printing} label="In để đưa khỏi máy" name="In để đưa khỏi máy" isOff={!isReason(reason)}
				what={async () => {
					setPaper((await post<{ print: string }>(path, { reason: reason.trim() })).print);
					setReason("");
				}}>
				<Reason value={reason} onValue={setReason} />
			</ActForm>
			<ActForm act={erasing} label="Đưa khỏi máy" tone="alarm" name="Đưa khỏi máy" isOff={!digits.trim()}
				what={() => post(path, { digits: digits.trim() })} onDone={() => setDigits("")}>
				<Field label="Dãy số trên bản in" value={digits} onValue={setDigits} inputMode="numeric" autocomplete="off" />
			</ActForm>
			{paper ? (
				<Dialog title={`Bản in tin ${report.report}`} onClose={() => setPaper("")}>
					<pre class="paper">{paper}</pre>
					<button type="button" class="primary" onClick={() => print()}>In</button>
				</Dialog>
			) : null}
		</Fold>
	);
}
