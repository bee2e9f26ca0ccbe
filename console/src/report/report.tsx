// SPDX-License-Identifier: GPL-2.0-or-later
// One report: what to do next, what was said, the answer, and what else may be done with it.
import { part } from "../api";
import { useAside } from "../aside";
import { useLoad } from "../load";
import type { Officer, Place, Report, ReportLaw, Status } from "../model";
import { address } from "../route";
import { isHandler, isLeader, isRevealer } from "../session";
import { when } from "../time";
import { Badge, StateBadge, UrgencyBadge } from "../ui/badge";
import { FailureNotice, Notice } from "../ui/notice";
import { Page, Section } from "../ui/section";
import { category, source } from "../words";
import { Answer } from "./answer";
import { Dialogue } from "./dialogue";
import { Handling } from "./handling";
import { Identity } from "./identity";
import { Keeping } from "./keeping";
import { Law } from "./law";
import { NextStep } from "./next";
import { Offline } from "./offline";
import { Rating } from "./rating";
import { Subjects } from "./subjects";
import { Ties } from "./ties";

function Facts(props: { report: Report; places: Place[] }) {
	const { report, places } = props;
	const place = places.find((one) => one.code === report.hamlet);
	return (
		<dl class="facts">
			<div><dt>Mã</dt><dd><code>{report.code}</code></dd></div>
			<div><dt>Nhận</dt><dd>{when(report.received)}</dd></div>
			<div><dt>Nguồn</dt><dd>{source(report.source)}</dd></div>
			<div><dt>Người gửi</dt><dd>{report.is_anonymous ? "ẩn danh" : report.from}</dd></div>
			<div><dt>Loại</dt><dd>{category(report.category)}{report.decided ? "" : " (máy đoán)"}</dd></div>
			<div><dt>Địa bàn</dt><dd>{place?.name ?? (report.hamlet || "chưa rõ")}</dd></div>
			<div><dt>Phân công</dt><dd>{report.assignee ?? "chưa phân công"}</dd></div>
		</dl>
	);
}

function Marks(props: { report: Report }) {
	const { report } = props;
	return (
		<p class="marks">
			<UrgencyBadge urgency={report.urgency} />
			<StateBadge state={report.state} />
			{report.is_quiet ? <Badge tone="warning">Không nhắn vào máy người gửi</Badge> : null}
			{report.is_anonymous ? <Badge>Ẩn danh</Badge> : null}
			{report.is_incomplete ? <Badge tone="warning">Tin còn thiếu phần</Badge> : null}
			{report.secrecy?.marking ? <Badge tone="alarm">Có dấu hiệu bí mật nhà nước</Badge> : null}
		</p>
	);
}

function Words(props: { report: Report; officer: Officer; law: ReportLaw | null; places: Place[] }) {
	const { report, officer, law } = props;
	const role = officer.role;
	// A report about the chief is read by the chairman alone of those outside, and then it is his to work on.
	const canWork = isHandler(role) || role === "chairman";
	return (
		<div class="columns wide-left">
			<div>
				<Dialogue report={report} />
				{canWork && !report.merged_into && !report.secrecy?.offline
					? <Answer report={report} role={role} /> : null}
			</div>
			<div>
				<Section title="Thông tin"><Facts report={report} places={props.places} /></Section>
				{canWork ? <Rating report={report} /> : null}
				<Law report={report} law={law} role={role} canWork={canWork} />
				{canWork ? <Handling report={report} places={props.places} role={role} /> : null}
				<Ties report={report} canChange={canWork} />
				{isRevealer(role) ? <Identity report={report} /> : null}
				{isLeader(role) || role === "chairman" ? <Subjects report={report} /> : null}
				<Keeping report={report} role={role} />
				{isLeader(role) || role === "chairman" ? <Offline report={report} /> : null}
			</div>
		</div>
	);
}

export function ReportPage(props: { name: string; officer: Officer }) {
	const { data: report, failure } = useLoad<Report>(`/reports/${part(props.name)}`);
	const isOpen = report?.sight === "words";
	const law = useAside<ReportLaw>(isOpen ? `/reports/${part(props.name)}/law` : null);
	const places = useAside<{ places: Place[] }>("/places?limit=200");
	const status = useAside<Status>(isHandler(props.officer.role) ? "/status" : null);
	return (
		<Page title={`Tin số ${report?.report ?? props.name}`} actions={
			<>
				<a class="button" href={address("tin")}>Về danh sách</a>
				{isOpen ? <button type="button" onClick={() => print()}>In tin này</button> : null}
			</>
		}>
			<FailureNotice failure={failure} />
			{!report && !failure ? <p role="status">Đang mở tin…</p> : null}
			{report ? <Marks report={report} /> : null}
			{report && !isOpen ? (
				<Notice tone="plain">
					Đồng chí thấy dòng này trong sổ nhưng không có quyền đọc nội dung. Người đang đọc được tin có thể cấp quyền.
				</Notice>
			) : null}
			{report && isOpen ? (
				<>
					{isHandler(props.officer.role) ? <NextStep report={report} law={law}
						alarms={status?.duty.alarms_ringing ?? 0} /> : null}
					<Words report={report} officer={props.officer} law={law} places={places?.places ?? []} />
				</>
			) : null}
		</Page>
	);
}
