// SPDX-License-Identifier: GPL-2.0-or-later
type Words = Record<string, string>;

const stayStates: Words = {
	UNCLEAR: "Chưa hiểu",
	RECEIVED: "Đã nhận",
	ENTERED: "Đã nhập phần mềm",
	RECORDED: "Đã ghi nhận",
	DECLINED: "Không nhận",
};
const timings: Words = {
	IN_TIME: "đúng giờ",
	NIGHT: "khách đến sau 23 giờ, báo trước 8 giờ là đúng",
	LATE: "báo trễ",
};
const doors: Words = { sms: "SMS", zalo: "Zalo", ussd: "USSD" };
const topics: Words = {
	menu: "Mở bảng chọn",
	procedures: "Xem thủ tục trong bảng chọn",
	search: "Hỏi thủ tục bằng lời",
	question: "Hỏi mà chưa có câu trả lời sẵn",
	report: "Báo tin qua bảng chọn",
	emergency: "Khẩn cấp",
	status: "Hỏi kết quả tin báo",
	stay: "Thông báo lưu trú",
	residence: "Thường trú, tạm trú, tạm vắng",
	dossier: "Tra hồ sơ",
	poll: "Lấy ý kiến",
	enrolment: "Đăng ký nhận bản tin",
	refusal: "Từ chối bản tin",
	phone: "Đổi số điện thoại",
	contact: "Hỏi số điện thoại, giờ làm việc",
};

const pollStates: Words = {
	DRAFT: "Chờ gửi câu hỏi",
	OPEN: "Đang lấy ý kiến",
	CLOSED: "Hết hạn, chờ tổng hợp",
	DONE: "Đã tổng hợp",
	CANCELLED: "Đã huỷ",
};

const word = (words: Words, name: string) => words[name] ?? name;
export const stayState = (name: string) => word(stayStates, name);
export const stayTiming = (name: string) => word(timings, name);
export const door = (name: string) => word(doors, name);
export const topic = (name: string) => word(topics, name);

export const pollState = (name: string) => word(pollStates, name);

/** "2026-11-22" as people write it. */
export function day(date: string | null): string {
	return date ? date.split("-").reverse().join("/") : "chưa rõ";
}
