// SPDX-License-Identifier: GPL-2.0-or-later
// The words for the safe: said once, and only here.
import { useEffect, useState } from "preact/hooks";
import { go } from "../route";
import { sessionEscrowDone } from "../session";
import { Check } from "../ui/form";
import { Notice } from "../ui/notice";

export function EscrowPage(props: { words: string }) {
	useEffect(() => {
		document.title = "Các từ khôi phục · Binhyen";
	}, []);
	return (
		<main class="narrow">
			<h1>Các từ khôi phục của máy Binhyen</h1>
			<EscrowWords words={props.words} label="Tiếp tục thiết lập" onDone={() => {
				go("thiet-lap");
				sessionEscrowDone();
			}} />
		</main>
	);
}

export function EscrowWords(props: { words: string; label: string; onDone: () => void }) {
	const [isOnPaper, setOnPaper] = useState(false);
	useEffect(() => {
		const ask = (event: BeforeUnloadEvent) => event.preventDefault();
		addEventListener("beforeunload", ask);
		return () => removeEventListener("beforeunload", ask);
	}, []);
	return (
		<>
			<Notice tone="alarm">
				<strong>Chỉ hiện một lần, tại đây.</strong> In ra hoặc chép tay, cho vào phong bì niêm phong, cất trong két.
				Không chụp ảnh, không lưu vào máy tính.
			</Notice>
			<p>
				Khi mất hết cụm mật khẩu của Trưởng, Phó Công an xã, các từ này là cách duy nhất để đọc lại tin đã nhận.
			</p>
			<ol class="escrow" aria-label="Các từ khôi phục">
				{props.words.split(/\s+/).filter(Boolean).map((word, i) => <li key={i}>{word}</li>)}
			</ol>
			<p class="no-print"><button type="button" onClick={() => print()}>In trang này</button></p>
			<div class="no-print">
				<Check label="Tôi đã in hoặc chép đủ các từ và đã cất vào két" isOn={isOnPaper} onValue={setOnPaper} />
				<button type="button" class="primary" disabled={!isOnPaper} onClick={props.onDone}>{props.label}</button>
			</div>
		</>
	);
}
