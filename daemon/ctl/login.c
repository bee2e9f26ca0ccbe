/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Coming in and going out. What opens the door is asked for, or read from a file descriptor, and
 * never an argument, which everybody on the machine could see. All talk is on standard error, so
 * that a script reads only the outcome.
 */
#include "daemon/base/str.h"
#include "daemon/ctl/api.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include <string.h>

#define CODE_TRIES 3 /* a phone's code changes while one types */

/* One answer that is a line: NULL text when there is none. */
static enum exit_code ask(const char *prompt, struct buf *out)
{
	enum exit_code code;

	buf_init(out, 512);
	code = input_line(prompt, false, out);
	while (out->len && strchr(" \t\r", out->data[out->len - 1]))
		out->data[--out->len] = 0;
	if (code == EXIT_DONE && !out->len)
		code = usage_error("nothing was given");
	return code;
}

static enum exit_code ask_passphrase(const struct ctl *ctl, const char *prompt, struct buf *out)
{
	enum exit_code code;

	buf_init(out, 512);
	code = input_passphrase(ctl, prompt, out);
	return code == EXIT_DONE && !out->len ? usage_error("nothing was given") : code;
}

/* Twice on a terminal, where it can't be seen. */
static enum exit_code ask_new_passphrase(const struct ctl *ctl, struct buf *out)
{
	struct buf again;
	enum exit_code code = ask_passphrase(
		ctl, "New passphrase, four or five words (mật khẩu mới, bốn năm từ): ", out);

	if (code != EXIT_DONE || ctl->passphrase_fd >= 0 || !input_is_terminal())
		return code;
	code = ask_passphrase(ctl, "Once more (nhập lại): ", &again);
	if (code == EXIT_DONE && !str_eq(buf_text(out), buf_text(&again)))
		code = usage_error("the two are not the same");
	buf_wipe(&again);
	return code;
}

/* The token goes into its file and not onto the screen. */
static enum exit_code keep(struct ctl *ctl, struct api_answer *answer)
{
	const char *token = show_member(answer->body, "token");
	enum exit_code code = token_save(ctl, token);

	ctl->is_over = true;
	if (code != EXIT_DONE)
		return code;
	json_object_del(answer->body, "token");
	json_object_del(answer->body, "csrf");
	if (ctl->wants_json)
		show_json(stdout, answer->body);
	else
		show_logged_in(stdout, answer->body);
	return EXIT_DONE;
}

/* ---- a phone ---------------------------------------------------------------------------------
 */

static void show_otpauth(const char *otpauth)
{
	if (input_is_terminal()) {
		fputs("\nScan this with an authenticator app on your phone (quét bằng ứng dụng tạo mã "
		      "trên điện thoại):\n\n",
			stderr);
		qr_print(stderr, otpauth);
		fputs("\nOr type its secret (hoặc nhập): ", stderr);
	}
	show_text(stderr, otpauth);
	fputc('\n', stderr);
}

static enum exit_code confirm(struct ctl *ctl, const char *enrolment, struct api_answer *answer)
{
	enum exit_code code = EXIT_REFUSED;

	for (int i = 0; i < CODE_TRIES && code == EXIT_REFUSED; i++) {
		struct buf totp;

		api_answer_done(answer);
		code = ask("Code that the phone shows (mã trên điện thoại): ", &totp);
		if (code == EXIT_DONE)
			code = ctl_post(ctl, "/api/v1/enrol/confirm",
				json_pack("{s:s, s:s}", "enrolment", enrolment, "totp",
					buf_text(&totp)),
				answer);
		buf_wipe(&totp);
		if (answer->status != 403)
			break;
	}
	return code;
}

/* What was begun is stored once the phone has shown its code. Takes the body over. */
static enum exit_code enrol(struct ctl *ctl, const char *path, json_t *body)
{
	struct api_answer begun = {0}, answer = {0};
	enum exit_code code = ctl_post(ctl, path, body, &begun);

	if (code == EXIT_DONE) {
		show_otpauth(show_member(begun.body, "otpauth"));
		code = confirm(ctl, show_member(begun.body, "enrolment"), &answer);
	}
	if (code == EXIT_DONE)
		code = keep(ctl, &answer);
	api_answer_done(&begun);
	api_answer_done(&answer);
	return code;
}

static enum exit_code prepare_setup_code(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/setup/code");
	return ctl_body(ctl, json_object());
}

static enum exit_code prepare_setup(struct ctl *ctl)
{
	struct buf answers[4] = {{0}};
	enum exit_code code = ask("Setup code (mã khởi tạo): ", &answers[0]);

	if (code == EXIT_DONE)
		code = ask("Login name, a-z 0-9 . _ - (tên đăng nhập): ", &answers[1]);
	if (code == EXIT_DONE)
		code = ask("Your name or post (họ tên hoặc chức vụ): ", &answers[2]);
	if (code == EXIT_DONE)
		code = ask_new_passphrase(ctl, &answers[3]);
	if (code == EXIT_DONE)
		code = enrol(ctl, "/api/v1/setup",
			json_pack("{s:s, s:s, s:s, s:s}", "code", buf_text(&answers[0]), "login",
				buf_text(&answers[1]), "name", buf_text(&answers[2]), "passphrase",
				buf_text(&answers[3])));
	for (size_t i = 0; i < ARRAY_LEN(answers); i++)
		buf_wipe(&answers[i]);
	return code;
}

