/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/zalo/webhook.h"

#include "daemon/base/buf.h"
#include "daemon/base/clock.h"
#include "daemon/base/str.h"
#include "tests/sim/zalo/sha256.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#define TIMEOUT_MS  2000L
#define FLYING_MAX  4
#define FLYING_WAIT 5	 /* ms between two looks while something flies */
#define IDLE_WAIT   1000 /* the simulated clock may jump */
#define BODY_MAX    (256 * 1024)

static const int64_t retry_ms[] = {
	30 * SECOND_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS};

struct delivery {
	struct delivery *next;
	char *body;
	char mac[SHA256_HEX + 8]; /* "" = unsigned */
	size_t tries;
	int64_t due_ms; /* of the world */
	CURL *easy;	/* while it flies */
	struct curl_slist *headers;
};

struct webhook {
	struct world *world;
	CURLM *multi;
	bool is_on;
	char url[256];
	char secret[128];
	struct delivery *list;
	int64_t delivered, tries;
};

struct webhook *webhook_new(struct world *world)
{
	struct webhook *w = calloc(1, sizeof(*w));

	MUST_HAVE(w);
	CHECK(!curl_global_init(CURL_GLOBAL_DEFAULT));
	w->world = world;
	w->multi = curl_multi_init();
	MUST_HAVE(w->multi);
	return w;
}

static void land(struct webhook *w, struct delivery *d)
{
	if (!d->easy)
		return;
	curl_multi_remove_handle(w->multi, d->easy);
	curl_easy_cleanup(d->easy);
	curl_slist_free_all(d->headers);
	d->easy = NULL;
	d->headers = NULL;
}

static void drop(struct webhook *w, struct delivery **link)
{
	struct delivery *d = *link;

	*link = d->next;
	land(w, d);
	free(d->body);
	free(d);
}

void webhook_free(struct webhook *w)
{
	if (!w)
		return;
	while (w->list)
		drop(w, &w->list);
	curl_multi_cleanup(w->multi);
	curl_global_cleanup();
	free(w);
}

const char *webhook_set(struct webhook *w, json_t *order)
{
	const char *what, *url, *secret = "";
	int is_on = 1;

	if (json_unpack(order, "{s:s, s:s, s?s, s?b !}", "what", &what, "url", &url, "secret",
		    &secret, "on", &is_on))
		return "a key is unknown, missing or of the wrong type";
	if (str_copy(w->url, sizeof(w->url), url) || str_copy(w->secret, sizeof(w->secret), secret))
		return "url or secret is too long";
	w->is_on = is_on;
	return NULL;
}

/* Takes `body` over. */
static void enqueue(struct webhook *w, char *body, const char *mac)
{
	struct delivery *d = calloc(1, sizeof(*d)), **link = &w->list;

	MUST_HAVE(d);
	d->body = body;
	d->due_ms = world_now_ms(w->world);
	CHECK(!str_copy(d->mac, sizeof(d->mac), mac));
	while (*link)
		link = &(*link)->next;
	*link = d;
}

/* SHA-256 over app id, body, time and key, without anything between. */
static void sign(struct webhook *w, const char *body, const char *timestamp, char mac[])
{
	uint8_t digest[SHA256_BYTES];
	CLEAN_BUF all = {0};

	mac[0] = 0;
	if (!w->secret[0])
		return;
	buf_init(&all, BODY_MAX);
	CHECK(!buf_addf(&all, "%s%s%s%s", w->world->options.app_id, body, timestamp, w->secret));
	memcpy(mac, "mac=", 4);
	sha256(buf_text(&all), all.len, digest);
	str_hex(digest, sizeof(digest), mac + 4);
}

const char *webhook_raw(struct webhook *w, json_t *order)
{
	const char *what, *body, *given = NULL, *timestamp;
	char mac[SHA256_HEX + 8];
	json_t *json;

	if (json_unpack(order, "{s:s, s:s, s?s !}", "what", &what, "body", &body, "mac", &given))
		return "a key is unknown, missing or of the wrong type";
	json = json_loads(body, 0, NULL);
	timestamp = json_string_value(json_object_get(json, "timestamp"));
	sign(w, body, timestamp ? timestamp : "", mac);
	json_decref(json);
	if (given && strlen(given) >= sizeof(mac))
		return "mac is too long";
	enqueue(w, str_dup(body), given ? given : mac);
	return NULL;
}

