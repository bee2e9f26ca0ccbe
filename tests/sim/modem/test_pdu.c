/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The simulator's codec against published PDUs, against itself, and against nonsense. */
#include "tests/sim/modem/pdu.h"

#include "daemon/base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static struct pdu_units units;

static size_t bytes_of(const char *hex, uint8_t *pdu)
{
	size_t len = 0;
	assert_int_equal(pdu_from_hex(hex, strlen(hex), pdu, PDU_MAX_BYTES, &len), ERR_OK);
	return len;
}

static void check_packing(const char *text, const char *hex)
{
	uint8_t packed[PDU_UD_BYTES];
	char out[2 * PDU_UD_BYTES + 1], back[PDU_TEXT_BYTES];
	uint16_t septet[160];
	assert_int_equal(pdu_units_from(text, PDU_GSM7, &units), ERR_OK);
	size_t len = pdu_pack(units.unit, units.count, 0, packed);
	pdu_to_hex(packed, len, out);
	assert_string_equal(out, hex);
	pdu_unpack(packed, len, 0, units.count, septet);
	assert_int_equal(pdu_units_text(septet, units.count, PDU_GSM7, back, sizeof(back)), ERR_OK);
	assert_string_equal(back, text);
}

static void test_packing_matches_published_vectors(void **state)
{
	(void)state;
	check_packing("hellohello", "E8329BFD4697D9EC37");
	check_packing("How are you?", "C8F71D14969741F977FD07");
	check_packing("", "");
	check_packing("@", "00");
	check_packing("€", "9B32");
	check_packing("{", "1B14");
}

static void test_published_deliver(void **state)
{
	uint8_t pdu[PDU_MAX_BYTES];
	struct pdu_message m;
	bool is_report = true;
	(void)state;
	size_t len = bytes_of(
		"07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37", pdu);
	assert_int_equal(pdu_decode_received(pdu, len, &m, &is_report), ERR_OK);
	assert_false(is_report);
	assert_string_equal(m.smsc, "+27381000015");
	assert_string_equal(m.address, "27838890001");
	assert_string_equal(m.text, "hellohello");
	assert_int_equal(m.scts_ms, INT64_C(4078473419000)); /* 2099-03-29T15:16:59+02:00 */
	assert_int_equal(pdu_tpdu_bytes(pdu, len), 28);
}

static void test_published_submit(void **state)
{
	uint8_t pdu[PDU_MAX_BYTES];
	struct pdu_message m;
	(void)state;
	size_t len = bytes_of("0011000B916407281553F80000AA0AE8329BFD4697D9EC37", pdu);
	assert_int_equal(pdu_decode_submit(pdu, len, &m), ERR_OK);
	assert_string_equal(m.address, "+46708251358");
	assert_string_equal(m.text, "hellohello");
	assert_int_equal(m.validity_min, 4 * 24 * 60);
	assert_false(m.wants_report);
	assert_int_equal(m.msg_class, -1);
}

/* Through a deliver and back; text, sender, time and marks must be the same. */
static void check_deliver(
	const char *from, const char *text, enum pdu_coding coding, struct pdu_concat concat)
{
	uint8_t pdu[PDU_MAX_BYTES];
	struct pdu_message m;
	size_t len = 0;
	bool is_report = true;
	const int64_t at = INT64_C(1795316709000);
	assert_int_equal(pdu_units_from(text, coding, &units), ERR_OK);
	struct pdu_body body = {.coding = coding,
		.msg_class = -1,
		.concat = concat,
		.unit = units.unit,
		.count = units.count};
	assert_int_equal(pdu_encode_deliver("+84900009000", from, at, &body, pdu, &len), ERR_OK);
	assert_int_equal(pdu_decode_received(pdu, len, &m, &is_report), ERR_OK);
	assert_false(is_report);
	assert_string_equal(m.address, from);
	assert_string_equal(m.text, text);
	assert_int_equal(m.scts_ms, at);
	assert_int_equal(m.concat.bits, concat.bits);
	assert_int_equal(m.concat.ref, concat.ref);
	assert_int_equal(m.concat.total, concat.total);
	assert_int_equal(m.concat.seq, concat.seq);
}

static void test_deliver_round_trips(void **state)
{
	const struct pdu_concat none = {0}, eight = {8, 255, 3, 2}, sixteen = {16, 65535, 39, 39};
	char text[161];
	(void)state;
	check_deliver("+84900000012", "chay nha o ap 3", PDU_GSM7, none);
	check_deliver("+8490000001", "", PDU_GSM7, none);
	check_deliver("Viettel", "^{}\\[~]|€ @£$", PDU_GSM7, none);
	check_deliver("198", "Báo cháy ở Nậm Pồ đỏ", PDU_UCS2, none);
	check_deliver("12345678901", "\xF0\x9F\x94\xA5", PDU_UCS2, eight);
	for (size_t n = 0; n <= 152; n++) { /* every bit position of the packing */
		memset(text, 'z', n);
		text[n] = 0;
		check_deliver("+84900000012", text, PDU_GSM7, n % 2 ? eight : sixteen);
	}
	memset(text, 'a', 160);
	text[160] = 0;
	check_deliver("ABCDEFGHIJK", text, PDU_GSM7, none);
}

