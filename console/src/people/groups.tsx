// SPDX-License-Identifier: GPL-2.0-or-later
// The Zalo groups of the account, those that need a look first.
import { useAct } from "../act";
import { post } from "../api";
import { useAside } from "../aside";
import { useDraft } from "../draft";
import { figure } from "../figure";
import { useList } from "../load";
import type { Officer } from "../model";
import { address } from "../route";
import { isKeeper } from "../session";
import { when } from "../time";
import { Badge } from "../ui/badge";
import { ActForm, Area, Field, Select } from "../ui/form";
import { FailureNotice } from "../ui/notice";
import { Fold, Section } from "../ui/section";
import type { GroupRow } from "./model";
import { placeOptions, usePlaceNames } from "./places";
import { groupStates, looks } from "./words";

export const isOver = (group: GroupRow) => group.state === "GONE" || group.state === "ABANDONED";

/** What is not as it has to be, in words; the most urgent first. */
export function wants(group: GroupRow): string[] {
	if (isOver(group))
		return [];
	return [
		group.state === "DISABLED" ? `bị ngừng, giải tán ${when(group.ends)} nếu không gia hạn` : "",
		group.place ? "" : "chưa gắn với địa bàn nào",
		group.requests ? `${figure(group.requests)} người xin vào` : "",
		group.drift.length ? `cài đặt khác: ${group.drift.map((what) => (looks[what] ?? what).toLowerCase()).join(", ")}` : "",
		group.strangers ? `${figure(group.strangers)} người ngoài danh sách` : "",
		group.missing ? `${figure(group.missing)} người chưa vào` : "",
	].filter(Boolean);
}

function Row(props: { group: GroupRow }) {
	const { group } = props;
	const needs = wants(group);
	const isBad = group.state === "DISABLED" || group.drift.length > 0;
	return (
		<li>
			<a class={`row ${isBad ? "urgent" : ""}`} href={address("dan", "nhom", group.id)}>
				<span class="what">{group.name ?? group.place_name ?? `Nhóm ${group.id}`}
					<small>{needs.length ? needs.join("; ") : group.place_name ?? ""}</small></span>
				<span class="marks"><Badge tone={group.state === "ACTIVE" ? "good" : isOver(group) ? "plain" : "warning"}>
					{groupStates[group.state] ?? group.state}</Badge></span>
				<span class="time">{figure(group.members)}{group.members_max ? `/${figure(group.members_max)}` : ""} người</span>
			</a>
		</li>
	);
}

interface Asset {
	asset: string;
	type: string;
	used: boolean;
}

function NewGroup(props: { groups: GroupRow[] }) {
	const act = useAct();
	const places = usePlaceNames();
	const taken = new Set(props.groups.filter((group) => !isOver(group)).map((group) => group.place));
	const [place, setPlace] = useDraft("group-place");
	const [name, setName] = useDraft("group-name");
	const [members, setMembers] = useDraft("group-members");
	const [asset, setAsset] = useDraft("group-asset");
	const assets = useAside<{ assets: Asset[] }>("/group-assets")?.assets;
	const free = (assets ?? []).filter((one) => !one.used);
	const ids = members.split(/[\s,;]+/).filter(Boolean);

	async function order(): Promise<void> {
		await post("/groups", { place, members: ids, ...(name.trim() ? { name: name.trim() } : {}),
			...(asset.trim() ? { asset: asset.trim() } : {}) });
		for (const clear of [setPlace, setName, setMembers, setAsset])
			clear("");
	}
	return (
		<ActForm act={act} label="Lập nhóm" name="Lập nhóm Zalo" isOff={!place || ids.length === 0} what={order}>
			<p class="hint">Nhóm do Zalo OA của xã đứng tên; Zalo lập khi có mạng và còn gói nhóm.</p>
			<div class="filters">
				<Select label="Địa bàn, đơn vị" value={place} onValue={setPlace} required
					options={placeOptions(places.filter((one) => !taken.has(one.code)), "Chọn…")} />
				<Field label="Tên nhóm (để trống: theo địa bàn)" value={name} onValue={setName} maxLength={100} autocomplete="off" />
				<Field label="Gói nhóm (để trống: gói nhỏ nhất còn trống)" value={asset} onValue={setAsset} maxLength={64} autocomplete="off"
					hint={assets ? free.length ? `Còn trống: ${free.map((one) => `${one.asset} (${one.type})`).join(", ")}.`
						: "Chưa thấy gói nào còn trống; mua ở trang quản lý Zalo OA, máy đọc lại sau ít phút." : ""} />
			</div>
			<Area label="Mã Zalo của những người vào đầu tiên" value={members} onValue={setMembers} rows={3} required
				hint="Mỗi dòng một mã; phải là người đã quan tâm OA. Người khác vào sau bằng lời mời hoặc đường dẫn." />
		</ActForm>
	);
}

export function Groups(props: { officer: Officer }) {
	const { data, failure } = useList<GroupRow>("/groups", "groups");
	const groups = data ?? [];
	const needy = groups.filter((group) => wants(group).length > 0);
	const well = groups.filter((group) => !isOver(group) && !needy.includes(group));
	const over = groups.filter(isOver);
	const list = (title: string, rows: GroupRow[]) => rows.length ? (
		<Section title={title} count={rows.length}><ul class="rows">{rows.map((group) => <Row key={group.id} group={group} />)}</ul></Section>
	) : null;
	return (
		<div class="stack">
			<FailureNotice failure={failure} />
			{data && groups.length === 0 ? <p class="calm">Chưa có nhóm Zalo nào.</p> : null}
			{list("Cần xem", needy)}
			{list("Đang tốt", well)}
			{isKeeper(props.officer.role) ? <Fold title="Lập nhóm mới"><NewGroup groups={groups} /></Fold> : null}
			{list("Đã thôi", over)}
		</div>
	);
}