static enum exit_code prepare_enrol(struct ctl *ctl)
{
	struct buf once = {0}, passphrase = {0};
	enum exit_code code = ask("One-time code from your chief (mã dùng một lần): ", &once);

	if (code == EXIT_DONE)
		code = ask_new_passphrase(ctl, &passphrase);
	if (code == EXIT_DONE)
		code = enrol(ctl, "/api/v1/enrol",
			json_pack("{s:s, s:s, s:s}", "login", ctl->subject, "code", buf_text(&once),
				"passphrase", buf_text(&passphrase)));
	buf_wipe(&once);
	buf_wipe(&passphrase);
	return code;
}

static enum exit_code prepare_phone(struct ctl *ctl)
{
	struct buf passphrase = {0};
	enum exit_code code = ask_passphrase(ctl, "Passphrase (mật khẩu): ", &passphrase);

	if (code == EXIT_DONE)
		code = enrol(ctl, "/api/v1/me/totp",
			json_pack("{s:s}", "passphrase", buf_text(&passphrase)));
	buf_wipe(&passphrase);
	return code;
}

/* ---- in and out ------------------------------------------------------------------------------
 */

static enum exit_code prepare_log_in(struct ctl *ctl)
{
	struct api_answer answer = {0};
	struct buf passphrase = {0}, totp = {0};
	enum exit_code code = ask_passphrase(ctl, "Passphrase (mật khẩu): ", &passphrase);

	if (code == EXIT_DONE)
		code = ask("Code that the phone shows (mã trên điện thoại): ", &totp);
	if (code == EXIT_DONE)
		code = ctl_post(ctl, "/api/v1/login",
			json_pack("{s:s, s:s, s:s}", "login", ctl->subject, "passphrase",
				buf_text(&passphrase), "totp", buf_text(&totp)),
			&answer);
	if (code == EXIT_DONE)
		code = keep(ctl, &answer);
	buf_wipe(&passphrase);
	buf_wipe(&totp);
	api_answer_done(&answer);
	return code;
}

/* The file goes whatever binhyend says: a session that it does not know is over anyway. */
static enum exit_code leave(struct ctl *ctl, const char *path, json_t *body)
{
	struct api_answer answer = {0};
	enum exit_code code = ctl_post(ctl, path, body, &answer);

	if (code == EXIT_DONE || answer.status == 401)
		token_forget(ctl);
	if (code == EXIT_DONE && ctl->wants_json)
		show_json(stdout, answer.body);
	else if (code == EXIT_DONE)
		show_state(stdout, answer.body);
	ctl->is_over = true;
	api_answer_done(&answer);
	return code;
}

static enum exit_code prepare_log_out(struct ctl *ctl)
{
	return leave(ctl, "/api/v1/logout", json_object());
}

static enum exit_code prepare_passphrase(struct ctl *ctl)
{
	struct buf old = {0}, fresh = {0};
	enum exit_code code = ask_passphrase(ctl, "Passphrase until now (mật khẩu cũ): ", &old);

	if (code == EXIT_DONE)
		code = ask_new_passphrase(ctl, &fresh);
	if (code == EXIT_DONE) {
		struct api_answer answer = {0};

		code = ctl_post(ctl, "/api/v1/me/passphrase",
			json_pack("{s:s, s:s}", "passphrase", buf_text(&old), "new",
				buf_text(&fresh)),
			&answer);
		if (code == EXIT_DONE) {
			token_forget(ctl);
			fprintf(stderr,
				"All sessions have ended; log in again (hãy đăng nhập lại).\n");
			ctl->is_over = true;
		}
		api_answer_done(&answer);
	}
	buf_wipe(&old);
	buf_wipe(&fresh);
	return code;
}

static enum exit_code prepare_me(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/me");
	return EXIT_DONE;
}

static enum exit_code prepare_sessions(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/me/sessions");
	return EXIT_DONE;
}

static enum exit_code prepare_session_end(struct ctl *ctl)
{
	int64_t id;

	if (str_to_int64(ctl->subject, 1, INT64_MAX, &id) != ERR_OK)
		return usage_error("ID is that of a session, as binhyenctl sessions shows it");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/me/sessions/%lld/end", (long long)id);
	return ctl_body(ctl, json_object());
}

const struct command login_commands[] = {
	{"setup", "", "make the first officer, the chief, with the setup code", 0, false,
		prepare_setup, show_logged_in},
	{"setup-code", "", "a new setup code, as root on the box itself", 0, false,
		prepare_setup_code, show_setup_code},
	{"login", " NAME", "log in with passphrase and the code of the phone", 1, false,
		prepare_log_in, show_logged_in},
	{"logout", "", "end this session", 0, false, prepare_log_out, show_state},
	{"enrol", " NAME", "set passphrase and phone with a one-time code of the chief", 1, false,
		prepare_enrol, show_logged_in},
	{"me", "", "who is logged in", 0, false, prepare_me, show_me},
	{"passphrase", "", "change your passphrase; all your sessions end", 0, false,
		prepare_passphrase, show_state},
	{"phone", "", "use another phone for the codes", 0, false, prepare_phone, show_logged_in},
	{"sessions", "", "where you are logged in", 0, false, prepare_sessions, show_sessions},
	{"session ID end", "", "end one of them", 0, false, prepare_session_end, show_state},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
