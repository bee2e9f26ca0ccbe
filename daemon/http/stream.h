/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GET /api/v1/events: what has changed, told to an open page as it happens (Server-Sent Events of
 * the HTML standard). The log of events is the source: what is committed is told, what is told is
 * committed, and a page that comes back goes on behind the last event it had. Each event says what
 * to read again and nothing of what is in it, and only of what its reader may know (reading.h).
 *
 *     event: report     {"report":"2026-12","is_new":false}
 *     event: alarm      {}           GET /api/v1/duty/alarms
 *     event: bulletin   {"bulletin":3}
 *     event: change     {"what":"duty"}    duty, officer, group, place, modem, feed, zalo_gap,
 *                                          audit_fault, procedure, config
 *     event: status     {}           another problem, or one less
 *     event: reset      {}           too much has happened to tell: read everything again
 *
 * A stream does not keep its session alive, and ends with it. Its connection is suspended while
 * there is nothing to send; a line each 15 s shows both sides that the other is still there.
 */
#ifndef BINHYEN_HTTP_STREAM_H
#define BINHYEN_HTTP_STREAM_H

#include "daemon/base/err.h"

#include <microhttpd.h>

struct http;
struct http_request;
struct stream;

#define STREAMS_MAX	   48 /* of a door; half of the connections of the LAN */
#define STREAMS_EACH_MAX   8  /* of a session: its tabs */
#define STREAM_QUEUE_BYTES (16 * 1024)
#define STREAM_BEAT_MS	   (15 * SECOND_MS)
#define STREAM_ROWS_MAX	   64 /* of the log at a time; what lies further behind is "reset" */
#define STREAM_RESET_MS	   (2 * SECOND_MS) /* between two of them */
#define STREAM_RESUME_MAX  STREAM_ROWS_MAX

/* Of a request with a stream; NULL: out of memory. */
struct MHD_Response *stream_response(struct http_request *req);
/* The request is over: its stream, too. NULL is fine. */
void stream_free(struct stream *stream);
/* Before the door is stopped: nothing may stay suspended. */
void streams_stop(struct http *http);

#endif
