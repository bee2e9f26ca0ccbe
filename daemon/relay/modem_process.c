/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One binhyen-modem: spawned with a socketpair on its fd 3, pinged, killed when it has been silent
 * too long, respawned with a growing delay. Killing is always safe: it keeps nothing, what is not
 * `stored` stays on the SIM, and what it was sending is in doubt.
 */
#include "daemon/relay/modem_private.h"
#include "store/event.h"

#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void respawn_later(struct modem *modem);

const char *modem_phase_text(enum modem_phase phase)
{
	static const char *const texts[] = {"down", "connecting", "ready", "stopping"};

	return texts[phase];
}

const char *modem_sim(const struct modem *modem)
{
	return modem->imsi[0] ? modem->imsi : modem->config->name;
}

const char *modem_memory_owner(const struct modem *modem, const char *memory)
{
	if (strcmp(memory, "SM") == 0)
		return modem_sim(modem);
	return modem->imei[0] ? modem->imei : modem->config->name;
}

static void write_lines(struct modem *modem);

static void write_done(uv_write_t *req, int status)
{
	struct modem *modem = container_of(req, struct modem, write);

	modem->is_writing = false;
	buf_wipe(&modem->writing);
	/* A broken pipe is followed by the exit of the process. */
	if (!status)
		write_lines(modem);
}

/* One write at a time; what is said meanwhile goes out together. A socket counts each write as
 * some 800 bytes at least, and would be full after 300 short ones. */
static void write_lines(struct modem *modem)
{
	uv_buf_t out;

	if (modem->is_writing || !modem->output.len || !modem->has_pipe ||
		uv_is_closing((uv_handle_t *)&modem->pipe))
		return;
	modem->writing = modem->output;
	buf_init(&modem->output, MODEM_OUTPUT_MAX);
	out = uv_buf_init(modem->writing.data, (unsigned)modem->writing.len);
	modem->is_writing = !uv_write(
		&modem->write, (uv_stream_t *)&modem->pipe, &out, 1, write_done);
	if (!modem->is_writing)
		buf_wipe(&modem->writing);
}

void modem_write(struct modem *modem, const struct line *line)
{
	enum err err;

	if (!modem->has_pipe || uv_is_closing((uv_handle_t *)&modem->pipe))
		return;
	err = line_format(line, &modem->output);
	if (err == ERR_TOO_BIG && modem->output.len)
		modem_kill(modem, "does not listen");
	else if (err)
		log_error("modem", "name=%s unwritable_line=%d", modem->config->name,
			(int)line->type);
	write_lines(modem);
}

void modem_kill(struct modem *modem, const char *why)
{
	if (!modem->has_process)
		return;
	log_warn("modem", "name=%s killed=\"%s\"", modem->config->name, why);
	snprintf(modem->last_error, sizeof(modem->last_error), "%s", why);
	uv_process_kill(&modem->process, SIGKILL);
}

/* Signs of life. */

static bool is_spinning(struct modem *modem, int64_t now_ms)
{
	int64_t window_ms = now_ms - modem->cpu_at_ms, cpu_ms, used_ms;
	struct timespec ts;
	clockid_t id;

	if (window_ms < MODEM_CPU_WINDOW_MS)
		return false;
	if (clock_getcpuclockid(uv_process_get_pid(&modem->process), &id) || clock_gettime(id, &ts))
		return false;
	cpu_ms = (int64_t)ts.tv_sec * SECOND_MS + ts.tv_nsec / 1000000;
	used_ms = cpu_ms - modem->cpu_ms;
	modem->cpu_ms = cpu_ms;
	modem->cpu_at_ms = now_ms;
	return used_ms * 100 > window_ms * MODEM_CPU_MAX_PERCENT;
}

static enum err tell_full(struct modem *modem)
{
	struct modem_pool *pool = modem->pool;
	char subject[40], data[48];
	enum err err;

