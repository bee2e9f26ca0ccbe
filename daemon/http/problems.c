/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is wrong, in words, with what to do: one table of problems and the tests that find them in
 * the status. A member that is not there (no Zalo configured, an older relay) is no problem.
 */
#include "daemon/http/resources.h"

#include "daemon/base/str.h"
#include "daemon/http/tls.h"

#define CALENDAR_DAYS_LOW \
	90 /* the next year is announced in autumn; two months are a term of law */
#define FREE_LOW_BYTES	 (INT64_C(200) * 1024 * 1024)
#define WAL_LARGE_BYTES	 (INT64_C(64) * 1024 * 1024) /* a reader that was left open */
#define SIGNAL_LOW	 20			     /* percent: sends begin to fail */
#define SIM_FULL_PERCENT 70
#define MEDIA_LOW_PART	 20 /* a twentieth is left */
#define FEED_WRONG_TIMES 2  /* once may have been an accident */
#define FEED_SILENT_S	 86400

enum problem {
	PROBLEM_NO_CHANNEL,
	PROBLEM_MODEM_DOWN,
	PROBLEM_MODEM_SWAPPED,
	PROBLEM_MODEM_NETWORK,
	PROBLEM_MODEM_SIGNAL,
	PROBLEM_MODEM_SIM_FULL,
	PROBLEM_MODEM_BALANCE,
	PROBLEM_MODEM_POWER,
	PROBLEM_CAPS_SHORT,
	PROBLEM_ZALO_NO_TOKEN,
	PROBLEM_ZALO_CONSENT,
	PROBLEM_ZALO_DOUBTFUL,
	PROBLEM_ZALO_ENDS,
	PROBLEM_ZALO_UNREACHABLE,
	PROBLEM_ZALO_REFUSED,
	PROBLEM_ZALO_GAP,
	PROBLEM_ZALO_GROUPS,
	PROBLEM_ZALO_MEDIA_FULL,
	PROBLEM_ZALO_MEDIA_LOST,
	PROBLEM_ZALO_WEBHOOK,
	PROBLEM_HTTP_SMS,
	PROBLEM_FEED_SILENT,
	PROBLEM_FEED_WRONG,
	PROBLEM_CLOCK_WRONG,
	PROBLEM_CLOCK_JUMPED,
	PROBLEM_DISK_LOW,
	PROBLEM_WAL_LARGE,
	PROBLEM_COMMITS,
	PROBLEM_QUARANTINE,
	PROBLEM_IN_DOUBT,
	PROBLEM_AUDIT_FAULT,
	PROBLEM_BACKUP_FAILED,
	PROBLEM_BACKUP_OLD,
	PROBLEM_DUTY_NOBODY,
	PROBLEM_DUTY_GAP,
	PROBLEM_ALARM_UNANSWERED,
	PROBLEM_NO_CHAIRMAN,
	PROBLEM_ONE_CHIEF,
	PROBLEM_ESCROW_UNCHECKED,
	PROBLEM_CALENDAR_ENDS,
	PROBLEM_LAN_DOWN,
	PROBLEM_TLS_ENDS,
	PROBLEM_GROUP_ENDS,
	PROBLEM_GROUP_DISABLED,
	PROBLEM_GROUP_DRIFT,
	PROBLEM_GROUP_REQUESTS,
	PROBLEM_GROUP_STRANGERS,
	PROBLEM_GROUP_ACTS,
	PROBLEM_PROCEDURE_EXPIRED,
	PROBLEM_PROCEDURE_ENDS,
};

