// SPDX-License-Identifier: GPL-2.0-or-later
// Files at the one-stop office, as residents ask for them by code: how many are how far, and the office's list taken
// over. The box keeps no names and no codes that could be read, so there is no list of them.
import { figure } from "../figure";
import { useLoad } from "../load";
import { isLeader } from "../session";
import type { Role } from "../model";
import { when } from "../time";
import { FailureNotice } from "../ui/notice";
import { Section } from "../ui/section";
import { Sheet } from "../ui/sheet";

const states: [string, string][] = [["RECEIVED", "Đã tiếp nhận"], ["WORKING", "Đang xử lý"], ["LACKING", "Chờ bổ sung"],
	["READY", "Có kết quả, chờ trả"], ["RETURNED", "Đã trả"], ["REFUSED", "Không giải quyết"], ["FORWARDED", "Đã chuyển nơi khác"]];

export function Dossiers(props: { role: Role }) {
	const { data, failure } = useLoad<{ states: Record<string, number>; imported: string | null }>("/dossiers");
	const canTake = isLeader(props.role) || props.role === "clerk";
	return (
		<div class="columns">
			<div>
				<Section title="Hồ sơ ở bộ phận một cửa">
					<FailureNotice failure={failure} />
					<p>Người dân nhắn <b>HS</b> và mã hồ sơ để biết hồ sơ đến đâu. {data?.imported ? `Danh sách nhập lần cuối ${when(data.imported)}.`
						: "Chưa nhập danh sách nào."}</p>
					<dl class="facts">
						{states.map(([code, title]) => <div key={code}><dt>{title}</dt><dd>{figure(data?.states[code] ?? 0)}</dd></div>)}
					</dl>
				</Section>
			</div>
			{canTake ? (
				<div>
					<Section title="Nhập danh sách của một cửa">
						<Sheet path="/dossiers/import" label="Tệp CSV">
							<p>Xuất danh sách từ phần mềm một cửa, dạng <b>CSV</b>. Cần cột mã hồ sơ và trạng thái; có thể có ngày hẹn trả, ngày cập nhật. Cột
								tên và số giấy tờ không được lưu.</p>
						</Sheet>
					</Section>
				</div>
			) : null}
		</div>
	);
}
