/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be set. A new setting is a line here, a member of struct config and a paragraph of
 * binhyen.json(5), which a test compares with this table.
 */
#include "config/settings.h"

#include "config/values.h"
#include "daemon/base/str.h"

#include <string.h>

#define MEMBER_BYTES(type, member) sizeof(((struct type *)0)->member)
#define IN(type, member) \
	.offset = offsetof(struct type, member), .bytes = MEMBER_BYTES(type, member)
#define RANGE(low, high, unit) \
	.min = (low), .max = (high), .doc.allowed = #low " to " #high " (" unit ")"

#define CREDENTIALS_DEFAULT "$CREDENTIALS_DIRECTORY"
#define NO_DEFAULT	    "none"
#define BY_OPERATOR	    "by operator"
#define URL_ALLOWED	    "https://host[:port][/path], or http:// to this machine"

#define LISTEN_ALLOWED "address:port or [IPv6 address]:port"

#define PRICE(key, text) \
	{ \
		SETTING_INTEGER, .offset = offsetof(struct config_modem, price.key), \
				 .min = SETTING_BY_OPERATOR, .max = 100000, \
				 .doc = { "modems[].price." #key, \
					 "integer", \
					 BY_OPERATOR, \
					 "-1 to 100000 (dong)", \
					 text } \
	}
#define CAP(key, high, unit, text) \
	{ \
		SETTING_INTEGER, .offset = offsetof(struct config_modem, caps.key), .min = 0, \
				 .max = (high), \
				 .doc = { "modems[].caps." #key, \
					 "integer", \
					 BY_OPERATOR, \
					 "0 to " #high " (" unit ")", \
					 text } \
	}

#define CLIMB(index, key, normal, who) \
	{ \
		SETTING_INTEGER, \
			.offset = offsetof(struct config, climb_s[index]), \
			RANGE(1, 3600, "seconds"), .doc.path = "duty.climb_" #key "_s", \
			.doc.type = "integer", .doc.default_text = (normal), \
			.doc.meaning = "How long after an alarm began, and nobody took it, " who \
				       " rung." \
	}