static const struct {
	const char *code, *severity;
	const char *message, *message_vi;
	const char *advice, *advice_vi;
} problems[] = {
	[PROBLEM_NO_CHANNEL] = {"NO_CHANNEL", "alarm",
		"no modem, no SMS gateway and no Zalo account is configured: nobody can report",
		"chưa cấu hình modem, tổng đài SMS hay Zalo nào: người dân chưa gửi tin được",
		"add modems[], http_sms or zalo to the configuration and restart binhyend",
		"thêm modems[], http_sms hoặc zalo vào tệp cấu hình rồi khởi động lại binhyend"},
	[PROBLEM_MODEM_DOWN] = {"MODEM_DOWN", "alarm", "the modem does not answer",
		"modem không trả lời",
		"check its cable, power and SIM; binhyend keeps trying by itself",
		"kiểm tra dây, nguồn và SIM của modem; binhyend tự thử lại"},
	[PROBLEM_MODEM_SWAPPED] = {"MODEM_SWAPPED", "alarm",
		"another SIM or device than before: nothing is sent through this modem",
		"SIM hoặc thiết bị đã bị thay: tạm ngừng gửi qua modem này",
		"find out who changed it; if it is meant to be so: binhyenctl modem NAME accept",
		"hỏi xem ai đã thay; nếu đúng thì chạy: binhyenctl modem TÊN accept"},
	[PROBLEM_MODEM_NETWORK] = {"MODEM_NETWORK", "alarm", "the modem has no mobile network",
		"modem không có sóng di động",
		"check antenna, SIM and its credit; move the modem towards a window",
		"kiểm tra ăng-ten, SIM và tiền trong SIM; đặt modem gần cửa sổ"},
	[PROBLEM_MODEM_SIGNAL] = {"MODEM_SIGNAL", "warning", "the signal is weak", "sóng yếu",
		"move the antenna higher or towards a window",
		"đặt ăng-ten cao hơn hoặc gần cửa sổ"},
	[PROBLEM_MODEM_SIM_FULL] = {"MODEM_SIM_FULL", "warning", "the SIM is filling with messages",
		"SIM sắp đầy tin nhắn",
		"binhyend empties it as it commits; look at the disk and the log if it stays so",
		"binhyend tự xóa khi đã lưu; nếu vẫn đầy, xem đĩa và nhật ký"},
	[PROBLEM_MODEM_BALANCE] = {"MODEM_BALANCE", "alarm", "the SIM has little credit left",
		"SIM sắp hết tiền",
		"top it up; then: binhyenctl modem NAME ussd CODE shows the balance",
		"nạp tiền cho SIM; sau đó xem số dư: binhyenctl modem TÊN ussd MÃ"},
	[PROBLEM_MODEM_POWER] = {"MODEM_POWER", "warning",
		"binhyend may not take this modem off the USB bus, should it hang",
		"binhyend không có quyền tắt bật cổng USB của modem khi modem treo",
		"replug it, so that the udev rule 61-binhyen-modem.rules runs, or set "
		"modems[].power_command",
		"rút ra cắm lại để quy tắc udev 61-binhyen-modem.rules chạy, hoặc đặt "
		"modems[].power_command"},
	[PROBLEM_CAPS_SHORT] = {"CAPS_SHORT", "warning",
		"the caps of the SIMs let some messages not go before they expire",
		"hạn mức của SIM không đủ: có tin sẽ quá hạn trước khi gửi được",
		"tell people by Zalo, loudspeaker or visit, add a modem, or send through an aggregator "
		"(http_sms); raise modems[].caps only if your contract allows it",
		"báo bằng Zalo, loa hoặc đến tận nhà, thêm modem, hoặc gửi qua tổng đài (http_sms); chỉ "
		"nâng modems[].caps khi hợp đồng cho phép"},
	[PROBLEM_ZALO_NO_TOKEN] = {"ZALO_NO_TOKEN", "alarm", "Zalo has no access token yet",
		"chưa có mã truy cập Zalo",
		"an administrator of the OA runs: binhyenctl zalo login (or fetches a token pair in "
		"Zalo's API Explorer: binhyenctl zalo set-token)",
		"quản trị viên OA chạy: binhyenctl zalo login (hoặc lấy mã trong API Explorer của Zalo "
		"rồi chạy: binhyenctl zalo set-token)"},
	[PROBLEM_ZALO_CONSENT] = {"ZALO_CONSENT", "alarm",
		"Zalo refuses our tokens: consent must be given again",
		"Zalo từ chối mã truy cập: phải cấp quyền lại cho OA",
		"an administrator of the OA runs: binhyenctl zalo login (or fetches a token pair in "
		"Zalo's API Explorer: binhyenctl zalo set-token)",
		"quản trị viên OA chạy: binhyenctl zalo login (hoặc lấy mã trong API Explorer của Zalo "
		"rồi chạy: binhyenctl zalo set-token)"},
	[PROBLEM_ZALO_DOUBTFUL] = {"ZALO_DOUBTFUL", "warning",
		"the last renewal of the Zalo token had no answer",
		"lần gia hạn mã Zalo gần nhất chưa có kết quả",
		"wait; if it becomes ZALO_CONSENT: binhyenctl zalo login",
		"chờ thêm; nếu thành ZALO_CONSENT thì chạy: binhyenctl zalo login"},
	[PROBLEM_ZALO_ENDS] = {"ZALO_ENDS", "alarm",
		"Zalo's consent ends within two weeks unless the token can be renewed",
		"quyền truy cập Zalo sẽ hết trong hai tuần nữa nếu không gia hạn được",
		"bring the machine on the internet before that day; afterwards an administrator of "
		"the OA must consent anew: binhyenctl zalo login",
		"nối Internet cho máy trước ngày đó; quá hạn thì quản trị viên OA phải cấp quyền lại: "
		"binhyenctl zalo login"},
	[PROBLEM_ZALO_UNREACHABLE] = {"ZALO_UNREACHABLE", "alarm",
		"Zalo is not reachable; duty officers are told by SMS meanwhile",
		"không kết nối được Zalo; trong lúc này trực ban được báo bằng SMS",
		"check the internet connection; binhyend resumes by itself",
		"kiểm tra đường truyền Internet; binhyend tự nối lại"},
	[PROBLEM_ZALO_REFUSED] = {"ZALO_REFUSED", "alarm",
		"Zalo answers, but refuses to hand over messages",
		"Zalo có trả lời nhưng từ chối giao tin",
		"the subject is its reason; check zalo.app_secret, and the permissions and the "
		"package of the OA at Zalo; binhyend resumes by itself",
		"lý do ghi ở trên; kiểm tra zalo.app_secret, quyền và gói dịch vụ của OA; binhyend tự "
		"nối lại"},
	[PROBLEM_ZALO_GAP] = {"ZALO_GAP", "alarm",
		"the connection was away longer than Zalo's lists go back: tips may be lost",
		"mất kết nối lâu hơn thời gian Zalo lưu danh sách tin: có thể thiếu tin của người dân",
		"binhyenctl zalo gaps shows the time; look in the inbox of the OA (oa.zalo.me), then: "
		"binhyenctl zalo gap ID seen",
		"xem khoảng thời gian bằng binhyenctl zalo gaps; kiểm tra hộp thư OA (oa.zalo.me), rồi "
		"chạy: binhyenctl zalo gap ID seen"},
	[PROBLEM_ZALO_GROUPS] = {"ZALO_GROUPS", "warning",
		"Zalo does not let the groups be read: what residents write there does not arrive",
		"Zalo không cho đọc tin trong nhóm: tin người dân viết trong nhóm không về máy",
		"the subject is its reason; check package and permissions of the OA, or set zalo.groups "
		"to \"ignore\" if there are no groups",
		"lý do ghi ở trên; kiểm tra gói dịch vụ và quyền của OA, hoặc đặt zalo.groups thành "
		"\"ignore\" nếu không có nhóm"},
	[PROBLEM_ZALO_MEDIA_FULL] = {"ZALO_MEDIA_FULL", "alarm",
		"the room for pictures and files that came by Zalo is nearly used up",
		"sắp hết chỗ dành cho hình ảnh và tệp gửi qua Zalo",
		"raise zalo.media.disk_mb if the disk has room; until then new ones wait, at most two "
		"days",
		"nếu đĩa còn chỗ, tăng zalo.media.disk_mb; trong lúc đó tệp mới phải chờ, nhiều nhất hai "
		"ngày"},
	[PROBLEM_ZALO_MEDIA_LOST] = {"ZALO_MEDIA_LOST", "warning",
		"some pictures or files of the last seven days could not be fetched",
		"có hình ảnh hoặc tệp trong bảy ngày qua không tải được",
		"their reports say which and why; look in the inbox of the OA while Zalo keeps them",
		"xem lý do trong từng tin báo; mở hộp thư OA để xem khi Zalo còn lưu"},
	[PROBLEM_ZALO_WEBHOOK] = {"ZALO_WEBHOOK", "warning",
		"the webhook drops what comes, since zalo.oa_secret is missing",
		"webhook đang bỏ qua mọi cuộc gọi vì thiếu zalo.oa_secret",
		"copy the secret key of the Official Account from the webhook page of "
		"developers.zalo.me to the file zalo.oa_secret and restart binhyend; messages come by "
		"asking meanwhile",
		"chép khóa bí mật của OA ở trang webhook trên developers.zalo.me vào tệp zalo.oa_secret "
		"rồi khởi động lại binhyend; trong lúc đó tin vẫn về bằng cách hỏi định kỳ"},
	[PROBLEM_HTTP_SMS] = {"HTTP_SMS", "alarm", "the SMS gateway takes no messages",
		"tổng đài SMS không nhận tin",
		"see the error in the status; binhyend keeps what waits and tries again by itself",
		"xem lỗi trong trạng thái; binhyend giữ tin đang chờ và tự thử lại"},
	[PROBLEM_FEED_SILENT] = {"FEED_SILENT", "warning",
		"an official source was not reached for a day: its warnings do not arrive",
		"một ngày rồi không đọc được nguồn tin chính thức: cảnh báo của nguồn không về máy",
		"binhyenctl feeds shows the reason; check the internet connection and feeds[].url",
		"xem lý do bằng binhyenctl feeds; kiểm tra đường truyền Internet và feeds[].url"},
	[PROBLEM_FEED_WRONG] = {"FEED_WRONG", "warning",
		"an official source answers with something that cannot be read as a feed",
		"nguồn tin chính thức trả về nội dung không đọc được",
		"binhyenctl feeds shows the reason; look at the address in a browser, then mend "
		"feeds[].url or feeds[].format",
		"xem lý do bằng binhyenctl feeds; mở địa chỉ bằng trình duyệt, rồi sửa feeds[].url "
		"hoặc feeds[].format"},
	[PROBLEM_CLOCK_WRONG] = {"CLOCK_WRONG", "alarm", "the clock of this machine is wrong",
		"đồng hồ của máy sai",
		"set it (timedatectl set-time) or give the machine NTP, and a new battery if it keeps "
		"happening; times in reports are those of the network meanwhile",
		"chỉnh lại giờ (timedatectl set-time) hoặc bật NTP, thay pin CMOS nếu còn lặp lại"},
	[PROBLEM_CLOCK_JUMPED] = {"CLOCK_JUMPED", "warning",
		"the clock of this machine was set by more than an hour",
		"đồng hồ của máy vừa bị chỉnh lệch hơn một giờ",
		"check the date; what was waiting to be sent still waits as long as before",
		"kiểm tra lại ngày giờ; tin đang chờ gửi không bị ảnh hưởng"},
	[PROBLEM_DISK_LOW] = {"DISK_LOW", "alarm", "the disk is nearly full", "đĩa sắp đầy",
		"free some room; when it is full, messages stay on the SIM",
		"giải phóng chỗ trên đĩa; khi đĩa đầy, tin nằm lại trên SIM"},
	[PROBLEM_WAL_LARGE] = {"WAL_LARGE", "warning",
		"the write-ahead log of the database does not shrink",
		"nhật ký ghi của cơ sở dữ liệu không nhỏ lại",
		"end the program that keeps the database open, or restart binhyend",
		"đóng chương trình đang mở cơ sở dữ liệu, hoặc khởi động lại binhyend"},
	[PROBLEM_COMMITS] = {"COMMITS", "warning", "some writes failed since the daemon started",
		"có lần ghi đĩa không thành công từ khi khởi động",
		"look at the turn lines of journalctl -u binhyend and at the disk's health",
		"xem các dòng turn trong journalctl -u binhyend và kiểm tra đĩa"},
	[PROBLEM_QUARANTINE] = {"QUARANTINE", "warning",
		"some messages could not be handled and are kept aside",
		"có tin không xử lý được, đang được giữ riêng",
		"nothing is lost; tell whoever maintains binhyen, with the quarantine lines of the log",
		"không mất tin; báo người bảo trì kèm các dòng quarantine trong nhật ký"},
	[PROBLEM_IN_DOUBT] = {"IN_DOUBT", "warning",
		"of some messages it is unknown whether they went out",
		"có tin chưa rõ đã gửi được hay chưa",
		"see binhyenctl outbox; ask the recipient where it matters, then: binhyenctl outbox ID "
		"settle sent|failed|again",
		"xem binhyenctl outbox; nếu cần, hỏi người nhận rồi chạy: binhyenctl outbox ID settle "
		"sent|failed|again"},
	[PROBLEM_AUDIT_FAULT] = {"AUDIT_FAULT", "alarm",
		"the log of events is not what it was: rows were changed, cut off or put back",
		"nhật ký sự kiện không còn nguyên vẹn: có dòng bị sửa, bị cắt hoặc bị thay bằng bản cũ",
		"keep the machine as it is, tell the chief; binhyenctl audit faults tells where",
		"giữ nguyên máy, báo chỉ huy; xem chỗ hỏng bằng binhyenctl audit faults"},
	[PROBLEM_BACKUP_FAILED] = {"BACKUP_FAILED", "warning", "the last backup failed",
		"lần sao lưu gần nhất không thành",
		"mend what is said there, then: binhyenctl backups make; binhyend tries again by "
		"itself",
		"khắc phục lý do ghi ở trên rồi chạy: binhyenctl backups make; máy cũng tự thử lại"},
	[PROBLEM_BACKUP_OLD] = {"BACKUP_OLD", "alarm",
		"for more than two days no backup of the database was made",
		"đã quá hai ngày chưa có bản sao lưu cơ sở dữ liệu mới",
		"binhyenctl backups shows why; binhyenctl backups make makes one now",
		"xem lý do: binhyenctl backups; sao lưu ngay: binhyenctl backups make"},
	[PROBLEM_DUTY_NOBODY] = {"DUTY_NOBODY", "alarm",
		"nobody is on duty who could be rung: dangers ring every officer at once",
		"hiện không có ai trực có thể nhận báo động: báo động được gửi ngay đến mọi cán bộ",
		"give the officers their phones and mend the roster: binhyenctl roster export, then "
		"binhyenctl roster import",
		"nhập số điện thoại của cán bộ và sửa lịch trực: binhyenctl roster export, rồi "
		"binhyenctl roster import"},
	[PROBLEM_DUTY_GAP] = {"DUTY_GAP", "warning",
		"the roster has hours in the next days when nobody is on duty",
		"lịch trực những ngày tới có giờ không có ai trực",
		"binhyenctl duty tells when; mend the roster before",
		"xem bằng binhyenctl duty và bổ sung lịch trực"},
	[PROBLEM_ALARM_UNANSWERED] = {"ALARM_UNANSWERED", "alarm",
		"an alarm of the last day was answered by nobody",
		"có báo động trong 24 giờ qua chưa có ai nhận",
		"read the report, then: binhyenctl duty alarms, binhyenctl duty take NUMBER",
		"xem tin báo, rồi: binhyenctl duty alarms, binhyenctl duty take SỐ"},
	[PROBLEM_NO_CHAIRMAN] = {"NO_CHAIRMAN", "warning",
		"the chairman of the people's committee has no account: a report about the chief of "
		"police would have no reader",
		"Chủ tịch UBND xã chưa có tài khoản: tin phản ánh về Trưởng Công an xã sẽ không có ai "
		"đọc được",
		"the chief runs: binhyenctl officer add NAME chairman NAME-OR-POST; the chairman then: "
		"binhyenctl enrol NAME",
		"Trưởng Công an xã chạy: binhyenctl officer add TÊN chairman HỌ-TÊN; Chủ tịch chạy: "
		"binhyenctl enrol TÊN"},
	[PROBLEM_ONE_CHIEF] = {"ONE_CHIEF", "warning",
		"one chief alone can log in: if he loses passphrase or phone, only the words in the safe "
		"bring him back",
		"chỉ có một tài khoản cấp trưởng: nếu mất mật khẩu hoặc điện thoại thì chỉ còn các từ "
		"trong két mới khôi phục được",
		"keep the words in the safe; where a second chief is right: binhyenctl officer add NAME "
		"chief NAME-OR-POST",
		"giữ kỹ tờ giấy trong két; nếu phù hợp thì thêm tài khoản trưởng thứ hai: binhyenctl "
		"officer add TÊN chief HỌ-TÊN"},
	[PROBLEM_ESCROW_UNCHECKED] = {"ESCROW_UNCHECKED", "warning",
		"nobody has shown yet that the words for the safe were written down right: without "
		"them reports can be lost for ever",
		"chưa có ai kiểm tra tờ giấy ghi các từ khôi phục trong két: mất chúng thì có thể mất "
		"hẳn các tin đã nhận",
		"take the sheet and run: binhyenctl escrow check; if it is lost, the chief draws new "
		"words: binhyenctl escrow new",
		"lấy tờ giấy ra và chạy: binhyenctl escrow check; nếu đã mất, Trưởng Công an xã tạo từ "
		"mới: binhyenctl escrow new"},
	[PROBLEM_CALENDAR_ENDS] = {"CALENDAR_ENDS", "alarm",
		"the calendar of working days ends soon: after it terms are counted without the "
		"holidays of Tết",
		"lịch ngày làm việc sắp hết năm có dữ liệu: sau đó thời hạn tính thiếu ngày nghỉ Tết",
		"add the next years to a copy of calendar/vn.json and name it in law.calendar: "
		"binhyen.json(5)",
		"bổ sung các năm tiếp theo vào một bản sao của calendar/vn.json, khai báo ở "
		"law.calendar"},
	[PROBLEM_LAN_DOWN] = {"LAN_DOWN", "alarm",
		"the officers' page is not served on the network",
		"trang làm việc của cán bộ chưa mở được trên mạng nội bộ",
		"the subject says why; mend http.listen, http.redirect_listen, http.certificate or "
		"http.key; an address that appears later is tried again every minute",
		"lý do ghi ở trên; sửa http.listen, http.redirect_listen, http.certificate hoặc "
		"http.key; máy tự thử lại mỗi phút"},
	[PROBLEM_TLS_ENDS] = {"TLS_ENDS", "warning",
		"the certificate that was given for the officers' page ends soon",
		"chứng thư đã cài cho trang làm việc của cán bộ sắp hết hạn",
		"renew the files of http.certificate and http.key; binhyend reads them again by itself",
		"gia hạn tệp http.certificate và http.key; binhyend tự đọc lại"},
	[PROBLEM_GROUP_ENDS] = {"GROUP_ENDS", "alarm",
		"the package of a Zalo group ends soon: it will be locked, and dissolved after 45 days",
		"gói của một nhóm Zalo sắp hết hạn: nhóm sẽ bị khóa và sau 45 ngày bị giải tán",
		"renew the package at Zalo, or give the group another: binhyenctl group N asset ASSET",
		"gia hạn gói tại Zalo, hoặc đổi gói cho nhóm: binhyenctl group N asset GÓI"},
	[PROBLEM_GROUP_DISABLED] = {"GROUP_DISABLED", "alarm",
		"a Zalo group is locked because its package is over: nothing can be sent to it",
		"một nhóm Zalo bị khóa vì gói hết hạn: không gửi được tin vào nhóm",
		"see binhyenctl groups for the day when it is dissolved; binhyenctl group N asset ASSET",
		"xem ngày bị giải tán: binhyenctl groups; đổi gói: binhyenctl group N asset GÓI"},
	[PROBLEM_GROUP_DRIFT] = {"GROUP_DRIFT", "warning",
		"somebody changed the settings of a Zalo group",
		"có người đã thay đổi cài đặt của một nhóm Zalo",
		"binhyend changes them back by itself; if it stays so, ask the deputies of the group",
		"binhyend tự sửa lại; nếu vẫn còn, hỏi các phó nhóm"},
	[PROBLEM_GROUP_REQUESTS] = {"GROUP_REQUESTS", "warning",
		"people ask to join a Zalo group and are on no list",
		"có người xin vào nhóm Zalo nhưng chưa có trong danh sách",
		"binhyenctl group N requests, then accept or reject each",
		"xem binhyenctl group N requests, rồi accept hoặc reject từng người"},
	[PROBLEM_GROUP_STRANGERS] = {"GROUP_STRANGERS", "warning",
		"members of Zalo groups are on no list of their place",
		"nhóm Zalo có thành viên không có trong danh sách địa bàn",
		"binhyenctl group N members; then confirm or remove each, or import a newer list",
		"xem binhyenctl group N members; rồi confirm hoặc remove, hoặc nhập danh sách mới"},
	[PROBLEM_GROUP_ACTS] = {"GROUP_ACTS", "warning",
		"something that was ordered for a Zalo group failed or is in doubt",
		"có việc đã yêu cầu cho nhóm Zalo không thành hoặc chưa rõ kết quả",
		"binhyenctl group N acts shows why; order it again, or settle it",
		"xem lý do: binhyenctl group N acts; yêu cầu lại hoặc xác nhận kết quả"},
	[PROBLEM_PROCEDURE_EXPIRED] = {"PROCEDURE_EXPIRED", "alarm",
		"answers on procedures have expired: residents read that they may be out of date",
		"có mục trả lời thủ tục đã quá hạn: người dân được nhắc là nội dung có thể đã cũ",
		"binhyenctl procedures shows which; check them against the law, mend their files in "
		"procedures.directory and restart binhyend",
		"xem bằng binhyenctl procedures; đối chiếu văn bản, sửa tệp trong "
		"procedures.directory rồi khởi động lại binhyend"},
	[PROBLEM_PROCEDURE_ENDS] = {"PROCEDURE_ENDS", "warning",
		"answers on procedures expire within a month",
		"có mục trả lời thủ tục sẽ quá hạn trong một tháng nữa",
		"binhyenctl procedures shows which; check them against the law and set \"checked\" and "
		"\"expires\" anew",
		"xem bằng binhyenctl procedures; đối chiếu văn bản rồi ghi lại \"checked\" và "
		"\"expires\""},
};

