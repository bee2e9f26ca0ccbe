// SPDX-License-Identifier: GPL-2.0-or-later
// What residents are told about procedures and law: which entries there are, which have expired or are not confirmed,
// how often each was asked for; and what the box would answer to a question.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { get } from "../api";
import { figure } from "../figure";
import { useLoad } from "../load";
import { address } from "../route";
import { Badge } from "../ui/badge";
import { FailureNotice, Notice } from "../ui/notice";
import { Section } from "../ui/section";
import type { ProcedureRow, Procedures } from "./model";
import { day } from "./words";

export function Marks(props: { entry: ProcedureRow }) {
	const { entry } = props;
	return (
		<span class="marks">
			{entry.is_expired ? <Badge tone="alarm">Hết hạn</Badge> : null}
			{entry.is_confirmed ? <Badge tone="good">Xã đã xác nhận</Badge> : <Badge tone="warning">Chưa xác nhận</Badge>}
		</span>
	);
}

export function asked(count: number | null): string {
	return count === null ? "dưới 5" : figure(count);
}

function Row(props: { entry: ProcedureRow }) {
	const { entry } = props;
	return (
		<li>
			<a class={`row ${entry.is_expired ? "alarm" : ""}`} href={address("dich-vu", "thu-tuc", entry.code)}>
				<span class="what">{entry.title}<small>{entry.code} · đến hết {day(entry.expires)} · {asked(entry.asked)} lượt hỏi 30 ngày qua</small></span>
				<Marks entry={entry} />
			</a>
		</li>
	);
}

function Try() {
	const act = useAct();
	const [words, setWords] = useState("");
	const [found, setFound] = useState<ProcedureRow[] | null>(null);
	async function submit(event: Event): Promise<void> {
		event.preventDefault();
		if (words.trim())
			await act.look(async () => setFound((await get<Procedures>(`/procedures?q=${encodeURIComponent(words.trim())}`)).procedures));
		else
			setFound(null);
	}
	return (
		<Section title="Thử hỏi như người dân">
			<form class="search" role="search" onSubmit={(event) => void submit(event)}>
				<input type="search" aria-label="Câu hỏi thử" placeholder="mat can cuoc lam lai o dau" maxLength={120} value={words}
					onInput={(event) => setWords(event.currentTarget.value)} />
				<button type="submit" disabled={act.isBusy}>{act.isBusy ? "Đang tìm…" : "Hỏi thử"}</button>
			</form>
			<FailureNotice failure={act.failure} />
			{found ? (
				<>
					<p role="status">{found[0]?.is_answer ? "Máy trả lời ngay bằng mục đầu tiên." : found.length
						? "Máy chưa chắc nên chuyển câu hỏi cho cán bộ; gần nhất là:" : "Không có mục nào gần; câu hỏi thành một tin chờ cán bộ trả lời."}</p>
					<ul class="rows">{found.map((entry) => <Row key={entry.code} entry={entry} />)}</ul>
				</>
			) : null}
		</Section>
	);
}

export function ProcedureList() {
	const { data, failure } = useLoad<Procedures>("/procedures");
	const [only, setOnly] = useState(false);
	const all = data?.procedures ?? [];
	const due = all.filter((one) => one.is_expired || !one.is_confirmed);
	const shown = only ? due : all;
	const expired = all.filter((one) => one.is_expired).length;
	const branches = [...new Set(shown.map((one) => one.branch_title))];
	return (
		<>
			<FailureNotice failure={failure} />
			{expired ? (
				<Notice tone="alarm">
					<strong>{figure(expired)} mục đã hết hạn.</strong> Người dân hỏi vẫn được trả lời, kèm câu báo có thể đã thay đổi. Đề nghị đối chiếu
					luật rồi sửa trong tệp của xã.
				</Notice>
			) : null}
			<div class="columns">
				<div>
					{data ? (
						<p>
							<button type="button" class="small" aria-pressed={only} onClick={() => setOnly(!only)}>
								{only ? `Xem cả ${figure(all.length)} mục` : `Chỉ xem ${figure(due.length)} mục cần xem lại`}
							</button>
						</p>
					) : <p role="status">Đang mở…</p>}
					{branches.map((branch) => (
						<Section key={branch} title={branch} count={shown.filter((one) => one.branch_title === branch).length}>
							<ul class="rows">
								{shown.filter((one) => one.branch_title === branch).map((entry) => <Row key={entry.code} entry={entry} />)}
							</ul>
						</Section>
					))}
				</div>
				<div><Try /></div>
			</div>
		</>
	);
}
