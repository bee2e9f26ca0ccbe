// SPDX-License-Identifier: GPL-2.0-or-later
// The rest of what is done with one report: pictures, terms and outcomes, holding and erasing, whom it is about, two
// officers at once.
//
// office: {stage, chief, duty, goTo, isSound, picture}, read when a test runs.
import assert from "node:assert/strict";
import { must } from "./stage.mjs";

const ANNA = "9007199254740993007";
export const HOSTILE = `<img src=x onerror=alert(1)>"'><script>alert(2)</script>`;
// A picture of one dot, and a page that calls itself one.
const PNG = "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cf"
	+ "c0f01f0005000201ff9b7f5b2c0000000049454e44ae426082";
const PAGE = Buffer.from("chao<html><script>alert(3)</script></html>").toString("hex");

/** A report that an officer entered; its number. */
export async function entered(page, text, more = {}) {
	return (await must(page, "/reports", { source: "walk_in", text, ...more })).report;
}

/** What comes by Zalo after `sends`, opened from the list. */
async function newestByZalo(page, goTo, sends) {
	const rows = page.locator(".rows.tall a", { hasText: "Zalo" });
	await goTo(page, "tin", "Tin báo");
	await page.locator(".rows.tall a").first().waitFor();
	const known = await rows.count();
	await sends();
	await rows.nth(known).waitFor();
	await rows.first().click();
}

const form = (page, name) => page.getByRole("form", { name, exact: true });
const unfold = (page, title) => page.locator("details.fold > summary", { hasText: title }).click();

