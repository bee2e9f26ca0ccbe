// SPDX-License-Identifier: GPL-2.0-or-later
// The reception register of a year as a page to print, and the lists of the office as tables for a spreadsheet. Each
// edition is written into the log of events.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { postForText } from "../api";
import { figure } from "../figure";
import { saveText } from "../save";
import { FailureNotice } from "../ui/notice";
import { Section } from "../ui/section";
import { periodBody, PeriodFields, periodName, thisYear } from "./period";
import { type Sheet, sheetOf } from "./sheet";

const CSV = "text/csv;charset=utf-8";

function SheetTable(props: { sheet: Sheet }) {
	const { sheet } = props;
	return (
		<section class="card sheet" aria-label="Bản in sổ tiếp nhận">
			<h2>{sheet.title}</h2>
			{sheet.above.map((line) => <p key={line}>{line}</p>)}
			<div class="wide" tabIndex={0} role="region" aria-label="Các dòng của sổ">
				<table>
					<thead><tr>{sheet.head.map((title) => <th key={title} scope="col">{title}</th>)}</tr></thead>
					<tbody>
						{sheet.rows.map((row, i) => (
							<tr key={i} class={row.isChange ? "change" : ""}>
								{row.cells.map((cell, at) => <td key={at} colSpan={at === row.cells.length - 1
									? Math.max(1, sheet.head.length - at) : 1}>{cell}</td>)}
							</tr>
						))}
					</tbody>
				</table>
			</div>
			{sheet.below.map((line) => <p key={line} class="hash">{line}</p>)}
			<p class="signs only-print"><span>Người lập</span><span>Trưởng Công an xã</span></p>
		</section>
	);
}

export function RegisterSheet() {
	const act = useAct();
	const [period, setPeriod] = useState(thisYear);
	const [sheet, setSheet] = useState<Sheet | null>(null);
	return (
		<>
			<Section title="Sổ tiếp nhận nguồn tin" class="no-print">
				<p>Sổ gồm cả những thay đổi sau khi ghi. Mỗi lần lập được ghi vào nhật ký, kèm mã băm in ở cuối.</p>
				<PeriodFields period={period} onPeriod={(next) => {
					setPeriod(next);
					setSheet(null);
				}} />
				<FailureNotice failure={act.failure} />
				<p class="actions">
					<button type="button" class="primary" disabled={act.isBusy} onClick={() => void act.look(async () =>
						setSheet(sheetOf(await postForText("/register", { ...periodBody(period), format: "html" }))))}>
						{act.isBusy ? "Đang lập…" : "Lập sổ"}
					</button>
					{sheet ? <button type="button" onClick={() => print()}>In sổ</button> : null}
					<button type="button" disabled={act.isBusy} onClick={() => void act.look(async () => saveText(
						`so-tiep-nhan-${periodName(period)}.csv`, CSV, await postForText("/register", { ...periodBody(period), format: "csv" })))}>
						Lưu bảng tính
					</button>
				</p>
				{sheet ? <p role="status">{figure(sheet.rows.filter((row) => !row.isChange).length)} tin, {figure(sheet.rows.length)} dòng.</p> : null}
			</Section>
			{sheet ? <SheetTable sheet={sheet} /> : null}
		</>
	);
}

const lists: [string, string][] = [
	["reports", "Danh sách tin"],
	["alarms", "Báo động và ai nhận"],
	["clock_statistics", "Thời hạn theo loại và địa bàn"],
	["clocks", "Thời hạn đang tính"],
	["guess_statistics", "Máy đoán loại tin đúng hay sai"],
];

export function Exports() {
	const act = useAct();
	const [period, setPeriod] = useState(thisYear);
	return (
		<Section title="Bảng tính để báo cáo" class="no-print">
			<p class="hint">Tệp CSV mở bằng Excel hoặc LibreOffice. Chỉ có những gì đồng chí được xem; mỗi lần lưu được ghi vào nhật ký.</p>
			<PeriodFields period={period} onPeriod={setPeriod} />
			<FailureNotice failure={act.failure} />
			<p class="actions">
				{lists.map(([list, title]) => (
					<button key={list} type="button" disabled={act.isBusy} onClick={() => void act.look(async () => saveText(
						`${list.replace("_", "-")}-${periodName(period)}.csv`, CSV, await postForText("/export", { list, ...periodBody(period) })))}>
						{title}
					</button>
				))}
			</p>
		</Section>
	);
}
