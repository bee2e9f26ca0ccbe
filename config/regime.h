/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the law asks of the office for each class of report, as data (config/regimes/CLASS.json):
 * its clocks, whom it is passed on to, what the reporter is told, how long it is kept. A class has
 * records, each in force from a day to a day; a changed law is one more of them, and what runs
 * keeps the record under which it began.
 */
#ifndef BINHYEN_CONFIG_REGIME_H
#define BINHYEN_CONFIG_REGIME_H

#include "config/term.h"
#include "daemon/base/buf.h"

#define LEGAL_CLASS_TABLE(X) \
	X(RECEPTION, "tiep_nhan")	    /* every report until it has a class */ \
	X(DENUNCIATION_OF_CRIME, "to_giac") /* tố giác: a citizen denounces a crime */ \
	X(CRIME_NEWS, "tin_bao")	    /* tin báo: a body or the press tells of one */ \
	X(PROSECUTION_PROPOSAL, "kien_nghi_khoi_to") /* kiến nghị khởi tố: an agency proposes */ \
	X(FEEDBACK, "phan_anh")			     /* phản ánh */ \
	X(PETITION, "kien_nghi")		     /* kiến nghị */ \
	X(DENUNCIATION, "noi_dung_to_cao")	     /* content of a denunciation of officials */ \
	X(QUESTION, "hoi_dap")			     /* hỏi đáp: procedures, law */ \
	X(RESIDENCE, "cu_tru")			     /* cư trú: stay notices */ \
	X(DATA_REQUEST, "yeu_cau_du_lieu")	     /* a data subject asks about his data */ \
	X(DATA_BREACH, "su_co_du_lieu")		     /* personal data got out */ \
	X(OTHER, "khac")			     /* none of them */
enum legal_class {
#define X(name, text) LEGAL_CLASS_##name,
	LEGAL_CLASS_TABLE(X)
#undef X
		LEGAL_CLASS_COUNT
};
const char *legal_class_text(enum legal_class class);
/* ERR_INVALID for a word that is none. */
MUST_CHECK
enum err legal_class_of(const char *text, enum legal_class *ret_class);

/* The moment from which a clock runs. */
#define REGIME_MOMENT_TABLE(X) \
	X(RECEIVED, "received")	      /* the report came in */ \
	X(CLASSIFIED, "classified")   /* it got this class */ \
	X(ACCEPTED, "accepted")	      /* thụ lý: said by an officer */ \
	X(TRANSFERRED, "transferred") /* the other body received it */ \
	X(DISCOVERED, "discovered")   /* said by an officer; until then it is when it came in */
enum regime_moment {
#define X(name, text) REGIME_MOMENT_##name,
	REGIME_MOMENT_TABLE(X)
#undef X
		REGIME_MOMENTS
};
const char *regime_moment_text(enum regime_moment moment);
MUST_CHECK
enum err regime_moment_of(const char *text, enum regime_moment *ret_moment);

/* What stops it in time. */
#define REGIME_END_TABLE(X) \
	X(ITSELF, "itself")	    /* done with the report's coming in: it never runs */ \
	X(CLASSIFIED, "classified") /* the report gets a class */ \
	X(NOTICE, "notice")	    /* the reporter was told */ \
	X(TRANSFER, "transfer")	    /* passed on, or kept with a reason: any outcome */ \
	X(ANSWER, "answer")	    /* answered, or any outcome */ \
	X(HAND, "hand")		    /* an officer says so */
enum regime_end {
#define X(name, text) REGIME_END_##name,
	REGIME_END_TABLE(X)
#undef X
		REGIME_ENDS
};
const char *regime_end_text(enum regime_end end);

/* Which reports of the class it is for. */
enum regime_when { REGIME_ALWAYS, REGIME_URGENT, REGIME_ORDINARY };

