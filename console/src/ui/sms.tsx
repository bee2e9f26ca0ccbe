// SPDX-License-Identifier: GPL-2.0-or-later
// What a text will be by SMS, while it is written.
import { useEffect, useState } from "preact/hooks";
import { post } from "../api";
import { figure } from "../figure";
import type { SmsPreview } from "../model";

const PREVIEW_MS = 400; // after the last key

export function useSmsPreview(text: string, isSms: boolean, lane: "answer" | "bulletin"): SmsPreview | null {
	const [preview, setPreview] = useState<SmsPreview | null>(null);
	useEffect(() => {
		setPreview(null);
		if (!isSms || !text.trim())
			return;
		let isOver = false;
		const timer = setTimeout(() => {
			// It only informs: what is written can be sent without it.
			post<SmsPreview>("/sms/preview", { text, lane }).then((answer) => {
				if (!isOver)
					setPreview(answer);
			}, () => {});
		}, PREVIEW_MS);
		return () => {
			isOver = true;
			clearTimeout(timer);
		};
	}, [text, isSms, lane]);
	return preview;
}

export function SmsHint(props: { preview: SmsPreview | null }) {
	const { preview } = props;
	return (
		<p class="hint" role="status">
			{preview ? `SMS: ${preview.segments} phần, ${figure(preview.characters)} ký tự${preview.unaccented ? ", gửi không dấu" : ""}.` : ""}
		</p>
	);
}
