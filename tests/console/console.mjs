// SPDX-License-Identifier: GPL-2.0-or-later
// The officers' page in a real browser, before the real binhyend.
//
//     node console.mjs BIN_DIR CONSOLE_DIST [FOLDER FOR SCREENSHOTS]
//
// The tests build on each other, as the days of an office do: the first start, a report at night, two officers.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, test as testOf } from "node:test";
import { fullTests } from "./full.mjs";
import { machineTests, tamperTests } from "./machine.mjs";
import { peopleTests } from "./people.mjs";
import { serviceTests } from "./service.mjs";
import { setupTests } from "./setup.mjs";
import { ask, enrolPhone, must, PASSPHRASE, Stage, totp, violations, wrongRoutes } from "./stage.mjs";
import { workTests } from "./work.mjs";

const [bin_dir, dist, pictures = "console-pictures"] = process.argv.slice(2);
const RESIDENT = "+84900000012";
const isFull = Boolean(process.env.BINHYEN_FULL);
const FRAMES = isFull ? Infinity : 20; // of scrolling through a long list
const SCRIPT = `<script>alert("x")</script><img src=x onerror=alert(1)> chay nha ap 3`;

const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=", "base64");

let stage, chief, duty;

/** One that failed leaves the office in a state that the next does not know: it says so and does not wait in vain. */
let failed = "";
function test(name, body) {
	testOf(name, async () => {
		assert.equal(failed, "", "an earlier test failed");
		failed = name;
		try {
			await body();
		} catch (fault) {
			for (const [who, page] of Object.entries({ chief, duty }))
				if (page)
					await picture(page, `failed-${who}`);
			throw fault;
		}
		failed = "";
	});
}

const picture = (page, name, options = {}) => page.screenshot({ path: `${pictures}/${name}.png`, ...options });

/** Nothing was thrown, no policy broken, no script of a resident run; and axe finds nothing. */
async function isSound(page, what) {
	assert.deepEqual(page.faults, [], what);
	assert.deepEqual(await violations(page), [], what);
}

/** Through the address, as a bookmark leads there. */
async function goTo(page, at, heading) {
	await page.goto(`${stage.url}#/${at}`);
	await page.getByRole("heading", { level: 1, name: heading }).waitFor();
}

before(async () => {
	mkdirSync(pictures, { recursive: true });
	stage = new Stage(bin_dir, dist);
	await stage.open();
});

after(async () => {
	assert.equal(await stage.close(), 0, "the stage ended in order");
});

test("the first start makes the chief and shows the words for the safe once", async () => {
	chief = await stage.page();
	await chief.goto(stage.url);
	await chief.getByLabel("Mã thiết lập").waitFor();
	await isSound(chief, "setup");
	await picture(chief, "setup");
	const fill = async (code) => {
		await chief.getByLabel("Mã thiết lập").fill(code);
		await chief.getByLabel("Họ tên, chức vụ").fill("Trưởng Công an xã");
		await chief.getByLabel("Tên đăng nhập").fill("truong.ca");
		await chief.getByLabel("Cụm mật khẩu mới").fill(PASSPHRASE);
	};
	await fill("AAAA-BBBB-CCCC");
	await chief.getByLabel("Nhập lại").fill("khác");
	assert.ok(await chief.getByRole("button", { name: "Tiếp tục" }).isDisabled(), "two different passphrases");
	await chief.getByLabel("Nhập lại").fill(PASSPHRASE);
	const { code } = await stage.do("code");
	await chief.getByRole("button", { name: "Tiếp tục" }).click();
	await chief.getByRole("alert").waitFor();
	await fill(code);
	await chief.getByRole("button", { name: "Tiếp tục" }).click();
	await chief.getByRole("img", { name: "Mã QR" }).waitFor();
	await isSound(chief, "the code for the phone");
	chief.secret = await enrolPhone(chief);
	await chief.getByText("Chỉ hiện một lần, tại đây").waitFor();
	chief.words = await chief.locator(".escrow li").allTextContents();
	assert.equal(chief.words.length, 15);
	await isSound(chief, "escrow words");
	assert.ok(await chief.getByRole("button", { name: "Tiếp tục thiết lập" }).isDisabled());
	await chief.getByLabel("Tôi đã in").check();
	await chief.getByRole("button", { name: "Tiếp tục thiết lập" }).click();
	await chief.getByRole("heading", { level: 1, name: "Thiết lập" }).waitFor();
});

