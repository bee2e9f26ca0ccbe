/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/http/tls_private.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/http/http_private.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* TLS 1.3, and 1.2 with forward secrecy and authenticated encryption only; nothing that this leaves
 * out is needed by a browser of the last ten years. */
#define TLS_PRIORITIES \
	"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:" \
	"-CIPHER-ALL:+AES-256-GCM:+AES-128-GCM:+CHACHA20-POLY1305:-MAC-ALL:+AEAD:-SIGN-ALL:" \
	"+SIGN-ECDSA-SHA256:+SIGN-ECDSA-SECP256R1-SHA256:+SIGN-ECDSA-SHA384:" \
	"+SIGN-ECDSA-SECP384R1-SHA384:+SIGN-RSA-PSS-RSAE-SHA256:+SIGN-RSA-PSS-RSAE-SHA384:" \
	"+SIGN-RSA-SHA256:+SIGN-RSA-SHA384:+SIGN-EDDSA-ED25519:%SERVER_PRECEDENCE"

#define PATH_BYTES 300

/* One certificate with its key, ready for handshakes. */
struct pair {
	gnutls_pcert_st chain[TLS_CHAIN_MAX];
	unsigned count; /* 0: none */
	gnutls_privkey_t key;
	char fingerprint[TLS_FINGERPRINT_BYTES]; /* of the first of the chain */
	int64_t from_ms, until_ms;
	struct timespec changed; /* the certificate's file */
};

struct tls {
	struct clock *clock;
	bool is_own;
	char certificate[PATH_BYTES], key[PATH_BYTES]; /* where they are */
	struct tls_hosts hosts;
	struct pair now;
	struct pair before;	 /* for handshakes that have begun with it */
	struct timespec refused; /* a given file that was no good: said once */
};

void tls_hosts_add(struct tls_hosts *hosts, const char *host)
{
	for (int i = 0; i < hosts->count; i++) {
		if (str_eq(hosts->host[i], host))
			return;
	}
	if (hosts->count < TLS_HOSTS_MAX && host[0] &&
		str_copy(hosts->host[hosts->count], TLS_HOST_BYTES, host) == ERR_OK)
		hosts->count++;
}

static void pair_done(struct pair *pair)
{
	for (unsigned i = 0; i < pair->count; i++)
		gnutls_pcert_deinit(&pair->chain[i]);
	if (pair->key)
		gnutls_privkey_deinit(pair->key);
	*pair = (struct pair){.count = 0};
}

/* ---- files ------------------------------------------------------------------------------------
 */

static void cleanup_pem(gnutls_datum_t *pem)
{
	if (pem->data)
		gnutls_memset(pem->data, 0, pem->size);
	gnutls_free(pem->data);
	pem->data = NULL;
}

static enum err pem_read(int fd, size_t bytes, gnutls_datum_t *pem)
{
	ssize_t n;

	pem->data = gnutls_malloc(bytes + 1);
	if (!pem->data)
		return ERR_NOMEM;
	n = read(fd, pem->data, bytes);
	if (n < 0)
		return err_from_errno(errno);
	pem->data[n] = 0;
	pem->size = (unsigned)n;
	return ERR_OK;
}

/* is_secret: others may not read it. */
static enum err pem_load(const char *path, bool is_secret, gnutls_datum_t *pem,
	struct timespec *ret_changed, struct errbuf *eb)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	enum err err;

	if (fd < 0 || fstat(fd, &st)) {
		err = err_from_errno(errno);
		errbuf_set(eb, err, "%s: %s", path, strerrordesc_np(errno));
	} else if (!S_ISREG(st.st_mode) || st.st_size > TLS_FILE_MAX) {
		err = errbuf_set(eb, ERR_CONFIG, "%s: is no file of PEM", path);
	} else if (is_secret && (st.st_mode & S_IRWXO)) {
		err = errbuf_set(eb, ERR_DENIED,
			"%s: mode %04o lets others at it; chmod o= it, and make a new key if somebody "
			"may have read it",
			path, (unsigned)(st.st_mode & 07777));
	} else {
		err = pem_read(fd, (size_t)st.st_size, pem);
		if (err)
			errbuf_set(eb, err, "%s: cannot be read", path);
		*ret_changed = st.st_mtim;
	}
	if (fd >= 0)
		close(fd);
	return err;
}

/* ---- one pair ---------------------------------------------------------------------------------
 */

static int fingerprint_of(gnutls_x509_crt_t crt, char text[TLS_FINGERPRINT_BYTES])
{
	unsigned char hash[32];
	char hex[2 * sizeof(hash) + 1];
	size_t bytes = sizeof(hash), len = 0;
	int rc = gnutls_x509_crt_get_fingerprint(crt, GNUTLS_DIG_SHA256, hash, &bytes);

	if (rc)
		return rc;
	str_hex(hash, bytes, hex);
	for (size_t i = 0; i < 2 * bytes; i++) {
		if (i && i % 2 == 0)
			text[len++] = ':';
		text[len++] = (char)toupper((unsigned char)hex[i]);
	}
	text[len] = 0;
	return 0;
}