/* since: a time as text; NULL or null: nobody knows. */
static void add_since(json_t *list, enum problem which, const char *subject, const json_t *since)
{
	json_array_append_new(list,
		json_pack("{s:s, s:s, s:s?, s:s?, s:s, s:s, s:s, s:s}", "code",
			problems[which].code, "severity", problems[which].severity, "subject",
			subject, "since", json_string_value(since), "message",
			problems[which].message, "message_vi", problems[which].message_vi, "advice",
			problems[which].advice, "advice_vi", problems[which].advice_vi));
}

static void add(json_t *list, enum problem which, const char *subject)
{
	add_since(list, which, subject, NULL);
}

static int64_t number(const json_t *object, const char *key, int64_t absent)
{
	const json_t *value = json_object_get(object, key);

	return json_is_integer(value) ? json_integer_value(value) : absent;
}

static const char *text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "";
}

static void find_modem(json_t *list, const json_t *modem)
{
	const char *name = text(modem, "name"), *network = text(modem, "network");
	int64_t signal = number(modem, "signal", -1), size = number(modem, "sim_size", -1);

	if (str_eq(text(json_object_get(modem, "power"), "way"), "denied"))
		add(list, PROBLEM_MODEM_POWER, name);
	if (!str_eq(text(modem, "phase"), "ready")) {
		add_since(list, PROBLEM_MODEM_DOWN, name, json_object_get(modem, "last_good"));
		return;
	}
	if (text(modem, "swapped")[0])
		add(list, PROBLEM_MODEM_SWAPPED, name);
	if (str_eq(network, "searching") || str_eq(network, "denied") || str_eq(network, "none"))
		add_since(
			list, PROBLEM_MODEM_NETWORK, name, json_object_get(modem, "last_network"));
	else if (signal >= 0 && signal < SIGNAL_LOW)
		add(list, PROBLEM_MODEM_SIGNAL, name);
	if (json_is_true(json_object_get(modem, "balance_low")))
		add(list, PROBLEM_MODEM_BALANCE, name);
	if (size > 0 && number(modem, "sim_used", 0) * 100 >= size * SIM_FULL_PERCENT)
		add(list, PROBLEM_MODEM_SIM_FULL, name);
}

