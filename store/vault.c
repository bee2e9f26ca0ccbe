/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/vault.h"

#include "daemon/base/str.h"
#include "store/place_data.h"
#include "store/sync.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CODE_ALPHABET "23456789ACDEFHJKMNPQRTUVWXY"

enum subkey {
	SUBKEY_SEAL = 1,
	SUBKEY_HASH_PARTY,
	SUBKEY_HASH_RESIDENT,
	SUBKEY_HASH_CONTENT,
	SUBKEY_STREAM,
	SUBKEY_CHAIN = 32,
	SUBKEY_MASK = 40,
	SUBKEY_HASH_PIN = 48,
	SUBKEY_HASH_ANONYMOUS
};

static const unsigned hash_subkeys[] = {
	[VAULT_HASH_PARTY] = SUBKEY_HASH_PARTY,
	[VAULT_HASH_RESIDENT] = SUBKEY_HASH_RESIDENT,
	[VAULT_HASH_CONTENT] = SUBKEY_HASH_CONTENT,
	[VAULT_HASH_PIN] = SUBKEY_HASH_PIN,
	[VAULT_HASH_ANONYMOUS] = SUBKEY_HASH_ANONYMOUS,
};
#define HASH_USES (sizeof(hash_subkeys) / sizeof(hash_subkeys[0]))

struct vault {
	uint8_t seal[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
	uint8_t hash[HASH_USES][VAULT_HASH_BYTES]; /* by enum vault_hash_use */
	uint8_t stream[crypto_secretstream_xchacha20poly1305_KEYBYTES];
	uint8_t chain[VAULT_HASH_BYTES];
	uint8_t mask[crypto_shorthash_KEYBYTES];
};

static_assert(VAULT_SEAL_EXTRA_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES +
						crypto_aead_xchacha20poly1305_ietf_ABYTES,
	"the header promises the size of a seal");
static_assert(VAULT_STREAM_HEADER_BYTES == crypto_secretstream_xchacha20poly1305_HEADERBYTES &&
		      VAULT_STREAM_EXTRA_BYTES == crypto_secretstream_xchacha20poly1305_ABYTES &&
		      VAULT_STREAM_KEY_BYTES == crypto_secretstream_xchacha20poly1305_KEYBYTES,
	"the header promises the size of a stream");
static_assert(VAULT_KEY_BYTES == crypto_kdf_KEYBYTES, "the box key is a key of libsodium's kdf");

enum err vault_new(const uint8_t key[VAULT_KEY_BYTES], struct vault **ret_vault)
{
	static const char context[crypto_kdf_CONTEXTBYTES] = {
		'b', 'i', 'n', 'h', 'y', 'e', 'n', '1'};
	struct vault *vault;

	if (sodium_init() < 0)
		return ERR_BUG;
	vault = sodium_malloc(sizeof(*vault));
	if (!vault)
		return ERR_NOMEM;
	crypto_kdf_derive_from_key(vault->seal, sizeof(vault->seal), SUBKEY_SEAL, context, key);
	for (unsigned i = 0; i < HASH_USES; i++)
		crypto_kdf_derive_from_key(
			vault->hash[i], VAULT_HASH_BYTES, hash_subkeys[i], context, key);
	crypto_kdf_derive_from_key(
		vault->stream, sizeof(vault->stream), SUBKEY_STREAM, context, key);
	crypto_kdf_derive_from_key(vault->chain, sizeof(vault->chain), SUBKEY_CHAIN, context, key);
	crypto_kdf_derive_from_key(vault->mask, sizeof(vault->mask), SUBKEY_MASK, context, key);
	sodium_mprotect_readonly(vault);
	*ret_vault = vault;
	return ERR_OK;
}

void vault_free(struct vault *vault)
{
	sodium_free(vault);
}

/* Credentials of systemd are 0400 files of a private folder, and may show as 0440 there. */
static bool is_credential(const char *path)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");

	return dir && dir[0] && str_starts(path, dir) && path[strlen(dir)] == '/' &&
	       !strstr(path, "/../");
}

