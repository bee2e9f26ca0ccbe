/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/modem/sim.h"

#include "daemon/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { POLL_SIGNAL, POLL_LIFELINE, POLL_LISTEN, POLL_HOST, POLL_TTY, POLL_CLIENTS };

enum err sim_power_on(struct sim *sim, struct errbuf *eb)
{
	enum err err = tty_plug(sim, eb);
	if (err == ERR_OK) {
		journal(sim, "plug", NULL);
		network_pump(sim);
	}
	return err;
}

void sim_power_off(struct sim *sim)
{
	timer_stop(sim, &sim->reboot);
	network_power_off(sim);
	at_power_off(sim);
	tty_unplug(sim);
}

static void back_on(struct sim *sim, void *arg)
{
	struct errbuf eb = {0};
	(void)arg;
	if (!tty_is_plugged(sim) && sim_power_on(sim, &eb) != ERR_OK)
		fprintf(stderr, "sim-modem: %s\n", eb.text);
}

/* A real one leaves the bus some time after its OK was read; a host that reads nothing is not
 * waited for. */
#define LINGER_MS      2000
#define LINGER_STEP_MS 10

static void go_down(struct sim *sim, void *arg)
{
	(void)arg;
	if (sim->linger_ms > 0 && tty_has_unread(sim)) {
		sim->linger_ms -= LINGER_STEP_MS;
		timer_set(sim, &sim->reboot, LINGER_STEP_MS, go_down, NULL);
		return;
	}
	journal(sim, "reboot", NULL);
	sim_power_off(sim);
	timer_set(sim, &sim->reboot, sim->reboot_ms, back_on, NULL);
}

void sim_reboot(struct sim *sim, int64_t ms)
{
	sim->reboot_ms = ms;
	sim->linger_ms = 0;
	timer_set(sim, &sim->reboot, 0, go_down, NULL);
}

void sim_reboot_after_answer(struct sim *sim, int64_t ms)
{
	sim_reboot(sim, ms);
	sim->linger_ms = LINGER_MS;
}

static enum err listen_on(struct sim *sim, struct errbuf *eb)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const char *path = sim->opt.control;
	if (!path[0])
		return ERR_OK;
	memcpy(address.sun_path, path, strlen(path));
	sim->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	unlink(path);
	if (sim->listen_fd < 0 ||
		bind(sim->listen_fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
		listen(sim->listen_fd, SIM_CLIENTS_MAX) != 0)
		return errbuf_set(eb, err_from_errno(errno), "%s: %s", path, strerror(errno));
	return ERR_OK;
}

static enum err catch_signals(struct sim *sim)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	sim->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return sim->signal_fd < 0 ? err_from_errno(errno) : ERR_OK;
}