export function workTests(test, office) {
	test("a picture is shown from memory, a page that calls itself a picture is not", async () => {
		const { stage, duty, goTo, isSound } = office;
		await newestByZalo(duty, goTo, () => stage.do("media",
			{ at: "a", bytes: PNG, user: ANNA, kind: "photo", name: `${HOSTILE}.png`, text: HOSTILE }));
		await duty.getByRole("heading", { name: "Tệp gửi kèm" }).waitFor();
		await duty.getByText("đang tải về").waitFor({ state: "detached" });
		await duty.getByRole("button", { name: /^Xem ảnh/ }).click();
		const shown = duty.locator("figure.shown img");
		await shown.waitFor();
		assert.match(await shown.getAttribute("src"), /^blob:/);
		await duty.waitForFunction(() => document.querySelector("figure.shown img").naturalWidth === 1);
		await duty.getByText(HOSTILE, { exact: true }).waitFor();
		await isSound(duty, "a picture of a resident");
		await duty.getByRole("button", { name: /^Đóng/ }).click();
		await shown.waitFor({ state: "detached" });
		await newestByZalo(duty, goTo, () => stage.do("media",
			{ at: "b", bytes: PAGE, user: ANNA, kind: "file", name: "anh.png", text: "xem tệp này" }));
		await duty.getByText("xem tệp này").waitFor();
		const file = duty.getByRole("link", { name: "Lưu anh.png" });
		await file.waitFor();
		const headers = await file.evaluate(async (link) => Object.fromEntries((await fetch(link.href)).headers));
		assert.match(headers["content-disposition"], /^attachment/, "a browser saves it");
		assert.equal(headers["x-content-type-options"], "nosniff");
		assert.doesNotMatch(headers["content-type"], /html|svg|xml/);
		assert.equal(await duty.getByRole("button", { name: /^Xem ảnh: anh/ }).count(), 0);
		await isSound(duty, "a page that calls itself a picture");
	});

	test("what a colleague did first is told, and nothing is taken out of the hand", async () => {
		const { chief, duty, goTo, isSound } = office;
		const name = await entered(duty, "Hai nhà cãi nhau về ranh đất", { phone: "0900000030" });
		await goTo(duty, `tin/${name}`, /Tin số/);
		await goTo(chief, `tin/${name}`, /Tin số/);
		const rating = form(duty, "Loại và mức độ");
		await rating.getByLabel("Loại").selectOption("order");
		await duty.getByLabel("Nội dung trả lời").fill("Đang viết");
		await must(chief, `/reports/${name}/rating`, { category: "crime", urgency: "urgent" });
		await rating.getByText("Người khác vừa đổi thành “Tội phạm, Cần làm sớm”").waitFor();
		assert.equal(await rating.getByLabel("Loại").inputValue(), "order");
		await must(chief, `/reports/${name}/answer`, { text: "Công an xã sẽ đến hoà giải" });
		await duty.getByText("Trong lúc đồng chí viết, tin này có thêm 1 câu trả lời").waitFor();
		assert.equal(await duty.getByLabel("Nội dung trả lời").inputValue(), "Đang viết");
		await isSound(duty, "two at once");
		await rating.getByRole("button", { name: "giữ của người kia" }).click();
		assert.equal(await rating.getByLabel("Loại").inputValue(), "crime");
	});

	test("terms say what ends them; a transfer has its addressee and receipt, a moment its time", async () => {
		const { chief, goTo, isSound } = office;
		const name = await entered(chief, "Mất trộm xe máy ở chợ");
		const other = await entered(chief, "Thấy người lạ dắt xe máy");
		await goTo(chief, `tin/${name}`, /Tin số/);
		await chief.getByLabel("Loại theo luật", { exact: true }).selectOption("tin_bao");
		await chief.getByRole("button", { name: "Phân loại" }).click();
		await chief.getByText("Xong khi ghi đã chuyển").first().waitFor();
		await unfold(chief, "Ghi kết quả, chuyển cơ quan khác");
		const out = form(chief, "Kết quả, chuyển cơ quan khác");
		await out.getByText("Để trống: Cơ quan Cảnh sát điều tra Công an tỉnh.").waitFor();
		await out.getByLabel("Số biên nhận").fill("128/BN");
		await out.getByRole("button", { name: "Ghi đã chuyển" }).click();
		await chief.getByText("số biên nhận 128/BN").waitFor();
		// The investigating body's own term runs now, and its lengthening is the chief's to note.
		await unfold(chief, "Dừng, gia hạn, kết thúc thời hạn");
		const clock = form(chief, "Thời hạn");
		await clock.getByLabel("Thời hạn").selectOption("settlement");
		await clock.getByLabel("Việc").selectOption("extend");
		await clock.getByLabel("Gia hạn theo").selectOption("complex");
		await clock.getByLabel("Lý do").fill("Vụ việc nhiều tình tiết phức tạp");
		await clock.getByRole("button", { name: "Ghi" }).click();
		await chief.getByText("đã gia hạn 1 lần").waitFor();
		await isSound(chief, "terms");
		await unfold(chief, "Thời điểm thụ lý");
		const moment = form(chief, "Thời điểm theo luật");
		await moment.getByLabel("Lúc").fill("2199-01-01T08:00");
		await moment.getByRole("button").click();
		await moment.getByRole("alert").getByText("Chưa có gì thay đổi").waitFor();
		await unfold(chief, "Tin liên quan");
		await chief.getByLabel("Số của tin kia").fill(other);
		await chief.getByRole("button", { name: "Nối hai tin" }).click();
		await chief.getByRole("link", { name: other }).first().waitFor();
		await chief.getByRole("button", { name: "Bỏ nối" }).click();
		await chief.getByRole("button", { name: "Bỏ nối" }).waitFor({ state: "detached" });
	});

	test("a report is held with a reason, released, and erased when its sender asks", async () => {
		const { chief, goTo, isSound } = office;
		const name = await entered(chief, "Việc đã xong", { phone: "0900000031" });
		await must(chief, `/reports/${name}/answer`, { template: "done" }).catch(() => null);
		await goTo(chief, `tin/${name}`, /Tin số/);
		await unfold(chief, "Lưu giữ, xoá");
		const hold = form(chief, "Giữ tin lại");
		await hold.getByLabel("Vì sao").fill("Toà án yêu cầu giữ hồ sơ");
		await hold.getByRole("button").click();
		await chief.getByText("Toà án yêu cầu giữ hồ sơ").waitFor();
		await isSound(chief, "a held report");
		await chief.getByRole("button", { name: "Thôi giữ" }).click();
		await hold.waitFor();
		await chief.getByRole("button", { name: "Xoá theo yêu cầu" }).click();
		const sure = chief.getByRole("dialog");
		await sure.getByText("không lấy lại được").waitFor();
		await sure.getByRole("button", { name: "Đóng" }).click();
		await sure.waitFor({ state: "detached" });
		await chief.getByRole("button", { name: "Xoá theo yêu cầu" }).click();
		await chief.getByRole("dialog").getByRole("button", { name: "Xoá theo yêu cầu" }).click();
		await chief.getByText(/Đã (ghi yêu cầu|xoá danh tính)/).waitFor();
	});

	test("a report about an officer leaves his sight, whoever names him is asked twice", async () => {
		const { chief, duty, goTo, isSound } = office;
		const name = await entered(chief, "Đèn đường đầu thôn hỏng cả tuần");
		await goTo(duty, `tin/${name}`, /Tin số/);
		await duty.locator(".entry .text", { hasText: "Đèn đường" }).waitFor();
		await goTo(chief, `tin/${name}`, /Tin số/);
		await unfold(chief, "phản ánh về cán bộ");
		await chief.getByLabel(/Cán bộ truc.ban/).check();
		await isSound(chief, "whom it is about");
		await chief.getByRole("button", { name: "Ghi là tin về những người này" }).click();
		await chief.getByRole("dialog").getByText("Từ giờ Cán bộ truc.ban không đọc được tin này").waitFor();
		await chief.getByRole("dialog").getByRole("button", { name: "Ghi là tin về" }).click();
		await chief.getByText("Đã ghi.").waitFor();
		await duty.reload();
		await duty.getByText(/không có quyền đọc nội dung|Không có tin/).first().waitFor();
		assert.equal(await duty.getByText("Đèn đường").count(), 0);
		await isSound(duty, "a report that is not his to read");
	});

	test("among the work of a day the dangerous comes first, whenever it came, then the oldest", async () => {
		const { stage, chief, duty, goTo, isSound, picture } = office;
		await entered(chief, "Loa karaoke ồn sau 22 giờ", { phone: "0900000033" });
		await goTo(duty, "hom-nay", "Hôm nay");
		await stage.text("+84900000034", "Chay nha o thon 1, co nguoi ket ben trong");
		await duty.getByRole("button", { name: "Nhận việc" }).first().waitFor();
		const open = duty.locator("section.card", { has: duty.getByRole("heading", { name: /^Tin chưa trả lời/ }) });
		await open.locator("a.row.danger").first().waitFor();
		const rows = await open.locator("a.row").evaluateAll((all) => all.map((row) => row.classList.contains("danger")));
		assert.ok(rows.length > 2, `${rows.length} rows`);
		assert.deepEqual(rows, [...rows].sort((a, b) => Number(b) - Number(a)), "danger first");
		await isSound(duty, "today in the midst of work");
		await picture(duty, "today");
		await duty.getByRole("button", { name: "Nhận việc" }).first().click();
		await duty.getByRole("heading", { name: "Báo động" }).waitFor({ state: "detached" });
	});
}