static void find_receive(json_t *list, const json_t *receive)
{
	const json_t *media = json_object_get(receive, "media");
	int64_t most = number(media, "bytes_max", 0);

	if (number(receive, "gaps", 0) > 0)
		add(list, PROBLEM_ZALO_GAP, NULL);
	if (text(receive, "groups_error")[0])
		add(list, PROBLEM_ZALO_GROUPS, text(receive, "groups_error"));
	if (most > 0 && number(media, "bytes", 0) >= most - most / MEDIA_LOW_PART)
		add(list, PROBLEM_ZALO_MEDIA_FULL, NULL);
	if (number(media, "failed_7_days", 0) > 0)
		add(list, PROBLEM_ZALO_MEDIA_LOST, NULL);
	if (json_is_false(json_object_get(json_object_get(receive, "webhook"), "has_secret")))
		add(list, PROBLEM_ZALO_WEBHOOK, NULL);
}

/* The same with the reason that was found out, and what helps against that. */
static void add_because(json_t *list, enum problem which, const json_t *because)
{
	json_t *problem;

	add(list, which, NULL);
	problem = json_array_get(list, json_array_size(list) - 1);
	if (!text(because, "message")[0])
		return;
	json_object_set_new(problem, "message",
		json_sprintf("%s (%s)", problems[which].message, text(because, "message")));
	json_object_set_new(problem, "message_vi",
		json_sprintf("%s (%s)", problems[which].message_vi, text(because, "message_vi")));
	if (number(because, "since", 0) > 0)
		json_object_set_new(problem, "since", json_time(number(because, "since", 0)));
	json_object_set(problem, "advice", json_object_get(because, "advice"));
	json_object_set(problem, "advice_vi", json_object_get(because, "advice_vi"));
}

