// SPDX-License-Identifier: GPL-2.0-or-later
// One place: what it is called, who looks after it, who is on its list.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import { useAsideList } from "../aside";
import { useDraft } from "../draft";
import { figure } from "../figure";
import type { Officer, Place } from "../model";
import { address } from "../route";
import { isKeeper, isLeader } from "../session";
import { ActForm, Select } from "../ui/form";
import { FailureNotice, Notice } from "../ui/notice";
import { Fold, Section } from "../ui/section";
import { CloseFold, ClosedNotice } from "./close";
import type { GroupRow } from "./model";
import { PersonForm } from "./person";
import { mayKeepPlaces, PlaceForm, usePlaces } from "./places";
import { mayReadResidents, Residents } from "./residents";
import { groupStates, placeKinds } from "./words";

function HandOver(props: { place: Place; officers: Officer[] }) {
	const { place, officers } = props;
	const act = useAct();
	const area = officers.filter((one) => one.role === "area" && one.state !== "removed");
	const holders = area.filter((one) => one.places.includes(place.code));
	const [from, setFrom] = useDraft(`handover-${place.code}-from`, holders[0]?.login ?? "");
	const [to, setTo] = useDraft(`handover-${place.code}-to`);
	const [open, setOpen] = useState<string[] | null>(null);
	const options = (rows: Officer[]): [string, string][] => [["", "Chọn…"], ...rows.map((one): [string, string] => [one.login, one.name])];

	if (holders.length === 0)
		return open ? <Done open={open} /> : <p class="hint">Chưa giao cho cảnh sát khu vực nào; giao ở trang Cán bộ.</p>;
	return (
		<>
			{open ? <Done open={open} /> : null}
			<ActForm act={act} label="Bàn giao" tone="alarm" name={`Bàn giao ${place.name}`} isOff={!from || !to || from === to}
				what={async () => {
					const done = await post<{ open: string[] }>(`/places/${part(place.code)}/handover`, { from, to });
					setOpen(done.open);
					setTo("");
				}}>
				<p class="hint">Người nhận phụ trách địa bàn và đọc được các tin chưa xong ở đó; người giao không phụ trách nữa. Việc bàn giao
					được ghi vào nhật ký.</p>
				<div class="filters">
					<Select label="Người giao" value={from} onValue={setFrom} options={options(holders)} />
					<Select label="Người nhận" value={to} onValue={setTo}
						options={options(area.filter((one) => one.login !== from && one.state === "active"))} />
				</div>
			</ActForm>
		</>
	);
}

function Done(props: { open: string[] }) {
	return (
		<Notice tone="good" role="status">
			Đã bàn giao. {props.open.length ? <>Tin chưa xong được chuyển theo: {props.open.map((report, i) => (
				<span key={report}>{i ? ", " : ""}<a href={address("tin", report)}>{report}</a></span>
			))}.</> : "Không có tin nào đang làm dở."}
		</Notice>
	);
}

export function PlacePage(props: { code: string; officer: Officer }) {
	const places = usePlaces();
	const officers = useAsideList<Officer>("/officers", "officers");
	const [turn, setTurn] = useState(0); // a stored form begins anew
	const [closed, setClosed] = useState("");
	const groups = useAsideList<GroupRow>("/groups", "groups");
	const place = places.data?.find((one) => one.code === props.code);
	if (!place)
		return places.data ? <Notice tone="warning">Không có địa bàn nào mang mã {props.code}.</Notice>
			: <FailureNotice failure={places.failure} />;
	const holders = officers.filter((one) => one.state !== "removed" && one.places.includes(place.code));
	const group = groups.find((one) => one.place === place.code && one.state !== "GONE" && one.state !== "ABANDONED");
	const inside = places.data!.filter((one) => one.parent === place.code);
	const isOpen = !place.is_closed;
	return (
		<div class="columns">
			<div>
				{isOpen ? null : <ClosedNotice said={closed} />}
				<Section title={place.name}>
					<dl class="facts">
						<div><dt>Mã</dt><dd>{place.code}</dd></div>
						<div><dt>Loại</dt><dd>{placeKinds[place.kind] ?? place.kind}</dd></div>
						<div><dt>Trong danh sách</dt><dd>{figure(place.residents)} người, {figure(place.on_zalo)} dùng Zalo</dd></div>
						<div><dt>Phụ trách</dt><dd>{holders.map((one) => one.name).join(", ") || "chưa giao"}</dd></div>
						<div><dt>Nhóm Zalo</dt><dd>{group ? <a href={address("dan", "nhom", group.id)}>{group.name ?? `nhóm ${group.id}`}
							</a> : "chưa có"}{group ? `, ${(groupStates[group.state] ?? "").toLowerCase()}` : ""}</dd></div>
						{inside.length ? <div><dt>Gồm</dt><dd>{inside.map((one, i) => (
							<span key={one.code}>{i ? ", " : ""}<a href={address("dan", "dia-ban", one.code)}>{one.name}</a></span>
						))}</dd></div> : null}
					</dl>
				</Section>
				{isOpen && mayReadResidents(props.officer, place) ? <Residents place={place} /> : null}
				{isOpen && isKeeper(props.officer.role)
					? <Section title="Thêm, sửa một người"><PersonForm place={place.code} /></Section> : null}
			</div>
			<div>
				{isOpen && mayKeepPlaces(props.officer) ? (
					<Fold title="Đổi tên, đổi loại"><PlaceForm
						key={`${turn} ${place.name} ${place.kind} ${place.parent}`} before={place} places={places.data!}
						onDone={() => setTurn(turn + 1)} /></Fold>
				) : null}
				{isOpen && isLeader(props.officer.role) && place.kind === "hamlet"
					? <Section title="Bàn giao địa bàn"><HandOver key={officers.length} place={place} officers={officers} /></Section> : null}
				{isOpen && isLeader(props.officer.role)
					? <CloseFold place={place} places={places.data!} onClosed={setClosed} /> : null}
			</div>
		</div>
	);
}
