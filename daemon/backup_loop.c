/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/backup_loop.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "store/turn.h"

#define LOOK_MS	   MINUTE_MS
#define SOON_MS	   200	   /* a turn is open, or somebody reads: not for long */
#define TRIES_MAX  300	   /* a minute of it */
#define AGAIN_MS   HOUR_MS /* after one that failed */
#define SETTLED_MS HOUR_MS /* a box that was just switched on has other work */
#define OLD_MS	   (2 * DAY_MS)
#define LIST_MAX   64

static void look(struct backup_loop *bl);

static int64_t wall_ms(const struct backup_loop *bl)
{
	return clock_wall_ms(store_clock(bl->store));
}

static int64_t mono_ms(const struct backup_loop *bl)
{
	return clock_mono_ms(store_clock(bl->store));
}

static void on_timer(uv_timer_t *timer)
{
	look(timer->data);
}

static void look_in(struct backup_loop *bl, int64_t ms)
{
	if (!bl->is_closing)
		uv_timer_start(&bl->timer, on_timer, (uint64_t)ms, 0);
}

/* ---- when ------------------------------------------------------------------------------------
 */

/* The last time the hour of the night began. */
static int64_t last_night_ms(const struct backup_loop *bl)
{
	int64_t now_ms = wall_ms(bl);
	int64_t night_ms = clock_day_begin_ms(clock_local_day(now_ms)) +
			   (*bl->config)->backup_hour * HOUR_MS;

	return night_ms <= now_ms ? night_ms : night_ms - DAY_MS;
}

static bool is_due(const struct backup_loop *bl)
{
	bool has_settled = mono_ms(bl) - bl->started_mono_ms >= SETTLED_MS;
	int64_t night_ms = last_night_ms(bl);
	/* One of tomorrow is of a clock that went wrong. */
	bool has_good = bl->state.good_ms > bl->state.forget_ms &&
			bl->state.good_ms <= wall_ms(bl) + DAY_MS;

	if (bl->asked_by[0])
		return true;
	if ((*bl->config)->backup_is_off)
		return false;
	if (bl->tried_mono_ms != INT64_MIN && mono_ms(bl) - bl->tried_mono_ms < AGAIN_MS)
		return false;
	if (!has_good)
		return has_settled;
	if (bl->state.good_ms >= night_ms)
		return false;
	return has_settled || wall_ms(bl) - night_ms < SETTLED_MS;
}

/* ---- one -------------------------------------------------------------------------------------
 */

static void work(uv_work_t *request)
{
	struct backup_loop *bl = request->data;

	backup_work(bl->job);
}

static void reload(struct backup_loop *bl)
{
	enum err err = backup_state_load(bl->store, &bl->state);

	if (err)
		log_error("backup", "state=%s", err_name(err));
}

static void told(struct backup_loop *bl, enum err err, enum backup_fault fault)
{
	if (err)
		log_error("backup", "not_noted=%s", err_name(err));
	bl->tried_mono_ms = err || fault ? mono_ms(bl) : INT64_MIN;
	bl->asked_by[0] = 0;
	bl->tries = 0;
	reload(bl);
	bl->wake(bl->wake_arg);
}

static void on_timer_closed(uv_handle_t *handle)
{
	struct backup_loop *bl = handle->data;

	bl->close_cb(bl->close_arg);
}

static void work_over(uv_work_t *request, int status)
{
	struct backup_loop *bl = request->data;
	struct backup_job *job = bl->job;
	enum backup_fault fault = BACKUP_FAULT_NONE;
	enum err err;

	bl->job = NULL;
	if (status)
		log_warn("backup", "work=cancelled");
	err = backup_end(bl->store, job, &fault);
	/* What was erased meanwhile waits in SQLite's log. */
	turn_scrub(bl->store);
	told(bl, err, fault);
	if (bl->is_closing)
		uv_close((uv_handle_t *)&bl->timer, on_timer_closed);
	else
		look_in(bl, LOOK_MS);
}

static void give_up(struct backup_loop *bl, enum backup_fault fault)
{
	const char *actor = bl->asked_by[0] ? bl->asked_by : "system";

	told(bl, backup_failed(bl->store, fault, actor), fault);
	look_in(bl, LOOK_MS);
}

static void begin(struct backup_loop *bl)
{
	const struct backup_options options = {.other_folder = (*bl->config)->backup_folder,
		.actor = bl->asked_by[0] ? bl->asked_by : "system",
		.spare_bytes = BACKUP_SPARE_BYTES};
	struct errbuf eb = {0};
	enum err err = backup_begin(bl->store, &options, &bl->job, &eb);

	if (err == ERR_IO) {
		log_error("backup", "begin=%s detail=\"%s\"", err_name(err), eb.text);
		bl->failed(bl->failed_arg);
	} else if (err == ERR_BUSY && ++bl->tries < TRIES_MAX) {
		look_in(bl, SOON_MS);
	} else if (err) {
		give_up(bl, err == ERR_BUSY ? BACKUP_FAULT_BUSY : BACKUP_FAULT_WRITE);
	} else {
		bl->work.data = bl;
		bl->tries = 0;
		if (uv_queue_work(bl->loop, &bl->work, work, work_over))
			work_over(&bl->work, UV_ENOMEM);
	}
}

