/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Phones and roles in the habits of those who keep lists. */
#include "daemon/desk/resident_import.h"

#include "daemon/base/str.h"

#include <string.h>

/* Mobile numbers of eleven digits became ones of ten between 15 September and 14 November 2018
 * (plan of the Ministry of Information and Communications, Circular 22/2014/TT-BTTTT). */
static const struct {
	const char *before, *now;
} moved[] = {{"0162", "032"}, {"0163", "033"}, {"0164", "034"}, {"0165", "035"}, {"0166", "036"},
	{"0167", "037"}, {"0168", "038"}, {"0169", "039"}, {"0120", "070"}, {"0121", "079"},
	{"0122", "077"}, {"0126", "076"}, {"0128", "078"}, {"0123", "083"}, {"0124", "084"},
	{"0125", "085"}, {"0127", "081"}, {"0129", "082"}, {"0186", "056"}, {"0188", "058"},
	{"0199", "059"}};

/* "84162..." and "162..." as "0162..." */
static void national(const char *text, char digits[MSISDN_BYTES])
{
	size_t len = 1;

	digits[0] = '0';
	for (; *text && len + 1 < MSISDN_BYTES; text++) {
		if (*text >= '0' && *text <= '9')
			digits[len++] = *text;
	}
	digits[len] = 0;
	if (str_starts(digits + 1, "84") && len == 13)
		memmove(digits + 1, digits + 3, len - 2);
	else if (digits[1] == '0')
		memmove(digits, digits + 1, len);
}

static enum err of_eleven_digits(const char *text, char ret_phone[MSISDN_BYTES])
{
	char digits[MSISDN_BYTES], number[MSISDN_BYTES];

	if (strspn(text, "0123456789+ .-()/") != strlen(text))
		return ERR_INVALID;
	national(text, digits);
	if (strlen(digits) != 11)
		return ERR_INVALID;
	for (size_t i = 0; i < ARRAY_LEN(moved); i++) {
		if (!str_starts(digits, moved[i].before))
			continue;
		snprintf(number, sizeof(number), "%s%s", moved[i].now, digits + 4);
		return msisdn_normalize(number, ret_phone);
	}
	return ERR_INVALID;
}

enum err resident_phone(const char *text, char ret_phone[MSISDN_BYTES], bool *ret_is_mended)
{
	/* A spreadsheet keeps a number as text behind an apostrophe. */
	text += *text == '\'';
	if (!of_eleven_digits(text, ret_phone)) {
		*ret_is_mended = true;
		return ERR_OK;
	}
	*ret_is_mended = strlen(text) == 9 && strspn(text, "0123456789") == 9;
	return msisdn_normalize(text, ret_phone);
}

enum err resident_role(const char *text, char ret_role[RESIDENT_ROLE_BYTES])
{
	static const struct {
		const char *word, *role;
	} words[] = {{"", "member"}, {"thanhvien", "member"}, {"nguoidan", "member"},
		{"chuho", "household_head"}, {"truongthon", "head"}, {"truongap", "head"},
		{"truongban", "head"}, {"truongbuon", "head"}, {"truongkhupho", "head"},
		{"totruongdanpho", "head"}, {"phothon", "deputy"}, {"photruongthon", "deputy"},
		{"photruongap", "deputy"}, {"bithu", "secretary"}, {"bithuchibo", "secretary"},
		{"totruongantt", "security"}, {"totruongtobaoveantt", "security"},
		{"totruongtobaoveanninhtrattu", "security"}, {"truongbancongtacmattran", "front"},
		{"bancongtacmattran", "front"}, {"thutruong", "manager"}, {"giamdoc", "manager"},
		{"hieutruong", "manager"}, {"daidien", "manager"}, {"dachuyendi", DESK_ROLE_LEFT},
		{"chuyendi", DESK_ROLE_LEFT}};
	char folded[64];

	csv_fold(text, folded, sizeof(folded));
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (str_eq(words[i].word, folded) && (folded[0] || !*text))
			return str_copy(ret_role, RESIDENT_ROLE_BYTES, words[i].role);
	}
	if (strspn(text, "abcdefghijklmnopqrstuvwxyz_") != strlen(text))
		return ERR_INVALID;
	return str_copy(ret_role, RESIDENT_ROLE_BYTES, text) ? ERR_INVALID : ERR_OK;
}

enum err resident_check(const char *role, const char *household, char ret_role[RESIDENT_ROLE_BYTES],
	struct errbuf *eb)
{
	char code[RESIDENT_ROLE_BYTES] = "";

	if (role && (resident_role(role, code) || str_eq(code, DESK_ROLE_LEFT)))
		return errbuf_set(eb, ERR_INVALID,
			"that is no role: member, household_head, head, deputy, secretary, "
			"security, front, manager");
	if (household && strlen(household) >= RESIDENT_HOUSEHOLD_BYTES)
		return errbuf_set(eb, ERR_TOO_BIG, "the name of the household is too long");
	return role ? str_copy(ret_role, RESIDENT_ROLE_BYTES, code) : ERR_OK;
}
