// SPDX-License-Identifier: GPL-2.0-or-later
import type { Choice } from "../choice";
import { Notice } from "./notice";

/** A colleague was faster: what he chose, and the way to leave it so. Saving takes one's own. */
export function Beaten(props: { choices: Choice[]; now: string }) {
	if (!props.choices.some((choice) => choice.isBeaten))
		return null;
	return (
		<Notice tone="warning" role="status">
			Người khác vừa đổi thành “{props.now}”. Lựa chọn của đồng chí chưa lưu: bấm nút lưu để thay bằng lựa chọn của mình, hoặc{" "}
			<button type="button" class="small" onClick={() => props.choices.forEach((choice) => choice.drop())}>giữ của người kia</button>
		</Notice>
	);
}
