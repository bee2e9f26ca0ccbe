/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/err.h"

#include <errno.h>

static const struct {
	const char *name;
	enum err_class cls;
	const char *vi;
	const char *en;
} table[] = {
#define X(name, cls, vi, en) [ERR_##name] = {#name, ERR_CLASS_##cls, vi, en},
	ERR_TABLE(X)
#undef X
};

const char *err_name(enum err err)
{
	return table[err].name;
}

enum err_class err_class(enum err err)
{
	return table[err].cls;
}

const char *err_vi(enum err err)
{
	return table[err].vi;
}

const char *err_en(enum err err)
{
	return table[err].en;
}

enum err err_from_errno(int errnum)
{
	switch (errnum) {
	case 0:
		return ERR_OK;
	case ENOMEM:
		return ERR_NOMEM;
	case ENOENT:
	case ENODEV:
	case ENXIO:
		return ERR_NOT_FOUND;
	case EEXIST:
		return ERR_EXISTS;
	case ENOSPC:
	case EDQUOT:
		return ERR_DISK_FULL;
	case EROFS:
		return ERR_READ_ONLY;
	case EACCES:
	case EPERM:
		return ERR_DENIED;
	case EAGAIN:
	case EBUSY:
		return ERR_BUSY;
	case ETIMEDOUT:
		return ERR_TIMEOUT;
	case ECONNREFUSED:
	case ECONNRESET:
	case EHOSTUNREACH:
	case ENETUNREACH:
		return ERR_UNREACHABLE;
	case EINVAL:
		return ERR_INVALID;
	default:
		return ERR_IO;
	}
}