#define MEDIA(key, high, normal, text) \
	{ \
		SETTING_INTEGER, .offset = offsetof(struct config, zalo.media.key##_mb), \
				 RANGE(1, high, "MB"), .doc.path = "zalo.media." #key "_mb", \
				 .doc.type = "integer", .doc.default_text = (normal), \
				 .doc.meaning = (text), \
	}

#define USSD_MEMBER "1 to 63 of A-Z a-z 0-9 _ -"

static const struct setting settings[] = {
	{SETTING_STRING, IN(config, store_path), .check = value_file,
		.doc = {"store.path", "string", "/var/lib/binhyen/binhyen.db", "absolute path",
			"The database, one SQLite file; its directory must be writable, as SQLite keeps "
			"a journal beside it."}},
	{SETTING_CHOICE, .offset = offsetof(struct config, backup_is_off),
		.choices = {"nightly", "off"},
		.doc = {"backup.when", "choice", "nightly", "\"nightly\" or \"off\"",
			"Whether a copy of the database is made each night; with \"off\" only by hand."}},
	{SETTING_INTEGER, .offset = offsetof(struct config, backup_hour), RANGE(0, 23, "hours"),
		.doc.path = "backup.hour", .doc.type = "integer", .doc.default_text = "2",
		.doc.meaning = "From which hour of the night on; what was missed while the machine "
			       "was off is made up for after it has run for an hour."},
	{SETTING_STRING, IN(config, backup_folder), .check = value_directory,
		.doc = {"backup.folder", "string", NO_DEFAULT, "absolute path",
			"Folder on another disk, such as a USB stick, that gets each copy as well. Copies on "
			"the disk of the database are lost with it."}},
	{SETTING_STRING, IN(config_modem, name), .check = value_modem_name, .is_unique = true,
		.doc = {"modems[].name", "string", "", "1 to 23 of a-z 0-9 -",
			"What the modem is called in the log and by binhyenctl; different for each."}},
	{SETTING_STRING, IN(config_modem, device), .check = value_file, .is_unique = true,
		.doc = {"modems[].device", "string", "", "absolute path",
			"The tty of the modem that takes AT commands; a link under /dev/serial/by-id "
			"stays the same when modems are plugged in again."}},
	{SETTING_CHOICE, .offset = offsetof(struct config_modem, is_gammu),
		.choices = {"at", "gammu"},
		.doc = {"modems[].driver", "choice", "at", "\"at\" or \"gammu\"",
			"How binhyen-modem talks to it: by the standard commands of modules and "
			"newer sticks, or by libgammu's own engine, for phones and old sticks that "
			"only it knows."}},
	{SETTING_CHOICE, IN(config_modem, phone_operator), .choices = {OPERATOR_NAMES},
		.doc = {"modems[].operator", "choice", "other",
			"\"other\", \"viettel\", \"vinaphone\", \"mobifone\" or \"vietnamobile\"",
			"Whose SIM it is: sets the caps, and messages to numbers of the same operator "
			"prefer it."}},
	{SETTING_STRING, IN(config_modem, balance_code), .check = value_ussd,
		.doc = {"modems[].balance_code", "string", NO_DEFAULT, "1 to 40 of 0-9 * # +",
			"USSD code that tells the balance of the SIM, such as *101#; dialled once a day."}},
	{SETTING_INTEGER, .offset = offsetof(struct config_modem, balance_low),
		RANGE(0, 100000000, "dong"), .doc.path = "modems[].balance_low",
		.doc.type = "integer", .doc.default_text = "0",
		.doc.meaning = "Below this balance the officers on duty are told; 0 is never."},
	{SETTING_STRING, IN(config_modem, power_command), .check = value_command,
		.doc = {"modems[].power_command", "string", NO_DEFAULT,
			"absolute path, then at most 15 arguments, a single space between them",
			"Program that switches the power of the modem off and on; without it the USB "
			"device is taken off the bus and put on again."}},
	{SETTING_INTEGER, .offset = offsetof(struct config_modem, power_after_s),
		RANGE(5, 3600, "seconds"), .doc.path = "modems[].power_after_s",
		.doc.type = "integer", .doc.default_text = "45",
		.doc.meaning = "How long a modem may not work before its power is cycled."},
	{SETTING_INTEGER, .offset = offsetof(struct config_modem, full_after_s),
		RANGE(5, 86400, "seconds"), .doc.path = "modems[].full_after_s",
		.doc.type = "integer", .doc.default_text = "600",
		.doc.meaning = "How long a SIM may be full to 70 percent before the officers on "
			       "duty are told."},
	PRICE(own,
		"What a segment to a number of the same operator costs, as your contract says; -1 is not known."),
	PRICE(other, "The same to any other number."),
	CAP(per_minute, 20000, "segments",
		"What this SIM may send within any minute; 0 is no limit."),
	CAP(per_hour, 100000, "segments", "The same within any hour."),
	CAP(per_day, 1000000, "segments", "The same within any 24 hours."),
	CAP(same_per_5min, 20000, "messages",
		"How many messages with the same words this SIM may send within any 5 minutes; 0 is no "
		"limit."),
	CAP(same_per_hour, 100000, "messages", "The same within any hour."),
	CAP(same_per_day, 1000000, "messages", "The same within any 24 hours."),
	CAP(alarm_reserve, 1000, "segments",
		"What of each minute, hour and day is kept for alarms to the officers on duty, but at "
		"most half of it."),
	{SETTING_STRING, .bytes = MEMBER_BYTES(config, duty_phones[0]), .check = value_phone,
		.is_unique = true, .is_phone = true,
		.doc = {"duty.phones[]", "string", NO_DEFAULT,
			"Vietnamese mobile number, as +84 or 0 and 9 digits",
			"Phones of the officers on duty, which are texted when a report comes in, as long as "
			"there is no roster."}},
	{SETTING_STRING, IN(config, it_phone), .check = value_phone, .is_phone = true,
		.doc = {"duty.it_phone", "string", NO_DEFAULT,
			"Vietnamese mobile number, as +84 or 0 and 9 digits",
			"Phone of the officer who looks after the machine, which is texted when Zalo "
			"needs his hand; without one the officers on duty are."}},
	CLIMB(0, first, "120", "the next in the roster is"),
	CLIMB(1, second, "300", "the one after him is"),
	CLIMB(2, third, "600", "every officer is"),
	{SETTING_CHOICE, .offset = offsetof(struct config, alarm_has_category),
		.choices = {"number", "category"},
		.doc = {"duty.alarm_detail", "choice", "number", "\"number\" or \"category\"",
			"What the text message about a danger says on the officers' own phones: number "
			"and time of the report, or its category and hamlet, too; never its words nor "
			"anything about its sender."}},
	{SETTING_STRING, IN(config, witness_phone), .check = value_phone, .is_phone = true,
		.doc = {"audit.witness_phone", "string", NO_DEFAULT,
			"Vietnamese mobile number, as +84 or 0 and 9 digits",
			"Phone of a second person, not the one who looks after the machine, to whom the "
			"head of the log of each day is texted; what he keeps shows whether the log was "
			"changed later."}},
	{SETTING_INTEGER, .offset = offsetof(struct config, witness_hour), RANGE(6, 19, "hours"),
		.doc.path = "audit.witness_hour", .doc.type = "integer", .doc.default_text = "8",
		.doc.meaning = "From which hour of the day on he is texted."},
	{SETTING_STRING, IN(config, zalo.oa_id), .check = value_digits,
		.doc = {"zalo.oa_id", "string", "", "1 to 31 digits",
			"Number of the Official Account."}},
	{SETTING_STRING, IN(config, zalo.app_id), .check = value_digits,
		.doc = {"zalo.app_id", "string", "", "1 to 31 digits",
			"Number of the application at developers.zalo.me to which the Official Account "
			"gave its consent."}},
	{SETTING_STRING, IN(config, zalo.oauth_url), .check = value_url,
		.doc = {"zalo.oauth_url", "string", "https://oauth.zaloapp.com", URL_ALLOWED,
			"Server of the access tokens."}},
	{SETTING_STRING, IN(config, zalo.api_url), .check = value_url,
		.doc = {"zalo.api_url", "string", "https://openapi.zalo.me", URL_ALLOWED,
			"Server of the Official Account API."}},
	{SETTING_STRING, IN(config, zalo.business_url), .check = value_url,
		.doc = {"zalo.business_url", "string", "https://business.openapi.zalo.me",
			URL_ALLOWED, "Server of the template messages to phone numbers."}},
	{SETTING_STRING, IN(config, zalo.callback_url), .check = value_callback,
		.doc = {"zalo.callback_url", "string", NO_DEFAULT, URL_ALLOWED,
			"Callback address of the application as registered at developers.zalo.me; "
			"without it an administrator cannot consent by way of this machine."}},
	{SETTING_INTEGER, .offset = offsetof(struct config, zalo.poll_s), RANGE(5, 3600, "seconds"),
		.doc.path = "zalo.poll_s", .doc.type = "integer", .doc.default_text = "30",
		.doc.meaning = "How often new messages are asked for."},
	{SETTING_INTEGER, .offset = offsetof(struct config, zalo.calls_per_minute),
		RANGE(10, 4000, "calls"), .doc.path = "zalo.calls_per_minute",
		.doc.type = "integer", .doc.default_text = "4000",
		.doc.meaning =
			"No more than this, though Zalo allows more: for an application that other "
			"programs use as well."},
	{SETTING_INTEGER, .offset = offsetof(struct config, zalo.window_h), RANGE(1, 8760, "hours"),
		.doc.path = "zalo.window_h", .doc.type = "integer", .doc.default_text = "168",
		.doc.meaning =
			"How long after his last interaction a resident may still be written to; "
			"Zalo's rule, 7 days today."},
	{SETTING_INTEGER, .offset = offsetof(struct config, zalo.free_h), RANGE(0, 8760, "hours"),
		.doc.path = "zalo.free_h", .doc.type = "integer", .doc.default_text = "48",
		.doc.meaning =
			"How long after his last interaction some answers to a resident cost nothing; "
			"Zalo's rule, 8 answers within 48 hours today. While a quota is used up or the "
			"wallet is empty only these are sent."},
	{SETTING_INTEGER, .offset = offsetof(struct config, zalo.upload_h), RANGE(1, 168, "hours"),
		.doc.path = "zalo.upload_h", .doc.type = "integer", .doc.default_text = "144",
		.doc.meaning =
			"After that time a picture or file is uploaded again before it is sent; Zalo "
			"forgets it after 7 days."},
	{SETTING_CHOICE, .offset = offsetof(struct config, zalo.has_tick), .choices = {"off", "on"},
		.doc = {"zalo.tick", "choice", "off", "\"off\" or \"on\"",
			"Whether a thumb is put below a resident's message once it is stored."}},
	{SETTING_STRING, IN(config, zalo.receipt_template), .check = value_digits,
		.doc = {"zalo.receipt_template", "string", NO_DEFAULT, "1 to 31 digits",
			"Template by which who wrote by SMS gets his receipt in Zalo; without one, and "
			"to who has no Zalo, it goes by SMS."}},
	{SETTING_STRING, .bytes = MEMBER_BYTES(config, zalo.receipt_params[0]),
		.check = value_template_param,
		.doc = {"zalo.receipt_params[]", "string", NO_DEFAULT,
			"name=value without quotes and backslashes",
			"Parameters of that template; {number} and {code} in a value are those of the "
			"report."}},
	{SETTING_STRING, IN(config, zalo.duty_group), .check = value_group,
		.doc = {"zalo.duty_group", "string", NO_DEFAULT, "1 to 63 of A-Z a-z 0-9 _ -",
			"Group of the officers on duty, to which every report is relayed; the Official "
			"Account must own the group."}},
	{SETTING_CHOICE, .offset = offsetof(struct config, zalo.relay_text),
		.choices = {"notice", "text"},
		.doc = {"zalo.relay_detail", "choice", "notice", "\"notice\" or \"text\"",
			"What the duty group gets: number, category, hamlet and urgency of a report, or "
			"its words; never anything about the sender."}},
	{SETTING_CHOICE, .offset = offsetof(struct config, zalo.is_groups_off),
		.choices = {"read", "ignore"},
		.doc = {"zalo.groups", "choice", "read", "\"read\" or \"ignore\"",
			"Whether messages in the groups of the Official Account are asked for; what "
			"residents write there becomes a report, and is answered there only with an "
			"invitation to write privately."}},
	{SETTING_INTEGER, .offset = offsetof(struct config, zalo.history_days),
		RANGE(1, 30, "days"), .doc.path = "zalo.history_days", .doc.type = "integer",
		.doc.default_text = "7",
		.doc.meaning =
			"How far back Zalo's lists of messages go for certain; after a longer "
			"absence tips may be lost, which is reported."},
	{SETTING_STRING, IN(config, zalo.media.hosts), .check = value_hosts,
		.doc = {"zalo.media.hosts", "string", "zdn.vn zadn.vn zalo.me zaloapp.com",
			"1 to 16 domain names with a space between them",
			"Pictures, recordings and files are fetched from these domains and the hosts below "
			"them, and from nowhere else."}},
	{SETTING_STRING, IN(config, zalo.media.url), .check = value_url,
		.doc = {"zalo.media.url", "string", NO_DEFAULT, URL_ALLOWED,
			"One more server of them, such as a simulator on this machine."}},
	{SETTING_INTEGER, .offset = offsetof(struct config, zalo.media.disk_mb),
		RANGE(16, 1000000, "MB"), .doc.path = "zalo.media.disk_mb", .doc.type = "integer",
		.doc.default_text = "4096",
		.doc.meaning = "What all of them together may take of the disk."},
	MEDIA(image, 64, "10", "A picture, GIF or sticker may have so much."),
	MEDIA(voice, 256, "20", "A voice message may have so much."),
	MEDIA(video, 2048, "100", "A video may have so much."),
	MEDIA(file, 2048, "50", "A file may have so much."),
	{SETTING_INTEGER, .offset = offsetof(struct config, zalo.webhook_port),
		RANGE(0, 65535, "TCP port, 0 = off"), .doc.path = "zalo.webhook.port",
		.doc.type = "integer", .doc.default_text = "0",
		.doc.meaning = "Where the calls of Zalo's webhook arrive, beside the asking."},
	{SETTING_STRING, IN(config, zalo.webhook_address), .check = value_loopback,
		.doc = {"zalo.webhook.address", "string", "127.0.0.1",
			"an address of this machine: 127.x.x.x or ::1",
			"Address that is listened on; a proxy or a tunnel with the public name and its "
			"certificate stands before it."}},
	{SETTING_CHOICE, .offset = offsetof(struct config, http_sms.is_json),
		.choices = {"kannel", "json"},
		.doc = {"http_sms.profile", "choice", "kannel", "\"kannel\" or \"json\"",
			"How the gateway is spoken to: as Kannel's sendsms, or by JSON as the settings "
			"http_sms.json say."}},
	{SETTING_STRING, IN(config, http_sms.url), .check = value_url,
		.doc = {"http_sms.url", "string", "", URL_ALLOWED,
			"Where messages are posted to."}},
	{SETTING_STRING, IN(config, http_sms.username), .check = value_account,
		.doc = {"http_sms.username", "string", NO_DEFAULT,
			"1 to 63 visible ASCII characters", "Name of the account at the gateway."}},
	{SETTING_STRING, IN(config, http_sms.from), .check = value_sender,
		.doc = {"http_sms.from", "string", NO_DEFAULT, "1 to 15 of A-Z a-z 0-9 + . _ -",
			"Brand name or number that residents see as the sender."}},
	{SETTING_INTEGER, .offset = offsetof(struct config, http_sms.price),
		RANGE(-1, 100000, "dong"), .doc.path = "http_sms.price", .doc.type = "integer",
		.doc.default_text = "-1",
		.doc.meaning =
			"What a segment costs by the contract with the gateway; -1 is not known."},
	{SETTING_INTEGER, .offset = offsetof(struct config, http_sms.callback_port),
		RANGE(0, 65535, "TCP port, 0 = off"), .doc.path = "http_sms.callback_port",
		.doc.type = "integer", .doc.default_text = "0",
		.doc.meaning =
			"Where the gateway brings delivery reports and messages of residents."},
	{SETTING_STRING, IN(config, http_sms.callback_address), .check = value_loopback,
		.doc = {"http_sms.callback_address", "string", "127.0.0.1",
			"an address of this machine: 127.x.x.x or ::1",
			"Address that is listened on; nothing from outside ever reaches it by "
			"itself."}},
	{SETTING_STRING, IN(config, http_sms.callback_url), .check = value_url,
		.doc = {"http_sms.callback_url", "string", NO_DEFAULT, URL_ALLOWED,
			"The same place as the gateway sees it, where a proxy or a tunnel stands "
			"between."}},
	{SETTING_STRING, IN(config, http_sms.json.body), .check = value_json_body,
		.doc = {"http_sms.json.body", "string", NO_DEFAULT,
			"a JSON object with {to} and {text} in its strings, at most 2047 bytes",
			"What is posted."}},
	{SETTING_STRING, .bytes = MEMBER_BYTES(config, http_sms.json.headers[0]),
		.check = value_header,
		.doc = {"http_sms.json.headers[]", "string", NO_DEFAULT,
			"\"Name: value\" in ASCII, at most 255 bytes",
			"Headers that the gateway wants."}},
	{SETTING_STRING, IN(config, http_sms.json.ok_path), .check = value_json_path,
		.doc = {"http_sms.json.ok_path", "string", NO_DEFAULT,
			"1 to 63 of A-Z a-z 0-9 _ -, parts joined by dots",
			"Member of the answer that says whether the message was taken."}},
	{SETTING_STRING, IN(config, http_sms.json.ok_value), .check = value_json_word,
		.doc = {"http_sms.json.ok_value", "string", NO_DEFAULT,
			"1 to 63 printable ASCII characters",
			"What that member is when the message was taken."}},
	{SETTING_STRING, .bytes = MEMBER_BYTES(config, http_sms.json.retry_values[0]),
		.check = value_json_word, .is_unique = true,
		.doc = {"http_sms.json.retry_values[]", "string", NO_DEFAULT,
			"1 to 63 printable ASCII characters",
			"What that member is when the same message may be tried again later."}},
	{SETTING_STRING, IN(config, http_sms.json.id_path), .check = value_json_path,
		.doc = {"http_sms.json.id_path", "string", NO_DEFAULT,
			"1 to 63 of A-Z a-z 0-9 _ -, parts joined by dots",
			"Member of the answer that is the gateway's own id of the message."}},
	{SETTING_STRING, IN(config_feed, name), .check = value_modem_name, .is_unique = true,
		.doc = {"feeds[].name", "string", "", "1 to 23 of a-z 0-9 -",
			"What the source is called in the log and by binhyenctl; different for each."}},
	{SETTING_STRING, IN(config_feed, url), .check = value_feed_url, .is_unique = true,
		.doc = {"feeds[].url", "string", "",
			"https://host[:port][/path][?query], or http:// to this machine",
			"Address of the feed; what it redirects or points to is fetched from the same host "
			"only."}},
	{SETTING_CHOICE, .offset = offsetof(struct config_feed, format), .bytes = sizeof(int),
		.choices = {"rss", "atom", "cap"},
		.doc = {"feeds[].format", "choice", "rss", "\"rss\", \"atom\" or \"cap\"",
			"What the document is: RSS 2.0, Atom, or alerts of the Common Alerting Protocol "
			"1.2, also as an index in RSS or Atom that points to them."}},
	{SETTING_STRING, IN(config_feed, category), .check = value_category,
		.doc = {"feeds[].category", "string", "", "1 to 31 of a-z 0-9 _",
			"Category of the drafts that are made of it: law_policy, fraud, fire, traffic, disaster, "
			"epidemic, province, ordered or another one of the bulletins'."}},
	{SETTING_INTEGER, .offset = offsetof(struct config_feed, interval_min),
		RANGE(5, 1440, "minutes"), .doc.path = "feeds[].interval_min",
		.doc.type = "integer", .doc.default_text = "30",
		.doc.meaning = "How often it is asked for what is new."},
	{SETTING_INTEGER, .offset = offsetof(struct config, bulletins.quiet_from_h),
		RANGE(0, 23, "hours"), .doc.path = "bulletins.quiet_from", .doc.type = "integer",
		.doc.default_text = "22",
		.doc.meaning =
			"From this hour of the day on no bulletin goes to a resident, unless it is an "
			"emergency."},
	{SETTING_INTEGER, .offset = offsetof(struct config, bulletins.quiet_until_h),
		RANGE(0, 23, "hours"), .doc.path = "bulletins.quiet_until", .doc.type = "integer",
		.doc.default_text = "7",
		.doc.meaning =
			"Until this hour; the same as the one before: there are no quiet hours."},
	{SETTING_CHOICE, IN(config, bulletins.normal_sms),
		.choices = {"off", "not_on_zalo", "digest"},
		.doc = {"bulletins.normal_sms", "choice", "off",
			"\"off\", \"not_on_zalo\" or \"digest\"",
			"Who is sent text messages of a bulletin that is not urgent: nobody, or whom "
			"Zalo does not reach, of each or of several together."}},
	{SETTING_INTEGER, .offset = offsetof(struct config, bulletins.digest_day),
		RANGE(0, 7, "days"), .doc.path = "bulletins.digest_day", .doc.type = "integer",
		.doc.default_text = "0",
		.doc.meaning =
			"On which day, at 17 o'clock, those that are gathered go: 1 Monday to 7 "
			"Sunday, 0 every day."},
	{SETTING_INTEGER, .offset = offsetof(struct config, bulletins.budget),
		RANGE(0, 1000000000, "dong"), .doc.path = "bulletins.budget", .doc.type = "integer",
		.doc.default_text = "0",
		.doc.meaning =
			"What text messages of bulletins may cost in a month; 0 is no limit."},
	{SETTING_INTEGER, .offset = offsetof(struct config, bulletins.reserve),
		RANGE(0, 1000000000, "dong"), .doc.path = "bulletins.reserve",
		.doc.type = "integer", .doc.default_text = "0",
		.doc.meaning = "What of it is kept for emergencies."},
	{SETTING_INTEGER, .offset = offsetof(struct config, dialogue_minutes),
		RANGE(0, 1440, "minutes"), .doc.path = "reports.dialogue_minutes",
		.doc.type = "integer", .doc.default_text = "30",
		.doc.meaning =
			"Further words of a resident within so long belong to the report that he has, "
			"unless they tell of another matter; 0 makes each message a report."},
	{SETTING_CHOICE, .offset = offsetof(struct config, sms_is_plain),
		.choices = {"as_asked", "never"},
		.doc = {"reports.sms_marks", "choice", "as_asked", "\"as_asked\" or \"never\"",
			"Whether residents who write with the marks of Vietnamese are answered with "
			"them by SMS, too, where that takes at most two segments; without marks "
			"most answers take one."}},
	{SETTING_STRING, IN(config, law_calendar), .check = value_file,
		.doc = {"law.calendar", "string", NO_DEFAULT, "absolute path",
			"Calendar of working days and holidays instead of the one that ships."}},
	{SETTING_STRING, IN(config, law_regimes), .check = value_directory,
		.doc = {"law.regimes", "string", NO_DEFAULT, "absolute path",
			"Directory of legal regimes (*.json); a class that has no file there is the one "
			"that ships."}},
	{SETTING_CHOICE, .offset = offsetof(struct config, is_remote), .choices = {"no", "yes"},
		.doc = {"law.remote", "choice", "no", "\"no\" or \"yes\"",
			"Whether the commune is remote, mountainous or an island, for which the law "
			"gives longer terms."}},
	{SETTING_STRING, IN(config, procedures), .check = value_directory,
		.doc = {"procedures.directory", "string", NO_DEFAULT, "absolute path",
			"Directory of the commune's own answers on procedures (*.json), which stand in the "
			"place of those that ship, by their code, or beside them."}},
	{SETTING_STRING, IN(config, guess_words), .check = value_file,
		.doc = {"guess.words", "string", NO_DEFAULT, "absolute path",
			"File of the commune's own words for the first guess of category and danger (JSON). "
			"They add to those that ship and take nothing back."}},
	{SETTING_STRING, IN(config, menus), .check = value_directory,
		.doc = {"menu.directory", "string", NO_DEFAULT, "absolute path",
			"Directory of the commune's own menus (*.json), which stand in the place of those "
			"that ship, by their code, or beside them."}},
	{SETTING_STRING, IN(config, menu_phone), .check = value_shown_phone,
		.doc = {"menu.phone", "string", NO_DEFAULT, "3 to 20 digits, blanks, + . and -",
			"Telephone number of the duty desk as residents are told it, by the menu and who "
			"gets lost in it."}},
	{SETTING_CHOICE, .offset = offsetof(struct config, ussd.is_json),
		.choices = {"africas_talking", "json"},
		.doc = {"ussd.profile", "choice", "africas_talking",
			"\"africas_talking\" or \"json\"",
			"How the gateway calls: with the fields of Africa's Talking, or with those that "
			"the settings ussd.json name."}},
	{SETTING_INTEGER, .offset = offsetof(struct config, ussd.port),
		RANGE(0, 65535, "TCP port, 0 = off"), .doc.path = "ussd.port",
		.doc.type = "integer", .doc.default_text = "0",
		.doc.meaning = "Where the gateway calls."},
	{SETTING_STRING, IN(config, ussd.address), .check = value_loopback,
		.doc = {"ussd.address", "string", "127.0.0.1",
			"an address of this machine: 127.x.x.x or ::1",
			"Address that is listened on; what comes from outside comes through a proxy or a "
			"tunnel."}},
	{SETTING_STRING, IN(config, ussd.service_code), .check = value_service_code,
		.doc = {"ussd.service_code", "string", NO_DEFAULT, "* and #, and 1 to 20 digits",
			"The code that residents dial; calls for another one are refused."}},
	{SETTING_STRING, .bytes = MEMBER_BYTES(config, ussd.from[0]), .check = value_ip,
		.is_unique = true,
		.doc = {"ussd.from[]", "string", NO_DEFAULT, "an IP address",
			"Where the gateway may call from, as the proxy says it in X-Forwarded-For; without "
			"any the token alone decides."}},
	{SETTING_STRING, IN(config, ussd.json.session), .check = value_json_path,
		.doc = {"ussd.json.session", "string", "sessionId", USSD_MEMBER,
			"Member of a call that names the session."}},
	{SETTING_STRING, IN(config, ussd.json.phone), .check = value_json_path,
		.doc = {"ussd.json.phone", "string", "phoneNumber", USSD_MEMBER,
			"Member of a call that is the number of who dialled."}},
	{SETTING_STRING, IN(config, ussd.json.code), .check = value_json_path,
		.doc = {"ussd.json.code", "string", "serviceCode", USSD_MEMBER,
			"Member of a call that is the code that was dialled."}},
	{SETTING_STRING, IN(config, ussd.json.text), .check = value_json_path,
		.doc = {"ussd.json.text", "string", "text", USSD_MEMBER,
			"Member of a call that is what was typed."}},
	{SETTING_STRING, IN(config, ussd.json.step), .check = value_json_path,
		.doc = {"ussd.json.step", "string", NO_DEFAULT, USSD_MEMBER,
			"Member of a call that is its number within the session, where the text is only "
			"what was typed last; without it the text is cumulative."}},
	{SETTING_STRING, IN(config, ussd.json.answer), .check = value_json_path,
		.doc = {"ussd.json.answer", "string", "message", USSD_MEMBER,
			"Member of the answer that is the screen."}},
	{SETTING_STRING, IN(config, ussd.json.end), .check = value_json_path,
		.doc = {"ussd.json.end", "string", "shouldClose", USSD_MEMBER,
			"Member of the answer that says whether the session ends."}},
	{SETTING_STRING, IN(config, ussd.json.end_value), .check = value_json_word,
		.doc = {"ussd.json.end_value", "string", NO_DEFAULT,
			"1 to 63 printable ASCII characters",
			"What that member is when it ends; without it, true and false."}},
	{SETTING_STRING, IN(config, ussd.json.go_value), .check = value_json_word,
		.doc = {"ussd.json.go_value", "string", NO_DEFAULT,
			"1 to 63 printable ASCII characters", "And when it goes on."}},
	{SETTING_STRING, IN(config, http_socket), .check = value_file,
		.doc = {"http.socket", "string", "/run/binhyen/api.sock",
			"absolute path of at most 107 bytes",
			"Unix socket of the API, which binhyenctl uses; until the first officer is made "
			"who may open it may do what an officer may."}},
	{SETTING_INTEGER, .offset = offsetof(struct config, http_idle_min),
		RANGE(1, 480, "minutes"), .doc.path = "http.idle_min", .doc.type = "integer",
		.doc.default_text = "30",
		.doc.meaning =
			"An officer who does nothing for so long is logged out, and his key is wiped."},
	{SETTING_INTEGER, .offset = offsetof(struct config, http_session_h), RANGE(1, 24, "hours"),
		.doc.path = "http.session_h", .doc.type = "integer", .doc.default_text = "12",
		.doc.meaning = "After so long he is logged out even while he works."},
	{SETTING_STRING, IN(config, lan.listen), .check = value_listen,
		.doc = {"http.listen", "string", NO_DEFAULT, LISTEN_ALLOWED,
			"Where the officers' page and the API are served over TLS, such as 0.0.0.0:443; "
			"port 0 takes a free one, which status tells; without it only the unix socket "
			"answers."}},
	{SETTING_STRING, IN(config, lan.redirect), .check = value_listen,
		.doc = {"http.redirect_listen", "string", NO_DEFAULT, LISTEN_ALLOWED,
			"Where plain HTTP is answered with the way to http.listen and nothing else, "
			"such as 0.0.0.0:80."}},
	{SETTING_STRING, .bytes = MEMBER_BYTES(config, lan.hosts[0]), .check = value_host,
		.doc = {"http.hosts[]", "string", NO_DEFAULT, "a host name or an IP address",
			"Names and addresses by which officers reach the page, besides the machine's own."}},
	{SETTING_STRING, IN(config, lan.console_dir), .check = value_directory,
		.doc = {"http.console_dir", "string", "/usr/share/binhyen/console", "absolute path",
			"The files of the officers' page, which are read once at the start."}},
	{SETTING_STRING, IN(config, lan.certificate), .check = value_file,
		.doc = {"http.certificate", "string", NO_DEFAULT, "absolute path",
			"The certificate of http.listen with those that vouch for it, PEM; without it "
			"binhyend makes its own."}},
	{SETTING_STRING, IN(config, lan.key), .check = value_file,
		.doc = {"http.key", "string", NO_DEFAULT, "absolute path",
			"The private key of http.certificate, PEM, not readable by everybody."}},
	{SETTING_STRING, IN(config, secrets_dir), .check = value_directory,
		.doc = {"secrets.dir", "string", CREDENTIALS_DEFAULT, "absolute path",
			"Directory of the secret files; under systemd it is best left out."}},
};

static const struct setting_list lists[] = {
	{"modems", offsetof(struct config, modems), sizeof(struct config_modem),
		offsetof(struct config, modem_count), CONFIG_MODEMS_MAX},
	{"feeds", offsetof(struct config, feeds), sizeof(struct config_feed),
		offsetof(struct config, feed_count), CONFIG_FEEDS_MAX},
	{"duty.phones", offsetof(struct config, duty_phones), MEMBER_BYTES(config, duty_phones[0]),
		offsetof(struct config, duty_phone_count), CONFIG_DUTY_PHONES_MAX},
	{"zalo.receipt_params", offsetof(struct config, zalo.receipt_params),
		MEMBER_BYTES(config, zalo.receipt_params[0]),
		offsetof(struct config, zalo.receipt_param_count), CONFIG_RECEIPT_PARAMS_MAX},
	{"http_sms.json.headers", offsetof(struct config, http_sms.json.headers),
		MEMBER_BYTES(config, http_sms.json.headers[0]),
		offsetof(struct config, http_sms.json.header_count), CONFIG_HTTP_HEADERS_MAX},
	{"http_sms.json.retry_values", offsetof(struct config, http_sms.json.retry_values),
		MEMBER_BYTES(config, http_sms.json.retry_values[0]),
		offsetof(struct config, http_sms.json.retry_value_count), CONFIG_RETRY_VALUES_MAX},
	{"ussd.from", offsetof(struct config, ussd.from), MEMBER_BYTES(config, ussd.from[0]),
		offsetof(struct config, ussd.from_count), CONFIG_USSD_FROM_MAX},
	{"http.hosts", offsetof(struct config, lan.hosts), MEMBER_BYTES(config, lan.hosts[0]),
		offsetof(struct config, lan.host_count), CONFIG_HOSTS_MAX},
};

static const struct setting_section sections[] = {
	{"ussd", offsetof(struct config, ussd.is_set)},
	{"zalo", offsetof(struct config, zalo.is_set)},
	{"http_sms", offsetof(struct config, http_sms.is_set)},
};

const struct setting *setting_at(size_t index)
{
	return index < ARRAY_LEN(settings) ? &settings[index] : NULL;
}

static bool is_path(const char *path, const char *text, size_t bytes)
{
	return strlen(path) == bytes && memcmp(path, text, bytes) == 0;
}

const struct setting_list *setting_list_find(const char *path, size_t path_bytes)
{
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		if (is_path(lists[i].path, path, path_bytes))
			return &lists[i];
	}
	return NULL;
}

