// SPDX-License-Identifier: GPL-2.0-or-later
// Who is on duty: now, each week, on holidays, and for whom somebody stands in.
import { useAct } from "../act";
import { Failure, post } from "../api";
import { useAside } from "../aside";
import { useDraft } from "../draft";
import { useLoad } from "../load";
import type { Duty, Officer } from "../model";
import { isLeader } from "../session";
import { when } from "../time";
import { Badge } from "../ui/badge";
import { ActForm, Select } from "../ui/form";
import { FailureNotice, Notice } from "../ui/notice";
import { Fold, Section } from "../ui/section";
import { Sheet } from "../ui/sheet";
import { Table } from "../ui/table";
import { DateField, dateWords, HourField } from "../ui/time";
import { officerOptions, useOfficers } from "./officers";
import { RosterEditor } from "./roster_editor";
import { dayWords, days, type RosterDone, rowsOf, type Shift, sorted } from "./shift";

const HOLIDAYS_SHOWN = 8;

export async function storeRoster(shifts: Shift[]): Promise<RosterDone> {
	const done = await post<RosterDone>("/roster", { rows: rowsOf(shifts), dry_run: false });
	const fault = done.errors[0];
	if (fault)
		throw new Failure(400, "INVALID", `Ca thứ ${fault.row}: ${fault.message_vi ?? "chưa đúng"}.`,
			"Chưa có gì thay đổi; nội dung đang nhập vẫn còn. Đề nghị sửa ca đó rồi lưu lại.", fault.message);
	return done;
}

function Now(props: { duty: Duty }) {
	const { duty } = props;
	return (
		<Section title="Đang trực">
			{duty.has_roster || duty.is_nobody ? null : <Notice tone="warning">Chưa có lịch trực; báo động gọi đến các số trực trong cấu hình.</Notice>}
			{duty.is_nobody ? <Notice tone="warning">Hiện không có ai trực.</Notice> : null}
			<ol class="plain">
				{duty.on_duty.map((post) => <li key={post.officer}>{post.name}{post.has_phone ? "" : " (chưa có số nhận báo động)"}</li>)}
			</ol>
			{duty.until ? <p class="hint">Đến {when(duty.until)}.</p> : null}
			{duty.has_roster && duty.gaps.length ? (
				<Notice tone="warning">
					Chưa có người trực:
					<ul class="plain">{duty.gaps.map((gap) => <li key={gap.from}>từ {when(gap.from)} đến {when(gap.to)}</li>)}</ul>
				</Notice>
			) : null}
		</Section>
	);
}

function Shifts(props: { shifts: Shift[]; nameOf: (login: string | null) => string }) {
	return (
		<Table caption="Các ca trực" head={["Ngày", "Giờ", "Thứ tự gọi", "Cán bộ"]}>
			{sorted(props.shifts).map((shift, i) => (
				<tr key={i}>
					<th scope="row" class="time">{dayWords(shift.day)}</th>
					<td class="time">{shift.from}–{shift.to}</td>
					<td>{shift.rank}</td>
					<td>{shift.officer ? props.nameOf(shift.officer) : "không ai"}
						{shift.instead_of ? <> <Badge tone="warning">{`thay ${props.nameOf(shift.instead_of)}`}</Badge></> : null}</td>
				</tr>
			))}
		</Table>
	);
}

/** One day otherwise than the week has it. */
function Swap(props: { shifts: Shift[]; officers: Officer[] }) {
	const act = useAct();
	const [day, setDay] = useDraft("swap-day");
	const [from, setFrom] = useDraft("swap-from", "07:00");
	const [to, setTo] = useDraft("swap-to", "07:00");
	const [officer, setOfficer] = useDraft("swap-officer");
	const [instead, setInstead] = useDraft("swap-instead");

	async function store(): Promise<void> {
		await storeRoster([...props.shifts, { day, from, to, rank: 1, officer: officer || null, instead_of: instead || null }]);
		for (const clear of [setDay, setOfficer, setInstead])
			clear("");
	}
	return (
		<ActForm act={act} label="Ghi vào lịch" name="Đổi ca, trực thêm" what={store}
			isOff={!day || !from || !to || officer === instead || (!officer && !instead)}>
			<div class="filters">
				<DateField label="Ngày" value={day} onValue={setDay} required />
				<HourField label="Từ" value={from} onValue={setFrom} />
				<HourField label="Đến" value={to} onValue={setTo} hint="Không muộn hơn giờ bắt đầu: sang hôm sau." />
				<Select label="Người trực" value={officer} onValue={setOfficer} options={officerOptions(props.officers, "Không ai")} />
				<Select label="Thay cho" value={instead} onValue={setInstead} options={officerOptions(props.officers, "Không thay ai, trực thêm")} />
			</div>
		</ActForm>
	);
}

interface Calendar {
	days: { from: string; to: string; kind: "off" | "work"; name: string; is_confirmed: boolean }[];
	last_year: number;
}

function Holidays() {
	const data = useAside<Calendar>("/calendar");
	const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
	const coming = (data?.days ?? []).filter((day) => day.to >= today).slice(0, HOLIDAYS_SHOWN);
	if (coming.length === 0)
		return null;
	return (
		<Section title="Ngày lễ, ngày làm bù sắp tới">
			<ul class="plain">
				{coming.map((day) => (
					<li key={day.from + day.kind}>{dateWords(day.from)}{day.to !== day.from ? ` đến ${dateWords(day.to)}` : ""}: {day.name}
						{day.kind === "work" ? " (làm bù)" : ""}{day.is_confirmed ? "" : ", chưa có thông báo chính thức"}</li>
				))}
			</ul>
			<p class="hint">Ngày lễ theo các ca “{days["holiday"]}” nếu có; không có thì theo ca của thứ đó.</p>
		</Section>
	);
}

export function RosterPage(props: { officer: Officer }) {
	const roster = useLoad<{ shifts: Shift[] }>("/roster");
	const duty = useAside<Duty>("/duty");
	const officers = useOfficers().data ?? [];
	const shifts = roster.data?.shifts ?? [];
	const nameOf = (login: string | null) => officers.find((one) => one.login === login)?.name ?? login ?? "không ai";
	const mayChange = isLeader(props.officer.role);
	return (
		<>
			<FailureNotice failure={roster.failure} />
			<div class="columns">
				<div>
					<Section title="Lịch trực" count={shifts.length}>
						{roster.data && shifts.length === 0 ? <p class="calm">Chưa có ca trực nào.</p> : null}
						{shifts.length ? <Shifts shifts={shifts} nameOf={nameOf} /> : null}
					</Section>
					{mayChange && roster.data ? (
						<>
							<Section title="Đổi ca, trực thay, trực thêm"><Swap shifts={shifts} officers={officers} /></Section>
							<Fold title="Sửa cả lịch"><RosterEditor shifts={shifts} officers={officers} /></Fold>
							<Fold title="Nhập lịch từ bảng tính">
								<Sheet path="/roster/import" label="Tệp CSV của lịch trực">
									<p>Các cột: ngày (T2 đến CN, lễ, hoặc 24/11/2026), từ, đến, cán bộ (tên đăng nhập); có thể thêm thứ tự, thay cho.
										Lịch trong tệp thay toàn bộ lịch đang có.</p>
								</Sheet>
							</Fold>
						</>
					) : null}
				</div>
				<div>
					{duty ? <Now duty={duty} /> : null}
					<Holidays />
				</div>
			</div>
		</>
	);
}
