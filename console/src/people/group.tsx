// SPDX-License-Identifier: GPL-2.0-or-later
// One Zalo group: how it is beside how it has to be, who asks to come in, who is in and should not be, who is missing.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import { useAside } from "../aside";
import { figure } from "../figure";
import { useLoad } from "../load";
import type { Officer } from "../model";
import { address } from "../route";
import { isKeeper, isReader } from "../session";
import { when } from "../time";
import { Badge } from "../ui/badge";
import { ActForm, Field, Select } from "../ui/form";
import { FailureNotice, Notice } from "../ui/notice";
import { Fold, Section } from "../ui/section";
import { GroupSettings } from "./group_settings";
import { isOver, wants } from "./groups";
import type { Group, GroupAct, GroupMembers, GroupRequest } from "./model";
import { placeOptions, usePlaceNames } from "./places";
import { acts, actStates, groupStates, roles } from "./words";

/** Buttons that order one thing about one person of the group. */
function PersonActs(props: { group: Group; person: number; orders: [string, string][] }) {
	const act = useAct();
	return (
		<>
			<span class="actions">
				{props.orders.map(([what, label]) => (
					<button key={what} type="button" class="small" disabled={act.isBusy} onClick={() => void act.run(() =>
						post(`/groups/${part(props.group.id)}/people`, { do: what, person: props.person }))}>{label}</button>
				))}
			</span>
			<FailureNotice failure={act.failure} />
		</>
	);
}

function Requests(props: { group: Group; canAct: boolean }) {
	const { data, failure } = useLoad<{ read: string | null; requests: GroupRequest[] }>(`/groups/${part(props.group.id)}/requests`);
	const requests = data?.requests ?? [];
	if (requests.length === 0)
		return <FailureNotice failure={failure} />;
	return (
		<Section title="Xin vào nhóm" count={requests.length}>
			<ul class="rows">
				{requests.map((one) => (
					<li key={one.person} class="row">
						<div>
							<strong>{one.name ?? `Người số ${one.person}`}</strong>{" "}
							{one.on_list ? <Badge tone="good">Có trong danh sách</Badge> : one.invited ? <Badge>Đã mời</Badge>
								: one.same_name_on_list ? <Badge tone="warning">Trùng tên người trong danh sách</Badge>
									: <Badge tone="warning">Ngoài danh sách</Badge>}
							<small>{one.since ? `từ ${when(one.since)}` : ""}{one.answer ? ` · trả lời: ${one.answer}` : ""}</small>
							{props.canAct ? <PersonActs group={props.group} person={one.person}
								orders={[["accept", "Cho vào"], ["reject", "Từ chối"]]} /> : null}
						</div>
					</li>
				))}
			</ul>
		</Section>
	);
}

function Members(props: { group: Group; canAct: boolean }) {
	const { group } = props;
	const { data, failure } = useLoad<GroupMembers>(`/groups/${part(group.id)}/members`);
	if (!data)
		return <FailureNotice failure={failure} />;
	return (
		<Section title="Thành viên so với danh sách dân">
			<dl class="facts">
				<div><dt>Trong nhóm</dt><dd>{figure(data.members)}{group.members_max ? ` / ${figure(group.members_max)}` : ""}</dd></div>
				<div><dt>Ngoài danh sách</dt><dd>{figure(data.stranger_count)}</dd></div>
				<div><dt>Có Zalo, chưa vào</dt><dd>{figure(data.missing_count)}</dd></div>
				<div><dt>Chưa rõ có Zalo</dt><dd>{figure(data.unknown_count)}</dd></div>
				<div><dt>So lúc</dt><dd>{data.compared ? when(data.compared) : "chưa so"}</dd></div>
			</dl>
			{data.strangers.length ? (
				<>
					<h3>Trong nhóm mà không có trong danh sách</h3>
					<ul class="rows">
						{data.strangers.map((one) => (
							<li key={one.person} class="row">
								<div>Thành viên số {one.person}<small>{one.since ? `thấy từ ${when(one.since)}` : ""}</small></div>
								{props.canAct ? <PersonActs group={group} person={one.person}
									orders={[["confirm", "Đúng người của địa bàn"], ["remove", "Đưa ra"]]} /> : null}
							</li>
						))}
					</ul>
				</>
			) : null}
			{data.missing_count ? <p class="hint">Không nêu tên ở đây. Nhờ {(roles["head"] ?? "").toLowerCase()} nhắc, hoặc gửi đường dẫn vào
				nhóm{group.link ? <>: <a href={group.link} rel="noreferrer noopener" target="_blank">{group.link}</a></> : ""}.</p> : null}
		</Section>
	);
}

