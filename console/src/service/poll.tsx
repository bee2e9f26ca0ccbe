// SPDX-License-Identifier: GPL-2.0-or-later
// One poll: how far it is, the answers that are not clear, its result. Nobody sees who said what, and while it is open
// nobody sees more than how many have answered.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import { figure } from "../figure";
import { useLoad } from "../load";
import type { Officer } from "../model";
import { address } from "../route";
import { isHandler, isLeader } from "../session";
import { when } from "../time";
import { ActForm, Check, Field } from "../ui/form";
import { FailureNotice, Notice } from "../ui/notice";
import { Section } from "../ui/section";
import { SureButton } from "../ui/sure";
import { Table } from "../ui/table";
import type { Poll, Unclear } from "./model";
import { pollState } from "./words";

function votes(poll: Poll, count: number | null): string {
	if (count !== null)
		return figure(count);
	if (poll.state === "CANCELLED")
		return "không tính";
	return poll.state === "OPEN" || poll.state === "DRAFT" ? "chưa công bố" : "dưới 5";
}

function Facts(props: { poll: Poll }) {
	const { poll } = props;
	return (
		<Section title="Câu hỏi">
			<p class="quote">{poll.question}</p>
			<dl class="facts">
				<div><dt>Tình trạng</dt><dd>{pollState(poll.state)}</dd></div>
				<div><dt>Hết hạn</dt><dd>{when(poll.closes)}</dd></div>
				<div><dt>Mỗi ý kiến</dt><dd>{poll.per === "household" ? "của một hộ" : "của một số điện thoại"}</dd></div>
				<div><dt>Được hỏi</dt><dd>{poll.voices ? figure(poll.voices) : "tính khi gửi câu hỏi"}</dd></div>
				<div><dt>Đã trả lời</dt><dd>{poll.answered === null ? "dưới 5" : figure(poll.answered)}</dd></div>
				<div><dt>Cần ít nhất</dt><dd>{poll.quorum ? `${figure(poll.quorum)} %, ${poll.has_quorum ? "đã đủ" : "chưa đủ"}` : "không đặt"}</dd></div>
			</dl>
			<Table caption="Các ý và số ý kiến" head={["Ý", "Cách nói khác", "Ý kiến"]}>
				{poll.options.map((one) => (
					<tr key={one.number}><th scope="row">{one.number}. {one.label}</th><td>{one.aliases.join(", ")}</td><td>{votes(poll, one.votes)}</td></tr>
				))}
			</Table>
			{poll.bulletin ? <p><a href={address("ban-tin", poll.bulletin)}>Mở bản tin hỏi ý kiến</a></p> : null}
			{poll.result ? <p><a href={address("ban-tin", poll.result)}>Mở bản nháp thông báo kết quả</a></p> : null}
		</Section>
	);
}

function Acts(props: { poll: Poll; officer: Officer }) {
	const { poll } = props;
	const act = useAct();
	const path = `/polls/${part(poll.id)}`;
	const leads = isLeader(props.officer.role);
	if (poll.state === "DONE" || poll.state === "CANCELLED")
		return null;
	return (
		<Section title="Việc tiếp theo">
			<p>{poll.state === "DRAFT" ? "Bản tin hỏi ý kiến phải được duyệt và gửi; khi gửi, cuộc lấy ý kiến tự mở."
				: poll.state === "OPEN" ? "Người dân đang trả lời. Xem và xếp các câu trả lời chưa rõ."
				: "Xếp nốt các câu trả lời chưa rõ, rồi tổng hợp. Tổng hợp xong, máy xoá ai trả lời gì, chỉ giữ các con số."}</p>
			<FailureNotice failure={act.failure} />
			<p class="actions">
				{leads && poll.state === "DRAFT" ? <button type="button" disabled={act.isBusy}
					onClick={() => void act.run(() => post(`${path}/open`))}>Đã hỏi bằng cách khác, mở luôn</button> : null}
				{leads && poll.state === "OPEN" ? (
					<SureButton act={act} label="Kết thúc sớm" title="Kết thúc trước hạn?" what={() => post(`${path}/close`)}>
						<p>Từ giờ không nhận thêm ý kiến. Các ý kiến đã nhận vẫn được tính.</p>
					</SureButton>
				) : null}
				{isHandler(props.officer.role) && poll.state === "CLOSED" ? (
					<SureButton act={act} label="Tổng hợp kết quả" title="Tổng hợp kết quả?" what={() => post(`${path}/result`)}>
						<p>{poll.unclear ? `Còn ${figure(poll.unclear)} câu trả lời chưa rõ; sẽ tính là “không rõ”. ` : ""}Máy soạn bản nháp thông báo kết quả và xoá
							ai đã trả lời gì.</p>
					</SureButton>
				) : null}
				{leads ? (
					<SureButton act={act} label="Huỷ" title="Huỷ cuộc lấy ý kiến?" what={() => post(`${path}/cancel`)}>
						<p>Không tính ý kiến nào; các ý kiến đã nhận bị xoá.</p>
					</SureButton>
				) : null}
			</p>
		</Section>
	);
}

