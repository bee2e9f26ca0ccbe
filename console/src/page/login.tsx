// SPDX-License-Identifier: GPL-2.0-or-later
// Name, passphrase and the code of the phone; or a one-time code of the chief, and then passphrase and phone.
import { useEffect, useState } from "preact/hooks";
import { useAct } from "../act";
import { get, post } from "../api";
import type { Enrolment, LoggedIn } from "../model";
import { sessionBegin } from "../session";
import { ActForm, Field } from "../ui/form";
import { Notice } from "../ui/notice";
import { EnrolConfirm, PassphraseFields, usePassphrase } from "./enrol";

export function LoginForm(props: { login?: string }) {
	const act = useAct();
	const [login, setLogin] = useState(props.login ?? "");
	const [passphrase, setPassphrase] = useState("");
	const [totp, setTotp] = useState("");
	return (
		<ActForm act={act} label="Đăng nhập" name="Đăng nhập" what={async () => {
			const answer = await post<LoggedIn>("/login",
				{ login: login.trim(), passphrase, totp: totp.replace(/\s/g, ""), cookie: true }, true);
			setPassphrase("");
			sessionBegin(answer);
		}}>
			<Field label="Tên đăng nhập" value={login} onValue={setLogin} autocomplete="username" required
				readOnly={props.login !== undefined} autocapitalize="none" spellcheck={false} />
			<Field label="Cụm mật khẩu" type="password" value={passphrase} onValue={setPassphrase}
				autocomplete="current-password" required />
			<Field label="Mã 6 số trên điện thoại" value={totp} onValue={setTotp} inputMode="numeric"
				autocomplete="one-time-code" pattern="[0-9 ]{6,8}" required
				hint="Mỗi mã chỉ dùng được một lần; nếu vừa dùng, hãy chờ mã tiếp theo." />
		</ActForm>
	);
}

export function SecrecyNotice() {
	const [notice, setNotice] = useState("");
	useEffect(() => {
		// Without it one can log in all the same; the next page that fails tells why.
		get<{ notice: string }>("/notice").then((answer) => setNotice(answer.notice), () => {});
	}, []);
	return notice ? <Notice tone="warning">{notice}</Notice> : null;
}

function EnrolForm() {
	const act = useAct();
	const [login, setLogin] = useState("");
	const [code, setCode] = useState("");
	const passphrase = usePassphrase();
	const [begun, setBegun] = useState<Enrolment | null>(null);
	if (begun)
		return <EnrolConfirm begun={begun} onAgain={() => setBegun(null)} />;
	return (
		<ActForm act={act} label="Tiếp tục" name="Kích hoạt tài khoản" isOff={!passphrase.isGood} what={async () => {
			setBegun(await post<Enrolment>("/enrol",
				{ login: login.trim(), code: code.trim(), passphrase: passphrase.text }, true));
		}}>
			<Field label="Tên đăng nhập" value={login} onValue={setLogin} autocomplete="username" required
				autocapitalize="none" spellcheck={false} />
			<Field label="Mã kích hoạt do Trưởng Công an xã cấp" value={code} onValue={setCode} required
				autocomplete="off" autocapitalize="characters" spellcheck={false} />
			<PassphraseFields passphrase={passphrase} />
		</ActForm>
	);
}

export function LoginPage() {
	const [isEnrolling, setEnrolling] = useState(false);
	useEffect(() => {
		document.title = "Đăng nhập · Binhyen";
	}, []);
	return (
		<main class="narrow">
			<h1><span class="brand">Binhyen</span> {isEnrolling ? "Kích hoạt tài khoản" : "Đăng nhập"}</h1>
			<SecrecyNotice />
			<div class="card">
				{isEnrolling ? <EnrolForm /> : <LoginForm />}
			</div>
			<p>
				<button type="button" class="small" onClick={() => setEnrolling(!isEnrolling)}>
					{isEnrolling ? "Đã có tài khoản: đăng nhập" : "Có mã kích hoạt: đặt cụm mật khẩu và điện thoại"}
				</button>
			</p>
		</main>
	);
}
