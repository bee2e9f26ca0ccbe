// SPDX-License-Identifier: GPL-2.0-or-later
// What an event says besides its kind, as the office says it. A test looks that each name that the box writes down has
// its words; what none are known for is not shown.
import { bytes, dong, figure } from "../figure";
import { acts, groupStates, looks, roles as residentRoles } from "../people/words";
import { span, when } from "../time";
import { bulletinState, category, channel, role as officerRole, source, urgency, zaloState } from "../words";
import type { Role } from "../model";

export type Fact = unknown;
/** Names that only the box knows: of an officer by his id, a place by its code, and so on; what it does not know stays. */
export type Named = (what: "officer" | "place" | "topic" | "class" | "clock" | "setting", key: string) => string;

type Words = Record<string, string>;
type Say = (value: Fact, kind: string, named: Named) => string;

const errors: Words = {
	NOMEM: "máy hết bộ nhớ", INVALID: "dữ liệu không hợp lệ", TOO_BIG: "dữ liệu quá dài", NOT_FOUND: "không tìm thấy",
	EXISTS: "đã có rồi", STATE: "không làm được lúc này", CONFIG: "tệp cấu hình sai", IO: "lỗi đọc ghi đĩa",
	DISK_FULL: "đĩa đầy", READ_ONLY: "đĩa chỉ cho đọc", BUSY: "đang bận", CORRUPT: "dữ liệu hỏng",
	NEWER_SCHEMA: "cơ sở dữ liệu của phiên bản mới hơn", WRONG_KEY: "sai khoá của máy", TIMEOUT: "quá thời gian chờ",
	UNREACHABLE: "không có kết nối mạng", PROTOCOL: "câu trả lời không hiểu được", RATE: "gửi quá nhanh",
	QUOTA: "hết hạn mức gửi", AUTH: "mã truy cập bị từ chối", CONSENT: "Zalo cần cấp quyền lại", DENIED: "không có quyền",
	RECIPIENT: "người nhận không nhận được tin", SIM: "SIM lỗi hoặc hết tiền", MODEM: "modem lỗi", NETWORK: "mất sóng di động",
	REFUSED: "bị từ chối", EXPIRED: "đã quá hạn", IN_DOUBT: "chưa rõ đã gửi hay chưa", UNSUPPORTED: "chưa hỗ trợ",
	BUG: "lỗi chương trình", PDU: "tin SMS không đọc được", OK: "không lỗi",
};
const faults: Words = {
	altered: "một dòng bị sửa, thêm, xoá hoặc đổi chỗ", cut: "các dòng cuối bị cắt bỏ", added: "có dòng bị thêm vào cuối",
	seal: "dấu niêm phong của dòng cuối mất hoặc sai", older: "cơ sở dữ liệu bị thay bằng bản cũ hơn",
	anchor: "tệp cạnh cơ sở dữ liệu mất hoặc sai",
};
const copying: Words = {
	busy: "dữ liệu luôn bận", database: "cơ sở dữ liệu không qua được kiểm tra", room: "đĩa không đủ chỗ trống",
	write: "không ghi được bản sao lưu", compare: "bản sao lưu đọc lại không đúng", media: "không chép được ảnh, ghi âm",
	other_gone: "không thấy ổ lưu trữ thứ hai", other_same: "ổ lưu trữ thứ hai nằm cùng đĩa với dữ liệu", other_room: "ổ lưu trữ thứ hai không đủ chỗ",
	other_write: "không ghi được vào ổ lưu trữ thứ hai", stopped: "dừng giữa chừng vì máy tắt",
};
const deeds: Words = {
	refuse: "từ chối nhận", back: "nhận lại", block: "chặn số", unblock: "bỏ chặn số",
};
const settled: Words = {
	sent: "đã đến", failed: "không đến, không làm được", again: "làm lại", done: "đã làm", cancel: "thôi",
};
const reasons: Words = {
	asked: "tự yêu cầu", moved: "đã chuyển đi", died: "đã mất", mistake: "ghi nhầm", deleted: "đã giải tán",
	refused: "Zalo báo không còn",
};
const kept: Words = { totp: "mã 6 số", passphrase: "cụm mật khẩu" };
const ways: Words = { unknown: "chưa rõ", none: "không có cách", usb: "qua cổng USB", denied: "không được phép", command: "bằng lệnh của máy" };
const differences: Words = { device: "thiết bị", sim: "SIM", "device and sim": "thiết bị và SIM" };
const lists: Words = {
	reports: "danh sách tin", alarms: "danh sách báo động", clocks: "danh sách thời hạn", groups: "tin của nhóm", users: "tin của người dùng",
};
const formats: Words = { html: "bản in", csv: "bảng tính" };
const lanes = ["báo động", "trả lời", "bản tin gấp", "bản tin"];
const states: Words = { ...groupStates, PLANNING: "đang lập danh sách gửi", RUNNING: "đang gửi", STOPPED: "tạm ngừng" };

const plain: Say = (value) => typeof value === "boolean" ? (value ? "có" : "không") : typeof value === "number" ? figure(value) : String(value);
const number: Say = (value) => String(value);
const of = (words: Words): Say => (value) => words[String(value)] ?? String(value);
const dayOf = (days: number) => new Date(days * 86_400_000).toISOString().slice(0, 10).split("-").reverse().join("/");
const person: Say = (value, _, named) => named("officer", String(value));
const place: Say = (value, _, named) => named("place", String(value));
const isOffice = (kind: string) => kind.startsWith("place.");

/** Who or when it was before and after: officers of a place, times of a gap, people of a group. */
function side(value: Fact, kind: string, named: Named): string {
	if (kind === "zalo.gap")
		return when(Number(value));
	return isOffice(kind) ? named("officer", String(value)) : `người số ${String(value)}`;
}

