/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A daemon dies at every point there is, one after the other: before a request, after the server
 * acted, before and after its answer is looked at, before each commit. A second life goes on from
 * what is on disk, and may die in turn; the last one puts everything right (crash.h).
 *
 * What outlives a death is what was committed and what the server did. Points between which nothing
 * of both happened leave the same behind, so that one of them stands for all: the points of a life
 * are those of a run without a death, and of these the ones that differ. (is_full: a single death
 * at all of them, and pairs of deaths at those that differ.)
 */
#include "tests/sim/zalo_link/crash.h"

#include "tests/sim/zalo_link/http_fake.h"
#include "tests/sim/zalo_link/sim_zalo_link.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SEED	 7
#define JOBS_MAX 16

/* Points of a life that leave different things behind. */
struct points {
	int at[CLOUD_POINTS];
	int count, all;
};

struct tally {
	int lives, faults;
};

static void points_take(struct points *points)
{
	int last = 0;

	points->count = 0;
	points->all = cloud->points;
	CHECK(cloud->points < CLOUD_POINTS);
	for (int i = 1; i <= cloud->points; i++) {
		if (last && cloud->commits_at[i] == cloud->commits_at[last] &&
			cloud->acts_at[i] == cloud->acts_at[last])
			continue;
		points->at[points->count++] = i;
		last = i;
	}
}

/* In a child. is_last: puts everything right and is checked. True: it came to its end, and nothing
 * was wrong. */
static bool live(struct world *w, const struct crash_scene *scene, bool is_first, bool is_last,
	const char *when)
{
	pid_t pid;
	int status = 0;

	cloud->points = cloud->commits = cloud->acts = 0;
	pid = fork();
	CHECK(pid >= 0);
	if (!pid) {
		int64_t ms = is_first && !is_last ? scene->life_ms : scene->recover_ms;
		int faults = 0;

		world_start(w);
		scene->begin(w, is_first);
		scene->live(w, cloud->clock.mono + ms);
		if (is_last)
			faults = scene->check(w, when);
		world_stop(w);
		_exit(faults ? 1 : 0);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	w->is_first = w->is_first && cloud->commits == 0;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void world_begin(struct world *w, const struct crash_scene *scene)
{
	cloud_open(SEED);
	world_init(w);
	w->has_groups = scene->has_groups;
}

static void die_at(struct world *w, const struct crash_scene *scene, int point, bool is_first)
{
	cloud->crash_at = point;
	(void)live(w, scene, is_first, false, "");
	cloud->crash_at = 0;
}

/* Dies again at every point of the life that follows a death, which has just been lived. */
static void die_twice(
	struct world *w, const struct crash_scene *scene, int first, struct tally *tally)
{
	struct points second;
	char when[64];

	points_take(&second);
	for (int i = 0; i < second.count; i++) {
		world_restore(w);
		snprintf(when, sizeof(when), "%s, dead at %d and %d", scene->name, first,
			second.at[i]);
		die_at(w, scene, second.at[i], false);
		tally->lives++;
		tally->faults += !live(w, scene, false, true, when);
	}
}

static void die_once(const struct crash_scene *scene, int point, bool is_twice, struct tally *tally)
{
	struct world w;
	char when[48];

	world_begin(&w, scene);
	die_at(&w, scene, point, true);
	if (is_twice)
		world_keep(&w);
	snprintf(when, sizeof(when), "%s, dead at %d", scene->name, point);
	tally->lives++;
	tally->faults += !live(&w, scene, false, true, when);
	if (is_twice)
		die_twice(&w, scene, point, tally);
	world_done(&w);
}

static void uninterrupted(const struct crash_scene *scene, struct points *ret_points, int *faults)
{
	struct world w;

	world_begin(&w, scene);
	*faults += !live(&w, scene, true, true, scene->name);
	world_done(&w);
	world_begin(&w, scene);
	(void)live(&w, scene, true, false, scene->name);
	points_take(ret_points);
	world_done(&w);
}

/* Every jobs-th of them; the sums are in memory that is shared. */
static void work(const struct crash_scene *scene, const struct points *points, bool is_full,
	int job, int jobs, struct tally *tally)
{
	for (int i = job; i < points->count; i += jobs)
		die_once(scene, points->at[i], is_full, tally);
	for (int i = 1 + job, next = 0; is_full && i <= points->all; i += jobs) {
		while (next < points->count && points->at[next] < i)
			next++;
		if (next == points->count || points->at[next] != i)
			die_once(scene, i, false, tally);
	}
}

static int die_everywhere(const struct crash_scene *scene, bool is_full, int jobs)
{
	struct tally *tally = mmap(NULL, (size_t)jobs * sizeof(*tally), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0),
		     sum = {0};
	static struct points points;

	CHECK(tally != MAP_FAILED);
	uninterrupted(scene, &points, &sum.faults);
	for (int job = 0; job < jobs; job++) {
		pid_t pid = fork();

		CHECK(pid >= 0);
		if (!pid) {
			work(scene, &points, is_full, job, jobs, &tally[job]);
			_exit(0);
		}
	}
	for (int job = 0; job < jobs; job++) {
		int status;

		CHECK(wait(&status) > 0);
		sum.faults += status != 0;
	}
	for (int job = 0; job < jobs; job++) {
		sum.lives += tally[job].lives;
		sum.faults += tally[job].faults;
	}
	munmap(tally, (size_t)jobs * sizeof(*tally));
	printf("crash, %s: %d points, of which %d differ; %d deaths%s, %d faults\n", scene->name,
		points.all, points.count, sum.lives, is_full ? " or pairs of deaths" : "",
		sum.faults);
	return sum.faults || points.all < scene->least ? 1 : 0;
}

int crash_everywhere(bool is_full)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	int jobs = cpus < 1 ? 1 : cpus > JOBS_MAX ? JOBS_MAX : (int)cpus;
	int faults = die_everywhere(&crash_sends, is_full, jobs);

	fflush(stdout);
	return faults + die_everywhere(&crash_groups, is_full, jobs) ? 1 : 0;
}
