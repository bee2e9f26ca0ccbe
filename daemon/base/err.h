/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every way in which something can fail, as one table: name, class, Vietnamese text for the
 * officer, English text for the log. Foreign codes (SQLite, uv, curl, gammu, CMS/CME, Zalo) are
 * translated into these once, each in its own file.
 */
#ifndef BINHYEN_BASE_ERR_H
#define BINHYEN_BASE_ERR_H

#include "daemon/base/base.h"

#include <stdarg.h>

/* What the caller may do about it: try again later, give up, find out first, or mend the program.
 */
enum err_class {
	ERR_CLASS_NONE,
	ERR_CLASS_TRANSIENT,
	ERR_CLASS_PERMANENT,
	ERR_CLASS_IN_DOUBT,
	ERR_CLASS_BUG
};

#define ERR_TABLE(X) \
	X(OK, NONE, "tốt", "ok") \
	X(NOMEM, TRANSIENT, "máy hết bộ nhớ", "out of memory") \
	X(INVALID, PERMANENT, "dữ liệu nhập không hợp lệ", "invalid input") \
	X(TOO_BIG, PERMANENT, "dữ liệu quá dài", "over a limit") \
	X(NOT_FOUND, PERMANENT, "không tìm thấy", "not found") \
	X(EXISTS, PERMANENT, "đã có rồi", "already exists") \
	X(STATE, PERMANENT, "không làm được ở trạng thái hiện tại", "not possible in this state") \
	X(CONFIG, PERMANENT, "tệp cấu hình sai", "bad configuration") \
	X(IO, TRANSIENT, "lỗi đọc ghi đĩa", "input/output error") \
	X(DISK_FULL, TRANSIENT, "đĩa đầy, hãy giải phóng chỗ", "disk full") \
	X(READ_ONLY, PERMANENT, "đĩa hoặc tệp chỉ cho đọc", "read-only file or file system") \
	X(BUSY, TRANSIENT, "đang bận, hãy thử lại", "busy") \
	X(CORRUPT, PERMANENT, "cơ sở dữ liệu hỏng, hãy phục hồi từ bản sao lưu", \
		"database is corrupt") \
	X(NEWER_SCHEMA, PERMANENT, "cơ sở dữ liệu của phiên bản mới hơn, hãy nâng cấp binhyen", \
		"database belongs to a newer version") \
	X(WRONG_KEY, PERMANENT, "sai khóa của máy (box.key)", "wrong box key") \
	X(TIMEOUT, TRANSIENT, "quá thời gian chờ", "timed out") \
	X(UNREACHABLE, TRANSIENT, "không có kết nối mạng", "peer not reachable") \
	X(PROTOCOL, TRANSIENT, "câu trả lời không hiểu được", "reply not understood") \
	X(RATE, TRANSIENT, "gửi quá nhanh, đang chờ", "rate limited") \
	X(QUOTA, TRANSIENT, "hết hạn mức gửi", "quota used up") \
	X(AUTH, TRANSIENT, "mã truy cập bị từ chối", "credentials refused") \
	X(CONSENT, PERMANENT, "Zalo OA cần cấp quyền lại", "consent must be renewed by a person") \
	X(DENIED, PERMANENT, "không có quyền", "permission denied") \
	X(RECIPIENT, PERMANENT, "số hoặc người nhận không nhận được tin", \
		"recipient cannot be reached") \
	X(SIM, TRANSIENT, "SIM lỗi hoặc hết tiền", "SIM failure or out of credit") \
	X(MODEM, TRANSIENT, "modem lỗi", "modem failure") \
	X(NETWORK, TRANSIENT, "mất sóng di động", "mobile network failure") \
	X(REFUSED, PERMANENT, "bị từ chối", "refused by the other side") \
	X(EXPIRED, PERMANENT, "đã quá hạn", "expired") \
	X(IN_DOUBT, IN_DOUBT, "chưa rõ đã gửi hay chưa", "outcome unknown") \
	X(UNSUPPORTED, PERMANENT, "chưa hỗ trợ", "not supported") \
	X(BUG, BUG, "lỗi chương trình", "internal error")

enum err {
#define X(name, cls, vi, en) ERR_##name,
	ERR_TABLE(X)
#undef X
};

const char *err_name(
	enum err err); /* "DISK_FULL"; stable, used in logs, the API and the database */
enum err_class err_class(enum err err);
const char *err_vi(enum err err);
const char *err_en(enum err err);

/*
 * Detail of a failure, wrapped outward as it travels up: English for the log and the technician's
 * terminal, Vietnamese for whoever reads the page. Zero-initialise; never holds a resident's data.
 * The Vietnamese text is the translation of the English format, from the catalogue
 * config/phrases/errors.vi.po; "" where that has none. Both are whole UTF-8 whatever the arguments
 * are, and end at a letter when they are too long.
 */
struct errbuf {
	char text[512];
	char vi[1024];
};

/* Marks a word that is an argument of a message ("DRAFT", "a text"), so that it is in the
 * catalogue too: every %s whose whole argument stands there is translated. */
#define ERR_WORD(word) word

/* Replace, respectively prefix, the detail. Both return `err`, so that `return errbuf_set(...)`
 * reads well; eb may be NULL. A message that has a translation takes %s %.Ns and whole numbers. */
enum err errbuf_set(struct errbuf *eb, enum err err, const char *fmt, ...) PRINTF_LIKE(3, 4);
enum err errbuf_vset(struct errbuf *eb, enum err err, const char *fmt, va_list ap)
	PRINTF_LIKE(3, 0);
/* A whole message that was chosen elsewhere, and marked there by ERR_WORD: no format. */
enum err errbuf_say(struct errbuf *eb, enum err err, const char *text);
/* What the kind of the failure says, in both languages; to be wrapped. */
enum err errbuf_kind(struct errbuf *eb, enum err err);
enum err errbuf_wrap(struct errbuf *eb, enum err err, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* What there is to say: the detail, or what the kind of the failure says. eb may be NULL. */
const char *errbuf_en(const struct errbuf *eb, enum err err);
const char *errbuf_vi(const struct errbuf *eb, enum err err);

/* errno to enum err (ENOSPC -> DISK_FULL, EROFS -> READ_ONLY, EACCES -> DENIED, ...). */
enum err err_from_errno(int errnum);

#endif
