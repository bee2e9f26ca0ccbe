// SPDX-License-Identifier: GPL-2.0-or-later
// What needs somebody now: alarms that ring, open reports from the most dangerous and oldest on, terms that end, what
// is broken, who is on duty. Whatever is well is not mentioned, but for one line that says so.
import { useAct } from "../act";
import { part, post } from "../api";
import { useLoad } from "../load";
import type { Alarm, Clock, Duty, Problem, ReportRow, Status } from "../model";
import { address } from "../route";
import { isHandler, isReader } from "../session";
import { left, sinceSeconds, span, when } from "../time";
import { UrgencyBadge } from "../ui/badge";
import { FailureNotice, Notice } from "../ui/notice";
import { Page, Section } from "../ui/section";
import { category, source } from "../words";
import type { PageProps } from "./pages";
import { isSevere, Problems } from "./problems";

const OPEN_SHOWN = 30;
const rank = { danger: 0, urgent: 1, normal: 2 };

/** The most dangerous first, then who has waited longest. */
export function byNeed(a: ReportRow, b: ReportRow): number {
	return rank[a.urgency] - rank[b.urgency] || Date.parse(a.received) - Date.parse(b.received);
}

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

function Alarms() {
	const { data, failure } = useLoad<{ alarms: Alarm[] }>("/duty/alarms?limit=20");
	const alarms = (data?.alarms ?? []).filter((alarm) => alarm.state !== "TAKEN");
	if (failure && !data)
		return <FailureNotice failure={failure} />;
	if (alarms.length === 0)
		return null;
	return (
		<Section title="Báo động" count={alarms.length} class="alarm">
			<ul class="rows">{alarms.map((alarm) => <AlarmRow key={alarm.id} alarm={alarm} />)}</ul>
		</Section>
	);
}

function OpenReports() {
	const { data, failure } = useLoad<{ reports: ReportRow[] }>("/reports?limit=200");
	const open = (data?.reports ?? []).filter((row) => row.state === "open" && !row.is_merged).sort(byNeed);
	return (
		<Section title="Tin chưa trả lời" count={open.length}>
			<FailureNotice failure={failure} />
			{data && open.length === 0 ? <p class="calm">Không còn tin nào chờ trả lời.</p> : null}
			<ul class="rows">
				{open.slice(0, OPEN_SHOWN).map((row) => (
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
			{open.length > OPEN_SHOWN ? <p><a href={address("tin")}>Xem tất cả trong Tin báo</a></p> : null}
		</Section>
	);
}

function Clocks() {
	const { data, failure } = useLoad<{ clocks: Clock[] }>("/clocks?days=2&limit=30");
	const clocks = data?.clocks ?? [];
	return (
		<Section title="Trễ hạn và sắp đến hạn" count={clocks.length}>
			<FailureNotice failure={failure} />
			{data && clocks.length === 0 ? <p class="calm">Không có việc nào trễ hoặc đến hạn trong 2 ngày tới.</p> : null}
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

function OnDuty(props: { duty: Duty }) {
	const { duty } = props;
	const gap = duty.gaps[0];
	return (
		<Section title="Đang trực">
			{!duty.has_roster ? <p>Chưa có lịch trực; báo động gọi đến các số trực trong cấu hình.</p> : null}
			{duty.has_roster && duty.on_duty.length === 0
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
	const status = useLoad<Status>("/status");
	const role = props.officer.role;
	const problems = status.data?.problems ?? [];
	return (
		<Page title="Hôm nay">
			<FailureNotice failure={status.failure} />
			{isHandler(role) ? <Alarms /> : null}
			<Problems problems={problems.filter(isSevere)} title="Trục trặc nghiêm trọng" />
			<div class="columns">
				<div>{isReader(role) ? <OpenReports /> : null}</div>
				<div>
					{isReader(role) ? <Clocks /> : null}
					<Problems problems={problems.filter((problem) => !isSevere(problem))} title="Cần xem lại" />
					{status.data ? <OnDuty duty={status.data.duty} /> : null}
					{status.data ? <AllWell problems={status.data.problems} /> : null}
				</div>
			</div>
		</Page>
	);
}
