// SPDX-License-Identifier: GPL-2.0-or-later
// One modem and its SIM in words, and what may be done about them.
import { useAct } from "../act";
import { part, post } from "../api";
import { dong, figure } from "../figure";
import { Journal, Probe } from "./probe";
import type { Modem, Role } from "../model";
import { isMachinist } from "../session";
import { when } from "../time";
import { Badge } from "../ui/badge";
import { FailureNotice, Notice } from "../ui/notice";
import { network, phase } from "../words";

function modemWords(modem: Modem): string {
	if (modem.phase === "ready" && modem.network === "home")
		return `có sóng${modem.signal === null || modem.signal === undefined ? "" : `, ${modem.signal} %`}`;
	if (modem.phase === "ready")
		return network(modem.network ?? "unknown");
	return modem.last_good ? `${phase(modem.phase)}, chạy tốt lần cuối ${when(modem.last_good)}` : phase(modem.phase);
}

/** It receives and sends. */
export function isModemWell(modem: Modem): boolean {
	return modem.phase === "ready" && (modem.network === "home" || modem.network === "roaming");
}

export function ModemCard(props: { modem: Modem; role: Role }) {
	const { modem, role } = props;
	const act = useAct();
	const isWell = isModemWell(modem);
	return (
		<li class="row">
			<div>
				<strong>{modem.name}</strong> <Badge tone={isWell ? "good" : "alarm"}>{isWell ? "Tốt" : "Cần xem"}</Badge>
				<p>
					{modemWords(modem)}. Thẻ SIM chứa {figure(modem.sim_used ?? 0)}/{figure(modem.sim_size ?? 0)} tin. Từ lúc khởi
					động: nhận {figure(modem.received ?? 0)}, gửi {figure(modem.sent ?? 0)}.
					{modem.balance === null || modem.balance === undefined ? "" : ` Tài khoản còn ${dong(modem.balance)}.`}
				</p>
				{modem.swapped ? (
					<Notice tone="warning">
						SIM hoặc thiết bị khác trước.{" "}
						{isMachinist(role) ? <button type="button" class="small" disabled={act.isBusy} onClick={() =>
							void act.run(() => post(`/modems/${part(modem.name)}/accept`))}>Xác nhận đúng SIM, đúng thiết bị</button> : null}
					</Notice>
				) : null}
				{modem.last_error ? <p class="hint">Lỗi gần nhất: <code lang="en">{modem.last_error}</code></p> : null}
				<FailureNotice failure={act.failure} />
				{isMachinist(role) ? (
					<details>
						<summary>Thử SIM, xem modem nói gì</summary>
						<Probe modem={modem} />
						<Journal modem={modem} />
					</details>
				) : null}
			</div>
		</li>
	);
}
