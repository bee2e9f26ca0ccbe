/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * USSD as a client: one code at a time, the answer to whoever asked, or that there is none. The
 * balance of the SIM is asked once a day.
 */
#include "daemon/relay/modem_private.h"
#include "daemon/relay/ussd_amount.h"
#include "gateway/ussd_text.h"
#include "store/event.h"

#include <string.h>

#define USSD_WAIT_MS	 (75 * SECOND_MS) /* the process itself gives up after 60 s */
#define BALANCE_FIRST_MS (30 * SECOND_MS) /* after it is ready: the network settles first */

static int64_t mono_ms(void)
{
	return clock_mono_ms(clock_system());
}

static json_t *answer_json(const struct modem *modem, int status, const char *raw)
{
	char text[USSD_TEXT_BYTES];
	const char *coding;

	ussd_text_decode(raw, strlen(raw), USSD_DCS_UNKNOWN, text, &coding);
	return json_pack("{s:s, s:i, s:s, s:s, s:s}", "modem", modem->config->name, "status",
		status, "raw", raw, "coding", coding, "text", text);
}

static void ussd_end(struct modem *modem, enum err err, int status, const char *raw)
{
	struct modem_ussd ussd = modem->ussd;
	json_t *answer = err ? NULL : answer_json(modem, status, raw);

	if (!err && !answer)
		err = ERR_NOMEM;
	modem->ussd = (struct modem_ussd){0};
	log_info("modem", "name=%s ussd status=%d err=%s", modem->config->name, status,
		err_name(err));
	if (ussd.done)
		ussd.done(ussd.arg, err, answer);
	json_decref(answer);
}

static enum err ussd_begin(struct modem *modem, const char *code, modem_ussd_fn done, void *arg)
{
	struct line line = {.type = LINE_USSD, .ussd = {.status = -1}};
	enum err err = str_copy(line.ussd.text, sizeof(line.ussd.text), code);

	if (err)
		return err;
	modem->ussd = (struct modem_ussd){
		.is_asked = true, .done = done, .arg = arg, .until_ms = mono_ms() + USSD_WAIT_MS};
	modem_write(modem, &line);
	return ERR_OK;
}

void modem_ussd_line(struct modem *modem, const struct line_ussd *line)
{
	/* Advertisements of the operator come unasked. */
	if (!modem->ussd.is_asked) {
		log_info("modem", "name=%s ussd status=%d unasked=1", modem->config->name,
			line->status);
		return;
	}
	if (line->status == 5 && !line->text[0])
		ussd_end(modem, ERR_TIMEOUT, line->status, "");
	else if (line->status == 4 && !line->text[0])
		ussd_end(modem, ERR_UNSUPPORTED, line->status, "");
	else
		ussd_end(modem, ERR_OK, line->status, line->text);
}

void modem_ussd_lost(struct modem *modem)
{
	if (modem->ussd.is_asked)
		ussd_end(modem, ERR_MODEM, -1, "");
}

static enum err tell_low(struct modem *modem, int64_t dong)
{
	struct modem_pool *pool = modem->pool;
	char subject[40], data[64];
	enum err err;

	snprintf(subject, sizeof(subject), "modem/%s", modem->config->name);
	snprintf(data, sizeof(data), "{\"balance\":%lld,\"low\":%d}", (long long)dong,
		modem->config->balance_low);
	err = event_add(pool->store, "modem.balance_low", subject, "system", data);
	if (!err && pool->alarm)
		err = pool->alarm(pool->alarm_arg, "balance_low", modem->config->name);
	return err;
}

static void balance_done(void *arg, enum err asked, const json_t *answer)
{
	const char *text = json_string_value(json_object_get(answer, "text"));
	struct modem *modem = arg;
	bool was_low = modem->is_balance_low;
	int64_t dong;
	enum err err;

	if (asked || !text || !ussd_amount(text, &dong)) {
		log_warn("modem", "name=%s balance=unknown err=%s", modem->config->name,
			err_name(asked));
		return;
	}
	modem->balance = dong;
	modem->balance_ms = clock_wall_ms(store_clock(modem->pool->store));
	modem->is_balance_low = dong < modem->config->balance_low;
	if (!modem->is_balance_low || was_low)
		return;
	err = tell_low(modem, dong);
	if (err)
		log_error("modem", "name=%s balance_low_untold=%s", modem->config->name,
			err_name(err));
}

/* On each tick of the modem's watch. */
void modem_ussd_tick(struct modem *modem)
{
	const char *code = modem->config->balance_code;
	int64_t now_ms = mono_ms();

	if (modem->ussd.is_asked && now_ms >= modem->ussd.until_ms)
		ussd_end(modem, ERR_TIMEOUT, -1, "");
	if (!code[0] || modem->ussd.is_asked || modem->phase != MODEM_READY)
		return;
	if (!modem->balance_due_ms)
		modem->balance_due_ms = now_ms + BALANCE_FIRST_MS;
	if (now_ms < modem->balance_due_ms)
		return;
	modem->balance_due_ms = now_ms + DAY_MS;
	if (ussd_begin(modem, code, balance_done, modem))
		log_error("modem", "name=%s balance=unasked", modem->config->name);
}

enum err modem_pool_ussd(struct modem_pool *pool, const char *name, const char *code,
	modem_ussd_fn done, void *arg, struct errbuf *eb)
{
	struct modem *modem = modem_find(pool, name);
	size_t len = strlen(code);

	if (!modem)
		return errbuf_set(eb, ERR_NOT_FOUND, "there is no modem %s", name);
	if (!len || len > MODEM_USSD_CODE_MAX || strspn(code, "0123456789*#+") != len)
		return errbuf_set(
			eb, ERR_INVALID, "a code has 1 to %d of 0-9 * # +", MODEM_USSD_CODE_MAX);
	if (modem->phase != MODEM_READY || pool->is_closing)
		return errbuf_set(eb, ERR_STATE, "modem %s is not ready", name);
	if (modem->ussd.is_asked)
		return errbuf_set(eb, ERR_BUSY, "modem %s waits for another answer", name);
	return ussd_begin(modem, code, done, arg);
}

void modem_pool_ussd_forget(struct modem_pool *pool, const void *arg)
{
	for (int i = 0; i < pool->count; i++) {
		if (pool->modems[i].ussd.arg == arg)
			pool->modems[i].ussd.done = NULL;
	}
}
