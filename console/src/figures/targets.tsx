// SPDX-License-Identifier: GPL-2.0-or-later
// The plan against what is, and reports over time by hamlet and by kind. Whatever is so small that it would tell of a
// person is hidden by the box.
import { useState } from "preact/hooks";
import { useAside } from "../aside";
import { figure } from "../figure";
import { useLoad } from "../load";
import type { Place } from "../model";
import { today } from "../time";
import { Badge } from "../ui/badge";
import { Select } from "../ui/form";
import { FailureNotice } from "../ui/notice";
import { Section } from "../ui/section";
import { Table } from "../ui/table";
import { category } from "../words";
import { Plot, type Series, SERIES_MAX } from "./plot";

type Count = number | null;

interface Target {
	code: string;
	name: string;
	/** Percents that the plan wants one after the other. */
	steps: number[];
	done: number;
	of: number;
	/** null: there is nothing to measure by yet */
	percent: number | null;
}

export interface Figures {
	from: string;
	to: string;
	by: "day" | "week" | "month";
	/** The first day of each. */
	periods: string[];
	reports: Count[];
	answered: Count[];
	categories: { category: string; counts: Count[] }[];
	hamlets: { hamlet: string; counts: Count[] }[];
	targets: Target[];
	households: { hamlet: string; households: Count; on_zalo: Count }[];
}

const sum = (counts: Count[]) => counts.reduce<number>((all, count) => all + (count ?? 0), 0);

/** The first step of the plan that is not reached; the last one when all are. */
export function stepOf(target: Target): number {
	return target.steps.find((step) => (target.percent ?? 0) < step) ?? target.steps[target.steps.length - 1] ?? 100;
}

function TargetRow(props: { target: Target }) {
	const { target } = props;
	const wanted = stepOf(target);
	const isReached = target.percent !== null && target.percent >= wanted;
	return (
		<tr>
			<th scope="row">{target.name}</th>
			<td>{target.steps.map((step) => `${step} %`).join(" → ")}</td>
			<td>
				{target.percent === null ? "chưa có số liệu" : (
					<>
						<meter min={0} max={100} value={target.percent} aria-label={target.name} /> {figure(target.percent)} %
						<small> ({figure(target.done)}/{figure(target.of)})</small>
					</>
				)}
			</td>
			<td>{target.percent === null ? null : isReached ? <Badge tone="good">Đạt</Badge>
				: <Badge tone="warning">{`Còn thiếu ${figure(wanted - target.percent)} %`}</Badge>}</td>
		</tr>
	);
}

const few = (count: Count) => (count === null ? "không ghi rõ" : figure(count));

export function Targets() {
	const { data, failure } = useLoad<Figures>("/figures");
	const places = useAside<{ places: Place[] }>("/places?limit=200")?.places ?? [];
	const nameOf = (code: string) => places.find((place) => place.code === code)?.name ?? (code || "chưa rõ");
	return (
		<>
			<FailureNotice failure={failure} />
			{data ? (
				<>
					<Section title="Chỉ tiêu của kế hoạch và thực tế">
						<Table caption="Chỉ tiêu và thực tế" head={["Chỉ tiêu", "Kế hoạch", "Đạt được", "So với kế hoạch"]}>
							{data.targets.map((target) => <TargetRow key={target.code} target={target} />)}
						</Table>
					</Section>
					<Section title="Hộ gia đình theo địa bàn">
						<p class="hint">Số dưới 5, và số có thể tính ra chúng, không ghi rõ, để không đoán được hộ nào.</p>
						<Table caption="Hộ gia đình theo địa bàn" head={["Địa bàn", "Số hộ", "Hộ có người dùng Zalo"]}>
							{data.households.map((one) => (
								<tr key={one.hamlet}>
									<th scope="row">{nameOf(one.hamlet)}</th>
									<td>{few(one.households)}</td>
									<td>{few(one.on_zalo)}</td>
								</tr>
							))}
						</Table>
					</Section>
				</>
			) : failure ? null : <p role="status">Đang tính…</p>}
		</>
	);
}

const isTold = (rows: { counts: Count[] }[]) => rows.some((row) => row.counts.some((count) => count !== null));

/** The most first, as many as can be told apart; the others are in the table for a spreadsheet. */
function most(rows: { name: string; counts: Count[] }[]): Series[] {
	return rows.filter((row) => row.counts.some((count) => count !== 0)).sort((a, b) => sum(b.counts) - sum(a.counts))
		.slice(0, SERIES_MAX).map((row) => ({ name: row.name, values: row.counts }));
}

/** From where, when the newest day is today. */
export function since(span: string, day: string): string {
	if (span === "year")
		return `${day.slice(0, 4)}-01-01`;
	const days: Record<string, number> = { month: 30, quarter: 91, years: 3 * 365 };
	return new Date(Date.parse(day) - (days[span] ?? 30) * 86_400_000).toISOString().slice(0, 10);
}

const spans: Record<string, { title: string; by: string }> = {
	month: { title: "30 ngày qua, theo ngày", by: "day" },
	quarter: { title: "3 tháng qua, theo tuần", by: "week" },
	year: { title: "Năm nay, theo tháng", by: "month" },
	years: { title: "3 năm qua, theo tháng", by: "month" },
};

export function Trends() {
	const [span, setSpan] = useState("year");
	const day = today();
	const { data, failure } = useLoad<Figures>(`/figures?from=${since(span, day)}&to=${day}&by=${spans[span]!.by}`);
	const places = useAside<{ places: Place[] }>("/places?limit=200")?.places ?? [];
	const nameOf = (code: string) => places.find((place) => place.code === code)?.name ?? (code || "Chưa rõ địa bàn");
	return (
		<>
			<div class="filters no-print">
				<Select label="Thời gian" value={span} onValue={setSpan}
					options={Object.entries(spans).map(([code, one]): [string, string] => [code, one.title])} />
			</div>
			<FailureNotice failure={failure} />
			{data ? (
				<>
					<p class="hint">{data.by === "month"
						? "Số dưới 5, và số có thể tính ra chúng, không ghi rõ, để không đoán được ai; chỗ ấy trên biểu đồ để trống."
						: "Theo địa bàn và theo loại tin chỉ có số liệu từng tháng, để không tính ra được số của ngày, của tuần."}</p>
					<Section title="Tin nhận và đã trả lời">
						<Plot title="tin nhận và đã trả lời" periods={data.periods} by={data.by}
							series={[{ name: "Tin nhận", values: data.reports }, { name: "Đã trả lời", values: data.answered }]} />
					</Section>
					{isTold(data.hamlets) ? <Section title="Theo địa bàn">
						<Plot title="tin theo địa bàn" periods={data.periods} by={data.by}
							series={most(data.hamlets.map((row) => ({ name: nameOf(row.hamlet), counts: row.counts })))} />
					</Section> : null}
					{isTold(data.categories) ? <Section title="Theo loại tin">
						<Plot title="tin theo loại" periods={data.periods} by={data.by}
							series={most(data.categories.map((row) => ({ name: category(row.category), counts: row.counts })))} />
					</Section> : null}
				</>
			) : failure ? null : <p role="status">Đang tính…</p>}
		</>
	);
}
