// SPDX-License-Identifier: GPL-2.0-or-later
// Copies of the database: which there are, whether the last try went well, and one more at once. What a copy is good for
// is told beside it, since who finds that out after the disk has died finds it out too late.
import { useEffect } from "preact/hooks";
import { useAct } from "../act";
import { post } from "../api";
import { bytes, figure } from "../figure";
import { changed } from "../live";
import { useLoad } from "../load";
import type { Role } from "../model";
import { when } from "../time";
import { FailureNotice, Notice } from "../ui/notice";
import { Section } from "../ui/section";
import { Table } from "../ui/table";
import { sent } from "../words";

interface Backup {
	name: string;
	at: string;
	bytes: number;
}

interface BackupList {
	folder: string;
	other_folder?: string;
	/** When the newest copy in the other folder was made. */
	other_good_at?: string | null;
	kept: number;
	running: boolean;
	when: "nightly" | "off";
	hour: number;
	last_good_at: string | null;
	last_failed_at?: string;
	last_error_vi?: string;
	/** Only for who looks after the machine, whom the exact sizes are told too. */
	media_files?: number;
	backups: Backup[];
}

const AGAIN_MS = 2000; // a copy that becomes ready is no event

/** "1,2 MB"; of who reads reports no more than an upper limit is told. */
export function sizeWords(size: number, isExact: boolean): string {
	return isExact ? bytes(size) : `dưới ${bytes(size)}`;
}

/** How it stands, in one sentence. */
export function stateWords(list: Pick<BackupList, "last_good_at" | "last_failed_at" | "last_error_vi">): string {
	const good = list.last_good_at ? `Bản tốt gần nhất: ${when(list.last_good_at)}.` : "Chưa có bản sao lưu nào.";
	return list.last_failed_at ? `Lần sao lưu ${when(list.last_failed_at)} không được: ${list.last_error_vi ?? "chưa rõ vì sao"}. ${good}` : good;
}

function State(props: { list: BackupList }) {
	const { list } = props;
	if (list.running)
		return <Notice tone="plain" role="status">Đang sao lưu; máy vẫn nhận và gửi tin như thường. {stateWords(list)}</Notice>;
	if (list.last_failed_at)
		return (
			<Notice tone="alarm" role="status"><strong>{stateWords(list)}</strong> Các bản cũ vẫn còn. Xem đĩa còn chỗ và ổ lưu trữ còn cắm
				không, rồi bấm “Sao lưu ngay”; nếu vẫn không được, báo cán bộ tin học.</Notice>
		);
	return <Notice tone={list.last_good_at ? "good" : "warning"} role="status">{stateWords(list)}</Notice>;
}

function Copies(props: { list: BackupList; isExact: boolean }) {
	const { list } = props;
	const act = useAct();
	useEffect(() => {
		const timer = list.running ? setInterval(changed, AGAIN_MS) : undefined;
		return () => clearInterval(timer);
	}, [list.running]);
	return (
		<Section title="Các bản sao lưu" count={list.backups.length}>
			<State list={list} />
			<FailureNotice failure={act.failure} />
			<p><button type="button" disabled={act.isBusy || list.running} onClick={() => void act.run(() => post("/backups"))}>
				{list.running ? "Đang sao lưu…" : "Sao lưu ngay"}</button></p>
			{list.backups.length ? (
				<Table caption="Các bản sao lưu" head={["Lúc", "Dung lượng", "Tên tệp"]}>
					{list.backups.map((one) => (
						<tr key={one.name}>
							<th scope="row">{when(one.at)}</th>
							<td>{sizeWords(one.bytes, props.isExact)}</td>
							<td><code>{one.name}</code></td>
						</tr>
					))}
				</Table>
			) : <p class="calm">Chưa có bản nào. Bấm “Sao lưu ngay” để tạo bản đầu tiên.</p>}
			<p class="hint">
				{list.when === "nightly" ? `Máy tự sao lưu mỗi đêm lúc ${list.hour} giờ` : "Đang tắt sao lưu hằng đêm (cán bộ tin học đặt trong tệp cấu hình)"};
				{" "}giữ {figure(list.kept)} bản mới nhất.
				{list.media_files === undefined ? "" : ` Ảnh, ghi âm gửi kèm để cạnh các bản: ${figure(list.media_files)} tệp.`}
			</p>
		</Section>
	);
}

function Meaning(props: { list: BackupList }) {
	const { list } = props;
	return (
		<Section title="Bản sao lưu dùng để làm gì">
			<p>Mỗi bản là toàn bộ dữ liệu của máy tại lúc đó, đã niêm phong bằng khoá của máy. Không có khoá của máy (<code>box.key</code>) thì
				không ai mở được bản sao lưu, kể cả Công an xã: cất một bản của khoá ở nơi khác, trong két, và không để chung với bản sao lưu.</p>
			<p>Nơi để trên máy: <code>{list.folder}</code>.{" "}
				{list.other_folder ? <>Chép thêm sang ổ khác: <code>{list.other_folder}</code>, bản mới nhất ở đó {list.other_good_at ? when(list.other_good_at) : "chưa có"}.</>
					: <>Ổ đĩa của máy hỏng thì các bản này mất theo: cán bộ tin học cắm một ổ khác và đặt <code>backup.folder</code> trong tệp cấu
						hình, máy sẽ tự chép sang đó; hoặc thỉnh thoảng chép cả thư mục sang ổ rời.</>}</p>
			<p>Khôi phục: chỉ cán bộ tin học làm, ngay tại máy, theo phần “Khi có sự cố” của tài liệu README.vi, dòng “Máy hỏng, phải lập máy
				mới”. Những gì đến sau lúc sao lưu không có trong bản đó; tin đang chờ gửi lúc đó thành “{sent("IN_DOUBT")}” ở trang Máy, mục Tin gửi
				đi: hỏi người nhận rồi chọn.</p>
		</Section>
	);
}

export function Backups(props: { role: Role }) {
	const { data, failure } = useLoad<BackupList>("/backups");
	return (
		<>
			<FailureNotice failure={failure} />
			{data ? (
				<div class="columns">
					<div><Copies list={data} isExact={props.role === "it"} /></div>
					<div><Meaning list={data} /></div>
				</div>
			) : null}
		</>
	);
}
