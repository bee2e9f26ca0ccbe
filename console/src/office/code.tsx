// SPDX-License-Identifier: GPL-2.0-or-later
import { useState } from "preact/hooks";
import type { OfficerCode } from "../model";
import { span } from "../time";
import { Notice } from "../ui/notice";

/** A one-time code on the screen until it is handed over; it is nowhere else. */
export function CodeNotice(props: { given: OfficerCode; onDone: () => void }) {
	const { given } = props;
	const [shown] = useState(given);
	return (
		<Notice tone="warning" role="status">
			<p><strong>Mã kích hoạt của {shown.officer.name} ({shown.officer.login}):</strong></p>
			<p><span class="code">{shown.code}</span></p>
			<p>Chỉ hiện một lần, dùng trong {span(shown.left_s)}. Đưa tận tay; không gửi qua Zalo, tin nhắn. Cán bộ mở trang này, chọn
				“Có mã kích hoạt”, rồi tự đặt cụm mật khẩu và điện thoại tạo mã.</p>
			<button type="button" class="small" onClick={props.onDone}>Đã đưa mã</button>
		</Notice>
	);
}
