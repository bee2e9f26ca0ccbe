// SPDX-License-Identifier: GPL-2.0-or-later
// Who asked to be in the registry, by SMS or from the poster, and waits for an officer; and who agreed in the office.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import { useAside } from "../aside";
import { useDraft } from "../draft";
import { figure } from "../figure";
import { useLoad } from "../load";
import type { Place } from "../model";
import { ActForm, Field, Select } from "../ui/form";
import { FailureNotice, Notice } from "../ui/notice";
import { Fold, Section } from "../ui/section";
import { dateWords } from "../ui/time";
import type { Enrolment } from "./model";
import { placeOptions, usePlaceNames } from "./places";
import { roles } from "./words";

export interface Waiting {
	enrolments: Enrolment[];
	waiting: number;
}

const asks: [string, string][] = [["hamlet", "Hỏi lại địa bàn"], ["name", "Hỏi lại họ tên"], ["both", "Hỏi lại cả hai"]];

/** What is not clear he is asked again by SMS; he goes on waiting. */
function Ask(props: { one: Enrolment }) {
	const act = useAct();
	const [asked, setAsked] = useState("");
	return (
		<>
			<FailureNotice failure={act.failure} />
			{asked ? <Notice tone="good" role="status">Đã gửi câu hỏi; người này vẫn chờ ở đây đến khi trả lời.</Notice> : (
				<p class="actions">
					{asks.map(([what, label]) => (
						<button key={what} type="button" class="small" disabled={act.isBusy} onClick={() => void act.run(async () => {
							await post(`/enrolments/${part(props.one.id)}/ask`, { what });
							setAsked(what);
						})}>{label}</button>
					))}
				</p>
			)}
		</>
	);
}

function Row(props: { one: Enrolment; places: Place[] }) {
	const { one, places } = props;
	const act = useAct();
	const refusal = useAct();
	const key = `enrolment-${one.id}`;
	const [name, setName] = useDraft(`${key}-name`, one.name);
	const [place, setPlace] = useDraft(`${key}-place`, one.place ?? "");
	const [role, setRole] = useDraft(`${key}-role`, "member");
	const [household, setHousehold] = useDraft(`${key}-household`);
	const [old, setOld] = useDraft(`${key}-old`);

	async function accept(): Promise<void> {
		const known = { old_phone: old.trim() }; // keeps role and household
		const unknown = { role, ...(household.trim() ? { household: household.trim() } : {}) };
		await post(`/enrolments/${part(one.id)}/accept`, { name: name.trim(), place, ...(old.trim() ? known : unknown) });
		for (const clear of [setName, setPlace, setRole, setHousehold, setOld])
			clear("");
	}
	return (
		<li class="row">
			<div>
				<p><strong>{one.name || "Không ghi tên"}</strong>, số điện thoại cuối {one.phone}, gửi ngày {dateWords(one.day)}
					{one.said ? <>, ghi địa bàn là <q>{one.said}</q> (máy chưa có)</> : null}
					{one.has_zalo ? ", đăng ký qua Zalo và đã nhắn từ số này" : null}.</p>
				{one.is_move ? <Notice tone="warning">Người này nói đã đăng ký bằng số khác nhưng không còn dùng được số đó. Hỏi rõ đúng
					là người ấy rồi ghi số cũ: vai trò, hộ và những điều đã đồng ý hay từ chối được chuyển sang số mới.</Notice> : null}
				<ActForm act={act} label="Duyệt" name={`Duyệt ${one.name}`} isOff={!place || !name.trim()} what={accept}>
					<div class="filters">
						<Field label="Họ tên" value={name} onValue={setName} required maxLength={100} autocomplete="off" />
						<Select label="Địa bàn" value={place} onValue={setPlace} required options={placeOptions(places, "Chọn…")} />
						{one.is_move ? <Field label="Số điện thoại cũ" value={old} onValue={setOld} inputMode="tel" autocomplete="off" /> : null}
						{old.trim() ? null : (
							<>
								<Select label="Vai trò" value={role} onValue={setRole} options={Object.entries(roles)} />
								<Field label="Hộ (nếu có)" value={household} onValue={setHousehold} autocomplete="off" maxLength={60} />
							</>
						)}
					</div>
				</ActForm>
				<Ask one={one} />
				<FailureNotice failure={refusal.failure} />
				<p><button type="button" class="small" disabled={refusal.isBusy} onClick={() => void refusal.run(() =>
					post(`/enrolments/${part(one.id)}/decline`))}>Không duyệt</button> <span class="hint">Người gửi được báo kết quả
					bằng tin nhắn.</span></p>
			</div>
		</li>
	);
}

function InOffice(props: { places: Place[] }) {
	const act = useAct();
	const [phone, setPhone] = useDraft("consent-phone");
	const [name, setName] = useDraft("consent-name");
	const [place, setPlace] = useDraft("consent-place");
	const [household, setHousehold] = useDraft("consent-household");
	const [isDone, setDone] = useState(false);
	const wording = useAside<{ text: string }>("/enrolments/wording");

	async function enter(): Promise<void> {
		setDone(false);
		await post("/enrolments", { phone: phone.trim(), name: name.trim(), place,
			...(household.trim() ? { household: household.trim() } : {}) });
		for (const clear of [setPhone, setName, setHousehold])
			clear("");
		setDone(true);
	}
	return (
		<Fold title="Người đồng ý tại trụ sở">
			{wording ? <p class="quote">{wording.text}</p> : null}
			{isDone ? <Notice tone="good" role="status">Đã ghi vào danh sách.</Notice> : null}
			<ActForm act={act} label="Ghi đã đồng ý" name="Người đồng ý tại trụ sở" what={enter}
				isOff={!phone.trim() || !name.trim() || !place}>
				<div class="filters">
					<Field label="Số điện thoại" value={phone} onValue={setPhone} inputMode="tel" autocomplete="off" required />
					<Field label="Họ tên" value={name} onValue={setName} autocomplete="off" required maxLength={100} />
					<Select label="Địa bàn" value={place} onValue={setPlace} required options={placeOptions(props.places, "Chọn…")} />
					<Field label="Hộ (nếu có)" value={household} onValue={setHousehold} autocomplete="off" maxLength={60} />
				</div>
			</ActForm>
		</Fold>
	);
}

export function Enrolments() {
	const { data, failure } = useLoad<Waiting>("/enrolments");
	const places = usePlaceNames();
	const rows = data?.enrolments ?? [];
	const others = (data?.waiting ?? 0) - rows.length;
	return (
		<div class="stack">
			<FailureNotice failure={failure} />
			<Section title="Chờ duyệt" count={rows.length}>
				{data && rows.length === 0 ? <p class="calm">Không có ai chờ duyệt.</p> : null}
				<ul class="rows">{rows.map((one) => <Row key={one.id} one={one} places={places} />)}</ul>
				{others > 0 ? <p class="hint">Còn {figure(others)} người ở địa bàn khác, cán bộ khác duyệt.</p> : null}
			</Section>
			<InOffice places={places} />
		</div>
	);
}
