// SPDX-License-Identifier: GPL-2.0-or-later
// The log of events in words, newest first. Whose report it was about is not told here.
import { useState } from "preact/hooks";
import { type Failure, failureOfUnknown, get, post } from "../api";
import { useAct } from "../act";
import { useAside, useAsideList } from "../aside";
import { figure } from "../figure";
import { useLoad } from "../load";
import type { BulletinCategory, Officer, Regimes } from "../model";
import { usePlaceNames } from "../people/places";
import { when } from "../time";
import { FailureNotice, Notice } from "../ui/notice";
import { Section } from "../ui/section";
import { Table } from "../ui/table";
import { actorWords } from "../words";
import { kindWords, subjects } from "./events";
import { type Fact, factWords, type Named } from "./facts";
import type { Setting } from "./settings";

interface Event {
	id: number;
	at: string;
	kind: string;
	subject: string;
	actor: string;
	/** A text where the row is damaged. */
	data: Record<string, Fact> | string;
}

interface EventPage {
	events: Event[];
	next_before: number | null;
}

/** "report/12" is "tin 12" */
function subjectWords(subject: string, named: Named): string {
	const [kind, ...names] = subject.split("/");
	const name = names.join("/");
	if (kind === "officer" || kind === "place" || kind === "setting")
		return `${subjects[kind]} ${named(kind, name)}`.trim();
	return `${subjects[kind!] ?? kind} ${kind === "day" ? name.split("-").reverse().join("/") : name}`.trim();
}

/** What the box calls by id or code, by the names that the office gave. */
function useNamed(): Named {
	const officers = useAsideList<Officer>("/officers", "officers");
	const places = usePlaceNames();
	const topics = useAside<{ categories: BulletinCategory[] }>("/bulletin-categories")?.categories ?? [];
	const classes = useAside<Regimes>("/regimes")?.classes ?? [];
	const settings = useAside<{ settings: Setting[] }>("/settings")?.settings ?? [];
	return (what, key) => {
		const found = {
			officer: () => officers.find((one) => String(one.id) === key)?.name,
			place: () => places.find((one) => one.code === key || String(one.id) === key)?.name,
			topic: () => topics.find((one) => one.code === key)?.name,
			class: () => classes.find((one) => one.class === key)?.name,
			clock: () => classes.flatMap((one) => one.records).flatMap((one) => one.clocks).find((one) => one.code === key)?.name,
			setting: () => settings.find((one) => one.name === key)?.title,
		}[what]();
		return found ?? key;
	};
}

interface Fault {
	id: number;
	message_vi: string;
	found: string;
	seen: string | null;
	seen_by: string | null;
}

function Faults(props: { canSee: boolean }) {
	const act = useAct();
	const faults = useAside<{ faults: Fault[] }>("/audit/faults?limit=20")?.faults ?? [];
	if (faults.length === 0)
		return null;
	return (
		<Section title="Chỗ sai của nhật ký" count={faults.filter((fault) => !fault.seen).length}>
			<FailureNotice failure={act.failure} />
			<ul class="rows">
				{faults.map((fault) => (
					<li key={fault.id} class={`row ${fault.seen ? "" : "alarm"}`}>
						<div>{fault.message_vi}<small>thấy {when(fault.found)}{fault.seen ? `, ${fault.seen_by} đã xem ${when(fault.seen)}` : ""}</small></div>
						{!fault.seen && props.canSee ? <button type="button" class="small" disabled={act.isBusy} onClick={() => void act.run(() =>
							post(`/audit/faults/${fault.id}/seen`))}>Đã xem</button> : null}
					</li>
				))}
			</ul>
		</Section>
	);
}

function Verify() {
	const act = useAct();
	const [said, setSaid] = useState<{ state: "good" | "bad"; checked_events: number; message_vi: string | null } | null>(null);
	return (
		<>
			{said ? <Notice tone={said.state === "good" ? "good" : "alarm"} role="status">{said.state === "good"
				? `Đã kiểm tra ${figure(said.checked_events)} dòng: không có dấu hiệu bị sửa.` : said.message_vi}</Notice> : null}
			<FailureNotice failure={act.failure} />
			<p><button type="button" disabled={act.isBusy} onClick={() => void act.run(async () =>
				setSaid(await post("/audit/verify")))}>Kiểm tra toàn bộ nhật ký</button></p>
		</>
	);
}

function Rows() {
	const named = useNamed();
	const first = useLoad<EventPage>("/audit?limit=100");
	const [older, setOlder] = useState<Event[]>([]);
	const [before, setBefore] = useState<number | null | undefined>(undefined);
	const [failure, setFailure] = useState<Failure | null>(null);
	const next = before === undefined ? first.data?.next_before : before;
	const newest = first.data?.events ?? [];
	const rows = [...newest, ...older.filter((event) => event.id < (newest[newest.length - 1]?.id ?? Infinity))];

	async function more(): Promise<void> {
		try {
			const page = await get<EventPage>(`/audit?limit=100&before=${next}`);
			setOlder([...older, ...page.events]);
			setBefore(page.next_before);
			setFailure(null);
		} catch (error) {
			setFailure(failureOfUnknown(error));
		}
	}
	return (
		<>
			<FailureNotice failure={first.failure ?? failure} />
			<Table caption="Nhật ký sự kiện" head={["Lúc", "Việc", "Về", "Chi tiết", "Ai"]}>
				{rows.map((event) => (
					<tr key={event.id}>
						<td class="time">{when(event.at)}</td>
						<th scope="row">{kindWords(event.kind)}</th>
						<td>{subjectWords(event.subject, named)}</td>
						<td>{factWords(event.data, event.kind, named)}</td>
						<td>{actorWords(event.actor)}</td>
					</tr>
				))}
			</Table>
			{next ? <p><button type="button" onClick={() => void more()}>Xem thêm</button></p> : null}
		</>
	);
}

interface Head {
	day: string;
	head: string;
}

export function EventLog(props: { officer: Officer }) {
	const { role } = props.officer;
	const heads = useAside<{ last: Head | null; day: Head | null }>("/audit/head");
	const mayRead = role === "chairman" || role === "it";
	return (
		<div class="stack">
			<Faults canSee={role === "chief" || role === "deputy" || role === "chairman"} />
			<Section title="Nhật ký có bị sửa không">
				<p>Mỗi dòng được nối vào dòng trước; sửa hay xoá một dòng thì mọi dòng sau không khớp. Chép mã của ngày vào sổ giấy để đối
					chiếu sau này.</p>
				{heads?.day ? <p>Mã đến hết ngày {heads.day.day.split("-").reverse().join("/")}: <code class="secret">{heads.day.head}</code></p> : null}
				{role === "chief" || role === "deputy" || mayRead ? <Verify /> : null}
			</Section>
			{mayRead ? <Section title="Nhật ký sự kiện"><Rows /></Section>
				: <p class="hint">Nội dung nhật ký do Chủ tịch UBND xã và cán bộ tin học xem.</p>}
		</div>
	);
}
