/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/pdu_user_data.h"
#include "gateway/septets.h"
#include "gateway/sms_text.h"
#include "gateway/utf16.h"
#include "daemon/base/str.h"

#include <string.h>

#define ELEMENT_CONCAT8	 0x00
#define ELEMENT_PORTS8	 0x04
#define ELEMENT_PORTS16	 0x05
#define ELEMENT_CONCAT16 0x08
#define ELEMENT_SINGLE	 0x24
#define ELEMENT_LOCKING	 0x25
#define CONCAT_OCTETS	 6 /* a header of nothing but ELEMENT_CONCAT8 */

struct header {
	struct line_sms *sms;
	int locking, single;
	bool has_port;
};

static bool read_element(void *arg, uint8_t id, const uint8_t *data, size_t len)
{
	struct header *h = arg;

	if ((id == ELEMENT_CONCAT8 && len == 3) || (id == ELEMENT_CONCAT16 && len == 4)) {
		h->sms->ref_bits = id == ELEMENT_CONCAT8 ? 8 : 16;
		h->sms->ref = len == 3 ? data[0] : data[0] << 8 | data[1];
		h->sms->total = data[len - 2];
		h->sms->seq = data[len - 1];
	} else if (id == ELEMENT_PORTS8 || id == ELEMENT_PORTS16) {
		h->has_port = true;
	} else if (id == ELEMENT_SINGLE && len == 1) {
		h->single = data[0];
	} else if (id == ELEMENT_LOCKING && len == 1) {
		h->locking = data[0];
	}
	return true;
}

static void read_septets(const uint8_t *pdu, const struct pdu_layout *l, const struct header *h,
	struct line_sms *out)
{
	size_t skip = (l->header_octets * 8 + 6) / 7;
	uint8_t septets[PDU_SEPTETS_MAX];
	size_t count = l->ud_units > skip ? l->ud_units - skip : 0;

	septets_unpack(pdu + l->ud, skip * 7, count, septets);
	septets_to_utf8(septets, count, h->locking, h->single, out->text, sizeof(out->text));
	explicit_bzero(septets, sizeof(septets));
}

static void read_coded(const uint8_t *pdu, const struct pdu_layout *l, const struct header *h,
	struct line_sms *out)
{
	static const char *const names[] = {"gsm7", "8bit", "ucs2"};
	const uint8_t *data = pdu + l->ud + l->header_octets;
	size_t octets = l->ud_octets - l->header_octets;

	snprintf(out->coding, sizeof(out->coding), "%s", names[l->coding]);
	switch (l->coding) {
	case PDU_CODING_GSM7:
		read_septets(pdu, l, h, out);
		break;
	case PDU_CODING_UCS2:
		utf16_to_utf8(data, octets / 2, out->text, sizeof(out->text));
		break;
	case PDU_CODING_8BIT:
		str_hex(pdu + l->ud, l->ud_octets, out->text);
		break;
	}
}

void pdu_user_data_read(const uint8_t *pdu, const struct pdu_layout *layout,
	struct line_sms *ret_sms, bool *ret_has_port)
{
	struct header header = {.sms = ret_sms};

	pdu_elements(pdu, layout, read_element, &header);
	read_coded(pdu, layout, &header, ret_sms);
	*ret_has_port = header.has_port;
}

enum err pdu_user_data_write(
	const struct line_send *send, uint8_t *ret_ud, uint8_t *ret_udl, size_t *ret_octets)
{
	bool has_udh = send->total > 1;
	size_t header = has_udh ? CONCAT_OCTETS : 0, skip = has_udh ? 7 : 0, count;
	uint8_t septets[SMS_GSM7_SINGLE];
	unsigned char units[2 * (SMS_UCS2_SINGLE + 1)];
	enum err err;

	if (has_udh) {
		const uint8_t concat[CONCAT_OCTETS] = {CONCAT_OCTETS - 1, ELEMENT_CONCAT8, 3,
			(uint8_t)send->ref, (uint8_t)send->total, (uint8_t)send->part};

		memcpy(ret_ud, concat, sizeof(concat));
	}
	if (str_eq(send->coding, "ucs2")) {
		err = utf16_from_utf8(
			send->text, units, has_udh ? SMS_UCS2_PART : SMS_UCS2_SINGLE, &count);
		if (err)
			return err;
		memcpy(ret_ud + header, units, 2 * count);
		*ret_octets = header + 2 * count;
		*ret_udl = (uint8_t)*ret_octets;
		return ERR_OK;
	}
	err = septets_from_utf8(
		send->text, septets, has_udh ? SMS_GSM7_PART : SMS_GSM7_SINGLE, &count);
	if (err)
		return err;
	septets_pack(septets, count, skip * 7, ret_ud);
	*ret_octets = ((skip + count) * 7 + 7) / 8;
	*ret_udl = (uint8_t)(skip + count);
	return ERR_OK;
}
