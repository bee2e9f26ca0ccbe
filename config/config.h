/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be set: one JSON file, read once at start, driven by one table (config/settings.c) from
 * which the reader, the checker, the dump and binhyen.json(5) are made. Unknown key, wrong type,
 * out of range, duplicate key: refused with the file, the path of the key and what is allowed.
 * Secrets are not in it: they are files in secrets.dir.
 */
#ifndef BINHYEN_CONFIG_CONFIG_H
#define BINHYEN_CONFIG_CONFIG_H

#include "config/operators.h"
#include "daemon/base/buf.h"

#include <stdbool.h>
#include <stdint.h>

#define CONFIG_MODEMS_MAX	  8
#define CONFIG_DUTY_PHONES_MAX	  16
#define CONFIG_HTTP_HEADERS_MAX	  8
#define CONFIG_RETRY_VALUES_MAX	  8
#define CONFIG_RECEIPT_PARAMS_MAX 8 /* a template has no more that we could fill */
#define CONFIG_POWER_WORDS_MAX	  16
#define CONFIG_MENU_PHONE_BYTES	  21 /* as it is shown, with its blanks */

struct config_modem {
	char name[24];		 /* [a-z0-9-]; in logs and the API */
	char device[256];	 /* absolute path of a tty */
	bool is_gammu;		 /* driver: "gammu" or "at" */
	int phone_operator;	 /* enum phone_operator */
	char balance_code[41];	 /* "" = never asked */
	int balance_low;	 /* đồng, 0 = no alarm */
	char power_command[256]; /* program and arguments, a space between; "" = by USB */
	int power_after_s;	 /* so long without working */
	int full_after_s;	 /* so long with a SIM that fills */
	struct sms_price price;	 /* as the caps */
	struct caps caps;	 /* the operator's, where the file says nothing */
};

/* What came with a message by Zalo, and is fetched from where the message says. */
struct config_media {
	char hosts[256]; /* "zdn.vn zadn.vn": names below these are fetched from, and no others */
	char url[128];	 /* one more place; "" = none */
	int disk_mb;	 /* all together */
	int image_mb;	 /* one of them: picture, GIF or sticker */
	int voice_mb;
	int video_mb;
	int file_mb;
};

struct config_zalo {
	bool is_set; /* the "zalo" object is there: otherwise Zalo is off */
	char oa_id[32];
	char app_id[32];
	char oauth_url[128]; /* https, or http on loopback; without a final '/' */
	char api_url[128];
	char business_url[128];
	char callback_url[256];	   /* registered at Zalo; "" = no `zalo login` */
	int poll_s;		   /* 5..3600 */
	int calls_per_minute;	   /* 10..4000: no more than this, whatever Zalo allows */
	int window_h;		   /* a user may be written to that long after he wrote */
	int free_h;		   /* his free answers last that long; 0 = there are none */
	int upload_h;		   /* a picture or file is known to Zalo that long */
	bool has_tick;		   /* a thumb below what was stored */
	char receipt_template[32]; /* of a receipt to a phone; "" = by SMS only */
	char receipt_params[CONFIG_RECEIPT_PARAMS_MAX][128]; /* "name=value" */
	int receipt_param_count;
	char duty_group[64]; /* group id, "" = none */
	bool relay_text;     /* relay_detail: "text" or "notice" */
	bool is_groups_off;  /* groups: "read" or "ignore" */
	int history_days;    /* how far Zalo's lists surely go back */
	struct config_media media;
	int webhook_port; /* 0 = no webhook */
	char webhook_address[46];
};

/* How a JSON gateway is spoken to. */
struct config_http_json {
	/* A JSON object; {to} {text} {id} {from} {username} {password} {report_url} within its
	 * strings. */
	char body[2048];
	char headers[CONFIG_HTTP_HEADERS_MAX][256]; /* "Name: value" with {username} {password} */
	int header_count;
	char ok_path[64]; /* where the answer says yes or no ("data.0.code"); "" = by HTTP status */
	char ok_value[64];				/* what it says for yes */
	char retry_values[CONFIG_RETRY_VALUES_MAX][64]; /* and for "not now" */
	int retry_value_count;
	char id_path[64]; /* where the gateway's own id is; "" = nowhere */
};

struct config_http_sms {
	bool is_set;	   /* the "http_sms" object is there: otherwise there is no gateway */
	bool is_json;	   /* profile: "kannel" or "json" */
	char url[256];	   /* https, or http on loopback */
	char username[64]; /* "" none */
	char from[16];	   /* brand name or short code; "" = the gateway's own */
	int price;	   /* đồng a segment; -1 not known */
	int callback_port; /* 0 = nothing is listened to: no reports, no messages */
	char callback_address[46]; /* of loopback */
	char callback_url[128]; /* the same as the gateway sees it; "" = http and the two above */
	struct config_http_json json;
};

#define CONFIG_FEEDS_MAX 16 /* official sources; each is asked by itself */
struct config_feed {
	char name[24];	   /* [a-z0-9-]; in logs and the API */
	char url[512];	   /* https, or http on loopback */
	int format;	   /* 0 rss, 1 atom, 2 cap */
	char category[32]; /* of the drafts */
	int interval_min;
};

