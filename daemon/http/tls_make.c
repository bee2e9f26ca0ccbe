/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A key and a certificate of the box's own. It is no authority: what trusts it trusts it alone. */
#include "daemon/http/tls_private.h"

#include "daemon/base/str.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/crypto.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SERIAL_BYTES 16
#define PATH_BYTES   320

enum err tls_err(int rc, const char *what, struct errbuf *eb)
{
	enum err err = rc == GNUTLS_E_MEMORY_ERROR ? ERR_NOMEM : ERR_CONFIG;

	return errbuf_set(eb, err, "%s: %s", what, gnutls_strerror(rc));
}

static void cleanup_key(gnutls_x509_privkey_t *key)
{
	if (*key)
		gnutls_x509_privkey_deinit(*key);
}

static void cleanup_crt(gnutls_x509_crt_t *crt)
{
	if (*crt)
		gnutls_x509_crt_deinit(*crt);
}

enum err tls_key_make(gnutls_datum_t *ret_pem, struct errbuf *eb)
{
	CLEANUP(cleanup_key) gnutls_x509_privkey_t key = NULL;
	int rc = gnutls_x509_privkey_init(&key);

	if (!rc)
		rc = gnutls_x509_privkey_generate(
			key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
	if (!rc)
		rc = gnutls_x509_privkey_export2_pkcs8(
			key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, ret_pem);
	return rc ? tls_err(rc, "making the key of the certificate", eb) : ERR_OK;
}

static int name_add(gnutls_x509_crt_t crt, const char *host)
{
	unsigned char address[16];

	if (inet_pton(AF_INET, host, address) == 1)
		return gnutls_x509_crt_set_subject_alt_name(
			crt, GNUTLS_SAN_IPADDRESS, address, 4, GNUTLS_FSAN_APPEND);
	if (inet_pton(AF_INET6, host, address) == 1)
		return gnutls_x509_crt_set_subject_alt_name(
			crt, GNUTLS_SAN_IPADDRESS, address, 16, GNUTLS_FSAN_APPEND);
	return gnutls_x509_crt_set_subject_alt_name(
		crt, GNUTLS_SAN_DNSNAME, host, (unsigned)strlen(host), GNUTLS_FSAN_APPEND);
}

static int fill_in(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, const struct tls_hosts *hosts,
	int64_t now_ms)
{
	static const char organization[] = "Binhyen";
	int64_t from_ms = now_ms - TLS_EARLY_DAYS * DAY_MS;
	const char *host = hosts->count ? hosts->host[0] : "binhyen";
	unsigned char serial[SERIAL_BYTES];
	int rc = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof(serial));

	serial[0] = (unsigned char)((serial[0] & 0x7f) | 1); /* positive, and of that length */
	if (!rc)
		rc = gnutls_x509_crt_set_version(crt, 3);
	if (!rc)
		rc = gnutls_x509_crt_set_serial(crt, serial, sizeof(serial));
	if (!rc)
		rc = gnutls_x509_crt_set_activation_time(crt, (time_t)(from_ms / SECOND_MS));
	if (!rc)
		rc = gnutls_x509_crt_set_expiration_time(
			crt, (time_t)((from_ms + TLS_LIFE_DAYS * DAY_MS) / SECOND_MS));
	if (!rc)
		rc = gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_ORGANIZATION_NAME, 0,
			organization, sizeof(organization) - 1);
	if (!rc)
		rc = gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, host,
			(unsigned)strnlen(host, 64)); /* RFC 5280: ub-common-name */
	for (int i = 0; !rc && i < hosts->count; i++)
		rc = name_add(crt, hosts->host[i]);
	if (!rc)
		rc = gnutls_x509_crt_set_key(crt, key);
	if (!rc)
		rc = gnutls_x509_crt_set_basic_constraints(crt, 0, -1);
	if (!rc)
		rc = gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_DIGITAL_SIGNATURE);
	return rc ? rc : gnutls_x509_crt_set_key_purpose_oid(crt, GNUTLS_KP_TLS_WWW_SERVER, 0);
}

enum err tls_certificate_make(const gnutls_datum_t *key_pem, const struct tls_hosts *hosts,
	int64_t now_ms, gnutls_datum_t *ret_pem, struct errbuf *eb)
{
	CLEANUP(cleanup_key) gnutls_x509_privkey_t key = NULL;
	CLEANUP(cleanup_crt) gnutls_x509_crt_t crt = NULL;
	int rc = gnutls_x509_privkey_init(&key);

	if (!rc)
		rc = gnutls_x509_privkey_import(key, key_pem, GNUTLS_X509_FMT_PEM);
	if (rc)
		return tls_err(rc, "the key of the certificate", eb);
	rc = gnutls_x509_crt_init(&crt);
	if (!rc)
		rc = fill_in(crt, key, hosts, now_ms);
	if (!rc)
		rc = gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0);
	if (!rc)
		rc = gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, ret_pem);
	return rc ? tls_err(rc, "making the certificate", eb) : ERR_OK;
}

bool tls_names_all(const gnutls_datum_t *pem, const struct tls_hosts *hosts)
{
	CLEANUP(cleanup_crt) gnutls_x509_crt_t crt = NULL;

	if (gnutls_x509_crt_init(&crt) || gnutls_x509_crt_import(crt, pem, GNUTLS_X509_FMT_PEM))
		return false;
	for (int i = 0; i < hosts->count; i++) {
		if (!gnutls_x509_crt_check_hostname(crt, hosts->host[i]))
			return false;
	}
	return true;
}

static enum err sync_folder(const char *path)
{
	char folder[PATH_BYTES];
	int fd, rc;

	snprintf(folder, sizeof(folder), "%.*s", (int)(strrchr(path, '/') - path), path);
	fd = open(folder[0] ? folder : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_from_errno(errno);
	rc = fsync(fd);
	close(fd);
	return rc ? ERR_IO : ERR_OK;
}

enum err tls_write(const char *path, unsigned mode, const gnutls_datum_t *pem, struct errbuf *eb)
{
	char draft[PATH_BYTES];
	bool is_written;
	int fd;

	snprintf(draft, sizeof(draft), "%s.new", path);
	/* An older draft may have another mode. */
	unlink(draft);
	fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0)
		return errbuf_set(
			eb, err_from_errno(errno), "%s: %s", draft, strerrordesc_np(errno));
	is_written = write(fd, pem->data, pem->size) == (ssize_t)pem->size && !fsync(fd);
	if (close(fd) || !is_written || rename(draft, path)) {
		unlink(draft);
		return errbuf_set(eb, ERR_IO, "%s: cannot be written", path);
	}
	return sync_folder(path);
}
