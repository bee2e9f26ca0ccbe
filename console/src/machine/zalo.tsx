// SPDX-License-Identifier: GPL-2.0-or-later
// The Zalo account: an administrator's consent, a token pair from elsewhere, what the account can do, and the times of
// which Zalo tells nothing more.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post, postFar } from "../api";
import { useAside } from "../aside";
import type { Role } from "../model";
import { isMachinist } from "../session";
import { when } from "../time";
import { ActForm, Area, Field } from "../ui/form";
import { FailureNotice, Notice } from "../ui/notice";
import { Fold, Section } from "../ui/section";

/** Two steps: the address where he consents, and what his browser shows afterwards. */
export function ZaloLogin(props: { onDone?: () => void }) {
	const asking = useAct();
	const storing = useAct();
	const [url, setUrl] = useState("");
	const [pasted, setPasted] = useState("");
	const [isDone, setDone] = useState(false);
	return (
		<>
			{isDone ? <Notice tone="good" role="status">Đã lưu. Máy bắt đầu đọc tin Zalo trong ít phút.</Notice> : null}
			<p>1. Mở trang cấp quyền bằng tài khoản Zalo là quản trị viên của OA, rồi bấm đồng ý.</p>
			<FailureNotice failure={asking.failure} />
			{url ? <p><a href={url} target="_blank" rel="noreferrer noopener">Mở trang cấp quyền của Zalo</a></p> : (
				<p><button type="button" disabled={asking.isBusy} onClick={() => void asking.run(async () =>
					setUrl((await post<{ url: string }>("/zalo/login")).url))}>Lấy đường dẫn cấp quyền</button></p>
			)}
			<ActForm act={storing} label="Lưu quyền" name="Lưu quyền Zalo" isOff={!pasted.trim()} what={async () => {
				await postFar("/zalo/login/code", { pasted: pasted.trim() });
				setPasted("");
				setUrl("");
				setDone(true);
				props.onDone?.();
			}}>
				<Area label="2. Sau khi đồng ý, chép cả dòng địa chỉ của trang hiện ra và dán vào đây" rows={2} value={pasted}
					onValue={setPasted} />
			</ActForm>
		</>
	);
}

function TokenForm() {
	const act = useAct();
	const [access, setAccess] = useState("");
	const [refresh, setRefresh] = useState("");
	return (
		<ActForm act={act} label="Lưu mã" name="Lưu mã truy cập Zalo" isOff={!access.trim() || !refresh.trim()} what={async () => {
			await post("/zalo/token", { access_token: access.trim(), refresh_token: refresh.trim() });
			setAccess("");
			setRefresh("");
		}}>
			<Field label="Access token" type="password" value={access} onValue={setAccess} autocomplete="off" />
			<Field label="Refresh token" type="password" value={refresh} onValue={setRefresh} autocomplete="off" />
		</ActForm>
	);
}

interface Check {
	check: string;
	level: "ok" | "note" | "warning" | "alarm";
	message_vi: string;
	advice_vi: string;
}

function Doctor() {
	const act = useAct();
	const [found, setFound] = useState<Check[] | null>(null);
	return (
		<>
			<FailureNotice failure={act.failure} />
			<p><button type="button" disabled={act.isBusy} onClick={() => void act.run(async () =>
				setFound((await postFar<{ findings: Check[] }>("/zalo/doctor")).findings))}>Kiểm tra tài khoản OA</button></p>
			{found ? (
				<ul class="rows">
					{found.map((one) => (
						<li key={one.check} class={`row ${one.level === "alarm" ? "alarm" : one.level === "warning" ? "warning" : ""}`}>
							<div>{one.message_vi}{one.advice_vi ? <small>{one.advice_vi}</small> : null}</div>
						</li>
					))}
				</ul>
			) : null}
		</>
	);
}

interface Gap {
	id: number;
	list: "users" | "groups";
	from: string;
	to: string;
	seen: string | null;
	seen_by: string | null;
}

function Gaps(props: { canSettle: boolean }) {
	const gaps = useAside<{ gaps: Gap[] }>("/zalo/gaps?limit=30")?.gaps ?? [];
	const act = useAct();
	if (gaps.length === 0)
		return null;
	return (
		<Section title="Khoảng thời gian có thể sót tin Zalo" count={gaps.filter((gap) => !gap.seen).length}>
			<p class="hint">Zalo không còn cho đọc lại tin của những khoảng này. Đề nghị mở hộp thư của OA để xem.</p>
			<FailureNotice failure={act.failure} />
			<ul class="rows">
				{gaps.map((gap) => (
					<li key={gap.id} class={`row ${gap.seen ? "" : "warning"}`}>
						<div>Từ {when(gap.from)} đến {when(gap.to)}{gap.list === "groups" ? " (nhóm)" : ""}
							{gap.seen ? <small>{gap.seen_by} đã xem {when(gap.seen)}</small> : null}</div>
						{!gap.seen && props.canSettle ? <button type="button" class="small" disabled={act.isBusy} onClick={() => void act.run(() =>
							post(`/zalo/gaps/${part(gap.id)}/seen`))}>Đã xem hộp thư</button> : null}
					</li>
				))}
			</ul>
		</Section>
	);
}

export function ZaloCare(props: { role: Role; isSet: boolean }) {
	const { role } = props;
	return (
		<>
			<Gaps canSettle={isMachinist(role) || role === "duty"} />
			{isMachinist(role) && props.isSet ? (
				<>
					<Fold title="Cấp quyền Zalo"><ZaloLogin /></Fold>
					<Fold title="Đã có mã truy cập (cán bộ tin học)"><TokenForm /></Fold>
					<Section title="Kiểm tra Zalo"><Doctor /></Section>
				</>
			) : null}
		</>
	);
}
