/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a content is, told from its first bytes; what a server says about it is not believed. Pure.
 */
#ifndef BINHYEN_DESK_MEDIA_TYPE_H
#define BINHYEN_DESK_MEDIA_TYPE_H

#include "store/attachment.h"

#define MEDIA_HEAD_BYTES 64 /* that are looked at */

/* "image/jpeg"...; "application/octet-stream" when it is nothing that is known. Static. */
const char *media_type(const void *head, size_t len);
/* May an attachment of this kind be that? A file may be anything but a page of the web, which is
 * what a server sends instead of what it does not have. */
bool media_type_fits(enum attachment_kind kind, const char *mime);

#endif
