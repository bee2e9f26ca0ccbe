// SPDX-License-Identifier: GPL-2.0-or-later
// The register on the screen. Only the rows that can be seen are there; those above and below are empty height, so
// that a long register scrolls as lightly as a short one.
import { useEffect, useRef, useState } from "preact/hooks";
import { type Failure, failureOfUnknown, get } from "../api";
import { figure } from "../figure";
import { hear } from "../live";
import type { Officer, Place, ReportRow } from "../model";
import { address } from "../route";
import { isHandler } from "../session";
import { when } from "../time";
import { Badge, StateBadge, UrgencyBadge } from "../ui/badge";
import { Select } from "../ui/form";
import { FailureNotice } from "../ui/notice";
import { Page } from "../ui/section";
import { categories, category, source, states, urgencies } from "../words";
import { type Filter, isFiltering, noFilter } from "./filter";
import { Search } from "./search";
import { Register } from "./store";

const ROW_PX = 56; // --row in style.css
const MARGIN_ROWS = 8;

// Outlive the page: who comes back from a report finds the list where he left it.
let register = new Register(noFilter);
let scrolled = 0;
let whose = 0;

function useRegister(officer_id: number) {
	if (whose !== officer_id) {
		whose = officer_id;
		register = new Register(noFilter);
		scrolled = 0;
	}
	const [, draw] = useState(0);
	const [failure, setFailure] = useState<Failure | null>(null);
	const seen = useRef<{ id: number | undefined; count: number }>({ id: undefined, count: 0 });

	async function attempt(what: () => Promise<void>): Promise<void> {
		try {
			await what();
			setFailure(null);
		} catch (error) {
			setFailure(failureOfUnknown(error));
		}
		draw((count) => count + 1);
	}
	async function refresh(): Promise<void> {
		const old = register;
		if (!isFiltering(old.filter) || old.pages === 0)
			return old.refresh(seen.current.id);
		const fresh = await old.anew(seen.current.count);
		if (register === old)
			register = fresh;
	}
	useEffect(() => {
		void attempt(refresh);
		return hear(() => void attempt(refresh));
	}, []);
	function choose(filter: Filter): void {
		register = new Register(filter);
		void attempt(() => register.more());
	}
	return { failure, seen, more: () => attempt(() => register.more()), choose };
}

function Row(props: { row: ReportRow; at: number; count: number }) {
	const { row } = props;
	return (
		<li aria-setsize={props.count} aria-posinset={props.at + 1}>
			<a class={`row ${row.urgency}`} href={address("tin", row.report)}>
				<span class="number">{row.report}<small>{row.code}</small></span>
				<span class="what">
					<span class="line">{row.sight === "blank" ? "Tin riêng" : category(row.category)}</span>
					<small>{row.hamlet || "chưa rõ địa bàn"} · {source(row.source)}</small>
				</span>
				<span class="marks">
					<UrgencyBadge urgency={row.urgency} />
					{row.is_merged ? <Badge>Đã ghép</Badge> : <StateBadge state={row.state} />}
				</span>
				<span class="time">{when(row.received)}</span>
			</a>
		</li>
	);
}

function Filters(props: { filter: Filter; hamlets: string[]; onFilter: (filter: Filter) => void }) {
	const { filter, onFilter } = props;
	const any = (words: Record<string, string>): [string, string][] => [["", "Tất cả"], ...Object.entries(words)];
	return (
		<div class="filters" role="group" aria-label="Lọc danh sách">
			<Select label="Tình trạng" value={filter.state} options={any(states)}
				onValue={(state) => onFilter({ ...filter, state })} />
			<Select label="Mức độ" value={filter.urgency} options={any(urgencies)}
				onValue={(urgency) => onFilter({ ...filter, urgency })} />
			<Select label="Loại" value={filter.category} options={any(categories)}
				onValue={(category) => onFilter({ ...filter, category })} />
			<Select label="Địa bàn" value={filter.hamlet} onValue={(hamlet) => onFilter({ ...filter, hamlet })}
				options={[["", "Tất cả"], ...props.hamlets.map((code): [string, string] => [code, code])]} />
		</div>
	);
}

/** Which rows of a scrolled box can be seen, with some above and below. */
function useWindow(count: number) {
	const box = useRef<HTMLDivElement>(null);
	const [top, setTop] = useState(scrolled);
	const [height, setHeight] = useState(800);
	useEffect(() => {
		const element = box.current!;
		element.scrollTop = scrolled;
		const watcher = new ResizeObserver(() => setHeight(element.clientHeight));
		watcher.observe(element);
		return () => watcher.disconnect();
	}, []);
	const first = Math.max(0, Math.floor(top / ROW_PX) - MARGIN_ROWS);
	const last = Math.min(count, Math.ceil((top + height) / ROW_PX) + MARGIN_ROWS);
	const onScroll = () => {
		scrolled = box.current!.scrollTop;
		setTop(scrolled);
	};
	return { box, first, last, onScroll, toTop: () => box.current?.scrollTo(0, 0) };
}

export function ReportList(props: { officer: Officer }) {
	const { failure, seen, more, choose } = useRegister(props.officer.id);
	const [hamlets, setHamlets] = useState<string[]>([]);
	const { rows, filter } = register;
	const view = useWindow(rows.length);
	seen.current = { id: rows[Math.min(rows.length - 1, view.first + MARGIN_ROWS)]?.id, count: Math.min(rows.length, view.last) };

	useEffect(() => {
		// Without the list one filters by what the rows say.
		get<{ places: Place[] }>("/places?limit=200").then((answer) =>
			setHamlets(answer.places.filter((place) => place.kind === "hamlet").map((place) => place.code)), () => {});
	}, []);
	const isShort = !register.isWhole && rows.length < view.last + MARGIN_ROWS;
	useEffect(() => {
		if (isShort && !failure && register.pages > 0)
			void more();
	}, [register, isShort, register.pages, failure]);

	const shown = [...new Set([...hamlets, ...rows.map((row) => row.hamlet).filter(Boolean)])].sort();
	return (
		<Page title="Tin báo" actions={isHandler(props.officer.role)
			? <a class="button primary" href={address("tin", "ghi-moi")}>Ghi tin mới</a> : null}>
			<Search />
			<Filters filter={filter} hamlets={shown} onFilter={(next) => {
				view.toTop();
				choose(next);
			}} />
			<FailureNotice failure={failure} onAgain={() => void more()} />
			<p class="hint" role="status">
				{isFiltering(filter) ? `${figure(rows.length)} tin phù hợp` : `${figure(rows.length)} tin`}
				{register.isWhole ? "" : isShort ? ", đang tìm tiếp…" : ", cuộn xuống để xem tiếp"}
			</p>
			<div class="scroll" ref={view.box} onScroll={view.onScroll} tabIndex={0} role="region" aria-label="Danh sách tin">
				<ul class="rows tall" style={{ height: `${rows.length * ROW_PX}px`, paddingTop: `${view.first * ROW_PX}px` }}>
					{rows.slice(view.first, view.last).map((row, i) =>
						<Row key={row.id} row={row} at={view.first + i} count={register.isWhole ? rows.length : -1} />)}
				</ul>
				{register.isWhole && rows.length === 0 ? <p class="calm">Không có tin nào.</p> : null}
			</div>
		</Page>
	);
}
