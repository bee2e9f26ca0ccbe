// SPDX-License-Identifier: GPL-2.0-or-later
// What a text will be by SMS, while it is written.
import { useEffect, useState } from "preact/hooks";
import { post } from "../api";
import { figure } from "../figure";
import type { SmsPreview } from "../model";

const PREVIEW_MS = 400; // after the last key

/** A text by itself, or a bulletin as it will be stored: the box adds what goes out with its words. */
export type SmsAsk = { text: string; lane: "answer" } | { bulletin: object };

/** ask: null while there is nothing to ask for. */
export function useSmsPreview(ask: SmsAsk | null): SmsPreview | null {
	const [preview, setPreview] = useState<SmsPreview | null>(null);
	const body = JSON.stringify(ask);
	useEffect(() => {
		setPreview(null);
		if (!ask)
			return;
		let isOver = false;
		const timer = setTimeout(() => {
			// It only informs: what is written can be sent without it.
			post<SmsPreview>("/sms/preview", ask).then((answer) => {
				if (!isOver)
					setPreview(answer);
			}, () => {});
		}, PREVIEW_MS);
		return () => {
			isOver = true;
			clearTimeout(timer);
		};
	}, [body]);
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