static int first_of(struct pair *pair, const gnutls_datum_t *pem)
{
	gnutls_x509_crt_t crt = NULL;
	int rc = gnutls_x509_crt_init(&crt);

	if (rc)
		return rc;
	rc = gnutls_x509_crt_import(crt, pem, GNUTLS_X509_FMT_PEM);
	if (!rc)
		rc = fingerprint_of(crt, pair->fingerprint);
	pair->from_ms = (int64_t)gnutls_x509_crt_get_activation_time(crt) * SECOND_MS;
	pair->until_ms = (int64_t)gnutls_x509_crt_get_expiration_time(crt) * SECOND_MS;
	gnutls_x509_crt_deinit(crt);
	return rc;
}

/* Does the key belong to the certificate? */
static int match(struct pair *pair)
{
	unsigned char of_key[64], of_chain[64];
	size_t key_bytes = sizeof(of_key), chain_bytes = sizeof(of_chain);
	gnutls_pubkey_t public = NULL;
	int rc = gnutls_pubkey_init(&public);

	if (rc)
		return rc;
	rc = gnutls_pubkey_import_privkey(public, pair->key, 0, 0);
	if (!rc)
		rc = gnutls_pubkey_get_key_id(public, GNUTLS_KEYID_USE_SHA256, of_key, &key_bytes);
	if (!rc)
		rc = gnutls_pubkey_get_key_id(
			pair->chain[0].pubkey, GNUTLS_KEYID_USE_SHA256, of_chain, &chain_bytes);
	gnutls_pubkey_deinit(public);
	if (!rc && (key_bytes != chain_bytes || memcmp(of_key, of_chain, key_bytes) != 0))
		rc = GNUTLS_E_CERTIFICATE_KEY_MISMATCH;
	return rc;
}

static enum err pair_import(struct pair *pair, const gnutls_datum_t *chain_pem,
	const gnutls_datum_t *key_pem, const struct tls *tls, struct errbuf *eb)
{
	unsigned count = TLS_CHAIN_MAX;
	int rc = gnutls_pcert_list_import_x509_raw(
		pair->chain, &count, chain_pem, GNUTLS_X509_FMT_PEM, 0);

	if (rc)
		return tls_err(rc, tls->certificate, eb);
	pair->count = count;
	rc = first_of(pair, chain_pem);
	if (rc)
		return tls_err(rc, tls->certificate, eb);
	rc = gnutls_privkey_init(&pair->key);
	if (!rc)
		rc = gnutls_privkey_import_x509_raw(
			pair->key, key_pem, GNUTLS_X509_FMT_PEM, NULL, 0);
	if (!rc)
		rc = match(pair);
	return rc ? tls_err(rc, tls->key, eb) : ERR_OK;
}

static enum err pair_load(struct tls *tls, struct pair *ret_pair, struct errbuf *eb)
{
	CLEANUP(cleanup_pem) gnutls_datum_t chain = {0};
	CLEANUP(cleanup_pem) gnutls_datum_t key = {0};
	struct timespec key_changed;
	struct pair pair = {.count = 0};
	enum err err = pem_load(tls->certificate, false, &chain, &pair.changed, eb);

	if (!err)
		err = pem_load(tls->key, true, &key, &key_changed, eb);
	if (!err)
		err = pair_import(&pair, &chain, &key, tls, eb);
	if (err)
		pair_done(&pair);
	else
		*ret_pair = pair;
	return err;
}

static void pair_take(struct tls *tls, const struct pair *pair, const char *state)
{
	pair_done(&tls->before);
	tls->before = tls->now;
	tls->now = *pair;
	log_info("tls", "state=%s days=%lld fingerprint=%s", state,
		(long long)((pair->until_ms - clock_wall_ms(tls->clock)) / DAY_MS),
		pair->fingerprint);
}

/* ---- our own ----------------------------------------------------------------------------------
 */

static enum err own_make(struct tls *tls, struct errbuf *eb)
{
	CLEANUP(cleanup_pem) gnutls_datum_t key = {0};
	CLEANUP(cleanup_pem) gnutls_datum_t chain = {0};
	struct timespec changed;
	enum err err = pem_load(tls->key, true, &key, &changed, eb);

	if (err == ERR_NOT_FOUND) {
		err = tls_key_make(&key, eb);
		if (!err)
			err = tls_write(tls->key, 0600, &key, eb);
	}
	if (!err)
		err = tls_certificate_make(
			&key, &tls->hosts, clock_wall_ms(tls->clock), &chain, eb);
	return err ? err : tls_write(tls->certificate, 0644, &chain, eb);
}

static bool own_is_old(const struct tls *tls, const struct pair *pair)
{
	return clock_wall_ms(tls->clock) >= pair->until_ms - TLS_RENEW_DAYS * DAY_MS;
}

/* A clock that is wrong until the network tells the time may not make the fingerprint change: what
 * begins in the future is good enough. */