static enum err decode_key(const char *text, size_t len, uint8_t key[VAULT_KEY_BYTES])
{
	size_t bytes;

	if (len == VAULT_KEY_BYTES) {
		memcpy(key, text, VAULT_KEY_BYTES);
		return ERR_OK;
	}
	if (len == 2 * VAULT_KEY_BYTES + 1 && text[len - 1] == '\n')
		len--;
	if (len != 2 * VAULT_KEY_BYTES)
		return ERR_INVALID;
	if (sodium_hex2bin(key, VAULT_KEY_BYTES, text, len, NULL, &bytes, NULL) ||
		bytes != VAULT_KEY_BYTES)
		return ERR_INVALID;
	return ERR_OK;
}

static enum err read_key(int fd, const char *path, uint8_t key[VAULT_KEY_BYTES], struct errbuf *eb)
{
	char text[2 * VAULT_KEY_BYTES + 2];
	struct stat st;
	ssize_t len;
	enum err err;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return errbuf_set(eb, ERR_INVALID, "%s: not a regular file", path);
	if ((st.st_mode & 077) && !is_credential(path))
		return errbuf_set(
			eb, ERR_DENIED, "%s: readable by others; run: chmod 600 %s", path, path);
	len = read(fd, text, sizeof(text));
	if (len < 0)
		return errbuf_set(eb, err_from_errno(errno), "%s: %s", path, strerror(errno));
	err = decode_key(text, (size_t)len, key);
	explicit_bzero(text, sizeof(text));
	if (err)
		return errbuf_set(
			eb, err, "%s: not a box key (32 bytes or 64 hexadecimal digits)", path);
	return ERR_OK;
}

enum err vault_open(const char *path, struct vault **ret_vault, struct errbuf *eb)
{
	uint8_t key[VAULT_KEY_BYTES];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum err err;

	if (fd < 0)
		return errbuf_set(eb, err_from_errno(errno),
			"%s: %s; make one with binhyend --create-key FILE, or restore the one of this box",
			path, strerror(errno));
	err = read_key(fd, path, key, eb);
	close(fd);
	if (!err)
		err = vault_new(key, ret_vault);
	explicit_bzero(key, sizeof(key));
	return err;
}

enum err vault_create_key_file(const char *path, struct errbuf *eb)
{
	uint8_t key[VAULT_KEY_BYTES];
	char text[2 * VAULT_KEY_BYTES + 2];
	bool is_written;
	int fd;

	if (sodium_init() < 0)
		return ERR_BUG;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errbuf_set(eb, err_from_errno(errno), "%s: %s", path, strerror(errno));
	randombytes_buf(key, sizeof(key));
	str_hex(key, sizeof(key), text);
	text[2 * VAULT_KEY_BYTES] = '\n';
	is_written = write(fd, text, 2 * VAULT_KEY_BYTES + 1) == 2 * VAULT_KEY_BYTES + 1 &&
		     !fsync(fd);
	explicit_bzero(key, sizeof(key));
	explicit_bzero(text, sizeof(text));
	/* A database sealed with a key that a power cut takes back would be lost. */
	if (close(fd) || !is_written || sync_folder_of(path)) {
		unlink(path);
		return errbuf_set(eb, ERR_IO, "%s: could not be written", path);
	}
	return ERR_OK;
}

void vault_hash(const struct vault *vault, enum vault_hash_use use, const void *data, size_t len,
	uint8_t ret_hash[VAULT_HASH_BYTES])
{
	crypto_generichash(
		ret_hash, VAULT_HASH_BYTES, data, len, vault->hash[use], sizeof(vault->hash[use]));
}

size_t place_data(const char *place, int64_t row, uint8_t ret_data[PLACE_DATA_BYTES])
{
	size_t len = strlen(place);

	CHECK(len <= PLACE_NAME_MAX);
	memcpy(ret_data, place, len + 1);
	for (int i = 0; i < 8; i++)
		ret_data[len + 1 + (size_t)i] = (uint8_t)((uint64_t)row >> (8 * i));
	return len + 9;
}

