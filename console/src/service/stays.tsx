// SPDX-License-Identifier: GPL-2.0-or-later
// Stay notices: received by the box, entered by the clerk into the residence system, recorded there; the sender is told
// each step. Names and identity numbers are shown one notice at a time, to the residence clerks, on record.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import { figure } from "../figure";
import { usePages } from "../load";
import { when } from "../time";
import { Badge } from "../ui/badge";
import { ActForm, Field, Select } from "../ui/form";
import { FailureNotice } from "../ui/notice";
import { Section } from "../ui/section";
import type { Stay } from "./model";
import { day, stayState, stayTiming } from "./words";

function Guests(props: { stay: Stay }) {
	const words = props.stay.words;
	if (!words)
		return null;
	return (
		<div class="quote">
			{words.text ? <p>{words.text}</p> : null}
			{words.guests ? (
				<ol>{words.guests.map((guest) => <li key={guest.id}>{guest.name}, số <span class="secret">{guest.id}</span></li>)}</ol>
			) : null}
			{words.reason ? <p>Lý do: {words.reason}</p> : null}
			{words.address ? <p>Nơi ở: {words.address}</p> : null}
		</div>
	);
}

function Decide(props: { stay: Stay }) {
	const { stay } = props;
	const act = useAct();
	const [isDeclining, setDeclining] = useState(false);
	const [reason, setReason] = useState("");
	const decide = (how: string, why?: string) => post(`/stays/${part(stay.id)}/decide`, { how, ...(why ? { reason: why } : {}) });
	if (stay.state === "RECORDED" || stay.state === "DECLINED")
		return null;
	return (
		<>
			<FailureNotice failure={isDeclining ? null : act.failure} />
			<p class="actions">
				{stay.state === "RECEIVED" ? <button type="button" disabled={act.isBusy}
					onClick={() => void act.run(() => decide("entered"))}>Đã nhập phần mềm cư trú</button> : null}
				{stay.state !== "UNCLEAR" ? <button type="button" class="primary" disabled={act.isBusy}
					onClick={() => void act.run(() => decide("recorded"))}>Đã ghi nhận, báo người gửi</button> : null}
				<button type="button" aria-expanded={isDeclining} onClick={() => setDeclining(!isDeclining)}>Không nhận…</button>
			</p>
			{isDeclining ? (
				<ActForm act={act} label="Không nhận, báo người gửi" name={`Không nhận thông báo ${stay.id}`} isOff={!reason.trim()}
					what={() => decide("declined", reason.trim())} onDone={() => setDeclining(false)}>
					<Field label="Lý do, người gửi đọc được" value={reason} onValue={setReason} maxLength={120} required />
				</ActForm>
			) : null}
		</>
	);
}

function StayRow(props: { stay: Stay }) {
	const act = useAct();
	const [read, setRead] = useState<Stay | null>(null);
	const stay = { ...props.stay, ...(read?.words ? { words: read.words } : {}) };
	const isWaiting = stay.state === "RECEIVED" || stay.state === "UNCLEAR" || stay.state === "ENTERED";
	return (
		<li class={`row ${stay.timing === "LATE" && isWaiting ? "warning" : ""}`}>
			<div>
				<strong>Thông báo {stay.id}</strong>{" "}
				<Badge tone={stay.state === "RECORDED" ? "good" : isWaiting ? "warning" : "plain"}>{stayState(stay.state)}</Badge>
				<p>
					{stay.state === "UNCLEAR" ? "Máy chưa đọc được nội dung" : `${figure(stay.guests)} khách, từ ${day(stay.from)} đến ${day(stay.to)}`};
					nhận {when(stay.received)}, {stayTiming(stay.timing)}.
				</p>
				{stay.is_erased ? <p class="hint">Tên và số giấy tờ đã xoá theo hạn lưu.</p> : null}
				<Guests stay={stay} />
				<FailureNotice failure={act.failure} />
				{!stay.is_erased && !read ? (
					<button type="button" class="small" disabled={act.isBusy} onClick={() => void act.look(async () =>
						setRead(await post<Stay>(`/stays/${part(stay.id)}/read`)))}>{act.isBusy ? "Đang mở…" : "Xem khách (ghi vào nhật ký)"}</button>
				) : null}
				{read ? <button type="button" class="small" onClick={() => setRead(null)}>Ẩn</button> : null}
				<Decide stay={stay} />
			</div>
		</li>
	);
}

export function Stays() {
	const { rows, failure, hasMore, more } = usePages<Stay>("/stays", "stays");
	const [only, setOnly] = useState("waiting");
	const isDone = (stay: Stay) => stay.state === "RECORDED" || stay.state === "DECLINED";
	const shown = (rows ?? []).filter((stay) => only === "all" || isDone(stay) === (only === "done"));
	return (
		<Section title="Thông báo lưu trú" count={shown.length}>
			<p class="hint">“Đã nhận” chưa phải là đã ghi nhận. Nhập vào phần mềm cư trú, rồi bấm “Đã ghi nhận”: người gửi được báo.</p>
			<div class="filters"><Select label="Xem" value={only} onValue={setOnly}
				options={[["waiting", "Chờ xử lý"], ["done", "Đã xong"], ["all", "Tất cả"]]} /></div>
			<FailureNotice failure={failure} />
			{rows && shown.length === 0 ? <p class="calm">Không có thông báo nào.</p> : null}
			<ul class="rows">{shown.map((stay) => <StayRow key={stay.id} stay={stay} />)}</ul>
			{hasMore ? <button type="button" onClick={more}>Xem cũ hơn</button> : null}
		</Section>
	);
}
