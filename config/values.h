/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks of setting values: private to config/. Each takes a NUL-terminated UTF-8 string, writes
 * its canonical form to dst and returns NULL, or returns what is wrong with it and leaves dst
 * alone.
 */
#ifndef BINHYEN_CONFIG_VALUES_H
#define BINHYEN_CONFIG_VALUES_H

#include <stddef.h>

/* Absolute, without "." and ".." parts and control characters; a directory loses its final '/'. */
const char *value_file(const char *value, char *dst, size_t dst_bytes);
const char *value_directory(const char *value, char *dst, size_t dst_bytes);
/* A telephone number as people read it: "0200 000 000", "113". */
const char *value_shown_phone(const char *value, char *dst, size_t dst_bytes);
const char *value_service_code(const char *value, char *dst, size_t dst_bytes); /* "*384*12#" */
const char *value_ip(const char *value, char *dst, size_t dst_bytes); /* as it is written first */
const char *value_modem_name(const char *value, char *dst, size_t dst_bytes);
const char *value_digits(const char *value, char *dst, size_t dst_bytes);
const char *value_template_param(const char *value, char *dst, size_t dst_bytes);
const char *value_group(const char *value, char *dst, size_t dst_bytes);
/* Absolute path and arguments, CONFIG_POWER_WORDS_MAX in all; no shell ever reads it. */
const char *value_command(const char *value, char *dst, size_t dst_bytes);
const char *value_ussd(const char *value, char *dst, size_t dst_bytes);
/* https anywhere, http only to this machine; no user, query or fragment; loses its final '/'. */
const char *value_url(const char *value, char *dst, size_t dst_bytes);
/* The same with a query, as it is written. */
const char *value_feed_url(const char *value, char *dst, size_t dst_bytes);
/* A word of small letters, digits and _. */
const char *value_category(const char *value, char *dst, size_t dst_bytes);
/* The same, but as it is written: Zalo compares it letter by letter. */
const char *value_callback(const char *value, char *dst, size_t dst_bytes);
/* What an SMS gateway is spoken to with (gateway_values.c). */
const char *value_account(const char *value, char *dst, size_t dst_bytes);
const char *value_sender(const char *value, char *dst, size_t dst_bytes);
/* Domain names with one space between them, in small letters. */
const char *value_hosts(const char *value, char *dst, size_t dst_bytes);
/* 127.0.0.0/8 or ::1 */
const char *value_loopback(const char *value, char *dst, size_t dst_bytes);
/* "address:port", "[address]:port" */
const char *value_listen(const char *value, char *dst, size_t dst_bytes);
/* A host name, in small letters, or an IP address. */
const char *value_host(const char *value, char *dst, size_t dst_bytes);
/* A JSON object; within its strings {to} and {text} are, and other fields may be. */
const char *value_json_body(const char *value, char *dst, size_t dst_bytes);
/* "Name: value", of a header that we do not write ourselves. */
const char *value_header(const char *value, char *dst, size_t dst_bytes);
const char *value_json_path(const char *value, char *dst, size_t dst_bytes);
const char *value_json_word(const char *value, char *dst, size_t dst_bytes);
/* A Vietnamese mobile number in any habit of spacing, as "+84" and 9 digits. */
const char *value_phone(const char *value, char *dst, size_t dst_bytes);

#endif
