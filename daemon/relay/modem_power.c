/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The power of a modem that nothing else brings back: its process is ended first, then either the
 * configured program cuts the power, or the USB device is taken off the bus and put on again; then
 * a new process looks at what came up (modem_ladder.h says when, and when a person is told). The
 * loop never waits: the kernel is written to in the thread pool, since it talks to the device
 * meanwhile, and the program is a child with a deadline.
 *
 * A device that is off has no tty and would stay lost if we died now, so that is on the disk before
 * it is done (store/modem_off.h), and the first thing that a later life does is to put it on.
 */
#include "daemon/relay/modem_private.h"
#include "store/event.h"
#include "store/modem_off.h"
#include "store/turn.h"

#include <signal.h>
#include <string.h>

#define TICK_MS	   SECOND_MS
#define REST_MS	   (2 * SECOND_MS) /* what is on the bus notices, and its capacitors empty */
#define COMMAND_MS (30 * SECOND_MS)
#define ON_TRIES   5

static void tick(uv_timer_t *timer);

static struct modem *modem_of(struct modem_power *power)
{
	return container_of(power, struct modem, power);
}

static int64_t mono_ms(void)
{
	return clock_mono_ms(clock_system());
}

static const char *way_text(enum power_way way)
{
	static const char *const texts[] = {"unknown", "none", "usb", "denied", "command"};

	return texts[way];
}

bool modem_power_holds(const struct modem *modem)
{
	return modem->power.state != POWER_IDLE;
}

/* What can be done for it, as far as is known. */
static enum err look(struct modem *modem)
{
	struct modem_power *power = &modem->power;
	char path[USB_PATH_MAX];

	if (modem->config->power_command[0]) {
		power->way = POWER_WAY_COMMAND;
		return ERR_OK;
	}
	/* Of one that fell off the bus the place where it was is remembered. */
	if (usb_device_find(modem->pool->sysfs, modem->config->device, path) == ERR_OK)
		memcpy(power->usb_path, path, sizeof(path));
	else if (!power->usb_path[0])
		return ERR_NOT_FOUND;
	power->way = usb_device_is_ours(power->usb_path) ? POWER_WAY_USB : POWER_WAY_DENIED;
	return power->way == POWER_WAY_USB ? ERR_OK : ERR_DENIED;
}

void modem_power_look(struct modem *modem)
{
	enum power_way before = modem->power.way;

	if (look(modem) == ERR_NOT_FOUND)
		modem->power.way = POWER_WAY_NONE;
	if (modem->power.way == before)
		return;
	log_line(modem->power.way == POWER_WAY_DENIED ? LOG_LEVEL_WARN : LOG_LEVEL_INFO, "modem",
		"name=%s power=%s%s", modem->config->name, way_text(modem->power.way),
		modem->power.way == POWER_WAY_DENIED
			? " detail=\"the udev rule 61-binhyen-modem.rules does not know this vendor, "
			  "or has not run: replug the modem, or set power_command\""
			: "");
}

/* ---- the end of a cycle, good or bad --------------------------------------------------------- */

static void ended(struct modem *modem, enum err err)
{
	struct modem_power *power = &modem->power;

	power->state = POWER_IDLE;
	snprintf(power->error, sizeof(power->error), "%s", err ? err_en(err) : "");
	log_line(err ? LOG_LEVEL_WARN : LOG_LEVEL_INFO, "modem",
		"name=%s power=%s cycled=%lld result=%s", modem->config->name, way_text(power->way),
		(long long)power->cycles, err_name(err));
	if (power->is_stopped) {
		modem_closing(modem);
		return;
	}
	uv_timer_start(&power->timer, tick, TICK_MS, TICK_MS);
	modem_resume(modem);
}

/* The process holds the tty open and would only see it go. */
static void hold(struct modem *modem, enum power_state state)
{
	modem->power.state = state;
	uv_timer_stop(&modem->power.timer);
	modem->power.cycles++;
	modem->power.cycled_ms = clock_wall_ms(store_clock(modem->pool->store));
	modem_hold(modem, "its power is cycled");
}

static enum err note(struct modem *modem, const char *kind)
{
	char subject[40], data[96];

	snprintf(subject, sizeof(subject), "modem/%s", modem->config->name);
	snprintf(data, sizeof(data), "{\"way\":\"%s\",\"attempt\":%d}", way_text(modem->power.way),
		modem->power.ladder.attempts);
	return event_add(modem->pool->store, kind, subject, "system", data);
}

/* ---- USB ------------------------------------------------------------------------------------- */

static void write_it(uv_work_t *work)
{
	struct modem_power *power = container_of(work, struct modem_power, work);

	power->work_err = usb_device_authorize(power->usb_path, power->work_is_on);
}

static void written(uv_work_t *work, int status);

static void write_later(struct modem *modem, bool is_on)
{
	struct modem_power *power = &modem->power;

	power->state = is_on ? POWER_PUTTING_ON : POWER_TAKING_OFF;
	power->work_is_on = is_on;
	power->work_err = ERR_OK;
	if (uv_queue_work(modem->pool->loop, &power->work, write_it, written))
		ended(modem, ERR_NOMEM);
}