	snprintf(subject, sizeof(subject), "modem/%s", modem->config->name);
	snprintf(data, sizeof(data), "{\"used\":%d,\"size\":%d}", modem->state.sim_used,
		modem->state.sim_size);
	err = event_add(pool->store, "modem.sim_full", subject, "system", data);
	if (!err && pool->alarm)
		err = pool->alarm(pool->alarm_arg, "sim_full", modem->config->name);
	return err;
}

static void look_at_fill(struct modem *modem, int64_t now_ms)
{
	enum err err;

	if (!modem_fill_tells(&modem->fill, modem->state.sim_used, modem->state.sim_size,
		    modem->config->full_after_s * SECOND_MS, now_ms))
		return;
	log_warn("modem", "name=%s sim_full used=%d size=%d", modem->config->name,
		modem->state.sim_used, modem->state.sim_size);
	err = tell_full(modem);
	if (err)
		log_error(
			"modem", "name=%s sim_full_untold=%s", modem->config->name, err_name(err));
}

static void watch_tick(uv_timer_t *timer)
{
	struct modem *modem = timer->data;
	int64_t now_ms = clock_mono_ms(clock_system());
	int64_t silent_ms = now_ms - modem->heard_ms;

	if (silent_ms > (modem->has_hello ? MODEM_LIFE_MS : MODEM_LIFE_CONNECT_MS)) {
		modem_kill(modem, "no sign of life");
		return;
	}
	if (is_spinning(modem, now_ms)) {
		modem_kill(modem, "takes the processor");
		return;
	}
	if (silent_ms >= MODEM_PING_MS)
		modem_write(
			modem, &(struct line){.type = LINE_PING, .ping = {.n = ++modem->pings}});
	look_at_fill(modem, now_ms);
	modem_ussd_tick(modem);
	modem_journal_tick(modem);
}

static void quit_timeout(uv_timer_t *timer)
{
	modem_kill(timer->data, "did not quit");
}

/* Lines in. */

static void input_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	static char chunk[64 * 1024]; /* one loop, one thread: used up before the next read */

	(void)handle;
	(void)suggested;
	*out = uv_buf_init(chunk, sizeof(chunk));
}

static void input_line(struct modem *modem, const char *text, size_t len)
{
	struct errbuf eb = {0};
	struct line line;

	if (line_parse(text, len, &line, &eb) == ERR_OK) {
		modem_line(modem, &line);
		return;
	}
	log_warn("modem", "name=%s bad_line bytes=%zu detail=\"%s\"", modem->config->name, len,
		eb.text);
	if (++modem->noise > MODEM_NOISE_MAX)
		modem_kill(modem, "does not speak the protocol");
}

static void input_lines(struct modem *modem)
{
	size_t begin = 0;
	char *end;

	while (begin < modem->input.len &&
		(end = memchr(modem->input.data + begin, '\n', modem->input.len - begin))) {
		size_t len = (size_t)(end - modem->input.data) - begin;

		input_line(modem, modem->input.data + begin, len);
		begin += len + 1;
	}
	buf_drop(&modem->input, begin);
}

/* Takes bytes as they come; the process is replaced when a line passes its limit. */
static void input_bytes(struct modem *modem, const char *bytes, size_t len)
{
	while (len) {
		size_t room = MODEM_INPUT_MAX - modem->input.len;
		size_t step = len < room ? len : room;

		if (!step || buf_add(&modem->input, bytes, step)) {
			modem_kill(modem, "line too long");
			return;
		}
		bytes += step;
		len -= step;
		input_lines(modem);
	}
}

static void input_read(uv_stream_t *stream, ssize_t bytes, const uv_buf_t *in)
{
	struct modem *modem = stream->data;

	if (bytes < 0) {
		/* It closed its end or died; the exit callback does the rest. One that was asked to
		 * quit does so by itself, or quit_timeout ends it. */
		uv_read_stop(stream);
		if (modem->phase != MODEM_STOPPING)
			modem_kill(modem, "closed the line");
		return;
	}
	modem->heard_ms = clock_mono_ms(clock_system());
	input_bytes(modem, in->base, (size_t)bytes);
}