const office = {
	get stage() { return stage; },
	get chief() { return chief; },
	get duty() { return duty; },
	goTo, isSound, picture,
};

setupTests(test, office);

test("a logged-in officer comes back, a wrong code does not get in, a right one does", async () => {
	await chief.reload();
	await chief.getByRole("heading", { name: "Hôm nay" }).waitFor();
	await chief.getByRole("button", { name: "Đăng xuất" }).click();
	await chief.getByRole("heading", { name: "Đăng nhập" }).waitFor();
	await isSound(chief, "login");
	await picture(chief, "login");
	await chief.getByLabel("Tên đăng nhập").fill("truong.ca");
	await chief.getByLabel("Cụm mật khẩu").fill(PASSPHRASE);
	await chief.getByLabel("Mã 6 số").fill("000000");
	await chief.getByRole("button", { name: "Đăng nhập" }).click();
	await chief.getByRole("alert").waitFor();
	await chief.getByLabel("Mã 6 số").fill(totp(chief.secret, 1));
	await chief.getByRole("button", { name: "Đăng nhập" }).click();
	await chief.getByRole("heading", { name: "Hôm nay" }).waitFor();
});

test("a report at night: seen without a reload, taken, classified, answered, and what a resident writes is text", async () => {
	duty = await stage.officer(chief, "truc.ban", "duty");
	await duty.getByText("Không còn tin nào chờ trả lời.").waitFor();
	await stage.text(RESIDENT, SCRIPT);
	await duty.getByRole("link", { name: /\d{4}-\d+/ }).first().waitFor();
	await duty.getByRole("button", { name: "Nhận việc" }).first().waitFor();
	await isSound(duty, "today with an alarm");
	await duty.getByRole("button", { name: "Nhận việc" }).first().click();
	await duty.getByRole("heading", { name: "Báo động" }).waitFor({ state: "detached" });
	await duty.locator("a.row").first().click();
	await duty.getByRole("heading", { name: /Tin số/ }).waitFor();
	await duty.getByText(SCRIPT, { exact: true }).waitFor();
	assert.equal(await duty.locator(".dialogue script, .dialogue img").count(), 0);
	await duty.getByLabel("Loại theo luật", { exact: true }).selectOption("tin_bao");
	await duty.getByRole("button", { name: "Phân loại" }).click();
	await duty.getByText("Tin báo về tội phạm").first().waitFor();
	await duty.getByLabel("Mẫu câu").selectOption("coming");
	await duty.getByRole("button", { name: "Gửi trả lời" }).click();
	await duty.getByText("Đã lưu câu trả lời và đang gửi.").waitFor();
	await stage.do("told", { to: RESIDENT, contains: "dang den" });
	await duty.locator(".sent.SENT, .sent.DELIVERED").first().waitFor();
	await isSound(duty, "a report");
	await picture(duty, "report");
});

test("two officers on one report see what the other does, and neither loses what he writes", async () => {
	await goTo(chief, "tin", "Tin báo");
	await chief.locator(".rows.tall a").first().click();
	await chief.getByLabel("Nội dung trả lời").fill("Trưởng đang viết dở");
	await duty.getByLabel("Nội dung trả lời").fill("Cán bộ đã đến nơi, ông bà yên tâm");
	await duty.getByRole("button", { name: "Gửi trả lời" }).click();
	await chief.locator(".entry.answer").getByText("Cán bộ đã đến nơi", { exact: false }).waitFor();
	assert.equal(await chief.getByLabel("Nội dung trả lời").inputValue(), "Trưởng đang viết dở");
	await chief.reload();
	await chief.locator(".entry.answer").first().waitFor();
	assert.equal(await chief.getByLabel("Nội dung trả lời").inputValue(), "Trưởng đang viết dở", "after a reload");
	assert.equal(await chief.evaluate(() => localStorage.length), 0, "nothing stays on the machine");
});

