/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/cross.h"

#include <string.h>

static const char *check_json(const struct config_http_json *json, const char **ret_path)
{
	*ret_path = "http_sms.json.body";
	if (!json->body[0])
		return "is required with profile \"json\"";
	*ret_path = "http_sms.json.ok_value";
	if (json->ok_path[0] && !json->ok_value[0])
		return "is required with ok_path";
	*ret_path = "http_sms.json.ok_path";
	if (!json->ok_path[0] && (json->ok_value[0] || json->retry_value_count))
		return "is required with ok_value and retry_values";
	return NULL;
}

static const char *check_climb(const struct config *config, const char **ret_path)
{
	*ret_path = "duty.climb_second_s";
	if (config->climb_s[1] <= config->climb_s[0])
		return "is not longer than duty.climb_first_s";
	*ret_path = "duty.climb_third_s";
	return config->climb_s[2] <= config->climb_s[1] ? "is not longer than duty.climb_second_s"
							: NULL;
}

static const char *check_lan(const struct config_lan *lan, const char **ret_path)
{
	*ret_path = "http.listen";
	if (!lan->listen[0] && lan->redirect[0])
		return "is required with redirect_listen";
	*ret_path = "http.redirect_listen";
	if (lan->listen[0] && strcmp(lan->listen, lan->redirect) == 0 &&
		strcmp(strrchr(lan->listen, ':'), ":0") != 0)
		return "is the same as http.listen";
	*ret_path = "http.key";
	if (lan->certificate[0] && !lan->key[0])
		return "is required with certificate";
	*ret_path = "http.certificate";
	return lan->key[0] && !lan->certificate[0] ? "is required with key" : NULL;
}

static const char *check_ussd(const struct config_ussd *ussd, const char **ret_path)
{
	*ret_path = "ussd.service_code";
	if (ussd->port && !ussd->service_code[0])
		return "is required with port";
	*ret_path = "ussd.json.go_value";
	return ussd->json.end_value[0] && !ussd->json.go_value[0] ? "is required with end_value"
								  : NULL;
}

static const char *check_receipt(const struct config *config, const char **ret_path)
{
	bool has_params = config->zalo.receipt_params[0][0];

	*ret_path = "zalo.receipt_params";
	if (config->zalo.receipt_template[0] && !has_params)
		return "is required with receipt_template";
	*ret_path = "zalo.receipt_template";
	return has_params && !config->zalo.receipt_template[0] ? "is required with receipt_params"
							       : NULL;
}

const char *cross_check(const struct config *config, const char **ret_path)
{
	const struct config_http_sms *sms = &config->http_sms;
	const char *wrong = check_climb(config, ret_path);

	if (!wrong)
		wrong = check_lan(&config->lan, ret_path);
	if (!wrong)
		wrong = check_receipt(config, ret_path);
	if (!wrong)
		wrong = check_ussd(&config->ussd, ret_path);
	if (wrong)
		return wrong;
	if (!sms->is_set)
		return NULL;
	*ret_path = "http_sms.callback_port";
	if (sms->callback_url[0] && !sms->callback_port)
		return "is required with callback_url";
	return sms->is_json ? check_json(&sms->json, ret_path) : NULL;
}
