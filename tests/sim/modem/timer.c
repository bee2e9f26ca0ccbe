/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/modem/sim.h"

#include "daemon/base/clock.h"

#include <limits.h>

int64_t sim_mono_ms(void)
{
	return clock_mono_ms(clock_system());
}

int64_t sim_wall_ms(void)
{
	return clock_wall_ms(clock_system());
}

void *sim_alloc(size_t bytes)
{
	void *p = calloc(1, bytes ? bytes : 1);
	if (!p)
		abort(); /* a simulator without memory has nothing to simulate */
	return p;
}

static bool is_before(const struct sim_timer *a, const struct sim_timer *b)
{
	return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->order < b->order;
}

static void place(struct sim_timers *ts, size_t index, struct sim_timer *t)
{
	ts->heap[index - 1] = t;
	t->index = index;
}

static void sift(struct sim_timers *ts, size_t index)
{
	struct sim_timer *t = ts->heap[index - 1];
	while (index > 1 && is_before(t, ts->heap[index / 2 - 1])) {
		place(ts, index, ts->heap[index / 2 - 1]);
		index /= 2;
	}
	for (;;) {
		size_t child = 2 * index;
		if (child > ts->count)
			break;
		if (child < ts->count && is_before(ts->heap[child], ts->heap[child - 1]))
			child++;
		if (!is_before(ts->heap[child - 1], t))
			break;
		place(ts, index, ts->heap[child - 1]);
		index = child;
	}
	place(ts, index, t);
}

void timer_stop(struct sim *sim, struct sim_timer *t)
{
	struct sim_timers *ts = &sim->timers;
	if (t->index == 0)
		return;
	size_t index = t->index;
	struct sim_timer *last = ts->heap[--ts->count];
	t->index = 0;
	if (last != t) {
		place(ts, index, last);
		sift(ts, index);
	}
}

void timer_set(struct sim *sim, struct sim_timer *t, int64_t delay_ms,
	void (*fn)(struct sim *sim, void *arg), void *arg)
{
	struct sim_timers *ts = &sim->timers;
	timer_stop(sim, t);
	if (ts->count == ts->size) {
		ts->size = ts->size ? 2 * ts->size : 64;
		ts->heap = realloc(ts->heap, ts->size * sizeof(struct sim_timer *));
		if (!ts->heap)
			abort();
	}
	t->due_ms = sim_mono_ms() + delay_ms;
	t->order = ts->order++;
	t->fn = fn;
	t->arg = arg;
	ts->count++;
	place(ts, ts->count, t);
	sift(ts, ts->count);
}

int timers_wait_ms(struct sim *sim)
{
	if (sim->timers.count == 0)
		return -1;
	int64_t wait = sim->timers.heap[0]->due_ms - sim_mono_ms();
	return wait < 0 ? 0 : wait > INT_MAX ? INT_MAX : (int)wait;
}

void timers_run(struct sim *sim)
{
	struct sim_timers *ts = &sim->timers;
	int64_t now = sim_mono_ms();
	while (ts->count > 0 && ts->heap[0]->due_ms <= now) {
		struct sim_timer *t = ts->heap[0];
		timer_stop(sim, t);
		t->fn(sim, t->arg);
	}
}

void timers_done(struct sim *sim)
{
	free(sim->timers.heap);
}