static void find_zalo(json_t *list, const json_t *zalo)
{
	const char *state = text(zalo, "state");

	if (str_eq(state, "no_token"))
		add(list, PROBLEM_ZALO_NO_TOKEN, NULL);
	else if (str_eq(state, "needs_consent"))
		add(list, PROBLEM_ZALO_CONSENT, NULL);
	else if (str_eq(state, "doubtful"))
		add(list, PROBLEM_ZALO_DOUBTFUL, NULL);
	else if (json_is_true(json_object_get(zalo, "ends_soon")))
		add(list, PROBLEM_ZALO_ENDS, text(zalo, "refresh_expires_text"));
	if (json_is_false(json_object_get(zalo, "reachable")))
		add_because(list, PROBLEM_ZALO_UNREACHABLE, json_object_get(zalo, "link"));
	else if (str_eq(state, "ok") && text(zalo, "error")[0])
		add(list, PROBLEM_ZALO_REFUSED, text(zalo, "error"));
	find_receive(list, json_object_get(zalo, "receive"));
}

static void find_clock(json_t *list, const json_t *clock)
{
	if (str_eq(text(clock, "trust"), "wrong"))
		add(list, PROBLEM_CLOCK_WRONG, NULL);
	if (number(clock, "recent_jump_s", 0) != 0)
		add(list, PROBLEM_CLOCK_JUMPED, NULL);
}