function stateOf(value: Fact, kind: string): string {
	const name = String(value);
	if (kind.startsWith("zalo."))
		return zaloState(name);
	return states[name] ?? bulletinState(name);
}

function roleOf(value: Fact, kind: string): string {
	if (typeof value === "boolean")
		return value ? "có sửa" : "giữ nguyên";
	return kind.startsWith("officer.") ? officerRole(value as Role) : residentRoles[String(value)] ?? String(value);
}

function listOf(value: Fact, named: (name: string) => string): string {
	return (Array.isArray(value) ? value : String(value).split(/[ ,]+/)).map((one) => named(String(one))).join(", ");
}

/** Of an edit: whether that was touched; elsewhere the thing itself. */
const touched: Say = (value) => typeof value === "boolean" ? (value ? "có sửa" : "giữ nguyên") : String(value);

/** By the box's name: what it is called, and how its value is said. */
export const facts: Record<string, [string, Say]> = {
	act: ["việc số", number],
	added: ["thêm", plain],
	alarm: ["báo động số", number],
	as: ["kết quả", of(settled)],
	attempt: ["lần", plain],
	attempts: ["số lần gửi", plain],
	balance: ["còn", (value) => dong(Number(value))],
	bulletin: ["bản tin số", number],
	bulletins: ["số bản tin ngừng", plain],
	bytes: ["dung lượng", (value) => bytes(Number(value))],
	category: ["loại", (value, kind, named) => kind.startsWith("report.") ? category(String(value)) : named("topic", String(value))],
	changed: ["sửa", plain],
	channel: ["kênh", (value) => channel(String(value))],
	class: ["loại theo luật", (value, _, named) => named("class", String(value))],
	code: ["mã", (value, _, named) => named("clock", String(value))],
	count: ["số mục", plain],
	differs: ["khác ở", of(differences)],
	do: ["việc", of(deeds)],
	drift: ["khác ở", (value) => listOf(value, (name) => looks[name] ?? name)],
	error: ["lỗi", of(errors)],
	event: ["dòng nhật ký", number],
	failures: ["số lần sai", plain],
	fault: ["lỗi", of({ ...copying, ...faults })],
	format: ["dạng", of(formats)],
	from: ["từ", side],
	from_day: ["từ ngày", (value) => dayOf(Number(value))],
	hamlet: ["địa bàn", place],
	hash: ["mã băm", number],
	hits: ["số tin thấy", plain],
	household: ["hộ", touched],
	id: ["số", number],
	in_doubt: ["tin chưa rõ đã gửi hay chưa", plain],
	into: ["vào", place],
	kind: ["việc", of(acts)],
	known: ["tìm thấy tin", (value) => value ? "có" : "không"],
	lane: ["loại tin", (value) => lanes[Number(value)] ?? String(value)],
	list: ["bảng", of(lists)],
	listed: ["có trong danh sách", plain],
	low: ["mức báo", (value) => dong(Number(value))],
	main: ["tin chính số", number],
	marking: ["dấu hiệu", number],
	members: ["thành viên", plain],
	missing: ["thiếu", plain],
	name: ["tên", touched],
	new: ["thành", plain],
	number: ["số", number],
	of: ["của lúc", (value) => when(String(value))],
	officer: ["cán bộ", person],
	officers: ["số cán bộ", plain],
	old: ["trước là", plain],
	open: ["tin chưa xong", plain],
	other: ["cái kia", (value) => typeof value === "boolean" ? (value ? "cũng có" : "không có") : `tin số ${String(value)}`],
	outbox: ["tin gửi đi số", number],
	person: ["người số", number],
	phones: ["số máy gọi", plain],
	place: ["địa bàn", place],
	queued: ["đang chờ", plain],
	reason: ["lý do", of(errors)],
	recalled: ["do thu hồi bản tin số", number],
	refused: ["số lần sai trước đó", plain],
	removed: ["bớt", plain],
	report: ["tin số", number],
	reports: ["số tin", plain],
	residents: ["số người", plain],
	role: ["vai trò", roleOf],
	rows: ["số dòng", plain],
	seconds: ["lệch", (value) => Math.abs(Number(value)) < 60 ? `${figure(Number(value))} giây` : span(Math.abs(Number(value)))],
	seen: ["số người hiện ra", plain],
	settings: ["mục đổi", (value, _, named) => listOf(value, (name) => named("setting", name))],
	shifts: ["số ca", plain],
	short: ["không đủ cho", plain],
	size: ["sức chứa", plain],
	source: ["nguồn", (value) => source(String(value))],
	state: ["tình trạng", stateOf],
	step: ["bậc", plain],
	strangers: ["người lạ", plain],
	text: ["mã của lời", number],
	to: ["đến", side],
	to_day: ["đến ngày", (value) => dayOf(Number(value))],
	topic: ["loại bản tin", (value, _, named) => value ? named("topic", String(value)) : "tất cả"],
	unknown: ["chưa rõ là ai", plain],
	urgency: ["mức độ", (value) => urgency(String(value))],
	used: ["đã dùng", plain],
	version: ["phiên bản", plain],
	way: ["cách", of(ways)],
	what: ["phần", of(kept)],
	why: ["vì", of(reasons)],
};

/** "vai trò: Trực ban; số lần sai: 3"; "" when there is nothing to say. */
export function factWords(data: Record<string, Fact> | string, kind: string, named: Named): string {
	if (typeof data === "string")
		return data ? "dòng này bị hỏng" : "";
	return Object.entries(data).filter(([name, value]) => facts[name] && value !== "" && value !== null)
		.map(([name, value]) => `${facts[name]![0]}: ${facts[name]![1](value, kind, named)}`).join("; ");
}
