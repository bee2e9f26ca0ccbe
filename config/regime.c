/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/regime.h"

#include "daemon/base/str.h"

#include <stdlib.h>

#define X(name, text) text,
static const char *const class_texts[] = {LEGAL_CLASS_TABLE(X)};
static const char *const moment_texts[] = {REGIME_MOMENT_TABLE(X)};
static const char *const end_texts[] = {REGIME_END_TABLE(X)};
static const char *const role_texts[] = {REGIME_ROLES_TABLE(X)};
#undef X

const char *legal_class_text(enum legal_class class)
{
	return class_texts[class];
}

enum err legal_class_of(const char *text, enum legal_class *ret_class)
{
	for (int i = 0; i < LEGAL_CLASS_COUNT; i++) {
		if (str_eq(class_texts[i], text)) {
			*ret_class = (enum legal_class)i;
			return ERR_OK;
		}
	}
	return ERR_INVALID;
}

const char *regime_moment_text(enum regime_moment moment)
{
	return moment_texts[moment];
}

enum err regime_moment_of(const char *text, enum regime_moment *ret_moment)
{
	for (int i = 0; i < REGIME_MOMENTS; i++) {
		if (str_eq(moment_texts[i], text)) {
			*ret_moment = (enum regime_moment)i;
			return ERR_OK;
		}
	}
	return ERR_INVALID;
}

const char *regime_end_text(enum regime_end end)
{
	return end_texts[end];
}

const char *regime_role_text(enum regime_role role)
{
	return role_texts[role];
}

unsigned regime_role_bit(const char *text)
{
	for (unsigned i = 0; i < REGIME_ROLES; i++) {
		if (str_eq(role_texts[i], text))
			return 1u << i;
	}
	return 0;
}

void regime_done(struct regime *regime)
{
	free(regime->body);
	regime->body = NULL;
}

void regime_list_free(struct regime_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		regime_done(&list->items[i]);
	free(list->items);
	*list = (struct regime_list){0};
}

const struct regime_clock *regime_clock_find(const struct regime *regime, const char *code)
{
	for (int i = 0; i < regime->clock_count; i++) {
		if (str_eq(regime->clocks[i].code, code))
			return &regime->clocks[i];
	}
	return NULL;
}

const struct term *regime_clock_limit(const struct regime_clock *clock, bool is_remote)
{
	return is_remote && clock->has_remote_limit ? &clock->remote_limit : &clock->limit;
}
