// SPDX-License-Identifier: GPL-2.0-or-later
// What the API's names are called in the office. Residents read other words: config/phrases/vi.json.
import type { Role } from "./model";

type Words = Record<string, string>;

function word(words: Words, name: string | null | undefined): string {
	return name ? (words[name] ?? name) : "chưa rõ";
}

export const categories: Words = {
	order: "An ninh, trật tự",
	crime: "Tội phạm",
	social_evil: "Tệ nạn xã hội",
	traffic: "Giao thông, tai nạn",
	fire: "Cháy, nổ",
	dispute: "Mâu thuẫn trong nhân dân",
	conduct: "Thái độ, việc làm của cán bộ",
	good_deed: "Người tốt, việc tốt",
	question: "Hỏi về thủ tục, pháp luật",
	residence: "Cư trú",
	suggestion: "Góp ý, kiến nghị",
	other: "Chưa phân loại",
};
export const urgencies: Words = { normal: "Bình thường", urgent: "Cần làm sớm", danger: "Nguy hiểm" };
export const states: Words = { open: "Chưa trả lời", answered: "Đã trả lời", closed: "Đã xong", moved: "Đã chuyển đi" };
export const roles: Words = {
	chief: "Trưởng Công an xã",
	deputy: "Phó Trưởng Công an xã",
	area: "Cảnh sát khu vực",
	duty: "Trực ban",
	clerk: "Văn thư",
	chairman: "Chủ tịch UBND xã",
	it: "Cán bộ tin học",
};
const sources: Words = {
	modem: "SMS",
	http_sms: "SMS qua tổng đài",
	zalo_user: "Zalo",
	zalo_group: "Nhóm Zalo",
	walk_in: "Trình báo trực tiếp",
	call: "Điện thoại",
	on_behalf: "Cán bộ nhập thay",
	office: "Trụ sở",
};
const entries: Words = {
	received: "Tin nhận",
	answer: "Trả lời",
	amended: "Tin đầy đủ",
	more: "Nhắn thêm",
	note: "Ghi chú nội bộ",
};
const sending: Words = {
	QUEUED: "chờ gửi",
	CLAIMED: "đang gửi",
	SUBMITTED: "đang gửi",
	SENT: "đã gửi",
	IN_DOUBT: "chưa rõ đã gửi hay chưa",
	DELIVERED: "đã đến máy",
	FAILED: "không gửi được",
	EXPIRED: "quá hạn, không gửi",
	CANCELLED: "không cần gửi nữa",
};
const channels: Words = {
	modem: "SMS",
	http_sms: "SMS qua tổng đài",
	zalo_user: "Zalo",
	zalo_group: "nhóm Zalo",
	zns: "ZNS",
};
const messages: Words = {
	receipt: "giấy báo nhận",
	answer: "trả lời",
	alarm: "báo động",
	relay: "chuyển tiếp trực ban",
	bulletin: "bản tin",
	tick: "dấu đã nhận",
};
export const outcomes: Words = {
	transferred: "Chuyển cơ quan có thẩm quyền",
	settled: "Đã giải quyết",
	guided: "Đã trả lời, hướng dẫn",
	kept: "Giữ lại, phân công điều tra viên tại xã",
	unfounded: "Không có căn cứ",
	other: "Khác",
};
const clockStates: Words = {
	RUNNING: "đang tính",
	FROZEN: "tạm dừng",
	MET: "đúng hạn",
	LATE: "xong nhưng trễ",
	ENDED: "đã dừng",
};
/** What a term waits for. */
const clockEnds: Words = {
	itself: "hết hạn",
	classified: "phân loại tin",
	notice: "báo tiếp nhận cho người gửi",
	transfer: "ghi đã chuyển",
	answer: "trả lời kết quả cho người gửi",
	hand: "có người ghi “Đã làm xong”",
};
export const moments: Words = { accepted: "Thụ lý", transferred: "Cơ quan kia nhận", discovered: "Phát hiện" };
const links: Words = { related: "liên quan", follows: "nối tiếp", names: "có nhắc đến" };
const phases: Words = {
	down: "không chạy",
	connecting: "đang nối",
	ready: "sẵn sàng",
	stopping: "đang dừng",
};
const networks: Words = {
	home: "có sóng",
	roaming: "chuyển vùng",
	searching: "đang dò sóng",
	denied: "bị mạng từ chối",
	none: "mất sóng",
	unknown: "chưa rõ sóng",
};
const zalo: Words = {
	ok: "hoạt động",
	refreshing: "đang làm mới mã truy cập",
	doubtful: "chưa chắc mã truy cập còn dùng được",
	needs_consent: "cần quản trị viên OA cấp quyền lại",
	no_token: "chưa có mã truy cập",
};

const bulletins: Words = {
	DRAFT: "Bản nháp",
	SUBMITTED: "Chờ duyệt",
	APPROVED: "Đã duyệt",
	SENDING: "Đang gửi",
	DONE: "Đã gửi xong",
	RECALLED: "Đã thu hồi",
	EXPIRED: "Hết hạn",
	DISCARDED: "Đã bỏ",
};
const speeds: Words = { normal: "Thường", urgent: "Gấp", emergency: "Khẩn cấp" };

export const bulletinState = (name: string) => word(bulletins, name);
export const speed = (name: string) => word(speeds, name);
export const category = (name: string) => word(categories, name);
export const urgency = (name: string) => word(urgencies, name);
export const reportState = (name: string) => word(states, name);
export const role = (name: Role) => word(roles, name);
export const source = (name: string) => word(sources, name);
export const entry = (name: string) => word(entries, name);
export const sent = (name: string) => word(sending, name);
export const channel = (name: string) => word(channels, name);
export const message = (name: string) => word(messages, name);
export const outcome = (name: string) => word(outcomes, name);
export const clockState = (name: string) => word(clockStates, name);
export const clockEnd = (name: string) => word(clockEnds, name);
export const moment = (name: string) => word({ ...moments, received: "Tiếp nhận", classified: "Phân loại" }, name);
export const link = (name: string) => word(links, name);
export const phase = (name: string) => word(phases, name);
export const network = (name: string) => word(networks, name);
export const zaloState = (name: string) => word(zalo, name);

const actors: Record<string, string> = { system: "máy", box: "dòng lệnh trên máy", "": "" };

/** Who did something: the box writes "officer:truong.ca". */
export function actorWords(actor: string): string {
	return actors[actor] ?? actor.replace(/^officer:/, "");
}