/* What it still wrote before it died: a `sent` in there spares a doubt. */
static void input_drain(struct modem *modem)
{
	char chunk[4096];
	uv_os_fd_t fd;
	ssize_t bytes;

	if (!modem->has_pipe || uv_fileno((uv_handle_t *)&modem->pipe, &fd))
		return;
	while ((bytes = read(fd, chunk, sizeof(chunk))) > 0)
		input_bytes(modem, chunk, (size_t)bytes);
}

/* Birth and death. */

static void handle_closed(uv_handle_t *handle)
{
	struct modem *modem = handle->data;

	if (handle == (uv_handle_t *)&modem->process)
		modem->has_process = false;
	if (handle == (uv_handle_t *)&modem->pipe)
		modem->has_pipe = false;
	if (modem->has_process || modem->has_pipe)
		return;
	if (modem->pool->is_closing)
		modem_closing(modem);
	else
		respawn_later(modem);
}

static void timer_closed(uv_handle_t *handle)
{
	struct modem *modem = handle->data;

	if (--modem->open_handles)
		return;
	buf_wipe(&modem->input);
	buf_wipe(&modem->output);
	modem_pool_modem_closed(modem->pool);
}

/* Once nothing is left that may still need them. */
void modem_closing(struct modem *modem)
{
	if (modem->has_process || modem->has_pipe || modem_power_holds(modem) ||
		uv_is_closing((uv_handle_t *)&modem->watch))
		return;
	modem->power.timer.data = modem;
	uv_close((uv_handle_t *)&modem->watch, timer_closed);
	uv_close((uv_handle_t *)&modem->segment, timer_closed);
	uv_close((uv_handle_t *)&modem->power.timer, timer_closed);
}

static void process_exited(uv_process_t *process, int64_t status, int signal_number)
{
	struct modem *modem = process->data;

	log_info("modem", "name=%s exited status=%lld signal=%d", modem->config->name,
		(long long)status, signal_number);
	input_drain(modem);
	uv_timer_stop(&modem->watch);
	if (!modem->pool->is_closing)
		modem->phase = MODEM_DOWN;
	modem_send_lost(modem, ERR_MODEM);
	/* By a message perhaps, which lies there still: libgammu must not see it again. */
	modem->has_crashed = signal_number && signal_number != SIGKILL && signal_number != SIGTERM;
	modem_ussd_lost(modem);
	modem_journal_lost(modem);
	buf_wipe(&modem->input);
	modem->has_hello = false;
	modem_power_phase(modem);
	if (modem->has_pipe && !uv_is_closing((uv_handle_t *)&modem->pipe))
		uv_close((uv_handle_t *)&modem->pipe, handle_closed);
	uv_close((uv_handle_t *)process, handle_closed);
	modem_pool_changed(modem->pool);
}

static int spawn(struct modem *modem)
{
	struct modem_pool *pool = modem->pool;
	char *args[] = {(char *)pool->program, "--name", (char *)modem->config->name, "--device",
		(char *)modem->config->device, "--driver", modem->config->is_gammu ? "gammu" : "at",
		modem->has_crashed ? "--raw-first" : NULL, NULL};
	uv_stdio_container_t stdio[LINE_FD + 1] = {{.flags = UV_IGNORE}, {.flags = UV_IGNORE},
		{.flags = UV_INHERIT_FD, .data.fd = 2},
		{.flags = UV_CREATE_PIPE | UV_READABLE_PIPE | UV_WRITABLE_PIPE,
			.data.stream = (uv_stream_t *)&modem->pipe}};
	uv_process_options_t options = {.exit_cb = process_exited,
		.file = pool->program,
		.args = args,
		.stdio = stdio,
		.stdio_count = LINE_FD + 1};

	return uv_spawn(pool->loop, &modem->process, &options);
}