test("the session ends while an officer writes: he logs in again and goes on", async () => {
	await chief.getByLabel("Nội dung trả lời").fill("Câu trả lời dài chưa gửi");
	await duty.getByLabel("Nội dung trả lời").fill("Đang viết thì hết phiên");
	await must(chief, "/officers/truc.ban/state", { do: "lock" });
	await duty.getByRole("heading", { name: "Phiên làm việc đã hết" }).waitFor();
	await isSound(duty, "an ended session");
	await must(chief, "/officers/truc.ban/state", { do: "unlock" });
	await duty.getByRole("dialog").getByLabel("Cụm mật khẩu").fill(PASSPHRASE);
	await duty.getByLabel("Mã 6 số").fill(totp(duty.secret, 1));
	await duty.getByRole("button", { name: "Đăng nhập", exact: true }).click();
	await duty.getByRole("dialog").waitFor({ state: "detached" });
	assert.equal(await duty.getByLabel("Nội dung trả lời").inputValue(), "Đang viết thì hết phiên");
	await duty.getByRole("button", { name: "Gửi trả lời" }).click();
	await duty.locator(".entry.answer").getByText("Đang viết thì hết phiên").waitFor();
});

test("who sent a report: only with a reason, and it is on the page alone", async () => {
	await duty.getByText("Xem danh tính người gửi").click();
	const ask_reason = duty.getByRole("form", { name: "Xem danh tính người gửi" });
	await ask_reason.getByLabel("Lý do").fill("ngắn");
	assert.ok(await ask_reason.getByRole("button").isDisabled());
	await ask_reason.getByLabel("Lý do").fill("Cần gọi lại hỏi vị trí đám cháy");
	await ask_reason.getByRole("button").click();
	await duty.getByText(RESIDENT).waitFor();
	assert.ok(!(await duty.evaluate(() => JSON.stringify({ ...sessionStorage }))).includes("90000012"));
	await duty.getByRole("button", { name: "Ẩn ngay" }).click();
	await duty.getByText(RESIDENT).waitFor({ state: "detached" });
});

test("bad input is told beside the button, with what was kept and what to do", async () => {
	await duty.getByText("Tin liên quan").click();
	await duty.getByLabel("Số của tin kia").fill("9999");
	await duty.getByRole("button", { name: "Nối hai tin" }).click();
	await duty.getByRole("alert").getByText("Chưa có gì thay đổi").waitFor();
	assert.equal(await duty.getByLabel("Số của tin kia").inputValue(), "9999");
	await goTo(duty, "tin/2026-999", /Tin số/);
	await duty.getByRole("alert").getByText("Không có tin 2026-999.").waitFor();
	await goTo(duty, `tin/${encodeURIComponent(SCRIPT)}`, /Tin số/); // what an address says is text
	await duty.getByRole("alert").first().waitFor();
	assert.equal(await duty.locator("main :is(script, img)").count(), 0);
	await goTo(duty, "khong-co", "Hôm nay");
	await goTo(duty, "tin/ghi-moi", "Ghi tin mới");
	await duty.getByLabel("Nội dung", { exact: true }).fill("Khách đến báo mất ví");
	await duty.getByLabel("Số điện thoại").fill("không phải số");
	await duty.getByRole("button", { name: "Ghi vào sổ" }).click();
	await duty.getByRole("alert").waitFor();
	await isSound(duty, "a new report");
	await duty.getByLabel("Số điện thoại").fill("");
	await duty.getByRole("button", { name: "Ghi vào sổ" }).click();
	await duty.getByText("Khách đến báo mất ví").waitFor();
	await duty.getByText("Trình báo trực tiếp").waitFor();
});

