// SPDX-License-Identifier: GPL-2.0-or-later
// One officer, and what the chief may do about him. Removing is final; the box keeps his name for the log.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import { useDraft } from "../draft";
import { figure } from "../figure";
import type { Officer, OfficerCode } from "../model";
import { usePlaceNames } from "../people/places";
import { address } from "../route";
import { when } from "../time";
import { Badge } from "../ui/badge";
import { ActForm, Area, Check, Field, Select } from "../ui/form";
import { FailureNotice, Notice } from "../ui/notice";
import { Fold, Section } from "../ui/section";
import { role, roles } from "../words";
import { CodeNotice } from "./code";
import { officerOptions, PlaceChecks, stateWords, useOfficers } from "./officers";

function Change(props: { one: Officer; officers: Officer[]; isSelf: boolean }) {
	const { one, isSelf } = props;
	const act = useAct();
	const places = usePlaceNames();
	const key = `officer-${one.login}`;
	const [name, setName] = useDraft(`${key}-name`, one.name);
	const [phone, setPhone] = useDraft(`${key}-phone`);
	const [kind, setKind] = useState<string>(one.role);
	const [superior, setSuperior] = useState(one.superior ?? "");
	const [chosen, setChosen] = useState(one.places.join(" "));

	async function store(): Promise<void> {
		await post(`/officers/${part(one.login)}`, { name: name.trim(), superior,
			...(isSelf ? {} : { role: kind }), ...(phone.trim() ? { phone: phone.trim() } : {}),
			places: kind === "area" ? chosen.split(" ").filter(Boolean) : [] });
		setPhone("");
	}
	return (
		<ActForm act={act} label="Lưu" name={`Sửa ${one.name}`} isOff={!name.trim()} what={store}>
			<div class="filters">
				<Field label="Họ tên, chức vụ" value={name} onValue={setName} required autocomplete="off" maxLength={60} />
				{isSelf ? null : <Select label="Vai trò" value={kind} onValue={setKind} options={Object.entries(roles)} />}
				<Field label={one.has_phone ? "Số nhận báo động mới (để trống: như cũ)" : "Số điện thoại nhận báo động"} value={phone}
					onValue={setPhone} inputMode="tel" autocomplete="off" />
				<Select label="Cấp trên trực tiếp" value={superior} onValue={setSuperior}
					options={officerOptions(props.officers.filter((other) => other.login !== one.login), "Không có")} />
			</div>
			{kind === "area" ? <PlaceChecks places={places} chosen={chosen} onChosen={setChosen} /> : null}
			{kind === "area" && one.places.length ? <p class="hint">Chuyển địa bàn cho người khác cùng các tin đang làm: dùng “Bàn giao
				địa bàn” ở trang của địa bàn đó.</p> : null}
		</ActForm>
	);
}

/** Old reports were sealed before he came: their keys are handed over some hundred at a time. */
function Admission(props: { one: Officer }) {
	const { one } = props;
	const act = useAct();
	const [words, setWords] = useState("");
	const [shared, setShared] = useState<number | null>(null);

	async function admit(): Promise<void> {
		let after: number | null = null;
		let sum = 0;
		do {
			const done: { shared: number; next: number | null } = await post(`/officers/${part(one.login)}/admission`, {
				...(words.trim() ? { words: words.trim() } : {}), ...(after === null ? {} : { after }) });
			sum += done.shared;
			after = done.next;
			setShared(sum);
		} while (after !== null);
		setWords("");
	}
	return (
		<Fold title="Cho đọc tin cũ">
			<p>Cán bộ mới chỉ đọc được tin đến sau khi kích hoạt tài khoản. Việc này giao khoá của các tin cũ thuộc quyền của cán bộ, và được
				ghi vào nhật ký.</p>
			{shared === null ? null : <Notice tone="good" role="status">Đã giao khoá của {figure(shared)} tin.</Notice>}
			<ActForm act={act} label="Cho đọc tin cũ" name="Cho đọc tin cũ" what={admit}>
				<Area label="Các từ khôi phục trong két (chỉ khi chính đồng chí không đọc được các tin đó)" rows={2} value={words}
					onValue={setWords} />
			</ActForm>
		</Fold>
	);
}

