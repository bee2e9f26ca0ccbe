/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When copies of the database are made: each night, when there is none after an hour of run, when
 * somebody asks; again an hour after one that failed, but a stick that is missing waits for the
 * next night, as hourly copies would push those of the week out. One at a time, in the thread pool
 * (store/backup.h); what came of it is written and told on the loop.
 */
#ifndef BINHYEN_DAEMON_BACKUP_LOOP_H
#define BINHYEN_DAEMON_BACKUP_LOOP_H

#include "config/config.h"
#include "store/backup.h"

#include <jansson.h>
#include <uv.h>

struct backup_loop {
	struct store *store;		    /* these six set by the owner */
	const struct config *const *config; /* in force; it may change */
	void (*wake)(void *arg);
	void *wake_arg;
	void (*failed)(void *arg); /* the disk did: the process can't go on */
	void *failed_arg;
	uv_loop_t *loop;
	uv_timer_t timer;
	uv_work_t work;
	struct backup_job *job; /* of the thread while it works; NULL none */
	struct backup_state state;
	char asked_by[48];			/* "" nobody */
	int tries;				/* to begin */
	int64_t started_mono_ms, tried_mono_ms; /* tried: when it failed last; INT64_MIN never */
	bool is_closing;
	void (*close_cb)(void *arg);
	void *close_arg;
};

MUST_CHECK
enum err backup_loop_start(struct backup_loop *bl, uv_loop_t *loop);
/* Now; ERR_BUSY: one is being made. */
MUST_CHECK
enum err backup_loop_ask(struct backup_loop *bl, const char *actor, struct errbuf *eb);
/* {"folder","other_folder","kept","running","last_good_at",...,"backups":[...]}; NULL and *ret_err
 * on failure. */
json_t *backup_loop_list(struct backup_loop *bl, enum err *ret_err);
/* {"state":"good"|"none"|"failed","is_old","last_good_at","fault","why","why_vi"} for `status`. */
json_t *backup_loop_status(const struct backup_loop *bl);
/* Breaks off what is being made; then cb. */
void backup_loop_close(struct backup_loop *bl, void (*cb)(void *arg), void *arg);

#endif