test("a bulletin: written by one, answered for, approved by another, followed and recalled", async () => {
	await must(chief, "/places", { code: "thon-1", name: "Thôn 1", kind: "hamlet", parent: "" });
	await must(chief, "/residents", { rows: [{ phone: RESIDENT, name: "Chủ hộ 12", place: "thon-1", role: "member" }] });
	await goTo(duty, "ban-tin", "Bản tin");
	await duty.getByRole("link", { name: "Soạn bản tin" }).click();
	await duty.getByLabel("Loại bản tin").selectOption("fraud");
	await duty.getByLabel("Gửi cho", { exact: true }).selectOption("places");
	await duty.getByLabel("Thôn 1").check();
	await duty.getByLabel("Tiêu đề", { exact: true }).fill("Cảnh báo lừa đảo");
	await duty.getByLabel("Nội dung", { exact: true }).fill("Có người giả danh công an gọi điện. Xin gọi trực ban 0900009009.");
	await duty.getByText(/^SMS: \d phần/).waitFor();
	await isSound(duty, "the editor");
	await duty.reload();
	assert.equal(await duty.getByLabel("Tiêu đề", { exact: true }).inputValue(), "Cảnh báo lừa đảo", "after a reload");
	assert.ok(await duty.getByLabel("Thôn 1").isChecked(), "and for whom it is");
	await duty.getByRole("button", { name: "Lưu bản nháp" }).click();
	await duty.getByRole("heading", { level: 1, name: "Cảnh báo lừa đảo" }).waitFor();
	assert.ok(await duty.getByRole("button", { name: "Trình duyệt" }).isDisabled(), "the screen is not answered");
	for (const left of [1, 0]) {
		await duty.getByLabel("Vì sao được để lại").first().fill("Số trực ban của Công an xã");
		await duty.getByRole("button", { name: "Giữ lại" }).first().click();
		await duty.getByText(/truc.ban giải thích/).nth(1 - left).waitFor();
	}
	// Other words for the text message stand beside the written ones, and are taken over only on demand.
	await duty.getByText("Thử lời khác cho SMS", { exact: true }).click();
	await duty.getByLabel("Lời khác", { exact: true }).fill(`Canh bao lua dao. ${"Xin ba con canh giac. ".repeat(8)}`);
	await duty.getByRole("button", { name: "So với lời đã soạn" }).click();
	const beside = duty.getByRole("region", { name: "Lời đã soạn và lời khác" });
	await beside.getByRole("cell", { name: /^Canh bao lua dao\. Xin ba con/ }).waitFor();
	await duty.getByText(/^Lời khác tốn thêm 1 phần mỗi tin/).waitFor();
	await isSound(duty, "a draft");
	await picture(duty, "bulletin");
	await duty.getByRole("button", { name: "Trình duyệt" }).click();
	await duty.getByText("người soạn, người trình không tự duyệt").waitFor();
	await goTo(chief, "ban-tin", "Bản tin");
	await chief.getByRole("link", { name: /Cảnh báo lừa đảo/ }).click();
	assert.ok(await chief.getByRole("button", { name: "Duyệt và gửi" }).isDisabled(), "not read yet");
	await chief.getByLabel(/Tôi đã đọc phiên bản 1/).check();
	await chief.getByRole("button", { name: "Duyệt và gửi" }).click();
	await chief.getByRole("heading", { name: "Đã đến đâu" }).waitFor();
	await chief.getByRole("link", { name: "Soạn đính chính" }).waitFor();
	// An emergency that cannot go out, because the network is away, is stopped.
	await stage.do("network", { state: "searching" });
	const { id } = await must(duty, "/bulletins", { category: "disaster", title: "Lũ về", text: "Xin lên chỗ cao ngay.",
		audience: { all: true } });
	await must(duty, `/bulletins/${id}/submit`, {});
	await goTo(chief, `ban-tin/${id}`, "Lũ về");
	await chief.getByLabel(/Tôi đã đọc phiên bản 1/).check();
	await chief.getByRole("button", { name: "Duyệt và gửi" }).click();
	await chief.getByRole("button", { name: "Tạm ngừng gửi" }).click();
	await chief.getByRole("button", { name: "Gửi tiếp" }).click();
	await chief.getByRole("button", { name: "Tạm ngừng gửi" }).waitFor();
	await chief.getByText("Thu hồi", { exact: true }).click();
	await chief.getByLabel("Lý do").fill("Nước đã rút hết rồi");
	await chief.getByRole("button", { name: "Ngừng gửi và thu hồi" }).click();
	await chief.getByRole("link", { name: "Báo cho người đã nhận" }).waitFor();
	await stage.do("network", { state: "home" });
	await isSound(chief, "a recalled bulletin");
	// A correction goes to exactly those whom it reached, and a picture may go with it.
	await goTo(chief, "ban-tin/soan/dinh-chinh/1", "Soạn bản tin");
	assert.equal(await chief.getByLabel("Gửi cho", { exact: true }).inputValue(), "reached");
	await chief.getByLabel("Loại bản tin").selectOption("fraud");
	await chief.getByLabel("Tiêu đề", { exact: true }).fill("Đính chính cảnh báo");
	await chief.getByLabel("Nội dung", { exact: true }).fill("Số gọi đến không phải của Công an xã.");
	const [year, month, date] = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10).split("-");
	await chief.getByLabel("Bắt đầu gửi").fill(`${date}/${month}/${year} 7h30`);
	await chief.getByRole("button", { name: "Lưu bản nháp" }).click();
	await chief.getByRole("definition").getByText("đúng những người đã nhận bản tin 1").waitFor();
	await chief.getByRole("definition").getByText(new RegExp(`${date}/${month}(/${year})? 07:30`)).waitFor();
	await chief.getByLabel("Chọn tệp").setInputFiles({ name: "anh.png", mimeType: "image/png", buffer: PNG });
	await chief.getByRole("link", { name: "anh.png" }).waitFor();
	await isSound(chief, "a correction");
});

