/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sealed copy that was altered, cut off or made of anything: what is read is what was written, or
 * it is refused. The input is a file as it stands, or the orders to make one and to spoil it, since
 * nothing that is only guessed passes the seal.
 */
#include "daemon/base/base.h"
#include "daemon/base/buf.h"
#include "store/backup_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CONTENT_MAX (3 * BACKUP_PIECE_BYTES)
#define SPOILS	    3

struct orders {
	uint8_t is_raw;
	uint8_t lie;   /* added to the length on the label */
	uint16_t part; /* of CONTENT_MAX, in 65536ths */
	uint32_t cut;  /* bytes off the end */
	struct {
		uint32_t at;
		uint8_t flip;
	} spoils[SPOILS];
};

static struct vault *vault;
static char path[64];

static void remove_file(void)
{
	unlink(path);
	vault_free(vault);
}

static void begin(void)
{
	static const uint8_t key[VAULT_KEY_BYTES] = {9, 8, 7};

	if (vault)
		return;
	CHECK(!vault_new(key, &vault));
	snprintf(path, sizeof(path), "/dev/shm/fuzz_backup.%d", (int)getpid());
	atexit(remove_file);
}

static void put_file(const uint8_t *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	close(fd);
}

static void seal(const struct orders *orders, const uint8_t *content, size_t len)
{
	struct backup_label label = {.at_ms = 1795000000000,
		.database_bytes = (int64_t)len + orders->lie,
		.anchor = "the end of a log"};
	uint8_t digest[VAULT_HASH_BYTES];
	struct backup_writer *writer;

	CHECK(!backup_writer_new(vault, path, &label, &writer));
	CHECK(!backup_writer_add(writer, content, len));
	CHECK(!backup_writer_finish(writer, digest));
	backup_writer_free(writer);
}

/* Is the file another one than before? */
static bool spoil(const struct orders *orders)
{
	int fd = open(path, O_RDWR);
	bool is_spoilt = false;
	struct stat st;

	CHECK(fd >= 0 && !fstat(fd, &st));
	for (int i = 0; i < SPOILS; i++) {
		off_t at = (off_t)orders->spoils[i].at;
		uint8_t byte;

		/* None undoes another. */
		if (!orders->spoils[i].flip || at >= st.st_size ||
			(i && orders->spoils[i].at <= orders->spoils[i - 1].at))
			continue;
		CHECK(pread(fd, &byte, 1, at) == 1);
		byte ^= orders->spoils[i].flip;
		CHECK(pwrite(fd, &byte, 1, at) == 1);
		is_spoilt = true;
	}
	if (orders->cut) {
		CHECK(!ftruncate(fd, st.st_size - 1 - (off_t)(orders->cut % (uint64_t)st.st_size)));
		is_spoilt = true;
	}
	close(fd);
	return is_spoilt;
}

/* All that the reader gives; an error when it refuses any of it. */
static enum err read_all(struct buf *out, struct backup_label *label)
{
	struct backup_reader *reader;
	enum err err = backup_reader_new(vault, path, label, &reader);
	const uint8_t *piece;
	size_t len = 1;

	if (err)
		return err;
	while (!err && len) {
		err = backup_reader_next(reader, &piece, &len);
		if (!err)
			CHECK(len <= BACKUP_PIECE_BYTES && !buf_add(out, piece, len));
	}
	backup_reader_free(reader);
	return err;
}

static void try_orders(const struct orders *orders, const uint8_t *seed, size_t seed_len)
{
	size_t len = (size_t)orders->part * CONTENT_MAX / 65536;
	uint8_t *content = calloc(1, CONTENT_MAX + 1);
	struct backup_label label = {0};
	CLEAN_BUF out = {0};
	bool is_spoilt;
	enum err err;

	CHECK(content);
	for (size_t i = 0; seed_len && i < len; i++)
		content[i] = (uint8_t)(seed[i % seed_len] + i / seed_len);
	buf_init(&out, 2 * CONTENT_MAX);
	seal(orders, content, len);
	is_spoilt = spoil(orders) || orders->lie;
	err = read_all(&out, &label);
	CHECK(!err == !is_spoilt);
	if (!err) {
		CHECK(out.len == len && (!len || !memcmp(out.data, content, len)));
		CHECK(label.database_bytes == (int64_t)len &&
			!strcmp(label.anchor, "the end of a log"));
	}
	free(content);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct orders orders;

	begin();
	if (size < sizeof(orders) || data[0] & 1) {
		struct backup_label label = {0};
		CLEAN_BUF out = {0};

		buf_init(&out, 2 * CONTENT_MAX);
		put_file(data, size);
		CHECK(read_all(&out, &label));
		return 0;
	}
	memcpy(&orders, data, sizeof(orders));
	try_orders(&orders, data + sizeof(orders), size - sizeof(orders));
	return 0;
}
