// SPDX-License-Identifier: GPL-2.0-or-later
// One person onto the list of a place, or off it. It goes in as a list of one row, so that the box says in the same words
// what is wrong with it; numbers go in and never come out.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { Failure, postFile } from "../api";
import { useDraft } from "../draft";
import { ActForm, Field, Select } from "../ui/form";
import { Notice } from "../ui/notice";
import type { Imported } from "./model";
import { csvRow, roles } from "./words";

async function putPerson(cells: string[]): Promise<Imported> {
	const file = new Blob([`phone,name,place,role,household\n${csvRow(cells)}\n`], { type: "text/csv" });
	const done = await postFile<Imported>("/residents/import?dry_run=no", file, "text/csv");
	const fault = done.errors[0];
	if (fault)
		throw new Failure(400, "INVALID", `${columns[fault.column ?? ""] ?? "Dòng này"} ${fault.message_vi ?? fault.message}.`,
			"Chưa có gì thay đổi; nội dung đang nhập vẫn còn.");
	return done;
}

export const columns: Record<string, string> = {
	phone: "Số điện thoại",
	name: "Họ tên",
	place: "Địa bàn",
	role: "Vai trò",
	household: "Hộ",
	list: "Danh sách",
	day: "Ngày",
	from: "Từ",
	to: "Đến",
	rank: "Thứ tự",
	officer: "Cán bộ",
	instead_of: "Thay cho",
};

function saidOf(done: Imported): string {
	if (done.added)
		return "Đã thêm vào danh sách.";
	if (done.removed)
		return "Đã đưa ra khỏi danh sách.";
	return done.changed ? "Đã sửa." : "Không có gì thay đổi.";
}

export function PersonForm(props: { place: string }) {
	const act = useAct();
	const key = `person-${props.place}`;
	const [phone, setPhone] = useDraft(`${key}-phone`);
	const [name, setName] = useDraft(`${key}-name`);
	const [role, setRole] = useDraft(`${key}-role`, "member");
	const [household, setHousehold] = useDraft(`${key}-household`);
	const [said, setSaid] = useState("");
	const isLeaving = role === "left";

	async function store(): Promise<void> {
		setSaid("");
		setSaid(saidOf(await putPerson([phone.trim(), name.trim() || "-", props.place, role, household.trim()])));
		for (const clear of [setPhone, setName, setHousehold])
			clear("");
	}
	return (
		<>
			{said ? <Notice tone="good" role="status">{said}</Notice> : null}
			<ActForm act={act} label={isLeaving ? "Đưa ra khỏi danh sách" : "Lưu"} name="Thêm, sửa một người" what={store}
				isOff={!phone.trim() || (!isLeaving && !name.trim())}>
				<div class="filters">
					<Field label="Số điện thoại" value={phone} onValue={setPhone} inputMode="tel" autocomplete="off" required />
					<Field label="Họ tên" value={name} onValue={setName} autocomplete="off" required={!isLeaving} maxLength={100} />
					<Select label="Vai trò" value={role} onValue={setRole}
						options={[...Object.entries(roles), ["left", "Không còn ở đây"]]} />
					<Field label="Hộ (nếu có)" value={household} onValue={setHousehold} autocomplete="off" maxLength={60}
						hint="Số hoặc tên hộ; cùng hộ thì ghi giống nhau." />
				</div>
				<p class="hint">Người đã có trong danh sách thì được sửa theo nội dung mới. Số điện thoại lưu rồi thì chỉ hiện ba số cuối.</p>
			</ActForm>
		</>
	);
}
