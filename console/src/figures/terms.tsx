// SPDX-License-Identifier: GPL-2.0-or-later
// How the terms of the law were kept, by class and hamlet: the plan wants all of them in time.
import { useState } from "preact/hooks";
import { useAside } from "../aside";
import { figure } from "../figure";
import { useLoad } from "../load";
import type { Place, Regimes } from "../model";
import { today } from "../time";
import { Select } from "../ui/form";
import { FailureNotice } from "../ui/notice";
import { Section } from "../ui/section";
import { Table } from "../ui/table";

interface Row {
	class: string;
	clock: string;
	/** null: the sum of all */
	hamlet: string | null;
	/** Of a hamlet the share is told only. */
	met: number | null;
	late: number | null;
	running: number | null;
	/** null: nothing has ended yet */
	percent: number | null;
}

/** "98 %"; nothing has ended yet: a dash. */
export function share(met: number, late: number): string {
	return met + late === 0 ? "–" : `${figure(Math.floor((100 * met) / (met + late)))} %`;
}

export function Terms() {
	const newest = Number(today().slice(0, 4));
	const [year, setYear] = useState(String(newest));
	const { data, failure } = useLoad<{ rows: Row[] }>(`/statistics/clocks?year=${year}`);
	const regimes = useAside<Regimes>("/regimes");
	const places = useAside<{ places: Place[] }>("/places?limit=200")?.places ?? [];
	const classOf = (code: string) => regimes?.classes.find((one) => one.class === code);
	const clockName = (row: Row) => classOf(row.class)?.records.flatMap((one) => one.clocks).find((one) => one.code === row.clock)?.name ?? row.clock;
	const placeName = (code: string) => places.find((place) => place.code === code)?.name ?? code;
	const rows = data?.rows ?? [];
	const sums = rows.filter((row) => row.hamlet === null);
	const met = sums.reduce((sum, row) => sum + (row.met ?? 0), 0);
	const late = sums.reduce((sum, row) => sum + (row.late ?? 0), 0);
	const count = (number: number | null) => (number === null ? "" : figure(number));
	return (
		<Section title="Thời hạn theo luật">
			<div class="filters no-print">
				<Select label="Tin nhận trong năm" value={year} onValue={setYear}
					options={Array.from({ length: 10 }, (_, i): [string, string] => [String(newest - i), String(newest - i)])} />
			</div>
			<FailureNotice failure={failure} />
			{data && rows.length === 0 ? <p class="calm">Chưa có thời hạn nào tính trong năm {year}.</p> : null}
			{rows.length ? (
				<>
					<p>Đúng hạn: <b>{share(met, late)}</b> ({figure(met)} trong {figure(met + late)} thời hạn đã kết thúc). Theo địa bàn chỉ ghi
						tỷ lệ, khi có từ 5 thời hạn đã kết thúc.</p>
					<Table caption="Thời hạn theo loại và địa bàn" head={["Loại", "Thời hạn", "Địa bàn", "Đúng hạn", "Trễ", "Đang tính", "Tỷ lệ đúng hạn"]}>
						{rows.map((row, i) => (
							<tr key={i} class={row.hamlet === null ? "sum" : ""}>
								<td>{classOf(row.class)?.name ?? row.class}</td>
								<td>{clockName(row)}</td>
								<td>{row.hamlet === null ? "Toàn xã" : placeName(row.hamlet)}</td>
								<td>{count(row.met)}</td><td>{count(row.late)}</td><td>{count(row.running)}</td>
								<td>{row.percent === null ? "–" : `${figure(row.percent)} %`}</td>
							</tr>
						))}
					</Table>
				</>
			) : null}
		</Section>
	);
}
