// SPDX-License-Identifier: GPL-2.0-or-later
// The terms that run from a report: until when, what ends each, and who may stop or lengthen it.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import { useDraft } from "../draft";
import type { Clock, RegimeClock, Regimes, Report, Role } from "../model";
import { left, when } from "../time";
import { ActForm, Area, Select } from "../ui/form";
import { clockEnd, clockState, role as roleName } from "../words";

type Doing = "done" | "freeze" | "thaw" | "extend";

/** The clock as the law has it for this report: of the record that was in force when the report came in. */
export function ruleOf(regimes: Regimes | null, clock: Clock, received: string): RegimeClock | undefined {
	const day = received.slice(0, 10);
	const records = regimes?.classes.find((one) => one.class === clock.class)?.records ?? [];
	const record = records.find((one) => one.from <= day && (one.to === null || day <= one.to)) ?? records[records.length - 1];
	return record?.clocks.find((one) => one.code === clock.code);
}

function words(clock: Clock): string {
	if (clock.state === "RUNNING")
		return `trước ${when(clock.due)}, ${left(clock.left_s)}`;
	if (clock.state === "FROZEN")
		return `tạm dừng từ ${when(clock.frozen)}`;
	return `${clockState(clock.state)}${clock.ended ? `, ${when(clock.ended)}` : ""}`;
}

export function ClockRow(props: { clock: Clock; rule: RegimeClock | undefined }) {
	const { clock, rule } = props;
	const isOpen = clock.state === "RUNNING" || clock.state === "FROZEN";
	return (
		<li class={clock.is_late ? "late" : ""}>
			<b>{clock.name}</b>: {words(clock)}{clock.extensions ? `, đã gia hạn ${clock.extensions} lần` : ""}
			{isOpen && rule ? <small>Xong khi {clockEnd(rule.ends)}{clock.is_watched ? "; cơ quan khác làm, xã theo dõi" : ""}.</small> : null}
			<small>{clock.source}{clock.is_confirmed ? "" : " (chưa đối chiếu văn bản)"}</small>
		</li>
	);
}

/** What this officer may do to that clock now. */
export function actsOn(clock: Clock, rule: RegimeClock | undefined, role: Role): [Doing, string][] {
	const acts: [Doing, string][] = [["done", "Đã làm xong"]];
	if (rule?.freeze.includes(role))
		acts.push(clock.state === "FROZEN" ? ["thaw", "Tính tiếp"] : ["freeze", "Tạm dừng"]);
	if (rule?.extensions.some((one) => one.by.includes(role)))
		acts.push(["extend", "Gia hạn"]);
	return acts;
}

export function ClockForm(props: { report: Report; clocks: Clock[]; regimes: Regimes; role: Role }) {
	const { report, clocks, role } = props;
	const act = useAct();
	const [code, setCode] = useState(clocks[0]?.code ?? "");
	const [doing, setDoing] = useState<string>("done");
	const [extension, setExtension] = useState("");
	const [reason, setReason] = useDraft(`clock-${report.report}`);
	const clock = clocks.find((one) => one.code === code) ?? clocks[0]!;
	const rule = ruleOf(props.regimes, clock, report.received);
	const acts = actsOn(clock, rule, role);
	const chosen = acts.find(([name]) => name === doing)?.[0] ?? "done";
	const extensions = (rule?.extensions ?? []).filter((one) => one.by.includes(role));
	const isAlone = acts.length === 1;
	const leaders = [...new Set([...(rule?.freeze ?? []), ...(rule?.extensions ?? []).flatMap((one) => one.by)])];
	return (
		<ActForm act={act} label="Ghi" name="Thời hạn" isOff={!reason.trim()} onDone={() => setReason("")}
			what={() => post(`/reports/${part(report.report)}/clock`, {
				clock: clock.code, do: chosen, reason: reason.trim(),
				...(chosen === "extend" && extension ? { extension } : {}),
			})}>
			<Select label="Thời hạn" value={clock.code} onValue={setCode}
				options={clocks.map((one): [string, string] => [one.code, one.name])} />
			<Select label="Việc" value={chosen} onValue={setDoing} options={acts} hint={isAlone && leaders.length
				? `Tạm dừng, gia hạn: ${leaders.map(roleName).join(", ")}.` : isAlone ? "Luật không cho tạm dừng hay gia hạn thời hạn này." : ""} />
			{chosen === "extend" ? (
				<Select label="Gia hạn theo" value={extension} onValue={setExtension} options={[["", "Lần gia hạn kế tiếp theo luật"],
					...extensions.map((one): [string, string] => [one.code, `${one.name} (${one.granted_by})`])]} />
			) : null}
			<Area label="Lý do" value={reason} onValue={setReason} rows={2} maxLength={2000} required />
		</ActForm>
	);
}