peopleTests(test, office);
workTests(test, office);
serviceTests(test, office);
machineTests(test, office);

/** In the page: the API's list of reports becomes one of ten thousand. */
function tenThousand() {
	const row = (n) => ({ id: n, report: `2026-${n}`, sight: "words", book: "", year: 2026, number: n, code: `M${n}`,
		state: n % 5 ? "closed" : "open", source: "modem", category: "order", urgency: n % 50 ? "normal" : "danger",
		decided: null, hamlet: n % 2 ? "thon1" : "thon2", received: new Date(1.79e12 + n * 6e4).toISOString(), heard: null,
		sent: null, from: "người gửi #1", receiver: "", is_incomplete: false, is_quiet: false, is_anonymous: false,
		is_merged: false });
	const ask = globalThis.fetch;
	globalThis.asked = 0;
	globalThis.fetch = async (url, init) => {
		if (!String(url).startsWith("/api/v1/reports?"))
			return ask(url, init);
		const asked = new URLSearchParams(String(url).split("?")[1]);
		const older = asked.get("before");
		globalThis.asked += older === null ? 0 : 1;
		const fits = (one) => ["state", "urgency", "category", "hamlet"].every((name) => !asked.get(name) || one[name] === asked.get(name));
		const reports = [];
		let last = Number(older ?? 10_001);
		// As the box does: one call looks at so many and no more.
		for (let looked = 0; last > 1 && looked < 2000 && reports.length < 200; looked++) {
			const one = row(--last);
			if (fits(one))
				reports.push(one);
		}
		return new Response(JSON.stringify({ reports, next_before: last > 1 ? last : null }));
	};
}

