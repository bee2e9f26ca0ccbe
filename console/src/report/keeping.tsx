// SPDX-License-Identifier: GPL-2.0-or-later
// How long a report is kept, who holds it longer and why, and what its sender may ask: that it be erased.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import { useDraft } from "../draft";
import { useLoad } from "../load";
import type { Report, ReportRetention, Role } from "../model";
import { isLeader } from "../session";
import { when } from "../time";
import { ActForm } from "../ui/form";
import { FailureNotice, Notice } from "../ui/notice";
import { isReason, Reason } from "../ui/reason";
import { Fold } from "../ui/section";
import { SureButton } from "../ui/sure";

const becomes: Record<string, string> = {
	erased: "Đã xoá danh tính người gửi và nội dung.",
	open: "Đã ghi yêu cầu. Tin đang giải quyết nên chưa xoá; máy tự xoá khi tin kết thúc.",
	held: "Đã ghi yêu cầu. Tin đang được giữ lại nên chưa xoá; máy tự xoá khi thôi giữ.",
	law: "Đã ghi yêu cầu. Luật buộc lưu loại tin này nên máy chỉ xoá khi hết hạn lưu.",
};

function Dates(props: { retention: ReportRetention["retention"] }) {
	const { retention } = props;
	if (retention.erased)
		return <p>Đã xoá nội dung {when(retention.erased)}.</p>;
	return (
		<dl class="facts">
			<div><dt>Kết thúc</dt><dd>{retention.closed ? when(retention.closed) : "chưa"}</dd></div>
			<div><dt>Bỏ danh tính</dt><dd>{retention.sanitised ? `đã bỏ ${when(retention.sanitised)}`
				: retention.sanitise_due ? when(retention.sanitise_due) : "tính từ khi kết thúc"}</dd></div>
			<div><dt>Xoá nội dung</dt><dd>{retention.erase_due ? when(retention.erase_due) : "tính từ khi kết thúc"}</dd></div>
		</dl>
	);
}

function Hold(props: { name: string; retention: ReportRetention["retention"] }) {
	const act = useAct();
	const release = useAct();
	const [reason, setReason] = useDraft(`hold-${props.name}`);
	const path = `/reports/${part(props.name)}`;
	if (props.retention.held)
		return (
			<>
				<FailureNotice failure={release.failure} />
				<button type="button" disabled={release.isBusy}
					onClick={() => void release.run(() => post(`${path}/release`))}>Thôi giữ, để hạn lưu chạy tiếp</button>
			</>
		);
	return (
		<ActForm act={act} label="Giữ lại, không xoá" name="Giữ tin lại" isOff={!isReason(reason)} onDone={() => setReason("")}
			what={() => post(`${path}/hold`, { reason: reason.trim() })}>
			<Reason label="Vì sao giữ lại quá hạn lưu" value={reason} onValue={setReason} />
		</ActForm>
	);
}

function Forget(props: { name: string }) {
	const act = useAct();
	const [told, setTold] = useState("");
	return (
		<>
			<h3>Người gửi yêu cầu xoá dữ liệu</h3>
			<SureButton act={act} label="Xoá theo yêu cầu của người gửi" title={`Xoá dữ liệu của người gửi tin ${props.name}?`}
				what={async () => {
					const answer = await post<{ becomes: string }>(`/reports/${part(props.name)}/forget`);
					setTold(becomes[answer.becomes] ?? "Đã ghi yêu cầu.");
				}}>
				<p>Chỉ bấm khi chính người gửi yêu cầu. Danh tính và nội dung được xoá ngay nếu luật không buộc giữ; không lấy lại được. Số thứ
					tự trong sổ tiếp nhận vẫn còn.</p>
			</SureButton>
			{told ? <Notice tone="good" role="status">{told}</Notice> : null}
		</>
	);
}

export function Keeping(props: { report: Report; role: Role }) {
	const name = props.report.report;
	const { data, failure } = useLoad<ReportRetention>(`/reports/${part(name)}/retention`);
	const canHold = isLeader(props.role) || props.role === "chairman";
	const canForget = isLeader(props.role) || props.role === "clerk";
	const hold = data?.retention.hold;
	return (
		<Fold title={data?.retention.held ? "Lưu giữ, xoá (đang được giữ lại)" : "Lưu giữ, xoá"}>
			<FailureNotice failure={failure} />
			{data ? <Dates retention={data.retention} /> : null}
			{hold ? <Notice tone="warning">Giữ lại từ {when(hold.at)}, {hold.by}: {hold.reason}</Notice> : null}
			{data && canHold && !data.retention.erased ? <Hold name={name} retention={data.retention} /> : null}
			{data && canForget && !data.retention.erased ? <Forget name={name} /> : null}
		</Fold>
	);
}
