/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may call a route once the box has officers; before that whoever reaches the unix socket may
 * call all of them. The router's table has a set of these for each route, openapi.json tells it as
 * x-roles, and a test walks every route as everybody. That one may call a route does not mean that
 * he sees everything there: which reports are his to read, the keys say.
 */
#ifndef BINHYEN_HTTP_RIGHTS_H
#define BINHYEN_HTTP_RIGHTS_H

#include "store/officer.h"

#define WHO(role) (1u << OFFICER_##role) /* an officer of that role who is logged in */
/* Whoever reaches the unix socket, which its file's owner and group decide: the machine, never what
 * residents wrote. */
#define WHO_BOX (1u << 16)
/* Nobody has to be logged in anywhere: what proves itself by its content. */
#define WHO_ANYBODY (1u << 17)

#define WHO_LEADERS (WHO(CHIEF) | WHO(DEPUTY))
/* Those who work on reports. */
#define WHO_HANDLERS (WHO_LEADERS | WHO(AREA) | WHO(DUTY) | WHO(CLERK))
/* Those who may see reports. The chairman changes nothing but what he alone reads, which are the
 * complaints about the chief: any other report is none for him. */
#define WHO_READERS  (WHO_HANDLERS | WHO(CHAIRMAN))
#define WHO_DECIDERS (WHO_HANDLERS | WHO(CHAIRMAN)) /* of what is done with a report */
#define WHO_HEADS    (WHO_LEADERS | WHO(CHAIRMAN))
#define WHO_OFFICERS (WHO_READERS | WHO(IT))
#define WHO_ALL	     (WHO_BOX | WHO_OFFICERS)
/* Those who keep the lists of people, places and groups. */
#define WHO_KEEPERS (WHO_LEADERS | WHO(AREA) | WHO(CLERK))
/* Those who look after the machine, from the keyboard of the box or logged in. */
#define WHO_MACHINE (WHO_BOX | WHO_LEADERS | WHO(IT))

/* "box,chief,deputy": the names of a set, in a fixed order. */
#define RIGHTS_TEXT_BYTES 96
void rights_text(unsigned who, char text[RIGHTS_TEXT_BYTES]);

#endif