/* ---- events ----------------------------------------------------------------------------------
 */

/* As the lists call a type, and as events do. */
static const char *event_type(const char *type)
{
	static const char *const names[][2] = {
		{"photo", "image"}, {"voice", "audio"}, {"links", "link"}};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcasecmp(names[i][0], type) == 0)
			return names[i][1];
	}
	return strcasecmp(type, "gif") == 0 ? "gif" : type;
}

static json_t *attachment(const struct world_message *m, const char *type)
{
	static const char *const same[] = {"url", "description", "size", "name", "checksum", "id"};
	json_t *payload = json_object(), *place = json_object_get(m->content, "location");
	json_t *thumb = json_object_get(m->content, "thumb");

	for (size_t i = 0; i < ARRAY_LEN(same); i++) {
		json_t *value = json_object_get(m->content, same[i]);

		if (value)
			json_object_set(payload, same[i], value);
	}
	if (thumb)
		json_object_set(payload, "thumbnail", thumb);
	if (json_is_string(place)) {
		json_t *coordinates = json_loads(json_string_value(place), 0, NULL);

		if (coordinates)
			json_object_set_new(payload, "coordinates", coordinates);
	}
	return json_pack("{s:s, s:o}", "type", type, "payload", payload);
}

/* Takes `event` over. */
static void tell(struct webhook *w, json_t *event, int64_t time_ms)
{
	char timestamp[24], mac[SHA256_HEX + 8];
	char *body;

	MUST_HAVE(event);
	snprintf(timestamp, sizeof(timestamp), "%" PRId64, time_ms);
	json_object_set_new(event, "app_id", json_string(w->world->options.app_id));
	json_object_set_new(event, "timestamp", json_string(timestamp));
	body = json_dumps(event, JSON_COMPACT);
	MUST_HAVE(body);
	json_decref(event);
	sign(w, body, timestamp, mac);
	enqueue(w, body, mac);
}

void webhook_arrived(struct webhook *w, const struct world_message *m, bool is_seen)
{
	json_t *message;

	if (!w->is_on || !m->is_from_oa || m->group[0])
		return;
	message = is_seen ? json_pack("{s:[s]}", "msg_ids", m->id)
			  : json_pack("{s:s}", "msg_id", m->id);
	tell(w,
		json_pack("{s:s, s:{s:s}, s:s, s:{s:s}, s:o}", "event_name",
			is_seen ? "user_seen_message" : "user_received_message", "sender", "id",
			w->world->options.oa_id, "user_id_by_app", "1", "recipient", "id", m->user,
			"message", message),
		world_now_ms(w->world));
}

void webhook_zns_arrived(struct webhook *w, json_t *sent)
{
	char delivered[24];

	if (!w->is_on)
		return;
	snprintf(delivered, sizeof(delivered), "%" PRId64, world_now_ms(w->world));
	tell(w,
		json_pack("{s:s, s:{s:s}, s:{s:O}, s:{s:s, s:O, s:O}}", "event_name",
			"user_received_message", "sender", "id", w->world->options.oa_id,
			"recipient", "id", json_object_get(sent, "phone"), "message",
			"delivery_time", delivered, "msg_id", json_object_get(sent, "msg_id"),
			"tracking_id", json_object_get(sent, "tracking_id")),
		world_now_ms(w->world));
}

void webhook_tell(struct webhook *w, const struct world_message *m)
{
	const char *type = event_type(m->type), *oa_id = w->world->options.oa_id;
	json_t *event, *quoted = json_object_get(m->content, "quote_msg_id");
	bool is_group = m->group[0] != 0;
	char name[64];

	if (!w->is_on)
		return;
	snprintf(name, sizeof(name), "%s_send_%s%s", m->is_from_oa ? "oa" : "user",
		is_group ? "group_" : "", type);
	event = json_pack("{s:{s:s}, s:s, s:{s:s}, s:s, s:{s:s, s:O}}", "sender", "id",
		m->is_from_oa ? oa_id : m->user, "user_id_by_app", "1", "recipient", "id",
		is_group	? m->group
		: m->is_from_oa ? m->user
				: oa_id,
		"event_name", name, "message", "msg_id", m->id, "text",
		json_object_get(m->content, "message"));
	MUST_HAVE(event);
	if (is_group)
		json_object_set_new(event, "oa_id", json_string(oa_id));
	if (quoted)
		json_object_set(json_object_get(event, "message"), "quote_msg_id", quoted);
	if (!str_eq(type, "text"))
		json_object_set_new(json_object_get(event, "message"), "attachments",
			json_pack("[o]", attachment(m, type)));
	tell(w, event, m->time_ms);
}

