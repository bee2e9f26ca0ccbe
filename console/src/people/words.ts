// SPDX-License-Identifier: GPL-2.0-or-later
// Names of places, roles and groups, as the office says them.
import { figure } from "../figure";
import type { PlaceClosed } from "./model";

export const placeKinds: Record<string, string> = {
	hamlet: "Thôn, bản, khu phố",
	subunit: "Xóm, tổ, liên gia",
	committee: "Ban, đoàn thể",
	agency: "Cơ quan",
	school: "Trường học",
	enterprise: "Doanh nghiệp",
	commune: "Xã",
};
export const roles: Record<string, string> = {
	member: "Người dân",
	household_head: "Chủ hộ",
	head: "Trưởng thôn",
	deputy: "Phó trưởng thôn",
	secretary: "Bí thư chi bộ",
	security: "Tổ trưởng tổ an ninh, trật tự",
	front: "Trưởng ban công tác Mặt trận",
	manager: "Người đứng đầu đơn vị",
};
export const groupStates: Record<string, string> = {
	PLANNED: "Đang lập",
	ACTIVE: "Hoạt động",
	DISABLED: "Bị ngừng",
	GONE: "Không còn",
	ABANDONED: "Không lập được",
};
export const looks: Record<string, string> = {
	name: "Tên nhóm",
	description: "Mô tả",
	avatar: "Ảnh nhóm",
	lock_send_msg: "Chỉ trưởng, phó nhóm được viết",
	join_appr: "Duyệt người vào nhóm",
	enable_msg_history: "Người mới đọc được tin cũ",
	enable_link_join: "Vào nhóm bằng đường dẫn",
};
export const acts: Record<string, string> = {
	create: "lập nhóm",
	update: "sửa cài đặt",
	asset: "gia hạn, nâng cấp",
	invite: "mời vào nhóm",
	accept: "cho vào nhóm",
	reject: "từ chối vào nhóm",
	remove: "đưa ra khỏi nhóm",
	add_deputy: "giao quyền phó nhóm",
	remove_deputy: "thôi quyền phó nhóm",
	handover: "giao quyền trưởng nhóm",
	delete: "giải tán nhóm",
};
export const actStates: Record<string, string> = {
	QUEUED: "chờ làm",
	CLAIMED: "đang làm",
	IN_DOUBT: "chưa rõ đã làm hay chưa",
	DONE: "đã làm",
	FAILED: "không làm được",
	CANCELLED: "đã thôi",
};

/** Texts of a CSV file, so that the box tells in Vietnamese what is wrong with one person as it does with a list. */
export function csvRow(cells: string[]): string {
	return cells.map((cell) => `"${cell.replace(/"/g, '""').replace(/[\r\n]+/g, " ")}"`).join(",");
}

export function closedWords(closed: PlaceClosed): string {
	const moved: [number, string][] = [[closed.residents, "người"], [closed.reports, "tin chưa xong"], [closed.officers, "cảnh sát khu vực"],
		[closed.places, "đơn vị thuộc địa bàn"], [closed.enrolments, "người chờ duyệt"]];
	const said = moved.filter(([count]) => count).map(([count, what]) => `${figure(count)} ${what}`).join(", ");
	return said ? `Đã chuyển: ${said}.` : "Không có gì phải chuyển.";
}