static void rested(uv_timer_t *timer)
{
	write_later(modem_of(container_of(timer, struct modem_power, timer)), true);
}

static void rest(struct modem *modem)
{
	if (modem->power.is_stopped) {
		write_later(modem, true);
		return;
	}
	modem->power.state = POWER_RESTING;
	uv_timer_start(&modem->power.timer, rested, REST_MS, 0);
}

/* The note stays when it could not be put on: the next cycle or the next life tries again. */
static void put_on(struct modem *modem, enum err err)
{
	struct modem_power *power = &modem->power;

	if (err && err != ERR_NOT_FOUND) {
		if (++power->tries < ON_TRIES && !power->is_stopped)
			rest(modem);
		else
			ended(modem, err);
		return;
	}
	err = modem_off_clear(modem->pool->store, modem->config->name);
	if (err)
		log_error("modem", "name=%s power_unnoted=%s", modem->config->name, err_name(err));
	ended(modem, ERR_OK);
}

static void written(uv_work_t *work, int status)
{
	struct modem_power *power = container_of(work, struct modem_power, work);
	struct modem *modem = modem_of(power);
	enum err err = status ? ERR_NOMEM : power->work_err, cleared;

	if (power->state == POWER_PUTTING_ON) {
		put_on(modem, err);
	} else if (!err) {
		rest(modem);
	} else {
		cleared = modem_off_clear(modem->pool->store, modem->config->name);
		ended(modem, cleared ? cleared : err);
	}
}

static void noted(void *arg, enum err committed)
{
	struct modem *modem = modem_of(arg);

	if (committed)
		ended(modem, committed);
	else
		write_later(modem, false);
}

static enum err begin_usb(struct modem *modem)
{
	struct store *store = modem->pool->store;
	enum err err = modem_off_set(store, modem->config->name, modem->power.usb_path);

	if (!err)
		err = note(modem, "modem.power");
	if (!err)
		err = turn_defer(store, noted, &modem->power);
	if (err)
		return err;
	modem->power.tries = 0;
	hold(modem, POWER_NOTING);
	return ERR_OK;
}

/* ---- the configured program ------------------------------------------------------------------ */

static void command_closed(uv_handle_t *handle)
{
	struct modem_power *power = container_of(
		(uv_process_t *)handle, struct modem_power, command);

	power->has_command = false;
	ended(modem_of(power), power->work_err);
}

static void command_exited(uv_process_t *process, int64_t status, int signal_number)
{
	struct modem_power *power = container_of(process, struct modem_power, command);

	uv_timer_stop(&power->timer);
	power->work_err = power->is_late ? ERR_TIMEOUT : status || signal_number ? ERR_IO : ERR_OK;
	if (power->work_err)
		log_warn("modem", "name=%s power_command status=%lld signal=%d",
			modem_of(power)->config->name, (long long)status, signal_number);
	uv_close((uv_handle_t *)process, command_closed);
}

/* With whatever it has started itself. */
static void command_kill(struct modem_power *power)
{
	power->is_late = true;
	kill(-uv_process_get_pid(&power->command), SIGKILL);
}

static void command_late(uv_timer_t *timer)
{
	command_kill(container_of(timer, struct modem_power, timer));
}

/* The check of the setting has counted them. */
static void split_words(char *text, char *words[CONFIG_POWER_WORDS_MAX + 1])
{
	int count = 0;

	while (*text && count < CONFIG_POWER_WORDS_MAX) {
		words[count++] = text;
		text += strcspn(text, " ");
		while (*text == ' ')
			*text++ = 0;
	}
	words[count] = NULL;
}

/* It gets nothing of ours: no descriptor, no credential, no terminal; what it prints goes nowhere,
 * since nobody says what is in it. */