static bool own_is_good(const struct tls *tls, const struct pair *pair)
{
	CLEANUP(cleanup_pem) gnutls_datum_t chain = {0};
	struct timespec changed;

	return !own_is_old(tls, pair) &&
	       pem_load(tls->certificate, false, &chain, &changed, NULL) == ERR_OK &&
	       tls_names_all(&chain, &tls->hosts);
}

static enum err own_open(struct tls *tls, struct errbuf *eb)
{
	struct pair pair;
	struct errbuf why = {0};
	enum err err = pair_load(tls, &pair, &why);
	const char *state = "loaded";

	if (!err && !own_is_good(tls, &pair)) {
		pair_done(&pair);
		err = ERR_EXPIRED;
	}
	if (err == ERR_DENIED)
		return errbuf_set(eb, err, "%s", why.text);
	if (err) {
		state = err == ERR_EXPIRED ? "renewed" : "made";
		err = own_make(tls, eb);
		if (!err)
			err = pair_load(tls, &pair, eb);
	}
	if (!err)
		pair_take(tls, &pair, state);
	return err;
}

/* ---- all --------------------------------------------------------------------------------------
 */

enum err tls_open(const struct tls_options *options, struct tls **ret_tls, struct errbuf *eb)
{
	struct tls *tls = calloc(1, sizeof(*tls));
	struct pair pair;
	enum err err;

	if (!tls)
		return errbuf_set(eb, ERR_NOMEM, "tls: out of memory");
	tls->clock = options->clock;
	tls->hosts = *options->hosts;
	tls->is_own = !options->certificate[0];
	if (tls->is_own) {
		snprintf(tls->certificate, PATH_BYTES, "%s/tls.crt", options->folder);
		snprintf(tls->key, PATH_BYTES, "%s/tls.key", options->folder);
		err = own_open(tls, eb);
	} else {
		snprintf(tls->certificate, PATH_BYTES, "%s", options->certificate);
		snprintf(tls->key, PATH_BYTES, "%s", options->key);
		err = pair_load(tls, &pair, eb);
		if (!err)
			pair_take(tls, &pair, "loaded");
	}
	if (err) {
		tls_close(tls);
		return err;
	}
	*ret_tls = tls;
	return ERR_OK;
}

void tls_close(struct tls *tls)
{
	if (!tls)
		return;
	pair_done(&tls->now);
	pair_done(&tls->before);
	free(tls);
}

static bool is_same(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* Whoever renews it may be between the two files: what does not fit is tried again. */
static void given_tick(struct tls *tls)
{
	struct errbuf eb = {0};
	struct pair pair;
	struct stat st;

	if (stat(tls->certificate, &st) || is_same(&st.st_mtim, &tls->now.changed))
		return;
	if (pair_load(tls, &pair, &eb) == ERR_OK) {
		pair_take(tls, &pair, "reloaded");
		return;
	}
	if (!is_same(&st.st_mtim, &tls->refused))
		log_warn("tls", "state=kept detail=\"%s\"", eb.text);
	tls->refused = st.st_mtim;
}

void tls_tick(struct tls *tls)
{
	struct errbuf eb = {0};
	struct pair pair;
	enum err err;

	if (!tls->is_own) {
		given_tick(tls);
		return;
	}
	if (!own_is_old(tls, &tls->now))
		return;
	err = own_make(tls, &eb);
	if (!err)
		err = pair_load(tls, &pair, &eb);
	if (err)
		log_warn("tls", "state=kept detail=\"%s\"", eb.text);
	else
		pair_take(tls, &pair, "renewed");
}

bool tls_is_own(const struct tls *tls)
{
	return tls->is_own;
}

json_t *tls_json(const struct tls *tls)
{
	char from[CLOCK_TEXT_BYTES], until[CLOCK_TEXT_BYTES];

	clock_format(tls->now.from_ms, from);
	clock_format(tls->now.until_ms, until);
	return json_pack("{s:s, s:s, s:s, s:I, s:b}", "fingerprint", tls->now.fingerprint, "from",
		from, "until", until, "days",
		(json_int_t)((tls->now.until_ms - clock_wall_ms(tls->clock)) / DAY_MS), "is_own",
		(int)tls->is_own);
}

/* The session's pointer is libmicrohttpd's connection. */
static int retrieve(gnutls_session_t session, const gnutls_datum_t *authorities,
	int authority_count, const gnutls_pk_algorithm_t *algorithms, int algorithm_count,
	gnutls_pcert_st **chain, unsigned *count, gnutls_privkey_t *key)
{
	struct tls *tls = http_tls_of(gnutls_session_get_ptr(session));

	(void)authorities;
	(void)authority_count;
	(void)algorithms;
	(void)algorithm_count;
	if (!tls)
		return -1;
	*chain = tls->now.chain;
	*count = tls->now.count;
	*key = tls->now.key;
	return 0;
}

void tls_mhd_options(struct MHD_OptionItem *ret_options)
{
	ret_options[0] = (struct MHD_OptionItem){
		MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_PRIORITIES};
	ret_options[1] = (struct MHD_OptionItem){
		MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)(uintptr_t)retrieve};
	ret_options[2] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
}