enum err vault_seal(const struct vault *vault, const char *place, int64_t row, const void *data,
	size_t len, struct buf *out)
{
	const size_t nonce_len = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
	uint8_t ad[PLACE_DATA_BYTES], nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES];
	size_t ad_len = place_data(place, row, ad);
	unsigned long long sealed_len;
	CLEANUP(cleanup_free) uint8_t *sealed = malloc(len + VAULT_SEAL_EXTRA_BYTES);

	if (!sealed)
		return ERR_NOMEM;
	randombytes_buf(nonce, sizeof(nonce));
	memcpy(sealed, nonce, nonce_len);
	crypto_aead_xchacha20poly1305_ietf_encrypt(
		sealed + nonce_len, &sealed_len, data, len, ad, ad_len, NULL, nonce, vault->seal);
	return buf_add(out, sealed, nonce_len + (size_t)sealed_len);
}

enum err vault_unseal(const struct vault *vault, const char *place, int64_t row, const void *sealed,
	size_t len, struct buf *out)
{
	const uint8_t *bytes = sealed;
	uint8_t ad[PLACE_DATA_BYTES];
	size_t ad_len = place_data(place, row, ad);
	unsigned long long open_len;
	uint8_t *open;
	enum err err = ERR_WRONG_KEY;

	if (!sealed || len < VAULT_SEAL_EXTRA_BYTES)
		return ERR_WRONG_KEY;
	open = malloc(len);
	if (!open)
		return ERR_NOMEM;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(open, &open_len, NULL,
		    bytes + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
		    len - crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, ad, ad_len, bytes,
		    vault->seal) == 0)
		err = buf_add(out, open, (size_t)open_len);
	explicit_bzero(open, len);
	free(open);
	return err;
}

const uint8_t *vault_stream_key(const struct vault *vault)
{
	return vault->stream;
}

struct vault_stream {
	crypto_secretstream_xchacha20poly1305_state state;
	char place[PLACE_NAME_MAX + 1];
};

static enum err stream_new(const char *place, struct vault_stream **ret_stream)
{
	struct vault_stream *stream = calloc(1, sizeof(*stream));
	enum err err = stream ? str_copy(stream->place, sizeof(stream->place), place) : ERR_NOMEM;

	if (err) {
		free(stream);
		return err;
	}
	*ret_stream = stream;
	return ERR_OK;
}

enum err vault_stream_seal(const uint8_t key[VAULT_STREAM_KEY_BYTES], const char *place,
	uint8_t ret_header[VAULT_STREAM_HEADER_BYTES], struct vault_stream **ret_stream)
{
	struct vault_stream *stream;
	enum err err = stream_new(place, &stream);

	if (err)
		return err;
	crypto_secretstream_xchacha20poly1305_init_push(&stream->state, ret_header, key);
	*ret_stream = stream;
	return ERR_OK;
}

enum err vault_stream_open(const uint8_t key[VAULT_STREAM_KEY_BYTES], const char *place,
	const uint8_t header[VAULT_STREAM_HEADER_BYTES], struct vault_stream **ret_stream)
{
	struct vault_stream *stream;
	enum err err = stream_new(place, &stream);

	if (err)
		return err;
	if (crypto_secretstream_xchacha20poly1305_init_pull(&stream->state, header, key)) {
		vault_stream_free(stream);
		return ERR_WRONG_KEY;
	}
	*ret_stream = stream;
	return ERR_OK;
}

void vault_stream_push(
	struct vault_stream *stream, const void *data, size_t len, bool is_last, void *sealed)
{
	crypto_secretstream_xchacha20poly1305_push(&stream->state, sealed, NULL, data, len,
		(const unsigned char *)stream->place, strlen(stream->place),
		is_last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
}

enum err vault_stream_pull(
	struct vault_stream *stream, const void *sealed, size_t len, void *data, bool *ret_is_last)
{
	unsigned char tag;

