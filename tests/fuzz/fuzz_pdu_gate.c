/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any octets: they are refused with a reason, or become a line that can be written. Behind the gate
 * libgammu's own decoder sees the whole PDU too, as it would with the other driver. */
#define ERR_BUG	      GAMMU_BUG
#define ERR_BUSY      GAMMU_BUSY
#define ERR_READ_ONLY GAMMU_READ_ONLY
#define ERR_TIMEOUT   GAMMU_TIMEOUT
#include <gammu.h>
#undef ERR_BUG
#undef ERR_BUSY
#undef ERR_READ_ONLY
#undef ERR_TIMEOUT

#include "gateway/pdu_code.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void whole_by_libgammu(const uint8_t *pdu, size_t len)
{
	static GSM_SMSMessage sms;
	uint8_t frame[512] = {0};
	size_t used;

	memset(&sms, 0, sizeof(sms));
	memcpy(frame, pdu, len);
	(void)!GSM_DecodePDUFrame(NULL, &sms, frame, len, &used, TRUE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *reason = NULL;
	struct pdu_layout layout;
	struct line line;
	CLEAN_BUF text = {0};

	if (pdu_decode(data, size, &line, &reason)) {
		CHECK(reason && reason[0]);
		return 0;
	}
	CHECK(pdu_gate(data, size, &layout) == NULL && layout.end <= size);
	buf_init(&text, LINE_MAX_BYTES);
	CHECK(line_format(&line, &text) == ERR_OK);
	whole_by_libgammu(data, layout.end);
	return 0;
}
