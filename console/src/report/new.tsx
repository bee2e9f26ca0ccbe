// SPDX-License-Identifier: GPL-2.0-or-later
// What an officer was told at the desk or by telephone becomes a report like any other.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { post } from "../api";
import { useDraft } from "../draft";
import type { Officer, ReportRow } from "../model";
import { address, go } from "../route";
import { isHandler } from "../session";
import { ActForm, Area, Check, Field, Select } from "../ui/form";
import { Notice } from "../ui/notice";
import { Page } from "../ui/section";
import { categories, urgencies } from "../words";

export function NewReportPage(props: { officer: Officer }) {
	const act = useAct();
	const [text, setText] = useDraft("new-text");
	const [phone, setPhone] = useDraft("new-phone");
	const [hamlet, setHamlet] = useDraft("new-hamlet");
	const [source, setSource] = useState("walk_in");
	const [category, setCategory] = useState("");
	const [urgency, setUrgency] = useState("");
	const [isAnonymous, setAnonymous] = useState(false);
	const [isQuiet, setQuiet] = useState(false);
	if (!isHandler(props.officer.role))
		return <Page title="Ghi tin mới"><Notice tone="warning">Tài khoản này không ghi tin mới.</Notice></Page>;

	async function store(): Promise<void> {
		const row = await post<ReportRow>("/reports", {
			source, text,
			...(phone.trim() ? { phone: phone.trim() } : {}),
			...(hamlet.trim() ? { hamlet: hamlet.trim() } : {}),
			...(category ? { category } : {}),
			...(urgency ? { urgency } : {}),
			...(isAnonymous ? { is_anonymous: true } : {}),
			...(isQuiet ? { is_quiet: true } : {}),
		});
		for (const clear of [setText, setPhone, setHamlet])
			clear("");
		go("tin", row.report);
	}
	return (
		<Page title="Ghi tin mới" actions={<a class="button" href={address("tin")}>Về danh sách</a>}>
			<div class="card">
				<ActForm act={act} label="Ghi vào sổ tiếp nhận" what={store}>
					<Select label="Nguồn tin" value={source} onValue={setSource} options={[["walk_in", "Trình báo trực tiếp"],
						["call", "Điện thoại"], ["on_behalf", "Ghi thay người khác"]]} />
					<Area label="Nội dung" value={text} onValue={setText} rows={6} maxLength={16000} required
						hint="Không ghi bí mật nhà nước." />
					<div class="filters">
						<Field label="Số điện thoại người báo (nếu có)" value={phone} onValue={setPhone} inputMode="tel"
							autocomplete="off" hint="Để gửi giấy báo nhận và trả lời; được giữ kín như các tin khác." />
						<Field label="Địa bàn (nếu rõ)" value={hamlet} onValue={setHamlet} autocomplete="off" />
						<Select label="Loại" value={category} onValue={setCategory}
							options={[["", "Để máy đoán"], ...Object.entries(categories)]} />
						<Select label="Mức độ" value={urgency} onValue={setUrgency}
							options={[["", "Để máy đoán"], ...Object.entries(urgencies)]} />
					</div>
					<Check label="Người báo muốn ẩn danh" isOn={isAnonymous} onValue={setAnonymous} />
					<Check label="Không nhắn gì vào máy người báo" isOn={isQuiet} onValue={setQuiet} />
				</ActForm>
			</div>
		</Page>
	);
}
