// SPDX-License-Identifier: GPL-2.0-or-later
// Saved lists of people for bulletins, and who wants no bulletins. People are named by their number, which goes in only.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { Failure, part, post } from "../api";
import { useAside } from "../aside";
import { useDraft } from "../draft";
import { figure } from "../figure";
import { useList } from "../load";
import type { AudienceRule, BulletinCategory, Officer } from "../model";
import { isHandler, isKeeper, isLeader } from "../session";
import { ActForm, Area, Check, Field, Select } from "../ui/form";
import { FailureNotice, Notice } from "../ui/notice";
import { Fold, Section } from "../ui/section";
import { codeOf, usePlaceNames } from "./places";
import { Reveals } from "./residents";

interface Saved {
	code: string;
	name: string;
	rule: AudienceRule | null;
	members: number;
}

interface Changed {
	is_stored: boolean;
	errors: { row: number; list: "add" | "remove"; message: string }[];
}

function Members(props: { list: Saved }) {
	const { list } = props;
	const act = useAct();
	const [phones, setPhones] = useDraft(`list-${list.code}`);
	const [what, setWhat] = useState<"add" | "remove">("add");
	const numbers = phones.split(/[\n,;]+/).map((phone) => phone.trim()).filter(Boolean);

	async function change(): Promise<void> {
		const done = await post<Changed>(`/audiences/${part(list.code)}/members`, { [what]: numbers });
		if (!done.is_stored)
			throw new Failure(400, "INVALID", `Số ở dòng ${done.errors.map((fault) => fault.row).join(", ")} không có trong danh sách dân.`,
				"Chưa có gì thay đổi; nội dung đang nhập vẫn còn.");
		setPhones("");
	}
	return (
		<ActForm act={act} label={what === "add" ? "Thêm vào danh sách" : "Đưa ra khỏi danh sách"} name={`Người trong ${list.name}`}
			isOff={numbers.length === 0} what={change}>
			<Select label="Việc" value={what} onValue={(next) => setWhat(next as "add" | "remove")}
				options={[["add", "Thêm người"], ["remove", "Đưa người ra"]]} />
			<Area label="Số điện thoại, mỗi dòng một số" value={phones} onValue={setPhones} rows={3}
				hint="Chỉ những người đã có trong danh sách dân." />
		</ActForm>
	);
}

function Remove(props: { list: Saved }) {
	const act = useAct();
	const [isSure, setSure] = useState(false);
	return (
		<>
			<FailureNotice failure={act.failure} />
			<Check label={`Bỏ danh sách ${props.list.name}; bản tin chưa gửi có dùng danh sách này sẽ không gửi được`} isOn={isSure} onValue={setSure} />
			<button type="button" class="small" disabled={!isSure || act.isBusy} onClick={() => void act.run(() =>
				post(`/audiences/${part(props.list.code)}/remove`))}>Bỏ danh sách</button>
		</>
	);
}

function NewList() {
	const act = useAct();
	const [name, setName] = useDraft("list-new");
	return (
		<ActForm act={act} label="Lập danh sách" name="Lập danh sách" isOff={!codeOf(name)} what={async () => {
			await post("/audiences", { code: codeOf(name), name: name.trim() });
			setName("");
		}}>
			<Field label="Tên danh sách mới" value={name} onValue={setName} maxLength={60} autocomplete="off"
				hint="Ví dụ: Chủ nhà trọ. Danh sách tên Test dùng để gửi thử." />
		</ActForm>
	);
}

const wishes: [string, string][] = [["refuse", "Không nhận bản tin nữa"], ["back", "Nhận lại bản tin"],
	["block", "Chặn: không gửi gì đến số này"], ["unblock", "Thôi chặn"]];

function Refusals() {
	const act = useAct();
	const counts = useAside<{ all: number; topic: number; blocked: number }>("/refusals");
	const categories = useAside<{ categories: (BulletinCategory & { topic: number })[] }>("/bulletin-categories")?.categories ?? [];
	const topics = categories.filter((one) => one.topic);
	const [phone, setPhone] = useDraft("refusal-phone");
	const [wish, setWish] = useState("refuse");
	const [topic, setTopic] = useState("");
	const [isDone, setDone] = useState(false);
	return (
		<Section title="Người không muốn nhận bản tin">
			{counts ? <p>{figure(counts.all)} người không nhận bản tin nào, {figure(counts.topic)} người bỏ một số loại, {figure(counts.blocked)} số
				bị chặn.</p> : null}
			{isDone ? <Notice tone="good" role="status">Đã ghi.</Notice> : null}
			<ActForm act={act} label="Ghi" name="Ghi ý muốn nhận bản tin" isOff={!phone.trim()} what={async () => {
				setDone(false);
				await post("/refusals", { phone: phone.trim(), do: wish, ...(topic && wish !== "block" && wish !== "unblock"
					? { topic: Number(topic) } : {}) });
				setPhone("");
				setDone(true);
			}}>
				<div class="filters">
					<Field label="Số điện thoại" value={phone} onValue={setPhone} inputMode="tel" autocomplete="off" />
					<Select label="Người dân yêu cầu" value={wish} onValue={setWish} options={wishes} />
					{topics.length ? <Select label="Loại bản tin" value={topic} onValue={setTopic}
						options={[["", "Mọi loại"], ...topics.map((one): [string, string] => [String(one.topic), one.name])]} /> : null}
				</div>
			</ActForm>
		</Section>
	);
}

export function Lists(props: { officer: Officer }) {
	const { data, failure } = useList<Saved>("/audiences", "audiences");
	const lists = (data ?? []).filter((one) => !one.rule);
	const places = usePlaceNames();
	const mayKeep = isKeeper(props.officer.role);
	return (
		<div class="columns">
			<div>
				<Section title="Danh sách lưu sẵn" count={lists.length}>
					<p class="hint">Dùng khi soạn bản tin: gửi cho một số người không theo địa bàn.</p>
					<FailureNotice failure={failure} />
					<ul class="rows">
						{lists.map((list) => (
							<li key={list.code} class="row">
								<div>
									<strong>{list.name}</strong>, {figure(list.members)} người
									{mayKeep ? <details><summary>Thêm, bớt người</summary><Members list={list} /><Remove list={list} /></details> : null}
								</div>
							</li>
						))}
					</ul>
				</Section>
				{mayKeep ? <Fold title="Lập danh sách mới"><NewList /></Fold> : null}
			</div>
			<div>
				{isHandler(props.officer.role) ? <Refusals /> : null}
				{isLeader(props.officer.role) || props.officer.role === "chairman" ? <Reveals places={places} /> : null}
			</div>
		</div>
	);
}
