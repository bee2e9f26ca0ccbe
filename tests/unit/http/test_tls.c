/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The certificate over years: when it is renewed, what stays, and what somebody gives and renews.
 */
#include "daemon/base/str.h"
#include "daemon/http/tls.h"
#include "daemon/http/tls_private.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define NOW_MS	 INT64_C(1795305600000)
#define FILE_MAX 8192

struct room {
	char folder[64], certificate[128], key[128];
	struct clock_virtual clock;
	struct tls_hosts hosts;
};

static void room_enter(struct room *room)
{
	*room = (struct room){.folder = "/tmp/binhyen-test-tls-XXXXXX"};
	assert_non_null(mkdtemp(room->folder));
	snprintf(room->certificate, sizeof(room->certificate), "%s/tls.crt", room->folder);
	snprintf(room->key, sizeof(room->key), "%s/tls.key", room->folder);
	clock_virtual_init(&room->clock, NOW_MS);
	tls_hosts_add(&room->hosts, "binhyen.test");
}

static void room_leave(struct room *room)
{
	unlink(room->certificate);
	unlink(room->key);
	assert_int_equal(rmdir(room->folder), 0);
}

static enum err open_own(struct room *room, struct tls **ret_tls, struct errbuf *eb)
{
	const struct tls_options options = {.clock = &room->clock.clock,
		.folder = room->folder,
		.certificate = "",
		.key = "",
		.hosts = &room->hosts};

	return tls_open(&options, ret_tls, eb);
}

static struct tls *own(struct room *room)
{
	struct tls *tls = NULL;
	struct errbuf eb = {0};

	if (open_own(room, &tls, &eb))
		fail_msg("%s", eb.text);
	return tls;
}

static struct tls *given(struct room *room)
{
	const struct tls_options options = {.clock = &room->clock.clock,
		.folder = "/nonexistent",
		.certificate = room->certificate,
		.key = room->key,
		.hosts = &room->hosts};
	struct tls *tls = NULL;
	struct errbuf eb = {0};

	if (tls_open(&options, &tls, &eb))
		fail_msg("%s", eb.text);
	return tls;
}

struct shown {
	char fingerprint[TLS_FINGERPRINT_BYTES];
	int days;
};

static struct shown shown(const struct tls *tls)
{
	json_t *json = tls_json(tls);
	struct shown is = {.days = (int)json_integer_value(json_object_get(json, "days"))};

	assert_int_equal(str_copy(is.fingerprint, sizeof(is.fingerprint),
				 json_string_value(json_object_get(json, "fingerprint"))),
		ERR_OK);
	json_decref(json);
	return is;
}

static size_t read_file(const char *path, char text[FILE_MAX])
{
	FILE *file = fopen(path, "r");
	size_t len;

	assert_non_null(file);
	len = fread(text, 1, FILE_MAX, file);
	fclose(file);
	assert_in_range(len, 1, FILE_MAX - 1);
	return len;
}

/* As somebody does who renews: into the file's place, with a time of its own. */
static void put_file(const char *path, const char *text, size_t len, int64_t second)
{
	const struct timespec times[2] = {{.tv_sec = second}, {.tv_sec = second}};
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	assert_int_equal(futimens(fd, times), 0);
	close(fd);
}

static void test_our_own_is_renewed_before_its_end(void **state)
{
	char key[FILE_MAX], same[FILE_MAX];
	struct shown first, second;
	struct room room;
	struct tls *tls;
	size_t len;

	(void)state;
	room_enter(&room);
	tls = own(&room);
	first = shown(tls);
	len = read_file(room.key, key);
	assert_int_equal(first.days, TLS_LIFE_DAYS - TLS_EARLY_DAYS);
	clock_virtual_advance(&room.clock, (first.days - TLS_RENEW_DAYS - 1) * DAY_MS);
	tls_tick(tls);
	assert_string_equal(shown(tls).fingerprint, first.fingerprint);
	clock_virtual_advance(&room.clock, DAY_MS);
	tls_tick(tls);
	second = shown(tls);
	assert_string_not_equal(second.fingerprint, first.fingerprint);
	assert_int_equal(second.days, first.days);
	assert_int_equal(read_file(room.key, same), len);
	assert_memory_equal(key, same, len);
	tls_tick(tls);
	assert_string_equal(shown(tls).fingerprint, second.fingerprint);
	tls_close(tls);

	/* The file is the one that was in force, and a start renews it as well. */
	tls = own(&room);
	assert_string_equal(shown(tls).fingerprint, second.fingerprint);
	tls_close(tls);
	clock_virtual_advance(&room.clock, 3 * 365 * DAY_MS);
	tls = own(&room);
	assert_string_not_equal(shown(tls).fingerprint, second.fingerprint);
	assert_int_equal(shown(tls).days, first.days);
	tls_close(tls);
	room_leave(&room);
}

