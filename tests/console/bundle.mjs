// SPDX-License-Identifier: GPL-2.0-or-later
// What the page is made of: small, nothing inline, nothing from elsewhere; and the parts that need no browser.
//
//     node bundle.mjs CONSOLE_DIST
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const dist = process.argv[2];
const console_dir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../console");
const { build } = createRequire(path.join(console_dir, "package.json"))("esbuild");
const assets = readdirSync(path.join(dist, "assets")).filter((name) => !name.endsWith(".gz"));
const BUNDLE_MAX = 200_000; // bytes, compressed: a second on a poor mobile network

/** One source file with what it imports. */
async function load(name) {
	const made = await build({ entryPoints: [path.join(console_dir, "src", name)], bundle: true, format: "esm", write: false,
		jsx: "automatic", jsxImportSource: "preact" });
	return import(`data:text/javascript;base64,${Buffer.from(made.outputFiles[0].contents).toString("base64")}`);
}

test("all files together stay small, and are named by what they hold", () => {
	assert.equal(assets.length, 2, "one script, one style sheet");
	let bytes = 0;
	for (const name of ["index.html", ...assets.map((one) => `assets/${one}`)]) {
		assert.match(name, /^(index.html|assets\/(console|style)-[A-Z0-9]{8}\.(js|css))$/);
		const packed = readFileSync(path.join(dist, `${name}.gz`));
		assert.deepEqual(gunzipSync(packed), readFileSync(path.join(dist, name)), name);
		bytes += packed.length;
	}
	console.log(`# ${bytes} bytes compressed`);
	assert.ok(bytes <= BUNDLE_MAX, `${bytes} bytes`);
});

