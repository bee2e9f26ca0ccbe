// SPDX-License-Identifier: GPL-2.0-or-later
// The whole roster as a table to change. It is stored whole or not at all; what is being changed is kept as a draft.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { useDraft } from "../draft";
import type { Officer } from "../model";
import { when } from "../time";
import { ActForm, Select } from "../ui/form";
import { Notice } from "../ui/notice";
import { DateField, HourField } from "../ui/time";
import { officerOptions } from "./officers";
import { storeRoster } from "./roster";
import { dayWords, days, type RosterDone, type Shift, sorted } from "./shift";

const RANKS = 5;
const dayOptions = [...Object.entries(days), ["date", "Một ngày nhất định"]] as [string, string][];

function ShiftFields(props: { shift: Shift; at: number; officers: Officer[]; onShift: (shift: Shift) => void; onRemove: () => void }) {
	const { shift, onShift } = props;
	const isDate = !(shift.day in days);
	return (
		<fieldset>
			<legend>Ca {props.at + 1}{shift.day ? `: ${dayWords(shift.day)}` : ""}</legend>
			<div class="filters">
				<Select label="Ngày" value={isDate ? "date" : shift.day} options={dayOptions} onValue={(day) =>
					onShift({ ...shift, day: day === "date" ? "" : day, instead_of: day === "date" ? shift.instead_of : null })} />
				{isDate ? <DateField label="Ngày nào" value={shift.day} required onValue={(day) => onShift({ ...shift, day })} /> : null}
				<HourField label="Từ" value={shift.from} onValue={(from) => onShift({ ...shift, from })} />
				<HourField label="Đến" value={shift.to} onValue={(to) => onShift({ ...shift, to })} />
				<Select label="Thứ tự gọi" value={String(shift.rank)} onValue={(rank) => onShift({ ...shift, rank: Number(rank) })}
					options={Array.from({ length: Math.max(RANKS, shift.rank) }, (_, i): [string, string] => [String(i + 1), String(i + 1)])} />
				<Select label="Cán bộ" value={shift.officer ?? ""} onValue={(login) => onShift({ ...shift, officer: login || null })}
					options={officerOptions(props.officers, shift.instead_of ? "Không ai" : "Chọn…")} />
				{isDate ? <Select label="Thay cho" value={shift.instead_of ?? ""} options={officerOptions(props.officers, "Không thay ai")}
					onValue={(login) => onShift({ ...shift, instead_of: login || null })} /> : null}
			</div>
			<button type="button" class="small" onClick={props.onRemove}>Bỏ ca {props.at + 1}</button>
		</fieldset>
	);
}

function parse(text: string): { base: string; shifts: Shift[] } | null {
	try {
		return text ? JSON.parse(text) : null;
	} catch {
		return null;
	}
}

export function RosterEditor(props: { shifts: Shift[]; officers: Officer[] }) {
	const act = useAct();
	const [draft, setDraft] = useDraft("roster");
	const [done, setDone] = useState<RosterDone | null>(null);
	const now = JSON.stringify(sorted(props.shifts));
	const begun = parse(draft);
	const shifts = begun?.shifts ?? sorted(props.shifts);
	const change = (next: Shift[]) => {
		setDone(null);
		setDraft(JSON.stringify({ base: begun?.base ?? now, shifts: next }));
	};
	const isWhole = shifts.every((shift) => shift.day && shift.from && shift.to && (shift.officer || shift.instead_of));
	const added: Shift = { ...(shifts[shifts.length - 1] ?? { day: "mon", from: "07:00", to: "07:00", rank: 1, instead_of: null }),
		officer: null };

	async function store(): Promise<void> {
		setDone(await storeRoster(shifts));
		setDraft("");
	}
	return (
		<ActForm act={act} label="Lưu lịch" name="Sửa cả lịch trực" isOff={!begun || !isWhole} what={store}>
			{begun && begun.base !== now ? (
				<Notice tone="warning" role="status">
					Người khác vừa đổi lịch trực; lưu tiếp sẽ thay lịch đó. <button type="button" class="small"
						onClick={() => setDraft("")}>Bỏ bản đang sửa, lấy lịch mới</button>
				</Notice>
			) : null}
			{done ? (
				<Notice tone={done.gaps.length ? "warning" : "good"} role="status">
					Đã lưu. {done.gaps[0] ? `Chưa có người trực từ ${when(done.gaps[0].from)} đến ${when(done.gaps[0].to)}.` : ""}
				</Notice>
			) : null}
			{shifts.map((shift, at) => (
				<ShiftFields key={at} shift={shift} at={at} officers={props.officers}
					onShift={(next) => change(shifts.map((one, i) => (i === at ? next : one)))}
					onRemove={() => change(shifts.filter((_, i) => i !== at))} />
			))}
			<p class="actions"><button type="button" onClick={() => change([...shifts, added])}>Thêm ca</button></p>
		</ActForm>
	);
}
