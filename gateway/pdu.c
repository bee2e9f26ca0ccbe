/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Four names of libgammu's error enum are also ours. */
#define ERR_BUG	      GAMMU_BUG
#define ERR_BUSY      GAMMU_BUSY
#define ERR_READ_ONLY GAMMU_READ_ONLY
#define ERR_TIMEOUT   GAMMU_TIMEOUT
#include <gammu.h>
#undef ERR_BUG
#undef ERR_BUSY
#undef ERR_READ_ONLY
#undef ERR_TIMEOUT

#include "gateway/pdu.h"
#include "gateway/pdu_code.h"
#include "gateway/pdu_user_data.h"
#include "gateway/sms_text.h"
#include "gateway/utf16.h"
#include "daemon/base/str.h"

#include <string.h>
#include <time.h>

#define NUMBER_UNITS	GSM_MAX_NUMBER_LENGTH
#define RECEIVED_UNITS	160 /* what one PDU can hold: 160 septets or 70 UTF-16 units */
#define RECEIVED_OCTETS 140
#define TO_DIGITS_MAX	20
#define UDH_CONCAT	6

/* The information elements of a header (3GPP TS 23.040 §9.2.3.24): concatenation with 8-bit (0x00)
 * or 16-bit (0x08) reference, wherever it stands among others. */
static void read_concat(const GSM_UDHHeader *udh, struct line_sms *sms)
{
	const unsigned char *t = udh->Text;
	size_t len = t[0];

	if (udh->Type == UDH_NoUDH || udh->Length < 2 || len > GSM_MAX_UDH_LENGTH - 1)
		return;
	for (size_t i = 1; i + 1 <= len; i += 2u + t[i + 1]) {
		size_t ie_len = t[i + 1];

		if (i + 1 + ie_len > len)
			return;
		if (t[i] == 0x00 && ie_len == 3) {
			sms->ref = t[i + 2];
			sms->ref_bits = 8;
			sms->total = t[i + 3];
			sms->seq = t[i + 4];
		} else if (t[i] == 0x08 && ie_len == 4) {
			sms->ref = t[i + 2] << 8 | t[i + 3];
			sms->ref_bits = 16;
			sms->total = t[i + 4];
			sms->seq = t[i + 5];
		}
	}
}

/* TP-SCTS is local time with its offset; a date that is none becomes 0. */
static int64_t time_ms(const GSM_DateTime *dt)
{
	struct tm tm = {.tm_year = dt->Year - 1900,
		.tm_mon = dt->Month - 1,
		.tm_mday = dt->Day,
		.tm_hour = dt->Hour,
		.tm_min = dt->Minute,
		.tm_sec = dt->Second};
	int64_t ms;

	if (dt->Year < 1990 || dt->Year > 2200 || dt->Timezone < -86400 || dt->Timezone > 86400)
		return 0;
	ms = ((int64_t)timegm(&tm) - dt->Timezone) * 1000;
	return ms > 0 ? ms : 0;
}

static void read_number(const unsigned char *number, char *text, size_t bytes)
{
	utf16_to_utf8(number, utf16_len(number, NUMBER_UNITS), text, bytes);
}

/* libgammu drops the type of number; what it decoded tells it again. */
static const char *type_of(const char *from)
{
	size_t len = strlen(from);

	if (!len)
		return "unknown";
	if (from[0] == '+' && len > 1 && strspn(from + 1, "0123456789") == len - 1)
		return "international";
	if (strspn(from, "0123456789*#") == len)
		return from[0] == '0' ? "national" : "unknown";
	return "alpha";
}

/*
 * libgammu takes '~' for an escape of old phones: on decoding UCS-2 it doubles each and turns
 * U+0001 into a single one. `length` counts the units before that, which is what ends the text: a
 * U+0000 within does not.
 */
static void read_ucs2(const GSM_SMSMessage *sms, char *text, size_t bytes)
{
	unsigned char units[2 * RECEIVED_UNITS];
	size_t length = sms->Length < 0 ? 0 : (size_t)sms->Length, count = 0;
	const unsigned char *p = sms->Text;

	if (length > RECEIVED_UNITS)
		length = RECEIVED_UNITS;
	for (size_t i = 0; i < length; i++, p += 2) {
		bool is_tilde = p[0] == 0 && p[1] == '~';

		if (is_tilde && !(p[2] == 0 && p[3] == '~'))
			continue;
		units[2 * count] = p[0];
		units[2 * count + 1] = p[1];
		count++;
		if (is_tilde)
			p += 2;
	}
	utf16_to_utf8(units, count, text, bytes);
}

