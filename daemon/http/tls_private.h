/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tls.c and tls_make.c share. */
#ifndef BINHYEN_HTTP_TLS_PRIVATE_H
#define BINHYEN_HTTP_TLS_PRIVATE_H

#include "daemon/http/tls.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

/* Apple's systems refuse what is longer (support.apple.com/103769). */
#define TLS_LIFE_DAYS  825
#define TLS_RENEW_DAYS 30
#define TLS_EARLY_DAYS 1 /* clocks of the office's computers may be behind ours */
#define TLS_CHAIN_MAX  8
#define TLS_FILE_MAX   (64 * 1024)

enum err tls_err(int rc, const char *what, struct errbuf *eb);

/* A new key, as PEM; gnutls_free its data. */
MUST_CHECK
enum err tls_key_make(gnutls_datum_t *ret_pem, struct errbuf *eb);
/* A certificate that the key vouches for itself, from a day before now, as PEM. */
MUST_CHECK
enum err tls_certificate_make(const gnutls_datum_t *key_pem, const struct tls_hosts *hosts,
	int64_t now_ms, gnutls_datum_t *ret_pem, struct errbuf *eb);
/* Does the certificate (PEM) name all of them? */
bool tls_names_all(const gnutls_datum_t *pem, const struct tls_hosts *hosts);
/* A file of that mode in the place of an older one, whole or not at all. */
MUST_CHECK
enum err tls_write(const char *path, unsigned mode, const gnutls_datum_t *pem, struct errbuf *eb);

#endif