function UnclearRow(props: { poll: Poll; one: Unclear }) {
	const { poll, one } = props;
	const act = useAct();
	const [isAll, setAll] = useState(true);
	const assign = (option: number) => () => void act.run(() => post(`/polls/${part(poll.id)}/assign`, { voice: one.voice, option, all: isAll }));
	return (
		<li class="row">
			<div>
				<p class="quote">{one.text}</p>
				<FailureNotice failure={act.failure} />
				<p class="actions" role="group" aria-label={`Câu “${one.text}” nghĩa là`}>
					{poll.options.map((option) => (
						<button key={option.number} type="button" class="small" disabled={act.isBusy} onClick={assign(option.number)}>{option.label}</button>
					))}
					<button type="button" class="small" disabled={act.isBusy} onClick={assign(0)}>Không rõ</button>
				</p>
				<Check label="Xếp mọi câu giống hệt câu này" isOn={isAll} onValue={setAll} />
			</div>
		</li>
	);
}

function Pile(props: { poll: Poll }) {
	const { poll } = props;
	const { data, failure } = useLoad<{ unclear: Unclear[]; waiting: number }>(`/polls/${part(poll.id)}/unclear`);
	return (
		<Section title="Câu trả lời chưa rõ" count={data?.waiting ?? 0}>
			<p class="hint">Không ai thấy câu nào là của ai.</p>
			<FailureNotice failure={failure} />
			{data && data.unclear.length === 0 ? <p class="calm">Không có câu nào phải xếp.</p> : null}
			<ul class="rows">{(data?.unclear ?? []).map((one) => <UnclearRow key={one.voice} poll={poll} one={one} />)}</ul>
		</Section>
	);
}

function Try(props: { poll: Poll }) {
	const act = useAct();
	const [text, setText] = useState("");
	const [heard, setHeard] = useState<number | null | undefined>(undefined);
	const option = props.poll.options.find((one) => one.number === heard);
	return (
		<Section title="Thử một câu trả lời">
			<ActForm act={act} label="Thử" name="Thử một câu trả lời" isOff={!text.trim()} what={async () =>
				setHeard((await post<{ option: number | null }>(`/polls/${part(props.poll.id)}/try`, { text: text.trim() })).option)}>
				<Field label="Người dân nhắn" value={text} onValue={(next) => {
					setText(next);
					setHeard(undefined);
				}} autocomplete="off" />
			</ActForm>
			{heard === undefined ? null : <Notice tone="plain" role="status">{option ? `Máy hiểu là: ${option.number}. ${option.label}` : "Máy không chắc; câu này sẽ chờ cán bộ xếp."}</Notice>}
		</Section>
	);
}

export function PollPage(props: { id: string; officer: Officer }) {
	const { data: poll, failure } = useLoad<Poll>(`/polls/${part(props.id)}`);
	const isOver = poll?.state === "DONE" || poll?.state === "CANCELLED";
	const canWork = isHandler(props.officer.role);
	return (
		<>
			<p><a class="button" href={address("dich-vu", "y-kien")}>Về danh sách</a></p>
			<FailureNotice failure={failure} />
			{poll ? (
				<div class="columns">
					<div>
						<Facts poll={poll} />
						{canWork && !isOver && poll.state !== "DRAFT" ? <Pile poll={poll} /> : null}
					</div>
					<div>
						{canWork ? <Acts poll={poll} officer={props.officer} /> : null}
						{canWork && !isOver ? <Try poll={poll} /> : null}
					</div>
				</div>
			) : null}
		</>
	);
}