static enum err start_process(struct modem *modem)
{
	int rc = uv_pipe_init(modem->pool->loop, &modem->pipe, 0);

	if (rc)
		return ERR_NOMEM;
	modem->has_pipe = true;
	modem->has_process = true;
	modem->pipe.data = modem;
	modem->process.data = modem;
	modem->noise = 0;
	modem->has_hello = false;
	buf_wipe(&modem->output); /* was for another process */
	buf_init(&modem->output, MODEM_OUTPUT_MAX);
	modem->phase = MODEM_CONNECTING;
	modem->heard_ms = clock_mono_ms(clock_system());
	modem->cpu_at_ms = modem->heard_ms;
	modem->cpu_ms = 0;
	rc = spawn(modem);
	if (!rc)
		rc = uv_read_start((uv_stream_t *)&modem->pipe, input_alloc, input_read);
	if (rc) {
		log_error("modem", "name=%s spawn=\"%s\"", modem->config->name, uv_strerror(rc));
		snprintf(
			modem->last_error, sizeof(modem->last_error), "spawn: %s", uv_strerror(rc));
		modem->phase = MODEM_DOWN;
		uv_close((uv_handle_t *)&modem->pipe, handle_closed);
		uv_close((uv_handle_t *)&modem->process, handle_closed);
		return ERR_OK;
	}
	uv_timer_start(&modem->watch, watch_tick, (uint64_t)MODEM_PING_MS, (uint64_t)MODEM_PING_MS);
	return ERR_OK;
}

static void respawn_now(uv_timer_t *timer)
{
	struct modem *modem = timer->data;

	modem->respawns++;
	if (start_process(modem))
		respawn_later(modem);
}

static void respawn_later(struct modem *modem)
{
	modem->phase = MODEM_DOWN;
	if (modem_power_holds(modem))
		return;
	uv_timer_start(&modem->watch, respawn_now, (uint64_t)modem->respawn_delay_ms, 0);
	modem->respawn_delay_ms *= 2;
	if (modem->respawn_delay_ms > MODEM_RESPAWN_MAX_MS)
		modem->respawn_delay_ms = MODEM_RESPAWN_MAX_MS;
}

enum err modem_start(struct modem *modem)
{
	enum err err = modem_identity_remember(modem);

	if (err)
		return err;
	buf_init(&modem->input, MODEM_INPUT_MAX);
	modem->respawn_delay_ms = MODEM_RESPAWN_FIRST_MS;
	modem->state = (struct line_state){
		.signal_percent = -1, .sim_used = -1, .sim_size = -1, .me_used = -1, .me_size = -1};
	uv_timer_init(modem->pool->loop, &modem->watch);
	uv_timer_init(modem->pool->loop, &modem->segment);
	modem->watch.data = modem;
	modem->segment.data = modem;
	modem->open_handles = 3;
	modem_power_init(modem);
	modem_power_phase(modem);
	return modem_power_holds(modem) ? ERR_OK : start_process(modem);
}

void modem_hold(struct modem *modem, const char *why)
{
	if (modem->has_process)
		modem_kill(modem, why);
	else
		uv_timer_stop(&modem->watch);
}

void modem_resume(struct modem *modem)
{
	modem->respawn_delay_ms = MODEM_RESPAWN_FIRST_MS;
	if (!modem->has_process && !modem->has_pipe)
		respawn_later(modem);
}

void modem_stop(struct modem *modem)
{
	modem->phase = MODEM_STOPPING;
	uv_timer_stop(&modem->watch);
	modem_power_stop(modem);
	if (modem->has_process || modem->has_pipe) {
		modem_write(modem, &(struct line){.type = LINE_QUIT});
		uv_timer_start(&modem->watch, quit_timeout, (uint64_t)MODEM_QUIT_MS, 0);
		return;
	}
	modem_closing(modem);
}
