/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a modem brings. A stored message goes to intake; `stored` is written only after the commit,
 * and only then does the modem process free the slot. A slot read again (the daemon or the process
 * died in between) is known by its content and answered without a second row; two equal texts lie
 * in two slots, or in one slot one after the other, and are two.
 */
#include "daemon/relay/modem_private.h"
#include "store/event.h"
#include "store/recipient.h"
#include "store/turn.h"
#include "store/vault.h"

#include <string.h>

/* `stored` on its way through the turn. */
struct stored_note {
	struct modem *modem;
	int64_t respawns; /* of the process that asked: a new one asks again by itself */
	struct line_stored stored;
};

static void stored_after_commit(void *arg, enum err committed)
{
	struct stored_note *note = arg;
	struct modem *modem = note->modem;

	if (!committed && modem->has_pipe && modem->respawns == note->respawns)
		modem_write(modem, &(struct line){.type = LINE_STORED, .stored = note->stored});
	free(note);
}

static enum err say_stored(struct modem *modem, const char *memory, int slot)
{
	struct stored_note *note = calloc(1, sizeof(*note));
	enum err err;

	if (!note)
		return ERR_NOMEM;
	note->modem = modem;
	note->respawns = modem->respawns;
	note->stored.slot = slot;
	err = str_copy(note->stored.mem, sizeof(note->stored.mem), memory);
	if (!err)
		err = turn_defer(modem->pool->store, stored_after_commit, note);
	if (err)
		free(note);
	return err;
}

/* Everything that was read from the slot: two messages that differ in any of it are different
 * messages. */
static enum err content_hash(
	const struct vault *vault, const struct line_sms *sms, uint8_t ret_hash[VAULT_HASH_BYTES])
{
	CLEAN_BUF content = {0};
	enum err err;

	buf_init(&content, LINE_MAX_BYTES);
	err = buf_addf(&content, "%s|%s|%lld|%d|%d|%d|%d|%d|%s", sms->from, sms->from_type,
		(long long)sms->scts_ms, sms->dcs, sms->ref, sms->ref_bits, sms->total, sms->seq,
		sms->text);
	if (!err)
		vault_hash(vault, VAULT_HASH_CONTENT, content.data, content.len, ret_hash);
	buf_wipe(&content);
	return err;
}

/* Only a number that a text can be sent to is a phone; a word or a short code is a name, and never
 * answered. */
static enum party_kind sender_address(const struct line_sms *sms, char address[PARTY_ADDRESS_MAX])
{
	char msisdn[MSISDN_BYTES];

	if (strcmp(sms->from_type, "alpha") != 0 && msisdn_normalize(sms->from, msisdn) == ERR_OK) {
		snprintf(address, PARTY_ADDRESS_MAX, "%s", msisdn);
		return PARTY_PHONE;
	}
	snprintf(address, PARTY_ADDRESS_MAX, "%s", sms->from[0] ? sms->from : "unknown");
	return PARTY_SENDER_NAME;
}

static bool is_concatenated(const struct line_sms *sms)
{
	return sms->total > 1 && sms->total <= 255 && sms->seq >= 1 && sms->seq <= sms->total;
}

static enum err accept_sms(struct modem *modem, const struct line_sms *sms, int64_t generation)
{
	char external_id[INBOX_EXTERNAL_ID_MAX];
	char address[PARTY_ADDRESS_MAX];
	struct inbound in = {.channel = "modem",
		.external_id = external_id,
		.kind = strcmp(sms->coding, "8bit") == 0 ? INBOX_KIND_OTHER : INBOX_KIND_TEXT,
		.from = address,
		.sent_ms = sms->scts_ms,
		.sim = modem_sim(modem),
		.text = sms->text};

	snprintf(external_id, sizeof(external_id), "%s/%s/%d/%lld",
		modem_memory_owner(modem, sms->mem), sms->mem, sms->slot, (long long)generation);
	in.from_kind = sender_address(sms, address);
	/* Hex is nothing for an officer to read. */
	if (in.kind == INBOX_KIND_OTHER) {
		in.raw = sms->text;
		in.raw_bytes = strlen(sms->text);
		in.text = "";
	}
	if (is_concatenated(sms))
		in.concat = (struct sms_concat){sms->ref, sms->ref_bits, sms->total, sms->seq};
	return intake_accept(modem->pool->intake, &in);
}

