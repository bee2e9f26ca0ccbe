/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The few macros that every file of the project may use. */
#ifndef BINHYEN_BASE_BASE_H
#define BINHYEN_BASE_BASE_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define MUST_CHECK	  __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define CLEANUP(fn)	  __attribute__((cleanup(fn)))
#define ARRAY_LEN(a)	  (sizeof(a) / sizeof((a)[0]))

#define container_of(ptr, type, member) ((type *)(void *)((char *)(ptr)-offsetof(type, member)))

/* For our own bugs only, on in release: a broken invariant must not reach the disk. */
#define CHECK(cond) ((cond) ? (void)0 : check_failed(__FILE__, __LINE__, __func__, #cond))

__attribute__((noreturn)) void check_failed(
	const char *file, int line, const char *func, const char *cond);

static inline void cleanup_free(void *ptr)
{
	free(*(void **)ptr);
}

#endif
