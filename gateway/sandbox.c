/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/sandbox.h"
#include "gateway/sandbox_parts.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER true
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER true
#endif
#ifndef HAS_SANITIZER
#define HAS_SANITIZER false
#endif

/* As root it is root without power: what belongs to root stays readable to it by its permissions,
 * which is why files are closed by two other means. */
static enum err drop_capabilities(struct errbuf *eb)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
	unsigned permitted = 0;

	if (syscall(SYS_capget, &header, data))
		return errbuf_set(eb, ERR_DENIED, "capget: %s", strerror(errno));
	for (size_t i = 0; i < ARRAY_LEN(data); i++)
		permitted |= data[i].permitted | data[i].inheritable;
	/* Under the unit there is nothing to drop, nor may it be tried. */
	if (!permitted)
		return ERR_OK;
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
		prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	memset(data, 0, sizeof(data));
	if (syscall(SYS_capset, &header, data))
		return errbuf_set(eb, ERR_DENIED, "capset: %s", strerror(errno));
	return ERR_OK;
}

static enum err limit(__rlimit_resource_t resource, rlim_t most, struct errbuf *eb)
{
	struct rlimit now;

	if (getrlimit(resource, &now))
		return errbuf_set(eb, ERR_DENIED, "getrlimit: %s", strerror(errno));
	if (most > now.rlim_max)
		most = now.rlim_max;
	if (setrlimit(resource, &(struct rlimit){most, most}))
		return errbuf_set(eb, ERR_DENIED, "setrlimit: %s", strerror(errno));
	return ERR_OK;
}

/* It opens no file, but may have been given one to log into: a limit on its size would end the
 * log, or the process. */
static bool has_given_file(void)
{
	struct stat st;

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
			return true;
	}
	return false;
}

static enum err set_limits(enum sandbox_mode mode, struct errbuf *eb)
{
	static const struct {
		__rlimit_resource_t resource;
		rlim_t most;
	} limits[] = {{RLIMIT_NPROC, 0}, {RLIMIT_NOFILE, SANDBOX_FDS},
		{RLIMIT_AS, SANDBOX_MEMORY_BYTES}, {RLIMIT_MSGQUEUE, 0}};
	enum err err = limit(RLIMIT_CORE, 0, eb);

	if (!err)
		err = limit(RLIMIT_MEMLOCK, 0, eb);
	if (mode == SANDBOX_REDUCED)
		return err;
	for (size_t i = 0; !err && i < ARRAY_LEN(limits); i++)
		err = limit(limits[i].resource, limits[i].most, eb);
	if (!err && !has_given_file())
		err = limit(RLIMIT_FSIZE, 0, eb);
	return err;
}

enum err sandbox_enter(enum sandbox_role role, enum sandbox_mode mode, struct sandbox *ret_sandbox,
	struct errbuf *eb)
{
	struct sandbox sandbox = {.mode = HAS_SANITIZER ? SANDBOX_REDUCED : mode};
	enum err err;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return errbuf_set(eb, ERR_DENIED, "prctl: %s", strerror(errno));
	err = drop_capabilities(eb);
	if (!err)
		err = set_limits(sandbox.mode, eb);
	if (!err)
		err = sandbox_close_files(role, sandbox.mode, &sandbox.landlock_abi, eb);
	/* Last: it also ends what was needed to get here. */
	if (!err)
		err = sandbox_filter_calls(role, sandbox.mode, &sandbox.has_seccomp, eb);
	if (!err)
		*ret_sandbox = sandbox;
	return err;
}
