// SPDX-License-Identifier: GPL-2.0-or-later
// One's own account: passphrase, the phone that shows codes, where one is logged in.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import { useLoad } from "../load";
import { CertificateSection } from "../machine/certificate";
import type { Enrolment, Session } from "../model";
import { sessionForget } from "../session";
import { span } from "../time";
import { ActForm, Field } from "../ui/form";
import { FailureNotice, Notice } from "../ui/notice";
import { Page, Section } from "../ui/section";
import { role } from "../words";
import { EnrolConfirm, PassphraseFields, usePassphrase } from "./enrol";
import type { PageProps } from "./pages";

function PassphraseForm() {
	const act = useAct();
	const [old, setOld] = useState("");
	const next = usePassphrase();
	return (
		<Section title="Đổi cụm mật khẩu">
			<ActForm act={act} label="Đổi cụm mật khẩu" name="Đổi cụm mật khẩu" isOff={!next.isGood || !old}
				what={() => post("/me/passphrase", { passphrase: old, new: next.text }, true)} onDone={sessionForget}>
				<p class="hint">Đổi xong thì mọi phiên đều hết; hãy đăng nhập lại bằng cụm mới.</p>
				<Field label="Cụm mật khẩu đang dùng" type="password" value={old} onValue={setOld}
					autocomplete="current-password" required />
				<PassphraseFields passphrase={next} />
			</ActForm>
		</Section>
	);
}

function PhoneForm() {
	const act = useAct();
	const [passphrase, setPassphrase] = useState("");
	const [begun, setBegun] = useState<Enrolment | null>(null);
	const [isDone, setDone] = useState(false);
	return (
		<Section title="Đổi điện thoại tạo mã">
			{isDone ? <Notice tone="good" role="status">Đã đổi. Điện thoại cũ không còn dùng được.</Notice> : null}
			{begun ? <EnrolConfirm begun={begun} onAgain={() => setBegun(null)} onDone={() => {
				setBegun(null);
				setDone(true);
			}} /> : (
				<ActForm act={act} label="Tiếp tục" name="Đổi điện thoại tạo mã" isOff={!passphrase} what={async () => {
					setBegun(await post<Enrolment>("/me/totp", { passphrase }, true));
					setPassphrase("");
				}}>
					<Field label="Cụm mật khẩu đang dùng" type="password" value={passphrase} onValue={setPassphrase}
						autocomplete="current-password" required />
				</ActForm>
			)}
		</Section>
	);
}

function SessionRow(props: { session: Session }) {
	const { session } = props;
	const act = useAct();
	return (
		<li class="row">
			<div>
				<strong>{session.is_own ? "Phiên này" : session.by === "cookie" ? "Trình duyệt khác" : "Dòng lệnh"}</strong> từ {session.peer}
				<p class="hint">Đăng nhập {span(session.age_s)} trước, dùng lần cuối {span(session.idle_s)} trước; tự hết sau {span(session.left_s)}.</p>
				<FailureNotice failure={act.failure} />
			</div>
			{session.is_own ? null : <button type="button" class="small" disabled={act.isBusy}
				onClick={() => void act.run(() => post(`/me/sessions/${part(session.id)}/end`))}>Kết thúc</button>}
		</li>
	);
}

export function MePage(props: PageProps) {
	const { officer } = props;
	const sessions = useLoad<{ sessions: Session[] }>("/me/sessions");
	return (
		<Page title="Tài khoản">
			<p>
				<b>{officer.name}</b> ({officer.login}), {role(officer.role)}
				{officer.places.length ? `, địa bàn: ${officer.places.join(", ")}` : ""}.
			</p>
			<div class="columns">
				<div>
					<Section title="Đang đăng nhập ở đâu">
						<FailureNotice failure={sessions.failure} />
						<ul class="rows">{(sessions.data?.sessions ?? []).map((one) => <SessionRow key={one.id} session={one} />)}</ul>
					</Section>
					<CertificateSection />
				</div>
				<div>
					<PassphraseForm />
					<PhoneForm />
				</div>
			</div>
		</Page>
	);
}
