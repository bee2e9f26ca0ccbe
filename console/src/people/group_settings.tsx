// SPDX-License-Identifier: GPL-2.0-or-later
// How a group has to be. What somebody changes at Zalo is set right again by the box; what was changed here is ordered.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import { useDraft } from "../draft";
import { when } from "../time";
import { ActForm, Area, Check, Field, Select } from "../ui/form";
import { Fold, Section } from "../ui/section";
import { Table } from "../ui/table";
import { type Group, type GroupLook, type Switch, switches } from "./model";
import { looks } from "./words";

function told(value: string | boolean | null): string {
	if (typeof value === "boolean")
		return value ? "có" : "không";
	return value || "chưa rõ";
}

function wanted(value: string | boolean | null): string {
	return value === null || value === "" ? "không theo dõi" : told(value);
}

function Compare(props: { group: Group }) {
	const { group } = props;
	const rows = (Object.keys(looks) as (keyof GroupLook)[]).filter((key) => key !== "avatar" || group.wanted.avatar);
	return (
		<Table caption="Cài đặt của nhóm" head={["Cài đặt", "Phải là", "Đang là"]}>
			{rows.map((key) => (
				<tr key={key}>
					<th scope="row">{looks[key]}</th>
					<td>{wanted(group.wanted[key])}</td>
					<td>{group.drift.includes(key) ? <mark>{told(group.is[key])}</mark> : told(group.is[key])}</td>
				</tr>
			))}
		</Table>
	);
}

const asText = (on: boolean | null) => (on === null ? "" : on ? "yes" : "no");
const asSwitch = (text: string) => (text === "" ? null : text === "yes");

function Form(props: { group: Group }) {
	const { group } = props;
	const act = useAct();
	const [name, setName] = useDraft(`group-${group.id}-name`, group.wanted.name ?? "");
	const [description, setDescription] = useDraft(`group-${group.id}-description`, group.wanted.description ?? "");
	const [on, setOn] = useState(() => Object.fromEntries(switches.map((one) => [one, asText(group.wanted[one])])) as Record<Switch, string>);
	const [isAuto, setAuto] = useState(group.auto_accept);

	async function store(): Promise<void> {
		await post(`/groups/${part(group.id)}/settings`, {
			...(name.trim() ? { name: name.trim() } : {}),
			...(description.trim() ? { description: description.trim() } : {}),
			...Object.fromEntries(switches.map((one) => [one, asSwitch(on[one])])),
			auto_accept: isAuto,
		});
	}
	return (
		<ActForm act={act} label="Lưu cài đặt" name="Cài đặt nhóm" what={store}>
			<Field label={looks["name"]!} value={name} onValue={setName} maxLength={100} />
			<Area label={looks["description"]!} value={description} onValue={setDescription} rows={3} />
			{switches.map((one) => (
				<Select key={one} label={looks[one]!} value={on[one]} onValue={(value) => setOn({ ...on, [one]: value })}
					options={[["", "Không theo dõi"], ["yes", "Có"], ["no", "Không"]]} />
			))}
			<Check label="Tự cho vào những người có trong danh sách của địa bàn" isOn={isAuto} onValue={setAuto} />
		</ActForm>
	);
}

export function GroupSettings(props: { group: Group; canAct: boolean }) {
	const { group } = props;
	return (
		<>
			<Section title="Cài đặt">
				{group.drift.length ? <p>Bị đổi ngoài máy này{group.drift_at ? `, thấy lúc ${when(group.drift_at)}` : ""}; máy đang chỉnh lại.</p>
					: null}
				<Compare group={group} />
			</Section>
			{props.canAct ? <Fold title="Đổi cài đặt"><Form group={group} /></Fold> : null}
		</>
	);
}
