// SPDX-License-Identifier: GPL-2.0-or-later
// Where it happened, who works on it, and a note for colleagues.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import { useAside } from "../aside";
import { useChoice } from "../choice";
import { useDraft } from "../draft";
import type { Officer, Place, Report, Role } from "../model";
import { isHandler } from "../session";
import { Beaten } from "../ui/beaten";
import { ActForm, Area, Select } from "../ui/form";
import { Notice } from "../ui/notice";
import { Fold } from "../ui/section";

function HamletForm(props: { report: Report; places: Place[] }) {
	const { report } = props;
	const act = useAct();
	const hamlet = useChoice(report.hamlet);
	const places = props.places.filter((place) => (place.kind === "hamlet" || place.kind === "commune")
		&& (!place.is_closed || place.code === report.hamlet));
	return (
		<ActForm act={act} label="Lưu địa bàn" name="Địa bàn" isOff={hamlet.value === report.hamlet}
			what={() => post(`/reports/${part(report.report)}/hamlet`, { hamlet: hamlet.value || null })}>
			<Select label="Địa bàn" value={hamlet.value} onValue={hamlet.set} options={[["", "Chưa rõ"],
				...places.map((place): [string, string] => [place.code, place.name])]} />
			<Beaten choices={[hamlet]} now={places.find((place) => place.code === report.hamlet)?.name ?? (report.hamlet || "chưa rõ")} />
		</ActForm>
	);
}

function AssigneeForm(props: { report: Report }) {
	const { report } = props;
	const act = useAct();
	const officers = useAside<{ officers: Officer[] }>("/officers?limit=200")?.officers ?? [];
	const officer = useChoice(report.assignee ?? "");
	const able = officers.filter((one) => one.state === "active" && isHandler(one.role));
	return (
		<ActForm act={act} label="Phân công" name="Phân công" isOff={officer.value === (report.assignee ?? "")}
			what={() => post(`/reports/${part(report.report)}/assignee`, { officer: officer.value || null })}>
			<Select label="Người giải quyết" value={officer.value} onValue={officer.set} options={[["", "Chưa phân công"],
				...able.map((one): [string, string] => [one.login, one.name])]} />
			<Beaten choices={[officer]} now={report.assignee ?? "chưa phân công"} />
		</ActForm>
	);
}

function NoteForm(props: { report: Report }) {
	const { report } = props;
	const act = useAct();
	const [text, setText] = useDraft(`note-${report.report}`);
	return (
		<ActForm act={act} label="Ghi chú" name="Ghi chú nội bộ" isOff={!text.trim()} onDone={() => setText("")}
			what={() => post(`/reports/${part(report.report)}/note`, { text })}>
			<Area label="Ghi chú cho cán bộ, không gửi cho ai" value={text} onValue={setText} rows={2} maxLength={4000} />
		</ActForm>
	);
}

function PinForm(props: { report: Report }) {
	const { report } = props;
	const act = useAct();
	const [pin, setPin] = useState("");
	return (
		<>
			<p class="hint">Người gửi dùng mã và PIN để hỏi kết quả từ máy khác. PIN cũ hết hiệu lực.</p>
			<ActForm act={act} label="Cấp PIN mới" what={async () => {
				setPin((await post<{ pin: string }>(`/reports/${part(report.report)}/pin`)).pin);
			}} />
			{pin ? <Notice tone="good" role="status">Mã {report.code}, PIN <b>{pin}</b>. Chỉ hiện lần này; đọc cho người gửi ghi lại.</Notice> : null}
		</>
	);
}

/** What is about the chief is assigned to nobody: all officers work under him. The chairman does it himself. */
export function Handling(props: { report: Report; places: Place[]; role: Role }) {
	const canAssign = isHandler(props.role);
	return (
		<>
			<Fold title="Ghi chú nội bộ"><NoteForm report={props.report} /></Fold>
			<Fold title={canAssign ? "Địa bàn, phân công" : "Địa bàn"}>
				<HamletForm report={props.report} places={props.places} />
				{canAssign ? <AssigneeForm report={props.report} />
					: <p class="hint">Tin về trưởng công an không phân công cho ai: chủ tịch tự giải quyết, hoặc chuyển cơ quan có thẩm quyền ở mục kết quả.</p>}
			</Fold>
			<Fold title="Cấp PIN cho người gửi"><PinForm report={props.report} /></Fold>
		</>
	);
}