static enum err take_slot(struct modem *modem, const void *line)
{
	const struct line_sms *sms = line;
	struct store *store = modem->pool->store;
	uint8_t hash[VAULT_HASH_BYTES];
	int64_t generation;
	enum err err = content_hash(store_vault(store), sms, hash);

	if (!err)
		err = sim_slot_take(store, modem_memory_owner(modem, sms->mem), sms->mem, sms->slot,
			hash, &generation);
	if (!err)
		err = accept_sms(modem, sms, generation);
	return err;
}

/* What to do with the content of a slot, within a savepoint of its own. */
typedef enum err (*slot_fn)(struct modem *modem, const void *line);

/* OK or EXISTS: it is safe and may be freed. Otherwise it stays where it is and is read again. */
static enum err take_one(
	struct modem *modem, slot_fn take, const void *line, const char *memory, int slot)
{
	struct store *store = modem->pool->store;
	enum err err = store_savepoint_begin(store), done = ERR_OK;

	if (!err) {
		err = take(modem, line);
		if (!err || err == ERR_EXISTS)
			done = store_savepoint_release(store);
		else
			store_savepoint_rollback(store);
	}
	if (done)
		err = done;
	done = !err || err == ERR_EXISTS ? say_stored(modem, memory, slot) : err;
	if (done)
		log_error("inbox", "modem=%s slot=%s/%d kept_on_sim=%s", modem->config->name,
			memory, slot, err_name(done));
	return err;
}

static void receive_sms(struct modem *modem, const struct line_sms *sms)
{
	if (take_one(modem, take_slot, sms, sms->mem, sms->slot))
		return;
	modem->received++;
	/* One that is read again is older than it looks. */
	if (modem->pool->trust)
		clock_trust_stamp(
			modem->pool->trust, store_clock(modem->pool->store), sms->scts_ms);
}

/* Put aside raw: nobody decodes it, somebody should look. */
static enum err keep_poison(struct modem *modem, const void *line)
{
	const struct line_poison *poison = line;
	struct store *store = modem->pool->store;
	uint8_t hash[VAULT_HASH_BYTES];
	int64_t generation, id;
	char data[128];
	enum err err;

	vault_hash(store_vault(store), VAULT_HASH_CONTENT, poison->pdu, strlen(poison->pdu), hash);
	/* What came past the memories comes again under another number until it is confirmed. */
	err = poison->mem[0] ? sim_slot_take(store, modem_memory_owner(modem, poison->mem),
				       poison->mem, poison->slot, hash, &generation)
			     : sim_slot_take(store, modem_sim(modem), "", 0, hash, &generation);
	if (!err)
		err = quarantine_add(
			store, "modem", poison->reason, poison->pdu, strlen(poison->pdu), &id);
	if (err)
		return err;
	log_error("quarantine", "id=%lld channel=modem modem=%s slot=%s/%d reason=\"%s\"",
		(long long)id, modem->config->name, poison->mem, poison->slot, poison->reason);
	snprintf(data, sizeof(data), "{\"reason\":\"PDU\",\"id\":%lld}", (long long)id);
	return event_add(store, "inbox.quarantined", "", "system", data);
}

static void receive_poison(struct modem *modem, const struct line_poison *poison)
{
	enum err err = take_one(modem, keep_poison, poison, poison->mem, poison->slot);

	(void)err; /* said already */
}

static enum err settle_report(struct modem *modem, const struct line_report *report,
	int64_t party_id, int64_t *ret_outbox_id)
{
	return outbox_part_report(modem->pool->store, modem_sim(modem), report->mr, party_id,
		strcmp(report->status, "delivered") == 0, report->done_ms, ret_outbox_id);
}

void modem_report_again(struct modem *modem, const struct line_report *report, int64_t party_id)
{
	int64_t outbox_id = 0;
	enum err err = settle_report(modem, report, party_id, &outbox_id);

	log_info("modem", "name=%s report=%s mr=%d outbox=%lld again=%s", modem->config->name,
		report->status, report->mr, (long long)outbox_id, err_name(err));
}

