// SPDX-License-Identifier: GPL-2.0-or-later
// What an officer does about a problem from this page. The box's own advice names commands for who sits at its
// keyboard; where only he can help, the officer is told to call him. A problem that is not here keeps the box's words.
import type { Problem } from "../model";

const it = "báo cán bộ tin học";
const advice: Record<string, string> = {
	NO_CHANNEL: `${it} để lắp modem hoặc nối Zalo; trong lúc chờ, người dân đến trụ sở hoặc gọi điện thì ghi ở mục “Ghi tin mới”`,
	MODEM_DOWN: `xem dây, nguồn và SIM của modem có lỏng không; máy tự thử lại. Nếu sau 10 phút vẫn vậy, ${it}`,
	MODEM_SWAPPED: "hỏi xem ai đã thay SIM hoặc modem; nếu đúng, bấm xác nhận ở trang Máy",
	MODEM_NETWORK: "đặt ăng-ten hoặc modem gần cửa sổ, xem SIM còn tiền không; máy đang tự thử lại",
	MODEM_SIGNAL: "đặt ăng-ten cao hơn hoặc gần cửa sổ",
	MODEM_SIM_FULL: `máy tự xoá tin trên SIM khi đã lưu; nếu vẫn đầy sau một giờ, ${it}`,
	MODEM_BALANCE: "nạp tiền cho SIM; số dư được cập nhật ở trang Máy",
	MODEM_POWER: `rút modem ra cắm lại; nếu vẫn báo, ${it}`,
	CAPS_SHORT: "báo thêm bằng Zalo, loa hoặc đến tận nhà; cân nhắc thêm modem",
	ZALO_NO_TOKEN: "quản trị viên Zalo OA cấp quyền cho máy ở trang Máy, hoặc cán bộ tin học làm tại máy",
	ZALO_CONSENT: "quản trị viên Zalo OA cấp quyền lại ở trang Máy; trong lúc chờ, trực ban được báo bằng SMS",
	ZALO_DOUBTFUL: "chưa cần làm gì; máy tự kiểm tra lại",
	ZALO_ENDS: `nối Internet cho máy trước ngày đó; nếu không được, ${it}`,
	ZALO_UNREACHABLE: "xem đường truyền Internet của trụ sở; máy tự nối lại và gửi bù",
	ZALO_REFUSED: `${it} kèm dòng chữ trên`,
	ZALO_GAP: "mở Zalo OA trên điện thoại, xem có tin nào trong khoảng thời gian đó chưa vào máy không",
	ZALO_GROUPS: `${it} kèm dòng chữ trên`,
	ZALO_MEDIA_FULL: `trả lời và đóng các tin đã xong để tệp cũ được xoá; ${it} nếu cần thêm chỗ`,
	ZALO_MEDIA_LOST: "mở Zalo OA trên điện thoại để xem tệp còn thiếu, hoặc đề nghị người gửi gửi lại",
	ZALO_WEBHOOK: it,
	HTTP_SMS: `${it}; trong lúc chờ, tin đi bằng SIM trong máy`,
	FEED_SILENT: "xem trang của nguồn tin có mở được không; máy tự đọc lại",
	FEED_WRONG: `${it}: địa chỉ nguồn tin có thể đã đổi`,
	CLOCK_WRONG: `${it} chỉnh lại đồng hồ: thời hạn được tính theo đồng hồ này`,
	CLOCK_JUMPED: "chưa cần làm gì; thời hạn theo luật không bị ảnh hưởng",
	DISK_LOW: `${it} ngay: hết đĩa thì tin mới nằm lại trên SIM`,
	WAL_LARGE: it,
	COMMITS: `${it} kiểm tra ổ đĩa; tin chưa lưu vẫn nằm trên SIM`,
	QUARANTINE: `${it} xem tin máy không đọc được; tin gốc vẫn còn`,
	IN_DOUBT: "mở trang Máy, mục Tin gửi đi: hỏi người nhận rồi chọn đã đến hay chưa",
	AUDIT_FAULT: "không xoá gì; báo ngay Trưởng Công an xã và Chủ tịch UBND xã",
	BACKUP_FAILED: `cắm lại ổ lưu trữ hoặc ${it} dọn chỗ trên đĩa, rồi bấm “Sao lưu ngay” ở trang Máy`,
	BACKUP_OLD: `bấm “Sao lưu ngay” ở trang Máy; nếu không được, ${it}`,
	DUTY_NOBODY: "phân công người trực; cập nhật lịch trực",
	DUTY_GAP: "bổ sung lịch trực cho khoảng thời gian còn trống",
	ALARM_UNANSWERED: "mở báo động ở đầu trang Hôm nay, bấm “Nhận việc”",
	NO_CHAIRMAN: "Trưởng Công an xã thêm tài khoản cho Chủ tịch UBND xã ở trang Cán bộ",
	ONE_CHIEF: "giữ kỹ tờ giấy trong két; nếu phù hợp, thêm tài khoản cấp trưởng thứ hai ở trang Cán bộ",
	ESCROW_UNCHECKED: "lấy tờ giấy trong két ra và kiểm tra; nếu đã mất, Trưởng Công an xã tạo các từ mới",
	CALENDAR_ENDS: `${it} bổ sung lịch nghỉ của năm sau`,
	LAN_DOWN: `${it} kèm dòng chữ trên`,
	TLS_ENDS: `${it} gia hạn chứng thư trước ngày hết hạn`,
	GROUP_ENDS: "gia hạn gói nhóm tại Zalo OA, hoặc đổi gói cho nhóm",
	GROUP_DISABLED: "gia hạn gói nhóm tại Zalo OA; trong lúc chờ, nhắn riêng hoặc bằng SMS",
	GROUP_DRIFT: "máy tự sửa lại; nếu vẫn còn, hỏi các phó nhóm",
	GROUP_REQUESTS: "xem từng người xin vào nhóm rồi nhận hoặc từ chối",
	GROUP_STRANGERS: "xem thành viên chưa có trong danh sách: xác nhận hoặc mời ra khỏi nhóm",
	GROUP_ACTS: "xem việc chưa xong của nhóm: yêu cầu lại hoặc xác nhận kết quả",
	PROCEDURE_EXPIRED: "đối chiếu văn bản hiện hành rồi nhờ cán bộ tin học cập nhật mục đã quá hạn",
	PROCEDURE_ENDS: "đối chiếu văn bản hiện hành rồi nhờ cán bộ tin học ghi lại ngày kiểm tra",
};

export function adviceOf(problem: Problem): string {
	return advice[problem.code] ?? problem.advice_vi;
}
