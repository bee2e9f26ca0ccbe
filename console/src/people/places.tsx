// SPDX-License-Identifier: GPL-2.0-or-later
// Hamlets and what lies in them, bodies, schools, enterprises: what lists, groups and bulletins go by.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { post } from "../api";
import { useAsideList } from "../aside";
import { useDraft } from "../draft";
import { figure } from "../figure";
import { useList } from "../load";
import type { Officer, Place } from "../model";
import { address } from "../route";
import { isLeader } from "../session";
import { ActForm, Field, Select } from "../ui/form";
import { FailureNotice } from "../ui/notice";
import { Fold, Section } from "../ui/section";
import { placeKinds } from "./words";

export const mayKeepPlaces = (officer: Officer) => isLeader(officer.role) || officer.role === "clerk";

export function usePlaces() {
	return useList<Place>("/places", "places");
}

/** As names and to choose from, where the page is about something else. */
export function usePlaceNames(): Place[] {
	return useAsideList<Place>("/places", "places");
}

/** Those that take something new. */
export const openPlaces = (places: Place[]) => places.filter((place) => !place.is_closed);

/** "Thôn Đông Hà 2" becomes "thon-dong-ha-2", which is what the box calls it by. */
export function codeOf(name: string): string {
	return name.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase()
		.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 31);
}

/** To choose from: what is closed takes nothing new. */
export function placeOptions(places: Place[], none?: string): [string, string][] {
	const options = openPlaces(places).map((place): [string, string] => [place.code, place.name])
		.sort((a, b) => a[1].localeCompare(b[1], "vi", { numeric: true }));
	return none === undefined ? options : [["", none], ...options];
}

export function PlaceForm(props: { before?: Place; places: Place[]; onDone?: () => void }) {
	const { before, places } = props;
	const key = `place-${before?.code ?? "new"}`;
	const act = useAct();
	const [name, setName] = useDraft(`${key}-name`, before?.name ?? "");
	const [code, setCode] = useDraft(`${key}-code`);
	const [kind, setKind] = useState(before?.kind ?? "hamlet");
	const [parent, setParent] = useDraft(`${key}-parent`, before?.parent ?? "");
	const chosen = before?.code ?? (code.trim() || codeOf(name));
	const isTaken = !before && places.some((place) => place.code === chosen);

	async function store(): Promise<void> {
		await post("/places", { code: chosen, name: name.trim(), kind, parent });
		for (const clear of [setName, setCode, setParent])
			clear("");
		props.onDone?.();
	}
	return (
		<ActForm act={act} label={before ? "Lưu" : "Thêm"} name={before ? `Sửa ${before.name}` : "Thêm địa bàn, đơn vị"}
			isOff={!name.trim() || !chosen || isTaken} what={store}>
			<div class="filters">
				<Field label="Tên" value={name} onValue={setName} required maxLength={60} autocomplete="off"
					hint={before ? "" : isTaken ? `Mã ${chosen} đã có; hãy đặt mã khác.` : chosen ? `Mã: ${chosen}` : ""} />
				<Select label="Loại" value={kind} onValue={setKind} options={Object.entries(placeKinds)} />
				<Select label="Thuộc" value={parent} onValue={setParent}
					options={placeOptions(places.filter((place) => place.code !== before?.code), "Không thuộc nơi nào")} />
				{before ? null : <Field label="Mã (để trống: theo tên)" value={code} onValue={setCode} pattern="[a-z0-9\-]{1,31}"
					autocomplete="off" autocapitalize="none" spellcheck={false} />}
			</div>
		</ActForm>
	);
}

function Row(props: { place: Place; parent: string }) {
	const { place } = props;
	return (
		<li>
			<a class="row" href={address("dan", "dia-ban", place.code)}>
				<span class="what">{place.name}<small>{place.code}{props.parent ? ` · thuộc ${props.parent}` : ""}</small></span>
				<span class="time">{figure(place.residents)} người<small>{figure(place.on_zalo)} dùng Zalo</small></span>
			</a>
		</li>
	);
}

export function Places(props: { officer: Officer }) {
	const { data, failure } = usePlaces();
	const places = data ?? [];
	const byName = (a: Place, b: Place) => a.name.localeCompare(b.name, "vi", { numeric: true });
	const closed = places.filter((place) => place.is_closed).sort(byName);
	const nameOf = (code: string | null) => places.find((place) => place.code === code)?.name ?? "";
	return (
		<div class="stack">
			<FailureNotice failure={failure} />
			{mayKeepPlaces(props.officer) ? (
				<Fold title="Thêm địa bàn, đơn vị"><PlaceForm places={places} /></Fold>
			) : null}
			{data && places.length === 0 ? <p class="calm">Chưa có địa bàn nào. Thêm thôn, bản trước; danh sách dân, nhóm Zalo và
				bản tin đều theo đó.</p> : null}
			{Object.entries(placeKinds).map(([kind, title]) => {
				const rows = openPlaces(places).filter((place) => place.kind === kind).sort(byName);
				return rows.length ? (
					<Section key={kind} title={title} count={rows.length}>
						<ul class="rows">{rows.map((place) => <Row key={place.id} place={place} parent={nameOf(place.parent)} />)}</ul>
					</Section>
				) : null;
			})}
			{closed.length ? (
				<Fold title={`Đã đóng, sáp nhập (${figure(closed.length)})`}>
					<ul class="rows">{closed.map((place) => <Row key={place.id} place={place} parent={nameOf(place.parent)} />)}</ul>
				</Fold>
			) : null}
		</div>
	);
}