const struct setting_section *setting_section_find(const char *path, size_t path_bytes)
{
	for (size_t i = 0; i < ARRAY_LEN(sections); i++) {
		if (is_path(sections[i].path, path, path_bytes))
			return &sections[i];
	}
	return NULL;
}

/* Is it every value of a list ("duty.phones[]")? */
static bool is_element(const struct setting *setting)
{
	size_t len = strlen(setting->doc.path);

	return setting->doc.path[len - 1] == ']';
}

bool setting_is_by_operator(const struct setting *setting)
{
	return str_eq(setting->doc.default_text, BY_OPERATOR);
}

bool setting_may_be_empty(const struct setting *setting)
{
	const char *text = setting->doc.default_text;

	return !is_element(setting) && (str_eq(text, NO_DEFAULT) || text[0] == '$');
}

const char *setting_default(const struct setting *setting)
{
	const char *text = setting->doc.default_text;
	const char *value;

	if (!text[0] || is_element(setting))
		return NULL;
	if (str_eq(text, NO_DEFAULT))
		return "";
	if (text[0] != '$')
		return text;
	value = getenv(text + 1);
	return value ? value : "";
}

const struct config_setting *config_settings(size_t *ret_count)
{
	static struct config_setting docs[ARRAY_LEN(settings)];

	for (size_t i = 0; i < ARRAY_LEN(settings); i++)
		docs[i] = settings[i].doc;
	*ret_count = ARRAY_LEN(settings);
	return docs;
}