static void find_store(json_t *list, const json_t *store)
{
	if (number(store, "free_bytes", FREE_LOW_BYTES) < FREE_LOW_BYTES)
		add(list, PROBLEM_DISK_LOW, NULL);
	if (number(store, "wal_bytes", 0) > WAL_LARGE_BYTES)
		add(list, PROBLEM_WAL_LARGE, NULL);
	if (number(store, "commit_failures", 0) > 0)
		add(list, PROBLEM_COMMITS, NULL);
	if (number(store, "quarantine", 0) > 0)
		add(list, PROBLEM_QUARANTINE, NULL);
}

static void find_groups(json_t *list, const json_t *groups)
{
	char subject[32];
	int64_t days = number(groups, "ending_days", -1);

	if (days >= 0) {
		snprintf(subject, sizeof(subject), "%lld days", (long long)days);
		add(list, PROBLEM_GROUP_ENDS, subject);
	}
	if (number(groups, "disabled", 0) > 0)
		add(list, PROBLEM_GROUP_DISABLED, NULL);
	if (number(groups, "drift", 0) > 0)
		add(list, PROBLEM_GROUP_DRIFT, NULL);
	if (number(groups, "requests", 0) > 0)
		add(list, PROBLEM_GROUP_REQUESTS, NULL);
	if (number(groups, "strangers", 0) > 0)
		add(list, PROBLEM_GROUP_STRANGERS, NULL);
	if (number(groups, "acts_in_doubt", 0) + number(groups, "acts_failed", 0) > 0)
		add(list, PROBLEM_GROUP_ACTS, NULL);
}

