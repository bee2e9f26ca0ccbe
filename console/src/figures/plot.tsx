// SPDX-License-Identifier: GPL-2.0-or-later
// Numbers over time. What the drawing shows stands below it as a table too, for who cannot see it, and for paper.
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { figure } from "../figure";
import { Table } from "../ui/table";

export interface Series {
	name: string;
	/** null: too few to be told. As many as there are times. */
	values: (number | null)[];
}

const HEIGHT_PX = 240;
const NAME_PX = 64;
// Told apart in grey too, by their dashes.
const looks: { colour: string; dash: number[] }[] = [
	{ colour: "--plot-1", dash: [] },
	{ colour: "--plot-2", dash: [8, 4] },
	{ colour: "--plot-3", dash: [2, 3] },
	{ colour: "--plot-4", dash: [12, 3, 2, 3] },
	{ colour: "--plot-5", dash: [5, 5] },
	{ colour: "--plot-6", dash: [1, 5] },
];
export const SERIES_MAX = looks.length;

type By = "day" | "week" | "month";
const titles: Record<By, string> = { day: "Ngày", week: "Tuần từ", month: "Tháng" };

/** A period by its first day, as on the axis and in the table: "11/2026", "22/11". */
export function periodName(day: string, by: By): string {
	const [year, month, date] = day.split("-");
	return by === "month" ? `${month}/${year}` : `${date}/${month}`;
}

function draw(box: HTMLElement, names: string[], series: Series[]): uPlot {
	const style = getComputedStyle(box);
	const colour = (name: string) => style.getPropertyValue(name).trim();
	const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 } };
	// As many names as have room.
	const step = () => Math.ceil(names.length / Math.max(1, Math.floor(box.clientWidth / NAME_PX)));
	return new uPlot({
		width: Math.max(box.clientWidth, 100),
		height: HEIGHT_PX,
		cursor: { drag: { x: false, y: false } },
		legend: { show: false },
		scales: { x: { time: false }, y: { range: (_plot, _low, high) => [0, Math.max(5, Math.ceil((high ?? 0) * 1.1))] } },
		axes: [
			{ ...axis, splits: () => names.map((_, i) => i), incrs: [1],
				values: (_plot, splits) => splits.map((at) => (at % step() === 0 ? names[at] ?? "" : "")) },
			{ ...axis, size: 52, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000],
				values: (_plot, splits) => splits.map(figure) },
		],
		series: [{}, ...series.map((one, i) => ({
			label: one.name, stroke: colour(looks[i % looks.length]!.colour), dash: looks[i % looks.length]!.dash, width: 2,
			points: { show: true, size: 6 },
		}))],
	}, [names.map((_, i) => i), ...series.map((one) => one.values)], box);
}

function Key(props: { at: number }) {
	const look = looks[props.at % looks.length]!;
	return (
		<svg class={`key key-${(props.at % looks.length) + 1}`} viewBox="0 0 40 8" aria-hidden="true">
			<path d="M0 4H40" stroke-width="3" stroke-dasharray={look.dash.join(" ")} />
		</svg>
	);
}

/** At most SERIES_MAX lines: more nobody tells apart. */
export function Plot(props: { title: string; periods: string[]; by: By; series: Series[] }) {
	const { title, by } = props;
	const names = props.periods.map((day) => periodName(day, by));
	const series = props.series.slice(0, SERIES_MAX);
	const box = useRef<HTMLDivElement>(null);
	const drawn = JSON.stringify([names, series]);
	useEffect(() => {
		const element = box.current!;
		if (series.length === 0)
			return;
		let plot = draw(element, names, series);
		const again = () => {
			plot.destroy();
			plot = draw(element, names, series);
		};
		const dark = matchMedia("(prefers-color-scheme: dark)");
		dark.addEventListener("change", again);
		let width = element.clientWidth;
		const watcher = new ResizeObserver(() => {
			if (element.clientWidth !== width && element.clientWidth > 0) {
				width = element.clientWidth;
				plot.setSize({ width, height: HEIGHT_PX });
			}
		});
		watcher.observe(element);
		return () => {
			watcher.disconnect();
			dark.removeEventListener("change", again);
			plot.destroy();
		};
	}, [drawn]);
	if (series.length === 0)
		return <p class="calm" ref={box}>Chưa có số liệu.</p>;
	return (
		<figure class="plot">
			<div ref={box} role="img" aria-label={`Biểu đồ ${title}; các số ở bảng ngay dưới`} />
			<figcaption>
				<ul class="keys">{series.map((one, i) => <li key={one.name}><Key at={i} /> {one.name}</li>)}</ul>
			</figcaption>
			<Table caption={`Bảng ${title}`} head={[titles[by], ...series.map((one) => one.name)]}>
				{names.map((name, at) => (
					<tr key={at}>
						<th scope="row">{name}</th>
						{series.map((one) => <td key={one.name}>{one.values[at] === null || one.values[at] === undefined ? "dưới 5" : figure(one.values[at]!)}</td>)}
					</tr>
				))}
			</Table>
		</figure>
	);
}
