/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The system calls. The lists are those of all architectures; a name that one of them does not have
 * is passed over by libseccomp.
 */
#include "gateway/sandbox_parts.h"

#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#define API_KILL_PROCESS 3 /* of seccomp_api_get(3) */
#define LOW_32 \
	UINT64_C(0xffffffff) /* the kernel takes an int: what stands above it is no matter \
			      */

/* What both do, and what the C library does beneath them. Of files both may ask the metadata: that
 * is how the C library asks for those of an open descriptor, and how the tty is found among them.
 */
static const int allowed[] = {SCMP_SYS(read), SCMP_SYS(close), SCMP_SYS(recvmsg), SCMP_SYS(sendmsg),
	SCMP_SYS(fstat), SCMP_SYS(fstat64), SCMP_SYS(newfstatat), SCMP_SYS(fstatat64),
	SCMP_SYS(statx), SCMP_SYS(restart_syscall), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigreturn),
	SCMP_SYS(exit), SCMP_SYS(exit_group)};

static const int worker_allowed[] = {SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev),
	SCMP_SYS(recvfrom), SCMP_SYS(sendto), SCMP_SYS(recv), SCMP_SYS(send), SCMP_SYS(lseek),
	SCMP_SYS(_llseek), SCMP_SYS(stat), SCMP_SYS(stat64), SCMP_SYS(flock), SCMP_SYS(poll),
	SCMP_SYS(ppoll), SCMP_SYS(ppoll_time64), SCMP_SYS(select), SCMP_SYS(_newselect),
	SCMP_SYS(pselect6), SCMP_SYS(pselect6_time64), SCMP_SYS(brk), SCMP_SYS(munmap),
	SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(sigaltstack), SCMP_SYS(setitimer), SCMP_SYS(getitimer), SCMP_SYS(alarm),
	SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep), SCMP_SYS(clock_nanosleep_time64),
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64), SCMP_SYS(clock_getres),
	SCMP_SYS(clock_getres_time64), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(times),
	SCMP_SYS(getrusage), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getppid),
	SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid),
	SCMP_SYS(getuid32), SCMP_SYS(geteuid32), SCMP_SYS(getgid32), SCMP_SYS(getegid32),
	SCMP_SYS(getrandom), SCMP_SYS(uname), SCMP_SYS(sched_yield), SCMP_SYS(futex),
	SCMP_SYS(futex_time64)};

/* The opener. With no sandbox of its own its one argument would be the only bound. */
static const int opener_allowed[] = {SCMP_SYS(open), SCMP_SYS(openat)};

/* Of a tty: its line settings, its control lines, its lock. Not TIOCSTI, which types commands into
 * whatever terminal this was started from. */
static const unsigned long tty_requests[] = {TCGETS, TCSETS, TCSETSW, TCSETSF, TCGETS2, TCSETS2,
	TCSETSW2, TCSETSF2, TCFLSH, TCSBRK, TCSBRKP, TCXONC, TIOCMGET, TIOCMSET, TIOCMBIS, TIOCMBIC,
	TIOCEXCL, TIOCNXCL, TIOCGEXCL, TIOCINQ, TIOCOUTQ, TIOCSBRK, TIOCCBRK, TIOCGWINSZ};

static const int fd_commands[] = {F_GETFD, F_SETFD, F_GETFL, F_SETFL};

/* The network, the kernel and the view of the file system. */
static const int deadly[] = {SCMP_SYS(socket), SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen),
	SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(socketcall), SCMP_SYS(mount),
	SCMP_SYS(umount), SCMP_SYS(umount2), SCMP_SYS(pivot_root), SCMP_SYS(chroot),
	SCMP_SYS(move_mount), SCMP_SYS(open_tree), SCMP_SYS(fsopen), SCMP_SYS(fsmount),
	SCMP_SYS(mount_setattr), SCMP_SYS(open_by_handle_at), SCMP_SYS(unshare), SCMP_SYS(setns),
	SCMP_SYS(init_module), SCMP_SYS(finit_module), SCMP_SYS(delete_module),
	SCMP_SYS(kexec_load), SCMP_SYS(kexec_file_load), SCMP_SYS(reboot), SCMP_SYS(swapon),
	SCMP_SYS(swapoff), SCMP_SYS(iopl), SCMP_SYS(ioperm), SCMP_SYS(bpf),
	SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd), SCMP_SYS(io_uring_setup),
	SCMP_SYS(keyctl), SCMP_SYS(add_key), SCMP_SYS(request_key), SCMP_SYS(settimeofday),
	SCMP_SYS(clock_settime), SCMP_SYS(clock_settime64), SCMP_SYS(adjtimex),
	SCMP_SYS(clock_adjtime), SCMP_SYS(sethostname), SCMP_SYS(setdomainname)};

