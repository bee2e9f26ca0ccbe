// SPDX-License-Identifier: GPL-2.0-or-later
// The first start: the one-time code of the box makes the first officer, who is chief.
import { useEffect, useState } from "preact/hooks";
import { useAct } from "../act";
import { post } from "../api";
import type { Enrolment } from "../model";
import { ActForm, Field } from "../ui/form";
import { EnrolConfirm, PassphraseFields, usePassphrase } from "./enrol";
import { SecrecyNotice } from "./login";

export function SetupPage() {
	const act = useAct();
	const [code, setCode] = useState("");
	const [login, setLogin] = useState("");
	const [name, setName] = useState("");
	const passphrase = usePassphrase();
	const [begun, setBegun] = useState<Enrolment | null>(null);
	useEffect(() => {
		document.title = "Thiết lập lần đầu · Binhyen";
	}, []);
	return (
		<main class="narrow">
			<h1><span class="brand">Binhyen</span> Thiết lập lần đầu</h1>
			<SecrecyNotice />
			<ol class="steps" aria-label="Các bước">
				<li aria-current={begun ? undefined : "step"}>Tài khoản Trưởng Công an xã</li>
				<li aria-current={begun ? "step" : undefined}>Điện thoại tạo mã</li>
				<li>In các từ khôi phục</li>
				<li>Địa bàn, modem, Zalo, áp phích</li>
			</ol>
			<div class="card">
				{begun ? <EnrolConfirm begun={begun} onAgain={() => setBegun(null)} /> : (
					<ActForm act={act} label="Tiếp tục" name="Tài khoản Trưởng Công an xã" isOff={!passphrase.isGood}
						what={async () => {
							setBegun(await post<Enrolment>("/setup",
								{ code: code.trim(), login: login.trim(), name: name.trim(), passphrase: passphrase.text }));
						}}>
						<Field label="Mã thiết lập" value={code} onValue={setCode} required autocomplete="off"
							autocapitalize="characters" spellcheck={false}
							hint="Cán bộ tin học lấy mã trên máy Binhyen bằng lệnh: binhyenctl setup-code. Mã chỉ dùng một lần." />
						<Field label="Họ tên, chức vụ" value={name} onValue={setName} required autocomplete="name" />
						<Field label="Tên đăng nhập" value={login} onValue={setLogin} required autocomplete="username"
							autocapitalize="none" spellcheck={false} hint="Chữ thường không dấu, số và dấu chấm, ví dụ: truong.ca" />
						<PassphraseFields passphrase={passphrase} />
					</ActForm>
				)}
			</div>
		</main>
	);
}