/* The header too: nobody knows yet what of it matters. */
static void read_octets(const GSM_SMSMessage *sms, char *text)
{
	size_t header = (size_t)(sms->UDH.Length > 0 ? sms->UDH.Length : 0);
	size_t len = (size_t)(sms->Length > 0 ? sms->Length : 0);

	if (header > RECEIVED_OCTETS)
		header = RECEIVED_OCTETS;
	if (len > RECEIVED_OCTETS)
		len = RECEIVED_OCTETS;
	str_hex(sms->UDH.Text, header, text);
	str_hex(sms->Text, len, text + 2 * header);
}

static void read_text(const GSM_SMSMessage *sms, bool is_decoded, struct line_sms *out)
{
	const char *coding = "8bit";

	out->dcs = 0x04;
	if (is_decoded && sms->Coding == SMS_Coding_Default_No_Compression) {
		coding = "gsm7";
		out->dcs = 0x00;
		utf16_to_utf8(sms->Text, utf16_len(sms->Text, RECEIVED_UNITS), out->text,
			sizeof(out->text));
	} else if (is_decoded && sms->Coding == SMS_Coding_Unicode_No_Compression) {
		coding = "ucs2";
		out->dcs = 0x08;
		read_ucs2(sms, out->text, sizeof(out->text));
	}
	if (is_decoded && sms->Coding == SMS_Coding_8bit)
		read_octets(sms, out->text);
	snprintf(out->coding, sizeof(out->coding), "%s", coding);
	out->msg_class = is_decoded && sms->Class >= 0 && sms->Class <= 3 ? sms->Class : -1;
	if (out->msg_class >= 0)
		out->dcs |= 0x10 | out->msg_class;
}

/* TP-ST, 3GPP TS 23.040 §9.2.3.15. */
static const char *status_of(unsigned char st)
{
	if (st < 0x20)
		return "delivered";
	return st < 0x40 ? "pending" : "failed";
}

enum err pdu_to_line(const GSM_SMSMessage *sms, bool is_decoded, struct line *ret_line)
{
	struct line line;

	memset(&line, 0, sizeof(line));
	if (is_decoded && sms->PDU == SMS_Status_Report) {
		line.type = LINE_REPORT;
		line.report.mr = sms->MessageReference;
		read_number(sms->Number, line.report.to, sizeof(line.report.to));
		snprintf(line.report.status, sizeof(line.report.status), "%s",
			status_of(sms->DeliveryStatus));
		line.report.scts_ms = time_ms(&sms->DateTime);
		line.report.done_ms = time_ms(&sms->SMSCTime);
		*ret_line = line;
		return ERR_OK;
	}
	if (is_decoded && sms->PDU != SMS_Deliver)
		return ERR_NOT_FOUND;
	line.type = LINE_SMS;
	read_number(sms->Number, line.sms.from, sizeof(line.sms.from));
	snprintf(line.sms.from_type, sizeof(line.sms.from_type), "%s", type_of(line.sms.from));
	line.sms.scts_ms = time_ms(&sms->DateTime);
	read_text(sms, is_decoded, &line.sms);
	if (is_decoded)
		read_concat(&sms->UDH, &line.sms);
	*ret_line = line;
	return ERR_OK;
}

unsigned char pdu_validity(int minutes)
{
	const int hour = 60, day = 24 * hour, week = 7 * day;

	if (minutes <= 0 || minutes > 63 * week)
		return 255;
	if (minutes <= 12 * hour)
		return (unsigned char)((minutes + 4) / 5 - 1);
	if (minutes <= day)
		return (unsigned char)(143 + (minutes - 12 * hour + 29) / 30);
	if (minutes <= 30 * day)
		return (unsigned char)(166 + (minutes + day - 1) / day);
	/* Five weeks is the least that this range can say. */
	return (unsigned char)(192 + (minutes <= 5 * week ? 5 : (minutes + week - 1) / week));
}

/*
 * libgammu would take '~' for its escape, so it goes in doubled, and the doubled text is cut at 70
 * units. What does not fit doubled is laid behind the header, whose bytes are copied as they are.
 */
static enum err write_ucs2(const char *text, bool has_udh, GSM_SMSMessage *sms)
{
	unsigned char units[2 * (SMS_UCS2_SINGLE + 1)];
	size_t count, at = 0, tildes = 0;
	enum err err;

