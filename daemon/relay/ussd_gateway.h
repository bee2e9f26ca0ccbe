/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The gateway of an operator that brings what residents dial (intake/ussd.h). Two ways to speak
 * (binhyen.json(5), USSD GATEWAY):
 *
 *   africas_talking  form fields sessionId, serviceCode, phoneNumber, text, the last cumulative;
 *                    answered in plain text, "CON " or "END " before the screen
 *   json             an object whose members are named by the settings, answered by one
 *
 * Whoever can reach the port proves himself by the token; where addresses are listed, what the
 * proxy before us says about where the call came from has to be one of them; and the service code
 * has to be ours. Who fails learns nothing but that.
 */
#ifndef BINHYEN_RELAY_USSD_GATEWAY_H
#define BINHYEN_RELAY_USSD_GATEWAY_H

#include "config/config.h"
#include "daemon/intake/intake.h"

#include <jansson.h>

struct ussd_gateway;

struct ussd_gateway_options {
	struct intake *intake;		  /* borrowed */
	const struct config_ussd *config; /* borrowed */
	const char *token;		  /* copied; "" nobody is believed */
};
MUST_CHECK
enum err ussd_gateway_new(
	const struct ussd_gateway_options *options, struct ussd_gateway **ret_gateway);
void ussd_gateway_free(struct ussd_gateway *gateway); /* NULL is fine */
bool ussd_gateway_has_token(const struct ussd_gateway *gateway);

/* fields: what came, as texts, the token among them. forwarded: as the proxy says it
 * (X-Forwarded-For); NULL nothing. *ret_is_json: what the answer is. To be sent after the commit.
 * ERR_DENIED; ERR_INVALID with what is missing. */
MUST_CHECK
enum err ussd_gateway_call(struct ussd_gateway *gateway, const json_t *fields,
	const char *forwarded, struct buf *ret_answer, bool *ret_is_json, struct errbuf *eb);

#endif