/* The roles of officers, as bits: the words are those of store/officer.h. */
#define REGIME_ROLES_TABLE(X) \
	X(CHIEF, "chief") \
	X(DEPUTY, "deputy") \
	X(AREA, "area") X(DUTY, "duty") X(CLERK, "clerk") X(CHAIRMAN, "chairman") X(IT, "it")
enum regime_role {
#define X(name, text) REGIME_ROLE_##name,
	REGIME_ROLES_TABLE(X)
#undef X
		REGIME_ROLES
};
const char *regime_role_text(enum regime_role role);
/* The bit of a role by its word; 0 for none. */
unsigned regime_role_bit(const char *text);

#define REGIME_CODE_BYTES     24
#define REGIME_NAME_BYTES     160
#define REGIME_SOURCE_BYTES   256
#define REGIME_CLOCKS_MAX     8
#define REGIME_WARNINGS_MAX   3
#define REGIME_EXTENSIONS_MAX 3
#define REGIME_EXTENSION_LAST 9 /* the ninth of one clock; the law knows two */

struct regime_extension {
	char code[REGIME_CODE_BYTES];
	char name[REGIME_NAME_BYTES];
	char granted_by[REGIME_NAME_BYTES]; /* whom the law names; "" who enters it */
	unsigned roles;			    /* who may enter it */
	struct term term;
	bool is_total;	 /* counts from the start of the clock; else from its end */
	int first, last; /* it may be the first-th to last-th extension of the clock, from 1 */
	char source[REGIME_SOURCE_BYTES];
	bool is_confirmed;
};

struct regime_clock {
	char code[REGIME_CODE_BYTES];
	char name[REGIME_NAME_BYTES];
	char source[REGIME_SOURCE_BYTES];
	bool is_confirmed;
	enum regime_moment starts;
	enum regime_when when;
	enum regime_end ends;
	bool is_watched; /* another body keeps it */
	struct term limit;
	struct term remote_limit; /* of a remote, mountainous or island commune */
	bool has_remote_limit;
	struct term warnings[REGIME_WARNINGS_MAX]; /* so long before its end */
	int warning_count;
	unsigned freeze_roles; /* who may freeze it; 0 nobody */
	struct regime_extension extensions[REGIME_EXTENSIONS_MAX];
	int extension_count;
};

struct regime {
	enum legal_class class;
	char name[REGIME_NAME_BYTES];
	int64_t from_day, to_day; /* to_day INT64_MAX: until the next one */
	char source[REGIME_SOURCE_BYTES];
	bool is_confirmed;
	char addressee[REGIME_NAME_BYTES]; /* whom it is passed on to; "" nobody */
	char told[REGIME_CODE_BYTES];	   /* phrase that the reporter gets; "" none */
	struct {
		char class[REGIME_CODE_BYTES];
		struct term keep;   /* after it was closed */
		struct term sender; /* so long is it known who sent it, if not longer than `keep` */
		bool is_on_request; /* erased before when its sender asks for it */
		char source[REGIME_SOURCE_BYTES];
		bool is_confirmed;
	} retention;
	struct regime_clock clocks[REGIME_CLOCKS_MAX];
	int clock_count;
	char *body; /* owned: the record as canonical JSON, which regime_parse_body() reads */
};

/* The records of one file. */
struct regime_list {
	struct regime *items; /* owned, rising by from_day */
	size_t count;
};
/* `name` stands for the file in messages. */
MUST_CHECK
enum err regime_parse(const char *text, size_t len, const char *name, struct regime_list *ret_list,
	struct errbuf *eb);
void regime_list_free(struct regime_list *list);

/* One record as it was kept; regime_done() it. Members that a later version adds to the file must
 * not be required here: what was kept before has not got them. */
MUST_CHECK
enum err regime_parse_body(const char *body, struct regime *ret_regime);
void regime_done(struct regime *regime);

/* NULL when the record has none of that code. */
const struct regime_clock *regime_clock_find(const struct regime *regime, const char *code);
/* The limit that holds here. */
const struct term *regime_clock_limit(const struct regime_clock *clock, bool is_remote);

#endif
