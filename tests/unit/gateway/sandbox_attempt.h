/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is attempted in a sandbox, and the files, terminals and processes that it is attempted on.
 * Each attempt is made by a process of its own: once free, where it has to succeed, or its refusal
 * would prove nothing, and once in each sandbox.
 */
#ifndef BINHYEN_TESTS_UNIT_GATEWAY_SANDBOX_ATTEMPT_H
#define BINHYEN_TESTS_UNIT_GATEWAY_SANDBOX_ATTEMPT_H

#include "daemon/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define WORKS	   0
#define DEADLY	   1000 /* SIGSYS; below: an errno */
#define NO_SANDBOX 2000
struct sandbox_world {
	char dir[64], file[96], other[96];
	int tty_master, tty, inet;
	char tty_name[64];
	pid_t victim;
	int victim_secret;
};
extern struct sandbox_world sandbox_world;

struct sandbox_attempt {
	const char *name;
	int (*try)(void);
	/* The worker, the worker with tools in its process, the opener. */
	int full, reduced, opener;
	int abi; /* of Landlock, which alone refuses with EACCES, and all that `reduced` does */
	bool needs_root;
};
extern const struct sandbox_attempt sandbox_attempts[];
extern const size_t sandbox_attempt_count;

/* The world is new for each attempt. */
void sandbox_world_build(void);
void sandbox_world_raze(void);

typedef enum err (*sandbox_enter_fn)(const void *arg);
/* Forks, enters (NULL: stays free) and tries: an errno, WORKS, DEADLY, NO_SANDBOX when it could not
 * be entered, -signal. */
int sandbox_run(sandbox_enter_fn enter, const void *arg, int (*try)(void));
int sandbox_outcome(pid_t pid);

/* Those that are tried in other ways as well: 0 or an errno. */
int sandbox_done(long rc);
int sandbox_read_file(void);
int sandbox_write_file(void);
int sandbox_create_file(void);
int sandbox_remove_file(void);
int sandbox_list_folder(void);
int sandbox_open_other_tty(void);
int sandbox_inet_socket(void);
int sandbox_kill_process(void);

#endif
