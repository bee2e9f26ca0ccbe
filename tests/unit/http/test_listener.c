/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose socket file it is, and who may open it. */
#include "daemon/base/str.h"
#include "tests/unit/http/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

static int setup(void **state)
{
	static struct api api;

	api_open(&api);
	*state = &api;
	return 0;
}

static int teardown(void **state)
{
	api_close(*state);
	return 0;
}

static enum err open_again(
	struct api *api, const char *path, struct http **ret_http, struct errbuf *eb)
{
	struct http_options options = api_options(api);

	options.socket_path = path;
	memset(eb, 0, sizeof(*eb));
	return http_open(&options, ret_http, eb);
}

static void test_mode(void **state)
{
	struct api *api = *state;
	struct stat st;

	assert_int_equal(stat(api->socket_path, &st), 0);
	assert_true(S_ISSOCK(st.st_mode));
	assert_int_equal(st.st_mode & 07777, 0660);
}

static void test_living_daemon_is_busy(void **state)
{
	struct api *api = *state;
	struct http *http;
	struct errbuf eb;
	json_t *json;

	assert_int_equal(open_again(api, api->socket_path, &http, &eb), ERR_BUSY);
	assert_non_null(strstr(eb.text, api->socket_path));
	json = api_json(api, "/healthz", 200);
	json_decref(json);
}

/* What a killed daemon leaves: a file to which nobody listens. */
static void leave_stale(const char *path)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(str_copy(addr.sun_path, sizeof(addr.sun_path), path), ERR_OK);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(listen(fd, 1), 0);
	close(fd);
	assert_int_equal(access(path, F_OK), 0);
}

static void test_stale_socket_is_replaced(void **state)
{
	struct api *api = *state;
	struct errbuf eb;
	json_t *json;

	assert_true(api_close_http(api));
	assert_int_equal(access(api->socket_path, F_OK), -1);
	leave_stale(api->socket_path);
	assert_int_equal(open_again(api, api->socket_path, &api->http, &eb), ERR_OK);
	json = api_json(api, "/healthz", 200);
	json_decref(json);
}

static void test_what_is_no_socket_stays(void **state)
{
	struct api *api = *state;
	struct http *http;
	struct errbuf eb;
	char path[96];
	FILE *file;

	snprintf(path, sizeof(path), "%s/precious", api->folder);
	file = fopen(path, "w");
	assert_non_null(file);
	fclose(file);
	assert_int_equal(open_again(api, path, &http, &eb), ERR_EXISTS);
	assert_non_null(strstr(eb.text, "not a socket"));
	assert_int_equal(access(path, F_OK), 0);
}

static void test_paths_that_cannot_be(void **state)
{
	struct api *api = *state;
	struct http *http = NULL;
	struct errbuf eb;
	char path[200];

	memset(path, 'a', sizeof(path) - 1);
	path[0] = '/';
	path[sizeof(path) - 1] = 0;
	assert_int_equal(open_again(api, path, &http, &eb), ERR_TOO_BIG);
	assert_non_null(strstr(eb.text, "107"));
	assert_int_equal(open_again(api, "/nonexistent/api.sock", &http, &eb), ERR_NOT_FOUND);
	assert_non_null(strstr(eb.text, "folder"));
	assert_null(http);
}

/* A daemon that ends late does not take its successor's socket away. */
static void test_other_socket_is_left_alone(void **state)
{
	struct api *api = *state;

	assert_int_equal(unlink(api->socket_path), 0);
	leave_stale(api->socket_path);
	assert_true(api_close_http(api));
	assert_int_equal(access(api->socket_path, F_OK), 0);
}

static void test_no_socket(void **state)
{
	struct api *api = *state;
	struct errbuf eb;

	assert_true(api_close_http(api));
	assert_int_equal(open_again(api, "", &api->http, &eb), ERR_OK);
	for (int i = 0; i < 10; i++)
		api_turn(api);
	assert_true(api_close_http(api));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_mode, setup, teardown),
		cmocka_unit_test_setup_teardown(test_living_daemon_is_busy, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stale_socket_is_replaced, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_is_no_socket_stays, setup, teardown),
		cmocka_unit_test_setup_teardown(test_paths_that_cannot_be, setup, teardown),
		cmocka_unit_test_setup_teardown(test_other_socket_is_left_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_socket, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
