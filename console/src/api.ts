// SPDX-License-Identifier: GPL-2.0-or-later
// The API of binhyend from the page. Each failure becomes a Failure, which says what happened, what was kept and
// what to do, in that order.
import { clockTold } from "./time";

export const base = "/api/v1";

export class Failure extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
		readonly advice: string,
		/** For the IT officer: the box's own words, in English. */
		readonly detail = "",
	) {
		super(message);
	}
}

const ASK_MS = 30_000; // longer than the daemon takes for a passphrase on a loaded small box
const FAR_MS = 100_000; // longer than the daemon waits for a mobile network or for Zalo

interface Asked extends RequestInit {
	wait_ms?: number;
}

let csrf = "";
let onSessionEnd: () => void = () => {};
let onReached: (isReached: boolean) => void = () => {};

export function setCsrf(token: string): void {
	csrf = token;
}

/** Called when the box says that the session is over. */
export function setOnSessionEnd(callback: () => void): void {
	onSessionEnd = callback;
}

/** Called with each answer of the box, and each time there is none. */
export function setOnReached(callback: (isReached: boolean) => void): void {
	onReached = callback;
}

function advice(status: number, retry: string | null): string {
	if (status === 0)
		return "Nội dung đang nhập vẫn còn trên trang. Trang tự nối lại; khi có kết nối, hãy bấm lại.";
	if (status === 401)
		return "Nội dung đang nhập vẫn còn. Đề nghị kiểm tra rồi thử lại.";
	if (status === 403)
		return "Chưa có gì thay đổi. Nếu cần làm việc này, đề nghị báo Trưởng Công an xã.";
	if (status === 404)
		return "Chưa có gì thay đổi. Có thể người khác vừa chuyển hoặc xoá; đề nghị mở lại danh sách.";
	if (status === 409)
		return "Chưa có gì thay đổi. Có thể người khác vừa làm trước; đề nghị xem lại rồi thử lại.";
	if (status === 413)
		return "Nội dung đang nhập vẫn còn. Đề nghị rút ngắn rồi gửi lại.";
	if (status === 429)
		return retry ? `Đề nghị chờ ${retry} giây rồi thử lại.` : "Đề nghị chờ một lúc rồi thử lại.";
	if (status >= 500)
		return "Chưa lưu được gì mới; nội dung đang nhập vẫn còn. Đề nghị thử lại sau một phút; nếu vẫn lỗi, báo cán bộ tin học.";
	return "Chưa có gì thay đổi; nội dung đang nhập vẫn còn. Đề nghị sửa rồi gửi lại.";
}

function sentence(text: string): string {
	const trimmed = text.trim().replace(/[.;]$/, "");
	return trimmed ? `${trimmed[0]!.toUpperCase()}${trimmed.slice(1)}.` : "";
}

function failureOf(answer: Said): Failure {
	let said: { error?: string; message?: string; message_vi?: string } = {};
	try {
		said = JSON.parse(answer.text);
	} catch {
		// No JSON: not the API's own answer, so its number is all there is to say.
	}
	const message = sentence(said.message_vi ?? `Máy chủ trả lời lỗi ${answer.status}`);
	return new Failure(answer.status, said.error ?? "", message, advice(answer.status, answer.headers.get("Retry-After")),
		said.message ?? "");
}

interface Said {
	status: number;
	text: string;
	/** Instead of the text, when bytes were asked for and came. */
	data: ArrayBuffer | null;
	headers: Headers;
}

/** The whole answer within the time, not only its beginning. */
async function exchange(path: string, init: Asked, isBytes: boolean): Promise<Said> {
	const abort = new AbortController();
	const timer = setTimeout(() => abort.abort(), init.wait_ms ?? ASK_MS);
	try {
		const answer = await fetch(base + path, { ...init, credentials: "same-origin", cache: "no-store", signal: abort.signal });
		const data = isBytes && answer.ok ? await answer.arrayBuffer() : null;
		return { status: answer.status, text: data ? "" : await answer.text(), data, headers: answer.headers };
	} finally {
		clearTimeout(timer);
	}
}

async function askFor(path: string, init: Asked, isLogin: boolean, isBytes: boolean): Promise<Said> {
	let said: Said;
	try {
		said = await exchange(path, init, isBytes);
	} catch {
		onReached(false);
		throw new Failure(0, "UNREACHABLE", "Chưa nối được với máy Binhyen.", advice(0, null));
	}
	onReached(true);
	clockTold(said.headers.get("Date"));
	if (said.status >= 200 && said.status < 300)
		return said;
	if (said.status === 401 && !isLogin)
		onSessionEnd();
	throw failureOf(said);
}

async function ask(path: string, init: Asked, isLogin = false): Promise<string> {
	return (await askFor(path, init, isLogin, false)).text;
}

/** `isUnasked`: the page reads by itself what may have changed. That is no sign that somebody is at it: his session
 * ends in its time all the same. */
export async function get<T>(path: string, isUnasked = false): Promise<T> {
	return JSON.parse(await ask(path, isUnasked ? { headers: { "X-Binhyen-Unasked": "1" } } : {}));
}

/** A file as its bytes. */
export async function getBytes(path: string): Promise<ArrayBuffer> {
	return (await askFor(path, {}, false, true)).data!;
}

function posted(body: BodyInit, type: string): RequestInit {
	return { method: "POST", body, headers: { "Content-Type": type, "X-CSRF-Token": csrf } };
}

/** A change. `isLogin`: a 401 means a wrong passphrase or code and not an ended session. */
export async function post<T>(path: string, body: unknown = {}, isLogin = false): Promise<T> {
	return JSON.parse(await ask(path, posted(JSON.stringify(body), "application/json"), isLogin));
}

/** What answers with a table or another text. */
export async function postForText(path: string, body: unknown): Promise<string> {
	return ask(path, posted(JSON.stringify(body), "application/json"));
}

/** What the box itself has to ask elsewhere. */
export async function postFar<T>(path: string, body: unknown = {}): Promise<T> {
	const asked: Asked = { ...posted(JSON.stringify(body), "application/json"), wait_ms: FAR_MS };
	return JSON.parse(await ask(path, asked));
}

export async function postFile<T>(path: string, file: Blob, type = "application/octet-stream"): Promise<T> {
	return JSON.parse(await ask(path, posted(file, type)));
}

/** {n} of a path */
export function part(value: string | number): string {
	return encodeURIComponent(String(value));
}

export function failureOfUnknown(error: unknown): Failure {
	if (error instanceof Failure)
		return error;
	return new Failure(-1, "BUG", "Trang gặp lỗi.", "Nội dung đã lưu trên máy vẫn còn. Đề nghị tải lại trang; nếu vẫn lỗi, báo cán bộ tin học.");
}