	err = utf16_from_utf8(text, units, has_udh ? SMS_UCS2_PART : SMS_UCS2_SINGLE, &count);
	if (err)
		return err;
	for (size_t i = 0; i < count; i++)
		tildes += units[2 * i] == 0 && units[2 * i + 1] == '~';
	if (has_udh) {
		memcpy(sms->UDH.Text + UDH_CONCAT, units, 2 * count);
		sms->UDH.Length = UDH_CONCAT + (int)(2 * count);
		return ERR_OK;
	}
	for (size_t i = 0; i < count; i++) {
		bool is_tilde = units[2 * i] == 0 && units[2 * i + 1] == '~';

		if (is_tilde && count + tildes > SMS_UCS2_SINGLE) {
			/* No header to hide behind and no room to double: its full-width twin. */
			units[2 * i] = 0xff;
			units[2 * i + 1] = 0x5e;
			is_tilde = false;
		}
		for (int copies = is_tilde ? 2 : 1; copies; copies--) {
			sms->Text[at++] = units[2 * i];
			sms->Text[at++] = units[2 * i + 1];
		}
	}
	sms->Text[at] = 0;
	sms->Text[at + 1] = 0;
	sms->Length = (int)(at / 2);
	return ERR_OK;
}

static enum err write_gsm7(const char *text, bool has_udh, GSM_SMSMessage *sms)
{
	struct sms_size size;
	size_t units;
	enum err err = sms_text_size(text, &size);

	if (err)
		return err;
	if (size.coding != SMS_CODING_GSM7)
		return ERR_INVALID;
	if (size.units > (has_udh ? SMS_GSM7_PART : SMS_GSM7_SINGLE))
		return ERR_TOO_BIG;
	err = utf16_from_utf8(text, sms->Text, SMS_GSM7_SINGLE, &units);
	sms->Length = err ? 0 : (int)units;
	return err;
}

static enum err write_text(const struct line_send *send, GSM_SMSMessage *sms)
{
	bool has_udh = send->total > 1;

	sms->UDH.Type = UDH_NoUDH;
	sms->UDH.Length = 0;
	if (has_udh) {
		sms->UDH.Type = UDH_UserUDH;
		sms->UDH.Length = UDH_CONCAT;
		sms->UDH.Text[0] = UDH_CONCAT - 1;
		sms->UDH.Text[1] = 0x00;
		sms->UDH.Text[2] = 0x03;
		sms->UDH.Text[3] = (unsigned char)send->ref;
		sms->UDH.Text[4] = (unsigned char)send->total;
		sms->UDH.Text[5] = (unsigned char)send->part;
	}
	if (str_eq(send->coding, "ucs2")) {
		sms->Coding = SMS_Coding_Unicode_No_Compression;
		return write_ucs2(send->text, has_udh, sms);
	}
	sms->Coding = SMS_Coding_Default_No_Compression;
	return write_gsm7(send->text, has_udh, sms);
}

enum err pdu_from_send(const struct line_send *send, const unsigned char *smsc,
	GSM_SMSMessage *ret_sms, struct errbuf *eb)
{
	size_t digits, len = strlen(send->to), units;
	enum err err;

	digits = send->to[0] == '+' ? 1 : 0;
	if (len == digits || len - digits > TO_DIGITS_MAX ||
		strspn(send->to + digits, "0123456789*#") != len - digits)
		return errbuf_set(eb, ERR_INVALID, "recipient is no number");
	if (!str_is_utf8(send->text, strlen(send->text)))
		return errbuf_set(eb, ERR_INVALID, "text is not UTF-8");
	if (send->total > 1 && (send->part < 1 || send->part > send->total))
		return errbuf_set(eb, ERR_INVALID, "part %d of %d", send->part, send->total);
	memset(ret_sms, 0, sizeof(*ret_sms));
	GSM_SetDefaultSMSData(ret_sms);
	ret_sms->PDU = send->wants_report ? SMS_Status_Report : SMS_Submit;
	ret_sms->Class = -1; /* the default, 0, is a flash message that no phone keeps */
	ret_sms->SMSC.Location = 0;
	units = utf16_len(smsc, NUMBER_UNITS);
	memcpy(ret_sms->SMSC.Number, smsc, 2 * units);
	ret_sms->SMSC.Validity.Format = SMS_Validity_RelativeFormat;
	ret_sms->SMSC.Validity.Relative = pdu_validity(send->validity_min);
	err = utf16_from_utf8(send->to, ret_sms->Number, NUMBER_UNITS, &units);
	if (!err)
		err = write_text(send, ret_sms);
	return err ? errbuf_set(eb, err, "text does not fit a segment") : ERR_OK;
}

/* The same messages as raw PDUs. */

#define TPDU_HAS_HEADER	  0x40
#define TPDU_TYPE	  0x03
#define TYPE_OF_NUMBER	  0x70
#define TYPE_ALPHANUMERIC 0x50
#define DCS_UCS2	  0x08
#define FRAME_BYTES	  512 /* what libgammu may look at, zeroes behind the PDU included */

