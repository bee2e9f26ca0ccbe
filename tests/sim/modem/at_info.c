/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Identity, settings, registration, calls and USSD (ITU-T V.250, 3GPP TS 27.007). */
#include "tests/sim/modem/sim.h"

#include "daemon/base/str.h"

#include <ctype.h>
#include <string.h>

enum {
	CME_NOT_ALLOWED = 3,
	CME_NOT_SUPPORTED = 4,
	CME_NO_SIM = 10,
	CME_BUSY = 14,
	CME_NO_NETWORK = 30
};

static const struct at_answer ok = {AT_OK, 0};
static const char *const charset_names[CHARSET_COUNT] = {"GSM", "IRA", "HEX", "UCS2", "UTF-8"};

static struct at_answer cme(int code)
{
	return (struct at_answer){AT_CME, code};
}

static struct at_answer run_ok(const struct at_call *c)
{
	(void)c;
	return ok;
}

static struct at_answer run_echo(const struct at_call *c)
{
	c->sim->at.set.echo = c->args[0] == '1';
	return ok;
}

static struct at_answer run_reset(const struct at_call *c)
{
	at_reset_settings(c->sim);
	return ok;
}

static struct at_answer run_maker(const struct at_call *c)
{
	if (c->kind != AT_TEST)
		at_say(c->sim, "%s", c->sim->opt.maker);
	return ok;
}

static struct at_answer run_identity(const struct at_call *c)
{
	static const struct {
		const char *name, *text;
	} table[] = {{"+CGMM", "SIM-MODEM"}, {"+GMM", "SIM-MODEM"}, {"+CGMR", "R1.0"},
		{"+GMR", "R1.0"}, {"I", "Binhyen\r\nSIM-MODEM\r\nRevision: R1.0"}};
	if (c->kind == AT_TEST)
		return ok;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (str_eq(table[i].name, c->name))
			at_say(c->sim, "%s", table[i].text);
	}
	return ok;
}

static struct at_answer run_imei(const struct at_call *c)
{
	if (c->kind != AT_TEST)
		at_say(c->sim, "%s", c->sim->opt.imei);
	return ok;
}

/* Why the SIM does not answer, or OK. */
static struct at_answer sim_state(const struct sim *sim)
{
	const char *state = sim->network.sim_state;
	if (str_eq(state, "absent"))
		return cme(CME_NO_SIM);
	return str_eq(state, "busy") ? cme(CME_BUSY) : ok;
}

static struct at_answer run_cimi(const struct at_call *c)
{
	struct at_answer state = sim_state(c->sim);
	if (state.result == AT_OK && c->kind != AT_TEST)
		at_say(c->sim, "%s", c->sim->opt.imsi);
	return state;
}

static struct at_answer run_cpin(const struct at_call *c)
{
	struct at_answer state = sim_state(c->sim);
	if (state.result == AT_OK && c->kind == AT_READ)
		at_say(c->sim, "+CPIN: %s", c->sim->network.sim_state);
	return state;
}

static struct at_answer run_cnum(const struct at_call *c)
{
	if (c->kind == AT_EXEC)
		at_say(c->sim, "+CNUM: ,\"%s\",145", c->sim->opt.number);
	return ok;
}

/* A setting that is one number: value in the settings, its range, whether it can be read. */
static struct at_answer run_number(const struct at_call *c)
{
	struct at_settings *set = &c->sim->at.set;
	bool *flag = str_eq(c->name, "+CLIP")	? &set->clip
		     : str_eq(c->name, "+CRC")	? &set->crc
		     : str_eq(c->name, "+CCWA") ? &set->ccwa
						: NULL;
	int value = flag ? *flag : set->cmee, max = flag ? 1 : 2;
	if (c->kind == AT_TEST)
		at_say(c->sim, "%s: (0-%d)", c->name, max);
	else if (c->kind == AT_READ)
		at_say(c->sim, "%s: %d", c->name, value);
	if (c->kind != AT_SET)
		return ok;
	if (at_ints(c->args, (int[3]){0}, 3) < 1 || sscanf(c->args, "%d", &value) != 1 ||
		value < 0 || value > max)
		return cme(CME_NOT_SUPPORTED);
	if (flag)
		*flag = value == 1;
	else
		set->cmee = value;
	return ok;
}