static enum err start(struct sim *sim, struct errbuf *eb)
{
	const struct options *opt = &sim->opt;
	sim->memory[MEM_SM].size = opt->slots;
	sim->memory[MEM_ME].size = opt->me_slots;
	sim->memory[MEM_SR].size = opt->sr_slots;
	sim->network.registration = REG_HOME;
	sim->network.signal = 20;
	sim->network.ussd_codes = json_object();
	(void)!str_copy(sim->network.sim_state, sizeof(sim->network.sim_state), "READY");
	sim->radio.report = (struct auto_report){.is_on = true, .delay_ms = 50};
	rng_init(&sim->rng, (uint64_t)opt->seed);
	sim->network.ref8 = (int)rng_below(&sim->rng, 256);
	sim->network.ref16 = (int)rng_below(&sim->rng, 65536);
	sim->radio.next_mr = 1;
	memcpy(sim->tty.link, opt->link, sizeof(sim->tty.link));
	at_init(sim);
	if (opt->log[0]) {
		sim->log_fd = open(opt->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
		if (sim->log_fd < 0)
			return errbuf_set(
				eb, err_from_errno(errno), "%s: %s", opt->log, strerror(errno));
	}
	enum err err = state_load(sim, eb);
	if (err == ERR_OK)
		err = catch_signals(sim);
	if (err == ERR_OK)
		err = listen_on(sim, eb);
	if (err == ERR_OK)
		err = sim_power_on(sim, eb);
	return err;
}

static void serve(struct sim *sim, const struct pollfd *fds, struct client *const *clients)
{
	if (fds[POLL_SIGNAL].revents || fds[POLL_LIFELINE].revents)
		sim->is_quitting = true;
	if (tty_is_plugged(sim) && fds[POLL_TTY].fd == sim->tty.master) {
		if ((fds[POLL_TTY].revents | fds[POLL_HOST].revents) & POLLIN)
			tty_on_input(sim);
		if (fds[POLL_TTY].revents & POLLOUT)
			tty_on_output(sim);
	}
	for (int i = 0; i < SIM_CLIENTS_MAX; i++) {
		const struct pollfd *fd = &fds[POLL_CLIENTS + i];
		if (!clients[i] || sim->client[i] != clients[i])
			continue;
		if (fd->revents & POLLOUT)
			control_on_output(clients[i]);
		if (fd->revents & (POLLIN | POLLHUP | POLLERR))
			control_on_input(sim, clients[i]);
	}
	if (fds[POLL_LISTEN].revents)
		control_accept(sim);
}

static void run(struct sim *sim)
{
	while (!sim->is_quitting) {
		struct pollfd fds[POLL_CLIENTS + SIM_CLIENTS_MAX];
		struct client *clients[SIM_CLIENTS_MAX];
		const struct tty *tty = &sim->tty;
		bool has_output = tty->head && !tty->is_paused;
		fds[POLL_SIGNAL] = (struct pollfd){sim->signal_fd, POLLIN, 0};
		fds[POLL_LIFELINE] = (struct pollfd){
			sim->opt.has_lifeline ? STDIN_FILENO : -1, POLLIN, 0};
		fds[POLL_LISTEN] = (struct pollfd){sim->listen_fd, POLLIN, 0};
		fds[POLL_HOST] = (struct pollfd){tty->inotify, POLLIN, 0};
		fds[POLL_TTY] = (struct pollfd){
			tty->master, (short)(POLLIN | (has_output ? POLLOUT : 0)), 0};
		for (int i = 0; i < SIM_CLIENTS_MAX; i++) {
			struct client *c = clients[i] = sim->client[i];
			short events = (short)(POLLIN | (c && c->out.len ? POLLOUT : 0));
			fds[POLL_CLIENTS + i] = (struct pollfd){c ? c->fd : -1, events, 0};
		}
		if (poll(fds, ARRAY_LEN(fds), timers_wait_ms(sim)) < 0 && errno != EINTR)
			break;
		serve(sim, fds, clients);
		timers_run(sim);
	}
}

static void stop(struct sim *sim)
{
	sim->is_quitting = true;
	state_save(sim);
	tty_unplug(sim);
	for (int i = 0; i < SIM_CLIENTS_MAX; i++) {
		if (sim->client[i])
			control_close(sim, sim->client[i]);
	}
	if (sim->listen_fd >= 0) {
		close(sim->listen_fd);
		unlink(sim->opt.control);
	}
	radio_done(sim);
	network_done(sim);
	at_done(sim);
	timers_done(sim);
	if (sim->signal_fd >= 0)
		close(sim->signal_fd);
	if (sim->log_fd >= 0)
		close(sim->log_fd);
}

int main(int argc, char **argv)
{
	static struct sim sim = {.listen_fd = -1,
		.signal_fd = -1,
		.log_fd = -1,
		.tty = {.master = -1, .slave = -1, .inotify = -1}};
	struct errbuf eb = {0};
	bool is_help;
	if (options_parse(argc, argv, &sim.opt, &is_help) != ERR_OK)
		return 2;
	if (is_help) {
		options_help();
		return 0;
	}
	if (sim.opt.request || sim.opt.text || sim.opt.is_watch)
		return client_main(&sim.opt);
	enum err err = start(&sim, &eb);
	if (err == ERR_OK) {
		printf("ready %s\n", sim.opt.link);
		fflush(stdout);
		run(&sim);
	} else {
		fprintf(stderr, "sim-modem: %s\n", eb.text[0] ? eb.text : err_en(err));
	}
	stop(&sim);
	return err == ERR_OK ? 0 : 1;
}
