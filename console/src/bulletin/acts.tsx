// SPDX-License-Identifier: GPL-2.0-or-later
// What may be done with a bulletin now. The box decides; the page only leaves out what it would refuse anyway.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import { useAside } from "../aside";
import type { Bulletin, BulletinDelivery, Officer } from "../model";
import { address } from "../route";
import { isLeader } from "../session";
import { when } from "../time";
import { ActForm, Check } from "../ui/form";
import { FailureNotice, Notice } from "../ui/notice";
import { isReason, Reason } from "../ui/reason";
import { Fold } from "../ui/section";

function Act(props: { bulletin: Bulletin; what: string; label: string; body?: unknown; tone?: "primary" | "danger"; isOff?: boolean }) {
	const act = useAct();
	return (
		<>
			<button type="button" class={props.tone ?? ""} disabled={act.isBusy || props.isOff} onClick={() => void act.run(() =>
				post(`/bulletins/${part(props.bulletin.id)}/${props.what}`, props.body ?? {}))}>{props.label}</button>
			<FailureNotice failure={act.failure} />
		</>
	);
}

/** Something that needs a reason. */
function Reasoned(props: { bulletin: Bulletin; what: string; title: string; label: string; name?: "reason" | "note"; more?: object }) {
	const act = useAct();
	const [reason, setReason] = useState("");
	return (
		<Fold title={props.title}>
			<ActForm act={act} label={props.label} tone="alarm" name={props.title} isOff={!isReason(reason)} onDone={() => setReason("")}
				what={() => post(`/bulletins/${part(props.bulletin.id)}/${props.what}`, { ...props.more, [props.name ?? "reason"]: reason.trim() })}>
				<Reason label={props.name === "note" ? "Nhận xét" : "Lý do"} value={reason} onValue={setReason} />
			</ActForm>
		</Fold>
	);
}

function Approve(props: { bulletin: Bulletin; officer: Officer }) {
	const { bulletin, officer } = props;
	const [isRead, setRead] = useState(false);
	const isOwn = [bulletin.author, bulletin.writer, bulletin.submitter].includes(officer.login);
	const mayAlone = isOwn && officer.role === "chief" && bulletin.speed === "emergency";
	if (isOwn && !mayAlone)
		return <Notice tone="plain">Bản tin chờ người khác duyệt: người soạn, người trình không tự duyệt.</Notice>;
	if (bulletin.sensitive && !isLeader(officer.role))
		return <Notice tone="plain">Bản tin chờ Trưởng hoặc Phó Công an xã duyệt.</Notice>;
	return (
		<div class="card">
			<Check label={`Tôi đã đọc phiên bản ${bulletin.version}, người nhận và chi phí`} isOn={isRead} onValue={setRead} />
			{mayAlone ? <p class="hint">Khẩn cấp: Trưởng Công an xã tự duyệt; người thứ hai phải xem lại trong một ngày.</p> : null}
			<Act bulletin={bulletin} what="approve" label={mayAlone ? "Tự duyệt và gửi" : "Duyệt và gửi"} tone="primary" isOff={!isRead}
				body={{ version: bulletin.version, ...(mayAlone ? { alone: true } : {}) }} />
		</div>
	);
}

/** Nothing more leaves for now; who leads lets it go on. */
function StopResume(props: { bulletin: Bulletin; officer: Officer }) {
	const { bulletin } = props;
	const delivery = useAside<BulletinDelivery>(bulletin.started ? `/bulletins/${part(bulletin.id)}/delivery` : null);
	if (!delivery)
		return null;
	if (delivery.state !== "STOPPED")
		return delivery.state === "DONE" ? null : <p class="actions"><Act bulletin={bulletin} what="stop" label="Tạm ngừng gửi" /></p>;
	return (
		<Notice tone="warning">
			<strong>Đang tạm ngừng.</strong> Chưa ai nhận thêm; người đã nhận vẫn giữ bản tin.
			{isLeader(props.officer.role) ? <p class="actions"><Act bulletin={bulletin} what="resume" label="Gửi tiếp" /></p>
				: " Trưởng hoặc Phó Công an xã cho gửi tiếp được."}
		</Notice>
	);
}

export function Acts(props: { bulletin: Bulletin; officer: Officer }) {
	const { bulletin, officer } = props;
	const isReviewer = isLeader(officer.role) || officer.role === "chairman";
	const needsReview = bulletin.review_due && !bulletin.reviewed && isReviewer && bulletin.author !== officer.login;
	const review = needsReview ? (
		<>
			<Notice tone="warning">Bản tin này được tự duyệt khẩn cấp, phải có người xem lại trước {when(bulletin.review_due)}.</Notice>
			<Reasoned bulletin={bulletin} what="review" title="Xem lại" label="Ghi đã xem lại" name="note" />
		</>
	) : null;
	if (officer.role === "chairman")
		return review ? <div class="stack">{review}</div> : null;
	const isUnderWay = bulletin.state === "APPROVED" || bulletin.state === "SENDING";
	return (
		<div class="stack">
			{review}
			{bulletin.state === "DRAFT" ? (
				<p class="actions">
					<a class="button" href={address("ban-tin", "soan", bulletin.id)}>Sửa</a>
					<Act bulletin={bulletin} what="submit" label="Trình duyệt" tone="primary" isOff={bulletin.unanswered > 0} />
					<Act bulletin={bulletin} what="discard" label="Bỏ bản nháp" />
				</p>
			) : null}
			{bulletin.state === "SUBMITTED" ? (
				<>
					<Approve bulletin={bulletin} officer={officer} />
					<Reasoned bulletin={bulletin} what="reject" title="Trả lại người soạn" label="Trả lại" more={{ version: bulletin.version }} />
					<p class="actions"><Act bulletin={bulletin} what="withdraw" label="Rút lại để sửa" /></p>
				</>
			) : null}
			{isUnderWay ? <StopResume bulletin={bulletin} officer={officer} /> : null}
			{isUnderWay ? <Reasoned bulletin={bulletin} what="recall" title="Thu hồi" label="Ngừng gửi và thu hồi" /> : null}
			{bulletin.started ? (
				<p class="actions">
					<a class="button" href={address("ban-tin", "soan", "dinh-chinh", bulletin.id)}>Soạn đính chính</a>
					{bulletin.state === "RECALLED"
						? <a class="button" href={address("ban-tin", "soan", "thu-hoi", bulletin.id)}>Báo cho người đã nhận</a> : null}
				</p>
			) : null}
		</div>
	);
}