static struct at_answer run_cscs(const struct at_call *c)
{
	struct sim *sim = c->sim;
	if (c->kind == AT_TEST) {
		at_say(sim, "+CSCS: (%s)", sim->opt.charsets);
	} else if (c->kind == AT_READ) {
		at_say(sim, "+CSCS: \"%s\"", charset_names[sim->at.set.charset]);
	} else if (c->kind == AT_SET) {
		for (int i = 0; i < CHARSET_COUNT; i++) {
			char quoted[16];
			snprintf(quoted, sizeof(quoted), "\"%s\"", charset_names[i]);
			if (strcasecmp(c->args, quoted) == 0 && strstr(sim->opt.charsets, quoted)) {
				sim->at.set.charset = (enum charset)i;
				return ok;
			}
		}
		return cme(CME_NOT_SUPPORTED);
	}
	return ok;
}

static struct at_answer run_cfun(const struct at_call *c)
{
	struct sim *sim = c->sim;
	int value[2] = {1, 0};
	if (c->kind == AT_TEST)
		at_say(sim, "+CFUN: (0,1,4),(0,1)");
	else if (c->kind == AT_READ)
		at_say(sim, "+CFUN: %d", sim->network.registration == REG_NONE ? 4 : 1);
	if (c->kind != AT_SET)
		return ok;
	if (at_ints(c->args, value, 2) < 1 || (value[0] != 0 && value[0] != 1 && value[0] != 4))
		return cme(CME_NOT_SUPPORTED);
	if (value[1] == 1) {
		sim_reboot_after_answer(sim, 1000);
		return ok;
	}
	if (value[0] != 1)
		network_register(sim, REG_NONE, 0);
	else if (sim->network.registration == REG_NONE)
		network_register(sim, REG_HOME, 0);
	return ok;
}

static struct at_answer run_creg(const struct at_call *c)
{
	struct sim *sim = c->sim;
	int *n = str_eq(c->name, "+CREG")    ? &sim->at.set.creg
		 : str_eq(c->name, "+CGREG") ? &sim->at.set.cgreg
					     : &sim->at.set.cereg;
	int value = *n;
	if (c->kind == AT_TEST)
		at_say(sim, "%s: (0-2)", c->name);
	else if (c->kind == AT_READ && *n == 2 && network_is_up(sim))
		at_say(sim, "%s: 2,%d,\"2B01\",\"01A2D001\",7", c->name, sim->network.registration);
	else if (c->kind == AT_READ)
		at_say(sim, "%s: %d,%d", c->name, *n, sim->network.registration);
	if (c->kind != AT_SET)
		return ok;
	if (at_ints(c->args, &value, 1) != 1 || value < 0 || value > 2)
		return cme(CME_NOT_SUPPORTED);
	*n = value;
	return ok;
}

static struct at_answer run_cops(const struct at_call *c)
{
	struct sim *sim = c->sim;
	int *format = &sim->at.set.cops_format;
	if (c->kind == AT_TEST) {
		at_say(sim, "+COPS: (2,\"Mo phong\",\"MoPhong\",\"45299\",7),,(0-4),(0-2)");
	} else if (c->kind == AT_READ && !network_is_up(sim)) {
		at_say(sim, "+COPS: 0");
	} else if (c->kind == AT_READ) {
		static const char *const name[] = {"Mo phong", "MoPhong", "45299"};
		CLEAN_BUF text;
		buf_init(&text, 256);
		at_charset_encode(sim, name[*format], &text);
		at_say(sim, "+COPS: 0,%d,\"%s\",7", *format,
			*format == 2 ? name[2] : buf_text(&text));
	} else if (c->kind == AT_SET) {
		int value[2] = {0, *format};
		(void)at_ints(c->args, value, 2);
		if (value[1] < 0 || value[1] > 2)
			return cme(CME_NOT_SUPPORTED);
		*format = value[1];
	}
	return ok;
}

static struct at_answer run_csq(const struct at_call *c)
{
	int signal = network_is_up(c->sim) ? c->sim->network.signal : 99;
	if (c->kind == AT_TEST)
		at_say(c->sim, "+CSQ: (0-31,99),(0-7,99)");
	else
		at_say(c->sim, "+CSQ: %d,99", signal);
	return ok;
}