test("ten thousand reports: only what can be seen is on the page, and it scrolls", async () => {
	const page = await duty.context().newPage();
	page.faults = [];
	page.on("pageerror", (fault) => page.faults.push(String(fault)));
	await page.addInitScript(tenThousand);
	await goTo(page, "tin", "Tin báo");
	const list = page.getByRole("region", { name: "Danh sách tin" });
	await list.getByText("2026-10000").waitFor();
	assert.ok(await page.evaluate(() => globalThis.asked) <= 1, "no page that nobody looks at");
	await page.getByLabel("Mức độ").selectOption("danger");
	await page.getByText(/^\d+ tin phù hợp/).waitFor();
	await list.getByText("2026-10000").waitFor();
	assert.equal(await list.locator("li a:not(.danger)").count(), 0, "only what was asked for");
	await page.getByLabel("Mức độ").selectOption("");
	assert.ok(await list.locator("li").count() < 60, "rows on the page");
	// Frames while it scrolls through all of them; at the end of what was read it waits for more.
	const slow = await list.evaluate((box, frames) => new Promise((resolve) => {
		const spent = [];
		const step = () => {
			const began = performance.now();
			box.scrollTop += 5600;
			requestAnimationFrame(() => {
				spent.push(performance.now() - began);
				if (spent.length < frames && (box.scrollHeight < 10_000 * 56 || box.scrollTop + box.clientHeight < box.scrollHeight - 1))
					step();
				else
					resolve(spent.sort((a, b) => a - b));
			});
		};
		step();
	}), FRAMES === Infinity ? 1e9 : FRAMES);
	console.log(`# a frame of scrolling 10,000 reports: ${slow[slow.length >> 1].toFixed(1)} ms (median), ${slow.at(-1).toFixed(1)} ms (longest of ${slow.length})`);
	assert.ok(await list.locator("li").count() < 60, "rows on the page");
	if (isFull)
		await list.getByText("M1", { exact: true }).waitFor();
	await isSound(page, "the list");
	await page.close();
});

