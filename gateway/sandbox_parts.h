/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two parts of the sandbox that talk to the kernel in a language of their own. */
#ifndef BINHYEN_GATEWAY_SANDBOX_PARTS_H
#define BINHYEN_GATEWAY_SANDBOX_PARTS_H

#include "gateway/sandbox.h"

/* Both need PR_SET_NO_NEW_PRIVS. *ret_has_seccomp false, *ret_abi 0: the kernel has no such thing,
 * which is no error. */
MUST_CHECK
enum err sandbox_filter_calls(
	enum sandbox_role role, enum sandbox_mode mode, bool *ret_has_seccomp, struct errbuf *eb);
MUST_CHECK
enum err sandbox_close_files(
	enum sandbox_role role, enum sandbox_mode mode, int *ret_abi, struct errbuf *eb);

#endif
