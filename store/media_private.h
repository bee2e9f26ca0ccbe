/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the files lie, for media.c and media_folder.c. */
#ifndef BINHYEN_STORE_MEDIA_PRIVATE_H
#define BINHYEN_STORE_MEDIA_PRIVATE_H

#include "store/internal.h"
#include "store/media.h"

#define MEDIA_PATH_BYTES 512 /* store.path has at most 255 */
#define MEDIA_PART	 ".part"

/* name "": of the folder. */
void media_path(struct store *store, const char *name, const char *suffix, char *path);
/* As media_writer_new draws them. */
bool media_is_name(const char *text);

#endif