test("on a small phone, in the dark, by keyboard", async () => {
	await duty.emulateMedia({ colorScheme: "dark" });
	await duty.setViewportSize({ width: 360, height: 740 });
	for (const [at, heading] of [["hom-nay", "Hôm nay"], ["tin", "Tin báo"], ["ban-tin", "Bản tin"], ["dan", "Dân và nhóm"],
		["dich-vu", "Dịch vụ"], ["dich-vu/luot-hoi", "Dịch vụ"], ["so-lieu/chi-tieu", "Sổ và số liệu"], ["so-lieu/bieu-do", "Sổ và số liệu"],
		["can-bo", "Cán bộ và trực ban"], ["can-bo/lich-truc", "Cán bộ và trực ban"], ["may", "Máy"]]) {
		await goTo(duty, at, heading);
		const wide = await duty.evaluate(() => document.documentElement.scrollWidth - innerWidth);
		assert.ok(wide <= 0, `${at} is ${wide} pixels wider than the phone`);
	}
	await goTo(duty, "hom-nay", "Hôm nay");
	await isSound(duty, "today on a phone in the dark");
	await goTo(duty, "tin", "Tin báo");
	await duty.locator(".rows.tall a").last().focus();
	await duty.keyboard.press("Enter");
	await duty.getByRole("heading", { name: /Tin số/ }).waitFor();
	await duty.getByRole("heading", { name: "Trao đổi" }).waitFor();
	await isSound(duty, "a report on a phone in the dark");
	await picture(duty, "phone");
	assert.ok(await duty.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
});

test("each role finds its pages and no other, and reads what is its own", async () => {
	for (const page of [chief, duty])
		assert.deepEqual(await wrongRoutes(page), []);
	// One address may have thirty-two connections to the box, a browser takes six: no more than two at a time.
	await duty.context().close();
	duty = null;
	const titles = (page) => page.locator("nav.pages a").allTextContents();
	const chairman = await stage.officer(chief, "chu.tich", "chairman");
	assert.deepEqual(await titles(chairman), ["Hôm nay", "Tin báo", "Bản tin", "Dân, nhóm", "Dịch vụ", "Sổ và số liệu", "Cán bộ", "Máy", "Tài khoản"]);
	await goTo(chairman, "tin", "Tin báo");
	assert.equal(await chairman.getByRole("link", { name: "Ghi tin mới" }).count(), 0, "he changes nothing");
	assert.deepEqual(await wrongRoutes(chairman), []);
	await chairman.context().close();
	const it = await stage.officer(chief, "tin.hoc", "it");
	assert.deepEqual(await titles(it), ["Hôm nay", "Dân, nhóm", "Cán bộ", "Máy", "Tài khoản"]);
	await goTo(it, "tin", "Hôm nay");
	await goTo(it, "may", "Máy");
	await it.getByText("modem0").waitFor();
	await isSound(it, "the machine");
	await picture(it, "machine");
	// All that happened until now, in words: no name that only the box knows.
	await goTo(it, "may/nhat-ky", "Máy");
	const log = it.getByRole("region", { name: "Nhật ký sự kiện" });
	await log.locator("tbody tr").first().waitFor();
	while (await it.getByRole("button", { name: "Xem thêm" }).count()) {
		const count = await log.locator("tbody tr").count();
		await it.getByRole("button", { name: "Xem thêm" }).click();
		await log.locator("tbody tr").nth(count).waitFor();
	}
	const rows = await log.locator("tbody tr").evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
	assert.ok(rows.length > 100, `${rows.length} events`);
	assert.deepEqual(rows.filter(([, what, about]) => /^[a-z_.]*$/.test(what) || /[a-z]_/.test(about)), []);
	assert.ok(rows.some(([, what, about, more]) => what === "đổi một mục cài đặt" && about.includes("người thứ hai") && /trước là: \d+; thành: \d+/.test(more)));
	await goTo(it, "toi", "Tài khoản");
	await it.getByText("Phiên này").waitFor();
	await isSound(it, "the account");
	assert.deepEqual(await wrongRoutes(it), []);
	// Another phone, a session that is ended from here, another passphrase.
	const phone = it.getByRole("form", { name: "Đổi điện thoại tạo mã" });
	await phone.getByLabel("Cụm mật khẩu đang dùng").fill(PASSPHRASE);
	await phone.getByRole("button").click();
	it.secret = await enrolPhone(it);
	await it.getByText("Đã đổi. Điện thoại cũ không còn dùng được.").waitFor();
	const { status } = await ask(it, "/login", { login: "tin.hoc", passphrase: PASSPHRASE, totp: totp(it.secret, 1) });
	assert.equal(status, 200);
	await it.reload();
	const other = it.locator("li.row", { hasText: "Dòng lệnh" });
	await other.getByRole("button", { name: "Kết thúc" }).click();
	await other.waitFor({ state: "detached" });
	const words = it.getByRole("form", { name: "Đổi cụm mật khẩu" });
	await words.getByLabel("Cụm mật khẩu mới", { exact: true }).fill(`${PASSPHRASE} khác`);
	await words.getByLabel("Nhập lại").fill(`${PASSPHRASE} khác`);
	for (const old of ["không phải cụm này", PASSPHRASE]) {
		await words.getByLabel("Cụm mật khẩu đang dùng").fill(old);
		await words.getByRole("button").click();
		await (old === PASSPHRASE ? it.getByRole("heading", { name: "Đăng nhập" }) : words.getByRole("alert")).waitFor();
	}
	await it.context().close();
});

if (isFull)
	fullTests(test, office);

test("the box goes away and comes back: the page says so and keeps what is being written", async () => {
	const { reports } = await must(chief, "/reports?limit=200");
	await goTo(chief, `tin/${reports.at(-1).report}`, /Tin số/);
	await chief.getByLabel("Nội dung trả lời").waitFor();
	await stage.do("stop");
	await chief.getByText("Mất kết nối với máy Binhyen.").waitFor();
	await chief.getByRole("button", { name: "Gửi trả lời" }).click();
	await chief.getByText("Chưa nối được với máy Binhyen.").first().waitFor();
	await stage.do("tamper");
	await stage.do("start");
	// The keys of the reports were in the memory of the process: whoever was in logs in again.
	await chief.getByRole("heading", { name: "Phiên làm việc đã hết" }).waitFor();
	assert.equal(await chief.getByLabel("Nội dung trả lời").inputValue(), "Câu trả lời dài chưa gửi");
});

tamperTests(test, office);