	if (len < VAULT_STREAM_EXTRA_BYTES ||
		crypto_secretstream_xchacha20poly1305_pull(&stream->state, data, NULL, &tag, sealed,
			len, (const unsigned char *)stream->place, strlen(stream->place)))
		return ERR_WRONG_KEY;
	*ret_is_last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
	return ERR_OK;
}

void vault_stream_free(struct vault_stream *stream)
{
	if (stream)
		explicit_bzero(stream, sizeof(*stream));
	free(stream);
}

static void digest(const uint8_t *key, size_t key_len, const struct vault_piece *pieces,
	size_t count, uint8_t ret_digest[VAULT_HASH_BYTES])
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, key, key_len, VAULT_HASH_BYTES);
	for (size_t i = 0; i < count; i++) {
		uint8_t frame[8];

		/* Each piece behind its length: what is moved from one to the next changes the
		 * digest. */
		for (int b = 0; b < 8; b++)
			frame[b] = (uint8_t)((uint64_t)pieces[i].len >> (8 * b));
		crypto_generichash_update(&state, frame, sizeof(frame));
		crypto_generichash_update(&state, pieces[i].data, pieces[i].len);
	}
	crypto_generichash_final(&state, ret_digest, VAULT_HASH_BYTES);
}

void vault_digest(
	const struct vault_piece *pieces, size_t count, uint8_t ret_digest[VAULT_HASH_BYTES])
{
	digest(NULL, 0, pieces, count, ret_digest);
}

void vault_link(const struct vault *vault, const struct vault_piece *pieces, size_t count,
	uint8_t ret_digest[VAULT_HASH_BYTES])
{
	digest(vault->chain, sizeof(vault->chain), pieces, count, ret_digest);
}

/* A network of Feistel, whose rounds are SipHash of the other half. */
#define MASK_HALF   26
#define MASK_ROUNDS 6
static uint32_t mask_round(const struct vault *vault, uint8_t kind, int round, uint32_t half)
{
	uint8_t in[6] = {kind, (uint8_t)round}, out[crypto_shorthash_BYTES];
	uint32_t value;

	memcpy(in + 2, &half, sizeof(half));
	crypto_shorthash(out, in, sizeof(in), vault->mask);
	memcpy(&value, out, sizeof(value));
	return value & ((1U << MASK_HALF) - 1);
}

static int64_t mask_once(const struct vault *vault, uint8_t kind, int64_t id, bool is_back)
{
	uint32_t left = (uint32_t)(id >> MASK_HALF), right = (uint32_t)id & ((1U << MASK_HALF) - 1);

	for (int i = 0; i < MASK_ROUNDS; i++) {
		uint32_t next;

		if (is_back) {
			next = right ^ mask_round(vault, kind, MASK_ROUNDS - 1 - i, left);
			right = left;
			left = next;
		} else {
			next = left ^ mask_round(vault, kind, i, right);
			left = right;
			right = next;
		}
	}
	return (int64_t)left << MASK_HALF | right;
}

/* What meets 0 goes on to where 0 goes. */
static int64_t mask_walk(const struct vault *vault, uint8_t kind, int64_t id, bool is_back)
{
	if (id <= 0 || id >> (2 * MASK_HALF))
		return id;
	do
		id = mask_once(vault, kind, id, is_back);
	while (!id);
	return id;
}

int64_t vault_mask(const struct vault *vault, uint8_t kind, int64_t id)
{
	return mask_walk(vault, kind, id, false);
}

int64_t vault_unmask(const struct vault *vault, uint8_t kind, int64_t masked)
{
	return mask_walk(vault, kind, masked, true);
}

void vault_random(void *data, size_t len)
{
	randombytes_buf(data, len);
}

uint32_t vault_random_below(uint32_t bound)
{
	return randombytes_uniform(bound);
}

void vault_random_digits(char *digits, size_t len)
{
	for (size_t i = 0; i < len; i++)
		digits[i] = (char)('0' + randombytes_uniform(10));
	digits[len] = 0;
}

bool vault_is_same(const void *a, const void *b, size_t len)
{
	return sodium_memcmp(a, b, len) == 0;
}

void vault_random_code(char *code, size_t len)
{
	for (size_t i = 0; i < len; i++)
		code[i] = CODE_ALPHABET[randombytes_uniform(sizeof(CODE_ALPHABET) - 1)];
	code[len] = 0;
}