/* ---- deliveries ------------------------------------------------------------------------------
 */

static size_t ignore(char *data, size_t size, size_t count, void *arg)
{
	(void)data;
	(void)arg;
	return size * count;
}

static void launch(struct webhook *w, struct delivery *d)
{
	char header[SHA256_HEX + 64];

	d->easy = curl_easy_init();
	MUST_HAVE(d->easy);
	d->headers = curl_slist_append(NULL, "Content-Type: application/json");
	if (d->mac[0]) {
		snprintf(header, sizeof(header), "X-ZEvent-Signature: %s", d->mac);
		d->headers = curl_slist_append(d->headers, header);
	}
	if (d->tries) {
		snprintf(header, sizeof(header), "num_retry: %zu", d->tries);
		d->headers = curl_slist_append(d->headers, header);
	}
	MUST_HAVE(d->headers);
	curl_easy_setopt(d->easy, CURLOPT_URL, w->url);
	curl_easy_setopt(d->easy, CURLOPT_PROXY, "");
	curl_easy_setopt(d->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(d->easy, CURLOPT_TIMEOUT_MS, TIMEOUT_MS);
	curl_easy_setopt(d->easy, CURLOPT_HTTPHEADER, d->headers);
	curl_easy_setopt(d->easy, CURLOPT_POSTFIELDS, d->body);
	curl_easy_setopt(d->easy, CURLOPT_WRITEFUNCTION, ignore);
	curl_easy_setopt(d->easy, CURLOPT_PRIVATE, d);
	d->tries++;
	w->tries++;
	CHECK(!curl_multi_add_handle(w->multi, d->easy));
}

static void finish(struct webhook *w, struct delivery *d, CURLcode code)
{
	struct delivery **link = &w->list;
	long status = 0;

	curl_easy_getinfo(d->easy, CURLINFO_RESPONSE_CODE, &status);
	land(w, d);
	while (*link != d)
		link = &(*link)->next;
	if (!code && status == 200) {
		w->delivered++;
		drop(w, link);
	} else if (d->tries > ARRAY_LEN(retry_ms)) {
		w->is_on = false;
		drop(w, link);
	} else {
		d->due_ms = world_now_ms(w->world) + retry_ms[d->tries - 1];
	}
}

int64_t webhook_run(struct webhook *w)
{
	int64_t now_ms = world_now_ms(w->world);
	int flying = 0, left;
	CURLMsg *msg;

	for (struct delivery *d = w->list; d; d = d->next)
		flying += d->easy != NULL;
	for (struct delivery *d = w->list; d && flying < FLYING_MAX; d = d->next) {
		if (d->easy || d->due_ms > now_ms)
			continue;
		launch(w, d);
		flying++;
	}
	if (!flying)
		return IDLE_WAIT;
	curl_multi_perform(w->multi, &left);
	while ((msg = curl_multi_info_read(w->multi, &left))) {
		struct delivery *d = NULL;
		CURLcode code = msg->data.result;

		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, (char **)&d);
		finish(w, d, code);
	}
	return FLYING_WAIT;
}

json_t *webhook_state(const struct webhook *w)
{
	int64_t pending = 0, flying = 0;

	for (const struct delivery *d = w->list; d; d = d->next) {
		pending++;
		flying += d->easy != NULL;
	}
	return json_pack("{s:I, s:b, s:I, s:I, s:I}", "flying", (json_int_t)flying, "on",
		(int)w->is_on, "delivered", (json_int_t)w->delivered, "tries", (json_int_t)w->tries,
		"pending", (json_int_t)pending);
}
