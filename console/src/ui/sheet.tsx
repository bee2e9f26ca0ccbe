// SPDX-License-Identifier: GPL-2.0-or-later
// A table from a spreadsheet: tried first, with each bad line and why; taken whole or not at all.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { postFile } from "../api";
import { figure } from "../figure";
import type { Imported } from "../people/model";
import { columns } from "../people/person";
import { FailureNotice, Notice } from "./notice";
import { Table } from "./table";

const FAULTS_SHOWN = 200;

function sentence(text: string): string {
	return text ? `${text[0]!.toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}` : "";
}

export function Faults(props: { tried: Imported }) {
	const { tried } = props;
	const count = tried.error_count ?? tried.errors.length;
	return (
		<>
			<Notice tone="alarm" role="alert">
				<strong>{figure(count)} chỗ phải sửa; chưa có gì được lưu.</strong> Sửa trong bảng tính, lưu lại rồi chọn tệp một lần nữa.
			</Notice>
			<Table caption="Các dòng phải sửa" head={["Dòng", "Cột", "Vì sao"]}>
				{tried.errors.slice(0, FAULTS_SHOWN).map((fault, i) => (
					<tr key={i}>
						<th scope="row">{fault.row}</th>
						<td>{fault.column ? columns[fault.column] ?? fault.column : ""}</td>
						<td>{sentence(fault.message_vi ?? fault.message)}</td>
					</tr>
				))}
			</Table>
			{count > FAULTS_SHOWN ? <p class="hint">Còn {figure(count - FAULTS_SHOWN)} chỗ nữa.</p> : null}
		</>
	);
}

/** What a list does; only what is there. */
function Sums(props: { tried: Imported; isDone: boolean }) {
	const { tried } = props;
	const sums: [string, number | undefined][] = [["thêm", tried.added], ["sửa", tried.changed], ["đưa ra", tried.removed],
		["giữ nguyên", tried.same], ["vào danh sách lưu sẵn", tried.listed], ["số điện thoại được sửa cho đúng", tried.mended]];
	const said = sums.filter(([, count]) => count).map(([what, count]) => `${what} ${figure(count!)}`).join(", ");
	return <p role="status">{props.isDone ? "Đã nhập: " : "Nếu nhập: "}{said || "không có gì thay đổi"}.</p>;
}

export function Sheet(props: { path: string; label: string; children?: ComponentChildren }) {
	const act = useAct();
	const [file, setFile] = useState<File | null>(null);
	const [tried, setTried] = useState<Imported | null>(null);
	const [isDone, setDone] = useState(false);
	const send = (chosen: File, dry: "yes" | "no") => postFile<Imported>(`${props.path}?dry_run=${dry}`, chosen, "text/csv");

	function choose(chosen: File | undefined): void {
		setFile(chosen ?? null);
		setTried(null);
		setDone(false);
		act.forget();
		if (chosen)
			void act.run(async () => setTried(await send(chosen, "yes")));
	}
	async function take(): Promise<void> {
		const taken = await send(file!, "no");
		setTried(taken);
		setDone(taken.is_stored);
	}
	return (
		<>
			{props.children}
			<div class="field">
				<label for="sheet">{props.label}</label>
				<input id="sheet" type="file" accept=".csv,text/csv" disabled={act.isBusy}
					onChange={(event) => choose(event.currentTarget.files?.[0])} />
			</div>
			<FailureNotice failure={act.failure} {...(file ? { onAgain: () => choose(file) } : {})} />
			{act.isBusy ? <p role="status">Đang xem tệp…</p> : null}
			{tried && tried.errors.length ? <Faults tried={tried} /> : null}
			{tried && !tried.errors.length ? (
				<>
					<Sums tried={tried} isDone={isDone} />
					{isDone ? <Notice tone="good" role="status">Đã lưu tất cả các dòng.</Notice> : (
						<button type="button" class="primary" disabled={act.isBusy} onClick={() => void act.run(take)}>Nhập tất cả</button>
					)}
				</>
			) : null}
		</>
	);
}
