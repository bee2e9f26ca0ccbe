/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The real desk over a real store. A box is prepared once; each history runs within one turn of it
 * that is never committed, so that the next one finds it as it was.
 */
#ifndef BINHYEN_TESTS_SIM_DESK_BOX_H
#define BINHYEN_TESTS_SIM_DESK_BOX_H

#include "daemon/base/clock.h"
#include "daemon/desk/desk.h"
#include "daemon/intake/intake.h"
#include "tests/sim/desk/model.h"

#define BOX_DUTY_PHONE "+84900009001"
#define BOX_GROUP      "4000"
#define BOX_ROWS       800

struct box {
	char dir[64], path[96];
	struct clock_virtual clock;
	struct vault *vault;
	struct store *store;
	struct desk *desk;
	struct intake *intake;
	const struct law *law;
	/* As it was prepared. */
	struct model_officer officers[MODEL_OFFICERS];
	int officer_count;
	struct keypair *escrow; /* NULL: not claimed */
	/* Of the history that runs. */
	struct keypair *drawn[MODEL_OFFICERS + 1];
	int drawn_count;
	struct keypair *history_escrow; /* claimed within the history */
	int messages;
	int64_t rows[BOX_ROWS]; /* of the outbox, oldest first */
	int row_count;
};

void box_prepare(struct box *box, const struct law *law, bool is_claimed);
void box_free(struct box *box);
void box_begin(struct box *box, int64_t wall_ms, int dialogue_minutes);
void box_end(struct box *box);

struct keypair *box_escrow(const struct box *box); /* NULL: not claimed */
/* A key of the history: freed with it. */
struct keypair *box_draw_key(struct box *box);
/* Aborts unless it is ERR_OK. */
void box_must(enum err err, const char *what);

#endif
