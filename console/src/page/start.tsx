// SPDX-License-Identifier: GPL-2.0-or-later
// The rest of the first start, once there is a chief. What is done the box itself knows, so whoever comes back goes on
// where it stopped; a step that is passed over stays here for later.
import { useRef } from "preact/hooks";
import { useDraft } from "../draft";
import { useLoad } from "../load";
import { isModemWell, ModemCard } from "../machine/modem";
import { ZaloLogin } from "../machine/zalo";
import type { Officer, Status } from "../model";
import { Escrow } from "../office/escrow";
import { usePlaces } from "../people/places";
import { address, go } from "../route";
import { Hamlets } from "../start/hamlets";
import { Poster } from "../start/poster";
import { Badge } from "../ui/badge";
import { FailureNotice, Notice } from "../ui/notice";
import { Page, Section } from "../ui/section";
import { zaloState } from "../words";
import type { PageProps } from "./pages";

interface Step {
	path: string;
	title: string;
	isDone: boolean;
}

function Modems(props: { status: Status; officer: Officer }) {
	const modems = props.status.modems ?? [];
	return (
		<>
			<p>Máy thấy SIM nào có sóng thì nhận và gửi được ngay. Thử thêm: hỏi số dư, rồi từ điện thoại khác nhắn một tin đến số SIM; tin
				hiện ở trang <a href={address("tin")}>Tin báo</a> và có giấy báo nhận gửi lại.</p>
			{modems.length === 0 ? <Notice tone="warning">Chưa cấu hình modem nào. Cán bộ tin học chạy <code>binhyenctl doctor</code> trên máy
				để biết modem nào đang cắm, ghi vào tệp cấu hình rồi khởi động lại.</Notice> : null}
			<ul class="rows">{modems.map((modem) => <ModemCard key={modem.name} modem={modem} role={props.officer.role} />)}</ul>
		</>
	);
}

function ZaloStep(props: { status: Status }) {
	const { zalo } = props.status;
	if (!zalo)
		return <Notice tone="plain">Chưa cấu hình Zalo OA. Cán bộ tin học ghi mã OA và mã ứng dụng vào tệp cấu hình; không có Zalo thì máy
			vẫn nhận tin và gửi bản tin bằng SMS.</Notice>;
	return (
		<>
			<p>Tài khoản OA: <Badge tone={zalo.usable ? "good" : "warning"}>{zaloState(zalo.state)}</Badge></p>
			<ZaloLogin />
		</>
	);
}

export function StartPage(props: PageProps) {
	const { officer } = props;
	const { data: status, failure } = useLoad<Status>("/status");
	const places = usePlaces();
	const [passed, setPassed] = useDraft("start-passed");
	const isPassed = (path: string) => passed.split(" ").includes(path);
	const asked = props.rest[0];
	const at = useRef(""); // where he is does not move under him when a step is done
	if (!status || !places.data)
		return <Page title="Thiết lập"><FailureNotice failure={failure ?? places.failure} /></Page>;
	const steps: Step[] = [
		{ path: "ket", title: "Thử các từ khôi phục", isDone: status.officers?.is_escrow_checked ?? false },
		{ path: "dia-ban", title: "Địa bàn", isDone: places.data.some((place) => place.kind === "hamlet") },
		{ path: "modem", title: "Thử modem", isDone: (status.modems ?? []).some(isModemWell) },
		{ path: "zalo", title: "Zalo", isDone: status.zalo?.usable ?? false },
		{ path: "ap-phich", title: "Áp phích", isDone: isPassed("ap-phich") },
	];
	const open = steps.find((step) => !step.isDone && !isPassed(step.path));
	const now = steps.find((step) => step.path === (asked ?? at.current)) ?? open ?? steps[steps.length - 1]!;
	at.current = now.path;
	const next = steps[steps.indexOf(now) + 1];
	const leave = () => {
		if (!now.isDone && !isPassed(now.path))
			setPassed(`${passed} ${now.path}`.trim());
		if (next)
			go("thiet-lap", next.path);
		else
			go("hom-nay");
	};
	return (
		<Page title="Thiết lập">
			<ol class="steps no-print" aria-label="Các bước thiết lập">
				<li>Tài khoản Trưởng Công an xã <span class="done">xong</span></li>
				{steps.map((step) => (
					<li key={step.path}>
						<a href={address("thiet-lap", step.path)} aria-current={step === now ? "step" : undefined}>{step.title}</a>{" "}
						{step.isDone ? <span class="done">xong</span> : isPassed(step.path) ? <span>để sau</span> : null}
					</li>
				))}
			</ol>
			{now.path === "ket" ? <Escrow officer={officer} /> : (
				<Section title={now.title}>
					{now.path === "dia-ban" ? <Hamlets /> : null}
					{now.path === "modem" ? <Modems status={status} officer={officer} /> : null}
					{now.path === "zalo" ? <ZaloStep status={status} /> : null}
					{now.path === "ap-phich" ? <Poster /> : null}
				</Section>
			)}
			<p class="actions no-print wizard">
				<button type="button" class={now.isDone || now.path === "ap-phich" ? "primary" : ""} onClick={leave}>
					{next ? now.isDone ? `Tiếp: ${next.title}` : `Để sau, sang: ${next.title}` : "Xong, vào trang làm việc"}
				</button>
			</p>
			{next ? null : <p class="hint no-print">Còn lại: thêm <a href={address("can-bo")}>cán bộ</a> và <a
				href={address("can-bo", "lich-truc")}>lịch trực</a>. Các bước này lúc nào cũng mở lại được ở trang Thiết lập.</p>}
		</Page>
	);
}
