/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings that officers change: in force after the commit, before the file, and never in the way
 * of a start. */
#include "tests/unit/desk/support.h"

#include "daemon/desk/settings.h"
#include "store/event.h"
#include "store/event_seal.h"
#include "store/setting.h"

#define WHO "officer:truong.ca"

struct fixture {
	struct desk_fixture d;
	struct config *file;
	struct settings *settings;
};

static void read_file(struct fixture *f, const char *text)
{
	struct errbuf eb = {0};

	settings_free(f->settings);
	config_free(f->file);
	assert_ok(config_parse(text, strlen(text), "file", &f->file, &eb));
	assert_ok(settings_new(f->d.s.store, f->file, &f->settings));
}

static int setup(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	start(&f.d, true, false, false);
	read_file(&f, "{}");
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	settings_free(f->settings);
	config_free(f->file);
	finish(&f->d);
	return 0;
}

static enum err change(struct fixture *f, bool is_all, const char *values)
{
	json_t *json = json_loads(values, 0, NULL);
	struct errbuf eb = {0};
	enum err err;

	assert_non_null(json);
	err = settings_change(f->settings,
		&(struct settings_ask){.values = json, .actor = WHO, .is_all = is_all}, &eb);
	json_decref(json);
	assert_int_equal(err != ERR_OK, eb.text[0] != 0);
	assert_int_equal(err != ERR_OK, eb.vi[0] != 0);
	return err;
}

static void commit(struct fixture *f)
{
	end_turn(&f->d.s);
	settings_refresh(f->settings);
}

static struct settings_state state_of(struct fixture *f, const char *path)
{
	struct settings_state state = {0};
	struct settings_view view;

	assert_ok(settings_look(f->settings, &view));
	for (size_t i = 0; page_setting_at(i); i++) {
		if (strcmp(page_setting_at(i)->path, path) == 0)
			state = view.states[i];
	}
	settings_view_done(&view);
	return state;
}

static void each_choice_is_kept(
	struct fixture *f, const struct page_setting *setting, const char *choice)
{
	json_t *values = json_pack("{s:s}", setting->path, choice);
	struct config *config;
	struct errbuf eb = {0};
	json_t *value;

	assert_ok(config_with(f->file, values, &config, &eb));
	value = page_setting_value(setting, config);
	assert_string_equal(json_string_value(value), choice);
	json_decref(value);
	json_decref(values);
	config_free(config);
}

/* Each of the page is one of the file, with words for each choice, and its own default fits. */
static void test_the_table_fits_the_file(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; page_setting_at(i); i++) {
		const struct page_setting *setting = page_setting_at(i);
		struct page_limits limits = page_setting_limits(setting);
		json_t *normal = page_setting_default(setting);
		json_t *value = page_setting_value(setting, f->file);

		assert_true(i < SETTINGS_MAX);
		assert_null(strchr(setting->path, '['));
		assert_true(strlen(setting->path) < SETTING_PATH_BYTES);
		assert_ptr_equal(page_setting_find(setting->path), setting);
		assert_true(page_setting_fits(setting, normal));
		assert_true(json_equal(normal, value));
		assert_int_equal(limits.type == PAGE_TEXT, setting->allowed != NULL);
		for (size_t k = 0; limits.type == PAGE_CHOICE && limits.choices[k]; k++) {
			assert_non_null(setting->choice_titles[k]);
			each_choice_is_kept(f, setting, limits.choices[k]);
		}
		json_decref(normal);
		json_decref(value);
	}
	assert_null(page_setting_find("store.path"));
}

static void test_a_change_counts_after_its_commit(void **state)
{
	struct fixture *f = *state;
	const struct config *now = settings_now(f->settings);

	assert_int_equal(now->climb_s[0], 120);
	assert_ok(change(f, true,
		"{\"duty.climb_first_s\":60,\"duty.alarm_detail\":\"category\","
		"\"menu.phone\":\"0200 000 000\"}"));
	assert_int_equal(now->climb_s[0], 120);
	assert_true(state_of(f, "duty.climb_first_s").is_changed);
	end_turn(&f->d.s);
	assert_true(settings_refresh(f->settings));
	assert_false(settings_refresh(f->settings));
	assert_int_equal(now->climb_s[0], 60);
	assert_true(now->alarm_has_category);
	assert_string_equal(now->menu_phone, "0200 000 000");
	assert_string_equal(state_of(f, "menu.phone").actor, WHO);
	/* A new start finds them, and the file holds again when one is taken back. */
	read_file(f, "{\"duty\":{\"climb_first_s\":90}}");
	now = settings_now(f->settings);
	assert_int_equal(now->climb_s[0], 60);
	assert_ok(change(f, true, "{\"duty.climb_first_s\":null,\"menu.phone\":\"\"}"));
	commit(f);
	assert_int_equal(now->climb_s[0], 90);
	assert_string_equal(now->menu_phone, "");
	assert_false(state_of(f, "duty.climb_first_s").is_changed);
}

static void test_a_turn_that_fails_changes_nothing(void **state)
{
	struct fixture *f = *state;

	assert_ok(change(f, true, "{\"http.idle_min\":5}"));
	turn_abort(f->d.s.store, ERR_DISK_FULL);
	settings_refresh(f->settings);
	assert_int_equal(settings_now(f->settings)->http_idle_min, 30);
	assert_false(state_of(f, "http.idle_min").is_changed);
}

