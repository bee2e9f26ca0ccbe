// SPDX-License-Identifier: GPL-2.0-or-later
// The words in the safe: proved once a year to be the right ones; drawn anew when somebody else may have seen them.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { post } from "../api";
import { useAside } from "../aside";
import type { Officer, Status } from "../model";
import { ActForm, Area, Field } from "../ui/form";
import { Notice } from "../ui/notice";
import { Fold, Section } from "../ui/section";
import { EscrowWords } from "../page/escrow";

function CheckForm() {
	const act = useAct();
	const [words, setWords] = useState("");
	const [isRight, setRight] = useState(false);
	return (
		<>
			{isRight ? <Notice tone="good" role="status">Đúng là các từ của máy này. Cất lại vào két.</Notice> : null}
			<ActForm act={act} label="Kiểm tra" name="Kiểm tra các từ khôi phục" isOff={!words.trim()} what={async () => {
				await post("/escrow/check", { words: words.trim() });
				setWords("");
				setRight(true);
			}}>
				<Area label="Các từ trong phong bì, cách nhau bằng dấu cách" value={words} onValue={setWords} rows={3} />
			</ActForm>
		</>
	);
}

function DrawForm(props: { onDrawn: (words: string) => void }) {
	const act = useAct();
	const [passphrase, setPassphrase] = useState("");
	return (
		<ActForm act={act} label="Tạo các từ mới" tone="alarm" name="Tạo các từ khôi phục mới" isOff={!passphrase} what={async () => {
			const drawn = await post<{ words: string; more: boolean }>("/escrow", { passphrase }, true);
			setPassphrase("");
			props.onDrawn(drawn.words);
			for (let { more } = drawn; more;)
				more = (await post<{ more: boolean }>("/escrow/fill")).more;
		}}>
			<p class="hint">Các từ cũ hết giá trị. Làm khi phong bì đã bị mở, hoặc có người khác có thể đã thấy.</p>
			<Field label="Cụm mật khẩu của đồng chí" type="password" value={passphrase} onValue={setPassphrase}
				autocomplete="current-password" required />
		</ActForm>
	);
}

export function Escrow(props: { officer: Officer }) {
	const isChecked = useAside<Status>("/status")?.officers?.is_escrow_checked;
	const [words, setWords] = useState("");
	if (words)
		return <EscrowWords words={words} label="Đã cất vào két" onDone={() => setWords("")} />;
	return (
		<Section title="Các từ khôi phục trong két">
			{isChecked === false ? <Notice tone="warning">Chưa ai thử xem các từ trong két có đúng không. Một từ chép sai thì cả phong bì
				không dùng được.</Notice> : null}
			{isChecked ? <p>Đã thử: đúng.</p> : null}
			<h3>Thử các từ</h3>
			<CheckForm />
			{props.officer.role === "chief" ? <Fold title="Tạo các từ mới"><DrawForm onDrawn={setWords} /></Fold> : null}
		</Section>
	);
}
