// SPDX-License-Identifier: GPL-2.0-or-later
// With BINHYEN_FULL: every page as each role, in both themes and on a small phone; and how fast the page is on a slow
// machine.
//
// office: {stage, chief, duty, goTo, isSound, picture}, read when a test runs.
import assert from "node:assert/strict";
import { must, PATIENCE_MS, wrongRoutes } from "./stage.mjs";
import { entered } from "./work.mjs";

const SLOWER = 4; // a cheap phone beside this machine
const FIRST_VIEW_MS = 1000;

const readers = [["hom-nay", "Hôm nay"], ["tin", "Tin báo"], ["ban-tin", "Bản tin"],
	["dan", "Dân và nhóm"], ["dan/dia-ban/thon-1", "Dân và nhóm"], ["dan/nhom", "Dân và nhóm"], ["dan/danh-sach", "Dân và nhóm"],
	["dich-vu", "Dịch vụ"], ["dich-vu/cau-hoi", "Dịch vụ"], ["dich-vu/y-kien", "Dịch vụ"], ["dich-vu/ho-so", "Dịch vụ"],
	["dich-vu/luot-hoi", "Dịch vụ"], ["so-lieu", "Sổ và số liệu"], ["so-lieu/chi-tieu", "Sổ và số liệu"],
	["so-lieu/bieu-do", "Sổ và số liệu"], ["so-lieu/thoi-han", "Sổ và số liệu"], ["so-lieu/bang-tinh", "Sổ và số liệu"],
	["can-bo", "Cán bộ và trực ban"], ["can-bo/lich-truc", "Cán bộ và trực ban"], ["may", "Máy"], ["may/cai-dat", "Máy"],
	["may/nhat-ky", "Máy"], ["toi", "Tài khoản"]];
const others = [["hom-nay", "Hôm nay"], ["dan", "Dân và nhóm"], ["can-bo", "Cán bộ và trực ban"], ["may", "Máy"], ["may/cai-dat", "Máy"],
	["may/nhat-ky", "Máy"], ["toi", "Tài khoản"]];

/** What each may do on a report that he reads, and may not: names of what is folded away. */
const may = {
	deputy: { does: ["Xem danh tính người gửi", "Lưu giữ, xoá", "Đưa tin khỏi máy"], doesNot: [] },
	clerk: { does: ["Ghi chú nội bộ", "Lưu giữ, xoá"], doesNot: ["Xem danh tính người gửi", "Đưa tin khỏi máy"] },
	area: { does: ["Xem danh tính người gửi"], doesNot: ["Đưa tin khỏi máy", "phản ánh về cán bộ"] },
	chairman: { does: ["Ghi chú nội bộ"], doesNot: ["Xem danh tính người gửi"] },
};

/** How a report becomes one that he reads: leaders read all of them. */
const reach = {
	area: ["hamlet", { hamlet: "thon-1" }],
	clerk: ["assignee", { officer: "vai.clerk" }],
	chairman: ["subjects", { officers: ["truong.ca"] }],
};

/** Pages through which one goes in both themes, none of which is wider than a small phone. */
async function walk(page, pages, role, { goTo, isSound }) {
	for (const [at, heading] of pages) {
		await page.emulateMedia({ colorScheme: "light" });
		await page.setViewportSize({ width: 1920, height: 1080 });
		await goTo(page, at, heading);
		await page.locator("#content :is(.card, .rows, .calm, table)").first().waitFor({ state: "attached" });
		await isSound(page, `${role} at ${at}, in the light`);
		await page.emulateMedia({ colorScheme: "dark" });
		await page.setViewportSize({ width: 360, height: 740 });
		await isSound(page, `${role} at ${at}, in the dark`);
		const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
		assert.ok(wide <= 0, `${at} is ${wide} pixels wider than the phone`);
	}
}