static void test_what_does_not_fit_is_refused_whole(void **state)
{
	static const char *const bad[] = {"{\"duty.climb_first_s\":0}",
		"{\"duty.climb_first_s\":3601}", "{\"duty.climb_first_s\":\"60\"}",
		"{\"duty.climb_first_s\":60.5}", "{\"duty.climb_first_s\":true}",
		"{\"duty.alarm_detail\":\"all\"}", "{\"duty.alarm_detail\":1}",
		"{\"menu.phone\":\"gọi tôi\"}",
		"{\"duty.climb_first_s\":300}", /* no sooner than the second */
		"{\"duty.climb_first_s\":60,\"duty.climb_second_s\":50}", "{}"};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_err(change(f, true, bad[i]), ERR_INVALID);
	assert_err(change(f, true, "{\"http.idle_min\":5,\"menu.phone\":7}"), ERR_INVALID);
	assert_err(change(f, true, "{\"store.path\":\"/x\"}"), ERR_NOT_FOUND);
	assert_err(change(f, true, "{\"audit.witness_phone\":\"+84900001234\"}"), ERR_NOT_FOUND);
	assert_err(change(f, true, "{\"\":1}"), ERR_NOT_FOUND);
	commit(f);
	assert_int_equal(settings_now(f->settings)->http_idle_min, 30);
	/* Together they fit. */
	assert_ok(change(f, true, "{\"duty.climb_first_s\":300,\"duty.climb_second_s\":400}"));
}

static void test_the_machine_is_not_the_commune(void **state)
{
	struct fixture *f = *state;

	assert_err(change(f, false, "{\"bulletins.budget\":1}"), ERR_DENIED);
	assert_err(change(f, false, "{\"http.idle_min\":5,\"bulletins.budget\":1}"), ERR_DENIED);
	assert_ok(change(f, false, "{\"http.idle_min\":5}"));
}

static void test_what_fits_no_more_is_left_out(void **state)
{
	struct fixture *f = *state;

	assert_ok(change(f, true, "{\"duty.climb_first_s\":200,\"http.idle_min\":5}"));
	commit(f);
	/* As an older program, or one that allows more, left them. */
	assert_ok(setting_change_put(f->d.s.store, "no.such", "1", WHO));
	assert_ok(setting_change_put(f->d.s.store, "menu.phone", "{\"not", WHO));
	assert_ok(setting_change_put(f->d.s.store, "bulletins.budget", "-1", WHO));
	end_turn(&f->d.s);
	read_file(f, "{\"duty\":{\"climb_first_s\":30,\"climb_second_s\":100}}");
	assert_int_equal(settings_now(f->settings)->climb_s[0], 30);
	assert_int_equal(settings_now(f->settings)->http_idle_min, 5);
	assert_true(state_of(f, "duty.climb_first_s").is_ignored);
	assert_true(state_of(f, "menu.phone").is_ignored);
	assert_true(state_of(f, "bulletins.budget").is_ignored);
	assert_false(state_of(f, "http.idle_min").is_ignored);
	/* It is in nobody's way, and can be put right. */
	assert_ok(change(f, true, "{\"bulletins.budget\":0,\"duty.climb_first_s\":null}"));
	commit(f);
	assert_false(state_of(f, "bulletins.budget").is_ignored);
	assert_false(state_of(f, "duty.climb_first_s").is_changed);
}

struct seen {
	int count;
	char data[EVENT_DATA_MAX], subject[96];
};

static void keep_change(void *arg, const struct event *event)
{
	struct seen *seen = arg;

	if (strcmp(event->kind, "setting.changed") != 0)
		return;
	assert_string_equal(event->actor, WHO);
	snprintf(seen->data, sizeof(seen->data), "%s", event->data);
	snprintf(seen->subject, sizeof(seen->subject), "%s", event->subject);
	seen->count++;
}

static void test_each_change_is_an_event(void **state)
{
	struct fixture *f = *state;
	struct seen seen = {0};
	bool is_changed;

	assert_ok(change(f, true, "{\"bulletins.normal_sms\":\"digest\",\"http.idle_min\":30}"));
	assert_ok(change(f, true, "{\"bulletins.normal_sms\":\"digest\"}"));
	commit(f);
	assert_ok(event_list(f->d.s.store, 0, 100, keep_change, &seen));
	assert_int_equal(seen.count, 1);
	assert_string_equal(seen.subject, "setting/bulletins.normal_sms");
	assert_string_equal(seen.data, "{\"old\":\"off\",\"new\":\"digest\"}");
	assert_false(state_of(f, "http.idle_min").is_changed);
	/* The next start does not tell of it again. */
	assert_ok(setting_seen(f->d.s.store, "bulletins.normal_sms", "\"digest\"", &is_changed));
	assert_false(is_changed);
}

#define SETTINGS_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SETTINGS_TEST(test_the_table_fits_the_file),
		SETTINGS_TEST(test_a_change_counts_after_its_commit),
		SETTINGS_TEST(test_a_turn_that_fails_changes_nothing),
		SETTINGS_TEST(test_what_does_not_fit_is_refused_whole),
		SETTINGS_TEST(test_the_machine_is_not_the_commune),
		SETTINGS_TEST(test_what_fits_no_more_is_left_out),
		SETTINGS_TEST(test_each_change_is_an_event),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
