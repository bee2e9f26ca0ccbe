/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/net_fault.h"

#include "daemon/base/base.h"

#define LINE_EN "check cable, Wi-Fi or the data SIM of the router; binhyend resumes by itself"
#define LINE_VI "kiểm tra dây mạng, Wi-Fi hoặc SIM dữ liệu của bộ phát; binhyend tự nối lại"
#define WAIT_EN \
	"wait; if it lasts, check the router and ask the provider; binhyend resumes by itself"
#define WAIT_VI	   "chờ thêm; nếu kéo dài, kiểm tra bộ phát và hỏi nhà mạng; binhyend tự nối lại"
#define PORTAL_EN  "log in to that network in a browser, or use another one; pay the provider's bill"
#define PORTAL_VI  "mở trình duyệt để đăng nhập mạng, hoặc dùng mạng khác; kiểm tra cước Internet"
#define SERVICE_EN "nothing to do here: it is Zalo's side; binhyend resumes by itself"
#define SERVICE_VI "không phải lỗi của trụ sở; binhyend tự nối lại khi Zalo hoạt động"

static const struct net_fault_text texts[NET_FAULT_COUNT] = {
	[NET_NONE] = {"", "", "", "", ""},
	[NET_NO_ROUTE] = {"no_route", "no network: this machine has no way out", LINE_EN,
		"máy không có mạng", LINE_VI},
	[NET_DNS] = {"dns", "name not resolved (DNS or line down)",
		"check the line, then the DNS server of the machine (resolvectl status)",
		"không tra được tên máy chủ (DNS hoặc đường truyền hỏng)",
		"kiểm tra đường truyền, sau đó máy chủ DNS (resolvectl status)"},
	[NET_DNS_SILENT] = {"dns_silent", "the DNS server does not answer",
		"check the line, then the DNS server of the machine (resolvectl status)",
		"máy chủ DNS không trả lời",
		"kiểm tra đường truyền, sau đó máy chủ DNS (resolvectl status)"},
	[NET_REFUSED] = {"refused", "no connection: it was refused", WAIT_EN, "kết nối bị từ chối",
		WAIT_VI},
	[NET_CONNECT_SILENT] = {"connect_silent", "no connection in time: packets get lost",
		WAIT_EN, "không nối được: gói tin bị mất trên đường", WAIT_VI},
	[NET_IPV6_ONLY] = {"ipv6_only", "no connection: only IPv6 was there, and it leads nowhere",
		"switch IPv4 on in the router, or IPv6 off; ask the provider",
		"không nối được: mạng chỉ có IPv6 và không ra được Internet",
		"bật IPv4 (hoặc tắt IPv6) trên bộ phát; hỏi nhà mạng"},
	[NET_CLOCK_BEHIND] = {"clock_behind",
		"TLS certificate not valid yet: is the clock of this machine behind?",
		"compare the date (timedatectl), set it: timedatectl set-time; change the battery "
		"if it happens again",
		"đồng hồ của máy chạy chậm (sai ngày), nên không tin được máy chủ Zalo",
		"xem ngày giờ (timedatectl), chỉnh lại: timedatectl set-time; thay pin CMOS nếu lặp "
		"lại"},
	[NET_CLOCK_AHEAD] = {"clock_ahead",
		"TLS certificate expired: is the clock of this machine ahead?",
		"compare the date (timedatectl), set it: timedatectl set-time; if it is right, it "
		"is Zalo's side or a portal",
		"đồng hồ của máy chạy nhanh (sai ngày), hoặc chứng thư của máy chủ đã hết hạn",
		"xem ngày giờ (timedatectl), chỉnh lại: timedatectl set-time; nếu giờ đúng thì lỗi ở "
		"phía mạng"},
	[NET_OTHER_HOST] = {"other_host",
		"another server answers with its own certificate: a log-in page, or somebody listens",
		PORTAL_EN,
		"máy chủ khác trả lời thay Zalo: trang đăng nhập mạng, hoặc bị chặn giữa đường",
		PORTAL_VI},
	[NET_UNTRUSTED] = {"untrusted",
		"TLS certificate not trusted: a log-in page, or somebody listens", PORTAL_EN,
		"chứng thư không đáng tin: trang đăng nhập mạng, hoặc bị chặn giữa đường",
		PORTAL_VI},
	[NET_NO_ROOTS] = {"no_roots", "no list of certificate authorities (ca-certificates)",
		"install it: apt install ca-certificates", "máy thiếu danh sách chứng thư gốc",
		"cài đặt: apt install ca-certificates"},
	[NET_TLS] = {"tls", "TLS handshake failed", WAIT_EN, "không thiết lập được kênh bảo mật",
		WAIT_VI},
	[NET_TLS_SILENT] = {"tls_silent", "connected, but the TLS handshake got no answer", WAIT_EN,
		"đã nối nhưng kênh bảo mật không được trả lời", WAIT_VI},
	[NET_PORTAL] = {"portal", "a log-in page answers instead of Zalo (captive portal)",
		PORTAL_EN, "trang đăng nhập mạng trả lời thay Zalo", PORTAL_VI},
	[NET_NOT_HTTP] = {"not_http", "reply is not HTTP", WAIT_EN,
		"có trả lời nhưng không phải giao thức web", WAIT_VI},
	[NET_BROKEN] = {"broken", "connection broke", WAIT_EN, "kết nối bị đứt giữa chừng",
		WAIT_VI},
	[NET_SILENT] = {"silent", "no answer in time", WAIT_EN,
		"đã hỏi nhưng không có trả lời kịp lúc", WAIT_VI},
	[NET_SERVICE] = {"service", "the service is down (HTTP 5xx)", SERVICE_EN,
		"dịch vụ Zalo đang gặp sự cố", SERVICE_VI},
	[NET_FOREIGN] = {"foreign", "the reply is not the API's",
		"check zalo.api_url; a proxy or a portal may stand between",
		"trả lời không phải của Zalo",
		"kiểm tra zalo.api_url; có thể có máy trung gian chặn giữa đường"},
	[NET_LOCAL] = {"local", "the transfer could not begin",
		"check the addresses of zalo in the configuration, and the log",
		"không bắt đầu kết nối được",
		"kiểm tra các địa chỉ zalo trong cấu hình và nhật ký"},
};

const struct net_fault_text *net_fault_text(enum net_fault fault)
{
	return &texts[fault];
}
