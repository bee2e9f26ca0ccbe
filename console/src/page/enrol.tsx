// SPDX-License-Identifier: GPL-2.0-or-later
// What the first start, a new officer and a new phone have in common: a passphrase, and a phone that shows its code.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { post } from "../api";
import type { Enrolment, LoggedIn } from "../model";
import { sessionBegin } from "../session";
import { ActForm, Field } from "../ui/form";
import { QrCode } from "../ui/qr";

export const PASSPHRASE_MIN = 12; // characters; what else it must be the box decides

export interface Passphrase {
	text: string;
	setText: (text: string) => void;
	again: string;
	setAgain: (text: string) => void;
	isGood: boolean;
}

export function usePassphrase(): Passphrase {
	const [text, setText] = useState("");
	const [again, setAgain] = useState("");
	return { text, setText, again, setAgain, isGood: [...text].length >= PASSPHRASE_MIN && text === again };
}

export function PassphraseFields(props: { passphrase: Passphrase }) {
	const { text, setText, again, setAgain } = props.passphrase;
	const length = [...text].length;
	let hint = `Ít nhất ${PASSPHRASE_MIN} ký tự; bốn từ không liên quan với nhau thì dễ nhớ mà khó đoán.`;
	if (length > 0 && length < PASSPHRASE_MIN)
		hint = `Còn thiếu ${PASSPHRASE_MIN - length} ký tự.`;
	return (
		<>
			<Field label="Cụm mật khẩu mới" type="password" value={text} onValue={setText} autocomplete="new-password"
				required hint={hint} />
			<Field label="Nhập lại cụm mật khẩu" type="password" value={again} onValue={setAgain}
				autocomplete="new-password" required hint={again && again !== text ? "Hai lần nhập chưa giống nhau." : ""} />
		</>
	);
}

/** The secret in groups of four, for who cannot scan. */
function secretOf(otpauth: string): string {
	const secret = new URLSearchParams(otpauth.split("?")[1] ?? "").get("secret") ?? "";
	return secret.replace(/(.{4})(?=.)/g, "$1 ");
}

export function EnrolConfirm(props: { begun: Enrolment; onAgain: () => void; onDone?: () => void }) {
	const act = useAct();
	const [totp, setTotp] = useState("");
	return (
		<>
			<p>
				Mở ứng dụng tạo mã (Google Authenticator, FreeOTP, Aegis…) trên điện thoại, chọn <b>Quét mã QR</b>, quét mã
				dưới đây, rồi nhập mã 6 số mà ứng dụng hiện ra. Mã QR chỉ hiện một lần này.
			</p>
			<QrCode text={props.begun.otpauth} label="Mã QR để quét bằng ứng dụng tạo mã" />
			<details>
				<summary>Không quét được: nhập bằng tay</summary>
				<p>Khoá: <code class="secret">{secretOf(props.begun.otpauth)}</code></p>
			</details>
			<ActForm act={act} label="Xác nhận" name="Xác nhận điện thoại" what={async () => {
				const answer = await post<LoggedIn>("/enrol/confirm",
					{ enrolment: props.begun.enrolment, totp: totp.replace(/\s/g, ""), cookie: true }, true);
				props.onDone?.();
				sessionBegin(answer);
			}}>
				<Field label="Mã 6 số trên điện thoại" value={totp} onValue={setTotp} inputMode="numeric"
					autocomplete="one-time-code" pattern="[0-9 ]{6,8}" required />
			</ActForm>
			<p><button type="button" class="small" onClick={props.onAgain}>Làm lại từ đầu</button></p>
		</>
	);
}
