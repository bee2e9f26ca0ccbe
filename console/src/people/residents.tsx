// SPDX-License-Identifier: GPL-2.0-or-later
// Who is on the list of one place. Opening it is an event of the log, and so is each number that is shown: with a reason,
// on the page alone, and for minutes.
import { useEffect, useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import { figure } from "../figure";
import { usePages } from "../load";
import type { Officer, Place } from "../model";
import { isLeader } from "../session";
import { when } from "../time";
import { Badge } from "../ui/badge";
import { ActForm, Field, Select } from "../ui/form";
import { FailureNotice, Notice } from "../ui/notice";
import { isReason, Reason } from "../ui/reason";
import { Section } from "../ui/section";
import { actorWords } from "../words";
import { roles } from "./words";

const SHOWN_MS = 2 * 60_000;

interface Resident {
	id: number;
	name: string;
	household: string;
	role: string;
	phone: string;
	on_zalo: boolean;
	consent: "phone" | "office" | "list";
}

interface ResidentList {
	residents: Resident[];
	next_after: number | null;
	total: number;
}

const consents: Record<Resident["consent"], string> = {
	phone: "tự nhắn tin đăng ký",
	office: "đồng ý tại trụ sở",
	list: "theo danh sách của xã, chưa có đồng ý riêng",
};
const ways: [string, string][] = [["moved", "Đã chuyển đi"], ["asked", "Tự yêu cầu"], ["died", "Đã mất"], ["mistake", "Ghi nhầm"]];

/** The list of a place is read by its leaders and by the officer of that place. */
export function mayReadResidents(officer: Officer, place: Place): boolean {
	return isLeader(officer.role) || (officer.role === "area" && officer.places.includes(place.code));
}

function PhoneForm(props: { one: Resident; place: string }) {
	const { one } = props;
	const act = useAct();
	const [reason, setReason] = useState("");
	const [phone, setPhone] = useState("");
	useEffect(() => {
		const timer = phone ? setTimeout(() => setPhone(""), SHOWN_MS) : undefined;
		return () => clearTimeout(timer);
	}, [phone]);
	if (phone)
		return (
			<Notice tone="warning">Số điện thoại: <strong class="secret">{phone}</strong>. Tự ẩn sau 2 phút; lượt xem đã ghi vào nhật
				ký. <button type="button" class="small" onClick={() => setPhone("")}>Ẩn ngay</button></Notice>
		);
	return (
		<ActForm act={act} label="Xem số" tone="alarm" name={`Xem số của ${one.name}`} isOff={!isReason(reason)} what={async () => {
			setPhone((await post<{ phone: string }>(`/residents/${part(one.id)}/phone`, { place: props.place, reason: reason.trim() })).phone);
			setReason("");
		}}>
			<Reason value={reason} onValue={setReason} hint="Lý do và tên đồng chí được ghi lại; Trưởng Công an xã và Chủ tịch UBND xã xem được." />
		</ActForm>
	);
}

function ChangeForm(props: { one: Resident; place: string; onDone: (one: Resident) => void }) {
	const { one } = props;
	const act = useAct();
	const [name, setName] = useState(one.name);
	const [role, setRole] = useState(one.role);
	const [household, setHousehold] = useState(one.household);
	return (
		<ActForm act={act} label="Lưu" name={`Sửa ${one.name}`} isOff={!name.trim()} what={async () => {
			const done = await post<{ resident: Resident }>(`/residents/${part(one.id)}/change`,
				{ place: props.place, name: name.trim(), role, household: household.trim() });
			props.onDone(done.resident);
		}}>
			<div class="filters">
				<Field label="Họ tên" value={name} onValue={setName} required maxLength={100} autocomplete="off" />
				<Select label="Vai trò" value={role} onValue={setRole} options={Object.entries(roles)} />
				<Field label="Hộ (nếu có)" value={household} onValue={setHousehold} maxLength={60} autocomplete="off" />
			</div>
		</ActForm>
	);
}

function LeaveForm(props: { one: Resident; place: string; onDone: () => void }) {
	const { one } = props;
	const act = useAct();
	const [why, setWhy] = useState("moved");
	return (
		<ActForm act={act} label="Đưa ra khỏi danh sách" tone="alarm" name={`Đưa ${one.name} ra`} what={async () => {
			await post(`/residents/${part(one.id)}/leave`, { place: props.place, why });
			props.onDone();
		}}>
			<Select label="Vì sao" value={why} onValue={setWhy} options={ways}
				hint="Không còn ở danh sách nào nữa thì máy xoá tên và số của người đó." />
		</ActForm>
	);
}

const acts = { phone: "Xem số", change: "Sửa", leave: "Đưa ra" };

function Row(props: { one: Resident; place: string; onChanged: (one: Resident) => void; onLeft: () => void }) {
	const { one, place } = props;
	const [open, setOpen] = useState<keyof typeof acts | "">("");
	const isOpen = (name: keyof typeof acts) => open === name;
	return (
		<li class="row">
			<div>
				<strong>{one.name}</strong> {one.role === "member" ? null : <Badge>{roles[one.role] ?? one.role}</Badge>}{" "}
				{one.on_zalo ? <Badge tone="good">Zalo</Badge> : null}
				<small>{[one.household ? `hộ ${one.household}` : "", `số ${one.phone}`, consents[one.consent]].filter(Boolean).join(" · ")}</small>
				<p class="actions">
					{Object.entries(acts).map(([name, label]) => (
						<button key={name} type="button" class="small" aria-expanded={open === name} aria-label={`${label}: ${one.name}`}
							onClick={() => setOpen(open === name ? "" : name as keyof typeof acts)}>{label}</button>
					))}
				</p>
				{isOpen("phone") ? <PhoneForm one={one} place={place} /> : null}
				{isOpen("change") ? <ChangeForm one={one} place={place} onDone={(changed) => {
					setOpen("");
					props.onChanged(changed);
				}} /> : null}
				{isOpen("leave") ? <LeaveForm one={one} place={place} onDone={props.onLeft} /> : null}
			</div>
		</li>
	);
}

/** Read when somebody asks for it, and not anew by itself: each look is on record. */
export function Residents(props: { place: Place }) {
	const { place } = props;
	const act = useAct();
	const [list, setList] = useState<ResidentList | null>(null);
	const rows = list?.residents ?? [];
	const read = (after: number | null) => act.look(async () => {
		const page = await post<ResidentList>(`/places/${part(place.code)}/residents`, after === null ? {} : { after });
		setList({ ...page, residents: after === null ? page.residents : [...rows, ...page.residents] });
	});
	return (
		<Section title="Danh sách dân" {...(list ? { count: list.total } : {})}>
			<FailureNotice failure={act.failure} />
			{list ? (
				<>
					{rows.length === 0 ? <p class="calm">Chưa có ai trong danh sách.</p> : null}
					<ul class="rows">
						{rows.map((one) => (
							<Row key={one.id} one={one} place={place.code}
								onChanged={(changed) => setList({ ...list, residents: rows.map((row) => row.id === one.id ? changed : row) })}
								onLeft={() => setList({ ...list, total: list.total - 1, residents: rows.filter((row) => row.id !== one.id) })} />
						))}
					</ul>
					<p class="actions">
						{list.next_after === null ? null : <button type="button" disabled={act.isBusy}
							onClick={() => void read(list.next_after)}>Xem tiếp ({figure(list.total - rows.length)} người nữa)</button>}
						<button type="button" onClick={() => setList(null)}>Đóng danh sách</button>
					</p>
				</>
			) : (
				<>
					<p class="hint">Mỗi lần mở được ghi vào nhật ký. Số điện thoại chỉ hiện ba số cuối.</p>
					<p><button type="button" disabled={act.isBusy} onClick={() => void read(null)}>{act.isBusy ? "Đang mở…" : "Mở danh sách"}</button></p>
				</>
			)}
		</Section>
	);
}

interface Reveal {
	id: number;
	place: string;
	by: string;
	at: string;
	/** null: whose number it was is in no list any more */
	reason: string | null;
}

/** For who answers for it: who had a number shown, and why; never whose. */
export function Reveals(props: { places: Place[] }) {
	const { rows, failure, hasMore, more } = usePages<Reveal>("/resident-reveals", "reveals");
	const nameOf = (code: string) => props.places.find((place) => place.code === code)?.name ?? code;
	return (
		<Section title="Ai đã xem số điện thoại" count={rows?.length ?? 0}>
			<FailureNotice failure={failure} />
			{rows && rows.length === 0 ? <p class="calm">Chưa ai xem số điện thoại nào.</p> : null}
			<ul class="plain">
				{(rows ?? []).map((one) => <li key={one.id}>{when(one.at)}, {actorWords(one.by)}, {nameOf(one.place)}: {one.reason ?? "người đã xoá khỏi danh sách"}</li>)}
			</ul>
			{hasMore ? <button type="button" onClick={more}>Xem cũ hơn</button> : null}
		</Section>
	);
}
