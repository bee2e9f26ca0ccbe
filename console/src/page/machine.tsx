// SPDX-License-Identifier: GPL-2.0-or-later
// The box in words: what is wrong first, then modems, Zalo, what waits to be sent, disk and log.
import { useAct } from "../act";
import { part, post } from "../api";
import { useAside } from "../aside";
import { bytes, figure } from "../figure";
import { useLoad } from "../load";
import { Backups } from "../machine/backups";
import { Feeds } from "../machine/feeds";
import { EventLog } from "../machine/log";
import { ModemCard } from "../machine/modem";
import { Settings } from "../machine/settings";
import { ZaloCare } from "../machine/zalo";
import type { OutboxRow, Status } from "../model";
import { isMachinist } from "../session";
import { sinceSeconds, span, when } from "../time";
import { Badge } from "../ui/badge";
import { FailureNotice, Notice } from "../ui/notice";
import { Page, Section } from "../ui/section";
import { type Tab, Tabs } from "../ui/tabs";
import { channel, message, sent, zaloState } from "../words";
import type { PageProps } from "./pages";
import { Problems } from "./problems";

function Zalo(props: { zalo: NonNullable<Status["zalo"]> }) {
	const { zalo } = props;
	return (
		<Section title="Zalo">
			<p>
				<Badge tone={zalo.usable && zalo.reachable ? "good" : "alarm"}>{zalo.usable && zalo.reachable ? "Tốt" : "Cần xem"}</Badge>{" "}
				{zalo.reachable ? zaloState(zalo.state) : `không nối được với Zalo từ ${when(zalo.link.since)}`}.
				{zalo.last_poll ? ` Đọc tin lần cuối ${when(zalo.last_poll)}.` : ""}
			</p>
			{zalo.link.message_vi ? <p>{zalo.link.message_vi} {zalo.link.advice_vi}</p> : null}
			{zalo.refresh_expires_text ? <p class="hint">Phải cấp quyền lại trước ngày {zalo.refresh_expires_text}.</p> : null}
		</Section>
	);
}

function Doubt(props: { row: OutboxRow }) {
	const { row } = props;
	const act = useAct();
	const settle = (as: string) => () => void act.run(() => post(`/outbox/${part(row.id)}/settle`, { as }));
	return (
		<li class="row">
			<div>
				{message(row.kind)} qua {channel(row.channel)}, {when(row.created)}{row.report ? `, tin ${row.report}` : ""}
				<FailureNotice failure={act.failure} />
				<p class="actions">
					<button type="button" class="small" disabled={act.isBusy} onClick={settle("sent")}>Đã đến</button>
					<button type="button" class="small" disabled={act.isBusy} onClick={settle("failed")}>Không đến</button>
					<button type="button" class="small" disabled={act.isBusy} onClick={settle("again")}>Gửi lại</button>
				</p>
			</div>
		</li>
	);
}

function Outbox(props: { counts: Record<string, number>; canSettle: boolean }) {
	const { counts } = props;
	const doubt = counts["IN_DOUBT"] ?? 0;
	const rows = useAside<{ outbox: OutboxRow[] }>(doubt > 0 && props.canSettle ? "/outbox?limit=200" : null)?.outbox ?? [];
	const waiting = (counts["QUEUED"] ?? 0) + (counts["CLAIMED"] ?? 0) + (counts["SUBMITTED"] ?? 0);
	return (
		<Section title="Tin gửi đi">
			<dl class="facts">
				<div><dt>Đang chờ gửi</dt><dd>{figure(waiting)}</dd></div>
				<div><dt>Đã gửi</dt><dd>{figure((counts["SENT"] ?? 0) + (counts["DELIVERED"] ?? 0))}</dd></div>
				<div><dt>Không gửi được</dt><dd>{figure((counts["FAILED"] ?? 0) + (counts["EXPIRED"] ?? 0))}</dd></div>
				<div><dt>{sent("IN_DOUBT")}</dt><dd>{figure(doubt)}</dd></div>
			</dl>
			{rows.some((row) => row.state === "IN_DOUBT") ? (
				<>
					<p>Các tin chưa rõ đã gửi hay chưa: đề nghị hỏi người nhận rồi chọn.</p>
					<ul class="rows">{rows.filter((row) => row.state === "IN_DOUBT").map((row) => <Doubt key={row.id} row={row} />)}</ul>
				</>
			) : null}
		</Section>
	);
}

