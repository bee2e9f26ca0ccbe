// SPDX-License-Identifier: GPL-2.0-or-later
// One bulletin: its words as they leave, what the screen found, whom it reaches, who said what, and what to do next.
import { part } from "../api";
import { figure } from "../figure";
import { useLoad } from "../load";
import type { Bulletin, Officer } from "../model";
import { usePlaceNames } from "../people/places";
import { address } from "../route";
import { isHandler } from "../session";
import { when } from "../time";
import { Badge } from "../ui/badge";
import { FailureNotice } from "../ui/notice";
import { Page, Section } from "../ui/section";
import { bulletinState, role } from "../words";
import { Acts } from "./acts";
import { audienceWords } from "./audience";
import { File } from "./file";
import { Findings } from "./findings";
import { SpeedBadge } from "./list";
import { Follow, Preview } from "./reach";
import { verdicts } from "./words";

function Words(props: { bulletin: Bulletin }) {
	const { bulletin } = props;
	const sms = bulletin.as_sms;
	return (
		<Section title="Nội dung sẽ gửi">
			<h3>Zalo</h3>
			<p class="quote">{bulletin.as_zalo ?? "Nội dung đã xoá."}</p>
			{sms ? (
				<>
					<h3>SMS</h3>
					<p class="quote">{sms.text}</p>
					<p class="hint">{sms.segments} phần, {figure(sms.units)} ký tự{sms.unaccented ? ", gửi không dấu" : ""}.</p>
				</>
			) : null}
		</Section>
	);
}

/** Who approves it sees for whom and for when it is. */
function Whom(props: { bulletin: Bulletin }) {
	const { bulletin } = props;
	const places = usePlaceNames();
	const nameOf = (code: string) => places.find((place) => place.code === code)?.name ?? code;
	return (
		<Section title="Gửi cho ai, khi nào">
			<dl class="facts">
				<div><dt>Người nhận</dt><dd>{audienceWords(bulletin.audience, nameOf)}</dd></div>
				<div><dt>Bắt đầu</dt><dd>{bulletin.from ? when(bulletin.from) : "ngay khi duyệt"}</dd></div>
				<div><dt>Hết hạn</dt><dd>{bulletin.expires ? when(bulletin.expires) : "theo loại bản tin"}</dd></div>
				{bulletin.to_refusers ? <div><dt>Người từ chối</dt><dd>cũng gửi, vì khẩn cấp</dd></div> : null}
			</dl>
		</Section>
	);
}

function Judgements(props: { bulletin: Bulletin }) {
	const { bulletin } = props;
	return (
		<Section title="Ai đã làm gì">
			<ul class="plain">
				<li>{bulletin.author} soạn {when(bulletin.created)}{bulletin.writer !== bulletin.author ? `, ${bulletin.writer} sửa ${when(bulletin.changed)}` : ""}</li>
				{bulletin.submitter ? <li>{bulletin.submitter} trình duyệt</li> : null}
				{bulletin.judgements.map((one, i) => (
					<li key={i}>{one.officer} ({role(one.role)}) {verdicts[one.verdict] ?? one.verdict} phiên bản {one.version}, {when(one.at)}
						{one.note ? `: ${one.note}` : ""}</li>
				))}
			</ul>
			{bulletin.refers_to ? <p>{bulletin.refers_how === "recalls" ? "Báo thu hồi" : "Đính chính"} <a
				href={address("ban-tin", bulletin.refers_to)}>bản tin {bulletin.refers_to}</a>.</p> : null}
		</Section>
	);
}

export function BulletinPage(props: { id: string; officer: Officer }) {
	const { data: bulletin, failure } = useLoad<Bulletin>(`/bulletins/${part(props.id)}`);
	const isBefore = bulletin && ["DRAFT", "SUBMITTED", "APPROVED"].includes(bulletin.state);
	return (
		<Page title={bulletin?.title ?? `Bản tin ${props.id}`} actions={<a class="button" href={address("ban-tin")}>Về danh sách</a>}>
			<FailureNotice failure={failure} />
			{bulletin ? (
				<>
					<p class="marks">
						<SpeedBadge row={bulletin} />
						<Badge>{bulletinState(bulletin.state)}</Badge>
						<Badge>{bulletin.category_name}</Badge>
						<Badge>{`Phiên bản ${bulletin.version}`}</Badge>
						{bulletin.sensitive ? <Badge tone="warning">Cần Trưởng, Phó duyệt</Badge> : null}
					</p>
					{isHandler(props.officer.role) || props.officer.role === "chairman"
						? <Acts bulletin={bulletin} officer={props.officer} /> : null}
					<div class="columns">
						<div>
							<Whom bulletin={bulletin} />
							<Words bulletin={bulletin} />
							<File bulletin={bulletin} canChange={isHandler(props.officer.role) && bulletin.state === "DRAFT"} />
							<Findings bulletin={bulletin} canAnswer={isHandler(props.officer.role) && bulletin.state === "DRAFT"} />
						</div>
						<div>
							{isBefore ? <Preview bulletin={bulletin} role={props.officer.role} /> : null}
							{bulletin.started ? <Follow bulletin={bulletin} /> : null}
							<Judgements bulletin={bulletin} />
						</div>
					</div>
				</>
			) : null}
		</Page>
	);
}
