/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every place where a process can die and the world notices a difference: before each write, sync,
 * truncation, renaming or removal of a file and each connect, send or receive of an Internet
 * socket, also those of the libraries, whose calls are taken by this file's functions of the same
 * names. Link it into a driver, arm it, and raise the number until the driver survives.
 */
#ifndef BINHYEN_TESTS_CRASH_POINTS_H
#define BINHYEN_TESTS_CRASH_POINTS_H

/* Counts from now on and dies by SIGKILL before step `at`, counted from 1; 0 = only counts. */
void crash_points_arm(long at);
/* Steps since it was armed. */
long crash_points_count(void);

#endif