const trusts: Record<string, string> = {
	wrong: "sai, cần chỉnh",
	alone: "theo đồng hồ của máy, chưa đối chiếu",
	network: "đúng theo mạng di động",
	ntp: "đúng theo Internet",
};

function Box(props: { status: Status }) {
	const { status } = props;
	return (
		<Section title="Máy và ổ đĩa">
			<dl class="facts">
				<div><dt>Phiên bản</dt><dd>{status.version ?? "chưa rõ"}</dd></div>
				<div><dt>Đã chạy</dt><dd>{status.started ? span(sinceSeconds(status.started)) : "chưa rõ"}</dd></div>
				<div><dt>Đồng hồ</dt><dd>{trusts[status.clock?.trust ?? ""] ?? "chưa rõ"}</dd></div>
				<div><dt>Đĩa còn trống</dt><dd>{bytes(status.store.free_bytes)}</dd></div>
				<div><dt>Cơ sở dữ liệu</dt><dd>{bytes(status.store.database_bytes)}</dd></div>
				<div><dt>Nhật ký sự kiện</dt><dd>{status.audit.events === null ? "" : `${figure(status.audit.events)} dòng, `}{status.audit.faults
					? `${status.audit.faults} chỗ sai, cần kiểm tra` : "không có dấu hiệu bị sửa"}</dd></div>
				<div><dt>Tin chưa xử lý</dt><dd>{figure((status.inbox["NEW"] ?? 0) + (status.inbox["WAITING"] ?? 0))}</dd></div>
			</dl>
		</Section>
	);
}

function State(props: PageProps) {
	const { data: status, failure } = useLoad<Status>("/status");
	const role = props.officer.role;
	return (
		<>
			<FailureNotice failure={failure} />
			{status ? (
				<>
					{status.problems.length ? <Problems problems={status.problems} />
						: <Notice tone="good">Không có gì trục trặc.</Notice>}
					<div class="columns">
						<div>
							{status.modems ? (
								<Section title="Modem và SIM" count={status.modems.length}>
									{status.modems.length === 0 ? <p>Chưa cấu hình modem nào.</p> : null}
									<ul class="rows">{status.modems.map((modem) => <ModemCard key={modem.name} modem={modem} role={role} />)}</ul>
								</Section>
							) : null}
							{status.zalo ? <Zalo zalo={status.zalo} />
								: <Section title="Zalo"><p>Chưa cấu hình Zalo.</p></Section>}
							<ZaloCare role={role} isSet={Boolean(status.zalo)} />
						</div>
						<div>
							<Outbox counts={status.outbox} canSettle={isMachinist(role) || role === "duty"} />
							<Box status={status} />
							<Feeds canAsk={isMachinist(role) || role === "duty"} />
						</div>
					</div>
				</>
			) : null}
		</>
	);
}

export function MachinePage(props: PageProps) {
	const [first] = props.rest;
	const tabs: Tab[] = [
		{ at: ["may"], title: "Tình trạng" },
		...(isMachinist(props.officer.role) ? [{ at: ["may", "sao-luu"], title: "Sao lưu" }] : []),
		{ at: ["may", "cai-dat"], title: "Cài đặt" },
		{ at: ["may", "nhat-ky"], title: "Nhật ký" },
	];
	let content = <State {...props} />;
	if (first === "sao-luu" && isMachinist(props.officer.role))
		content = <Backups role={props.officer.role} />;
	else if (first === "cai-dat")
		content = <Settings />;
	else if (first === "nhat-ky")
		content = <EventLog officer={props.officer} />;
	return (
		<Page title="Máy">
			<Tabs label="Phần của trang Máy" tabs={tabs} now={first} />
			{content}
		</Page>
	);
}