function Access(props: { one: Officer; onCode: (given: OfficerCode) => void }) {
	const { one } = props;
	const act = useAct();
	const [isSure, setSure] = useState(false);
	const state = (what: string) => () => void act.run(() => post(`/officers/${part(one.login)}/state`, { do: what }));
	const reset = (what: string) => () => void act.run(async () =>
		props.onCode(await post<OfficerCode>(`/officers/${part(one.login)}/reset`, { what })));
	const button = (label: string, onClick: () => void) =>
		<button type="button" disabled={act.isBusy} onClick={onClick}>{label}</button>;
	return (
		<Section title="Quyền vào máy">
			<FailureNotice failure={act.failure} />
			<div class="actions">
				{one.state === "active" ? button("Tạm khoá", state("lock")) : button("Mở khoá", state("unlock"))}
				{button("Mất điện thoại: cấp mã đặt lại", reset("totp"))}
				{button("Quên cụm mật khẩu: cấp mã đặt lại", reset("passphrase"))}
			</div>
			<p class="hint">Khoá hoặc đặt lại thì mọi phiên đang mở của cán bộ kết thúc ngay. Đặt lại cụm mật khẩu thì cán bộ phải được
				cho đọc lại tin cũ.</p>
			<Fold title="Cho thôi">
				<Check label={`${one.name} không làm việc ở đây nữa; việc này không lấy lại được`} isOn={isSure} onValue={setSure} />
				<button type="button" class="danger" disabled={!isSure || act.isBusy} onClick={state("remove")}>Cho thôi</button>
			</Fold>
		</Section>
	);
}

export function OfficerPage(props: { login: string; officer: Officer }) {
	const { data, failure } = useOfficers();
	const places = usePlaceNames();
	const [given, setGiven] = useState<OfficerCode | null>(null);
	const one = data?.find((other) => other.login === props.login);
	if (!one)
		return data ? <Notice tone="warning">Không có cán bộ nào tên đăng nhập {props.login}.</Notice> : <FailureNotice failure={failure} />;
	const state = stateWords(one);
	const isSelf = one.id === props.officer.id;
	const mayChange = props.officer.role === "chief" && one.state !== "removed";
	return (
		<>
			{given ? <CodeNotice key={given.code} given={given} onDone={() => setGiven(null)} /> : null}
			<div class="columns">
				<div>
					<Section title={one.name}>
						<p class="marks"><Badge tone={state.tone}>{state.text}</Badge></p>
						<dl class="facts">
							<div><dt>Tên đăng nhập</dt><dd>{one.login}</dd></div>
							<div><dt>Vai trò</dt><dd>{role(one.role)}</dd></div>
							<div><dt>Địa bàn</dt><dd>{one.places.length ? one.places.map((code, i) => (
								<span key={code}>{i ? ", " : ""}<a href={address("dan", "dia-ban", code)}>
									{places.find((place) => place.code === code)?.name ?? code}</a></span>
							)) : "không có"}</dd></div>
							<div><dt>Cấp trên</dt><dd>{data!.find((other) => other.login === one.superior)?.name ?? one.superior ?? "không có"}</dd></div>
							<div><dt>Số báo động</dt><dd>{one.has_phone ? "đã có" : "chưa có"}</dd></div>
							<div><dt>Vào lần cuối</dt><dd>{one.last_login ? when(one.last_login) : "chưa vào lần nào"}</dd></div>
						</dl>
					</Section>
					{mayChange && !isSelf ? <Access one={one} onCode={setGiven} /> : null}
				</div>
				<div>
					{mayChange ? (
						<Section title="Sửa"><Change key={`${one.role} ${one.places.join(" ")}`} one={one} officers={data!} isSelf={isSelf} /></Section>
					) : null}
					{mayChange && !isSelf && one.is_ready ? <Admission one={one} /> : null}
				</div>
			</div>
		</>
	);
}