function ActRow(props: { act: GroupAct; canAct: boolean }) {
	const { act: one } = props;
	const act = useAct();
	const settle = (as: string) => () => void act.run(() => post(`/group-acts/${part(one.id)}/settle`, { as }));
	const button = (as: string, label: string) =>
		<button type="button" class="small" disabled={act.isBusy} onClick={settle(as)}>{label}</button>;
	return (
		<li class={`row ${one.state === "IN_DOUBT" || one.state === "FAILED" ? "warning" : ""}`}>
			<div>
				{acts[one.kind] ?? one.kind}{one.person ? ` (thành viên số ${one.person})` : ""}: {actStates[one.state] ?? one.state}
				<small>{one.actor} · {when(one.created)}{one.error ? ` · ${one.error}` : ""}</small>
				<FailureNotice failure={act.failure} />
			</div>
			{props.canAct && one.state === "IN_DOUBT" ? (
				<span class="actions">{button("done", "Đã làm")}{button("failed", "Chưa làm")}{button("again", "Làm lại")}</span>
			) : null}
			{props.canAct && one.state === "QUEUED" ? button("cancel", "Thôi") : null}
		</li>
	);
}

function Orders(props: { group: Group; canAct: boolean }) {
	const rows = useAside<{ acts: GroupAct[] }>(`/groups/${part(props.group.id)}/acts?limit=30`)?.acts ?? [];
	if (rows.length === 0)
		return null;
	return <Section title="Việc đã giao cho Zalo" count={rows.length}>
		<ul class="rows">{rows.map((row) => <ActRow key={row.id} act={row} canAct={props.canAct} />)}</ul>
	</Section>;
}

function LinkForm(props: { group: Group }) {
	const act = useAct();
	const places = usePlaceNames();
	const [place, setPlace] = useState(props.group.place ?? "");
	return (
		<ActForm act={act} label="Gắn" name="Nhóm của địa bàn nào" isOff={!place || place === props.group.place}
			what={() => post(`/groups/${part(props.group.id)}/link`, { place })}>
			<Select label="Nhóm của địa bàn, đơn vị nào" value={place} onValue={setPlace} options={placeOptions(places, "Chọn…")} />
		</ActForm>
	);
}

function Dissolve(props: { group: Group }) {
	const act = useAct();
	const [name, setName] = useState("");
	return (
		<Fold title="Giải tán nhóm">
			<ActForm act={act} label="Giải tán" tone="alarm" name="Giải tán nhóm" isOff={name !== props.group.name}
				what={() => post(`/groups/${part(props.group.id)}/delete`, { name })}>
				<Field label="Ghi đúng tên nhóm để xác nhận" value={name} onValue={setName} autocomplete="off"
					hint="Mọi thành viên bị đưa ra và không lấy lại được." />
			</ActForm>
		</Fold>
	);
}

export function GroupPage(props: { id: string; officer: Officer }) {
	const { data: group, failure } = useLoad<Group>(`/groups/${part(props.id)}`);
	const check = useAct();
	if (!group)
		return <FailureNotice failure={failure} />;
	const canAct = isKeeper(props.officer.role) && !isOver(group);
	const needs = wants(group);
	return (
		<>
			<h2>{group.name ?? `Nhóm ${group.id}`}</h2>
			<p class="marks">
				<Badge tone={group.state === "ACTIVE" ? "good" : "warning"}>{groupStates[group.state] ?? group.state}</Badge>
				{group.place ? <a href={address("dan", "dia-ban", group.place)}>{group.place_name}</a> : null}
			</p>
			{needs.length ? <Notice tone="warning">Cần xem: {needs.join("; ")}.</Notice> : null}
			<div class="columns">
				<div>
					{isReader(props.officer.role) ? <Requests group={group} canAct={canAct} /> : null}
					{isReader(props.officer.role) ? <Members group={group} canAct={canAct} /> : null}
					<Orders group={group} canAct={canAct} />
				</div>
				<div>
					<GroupSettings group={group} canAct={canAct} />
					{canAct ? (
						<Section title="Kiểm tra">
							<p>Đọc từ Zalo lần cuối: {group.checked ? when(group.checked) : "chưa đọc"}.</p>
							<FailureNotice failure={check.failure} />
							<p><button type="button" disabled={check.isBusy} onClick={() => void check.run(() =>
								post(`/groups/${part(group.id)}/check`))}>Đọc lại từ Zalo</button></p>
						</Section>
					) : null}
					{canAct && !group.place ? <Section title="Chưa gắn địa bàn"><LinkForm group={group} /></Section> : null}
					{canAct && group.name ? <Dissolve group={group} /> : null}
				</div>
			</div>
		</>
	);
}