/* Without its user data, which libgammu would decode into arrays of fixed size. */
static GSM_Error decode_frame(
	const uint8_t *pdu, const struct pdu_layout *l, GSM_SMSMessage *ret_sms)
{
	unsigned char frame[FRAME_BYTES] = {0};
	size_t len = l->kind == PDU_KIND_DELIVER ? l->ud : l->end, used;

	memcpy(frame, pdu, len);
	frame[l->tpdu] &= (unsigned char)~TPDU_HAS_HEADER;
	if (l->kind == PDU_KIND_DELIVER) {
		frame[l->tpdu] &= (unsigned char)~TPDU_TYPE;
		frame[l->scts - 1] = 0;
		frame[l->ud - 1] = 0;
	}
	memset(ret_sms, 0, sizeof(*ret_sms));
	return GSM_DecodePDUFrame(NULL, ret_sms, frame, len, &used, TRUE);
}

enum err pdu_decode(const uint8_t *pdu, size_t len, struct line *ret_line, const char **ret_reason)
{
	struct pdu_layout layout;
	const char *reason = pdu_gate(pdu, len, &layout);
	struct line line;
	bool has_port = false;
	GSM_SMSMessage sms;

	if (!reason && decode_frame(pdu, &layout, &sms) != ERR_NONE)
		reason = "not understood by libgammu";
	if (!reason && pdu_to_line(&sms, true, &line))
		reason = "neither message nor report";
	if (!reason && layout.kind == PDU_KIND_DELIVER) {
		if ((pdu[layout.address + 1] & TYPE_OF_NUMBER) == TYPE_ALPHANUMERIC)
			snprintf(line.sms.from_type, sizeof(line.sms.from_type), "alpha");
		line.sms.dcs = layout.dcs;
		pdu_coding_of(layout.dcs, &line.sms.msg_class);
		pdu_user_data_read(pdu, &layout, &line.sms, &has_port);
		/* WAP push, which announces an MMS, and the like: nobody can read it here. */
		if (has_port && layout.coding == PDU_CODING_8BIT)
			reason = "data for an application port";
	}
	if (reason) {
		*ret_reason = reason;
		return ERR_PROTOCOL;
	}
	*ret_line = line;
	return ERR_OK;
}

/* libgammu lays its parts out for phones that want them apart. */
static size_t assemble(
	const unsigned char *frame, const struct line_send *send, uint8_t udl, uint8_t *out)
{
	const GSM_SMSMessageLayout *at = &PHONE_SMSSubmit;
	size_t address = 2 + ((size_t)frame[at->Number] + 1) / 2, len = 0;

	out[len++] = 0; /* the SMSC of the SIM */
	out[len++] = (uint8_t)(frame[at->firstbyte] | (send->total > 1 ? TPDU_HAS_HEADER : 0));
	out[len++] = frame[at->TPMR];
	memcpy(out + len, frame + at->Number, address);
	len += address;
	out[len++] = frame[at->TPPID];
	out[len++] = str_eq(send->coding, "ucs2") ? DCS_UCS2 : 0;
	out[len++] = frame[at->TPVP];
	out[len++] = udl;
	return len;
}

enum err pdu_encode(
	const struct line_send *send, uint8_t *ret_pdu, size_t *ret_len, struct errbuf *eb)
{
	static const unsigned char no_smsc[2];
	unsigned char frame[FRAME_BYTES] = {0};
	uint8_t ud[PDU_UD_MAX] = {0}, udl = 0;
	GSM_SMSMessage sms;
	size_t octets = 0;
	int len = 0;
	enum err err = pdu_from_send(send, no_smsc, &sms, eb);

	if (err)
		return err;
	err = pdu_user_data_write(send, ud, &udl, &octets);
	if (err)
		return errbuf_set(eb, err, "text does not fit a segment");
	sms.UDH = (GSM_UDHHeader){.Type = UDH_NoUDH};
	sms.Coding = SMS_Coding_Default_No_Compression;
	sms.Length = 0;
	sms.Text[0] = 0;
	sms.Text[1] = 0;
	if (GSM_EncodeSMSFrame(NULL, &sms, frame, PHONE_SMSSubmit, &len, TRUE) != ERR_NONE)
		return errbuf_set(eb, ERR_INVALID, "libgammu does not encode it");
	*ret_len = assemble(frame, send, udl, ret_pdu);
	memcpy(ret_pdu + *ret_len, ud, octets);
	*ret_len += octets;
	explicit_bzero(&sms, sizeof(sms));
	explicit_bzero(ud, sizeof(ud));
	return ERR_OK;
}
