// SPDX-License-Identifier: GPL-2.0-or-later
// Other reports of the same matter.
import { useState } from "preact/hooks";
import { type Act, useAct } from "../act";
import { part, post } from "../api";
import { useAside } from "../aside";
import type { Report, ReportRow } from "../model";
import { address } from "../route";
import { when } from "../time";
import { ActForm, Field, Select } from "../ui/form";
import { FailureNotice } from "../ui/notice";
import { Fold } from "../ui/section";
import { category, link } from "../words";

function Name(props: { name: string }) {
	return <a href={address("tin", props.name)}>{props.name}</a>;
}

function TieForm(props: { report: Report; act: Act }) {
	const { report, act } = props;
	const [other, setOther] = useState("");
	const [how, setHow] = useState("link");
	const path = `/reports/${part(report.report)}`;
	return (
		<ActForm act={act} label={how === "merge" ? "Ghép vào tin đó" : "Nối hai tin"} isOff={!other.trim()}
			onDone={() => setOther("")}
			what={() => how === "merge" ? post(`${path}/merge`, { into: other.trim() })
				: post(`${path}/link`, { to: other.trim(), linked: true })}>
			<Field label="Số của tin kia" value={other} onValue={setOther} autocomplete="off" hint="Ví dụ: 12 hoặc 2026-12" />
			<Select label="Cách" value={how} onValue={setHow} options={[["link", "Nối: hai việc có liên quan"],
				["merge", "Ghép: cùng một việc, làm ở tin kia"]]} />
		</ActForm>
	);
}

export function Ties(props: { report: Report; canChange: boolean }) {
	const { report, canChange } = props;
	const act = useAct();
	const undo = useAct();
	const near = useAside<{ reports: ReportRow[] }>(`/reports/${part(report.report)}/near`)?.reports ?? [];
	const path = `/reports/${part(report.report)}`;
	const count = near.length + report.links.length + report.merged.length;
	return (
		<Fold title={count ? `Tin liên quan (${count})` : "Tin liên quan"}>
			<ul>
				{report.merged.map((name) => <li key={name}>Đã ghép vào tin này: <Name name={name} /></li>)}
				{report.links.map((one, i) => one.report === null ? <li key={i}>Một tin mà đồng chí không có quyền xem.</li> : (
					<li key={one.report}>
						<Name name={one.report} /> {link(one.kind)}{" "}
						{canChange && one.kind === "related" ? <button type="button" class="small" disabled={undo.isBusy} onClick={() => void undo.run(() =>
							post(`${path}/link`, { to: one.report, linked: false }))}>Bỏ nối</button> : null}
					</li>
				))}
				{near.map((row) => (
					<li key={row.id}>Cùng loại, cùng nơi, gần giờ: <Name name={row.report} /> {category(row.category)}, {when(row.received)}</li>
				))}
			</ul>
			<FailureNotice failure={undo.failure} />
			{count === 0 ? <p class="hint">Chưa thấy tin nào liên quan.</p> : null}
			{canChange && report.merged_into ? <button type="button" disabled={undo.isBusy}
				onClick={() => void undo.run(() => post(`${path}/merge`, { into: null }))}>Bỏ ghép khỏi tin {report.merged_into}</button> : null}
			{canChange && !report.merged_into ? <TieForm report={report} act={act} /> : null}
		</Fold>
	);
}