static void look(struct backup_loop *bl)
{
	if (bl->is_closing || bl->job)
		return;
	/* Keys that were handed on forget all copies. */
	if (!turn_is_open(bl->store))
		reload(bl);
	if (!is_due(bl))
		look_in(bl, LOOK_MS);
	else if (turn_is_open(bl->store))
		look_in(bl, SOON_MS);
	else
		begin(bl);
}

enum err backup_loop_start(struct backup_loop *bl, uv_loop_t *loop)
{
	char folder[BACKUP_FOLDER_BYTES + 16];
	enum err err = backup_state_load(bl->store, &bl->state);

	if (!err)
		err = backup_folder(bl->store, folder);
	if (err)
		return err;
	/* What the last life left of one. */
	backup_clean(folder);
	if (uv_timer_init(loop, &bl->timer))
		return ERR_NOMEM;
	bl->loop = loop;
	bl->timer.data = bl;
	bl->started_mono_ms = mono_ms(bl);
	bl->tried_mono_ms = INT64_MIN;
	look_in(bl, LOOK_MS);
	return ERR_OK;
}

enum err backup_loop_ask(struct backup_loop *bl, const char *actor, struct errbuf *eb)
{
	enum err err;

	if (bl->job || bl->asked_by[0])
		return errbuf_set(eb, ERR_BUSY,
			"a backup is being made: wait until it is done, then look at the list");
	err = str_copy(bl->asked_by, sizeof(bl->asked_by), actor);
	if (!err)
		look_in(bl, 1);
	return err;
}

/* ---- what is told ----------------------------------------------------------------------------
 */

static json_t *time_json(int64_t at_ms)
{
	char text[CLOCK_TEXT_BYTES];

	if (!at_ms)
		return json_null();
	clock_format(at_ms, text);
	return json_string(text);
}

static json_t *rows_json(const struct backup *backups, int count)
{
	json_t *rows = json_array();

	for (int i = 0; i < count; i++)
		json_array_append_new(rows, json_pack("{s:s, s:o, s:I}", "name", backups[i].name,
						    "at", time_json(backups[i].at_ms), "bytes",
						    (json_int_t)backups[i].bytes));
	return rows;
}

json_t *backup_loop_list(struct backup_loop *bl, enum err *ret_err)
{
	const char *other = (*bl->config)->backup_folder;
	struct backup backups[LIST_MAX];
	char folder[BACKUP_FOLDER_BYTES + 16];
	json_t *answer;
	int64_t media = 0;
	int count = 0;
	enum err err = backup_folder(bl->store, folder);

	if (!err)
		err = backup_list(folder, backups, LIST_MAX, &count);
	if (!err)
		err = backup_media_count(folder, &media);
	if (err) {
		*ret_err = err;
		return NULL;
	}
	answer = json_pack("{s:s, s:i, s:b, s:s, s:i, s:o, s:I, s:o}", "folder", folder, "kept",
		BACKUPS_KEPT, "running", bl->job || bl->asked_by[0], "when",
		(*bl->config)->backup_is_off ? "off" : "nightly", "hour",
		(*bl->config)->backup_hour, "last_good_at", time_json(bl->state.good_ms),
		"media_files", (json_int_t)media, "backups", rows_json(backups, count));
	if (answer && other[0]) {
		json_object_set_new(answer, "other_folder", json_string(other));
		json_object_set_new(answer, "other_good_at", time_json(bl->state.other_ms));
	}
	if (answer && bl->state.failed_ms) {
		json_object_set_new(answer, "last_failed_at", time_json(bl->state.failed_ms));
		json_object_set_new(
			answer, "last_error", json_string(backup_fault_en(bl->state.fault)));
		json_object_set_new(
			answer, "last_error_vi", json_string(backup_fault_vi(bl->state.fault)));
	}
	return answer;
}

json_t *backup_loop_status(const struct backup_loop *bl)
{
	bool has_settled = mono_ms(bl) - bl->started_mono_ms >= 2 * SETTLED_MS;
	bool has_failed = bl->state.failed_ms != 0;
	enum backup_fault fault = bl->state.fault;
	int64_t good_ms = bl->state.good_ms;

	return json_pack("{s:s, s:b, s:o, s:s, s:s, s:s}", "state",
		has_failed ? "failed"
		: good_ms  ? "good"
			   : "none",
		"is_old", has_settled && wall_ms(bl) - good_ms > OLD_MS, "last_good_at",
		time_json(good_ms), "fault", has_failed ? backup_fault_text(fault) : "", "why",
		has_failed ? backup_fault_en(fault) : "", "why_vi",
		has_failed ? backup_fault_vi(fault) : "");
}

void backup_loop_close(struct backup_loop *bl, void (*cb)(void *arg), void *arg)
{
	bl->is_closing = true;
	bl->close_cb = cb;
	bl->close_arg = arg;
	uv_timer_stop(&bl->timer);
	if (bl->job)
		backup_stop(bl->job);
	else
		uv_close((uv_handle_t *)&bl->timer, on_timer_closed);
}
