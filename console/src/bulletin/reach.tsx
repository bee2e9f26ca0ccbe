// SPDX-License-Identifier: GPL-2.0-or-later
// Whom a bulletin would reach, and whom it has reached.
import { part } from "../api";
import { dong, figure } from "../figure";
import { useLoad } from "../load";
import type { Bulletin, BulletinPreview, BulletinStatistics, Role } from "../model";
import { isHandler } from "../session";
import { span, when } from "../time";
import { FailureNotice, Notice } from "../ui/notice";
import { Section } from "../ui/section";
import { channel } from "../words";
import { Wording } from "./wording";
import { reasons } from "./words";

/** Too few to be told: a small number would point at somebody. */
function few(value: number | null): string {
	return value === null ? "ít" : figure(value);
}

const insteads: Record<string, string> = {
	heads_only: "chỉ gửi trưởng thôn để báo loa",
	zalo_only: "chỉ gửi Zalo",
	aggregator: "gửi qua tổng đài SMS",
};

export function Preview(props: { bulletin: Bulletin; role: Role }) {
	const { data, failure } = useLoad<BulletinPreview>(`/bulletins/${part(props.bulletin.id)}/preview`);
	if (!data)
		return <FailureNotice failure={failure} />;
	const left = data.not_told.refused + data.not_told.refused_topic + data.not_told.blocked;
	return (
		<Section title="Nếu gửi bây giờ">
			<dl class="facts">
				<div><dt>Người nhận</dt><dd>{figure(data.people)}, trong đó {figure(data.heads)} trưởng thôn, cán bộ</dd></div>
				<div><dt>Qua nhóm Zalo</dt><dd>{figure(data.by_group)}</dd></div>
				<div><dt>Qua Zalo riêng</dt><dd>{figure(data.by_zalo)}</dd></div>
				<div><dt>Qua SMS</dt><dd>{figure(data.texts)}{data.texts_most > data.texts ? ` đến ${figure(data.texts_most)}` : ""} người,
					mỗi tin {figure(data.segments)} phần</dd></div>
				<div><dt>Không gửi</dt><dd>{figure(data.not_told.no_way)} không có cách nào gửi; {figure(left)} từ chối nhận hoặc bị
					chặn</dd></div>
				<div><dt>Chi phí</dt><dd>{data.cost === null ? "chưa rõ giá" : dong(data.cost)}{data.cost_most !== null
					&& data.cost !== null && data.cost_most > data.cost ? `, nhiều nhất ${dong(data.cost_most)}` : ""}{data.budget_left === null
					? "" : `; tháng này còn ${dong(data.budget_left)}`}</dd></div>
				<div><dt>Thời gian gửi</dt><dd>{data.minutes === null ? "không gửi hết được" : `khoảng ${span(data.minutes * 60)}`}</dd></div>
				{data.waits_until ? <div><dt>Bắt đầu</dt><dd>{when(data.waits_until)} (hết giờ nghỉ)</dd></div> : null}
				{data.finishes ? <div><dt>Xong</dt><dd>{when(data.finishes)}</dd></div> : null}
			</dl>
			{!data.fits ? <Notice tone="warning"><strong>Không gửi kịp hoặc không đủ tiền cho tất cả.</strong> Đề nghị rút ngắn
				SMS{data.instead.map((way) => `, hoặc ${insteads[way] ?? way}`).join("")}.</Notice> : null}
			{data.shorter ? <p class="hint">Bớt {figure(data.shorter.characters)} ký tự SMS thì tiết kiệm {dong(data.shorter.saves)}.</p> : null}
			<Wording bulletin={props.bulletin} written={data}
				canChange={isHandler(props.role) && props.bulletin.state === "DRAFT"} />
		</Section>
	);
}

export function Follow(props: { bulletin: Bulletin }) {
	const { data, failure } = useLoad<BulletinStatistics>(`/bulletins/${part(props.bulletin.id)}/statistics`);
	if (!data)
		return <FailureNotice failure={failure} />;
	return (
		<Section title="Đã đến đâu">
			<dl class="facts">
				<div><dt>Người nhận</dt><dd>{figure(data.people)}</dd></div>
				<div><dt>Đã nhận</dt><dd>{few(data.told)}</dd></div>
				<div><dt>Đang gửi</dt><dd>{few(data.under_way)}</dd></div>
				<div><dt>Chưa rõ</dt><dd>{few(data.in_doubt)}</dd></div>
				<div><dt>Không nhận được</dt><dd>{few(data.not_told)}</dd></div>
				<div><dt>Trưởng thôn xác nhận</dt><dd>{few(data.heads_confirmed)} / {figure(data.heads)}</dd></div>
				{data.cost === null ? null : <div><dt>Chi phí</dt><dd>{dong(data.cost)}</dd></div>}
				{data.half_s === null ? null : <div><dt>Một nửa nhận sau</dt><dd>{span(data.half_s)}</dd></div>}
			</dl>
			{data.channels.length ? <p class="hint">Theo đường: {data.channels.map((one) =>
				`${channel(one.channel)} ${few(one.told)}`).join(", ")}.</p> : null}
			{data.reasons.length ? <p class="hint">Chưa nhận vì: {data.reasons.map((one) =>
				`${reasons[one.reason] ?? one.reason} ${few(one.people)}`).join(", ")}.</p> : null}
			{data.places.length ? (
				<table>
					<thead><tr><th scope="col">Địa bàn</th><th scope="col">Người</th><th scope="col">Đã nhận</th></tr></thead>
					<tbody>
						{data.places.map((place) => (
							<tr key={place.place}><th scope="row">{place.name || place.place}</th><td>{figure(place.people)}</td><td>{few(place.told)}</td></tr>
						))}
					</tbody>
				</table>
			) : null}
		</Section>
	);
}