/* What the commune has decided about its bulletins. */
struct config_bulletins {
	int quiet_from_h, quiet_until_h; /* the same: no quiet hours */
	int normal_sms;			 /* "off", "not_on_zalo" or "digest" */
	int digest_day;			 /* 0 every day, 1 Monday to 7 Sunday */
	int budget, reserve;		 /* đồng a month; of it for emergencies only */
};

#define CONFIG_USSD_FROM_MAX 8
struct config_ussd_json {
	char session[64], phone[64], code[64], text[64]; /* members of a call */
	char step[64];					 /* "" = the text is cumulative */
	char answer[64], end[64];			 /* members of the answer */
	char end_value[64], go_value[64];		 /* "" = true and false */
};
/* The gateway of an operator that brings what residents dial. */
struct config_ussd {
	bool is_set;  /* the "ussd" object is there */
	bool is_json; /* profile: "africas_talking" or "json" */
	int port;     /* 0 = nothing is listened to */
	char address[46];
	char service_code[24];
	char from[CONFIG_USSD_FROM_MAX][46];
	int from_count;
	struct config_ussd_json json;
};

#define CONFIG_HOSTS_MAX 8

/* The officers' page and the API on the office's network, over TLS. */
struct config_lan {
	char listen[64];		   /* "address:port"; "" = nowhere */
	char redirect[64];		   /* plain HTTP that only leads to the other; "" none */
	char hosts[CONFIG_HOSTS_MAX][128]; /* more names and addresses that officers type */
	int host_count;
	char console_dir[256];		 /* the files of the page */
	char certificate[256], key[256]; /* PEM files; "" = made by binhyend */
};

struct config {
	char store_path[256];
	bool backup_is_off; /* backup.when: "off" or "nightly" */
	int backup_hour;
	char backup_folder[256]; /* on another disk; "" none */
	struct config_modem modems[CONFIG_MODEMS_MAX];
	int modem_count;
	char duty_phones[CONFIG_DUTY_PHONES_MAX][20]; /* E.164 */
	int duty_phone_count;
	char it_phone[20];	 /* E.164; "" = none */
	int climb_s[3];		 /* when an alarm climbs, after its beginning */
	bool alarm_has_category; /* alarm_detail: "category" or "number" */
	char witness_phone[20];	 /* who is told the head of the log; E.164; "" = nobody */
	int witness_hour;	 /* from when on he is told */
	struct config_zalo zalo;
	struct config_http_sms http_sms;
	struct config_ussd ussd;
	struct config_feed feeds[CONFIG_FEEDS_MAX];
	int feed_count;
	struct config_bulletins bulletins;
	int dialogue_minutes;	/* 0 = each message is a report */
	bool sms_is_plain;	/* reports.sms_marks: "never" or "as_asked" */
	char law_calendar[256]; /* "" = the one that ships */
	char law_regimes[256];	/* likewise */
	char procedures[256];	/* directory of the commune's own entries; "" none */
	char menus[256];	/* likewise of its own menus */
	char guess_words[256];	/* file of its own words for the guess; "" none */
	/* Of the duty desk, as residents are told it; "" none. */
	char menu_phone[CONFIG_MENU_PHONE_BYTES];
	bool is_remote;	       /* law.remote */
	char http_socket[108]; /* sun_path */
	int http_idle_min;     /* without a request a session ends */
	int http_session_h;    /* it ends whatever happens */
	struct config_lan lan;
	char secrets_dir[256]; /* default $CREDENTIALS_DIRECTORY */
};

/* Reads and checks; `eb` says which file, key and what is allowed. *ret_config untouched on
 * failure; config_free it. */
MUST_CHECK
enum err config_load(const char *path, struct config **ret_config, struct errbuf *eb);
/* The same from memory; `name` stands for the file in messages. */
MUST_CHECK
enum err config_parse(const char *text, size_t len, const char *name, struct config **ret_config,
	struct errbuf *eb);
void config_free(struct config *config);

/* Every setting with its value in force, as JSON that config_parse accepts. */
MUST_CHECK
enum err config_dump(const struct config *config, struct buf *out);

/* One line a setting for documentation and its test: path, type, default, allowed, meaning. */
struct config_setting {
	const char *path;	  /* "modems[].device" */
	const char *type;	  /* "string" "integer" "choice" */
	const char *default_text; /* "" = required */
	const char *allowed;
	const char *meaning;
};
const struct config_setting *config_settings(size_t *ret_count);

/* Path of a secret file within secrets.dir ("box.key"); ERR_NOT_FOUND with advice when secrets.dir
 * is not set. */
MUST_CHECK
enum err config_secret_path(
	const struct config *config, const char *name, struct buf *out, struct errbuf *eb);
/* A secret's text without trailing newline; ERR_NOT_FOUND, ERR_DENIED (readable by others),
 * ERR_TOO_BIG (4 KB). Wipe it. */
MUST_CHECK
enum err config_secret_text(
	const struct config *config, const char *name, struct buf *out, struct errbuf *eb);

#endif
