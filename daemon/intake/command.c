/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/command.h"

#include "daemon/base/str.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define CODE_LETTERS "23456789ACDEFHJKMNPQRTUVWXY" /* as vault_random_code() draws them */
#define FOLLOW_BYTES 16

static bool is_alnum(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static const char *skip_blanks(const char *p)
{
	return p + strspn(p, " \t\r\n");
}

/* Blanks and what people put between words. */
static const char *skip_marks(const char *p)
{
	return p + strspn(p, " \t\r\n:;,.-/\"'()");
}

/* The word at p is this one (ASCII, any case) and ends there: what follows it, or NULL. */
static const char *word(const char *p, const char *expected)
{
	size_t len = strlen(expected);

	return strncasecmp(p, expected, len) == 0 && !is_alnum(p[len]) ? p + len : NULL;
}

/* One of several spellings, bytes as they are. */
static const char *spelling(const char *p, const char *const *list)
{
	for (; *list; list++) {
		size_t len = strlen(*list);

		if (strncmp(p, *list, len) == 0 && !is_alnum(p[len]))
			return p + len;
	}
	return NULL;
}

/* Second halves of words that begin like the two commands, without marks: ăn trộm, an ninh, án
 * mạng, ẩn nấp; im lặng. */
static const char *const not_after_an[] = {"trom", "cuop", "cap", "xin", "ninh", "toan", "nhau",
	"choi", "chan", "bot", "nap", "mang", "uong", "com", "hiep", "ui", "tien", "hoi", "chia",
	"may", "mac", "o", "quyt", "lien", "phi", "tinh", "thit", "sang", "trua", "khao", "hang",
	"vat", "dut", "mon", "nho", "tam", "gian", "thua", "hoc", "noi", "ten", NULL};
static const char *const not_after_im[] = {"lang", "lim", "hoi", "mom", "re", "di", "im", NULL};

/* Letters of Vietnamese with their base letter; what is not here stays what it is. */
static char base_letter(const unsigned char *p, size_t *ret_bytes)
{
	static const struct {
		const char *letters;
		char base;
	} table[] = {
		{"àáảãạăằắẳẵặâầấẩẫậÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬ", 'a'},
		{"èéẻẽẹêềếểễệÈÉẺẼẸÊỀẾỂỄỆ", 'e'},
		{"ìíỉĩịÌÍỈĨỊ", 'i'},
		{"òóỏõọôồốổỗộơờớởỡợÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢ", 'o'},
		{"ùúủũụưừứửữựÙÚỦŨỤƯỪỨỬỮỰ", 'u'},
		{"ỳýỷỹỵỲÝỶỸỴ", 'y'},
		{"đĐ", 'd'},
	};
	size_t bytes = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	char letter[5] = "";

	for (size_t i = 1; i < bytes; i++) {
		if ((p[i] & 0xc0) != 0x80)
			bytes = 1;
	}
	*ret_bytes = bytes;
	if (bytes == 1)
		return (char)tolower(p[0]);
	memcpy(letter, p, bytes);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strstr(table[i].letters, letter))
			return table[i].base;
	}
	return '?';
}

static bool is_one_word_with(const char *next, const char *const *list)
{
	char follow[FOLLOW_BYTES];
	size_t n = 0;

	while (is_alnum(*next) && n < sizeof(follow) - 1) {
		size_t bytes;

		follow[n++] = base_letter((const unsigned char *)next, &bytes);
		next += bytes;
	}
	follow[n] = 0;
	for (; *list; list++) {
		if (str_eq(*list, follow))
			return true;
	}
	return false;
}

/* AN or IM at p: what follows, or NULL. */
static const char *flag(const char *p, const char *const *capitals, const char *const *any,
	const char *const *not_after)
{
	const char *end = spelling(p, capitals);
	bool is_capital = end != NULL;

	if (!end)
		end = spelling(p, any);
	if (!end)
		return NULL;
	/* "an: ...": nobody goes on a word so. */
	if (strchr(":;,.-", *end) && *end)
		return skip_marks(end);
	if (!is_capital || (*end && is_one_word_with(skip_blanks(end), not_after)))
		return NULL;
	return skip_marks(end);
}

static const char *anonymous_flag(const char *p)
{
	static const char *const capitals[] = {"AN", "ẨN", NULL};
	static const char *const any[] = {"An", "an", "Ẩn", "ẩn", NULL};
	static const char *const whole[] = {"ẩn danh", "Ẩn danh", "Ẩn Danh", "ẨN DANH", "an danh",
		"An danh", "An Danh", "AN DANH", NULL};
	const char *end = spelling(p, whole);

	return end ? skip_marks(end) : flag(p, capitals, any, not_after_an);
}

