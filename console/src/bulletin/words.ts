// SPDX-License-Identifier: GPL-2.0-or-later
// How soon a bulletin matters, as CAP 1.2 has it and as the office says it.
export const urgencies: Record<string, string> = {
	immediate: "Làm ngay",
	expected: "Trong vài giờ tới",
	future: "Sắp tới",
	past: "Đã qua",
};
export const verdicts: Record<string, string> = {
	approve: "đã duyệt",
	alone: "tự duyệt khẩn cấp",
	reject: "trả lại",
	review: "đã xem lại",
	recall: "thu hồi",
};
export const findings: Record<string, string> = {
	secrecy: "Dấu hiệu bí mật nhà nước",
	measure: "Từ về biện pháp nghiệp vụ",
	identity: "Số định danh cá nhân",
	phone: "Số điện thoại",
	plate: "Biển số xe",
	account: "Số tài khoản",
	link: "Đường dẫn",
	money: "Yêu cầu chuyển tiền",
};
export const fields: Record<string, string> = { title: "tiêu đề", text: "nội dung", sms: "SMS", source: "nguồn" };
/** Why somebody was not told. */
export const reasons: Record<string, string> = {
	no_way: "không có cách nào gửi",
	refused: "đã từ chối nhận",
	refused_topic: "đã từ chối loại này",
	blocked: "số bị chặn",
	expired: "hết hạn",
	recalled: "đã thu hồi",
	stopped: "đang tạm ngừng",
	failed: "gửi không được",
	in_doubt: "chưa rõ đã đến",
	left: "không còn trong danh sách",
	caps: "hết hạn mức SIM",
	budget: "hết tiền",
	quiet: "giờ nghỉ",
};