#define RECIPIENTS_MAX 3

/* Whom we may have texted at this number: by name, as one who wrote anonymously, or as a resident
 * who is told of bulletins. */
static enum err recipients(
	struct modem *modem, const char *msisdn, int64_t ids[RECIPIENTS_MAX], int *ret_count)
{
	struct store *store = modem->pool->store;
	struct party party;
	enum err err = party_find(store, PARTY_PHONE, msisdn, &party);

	*ret_count = 0;
	if (!err)
		ids[(*ret_count)++] = party.id;
	else if (err != ERR_NOT_FOUND)
		return err;
	err = party_find_anonymous(store, PARTY_PHONE, msisdn, &party);
	if (!err)
		ids[(*ret_count)++] = party.id;
	else if (err != ERR_NOT_FOUND)
		return err;
	err = recipient_at(store, msisdn, &ids[*ret_count]);
	*ret_count += !err;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* ERR_NOT_FOUND: it is of none of them, or its message is under way and not known yet. */
static enum err settle_for(struct modem *modem, const struct line_report *report,
	const char *msisdn, int64_t *ret_outbox_id)
{
	struct modem_sending *s = &modem->sending;
	int64_t ids[RECIPIENTS_MAX];
	int count;
	enum err err = recipients(modem, msisdn, ids, &count);

	if (err)
		return err;
	err = ERR_NOT_FOUND;
	for (int i = 0; err == ERR_NOT_FOUND && i < count; i++)
		err = settle_report(modem, report, ids[i], ret_outbox_id);
	for (int i = 0; err == ERR_NOT_FOUND && i < count; i++) {
		if (s->req && s->req->party_id == ids[i]) {
			s->has_early_report = true;
			s->early_report = *report;
		}
	}
	return err;
}

static void receive_report(struct modem *modem, const struct line_report *report)
{
	bool is_final = strcmp(report->status, "pending") != 0;
	char msisdn[MSISDN_BYTES];
	int64_t outbox_id = 0;
	enum err err = ERR_NOT_FOUND;

	if (is_final && msisdn_normalize(report->to, msisdn) == ERR_OK)
		err = settle_for(modem, report, msisdn, &outbox_id);
	log_info("modem", "name=%s report=%s mr=%d outbox=%lld", modem->config->name,
		report->status, report->mr, (long long)outbox_id);
	if (err && err != ERR_NOT_FOUND) {
		log_error("outbox", "modem=%s report_kept_on_sim=%s", modem->config->name,
			err_name(err));
		return;
	}
	if (!report->mem[0] && report->slot < 0)
		return;
	err = say_stored(modem, report->mem, report->slot);
	if (err)
		log_error("outbox", "modem=%s report_kept_on_sim=%s", modem->config->name,
			err_name(err));
}

static void receive_call(struct modem *modem, const struct line_call *call)
{
	char external_id[INBOX_EXTERNAL_ID_MAX];
	char msisdn[MSISDN_BYTES];
	uint8_t nonce[8];
	char hex[2 * sizeof(nonce) + 1];
	struct inbound in = {.channel = "modem",
		.external_id = external_id,
		.kind = INBOX_KIND_CALL,
		.text = ""};
	enum err err;

	if (msisdn_normalize(call->from, msisdn) == ERR_OK) {
		in.from_kind = PARTY_PHONE;
		in.from = msisdn;
	} else {
		in.from_kind = PARTY_SENDER_NAME;
		in.from = call->from[0] ? call->from : "withheld";
	}
	/* A call leaves nothing behind that could be read twice: each announcement is one. */
	vault_random(nonce, sizeof(nonce));
	str_hex(nonce, sizeof(nonce), hex);
	snprintf(external_id, sizeof(external_id), "%s/call/%s", modem_sim(modem), hex);
	err = intake_accept(modem->pool->intake, &in);
	if (err)
		log_error("inbox", "modem=%s call_lost=%s", modem->config->name, err_name(err));
}

static void receive_freed(struct modem *modem, const struct line_freed *freed)
{
	enum err err;

	if (!freed->is_ok) {
		log_error("modem", "name=%s slot=%s/%d not_deleted", modem->config->name,
			freed->mem, freed->slot);
		return;
	}
	err = sim_slot_freed(
		modem->pool->store, modem_memory_owner(modem, freed->mem), freed->mem, freed->slot);
	if (err && err != ERR_NOT_FOUND)
		log_error("inbox", "modem=%s freed_unnoted=%s", modem->config->name, err_name(err));
}

static void receive_hello(struct modem *modem, const struct line_hello *hello)
{
	modem->hello = *hello;
	modem->has_hello = true;
	modem->respawn_delay_ms = MODEM_RESPAWN_FIRST_MS;
	log_info("modem", "name=%s hello driver=%s maker=\"%s\" model=\"%s\" firmware=\"%s\"",
		modem->config->name, hello->driver, hello->maker, hello->model, hello->firmware);
	modem_power_look(modem);
	modem_identity_learn(modem);
	modem_identity_check(modem);
}

static void receive_state(struct modem *modem, const struct line_state *state)
{
	enum modem_phase phase = modem->phase;
	bool had_network = modem_has_network(modem);

	modem->state = *state;
	if (state->time_ms >= CLOCK_FLOOR_MS && modem->pool->trust)
		clock_trust_network(
			modem->pool->trust, store_clock(modem->pool->store), state->time_ms);
	if (state->error[0])
		snprintf(modem->last_error, sizeof(modem->last_error), "%s", state->error);
	if (phase == MODEM_STOPPING)
		return;
	modem->phase = strcmp(state->phase, "ready") == 0 && modem->has_hello ? MODEM_READY
		       : strcmp(state->phase, "down") == 0		      ? MODEM_DOWN
									      : MODEM_CONNECTING;
	if (modem->phase == MODEM_DOWN)
		modem_power_cause(modem, state->error);
	if (modem_has_network(modem))
		modem->network_ms = clock_wall_ms(store_clock(modem->pool->store));
	if (phase == modem->phase) {
		if (had_network != modem_has_network(modem))
			modem_pool_changed(modem->pool);
		return;
	}
	modem_power_phase(modem);
	log_info("modem", "name=%s phase=%s network=%s signal=%d", modem->config->name,
		modem_phase_text(modem->phase), state->network, state->signal_percent);
	modem_pool_changed(modem->pool);
}

/* Lines that only a modem that answers brings. */
static bool is_good(const struct line *line)
{
	switch (line->type) {
	case LINE_HELLO:
	case LINE_SMS:
	case LINE_FREED:
	case LINE_LISTED:
	case LINE_SENT:
		return true;
	case LINE_STATE:
		return str_eq(line->state.phase, "ready");
	default:
		return false;
	}
}

void modem_line(struct modem *modem, const struct line *line)
{
	if (is_good(line))
		modem->good_ms = clock_wall_ms(store_clock(modem->pool->store));
	switch (line->type) {
	case LINE_HELLO:
		receive_hello(modem, &line->hello);
		return;
	case LINE_STATE:
		receive_state(modem, &line->state);
		return;
	case LINE_SMS:
		receive_sms(modem, &line->sms);
		return;
	case LINE_POISON:
		receive_poison(modem, &line->poison);
		return;
	case LINE_FREED:
		receive_freed(modem, &line->freed);
		return;
	case LINE_SENT:
		modem_send_sent(modem, &line->sent);
		return;
	case LINE_FAILED:
		modem_send_failed(modem, &line->failed);
		return;
	case LINE_LATE:
		modem_send_late(modem, &line->sent);
		return;
	case LINE_REPORT:
		receive_report(modem, &line->report);
		return;
	case LINE_CALL:
		receive_call(modem, &line->call);
		return;
	case LINE_USSD:
		modem_ussd_line(modem, &line->ussd);
		return;
	case LINE_SAID:
		modem_journal_line(modem, &line->said);
		return;
	case LINE_LISTED:
	case LINE_PONG:
		return;
	default:
		log_warn("modem", "name=%s unexpected_line=%d", modem->config->name,
			(int)line->type);
	}
}
