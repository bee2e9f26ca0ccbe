// SPDX-License-Identifier: GPL-2.0-or-later
// The machine as who looks after it sees it: what it is told by others, what it is set to, what was done to its log.
//
// office: {stage, chief, duty, goTo, isSound, picture}, read when a test runs.
import assert from "node:assert/strict";
import { PASSPHRASE, totp } from "./stage.mjs";
import { HOSTILE } from "./work.mjs";

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

export function machineTests(test, office) {
	test("an official source is read on demand, and its words are text; Zalo's account is looked through", async () => {
		const { stage, chief, duty, goTo, isSound } = office;
		const sent = new Date(Date.now() - 60_000).toUTCString();
		await stage.do("feed", { body: `<rss version="2.0"><channel><item><guid>1</guid><title>Lũ ${escaped(HOSTILE)}</title>`
			+ `<pubDate>${sent}</pubDate></item></channel></rss>` });
		await goTo(duty, "may", "Máy");
		const feed = duty.locator("li.row", { hasText: "tinh" });
		await feed.getByRole("button", { name: "Đọc ngay" }).click();
		await feed.getByText("1 bản nháp", { exact: false }).waitFor();
		await goTo(duty, "ban-tin", "Bản tin");
		await duty.getByText(`Lũ "'>`, { exact: false }).first().waitFor(); // the box leaves the words and no elements
		assert.equal(await duty.locator("main :is(script, img)").count(), 0, "a title is text");
		await isSound(duty, "a draft of a source");
		await goTo(chief, "may", "Máy");
		await chief.getByRole("button", { name: "Kiểm tra tài khoản OA" }).click();
		const found = chief.locator("section.card", { has: chief.getByRole("heading", { name: "Kiểm tra Zalo" }) }).locator("li");
		await found.first().waitFor();
		// Vietnamese words of the box, none of Zalo's own.
		for (const words of await found.allTextContents())
			assert.match(words, /[ạảãàáâậầấẩẫăắằặẳẵóòọõỏôộổỗồốơờớợởỡéèẻẹẽêếềệểễúùụủũưựữửừứíìịỉĩýỳỷỵỹđ]/i);
		await isSound(chief, "what was found in the account");
	});

	test("a copy is made at once, seen without a reload, and its page says what it is good for", async () => {
		const { chief, duty, goTo, isSound, picture } = office;
		await goTo(duty, "may", "Máy");
		assert.equal(await duty.getByRole("link", { name: "Sao lưu" }).count(), 0, "not for the duty officer");
		await goTo(chief, "may/sao-luu", "Máy");
		const copies = chief.getByRole("region", { name: "Các bản sao lưu" }).locator("tbody tr");
		await chief.getByRole("button", { name: "Sao lưu ngay" }).waitFor();
		const before = await copies.count();
		await chief.getByRole("button", { name: "Sao lưu ngay" }).click();
		await copies.nth(before).waitFor();
		await chief.getByText(/^Bản tốt gần nhất: hôm nay \d\d:\d\d\.$/).waitFor();
		await copies.first().getByText(/^dưới \d+,\d MB$/).waitFor(); // how large exactly is only for who looks after the machine
		await chief.getByText("box.key", { exact: true }).waitFor();
		await isSound(chief, "copies");
		await picture(chief, "backups", { fullPage: true });
	});

	test("a setting is changed at once or not at all, and goes back to what the file says", async () => {
		const { chief, duty, goTo, isSound, picture } = office;
		await goTo(duty, "may/cai-dat", "Máy");
		await duty.getByText("Báo động: gọi người thứ hai sau").waitFor();
		assert.equal(await duty.getByRole("main").getByRole("button").count(), 0, "the duty officer changes none");
		await goTo(chief, "may/cai-dat", "Máy");
		const alarms = chief.getByRole("form", { name: "Trực ban và báo động" });
		const [first, second] = ["gọi người thứ hai sau", "gọi người thứ ba sau"].map((name) => alarms.getByLabel(name));
		const was = await first.inputValue();
		const save = alarms.getByRole("button", { name: "Lưu, dùng ngay" });
		assert.ok(await save.isDisabled(), "nothing is changed");
		// Later than the next step: the box refuses the whole, and what was typed stays.
		await first.fill(String(Number(await second.inputValue()) + 1));
		await save.click();
		await alarms.getByRole("alert").getByText("nội dung đang nhập vẫn còn", { exact: false }).waitFor();
		await chief.reload();
		assert.notEqual(await first.inputValue(), was, "after a reload");
		await first.fill(String(Number(was) - 1));
		await save.click();
		await chief.getByText("Đã lưu và có hiệu lực ngay.").waitFor();
		await alarms.getByText(/^Đã đổi truong\.ca hôm nay .* trong tệp cấu hình là /).waitFor();
		await isSound(chief, "settings");
		await picture(chief, "settings", { fullPage: true });
		await alarms.getByRole("button", { name: /^Trở lại như tệp cấu hình/ }).click();
		await alarms.getByText("trong tệp cấu hình là", { exact: false }).waitFor({ state: "detached" });
		assert.equal(await first.inputValue(), was);
	});
}

/** At the very end: the log was changed while the box was off. */
export function tamperTests(test, office) {
	test("a log that somebody changed says so on every page, until who may has seen it", async () => {
		const { chief, goTo, isSound, picture } = office;
		const again = chief.getByRole("dialog");
		await again.getByLabel("Cụm mật khẩu").fill(PASSPHRASE);
		await again.getByLabel("Mã 6 số").fill(totp(chief.secret, 1));
		await again.getByRole("button", { name: "Đăng nhập", exact: true }).click();
		await again.waitFor({ state: "detached" });
		await goTo(chief, "hom-nay", "Hôm nay");
		await chief.getByText("báo ngay Trưởng Công an xã và Chủ tịch UBND xã", { exact: false }).waitFor();
		await goTo(chief, "may/nhat-ky", "Máy");
		const faults = chief.locator("section.card", { has: chief.getByRole("heading", { name: /Chỗ sai của nhật ký/ }) });
		await faults.locator("li.alarm").first().waitFor();
		await chief.getByRole("button", { name: "Kiểm tra toàn bộ nhật ký" }).click();
		await chief.locator(".notice.alarm").first().waitFor();
		await isSound(chief, "a log that was changed");
		await picture(chief, "audit");
		await faults.getByRole("button", { name: "Đã xem" }).first().click();
		await faults.getByText(/truong.ca đã xem/).first().waitFor();
	});
}
