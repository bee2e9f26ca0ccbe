// SPDX-License-Identifier: GPL-2.0-or-later
import { Section } from "../ui/section";
import { Sheet } from "../ui/sheet";
import { roles } from "./words";

export function PeopleImport() {
	return (
		<Section title="Nhập danh sách từ bảng tính">
			<Sheet path="/residents/import" label="Tệp CSV">
				<p>
					Trong Excel hoặc LibreOffice: dòng đầu là tên cột, rồi lưu dạng <b>CSV</b>. Máy xem thử trước, chỉ ra từng dòng sai;
					chỉ nhập khi mọi dòng đều đúng. Nhập lại danh sách đã sửa thì người cũ được cập nhật, người không có trong tệp giữ nguyên.
				</p>
				<dl class="facts">
					<div><dt>Phải có</dt><dd>số điện thoại, họ tên, địa bàn (tên hoặc mã đã có trong máy)</dd></div>
					<div><dt>Có thể thêm</dt><dd>chức vụ ({Object.values(roles).slice(1).join(", ").toLowerCase()}; “đã chuyển đi” thì đưa
						ra), hộ gia đình, danh sách</dd></div>
				</dl>
			</Sheet>
		</Section>
	);
}
