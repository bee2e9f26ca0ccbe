/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The USB device of a tty in a tree like the kernel's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/base/str.h"
#include "daemon/relay/usb_device.h"

#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HUB    "/sys/devices/pci0000:00/0000:00:14.0/usb1"
#define DEVICE HUB "/1-2/1-2.3"
#define PORT   DEVICE "/1-2.3:1.2/ttyUSB2"

struct tree {
	char dir[64];
	char text[256], path[USB_PATH_MAX];
};

static const char *at(struct tree *t, const char *path)
{
	snprintf(t->text, sizeof(t->text), "%s%s", t->dir, path);
	return t->text;
}

static void make_dirs(struct tree *t, const char *path)
{
	char dir[256];

	snprintf(dir, sizeof(dir), "%s", at(t, path));
	for (char *slash = strchr(dir + strlen(t->dir) + 1, '/'); slash;
		slash = strchr(slash + 1, '/')) {
		*slash = 0;
		mkdir(dir, 0700);
		*slash = '/';
	}
	mkdir(dir, 0700);
}

static void write_file(struct tree *t, const char *path, const char *text)
{
	FILE *file = fopen(at(t, path), "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void make_link(struct tree *t, const char *path, const char *target)
{
	char full[256];

	snprintf(full, sizeof(full), "%s%s", t->dir, target);
	assert_int_equal(symlink(full, at(t, path)), 0);
}

static int setup(void **state)
{
	static struct tree t;

	snprintf(t.dir, sizeof(t.dir), "/tmp/binhyen-test.XXXXXX");
	assert_non_null(mkdtemp(t.dir));
	make_dirs(&t, PORT);
	make_dirs(&t, "/sys/class/tty/ttyUSB2");
	make_dirs(&t, "/sys/devices/platform/serial8250/tty/ttyS0");
	make_dirs(&t, "/sys/class/tty/ttyS0");
	make_dirs(&t, "/dev/by-id");
	/* Hub, device and interface have an `authorized` each; the interface is not the device. */
	write_file(&t, HUB "/authorized", "1\n");
	write_file(&t, HUB "/idVendor", "1d6b\n");
	write_file(&t, DEVICE "/authorized", "1\n");
	write_file(&t, DEVICE "/idVendor", "2c7c\n");
	write_file(&t, DEVICE "/1-2.3:1.2/authorized", "1\n");
	make_link(&t, "/sys/class/tty/ttyUSB2/device", PORT);
	make_link(&t, "/sys/class/tty/ttyS0/device", "/sys/devices/platform/serial8250");
	write_file(&t, "/dev/ttyUSB2", "");
	write_file(&t, "/dev/ttyS0", "");
	make_link(&t, "/dev/by-id/modem", "/dev/ttyUSB2");
	*state = &t;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at_level)
{
	(void)st;
	(void)type;
	(void)at_level;
	return remove(path);
}

static int teardown(void **state)
{
	struct tree *t = *state;

	return nftw(t->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static enum err find(struct tree *t, const char *device)
{
	char sysfs[128], tty[128];

	snprintf(sysfs, sizeof(sysfs), "%s/sys", t->dir);
	snprintf(tty, sizeof(tty), "%s%s", t->dir, device);
	return usb_device_find(sysfs, tty, t->path);
}

static void test_the_device_is_found_through_links(void **state)
{
	struct tree *t = *state;

	assert_int_equal(find(t, "/dev/by-id/modem"), ERR_OK);
	assert_string_equal(t->path, at(t, DEVICE));
	assert_int_equal(find(t, "/dev/ttyUSB2"), ERR_OK);
	assert_string_equal(t->path, at(t, DEVICE));
}

static void test_not_every_tty_has_one(void **state)
{
	struct tree *t = *state;

	snprintf(t->path, sizeof(t->path), "untouched");
	assert_int_equal(find(t, "/dev/ttyS0"), ERR_NOT_FOUND);
	assert_int_equal(find(t, "/dev/ttyUSB3"), ERR_NOT_FOUND);
	assert_int_equal(unlink(at(t, "/dev/ttyUSB2")), 0);
	assert_int_equal(find(t, "/dev/by-id/modem"), ERR_NOT_FOUND);
	assert_string_equal(t->path, "untouched");
}

static char authorized(struct tree *t)
{
	FILE *file = fopen(at(t, DEVICE "/authorized"), "r");
	int c = file ? fgetc(file) : 0;

	if (file)
		fclose(file);
	return (char)c;
}

static void test_it_is_taken_off_and_put_on(void **state)
{
	struct tree *t = *state;

	assert_int_equal(find(t, "/dev/ttyUSB2"), ERR_OK);
	assert_true(usb_device_is_ours(t->path));
	assert_int_equal(usb_device_authorize(t->path, false), ERR_OK);
	assert_int_equal(authorized(t), '0');
	assert_int_equal(usb_device_authorize(t->path, true), ERR_OK);
	assert_int_equal(authorized(t), '1');
}

static void test_one_that_was_pulled_out(void **state)
{
	struct tree *t = *state;

	assert_int_equal(find(t, "/dev/ttyUSB2"), ERR_OK);
	assert_int_equal(unlink(at(t, DEVICE "/authorized")), 0);
	assert_false(usb_device_is_ours(t->path));
	assert_int_equal(usb_device_authorize(t->path, false), ERR_NOT_FOUND);
}

static void test_one_that_is_not_ours(void **state)
{
	struct tree *t = *state;

	if (geteuid() == 0) /* root may write everything */
		skip();
	assert_int_equal(find(t, "/dev/ttyUSB2"), ERR_OK);
	assert_int_equal(chmod(at(t, DEVICE "/authorized"), 0444), 0);
	assert_false(usb_device_is_ours(t->path));
	assert_int_equal(usb_device_authorize(t->path, false), ERR_DENIED);
}

#define USB_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		USB_TEST(test_the_device_is_found_through_links),
		USB_TEST(test_not_every_tty_has_one),
		USB_TEST(test_it_is_taken_off_and_put_on),
		USB_TEST(test_one_that_was_pulled_out),
		USB_TEST(test_one_that_is_not_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