static void find_backup(json_t *list, const json_t *backup)
{
	const char *state = text(backup, "state");
	const json_t *since = json_object_get(backup, "last_good_at");
	json_t *problem;

	if (json_is_true(json_object_get(backup, "is_old")))
		add_since(list, PROBLEM_BACKUP_OLD, NULL, since);
	if (!str_eq(state, "failed"))
		return;
	add_since(list, PROBLEM_BACKUP_FAILED, text(backup, "fault"), since);
	problem = json_array_get(list, json_array_size(list) - 1);
	json_object_set_new(problem, "message",
		json_sprintf(
			"%s: %s", problems[PROBLEM_BACKUP_FAILED].message, text(backup, "why")));
	json_object_set_new(problem, "message_vi",
		json_sprintf("%s: %s", problems[PROBLEM_BACKUP_FAILED].message_vi,
			text(backup, "why_vi")));
}

static void find_duty(json_t *list, const json_t *duty)
{
	const json_t *gaps = json_object_get(duty, "gaps");

	if (json_is_true(json_object_get(duty, "is_nobody")))
		add(list, PROBLEM_DUTY_NOBODY, NULL);
	else if (json_array_size(gaps))
		add(list, PROBLEM_DUTY_GAP, text(json_array_get(gaps, 0), "from"));
	if (number(duty, "alarms_unanswered", 0) > 0)
		add(list, PROBLEM_ALARM_UNANSWERED, NULL);
}