/* The key through which `setting` hangs below a pattern; false when it does not. */
static bool child_of(const struct setting *setting, const char *pattern, size_t pattern_bytes,
	struct setting_child *child)
{
	const char *path = setting->doc.path;
	size_t start = pattern_bytes;

	if (strncmp(path, pattern, pattern_bytes) != 0)
		return false;
	if (start && path[start++] != '.')
		return false;
	child->setting = setting;
	child->pattern_bytes = start + strcspn(path + start, ".[");
	child->kind = path[child->pattern_bytes] == '.'	  ? SETTING_CHILD_OBJECT
		      : path[child->pattern_bytes] == '[' ? SETTING_CHILD_LIST
							  : SETTING_CHILD_LEAF;
	snprintf(child->key, sizeof(child->key), "%.*s", (int)(child->pattern_bytes - start),
		path + start);
	return true;
}

size_t setting_children(const char *pattern, size_t pattern_bytes,
	struct setting_child ret_children[SETTING_CHILDREN_MAX])
{
	struct setting_child child;
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		if (!child_of(&settings[i], pattern, pattern_bytes, &child))
			continue;
		if (count && str_eq(child.key, ret_children[count - 1].key))
			continue;
		CHECK(count < SETTING_CHILDREN_MAX);
		ret_children[count++] = child;
	}
	return count;
}

const struct setting *setting_of_element(const char *pattern, size_t pattern_bytes)
{
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		if (is_path(settings[i].doc.path, pattern, pattern_bytes))
			return &settings[i];
	}
	return NULL;
}
