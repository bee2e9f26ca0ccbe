/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The screen for markings of state secrets: by the list that ships, and by a list that the input
 * brings itself. */
#include "daemon/desk/secrecy_screen.h"

#include "daemon/base/base.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct secrecy_list *list;
	struct errbuf eb = {0};
	const char *found;
	char *text = strndup((const char *)data, size);

	if (!text)
		return 0;
	found = secrecy_find(text);
	CHECK(!found || *found);
	CHECK(found == secrecy_find(text));
	if (!secrecy_parse((const char *)data, size, &list, &eb)) {
		(void)secrecy_find_in(list, text);
		(void)secrecy_find_in(list, "văn bản TUYỆT MẬT (MẬT) t.o.i m.a.t");
		secrecy_free(list);
	}
	free(text);
	return 0;
}
