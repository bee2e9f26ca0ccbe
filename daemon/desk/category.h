/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a report is about: the codes of the reception register. Their Vietnamese names are the
 * phrases "category_CODE". */
#ifndef BINHYEN_DESK_CATEGORY_H
#define BINHYEN_DESK_CATEGORY_H

#include "daemon/base/err.h"

#define CATEGORY_TABLE(X) \
	X(ORDER, "order")	      /* an ninh, trật tự */ \
	X(CRIME, "crime")	      /* tội phạm */ \
	X(SOCIAL_EVIL, "social_evil") /* tệ nạn xã hội */ \
	X(TRAFFIC, "traffic")	      /* giao thông, tai nạn */ \
	X(FIRE, "fire")		      /* cháy, nổ */ \
	X(DISPUTE, "dispute")	      /* mâu thuẫn trong nhân dân */ \
	X(CONDUCT, "conduct")	      /* thái độ, việc làm của cán bộ */ \
	X(GOOD_DEED, "good_deed")     /* người tốt, việc tốt */ \
	X(QUESTION, "question")	      /* hỏi về thủ tục, pháp luật */ \
	X(RESIDENCE, "residence")     /* cư trú */ \
	X(SUGGESTION, "suggestion")   /* góp ý, kiến nghị */ \
	X(OTHER, "other")	      /* chưa rõ */

enum category {
#define X(name, code) CATEGORY_##name,
	CATEGORY_TABLE(X)
#undef X
};
#define CATEGORY_COUNT (CATEGORY_OTHER + 1)

const char *category_code(enum category category);
/* ERR_INVALID for a code that is none. */
MUST_CHECK
enum err category_from_code(const char *code, enum category *ret_category);

#endif
