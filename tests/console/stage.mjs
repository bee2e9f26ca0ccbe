// SPDX-License-Identifier: GPL-2.0-or-later
// The commune and the browser of these tests: one stage.py, one Chromium, a context for each officer.
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const here = path.dirname(fileURLToPath(import.meta.url));
const console_dir = path.resolve(here, "../../console");
const require = createRequire(path.join(console_dir, "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const PATIENCE_MS = 120_000; // a loaded machine; what is waited for comes in a second on an idle one
export const PASSPHRASE = "bốn từ không liên quan";
const chromium_args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
	"--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Base 32 of RFC 4648, as authenticator apps know it. */
function secretBytes(text) {
	const bits = [...text].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
	return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

/** What the officer's phone shows (RFC 6238); step 1: the next one already, which the box takes as well. */
export function totp(secret, step = 0) {
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + step));
	const digest = createHmac("sha1", secretBytes(secret)).update(counter).digest();
	const word = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
	return String(word % 1_000_000).padStart(6, "0");
}

export class Stage {
	constructor(bin_dir, dist) {
		this.process = spawn("python3", ["-B", path.join(here, "stage.py"), bin_dir, dist],
			{ stdio: ["pipe", "pipe", "inherit"] });
		this.ended = new Promise((resolve) => this.process.on("exit", resolve));
		this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
		this.turn = Promise.resolve();
	}

	/** One after the other. */
	do(what, more = {}) {
		this.turn = this.turn.then(async () => {
			this.process.stdin.write(`${JSON.stringify({ do: what, ...more })}\n`);
			const line = await this.lines.next();
			const answer = line.done ? { ok: false, fault: "the stage has ended" } : JSON.parse(line.value);
			if (!answer.ok)
				throw new Error(`${what}: ${answer.fault}`);
			return answer;
		});
		return this.turn;
	}

	async open() {
		const { url, socket } = await this.do("where");
		this.url = url;
		this.socket = socket;
		this.browser = await chromium.launch({ executablePath: "/usr/bin/chromium", headless: true, args: chromium_args });
	}

	async close() {
		await this.browser?.close();
		this.process.stdin.end();
		return this.ended;
	}

	text(from, text) {
		return this.do("text", { from, text });
	}

	/** A browser of one's own, empty. Faults of the page fail the test that looks at `faults`. */
	async page(options = {}) {
		const context = await this.browser.newContext({ ignoreHTTPSErrors: true, locale: "vi-VN", reducedMotion: "reduce",
			viewport: { width: 1280, height: 800 }, ...options });
		context.setDefaultTimeout(PATIENCE_MS);
		const page = await context.newPage();
		page.faults = [];
		page.on("pageerror", (fault) => page.faults.push(String(fault)));
		// What the policy of the page forbids, and scripts that came from a resident.
		page.on("console", (line) => {
			if (/Content Security Policy|Refused to/.test(line.text()))
				page.faults.push(line.text());
		});
		page.on("dialog", (dialog) => {
			page.faults.push(`dialog: ${dialog.message()}`);
			void dialog.dismiss();
		});
		return page;
	}

	/** An officer whom the chief makes, who enrols on the page and is logged in there. */
	async officer(chief, login, role, options = {}, more = {}) {
		const { code } = await must(chief, "/officers", { login, name: `Cán bộ ${login}`, role, ...more });
		const page = await this.page(options);
		await page.goto(this.url);
		await page.getByRole("button", { name: "Có mã kích hoạt" }).click();
		await page.getByLabel("Tên đăng nhập").fill(login);
		await page.getByLabel("Mã kích hoạt").fill(code);
		await page.getByLabel("Cụm mật khẩu mới").fill(PASSPHRASE);
		await page.getByLabel("Nhập lại cụm mật khẩu").fill(PASSPHRASE);
		await page.getByRole("button", { name: "Tiếp tục" }).click();
		page.secret = await enrolPhone(page);
		await page.getByRole("heading", { name: "Hôm nay" }).waitFor();
		return page;
	}
}

/** What the officer of that page may ask of the API; POST when there is a body. {status, body} */
export function ask(page, at, body) {
	return page.evaluate(async ([at, body]) => {
		const me = await (await fetch("/api/v1/me")).json();
		const answer = await fetch(`/api/v1${at}`, body === undefined ? {} : { method: "POST", body: JSON.stringify(body),
			headers: { "Content-Type": "application/json", "X-CSRF-Token": me.csrf } });
		return { status: answer.status, body: await answer.json() };
	}, [at, body]);
}

export async function must(page, at, body) {
	const answer = await ask(page, at, body);
	if (answer.status !== 200)
		throw new Error(`${at}: ${answer.status} ${JSON.stringify(answer.body)}`);
	return answer.body;
}

const routes = Object.entries(JSON.parse(readFileSync(path.resolve(here, "../../daemon/http/openapi.json"), "utf8")).paths)
	.filter(([at]) => at.startsWith("/api/v1/"))
	.flatMap(([at, methods]) => Object.entries(methods).map(([method, { "x-roles": roles }]) => [method.toUpperCase(), at.replaceAll(/\{\w+\}/g, "1"), roles]));

/** Every route of the API as the officer of that page: those where he is let through and should not be, or the other way
 * round. A body that is no object passes the rights and nothing else. */
export async function wrongRoutes(page) {
	const { role, answers } = await page.evaluate(async (routes) => {
		const me = await (await fetch("/api/v1/me")).json();
		const answers = [];
		for (const [method, at] of routes) {
			const leave = new AbortController();
			const answer = await fetch(at, method === "GET" ? { signal: leave.signal }
				: { method, body: "[]", headers: { "Content-Type": "application/json", "X-CSRF-Token": me.csrf } });
			const said = answer.status === 403 ? (await answer.json()).message : "";
			leave.abort(); // a stream never ends, and no table is read
			answers.push([answer.status, said]);
		}
		return { role: me.officer.role, answers };
	}, routes);
	const isLet = ([status, said]) => status !== 401 && !(status === 403 && said.startsWith("this is not for your role"));
	return routes.map(([method, at, roles], i) => [method, at, ...answers[i], roles.includes(role) || roles.includes("anybody")])
		.filter(([, , status, said, may]) => isLet([status, said]) !== may);
}

/** Scans the code on the page and shows its number; the secret. */
export async function enrolPhone(page) {
	await page.getByText("Không quét được").click();
	const secret = (await page.locator("code.secret").textContent()).replace(/\s/g, "");
	await page.getByLabel("Mã 6 số").fill(totp(secret));
	await page.getByRole("button", { name: "Xác nhận" }).click();
	return secret;
}

/** What axe-core finds wrong by WCAG 2.2 A and AA; [] is good. Run from outside the page, whose policy forbids scripts of others. */
export async function violations(page) {
	if (!await page.evaluate(() => Boolean(globalThis.axe)))
		await page.evaluate(axe);
	const found = await page.evaluate(() => globalThis.axe.run(document,
		{ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"] }));
	return found.violations.map((one) => `${one.id}: ${one.help} at ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`);
}