/* Officers have compared the fingerprint: a clock that starts in 1970 may not change it. */
static void test_a_wrong_clock_keeps_the_fingerprint(void **state)
{
	struct shown first;
	struct room room;
	struct tls *tls;

	(void)state;
	room_enter(&room);
	tls = own(&room);
	first = shown(tls);
	tls_close(tls);
	clock_virtual_init(&room.clock, 0);
	tls = own(&room);
	tls_tick(tls);
	assert_string_equal(shown(tls).fingerprint, first.fingerprint);
	tls_close(tls);
	room_leave(&room);
}

/* A power cut may leave half a certificate; a key that others could read is somebody's to look at.
 */
static void test_broken_files_of_our_own(void **state)
{
	struct errbuf eb = {0};
	struct shown first;
	struct room room;
	struct tls *tls;
	char key[FILE_MAX], same[FILE_MAX];
	size_t len;

	(void)state;
	room_enter(&room);
	tls = own(&room);
	first = shown(tls);
	tls_close(tls);
	len = read_file(room.key, key);
	assert_int_equal(truncate(room.certificate, 100), 0);
	tls = own(&room);
	assert_string_not_equal(shown(tls).fingerprint, first.fingerprint);
	assert_int_equal(read_file(room.key, same), len);
	assert_memory_equal(key, same, len);
	tls_close(tls);
	assert_int_equal(chmod(room.key, 0604), 0);
	assert_int_equal(open_own(&room, &tls, &eb), ERR_DENIED);
	assert_non_null(strstr(eb.text, room.key));
	room_leave(&room);
}

/* Two pairs of files, as an authority would give them. */
static void make_pair(char certificate[FILE_MAX], size_t *ret_certificate_len, char key[FILE_MAX],
	size_t *ret_key_len, struct shown *ret_shown)
{
	struct room room;
	struct tls *tls;

	room_enter(&room);
	tls = own(&room);
	*ret_shown = shown(tls);
	*ret_certificate_len = read_file(room.certificate, certificate);
	*ret_key_len = read_file(room.key, key);
	tls_close(tls);
	room_leave(&room);
}

static void test_given_ones_are_read_again(void **state)
{
	char certificate[2][FILE_MAX], key[2][FILE_MAX];
	size_t certificate_len[2], key_len[2];
	struct shown is[2];
	struct room room;
	struct tls *tls;

	(void)state;
	for (int i = 0; i < 2; i++)
		make_pair(certificate[i], &certificate_len[i], key[i], &key_len[i], &is[i]);
	room_enter(&room);
	put_file(room.certificate, certificate[0], certificate_len[0], 1000);
	put_file(room.key, key[0], key_len[0], 1000);
	tls = given(&room);
	assert_false(tls_is_own(tls));
	assert_string_equal(shown(tls).fingerprint, is[0].fingerprint);
	tls_tick(tls);
	assert_string_equal(shown(tls).fingerprint, is[0].fingerprint);
	/* What does not fit, or is none, leaves the one in force: the other file may be on its way.
	 */
	put_file(room.certificate, "no certificate", 14, 1001);
	tls_tick(tls);
	assert_string_equal(shown(tls).fingerprint, is[0].fingerprint);
	put_file(room.certificate, certificate[1], certificate_len[1], 1002);
	tls_tick(tls);
	assert_string_equal(shown(tls).fingerprint, is[0].fingerprint);
	put_file(room.key, key[1], key_len[1], 1003);
	tls_tick(tls);
	assert_string_equal(shown(tls).fingerprint, is[1].fingerprint);
	/* It is theirs: it ends when it ends, and nothing is made in its place. */
	clock_virtual_advance(&room.clock, 3 * 365 * DAY_MS);
	tls_tick(tls);
	assert_string_equal(shown(tls).fingerprint, is[1].fingerprint);
	assert_true(shown(tls).days < 0);
	assert_int_equal(unlink(room.certificate), 0);
	tls_tick(tls);
	assert_string_equal(shown(tls).fingerprint, is[1].fingerprint);
	tls_close(tls);
	room_leave(&room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_our_own_is_renewed_before_its_end),
		cmocka_unit_test(test_a_wrong_clock_keeps_the_fingerprint),
		cmocka_unit_test(test_broken_files_of_our_own),
		cmocka_unit_test(test_given_ones_are_read_again),
	};

	return cmocka_run_group_tests_name("tls", tests, NULL, NULL);
}
