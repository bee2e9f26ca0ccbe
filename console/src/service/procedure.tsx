// SPDX-License-Identifier: GPL-2.0-or-later
// One entry in the words in which it leaves, and how the commune makes it its own: entries are files of the commune,
// which the IT officer keeps; the page gives him what belongs into one.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import { useLoad } from "../load";
import type { Role } from "../model";
import { address } from "../route";
import { isLeader } from "../session";
import { when } from "../time";
import { ActForm } from "../ui/form";
import { FailureNotice, Notice } from "../ui/notice";
import { Fold, Section } from "../ui/section";
import { SureButton } from "../ui/sure";
import { DateField } from "../ui/time";
import { actorWords } from "../words";
import type { Procedure } from "./model";
import { asked, Marks } from "./procedures";
import { day } from "./words";

function yearAfter(date: string): string {
	return new Date(Date.parse(date) + 365 * 86_400_000).toISOString().slice(0, 10);
}

/** The file of the commune that says the same, confirmed today; what of it changes is for the officer to write. */
export function fileOf(entry: Procedure, today: string): string {
	return JSON.stringify({
		code: entry.code,
		branch: entry.branch,
		title: entry.title,
		short: entry.short,
		text: entry.text.split("\n").filter(Boolean),
		asks: entry.asks,
		basis: entry.basis,
		checked: today,
		expires: entry.is_expired ? yearAfter(today) : entry.expires,
		confirmed: true,
	}, null, 2);
}

/** Whoever confirms answers for what it says now: words that change later are not confirmed any more. */
function Confirm(props: { entry: Procedure; today: string }) {
	const { entry } = props;
	const act = useAct();
	const [checked, setChecked] = useState(props.today);
	const path = `/procedures/${part(entry.code)}`;
	return (
		<Section title="Xác nhận của xã">
			{entry.is_changed ? <Notice tone="warning">Nội dung đã khác lúc {actorWords(entry.confirmed_by ?? "") || "cán bộ"} xác nhận; đề nghị đọc lại rồi xác nhận.</Notice> : null}
			{entry.is_confirmed ? (
				<>
					<p>{entry.confirmed_by ? `${actorWords(entry.confirmed_by)} xác nhận ${when(entry.confirmed)}` : "Xác nhận trong tệp của xã"}; đối chiếu với
						luật ngày {day(entry.checked)}.</p>
					{entry.confirmed_by ? (
						<SureButton act={act} label="Thôi xác nhận" title="Thôi xác nhận mục này?" what={() => post(`${path}/unconfirm`)}>
							<p>Người dân hỏi vẫn được trả lời, kèm câu báo là xã chưa xác nhận.</p>
						</SureButton>
					) : null}
				</>
			) : (
				<ActForm act={act} label="Xác nhận đúng với luật và cách làm của xã" name="Xác nhận mục này" isOff={!checked}
					what={() => post(`${path}/confirm`, { checked })}>
					<p class="hint">Đọc cả câu gửi bằng SMS và Zalo bên cạnh. Có chỗ sai thì không xác nhận; sửa theo mục dưới.</p>
					<DateField label="Ngày đối chiếu với luật" value={checked} onValue={setChecked} required />
				</ActForm>
			)}
		</Section>
	);
}

export function ProcedurePage(props: { code: string; today: string; role: Role }) {
	const { data: entry, failure } = useLoad<Procedure>(`/procedures/${part(props.code)}`);
	return (
		<>
			<p><a class="button" href={address("dich-vu")}>Về danh sách thủ tục</a></p>
			<FailureNotice failure={failure} />
			{entry ? (
				<div class="columns">
					<div>
						<Section title={entry.title}>
							<Marks entry={entry} />
							<div class="quote">{entry.text}</div>
							<ul class="plain">{entry.basis.map((one) => <li key={one}>{one}</li>)}</ul>
						</Section>
						<Section title="Gửi bằng SMS"><p class="quote">{entry.by_sms}</p></Section>
						<Section title="Gửi bằng Zalo"><p class="quote">{entry.by_zalo}</p></Section>
					</div>
					<div>
						<Section title="Thông tin">
							<dl class="facts">
								<div><dt>Mã</dt><dd><code>{entry.code}</code></dd></div>
								<div><dt>Đối chiếu</dt><dd>{day(entry.checked)}</dd></div>
								<div><dt>Đến hết</dt><dd>{day(entry.expires)}</dd></div>
								<div><dt>Được hỏi</dt><dd>{asked(entry.asked)} lượt trong 30 ngày</dd></div>
								<div><dt>Soạn bởi</dt><dd>{entry.is_own ? "xã" : "bản có sẵn trong máy"}</dd></div>
							</dl>
						</Section>
						{isLeader(props.role) ? <Confirm key={entry.checked} entry={entry} today={props.today} /> : null}
						<Section title="Người dân hỏi thế nào"><ul class="plain">{entry.asks.map((one) => <li key={one}>{one}</li>)}</ul></Section>
						<Fold title="Sửa mục này">
							<p>Đối chiếu với luật và cách làm của xã, sửa chỗ sai, rồi giao cán bộ tin học lưu thành tệp{" "}
								<code>{entry.code}.json</code> trong thư mục thủ tục của xã. Từ lần khởi động sau, người dân nhận câu đã xác nhận.</p>
							<pre class="paper" tabIndex={0}>{fileOf(entry, props.today)}</pre>
							<button type="button" onClick={() => void navigator.clipboard.writeText(fileOf(entry, props.today))}>Chép nội dung tệp</button>
							<Notice tone="plain">Cán bộ tin học kiểm tra tệp bằng lệnh <code>binhyend --check-config</code> trước khi khởi động lại.</Notice>
						</Fold>
					</div>
				</div>
			) : null}
		</>
	);
}