/* Other programs and processes: sanitizers need some of it. */
static const int deadly_full[] = {SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork),
	SCMP_SYS(vfork), SCMP_SYS(clone), SCMP_SYS(clone3), SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(process_madvise),
	SCMP_SYS(pidfd_open), SCMP_SYS(pidfd_getfd), SCMP_SYS(pidfd_send_signal), SCMP_SYS(tkill),
	SCMP_SYS(rt_sigqueueinfo), SCMP_SYS(rt_tgsigqueueinfo)};

/* Each returns 0 or a negative errno, as libseccomp does. */

static int add_all(scmp_filter_ctx ctx, uint32_t action, const int *calls, size_t count)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < count; i++)
		rc = seccomp_rule_add(ctx, action, calls[i], 0);
	return rc;
}

/* Nothing written becomes code. */
static int allow_memory(scmp_filter_ctx ctx)
{
	static const int calls[] = {SCMP_SYS(mmap), SCMP_SYS(mmap2), SCMP_SYS(mprotect)};
	int rc = 0;

	for (size_t i = 0; !rc && i < ARRAY_LEN(calls); i++)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, calls[i], 1,
			SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	return rc;
}

static int allow_descriptors(scmp_filter_ctx ctx)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < ARRAY_LEN(tty_requests); i++)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
			SCMP_A1(SCMP_CMP_MASKED_EQ, LOW_32, tty_requests[i] & LOW_32));
	for (size_t i = 0; !rc && i < ARRAY_LEN(fd_commands); i++) {
		const struct scmp_arg_cmp is_command = SCMP_A1(
			SCMP_CMP_MASKED_EQ, LOW_32, (uint64_t)fd_commands[i]);

		rc = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1, is_command);
		if (!rc)
			rc = seccomp_rule_add(
				ctx, SCMP_ACT_ALLOW, SCMP_SYS(fcntl64), 1, is_command);
	}
	return rc;
}

/* A process may end itself, as abort() does. */
static int allow_own_signals(scmp_filter_ctx ctx, uint32_t kill_action)
{
	static const int calls[] = {SCMP_SYS(kill), SCMP_SYS(tgkill)};
	const scmp_datum_t own = (scmp_datum_t)getpid();
	int rc = 0;

	for (size_t i = 0; !rc && i < ARRAY_LEN(calls); i++) {
		rc = seccomp_rule_add(
			ctx, SCMP_ACT_ALLOW, calls[i], 1, SCMP_A0(SCMP_CMP_EQ, own, 0));
		if (!rc)
			rc = seccomp_rule_add(
				ctx, kill_action, calls[i], 1, SCMP_A0(SCMP_CMP_NE, own, 0));
	}
	return rc;
}

static int allow_role(scmp_filter_ctx ctx, enum sandbox_role role, uint32_t kill_action)
{
	int rc = add_all(ctx, SCMP_ACT_ALLOW, allowed, ARRAY_LEN(allowed));

	if (!rc)
		rc = allow_own_signals(ctx, kill_action);
	if (rc)
		return rc;
	if (role == SANDBOX_OPENER)
		return add_all(ctx, SCMP_ACT_ALLOW, opener_allowed, ARRAY_LEN(opener_allowed));
	rc = add_all(ctx, SCMP_ACT_ALLOW, worker_allowed, ARRAY_LEN(worker_allowed));
	if (!rc)
		rc = allow_memory(ctx);
	if (!rc)
		rc = allow_descriptors(ctx);
	return rc;
}

enum err sandbox_filter_calls(
	enum sandbox_role role, enum sandbox_mode mode, bool *ret_has_seccomp, struct errbuf *eb)
{
	bool is_full = mode == SANDBOX_FULL;
	/* Linux before 4.14 ends the thread, of which there is one. */
	uint32_t kill_action = seccomp_api_get() >= API_KILL_PROCESS ? SCMP_ACT_KILL_PROCESS
								     : SCMP_ACT_KILL_THREAD;
	scmp_filter_ctx ctx;
	int rc;

	if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0 && errno == EINVAL) {
		*ret_has_seccomp = false;
		return ERR_OK;
	}
	ctx = seccomp_init(is_full ? SCMP_ACT_ERRNO(EPERM) : SCMP_ACT_ALLOW);
	if (!ctx)
		return errbuf_set(eb, ERR_NOMEM, "seccomp: out of memory");
	rc = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, kill_action);
	/* A search tree: the calls of a busy modem are not at the top of a list. */
	if (!rc)
		rc = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (!rc)
		rc = add_all(ctx, kill_action, deadly, ARRAY_LEN(deadly));
	if (!rc && is_full)
		rc = add_all(ctx, kill_action, deadly_full, ARRAY_LEN(deadly_full));
	if (!rc && is_full)
		rc = allow_role(ctx, role, kill_action);
	if (!rc)
		rc = seccomp_load(ctx);
	seccomp_release(ctx);
	if (rc)
		return errbuf_set(eb, ERR_DENIED, "seccomp: %s", strerror(-rc));
	*ret_has_seccomp = true;
	return ERR_OK;
}