static void test_limits_are_kept(void **state)
{
	uint8_t pdu[PDU_MAX_BYTES];
	size_t len = 0;
	(void)state;
	memset(units.unit, 0, sizeof(units.unit));
	struct pdu_body body = {
		.coding = PDU_GSM7, .msg_class = -1, .unit = units.unit, .count = 161};
	assert_int_equal(
		pdu_encode_deliver(NULL, "+84900000012", 0, &body, pdu, &len), ERR_TOO_BIG);
	body.coding = PDU_UCS2;
	body.count = 71;
	assert_int_equal(
		pdu_encode_deliver(NULL, "+84900000012", 0, &body, pdu, &len), ERR_TOO_BIG);
	body.count = 1;
	assert_int_equal(
		pdu_encode_deliver(NULL, "TwelveLetter", 0, &body, pdu, &len), ERR_TOO_BIG);
	assert_int_equal(pdu_units_from("ở", PDU_GSM7, &units), ERR_INVALID);
	assert_int_equal(pdu_units_from("\xC0\x80", PDU_UCS2, &units), ERR_INVALID);
	assert_false(pdu_is_gsm7("ạ"));
	assert_true(pdu_is_gsm7("à@€"));
}

static void test_cuts_keep_pairs_together(void **state)
{
	const uint16_t escape[] = {0x61, 0x1B, 0x65}, pair[] = {0x61, 0xD83D, 0xDD25};
	(void)state;
	assert_int_equal(pdu_segment_cut(escape, 3, PDU_GSM7, 2), 1);
	assert_int_equal(pdu_segment_cut(pair, 3, PDU_UCS2, 2), 1);
	assert_int_equal(pdu_segment_cut(pair, 3, PDU_UCS2, 3), 3);
	assert_int_equal(pdu_segment_units(PDU_GSM7, 0), 160);
	assert_int_equal(pdu_segment_units(PDU_GSM7, 8), 153);
	assert_int_equal(pdu_segment_units(PDU_GSM7, 16), 152);
	assert_int_equal(pdu_segment_units(PDU_UCS2, 0), 70);
	assert_int_equal(pdu_segment_units(PDU_UCS2, 8), 67);
	assert_int_equal(pdu_segment_units(PDU_UCS2, 16), 66);
}

static void test_report_round_trip(void **state)
{
	uint8_t pdu[PDU_MAX_BYTES];
	struct pdu_message m;
	size_t len = 0;
	bool is_report = false;
	(void)state;
	assert_int_equal(pdu_encode_report("+84900009000", "+84900000012", 200, 1795316709000,
				 1795316712000, 0x46, pdu, &len),
		ERR_OK);
	assert_int_equal(pdu_decode_received(pdu, len, &m, &is_report), ERR_OK);
	assert_true(is_report);
	assert_int_equal(m.mr, 200);
	assert_int_equal(m.status, 0x46);
	assert_int_equal(m.done_ms - m.scts_ms, 3000);
	assert_string_equal(m.address, "+84900000012");
}

/* A submit is taken whole or not at all: each shorter or longer one is refused. */
static void test_truncated_submits_are_refused(void **state)
{
	uint8_t pdu[PDU_MAX_BYTES];
	struct pdu_message m;
	size_t len = 0;
	(void)state;
	assert_int_equal(pdu_units_from("Báo cháy", PDU_UCS2, &units), ERR_OK);
	struct pdu_body body = {.coding = PDU_UCS2,
		.msg_class = -1,
		.concat = {8, 7, 2, 1},
		.unit = units.unit,
		.count = units.count};
	assert_int_equal(pdu_encode_submit("+84900000012", true, &body, pdu, &len), ERR_OK);
	assert_int_equal(pdu_decode_submit(pdu, len, &m), ERR_OK);
	assert_true(m.wants_report);
	assert_string_equal(m.text, "Báo cháy");
	for (size_t n = 0; n < len; n++)
		assert_int_not_equal(pdu_decode_submit(pdu, n, &m), ERR_OK);
	assert_int_not_equal(pdu_decode_submit(pdu, len + 1, &m), ERR_OK);
}

/* Outcome does not matter; the sanitizers of the asan preset watch over memory. */
static void test_noise_is_survived(void **state)
{
	struct rng rng;
	(void)state;
	rng_init(&rng, 42);
	for (int i = 0; i < 200000; i++) {
		uint8_t pdu[PDU_MAX_BYTES];
		struct pdu_message m;
		bool is_report;
		size_t len = (size_t)rng_below(&rng, PDU_MAX_BYTES + 1);
		for (size_t at = 0; at < len; at++)
			pdu[at] = (uint8_t)rng_next(&rng);
		if (len > 2) {
			pdu[0] = 0; /* no service centre: get further */
			pdu[1] = (uint8_t)(pdu[1] & 0x7F);
		}
		(void)!pdu_decode_submit(pdu, len, &m);
		(void)!pdu_decode_received(pdu, len, &m, &is_report);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_packing_matches_published_vectors),
		cmocka_unit_test(test_published_deliver),
		cmocka_unit_test(test_published_submit),
		cmocka_unit_test(test_deliver_round_trips),
		cmocka_unit_test(test_limits_are_kept),
		cmocka_unit_test(test_cuts_keep_pairs_together),
		cmocka_unit_test(test_report_round_trip),
		cmocka_unit_test(test_truncated_submits_are_refused),
		cmocka_unit_test(test_noise_is_survived),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