test("nothing is inline and nothing comes from elsewhere", () => {
	const page = readFileSync(path.join(dist, "index.html"), "utf8");
	assert.doesNotMatch(page, /<style|style=|\son\w+=|javascript:/i);
	for (const [tag] of page.matchAll(/<script[^>]*>/g))
		assert.match(tag, /src="assets\//);
	for (const name of assets) {
		const text = readFileSync(path.join(dist, "assets", name), "utf8");
		const addresses = [...text.matchAll(/https?:\/\/[\w.-]+/g)].map(([address]) => address);
		// Names of XML's vocabularies, which nobody fetches.
		assert.deepEqual(addresses.filter((address) => !address.endsWith("//www.w3.org")), [], name);
		assert.doesNotMatch(text, /localStorage|\beval\(|new Function\(/, name);
	}
});

test("the lock file names no registry", () => {
	assert.doesNotMatch(readFileSync(path.join(console_dir, "package-lock.json"), "utf8"), /"resolved"|registry\./);
});

test("a QR code is what readers know", async () => {
	const { qr } = await load("qr.ts");
	const digest = (text) => createHash("sha256").update(qr(text).map((row) => row.map(Number).join("")).join("\n")).digest("hex");
	// Drawn once and read by zbarimg: versions 6, 8 and 10; from 7 on a code tells its version, from 10 on in longer lengths.
	const uri = "otpauth://totp/Binhyen:truong.ca?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Binhyen&digits=6&period=30";
	assert.equal(qr(uri).length, 41);
	assert.equal(digest(uri), "3bb29e1c51ea5bec113a1036ae2e465e44c48e31b6128a7fb5fc908ecd65fcd8");
	assert.equal(digest("4".repeat(124)), "d537702966c2b3d5eb1ac74b42a9de6523f97558b37ef27dbeb95cc0fd1ffd9a");
	assert.equal(digest("x".repeat(200)), "64e9db0f7dcfa486be63739a1efef2c8324387cf233f7686c75d9b4e079a8873");
	assert.throws(() => qr("x".repeat(300)), RangeError);
});

test("times are said as people say them, in the time of Vietnam", async () => {
	const { clockTold, left, now, span, when } = await load("time.ts");
	clockTold("Sun, 22 Nov 2026 17:30:00 GMT"); // half past midnight of the 23rd in Vietnam
	assert.ok(Math.abs(now() - Date.UTC(2026, 10, 22, 17, 30)) < 60_000);
	assert.equal(when("2026-11-23T00:05:00+07:00"), "hôm nay 00:05");
	assert.equal(when("2026-11-22T23:59:00+07:00"), "hôm qua 23:59");
	assert.equal(when("2026-11-24T08:00:00+07:00"), "ngày mai 08:00");
	assert.equal(when("2026-11-03T14:05:00+07:00"), "03/11 14:05");
	assert.equal(when("2025-11-03T14:05:00+07:00"), "03/11/2025 14:05");
	assert.equal(when(null), "chưa rõ");
	assert.equal(left(3900), "còn 1 giờ 5 phút");
	assert.equal(left(-2 * 86_400), "trễ 2 ngày");
	assert.equal(span(20), "chưa đến 1 phút");
});

test("a number is written with dots, a size in words", async () => {
	const { bytes, dong, figure } = await load("figure.ts");
	assert.equal(figure(1234567), "1.234.567");
	assert.equal(bytes(1_500_000), "1,5 MB");
	assert.equal(dong(350_000), "350.000 đồng");
});

test("the next step is the first thing that is missing", async () => {
	const { nextStep } = await load("report/next.tsx");
	const report = { report: "2026-1", state: "open", merged_into: null, secrecy: null };
	const law = { class: null, clocks: [], outcomes: [] };
	assert.equal(nextStep(report, law), "Phân loại theo luật.");
	assert.equal(nextStep(report, { ...law, class: "tin_bao" }), "Trả lời người gửi.");
	assert.equal(nextStep({ ...report, state: "answered" }, { ...law, class: "tin_bao" }), "Ghi kết quả giải quyết.");
	assert.match(nextStep({ ...report, merged_into: "2026-2" }, law), /ghép vào tin 2026-2/);
	assert.match(nextStep({ ...report, secrecy: { offline: "2026-11-22T10:00:00+07:00" } }, law), /bản giấy/);
});

test("other words for a bulletin: what they save or cost, in one sentence", async () => {
	const { compared } = await load("bulletin/wording.tsx");
	const one = { segments: 1, cost: 350 };
	assert.equal(compared(one, one), "Hai lời tốn như nhau.");
	assert.equal(compared({ segments: 3, cost: 1050 }, one), "Lời khác bớt được 2 phần mỗi tin, 700 đồng.");
	assert.equal(compared(one, { segments: 2, cost: null }), "Lời khác tốn thêm 1 phần mỗi tin.");
});

test("of the settings only what was changed is sent, numbers as numbers", async () => {
	const { changesOf, valueWords } = await load("machine/settings.tsx");
	const first = { name: "duty.climb_first_s", type: "integer", value: 120, unit: "giây", choices: [] };
	const words = { name: "service.hours", type: "string", value: "", unit: "", choices: [] };
	assert.deepEqual(changesOf([first, words], {}), {});
	assert.deepEqual(changesOf([first, words], { "duty.climb_first_s": "120", "service.hours": "" }), {});
	assert.deepEqual(changesOf([first, words], { "duty.climb_first_s": " 90", "service.hours": "7h-17h" }),
		{ "duty.climb_first_s": 90, "service.hours": "7h-17h" });
	assert.equal(valueWords(first, 1200), "1.200 giây");
	assert.equal(valueWords(words, ""), "không đặt");
});

test("what went with a closed place is told, and nothing else", async () => {
	const { closedWords } = await load("people/words.ts");
	const none = { into: null, residents: 0, reports: 0, officers: 0, places: 0, enrolments: 0 };
	assert.equal(closedWords(none), "Không có gì phải chuyển.");
	assert.equal(closedWords({ ...none, into: "thon-1", residents: 1200, reports: 2 }), "Đã chuyển: 1.200 người, 2 tin chưa xong.");
});
