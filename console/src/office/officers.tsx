// SPDX-License-Identifier: GPL-2.0-or-later
// Who works with the box. The chief invites, changes, locks and removes; everybody sees whom he may turn to.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { post } from "../api";
import { useDraft } from "../draft";
import { useList } from "../load";
import type { Officer, OfficerCode, Place } from "../model";
import { placeOptions, usePlaceNames } from "../people/places";
import { address } from "../route";
import { when } from "../time";
import { Badge } from "../ui/badge";
import { ActForm, Check, Field, Select } from "../ui/form";
import { FailureNotice } from "../ui/notice";
import { Fold, Section } from "../ui/section";
import { role, roles } from "../words";
import { CodeNotice } from "./code";

export function useOfficers() {
	return useList<Officer>("/officers", "officers");
}

export function stateWords(officer: Officer): { tone: "good" | "warning" | "plain"; text: string } {
	if (officer.state === "removed")
		return { tone: "plain", text: "Đã thôi" };
	if (officer.state === "locked")
		return { tone: "warning", text: "Tạm khoá" };
	if (!officer.is_ready)
		return officer.has_code ? { tone: "warning", text: "Chờ kích hoạt" } : { tone: "warning", text: "Chưa kích hoạt, mã đã hết hạn" };
	return { tone: "good", text: "Đang làm việc" };
}

export function officerOptions(officers: Officer[], none: string): [string, string][] {
	return [["", none], ...officers.filter((one) => one.state !== "removed")
		.map((one): [string, string] => [one.login, `${one.name} (${one.login})`])];
}

/** Which hamlets are his; a list of codes as one text, so that it is kept while he writes. */
export function PlaceChecks(props: { places: Place[]; chosen: string; onChosen: (codes: string) => void }) {
	const codes = props.chosen.split(" ").filter(Boolean);
	const hamlets = props.places.filter((place) => place.kind === "hamlet" || place.kind === "subunit");
	return (
		<fieldset>
			<legend>Địa bàn phụ trách</legend>
			{hamlets.length === 0 ? <p class="hint">Chưa có thôn nào; thêm ở trang Dân và nhóm.</p> : null}
			<div class="checks">
				{placeOptions(hamlets).map(([code, name]) => (
					<Check key={code} label={name} isOn={codes.includes(code)} onValue={(isOn) =>
						props.onChosen((isOn ? [...codes, code] : codes.filter((one) => one !== code)).join(" "))} />
				))}
			</div>
		</fieldset>
	);
}

function Invite(props: { officers: Officer[]; onCode: (given: OfficerCode) => void }) {
	const act = useAct();
	const places = usePlaceNames();
	const [login, setLogin] = useDraft("officer-login");
	const [name, setName] = useDraft("officer-name");
	const [kind, setKind] = useDraft("officer-role", "duty");
	const [phone, setPhone] = useDraft("officer-phone");
	const [superior, setSuperior] = useDraft("officer-superior");
	const [chosen, setChosen] = useDraft("officer-places");

	async function invite(): Promise<void> {
		const given = await post<OfficerCode>("/officers", { login: login.trim(), name: name.trim(), role: kind,
			...(phone.trim() ? { phone: phone.trim() } : {}), ...(superior ? { superior } : {}),
			...(kind === "area" ? { places: chosen.split(" ").filter(Boolean) } : {}) });
		for (const clear of [setLogin, setName, setPhone, setSuperior, setChosen])
			clear("");
		props.onCode(given);
	}
	return (
		<ActForm act={act} label="Thêm và cấp mã" name="Thêm cán bộ" isOff={!login.trim() || !name.trim()} what={invite}>
			<div class="filters">
				<Field label="Họ tên, chức vụ" value={name} onValue={setName} required autocomplete="off" maxLength={60} />
				<Field label="Tên đăng nhập" value={login} onValue={setLogin} required autocomplete="off" autocapitalize="none"
					spellcheck={false} hint="Chữ thường không dấu, số, dấu chấm." />
				<Select label="Vai trò" value={kind} onValue={setKind} options={Object.entries(roles)} />
				<Field label="Số điện thoại nhận báo động" value={phone} onValue={setPhone} inputMode="tel" autocomplete="off" />
				<Select label="Cấp trên trực tiếp" value={superior} onValue={setSuperior} options={officerOptions(props.officers, "Không có")} />
			</div>
			{kind === "area" ? <PlaceChecks places={places} chosen={chosen} onChosen={setChosen} /> : null}
		</ActForm>
	);
}

function Row(props: { one: Officer; placeName: (code: string) => string }) {
	const { one } = props;
	const state = stateWords(one);
	return (
		<li>
			<a class="row" href={address("can-bo", "ho-so", one.login)}>
				<span class="what">{one.name}<small>{role(one.role)}{one.places.length
					? ` · ${one.places.map(props.placeName).join(", ")}` : ""}</small></span>
				<span class="marks"><Badge tone={state.tone}>{state.text}</Badge></span>
				<span class="time"><small>{one.last_login ? `vào ${when(one.last_login)}` : "chưa vào lần nào"}</small></span>
			</a>
		</li>
	);
}

export function Officers(props: { officer: Officer }) {
	const { data, failure } = useOfficers();
	const places = usePlaceNames();
	const [given, setGiven] = useState<OfficerCode | null>(null);
	const officers = data ?? [];
	const placeName = (code: string) => places.find((place) => place.code === code)?.name ?? code;
	const now = officers.filter((one) => one.state !== "removed");
	const gone = officers.filter((one) => one.state === "removed");
	return (
		<div class="stack">
			<FailureNotice failure={failure} />
			{given ? <CodeNotice key={given.code} given={given} onDone={() => setGiven(null)} /> : null}
			{props.officer.role === "chief" ? (
				<Fold title="Thêm cán bộ"><Invite officers={officers} onCode={setGiven} /></Fold>
			) : null}
			<Section title="Cán bộ" count={now.length}>
				<ul class="rows">{now.map((one) => <Row key={one.id} one={one} placeName={placeName} />)}</ul>
			</Section>
			{gone.length ? (
				<Fold title={`Đã thôi (${gone.length})`}>
					<ul class="rows">{gone.map((one) => <Row key={one.id} one={one} placeName={placeName} />)}</ul>
				</Fold>
			) : null}
		</div>
	);
}