/** Every heading, link, field and button that can be reached by the Tab key shows that it is reached. */
async function tabs(page, what) {
	const reached = new Set();
	await page.evaluate(() => document.activeElement.blur());
	for (let i = 0; i < 60; i++) {
		await page.keyboard.press("Tab");
		const at = await page.evaluate(() => {
			const element = document.activeElement;
			const style = getComputedStyle(element);
			return { name: element.outerHTML.slice(0, 120), isSeen: style.outlineStyle !== "none" || element === document.body };
		});
		assert.ok(at.isSeen, `${what}: no outline at ${at.name}`);
		reached.add(at.name);
	}
	assert.ok(reached.size > 8, `${what}: only ${reached.size} things are reached by keyboard`);
}

export function fullTests(test, office) {
	for (const role of ["deputy", "clerk", "area", "chairman", "it"])
		test(`all pages as ${role}, in both themes, wide and narrow, by keyboard`, async () => {
			const page = await office.stage.officer(office.chief, `vai.${role}`, role, {}, role === "area" ? { places: ["thon-1"] } : {});
			// Something of today for everybody who reads; it came after him.
			const name = await entered(office.chief, `Ghi cho ${role}: trẻ em tắm ở hồ`, { phone: "0900000032" });
			if (reach[role])
				await must(office.chief, `/reports/${name}/${reach[role][0]}`, reach[role][1]);
			await walk(page, role === "it" ? others : readers, role, office);
			if (may[role]) {
				await page.setViewportSize({ width: 1280, height: 800 });
				await office.goTo(page, "tin", "Tin báo");
				await page.getByText(/^\d[\d.]* tin$/).waitFor();
				await page.locator(".rows.tall a", { hasText: name }).click();
				await page.getByRole("heading", { name: /Tin số/ }).waitFor();
				await page.locator(".entry .text", { hasText: "trẻ em tắm ở hồ" }).waitFor();
				await office.isSound(page, `${role} at a report`);
				for (const title of may[role].doesNot)
					assert.equal(await page.locator("summary", { hasText: title }).count(), 0, `${role}: ${title}`);
				for (const title of may[role].does)
					assert.ok(await page.locator("summary", { hasText: title }).count(), `${role}: ${title}`);
				assert.equal(await page.locator("form[aria-label='Phân công']").count(), role === "chairman" ? 0 : 1);
			}
			assert.deepEqual(await wrongRoutes(page), []);
			await office.goTo(page, "toi", "Tài khoản");
			await tabs(page, `${role}'s account`);
			await page.context().close();
		});

	test("on a slow machine the first useful view comes, and how soon is told", async () => {
		const { stage, chief } = office;
		const page = await chief.context().newPage();
		const line = await page.context().newCDPSession(page);
		await page.addInitScript(() => {
			// What somebody came for: what waits, or that nothing does.
			new MutationObserver((_, watcher) => {
				if (!document.querySelector("#content .rows a.row, #content .calm"))
					return;
				watcher.disconnect();
				requestAnimationFrame(() => { globalThis.useful = performance.now(); });
			}).observe(document, { childList: true, subtree: true });
		});
		await line.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
		const views = [];
		for (let i = 0; i < 5; i++) {
			await page.goto(`${stage.url}?${i}#/hom-nay`);
			await page.waitForFunction(() => globalThis.useful, undefined, { timeout: PATIENCE_MS });
			views.push(await page.evaluate(() => globalThis.useful));
		}
		views.sort((a, b) => a - b);
		// The quickest of five: what else the machine does meanwhile is not the page's.
		console.log(`# first useful view, CPU ${SLOWER} times slower: ${views.map((ms) => ms.toFixed(0)).join(", ")} ms; wanted: ${FIRST_VIEW_MS}`);
		const bytes = await page.evaluate(() => performance.getEntriesByType("resource").filter((one) => one.name.includes("/assets/"))
			.reduce((sum, one) => sum + one.encodedBodySize, 0));
		console.log(`# script and style: ${bytes} bytes on the line`);
		await line.send("Emulation.setCPUThrottlingRate", { rate: 1 });
		await page.close();
	});
}
