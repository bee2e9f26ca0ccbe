// SPDX-License-Identifier: GPL-2.0-or-later
// What needs somebody now: alarms that ring, open reports from the most dangerous and oldest on, terms that end, what
// is broken, who is on duty. Whatever is well is not mentioned, but for one line that says so.
import { useAct } from "../act";
import { part, post } from "../api";
import { figure } from "../figure";
import { useLoad } from "../load";
import type { Alarm, Clock, Duty, Problem, ReportRow, Role, Today } from "../model";
import { address } from "../route";
import { isReader } from "../session";
import { left, sinceSeconds, span, when } from "../time";
import { UrgencyBadge } from "../ui/badge";
import { FailureNotice, Notice } from "../ui/notice";
import { Page, Section } from "../ui/section";
import { category, source } from "../words";
import { type PageProps, pagesOf } from "./pages";
import { isSevere, Problems } from "./problems";

function AlarmRow(props: { alarm: Alarm }) {
	const act = useAct();
	const { alarm } = props;
	return (
		<li class="row alarm">
			<div>
				<strong>Báo động {alarm.number}</strong>{" "}
				{alarm.state === "UNANSWERED" ? "đã gọi hết danh sách trực mà chưa ai nhận" : "chưa ai nhận"}, kêu từ{" "}
				{when(alarm.began)}
				{alarm.next ? `; gọi người tiếp theo lúc ${when(alarm.next)}` : ""}
				<FailureNotice failure={act.failure} />
			</div>
			<button type="button" class="danger" disabled={act.isBusy}
				onClick={() => void act.run(() => post(`/duty/alarms/${part(alarm.number)}/acknowledge`))}>Nhận việc</button>
		</li>
	);
}

function Alarms(props: { alarms: Alarm[] }) {
	if (props.alarms.length === 0)
		return null;
	return (
		<Section title="Báo động" count={props.alarms.length} class="alarm">
			<ul class="rows">{props.alarms.map((alarm) => <AlarmRow key={alarm.id} alarm={alarm} />)}</ul>
		</Section>
	);
}

function OpenReports(props: { rows: ReportRow[]; count: number }) {
	const { rows } = props;
	return (
		<Section title="Tin chưa trả lời" count={Math.max(props.count, rows.length)}>
			{rows.length === 0 ? <p class="calm">Không còn tin nào chờ trả lời.</p> : null}
			<ul class="rows">
				{rows.map((row) => (
					<li key={row.id}>
						<a class={`row ${row.urgency}`} href={address("tin", row.report)}>
							<span class="number">{row.report}</span>
							<span class="what">
								{category(row.category)} <UrgencyBadge urgency={row.urgency} />
								<small>{row.hamlet || "chưa rõ địa bàn"} · {source(row.source)}</small>
							</span>
							<span class="time">{when(row.received)}<small>đã chờ {span(sinceSeconds(row.received))}</small></span>
						</a>
					</li>
				))}
			</ul>
			{props.count > rows.length ? <p><a href={address("tin")}>Xem tất cả trong Tin báo</a></p> : null}
		</Section>
	);
}

function Clocks(props: { clocks: Clock[] }) {
	const { clocks } = props;
	return (
		<Section title="Trễ hạn và sắp đến hạn" count={clocks.length}>
			{clocks.length === 0 ? <p class="calm">Không có việc nào trễ hoặc đến hạn trong 2 ngày tới.</p> : null}
			<ul class="rows">
				{clocks.map((clock) => (
					<li key={clock.id}>
						<a class={`row ${clock.left_s < 0 ? "urgent" : ""}`} href={address("tin", clock.report)}>
							<span class="number">{clock.report}</span>
							<span class="what">{clock.name}</span>
							<span class="time">{when(clock.due)}<small>{left(clock.left_s)}</small></span>
						</a>
					</li>
				))}
			</ul>
		</Section>
	);
}

/** What waits for somebody of his role, and where it is done. */
const queues: Record<string, { words: string; at: string[] }> = {
	bulletins: { words: "bản tin chờ duyệt", at: ["ban-tin"] },
	enrolments: { words: "người xin đăng ký nhận tin", at: ["dan", "cho-duyet"] },
	polls: { words: "câu trả lời lấy ý kiến chưa rõ", at: ["dich-vu", "y-kien"] },
	stays: { words: "thông báo lưu trú chờ xử lý", at: ["dich-vu", "luu-tru"] },
};

function Waiting(props: { waiting: Today["waiting"]; role: Role }) {
	const { waiting } = props;
	const pages = pagesOf(props.role).map((page) => page.path);
	if (waiting.length === 0)
		return null;
	return (
		<Section title="Đang chờ đồng chí">
			<ul class="plain">
				{waiting.map(({ kind, count }) => {
					const queue = queues[kind];
					const words = `${figure(count)} ${queue?.words ?? kind}`;
					return <li key={kind}>{queue && pages.includes(queue.at[0]!) ? <a href={address(...queue.at)}>{words}</a> : words}</li>;
				})}
			</ul>
		</Section>
	);
}

function OnDuty(props: { duty: Duty }) {
	const { duty } = props;
	const gap = duty.gaps[0];
	return (
		<Section title="Đang trực">
			{!duty.has_roster && !duty.is_nobody ? <p>Chưa có lịch trực; báo động gọi đến các số trực trong cấu hình.</p> : null}
			{duty.is_nobody
				? <Notice tone="warning">Hiện không có ai trực. Đề nghị bố trí người trực.</Notice> : null}
			<ul class="plain">
				{duty.on_duty.map((post) => (
					<li key={post.officer}>{post.name}{post.has_phone ? "" : " (chưa có số điện thoại để báo động)"}</li>
				))}
			</ul>
			{duty.until ? <p class="hint">Đến {when(duty.until)}.</p> : null}
			{gap ? <Notice tone="warning">Chưa có người trực từ {when(gap.from)} đến {when(gap.to)}.</Notice> : null}
		</Section>
	);
}

/** The line that lets a tired officer lie down again. */
function AllWell(props: { problems: Problem[] }) {
	if (props.problems.length > 0)
		return null;
	return <Notice tone="good" role="status">Máy, SIM và Zalo đang hoạt động bình thường.</Notice>;
}

export function TodayPage(props: PageProps) {
	const { data: today, failure } = useLoad<Today>("/today");
	const role = props.officer.role;
	const problems = today?.problems ?? [];
	return (
		<Page title="Hôm nay">
			<FailureNotice failure={failure} />
			{today ? <Alarms alarms={today.alarms} /> : null}
			<Problems problems={problems.filter(isSevere)} title="Trục trặc nghiêm trọng" />
			{today ? (
				<div class="columns">
					<div>{isReader(role) ? <OpenReports rows={today.reports} count={today.open} /> : null}</div>
					<div>
						<Waiting waiting={today.waiting} role={role} />
						{isReader(role) ? <Clocks clocks={today.clocks} /> : null}
						<Problems problems={problems.filter((problem) => !isSevere(problem))} title="Cần xem lại" />
						<OnDuty duty={today.duty} />
						<AllWell problems={problems} />
					</div>
				</div>
			) : null}
		</Page>
	);
}
