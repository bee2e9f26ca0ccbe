/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Landlock, with raw system calls as the C library has none. Each ABI of the kernel knows more
 * kinds of access; all that it knows are closed, then what the role needs is opened again.
 */
#include "gateway/sandbox_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Bits 0 to 12 came with ABI 1, REFER with 2; younger than the oldest headers that build this. */
#define FS_TRUNCATE  (UINT64_C(1) << 14) /* ABI 3 */
#define FS_IOCTL_DEV (UINT64_C(1) << 15) /* ABI 5 */
#define NET_TCP	     UINT64_C(3)	 /* ABI 4: bind, connect */
#define SCOPE_ALL    UINT64_C(3)	 /* ABI 6: abstract sockets, signals */
#define ABI_NET	     4
#define ABI_SCOPE    6
#define TTY_ACCESS   (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | FS_IOCTL_DEV)
#define READING \
	(LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_EXECUTE)

struct ruleset { /* struct landlock_ruleset_attr as of ABI 6 */
	uint64_t fs, net, scoped;
};

static uint64_t known_fs(int abi)
{
	uint64_t known = LANDLOCK_ACCESS_FS_REFER - 1;

	if (abi >= 2)
		known |= LANDLOCK_ACCESS_FS_REFER;
	if (abi >= 3)
		known |= FS_TRUNCATE;
	if (abi >= 5)
		known |= FS_IOCTL_DEV;
	return known;
}

static int make_ruleset(int abi)
{
	struct ruleset rules = {.fs = known_fs(abi)};
	size_t bytes = sizeof(rules.fs);

	if (abi >= ABI_NET) {
		rules.net = NET_TCP;
		bytes += sizeof(rules.net);
	}
	if (abi >= ABI_SCOPE) {
		rules.scoped = SCOPE_ALL;
		bytes += sizeof(rules.scoped);
	}
	return (int)syscall(SYS_landlock_create_ruleset, &rules, bytes, 0);
}

static int allow(int ruleset, const char *path, uint64_t access)
{
	struct landlock_path_beneath_attr beneath = {.allowed_access = access,
		.parent_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC)};
	long rc;

	if (beneath.parent_fd < 0)
		return -1;
	rc = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
	close(beneath.parent_fd);
	return (int)rc;
}

enum err sandbox_close_files(
	enum sandbox_role role, enum sandbox_mode mode, int *ret_abi, struct errbuf *eb)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	int ruleset, rc = 0;

	if (abi < 1) { /* not built in, not switched on, or held back by a filter around us */
		*ret_abi = 0;
		return ERR_OK;
	}
	ruleset = make_ruleset((int)abi);
	if (ruleset < 0)
		return errbuf_set(eb, ERR_DENIED, "landlock ruleset: %s", strerror(errno));
	if (role == SANDBOX_OPENER)
		rc = allow(ruleset, "/dev", TTY_ACCESS & known_fs((int)abi));
	if (!rc && mode == SANDBOX_REDUCED)
		rc = allow(ruleset, "/", READING);
	if (!rc)
		rc = (int)syscall(SYS_landlock_restrict_self, ruleset, 0);
	if (rc)
		errbuf_set(eb, ERR_DENIED, "landlock: %s", strerror(errno));
	else
		*ret_abi = (int)abi;
	close(ruleset);
	return rc ? ERR_DENIED : ERR_OK;
}