static const char *quiet_flag(const char *p)
{
	static const char *const capitals[] = {"IM", NULL};
	static const char *const any[] = {"Im", "im", NULL};

	return flag(p, capitals, any, not_after_im);
}

/* A report's code at p, in capitals: what follows, or NULL. */
static const char *code_at(const char *p, char code[COMMAND_CODE_LEN + 1])
{
	char found[COMMAND_CODE_LEN + 1];

	for (int i = 0; i < COMMAND_CODE_LEN; i++) {
		found[i] = (char)toupper((unsigned char)p[i]);
		if (!found[i] || !strchr(CODE_LETTERS, found[i]))
			return NULL;
	}
	if (is_alnum(p[COMMAND_CODE_LEN]))
		return NULL;
	found[COMMAND_CODE_LEN] = 0;
	memcpy(code, found, sizeof(found));
	return p + COMMAND_CODE_LEN;
}

/* "", or digits to the end of the text; false when something else is there. */
static bool pin_at(const char *p, char pin[COMMAND_PIN_MAX + 1])
{
	const char *after;
	size_t len;

	p = skip_marks(p);
	after = word(p, "pin");
	if (!after)
		after = word(p, "mk");
	if (after)
		p = skip_marks(after);
	len = strspn(p, "0123456789");
	if (*skip_marks(p + len))
		return false;
	/* Too long to be one: as wrong as any other. */
	if (len > COMMAND_PIN_MAX)
		len = COMMAND_PIN_MAX;
	memcpy(pin, p, len);
	pin[len] = 0;
	return true;
}

static const char *status_word(const char *p)
{
	static const char *const spelt[] = {"tra cứu", "Tra cứu", "Tra Cứu", "TRA CỨU", "tra cuu",
		"Tra cuu", "Tra Cuu", "TRA CUU", NULL};
	const char *end = word(p, "tc");

	return end ? end : spelling(p, spelt);
}

static bool parse_question(const char *p, struct command *command)
{
	const char *after = status_word(p);
	enum command_kind kind = COMMAND_STATUS;
	char code[COMMAND_CODE_LEN + 1], pin[COMMAND_PIN_MAX + 1] = "";

	if (!after) {
		kind = COMMAND_PIN;
		after = word(p, "mk");
	}
	if (!after)
		after = word(p, "pin");
	if (!after)
		return false;
	p = skip_marks(after);
	after = word(p, "ma");
	p = after ? skip_marks(after) : p;
	p = code_at(p + (*p == '#'), code);
	if (!p || !pin_at(p, pin) || (kind == COMMAND_PIN && pin[0]))
		return false;
	command->kind = kind;
	memcpy(command->code, code, sizeof(code));
	memcpy(command->pin, pin, sizeof(pin));
	return true;
}

/* Whether an entry answers it is not known here. */
static bool parse_procedure(const char *p, struct command *command)
{
	static const char *const spelt[] = {"thủ tục", "Thủ tục", "Thủ Tục", "THỦ TỤC", "thu tuc",
		"Thu tuc", "Thu Tuc", "THU TUC", NULL};
	const char *after = word(p, "tt");

	if (!after)
		after = spelling(p, spelt);
	if (!after)
		return false;
	command->kind = COMMAND_PROCEDURE;
	command->words = skip_marks(after);
	return true;
}

void command_parse(const char *text, struct command *ret_command)
{
	struct command command = {.words = text};
	const char *p = skip_blanks(text), *next;
	bool is_flagged = false;

	/* Both, in any order; a third time is text. */
	for (int i = 0; i < 2; i++) {
		if (!command.is_anonymous && (next = anonymous_flag(p)))
			command.is_anonymous = true;
		else if (!command.is_quiet && (next = quiet_flag(p)))
			command.is_quiet = true;
		else
			break;
		is_flagged = true;
		p = next;
		command.words = p;
	}
	if (*p == '#' && (next = code_at(p + 1, command.code)))
		command.words = skip_marks(next);
	else if (!is_flagged && !parse_question(p, &command))
		(void)parse_procedure(p, &command);
	*ret_command = command;
}

bool command_asks_state(const struct command *command)
{
	return command->kind == COMMAND_STATUS || command->kind == COMMAND_PIN;
}
