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
const root = path.resolve(console_dir, "..");
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

/** The daemon's own text, file by file, and the tables of what the store calls things. */
const sources = ["daemon", "store"].flatMap((folder) => readdirSync(path.join(root, folder), { recursive: true })
	.filter((name) => /\.[ch]$/.test(name)).map((name) => ({ name: `${folder}/${name}`, text: readFileSync(path.join(root, folder, name), "utf8") })));
const code = sources.filter(({ name }) => name.endsWith(".c"));
const allOf = (pattern, files = code) => [...new Set(files.flatMap(({ text }) => [...text.matchAll(pattern)].map((found) => found[1])))];
const ofFile = (pattern) => sources.filter(({ name }) => pattern.test(name));

/** Columns whose name is what seals their bytes, which looks like the kind of an event. */
function sealed() {
	const folder = path.join(root, "store/schema");
	const schema = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), "utf8")).join("\n");
	return (name) => {
		const [table, column] = name.split(".");
		return new RegExp(`(?:CREATE TABLE|ALTER TABLE) ${table}\\b[^;]*\\b${column}\\b`).test(schema);
	};
}

test("every event that the box writes down has its words", async () => {
	const { kindWords, subjects } = await load("machine/events.ts");
	const isSealed = sealed();
	const others = ["index.html", "law.calendar", "event.head", "backup.pages", "backup.key"];
	const kinds = [...allOf(/"([a-z_]+\.[a-z_]+)"/g).filter((name) => !isSealed(name) && !others.includes(name)),
		...allOf(/event_add\(\s*[^,]+,\s*"([a-z_.]+)"/g), ...allOf(/\bnote\(req, "([a-z_.]+)"/g)];
	// Kinds that are put together: how, and where the second half comes from.
	const halves = {
		bulletin: [...allOf(/(?:write_event|bulletin_note)\(\s*desk,\s*"([a-z_]+)"/g, ofFile(/desk\/bulletin/)),
			...allOf(/\bact\(desk, id, \w+, "([a-z_]+)"/g, ofFile(/desk\/bulletin/)),
			...allOf(/X\([A-Z]+, "([a-z]+)"/g, [{ text: /BULLETIN_VERDICT_TABLE(?:.|\n)*?#define X/.exec(ofFile(/store\/bulletin\.h/)[0].text)[0] }])],
		clock: allOf(/finish_act\(desk, &act, "([a-z_]+)"/g),
		group: allOf(/X\([A-Z_]+, "([a-z_]+)"/g, [{ text: /GROUP_ACT_KIND_TABLE(?:.|\n)*?#define X/.exec(ofFile(/store\/group_act\.h/)[0].text)[0] }]),
		poll: allOf(/\bnote\(desk, "([a-z_]+)"/g, ofFile(/desk\/poll/)),
	};
	assert.deepEqual(allOf(/snprintf\((?:kind|name|event), sizeof\(\w+\), "([a-z_]+)\.%s"/g).sort(), Object.keys(halves));
	for (const [first, seconds] of Object.entries(halves)) {
		assert.ok(seconds.length >= 3, first);
		kinds.push(...seconds.map((second) => `${first}.${second}`));
	}
	assert.ok(kinds.length > 150, `${kinds.length} kinds found`);
	assert.deepEqual(kinds.filter((kind) => kindWords(kind) === kind), [], "each needs words in events.ts, or is no event: name it above");
	const about = allOf(/snprintf\(subject, sizeof\(subject\), "([a-z_]+)\//g);
	assert.ok(about.length > 10);
	assert.deepEqual(about.filter((kind) => !subjects[kind]), []);
});

test("every fact of an event has its words", async () => {
	const { factWords, facts } = await load("machine/facts.ts");
	// What goes to open pages is no event of the log.
	const files = code.filter(({ name }) => !name.endsWith("/stream.c") && !name.includes("/ctl/"));
	const statements = files.flatMap(({ text }) => [...text.matchAll(/(?:snprintf\(data,|&data,|event_add\()[^;]*;/g)].map(([all]) => all));
	const names = [...new Set(statements.flatMap((one) => [...one.matchAll(/\\"([a-z_]+)\\":/g)].map(([, name]) => name)))];
	names.push(...allOf(/\b(?:desk_event|desk_event_word|alarm_event|add_event|note|bulletin_note)\([^;]*?,\s*"([a-z_]+)",\s*[^,;"]+\);/g));
	assert.ok(names.length > 50, `${names.length} names found`);
	assert.deepEqual([...new Set(names)].filter((name) => !facts[name] && name !== "user_id"), [], "each needs words in facts.ts");
	const errors = allOf(/X\(([A-Z_]+), [A-Z_]+, "/g, ofFile(/base\/err\.h/));
	assert.ok(errors.length > 20);
	const asIs = (_, key) => key;
	const copying = allOf(/X\([A-Z_]+, "([a-z_]+)", "/g, ofFile(/store\/backup\.h/)).filter((name) => name !== "none");
	assert.deepEqual(copying.filter((name) => factWords({ fault: name }, "backup.failed", asIs) === `lỗi: ${name}`), []);
	assert.deepEqual(errors.filter((name) => factWords({ error: name }, "outbox.given_up", asIs) === `lỗi: ${name}`), []);
	assert.equal(factWords({ number: 12, nobody_knows: 1 }, "report.received", asIs), "số: 12");
	assert.equal(factWords({ from: 3, to: 4, open: 1200 }, "place.officer", (what, key) => `${what} ${key}`),
		"từ: officer 3; đến: officer 4; tin chưa xong: 1.200");
	assert.equal(factWords("{", "report.received", asIs), "dòng này bị hỏng");
});

test("whatever can fail on a page says so there", async () => {
	const folder = path.join(console_dir, "src");
	const dropped = [];
	for (const name of readdirSync(folder, { recursive: true }).filter((one) => one.endsWith(".tsx"))) {
		const text = readFileSync(path.join(folder, name), "utf8");
		for (const [all, into] of text.matchAll(/const (\{[^}]*\}|\w+) = use(?:Load|List|Pages|Places|Act)\b[^.\n]*(?:\)\.\w+)?/g)) {
			const shows = [`failure={${into}.failure`, `act={${into}}`, `${into}.failure}`];
			if (into.startsWith("{") ? !/\bfailure\b/.test(into) : /\)\.data/.test(all) || !shows.some((one) => text.includes(one)))
				dropped.push(`${name}: ${all}`);
		}
	}
	assert.deepEqual(dropped, []);
	const { isToTell } = await load("aside.tsx");
	assert.deepEqual([0, 400, 401, 403, 429, 500, 503].filter((status) => isToTell({ status })), [400, 429, 500, 503]);
	assert.ok(!isToTell(null));
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

test("how the copies stand is one sentence, and a size is exact only for who looks after the machine", async () => {
	const { sizeWords, stateWords } = await load("machine/backups.tsx");
	assert.equal(sizeWords(1_250_000, true), "1,3 MB");
	assert.equal(sizeWords(67_108_864, false), "dưới 67,1 MB");
	assert.equal(stateWords({ last_good_at: null }), "Chưa có bản sao lưu nào.");
	assert.equal(stateWords({ last_good_at: "2025-11-03T02:00:00+07:00" }), "Bản tốt gần nhất: 03/11/2025 02:00.");
	assert.equal(stateWords({ last_good_at: null, last_failed_at: "2025-11-03T02:00:00+07:00", last_error_vi: "đĩa đầy" }),
		"Lần sao lưu 03/11/2025 02:00 không được: đĩa đầy. Chưa có bản sao lưu nào.");
});

test("an answer says by what it leaves, and when its marks went", async () => {
	const { sentBy } = await load("report/dialogue.tsx");
	assert.equal(sentBy({ channel: "modem", text: "Can bo dang den" }), "bằng SMS, không dấu");
	assert.equal(sentBy({ channel: "http_sms", text: "Cán bộ đang đến".normalize("NFD") }), "bằng SMS qua tổng đài");
	assert.equal(sentBy({ channel: "zalo_user", text: "OK" }), "bằng Zalo");
	assert.equal(sentBy({ channel: null, text: "x" }), "");
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