static int command_spawn(struct modem *modem)
{
	char text[sizeof(modem->config->power_command)], name[64];
	char *words[CONFIG_POWER_WORDS_MAX + 1];
	char *env[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", name, NULL};
	uv_stdio_container_t stdio[] = {
		{.flags = UV_IGNORE}, {.flags = UV_IGNORE}, {.flags = UV_IGNORE}};
	uv_process_options_t options = {.exit_cb = command_exited,
		.args = words,
		.env = env,
		.cwd = "/",
		.flags = UV_PROCESS_DETACHED,
		.stdio = stdio,
		.stdio_count = (int)ARRAY_LEN(stdio)};

	memcpy(text, modem->config->power_command, sizeof(text));
	snprintf(name, sizeof(name), "BINHYEN_MODEM=%s", modem->config->name);
	split_words(text, words);
	options.file = words[0];
	return uv_spawn(modem->pool->loop, &modem->power.command, &options);
}

static enum err begin_command(struct modem *modem)
{
	struct modem_power *power = &modem->power;
	enum err err = note(modem, "modem.power");
	int rc;

	if (err)
		return err;
	hold(modem, POWER_COMMAND);
	power->has_command = true;
	power->is_late = false;
	power->work_err = ERR_OK;
	rc = command_spawn(modem);
	if (rc) {
		log_warn("modem", "name=%s power_command=\"%s\"", modem->config->name,
			uv_strerror(rc));
		power->work_err = err_from_errno(-rc);
		uv_close((uv_handle_t *)&power->command, command_closed);
		return ERR_OK;
	}
	uv_timer_start(&power->timer, command_late, COMMAND_MS, 0);
	return ERR_OK;
}

/* ---- the ladder ------------------------------------------------------------------------------ */

static void begin(struct modem *modem)
{
	enum err err;

	modem_power_look(modem);
	if (modem->power.way != POWER_WAY_USB && modem->power.way != POWER_WAY_COMMAND)
		return;
	log_warn("modem", "name=%s power=%s attempt=%d", modem->config->name,
		way_text(modem->power.way), modem->power.ladder.attempts);
	err = modem->power.way == POWER_WAY_USB ? begin_usb(modem) : begin_command(modem);
	if (err)
		log_error(
			"modem", "name=%s power_not_cycled=%s", modem->config->name, err_name(err));
}

static void tell(struct modem *modem)
{
	struct modem_pool *pool = modem->pool;
	enum err err = note(modem, "modem.dead");

	modem->power.is_dead = true;
	log_error("modem", "name=%s dead_s=%lld power=%s", modem->config->name,
		(long long)((mono_ms() - modem->power.ladder.since_ms) / SECOND_MS),
		way_text(modem->power.way));
	if (!err && pool->alarm)
		err = pool->alarm(pool->alarm_arg, "modem_dead", modem->config->name);
	if (err)
		log_error("modem", "name=%s untold=%s", modem->config->name, err_name(err));
}

static void tick(uv_timer_t *timer)
{
	struct modem *modem = modem_of(container_of(timer, struct modem_power, timer));

	/* What it may still be sending is settled first. */
	if (modem->sending.req || modem->parked.req)
		return;
	switch (ladder_next(&modem->power.ladder, mono_ms())) {
	case LADDER_POWER:
		begin(modem);
		return;
	case LADDER_ALARM:
		tell(modem);
		return;
	case LADDER_WAIT:
		return;
	}
}

static void works_again(struct modem *modem)
{
	enum err err;

	if (!modem->power.is_dead)
		return;
	modem->power.is_dead = false;
	err = note(modem, "modem.works");
	if (err)
		log_error("modem", "name=%s unnoted=%s", modem->config->name, err_name(err));
}

void modem_power_phase(struct modem *modem)
{
	struct modem_power *power = &modem->power;

	if (power->is_stopped)
		return;
	if (modem->phase == MODEM_READY) {
		ladder_works(&power->ladder, mono_ms());
		works_again(modem);
		if (power->state == POWER_IDLE)
			uv_timer_stop(&power->timer);
		return;
	}
	ladder_down(&power->ladder, mono_ms());
	if (power->state == POWER_IDLE && !uv_is_active((uv_handle_t *)&power->timer))
		uv_timer_start(&power->timer, tick, TICK_MS, TICK_MS);
}

void modem_power_cause(struct modem *modem, const char *error)
{
	modem->power.ladder.is_needless = str_starts(error, LINE_ERROR_NO_SIM) ||
					  str_starts(error, LINE_ERROR_SIM_CODE);
}

void modem_power_init(struct modem *modem)
{
	struct modem_power *power = &modem->power;
	enum err err;

	power->ladder.after_ms = modem->config->power_after_s * SECOND_MS;
	uv_timer_init(modem->pool->loop, &power->timer);
	err = modem_off_get(
		modem->pool->store, modem->config->name, power->usb_path, sizeof(power->usb_path));
	if (err)
		return;
	log_warn("modem", "name=%s power=usb left_off=1", modem->config->name);
	power->way = POWER_WAY_USB;
	write_later(modem, true);
}

void modem_power_stop(struct modem *modem)
{
	struct modem_power *power = &modem->power;

	power->is_stopped = true;
	uv_timer_stop(&power->timer);
	if (power->state == POWER_RESTING)
		write_later(modem, true);
	else if (power->has_command)
		command_kill(power);
	if (power->state != POWER_NOTING)
		return;
	turn_forget(modem->pool->store, power);
	power->state = POWER_IDLE;
}

json_t *modem_power_status(const struct modem *modem)
{
	static const char *const states[] = {"idle", "off", "off", "off", "on", "command"};
	const struct modem_power *power = &modem->power;
	char text[CLOCK_TEXT_BYTES] = "";

	if (power->cycled_ms)
		clock_format(power->cycled_ms, text);
	return json_pack("{s:s, s:s, s:I, s:s?, s:s}", "way", way_text(power->way), "state",
		states[power->state], "cycles", (json_int_t)power->cycles, "last",
		text[0] ? text : NULL, "error", power->error);
}
