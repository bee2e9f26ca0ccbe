/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/restore.h"

#include "daemon/base/clock.h"
#include "store/backup.h"
#include "store/vault.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static void tell(const struct backup_restored *done, const char *database)
{
	char at[CLOCK_TEXT_BYTES];

	clock_format(done->at_ms, at);
	printf("%s: put back as of %s, %lld events, %lld files\n", database, at,
		(long long)done->events, (long long)done->media_files);
	printf("In doubt: %lld messages that waited then; stopped: %lld bulletins\n",
		(long long)done->in_doubt, (long long)done->bulletins);
	printf("Đã khôi phục dữ liệu tại thời điểm %s.\n", at);
	printf("Tin chưa rõ đã gửi hay chưa: %lld. Bản tin tạm dừng: %lld.\n",
		(long long)done->in_doubt, (long long)done->bulletins);
	puts("Việc cần làm: khởi động binhyend; xem mục Tin gửi đi ở trang Máy; xem lại danh sách cán "
	     "bộ (người bị gỡ sau thời điểm trên nay lại có quyền).");
}

int restore_backup(const char *copy, const char *key_file, const char *database)
{
	struct backup_restored done = {0};
	struct errbuf eb = {0};
	struct vault *vault;
	enum err err;

	umask(077);
	err = vault_open(key_file, &vault, &eb);
	if (!err) {
		err = backup_restore(copy, vault, database, &done, &eb);
		vault_free(vault);
	}
	if (!err) {
		tell(&done, database);
		return EXIT_SUCCESS;
	}
	fprintf(stderr, "binhyend: %s\n", eb.text[0] ? eb.text : err_en(err));
	fprintf(stderr, "Chưa khôi phục được: %s\n", errbuf_vi(&eb, err));
	return EXIT_FAILURE;
}