static void find_feeds(json_t *list, const json_t *feeds)
{
	const json_t *feed;
	size_t i;

	json_array_foreach (feeds, i, feed) {
		const char *error = text(feed, "error");

		if (number(feed, "failures", 0) < FEED_WRONG_TIMES)
			continue;
		if (str_eq(error, "document") || str_eq(error, "moved") ||
			str_eq(error, "status") || str_eq(error, "too_big"))
			add(list, PROBLEM_FEED_WRONG, text(feed, "name"));
		/* One that never was read counts from its first failures on. */
		else if (number(feed, "silent_s", FEED_SILENT_S) >= FEED_SILENT_S)
			add(list, PROBLEM_FEED_SILENT, text(feed, "name"));
	}
}

static void find_procedures(json_t *list, const json_t *procedures)
{
	if (number(procedures, "expired", 0) > 0)
		add(list, PROBLEM_PROCEDURE_EXPIRED, text(procedures, "first"));
	if (number(procedures, "ends_soon", 0) > 0)
		add(list, PROBLEM_PROCEDURE_ENDS, NULL);
}

static void find_officers(json_t *list, const json_t *officers)
{
	if (!json_is_true(json_object_get(officers, "is_claimed")))
		return;
	if (!number(officers, "chairmen", 1))
		add(list, PROBLEM_NO_CHAIRMAN, NULL);
	if (number(officers, "chiefs", 2) < 2)
		add(list, PROBLEM_ONE_CHIEF, NULL);
	if (json_is_false(json_object_get(officers, "is_escrow_checked")))
		add(list, PROBLEM_ESCROW_UNCHECKED, NULL);
}

static void find_lan(json_t *list, const json_t *lan)
{
	const json_t *certificate = json_object_get(lan, "certificate");
	char subject[32];

	if (text(lan, "error")[0])
		add(list, PROBLEM_LAN_DOWN, text(lan, "error"));
	if (!json_is_false(json_object_get(certificate, "is_own")) ||
		number(certificate, "days", TLS_WARN_DAYS) >= TLS_WARN_DAYS)
		return;
	snprintf(subject, sizeof(subject), "%lld days", (long long)number(certificate, "days", 0));
	add(list, PROBLEM_TLS_ENDS, subject);
}

json_t *problems_find(const json_t *status)
{
	const json_t *modems = json_object_get(status, "modems");
	const json_t *zalo = json_object_get(status, "zalo");
	const json_t *sms = json_object_get(status, "http_sms");
	json_t *list = json_array();

	/* Without "modems" nobody has said anything about channels. */
	if (json_is_array(modems) && json_array_size(modems) == 0 && !json_is_object(zalo) &&
		!json_is_object(sms))
		add(list, PROBLEM_NO_CHANNEL, NULL);
	for (size_t i = 0; i < json_array_size(modems); i++)
		find_modem(list, json_array_get(modems, i));
	if (number(json_object_get(status, "caps"), "short", 0) > 0)
		add(list, PROBLEM_CAPS_SHORT, NULL);
	if (json_is_object(zalo))
		find_zalo(list, zalo);
	if (json_is_false(json_object_get(sms, "reachable")))
		add(list, PROBLEM_HTTP_SMS, NULL);
	find_lan(list, json_object_get(status, "lan"));
	find_clock(list, json_object_get(status, "clock"));
	find_store(list, json_object_get(status, "store"));
	if (number(json_object_get(status, "outbox"), "IN_DOUBT", 0) > 0)
		add(list, PROBLEM_IN_DOUBT, NULL);
	find_feeds(list, json_object_get(status, "feeds"));
	find_duty(list, json_object_get(status, "duty"));
	if (number(json_object_get(status, "audit"), "faults", 0) > 0)
		add(list, PROBLEM_AUDIT_FAULT, NULL);
	find_backup(list, json_object_get(status, "backup"));
	find_officers(list, json_object_get(status, "officers"));
	if (number(json_object_get(status, "law"), "calendar_days", CALENDAR_DAYS_LOW) <
		CALENDAR_DAYS_LOW)
		add(list, PROBLEM_CALENDAR_ENDS, NULL);
	find_groups(list, json_object_get(status, "groups"));
	find_procedures(list, json_object_get(status, "procedures"));
	return list;
}
