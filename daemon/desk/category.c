/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/category.h"

#include "daemon/base/str.h"

static const char *const codes[] = {
#define X(name, code) code,
	CATEGORY_TABLE(X)
#undef X
};

const char *category_code(enum category category)
{
	return codes[category];
}

enum err category_from_code(const char *code, enum category *ret_category)
{
	for (int i = 0; i < CATEGORY_COUNT; i++) {
		if (!str_eq(codes[i], code))
			continue;
		*ret_category = (enum category)i;
		return ERR_OK;
	}
	return ERR_INVALID;
}
