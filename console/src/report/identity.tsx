// SPDX-License-Identifier: GPL-2.0-or-later
// Who sent it: with a reason, for minutes, on record. It is on the page while that lasts and nowhere else.
import { useEffect, useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import type { Report } from "../model";
import { now, when } from "../time";
import { ActForm } from "../ui/form";
import { Notice } from "../ui/notice";
import { isReason, Reason } from "../ui/reason";
import { Fold } from "../ui/section";

interface Revealed {
	kind: string;
	address: string;
	until: string;
}

const kinds: Record<string, string> = {
	phone: "Số điện thoại",
	name: "Tên người gửi",
	zalo_user: "Tài khoản Zalo",
	zalo_group: "Nhóm Zalo",
	office: "Ghi tại trụ sở",
};

export function Identity(props: { report: Report }) {
	const { report } = props;
	const act = useAct();
	const [reason, setReason] = useState("");
	const [shown, setShown] = useState<Revealed | null>(null);
	useEffect(() => {
		if (!shown)
			return;
		const timer = setTimeout(() => setShown(null), Math.max(0, Date.parse(shown.until) - now()));
		return () => clearTimeout(timer);
	}, [shown]);
	return (
		<Fold title="Xem danh tính người gửi">
			{report.is_anonymous ? <p>Người gửi chọn ẩn danh: không ai xem được danh tính.</p> : null}
			{!report.is_anonymous && shown ? (
				<Notice tone="warning">
					{kinds[shown.kind] ?? shown.kind}: <strong class="secret">{shown.address}</strong>. Tự ẩn lúc {when(shown.until)};
					lượt xem đã ghi vào nhật ký. <button type="button" class="small" onClick={() => setShown(null)}>Ẩn ngay</button>
				</Notice>
			) : null}
			{!report.is_anonymous && !shown ? (
				<ActForm act={act} label="Xem danh tính" tone="alarm" name="Xem danh tính người gửi"
					isOff={!isReason(reason)} what={async () => {
						setShown(await post<Revealed>(`/reports/${part(report.report)}/identity`, { reason: reason.trim() }));
						setReason("");
					}}>
					<Reason value={reason} onValue={setReason}
						hint="Lý do và tên đồng chí được ghi vào nhật ký, Trưởng Công an xã xem được." />
				</ActForm>
			) : null}
		</Fold>
	);
}
