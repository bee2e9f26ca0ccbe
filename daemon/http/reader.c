/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who reads: from the request to reading.h. */
#include "daemon/http/auth.h"
#include "daemon/http/resources.h"
#include "daemon/http/rights.h"

struct reader http_reader(const struct http_request *req)
{
	const struct http_caller *caller = &req->caller;
	struct auth *auth = req->http->options.auth;
	struct reader reader = {.role = OFFICER_IT};

	/* Nobody on the network is the office, however young the box is. */
	if (!auth || !auth_is_claimed(auth)) {
		reader.is_office = (caller->who & WHO_BOX) != 0;
		return reader;
	}
	if (!caller->session || !caller->officer_id)
		return reader;
	for (int role = 0; role < OFFICER_ROLE_COUNT; role++) {
		if (caller->who & 1u << role)
			reader.role = (enum officer_role)role;
	}
	reader.officer_id = caller->officer_id;
	reader.pair = session_pair(caller->session);
	return reader;
}

struct desk_actor http_desk_actor(const struct http_request *req)
{
	return (struct desk_actor){.officer_id = req->caller.officer_id, .name = req->actor};
}