static struct at_answer run_cbc(const struct at_call *c)
{
	if (c->kind == AT_EXEC)
		at_say(c->sim, "+CBC: 0,100,4100");
	return ok;
}

static struct at_answer run_cgatt(const struct at_call *c)
{
	if (c->kind == AT_READ)
		at_say(c->sim, "+CGATT: %d", network_is_up(c->sim));
	return ok;
}

static struct at_answer run_hang_up(const struct at_call *c)
{
	if (c->kind != AT_TEST)
		network_hang_up(c->sim, "host");
	return ok;
}

static struct at_answer run_answer(const struct at_call *c)
{
	network_hang_up(
		c->sim, "answered"); /* nobody speaks here: the caller hears it and hangs up */
	return (struct at_answer){AT_NO_CARRIER, 0};
}

static struct at_answer run_dial(const struct at_call *c)
{
	size_t len = strlen(c->args);
	char to[PDU_ADDRESS_BYTES];
	snprintf(to, sizeof(to), "%.*s", (int)strcspn(c->args, ";"), c->args);
	journal(c->sim, "dial", json_pack("{s:s}", "to", to));
	if (len > 1 && c->args[len - 1] == ';')
		return ok; /* voice call: the modem is in command state again at once */
	return (struct at_answer){AT_NO_CARRIER, 0};
}

static struct at_answer run_cusd(const struct at_call *c)
{
	struct sim *sim = c->sim;
	int mode = 0;
	char code[256] = "";
	if (c->kind == AT_TEST)
		at_say(sim, "+CUSD: (0-2)");
	else if (c->kind == AT_READ)
		at_say(sim, "+CUSD: %d", sim->at.set.cusd);
	if (c->kind != AT_SET)
		return ok;
	int n = sscanf(c->args, "%d,\"%255[^\"]\"", &mode, code);
	if (n < 1 || mode < 0 || mode > 2)
		return cme(CME_NOT_SUPPORTED);
	if (mode == 2)
		network_ussd_cancel(sim);
	else
		sim->at.set.cusd = mode == 1;
	if (n < 2)
		return ok;
	if (!network_is_up(sim))
		return cme(CME_NO_NETWORK);
	CLEAN_BUF text;
	buf_init(&text, 2048);
	at_charset_decode(sim, code, &text);
	network_ussd_dial(sim, buf_text(&text));
	return ok;
}

static const struct at_command commands[] = {{"E", run_echo}, {"Z", run_reset}, {"&F", run_reset},
	{"&W", run_ok}, {"&D", run_ok}, {"&C", run_ok}, {"&K", run_ok}, {"V", run_ok},
	{"Q", run_ok}, {"X", run_ok}, {"S", run_ok}, {"L", run_ok}, {"M", run_ok},
	{"I", run_identity}, {"H", run_hang_up}, {"A", run_answer}, {"D", run_dial},
	{"+CGMI", run_maker}, {"+GMI", run_maker}, {"+CGMM", run_identity}, {"+GMM", run_identity},
	{"+CGMR", run_identity}, {"+GMR", run_identity}, {"+CGSN", run_imei}, {"+GSN", run_imei},
	{"+CIMI", run_cimi}, {"+CPIN", run_cpin}, {"+CNUM", run_cnum}, {"+CMEE", run_number},
	{"+CLIP", run_number}, {"+CRC", run_number}, {"+CCWA", run_number}, {"+CSCS", run_cscs},
	{"+CFUN", run_cfun}, {"+CREG", run_creg}, {"+CGREG", run_creg}, {"+CEREG", run_creg},
	{"+COPS", run_cops}, {"+CSQ", run_csq}, {"+CBC", run_cbc}, {"+IPR", run_ok},
	{"+IFC", run_ok}, {"+CVHU", run_ok}, {"+CGSMS", run_ok}, {"+CHUP", run_hang_up},
	{"+CUSD", run_cusd}, {"+CGATT", run_cgatt}};

const struct at_command *at_info_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (str_eq(commands[i].name, name))
			return &commands[i];
	}
	return NULL;
}
