/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words from the safe bring a chief back, and nobody else. */
#include "tests/unit/http/client.h"

#include "daemon/desk/escrow.h"
#include "store/officer.h"
#include "store/escrow.h"
#include "store/report_key.h"
#include "store/turn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct office {
	struct api api;
	struct buf words; /* of this box */
};

static void add(struct api *api, const char *login, enum officer_role role)
{
	int64_t id;

	assert_int_equal(officer_add(api->store,
				 &(struct officer_new){
					 .login = login, .name = "A", .role = role, .phone = ""},
				 &id),
		ERR_OK);
}

static int setup(void **state)
{
	static struct office office;
	struct keypair *pair;
	struct errbuf eb = {0};

	api_open(&office.api);
	buf_init(&office.words, ESCROW_TYPED_MAX);
	add(&office.api, "chief", OFFICER_CHIEF);
	add(&office.api, "deputy", OFFICER_DEPUTY);
	assert_int_equal(escrow_new(&office.words, &pair), ERR_OK);
	assert_int_equal(escrow_claim(office.api.store, keypair_public(pair)), ERR_OK);
	assert_int_equal(turn_end(office.api.store, &eb), ERR_OK);
	keypair_free(pair);
	*state = &office;
	return 0;
}

static int teardown(void **state)
{
	struct office *office = *state;

	buf_wipe(&office->words);
	api_close(&office->api);
	return 0;
}

static const char *body_of(const char *words, char body[ESCROW_TYPED_MAX + 16])
{
	snprintf(body, ESCROW_TYPED_MAX + 16, "{\"words\":\"%s\"}", words);
	return body;
}

static void test_the_words_bring_the_chief_back(void **state)
{
	struct office *office = *state;
	char body[ESCROW_TYPED_MAX + 16];
	json_t *answer = api_post(&office->api, "/api/v1/officers/chief/recover",
		body_of(buf_text(&office->words), body), 200);

	assert_int_equal(strlen(json_string_value(json_object_get(answer, "code"))), 12);
	json_decref(answer);
}

static void test_other_words_do_not(void **state)
{
	struct office *office = *state;
	char body[ESCROW_TYPED_MAX + 16];
	struct keypair *pair;
	CLEAN_BUF words = {0};

	buf_init(&words, ESCROW_TYPED_MAX);
	assert_int_equal(escrow_new(&words, &pair), ERR_OK);
	keypair_free(pair);
	api_refused(&office->api, "POST", "/api/v1/officers/chief/recover",
		body_of(buf_text(&words), body), 403, "DENIED");
	api_refused(&office->api, "POST", "/api/v1/officers/chief/recover",
		"{\"words\":\"mot hai ba\"}", 400, "INVALID");
	api_refused(&office->api, "POST", "/api/v1/officers/chief/recover", "{}", 400, "INVALID");
}

static void test_nobody_else_comes_back_by_them(void **state)
{
	struct office *office = *state;
	char body[ESCROW_TYPED_MAX + 16];

	body_of(buf_text(&office->words), body);
	api_refused(&office->api, "POST", "/api/v1/officers/deputy/recover", body, 409, "STATE");
	api_refused(
		&office->api, "POST", "/api/v1/officers/nobody/recover", body, 404, "NOT_FOUND");
}

#define OFFICE_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		OFFICE_TEST(test_the_words_bring_the_chief_back),
		OFFICE_TEST(test_other_words_do_not),
		OFFICE_TEST(test_nobody_else_comes_back_by_them),
	};

	return cmocka_run_group_tests_name("recovery", tests, NULL, NULL);
}
