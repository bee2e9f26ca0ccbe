// SPDX-License-Identifier: GPL-2.0-or-later
// One line that says what this report waits for.
import { useAct } from "../act";
import { part, post } from "../api";
import type { Report, ReportLaw } from "../model";
import { address } from "../route";
import { left, when } from "../time";
import { FailureNotice } from "../ui/notice";

/** The soonest term that still runs. */
function term(law: ReportLaw | null, code?: string): string {
	const clocks = (law?.clocks ?? []).filter((clock) => clock.state === "RUNNING" && clock.due && (!code || clock.code === code))
		.sort((a, b) => a.left_s - b.left_s);
	const first = clocks[0];
	return first ? `${code ? "" : `${first.name}: `}trước ${when(first.due)} (${left(first.left_s)})` : "";
}

export function nextStep(report: Report, law: ReportLaw | null): string {
	if (report.secrecy?.offline)
		return "Tin đã đưa khỏi máy; việc tiếp theo làm trên bản giấy.";
	if (report.merged_into)
		return `Tin này đã ghép vào tin ${report.merged_into}; mọi việc làm ở tin đó.`;
	if (law && !law.class)
		return ["Phân loại theo luật", term(law, "classify")].filter(Boolean).join(", ") + ".";
	if (report.state === "open")
		return "Trả lời người gửi.";
	const soonest = term(law);
	if (soonest)
		return `${soonest}.`;
	if (law && law.outcomes.length === 0)
		return "Ghi kết quả giải quyết.";
	return report.state === "closed" ? "Không còn việc gì phải làm." : "Trả lời kết quả và kết thúc.";
}

export function NextStep(props: { report: Report; law: ReportLaw | null; alarms: number }) {
	const act = useAct();
	const { report, law } = props;
	const isRinging = report.urgency === "danger" && report.state === "open" && props.alarms > 0;
	return (
		<div class={`next ${isRinging ? "alarm" : ""}`} role="status">
			<div>
				<strong>Việc tiếp theo:</strong>{" "}
				{isRinging ? "nhận báo động để máy ngừng gọi người trực tiếp theo." : nextStep(report, law)}
				{report.merged_into ? <> <a href={address("tin", report.merged_into)}>Mở tin {report.merged_into}</a></> : null}
				<FailureNotice failure={act.failure} />
			</div>
			{isRinging ? (
				<button type="button" class="danger" disabled={act.isBusy}
					onClick={() => void act.run(() => post(`/reports/${part(report.report)}/acknowledge`))}>Nhận việc</button>
			) : null}
		</div>
	);
}
