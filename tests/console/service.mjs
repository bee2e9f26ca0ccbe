// SPDX-License-Identifier: GPL-2.0-or-later
// The service for residents and the figures, as those see them who work with them.
//
// office: {stage, chief, duty, goTo, isSound, picture}, read when a test runs.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { must } from "./stage.mjs";
import { HOSTILE } from "./work.mjs";

const ASKER = "+84900000041";
const HOST = "+84900000042";
const HEAD = "+84900000043";

const GUEST_ID = "001090123999";
/** "22/11" in Vietnam, so many days from now. */
const day = (ahead) => new Date(Date.now() + 7 * 3_600_000 + ahead * 86_400_000).toISOString().slice(5, 10).split("-").reverse().join("/");
const STAY = `LT Khach Van A, ${GUEST_ID}, tham con, ${day(0)} den ${day(1)}, so 5 thon 3`;

/** The words of what the page prints, sheet by sheet. */
async function printed(page) {
	const pdf = await page.pdf({ preferCSSPageSize: true });
	return execFileSync("pdftotext", ["-layout", "-enc", "UTF-8", "-", "-"], { input: pdf, encoding: "utf8" }).split("\f").slice(0, -1);
}

/** "Thời gian" broken over two lines of a cell is still those words. */
const flat = (sheets) => sheets.join(" ").replace(/\s+/g, " ");

export function serviceTests(test, office) {
	test("a question is tried, an entry shows what leaves, an unanswered one says what to write next", async () => {
		const { stage, chief, duty, goTo, isSound, picture } = office;
		await goTo(duty, "dich-vu", "Dịch vụ");
		await duty.getByLabel("Câu hỏi thử").fill("mat can cuoc lam lai o dau");
		await duty.getByRole("button", { name: "Hỏi thử" }).click();
		await duty.getByText("Máy trả lời ngay bằng mục đầu tiên.").waitFor();
		await isSound(duty, "procedures");
		await picture(duty, "procedures");
		await duty.getByRole("button", { name: /Chỉ xem .* mục cần xem lại/ }).click();
		await duty.locator(".rows a.row", { hasText: "Chưa xác nhận" }).first().click();
		await duty.getByText("Sửa mục này").click();
		assert.ok(JSON.parse(await duty.locator("pre.paper").textContent()).confirmed);
		await isSound(duty, "an entry");
		assert.equal(await duty.getByRole("form", { name: "Xác nhận mục này" }).count(), 0, "a leader confirms");
		// The commune stands by it from then on, and the list says so.
		const [, , , code] = new URL(duty.url()).hash.split("/");
		await goTo(chief, `dich-vu/thu-tuc/${code}`, "Dịch vụ");
		const confirm = chief.getByRole("form", { name: "Xác nhận mục này" });
		await confirm.getByLabel("Ngày đối chiếu").fill("01/01/2199");
		await confirm.getByRole("button").click();
		await confirm.getByRole("alert").getByText("Chưa có gì thay đổi", { exact: false }).waitFor();
		await confirm.getByLabel("Ngày đối chiếu").fill(new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10).split("-").reverse().join("/"));
		await confirm.getByRole("button").click();
		await chief.getByText(/^truong\.ca xác nhận hôm nay/).waitFor();
		await isSound(chief, "a confirmed entry");
		await duty.getByText("Xã đã xác nhận").waitFor(); // without a reload
		await chief.getByRole("button", { name: "Thôi xác nhận" }).click();
		await chief.getByRole("dialog").getByRole("button", { name: "Thôi xác nhận" }).click();
		await confirm.waitFor();
		await stage.text(ASKER, `TT nuoi chim cut lay trung ${HOSTILE}`);
		await goTo(duty, "dich-vu/cau-hoi", "Dịch vụ");
		await duty.getByText("nuoi chim cut", { exact: false }).first().waitFor();
		await isSound(duty, "unanswered questions");
		await goTo(duty, "dich-vu/luot-hoi", "Dịch vụ");
		await duty.getByRole("region", { name: "Lượt hỏi theo đường hỏi" }).waitFor();
		await isSound(duty, "how much is asked");
	});

	test("a stay notice goes from received to recorded, and only the clerk reads who it is", async () => {
		const { stage, chief, duty, goTo, isSound } = office;
		await goTo(duty, "dich-vu/luu-tru", "Dịch vụ");
		assert.equal(await duty.getByRole("link", { name: "Lưu trú", exact: true }).count(), 0, "not for the duty officer");
		await stage.text(HOST, STAY);
		await stage.do("told", { to: HOST, contains: "" });
		await goTo(chief, "dich-vu/luu-tru", "Dịch vụ");
		await chief.getByText("Thông báo 1").waitFor();
		assert.equal(await chief.getByText(GUEST_ID).count(), 0, "nobody is named in the list");
		await chief.getByRole("button", { name: "Xem khách" }).click();
		await chief.getByText(GUEST_ID).waitFor();
		await isSound(chief, "a stay notice");
		await chief.getByRole("button", { name: "Ẩn" }).click();
		await chief.getByText(GUEST_ID).waitFor({ state: "detached" });
		await chief.getByRole("button", { name: "Đã nhập phần mềm cư trú" }).click();
		await chief.getByText("Đã nhập phần mềm", { exact: true }).waitFor();
		await chief.getByRole("button", { name: "Đã ghi nhận, báo người gửi" }).click();
		await chief.getByText("Không có thông báo nào.").waitFor();
		await chief.getByLabel("Xem", { exact: true }).selectOption("done");
		await chief.getByText("Đã ghi nhận", { exact: true }).waitFor();
	});

	test("a poll is written and opened; an answer that is not clear comes by itself and is sorted; a leader cancels it", async () => {
		const { stage, chief, duty, goTo, isSound } = office;
		await must(chief, "/residents", { rows: [{ phone: HEAD, name: "Chủ hộ 43", place: "thon-1", role: "household_head", household: "43" }] });
		await goTo(duty, "dich-vu/y-kien", "Dịch vụ");
		await duty.getByText("Lấy ý kiến mới", { exact: true }).click();
		await duty.getByLabel("Câu hỏi").fill(`Lắp camera ở ngã ba? ${HOSTILE}`);
		const category = duty.getByLabel("Loại bản tin");
		assert.equal(await category.inputValue(), "mobilisation", "what the box would take");
		await category.selectOption("disaster");
		await duty.reload();
		await duty.getByText("Lấy ý kiến mới", { exact: true }).click();
		assert.match(await duty.getByLabel("Câu hỏi").inputValue(), /^Lắp camera/, "after a reload");
		assert.equal(await category.inputValue(), "disaster");
		await duty.getByLabel("Câu hỏi").fill("Lắp camera ở ngã ba?");
		await duty.getByLabel("Các ý để chọn").fill("Đồng ý");
		assert.ok(await duty.getByRole("button", { name: "Tạo cuộc" }).isDisabled(), "one option is none");
		await duty.getByLabel("Các ý để chọn").fill("Đồng ý: tán thành, nhất trí\nKhông đồng ý");
		await isSound(duty, "a new poll");
		await duty.getByRole("button", { name: "Tạo cuộc" }).click();
		await duty.getByText("Chờ gửi câu hỏi").waitFor();
		await duty.getByLabel("Người dân nhắn").fill("nhat tri");
		await duty.getByRole("button", { name: "Thử", exact: true }).click();
		await duty.getByText("Máy hiểu là: 1. Đồng ý").waitFor();
		const { polls: [poll] } = await must(chief, "/polls");
		assert.equal((await must(chief, `/bulletins/${poll.bulletin}`)).category, "disaster");
		await goTo(chief, `dich-vu/y-kien/${poll.id}`, "Dịch vụ");
		await chief.getByRole("button", { name: "mở luôn" }).click();
		// Without a reload: that it is open, and then what somebody answered.
		await duty.getByText("Đang lấy ý kiến", { exact: true }).waitFor();
		await stage.text(HEAD, `YK ${poll.id} de toi hoi vo xem sao ${HOSTILE}`);
		for (const page of [chief, duty])
			await page.locator(".quote", { hasText: "de toi hoi vo xem sao" }).waitFor();
		assert.equal(await duty.locator("main :is(script, img)").count(), 0, "an answer is text");
		await isSound(duty, "a poll");
		await duty.getByRole("button", { name: "Không đồng ý", exact: true }).click();
		await chief.getByText("Không có câu nào phải xếp.").waitFor();
		await chief.getByRole("button", { name: "Huỷ" }).click();
		await chief.getByRole("dialog").getByRole("button", { name: "Huỷ" }).click();
		await chief.getByText("Đã huỷ").waitFor();
		await chief.getByText("không tính").first().waitFor();
		await duty.getByText("Đã huỷ").waitFor();
	});

	test("the one-stop office's list is tried, then taken whole", async () => {
		const { chief, goTo, isSound } = office;
		const csv = (rows) => ({ name: `${HOSTILE}.csv`, mimeType: "text/csv",
			buffer: Buffer.from(`\ufeffMã hồ sơ;Họ tên;Trạng thái\r\n${rows}`) });
		await goTo(chief, "dich-vu/ho-so", "Dịch vụ");
		const file = chief.getByLabel("Tệp CSV");
		await file.setInputFiles(csv(`H56.12-261120-0004;<b>x</b>;Đang xử lý\r\nH56.12-261120-0005;x;<script>alert(4)</script>\r\n`));
		await chief.getByRole("region", { name: "Các dòng phải sửa" }).getByRole("rowheader", { name: "3" }).waitFor();
		await isSound(chief, "a list of the one-stop office with a fault");
		await file.setInputFiles(csv("H56.12-261120-0004;x;Đang xử lý\r\n"));
		await chief.getByRole("button", { name: "Nhập tất cả" }).click();
		await chief.getByText("Đã lưu tất cả các dòng.").waitFor();
		await chief.getByText(/Danh sách nhập lần cuối hôm nay/).waitFor();
	});

	test("the register is a page to print, with what residents wrote as text", async () => {
		const { chief, duty, goTo, isSound, picture } = office;
		await goTo(duty, "so-lieu", "Sổ và số liệu");
		await duty.getByRole("button", { name: "Lập sổ" }).click();
		const sheet = duty.getByRole("region", { name: "Bản in sổ tiếp nhận" });
		await sheet.getByText("Mã băm của các dòng", { exact: false }).waitFor();
		const heads = await sheet.getByRole("columnheader").allTextContents();
		assert.ok(heads.includes("Số tin") && heads.includes("Thời gian tiếp nhận"), heads.join());
		assert.ok((await sheet.locator("tbody tr:not(.change)").count()) >= 1);
		await isSound(duty, "the register");
		await picture(duty, "register");
		await duty.emulateMedia({ media: "print" });
		for (const role of ["Người lập", "Trưởng Công an xã"])
			assert.ok(await sheet.getByText(role, { exact: true }).isVisible(), `where ${role} signs`);
		const [left, right] = await sheet.locator(".signs span").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
		assert.ok(left < right, "they sign side by side");
		assert.equal(await duty.getByRole("button", { name: "Lập sổ" }).count(), 0, "what is not for paper");
		assert.equal(await duty.getByRole("navigation").count(), 0, "nor is the way through the pages");
		await picture(duty, "register-on-paper", { fullPage: true });
		await duty.emulateMedia({ media: null });
		const sheets = await printed(duty);
		const numbers = await sheet.locator("tbody tr:not(.change) td:first-child").allTextContents();
		const words = flat(sheets);
		for (const number of numbers)
			assert.ok(words.includes(number.trim()), `${number} on paper`);
		assert.match(words, /Mã băm của các dòng.*Người lập.*Trưởng Công an xã/);
		assert.match(flat(sheets.slice(0, 1)), /tiếp/, "it begins with the columns");
		assert.ok(sheets.every((one) => one.trim()), "no paper without words");
		assert.doesNotMatch(words, /Đăng xuất|Hôm nay/);
		const saved = duty.waitForEvent("download");
		await duty.getByRole("button", { name: "Lưu bảng tính" }).click();
		assert.match((await saved).suggestedFilename(), /^so-tiep-nhan-\d{4}\.csv$/);
		await goTo(duty, "so-lieu/thoi-han", "Sổ và số liệu");
		await duty.getByRole("region", { name: "Thời hạn theo loại và địa bàn" }).waitFor();
		await isSound(duty, "terms");
		await goTo(chief, "so-lieu/bang-tinh", "Sổ và số liệu");
		const list = chief.waitForEvent("download");
		await chief.getByRole("button", { name: "Danh sách tin" }).click();
		assert.match((await list).suggestedFilename(), /^reports-\d{4}\.csv$/);
	});

	test("targets stand against what is, and a drawing has its numbers below", async () => {
		const { duty, goTo, isSound, picture } = office;
		await goTo(duty, "so-lieu/chi-tieu", "Sổ và số liệu");
		await duty.getByRole("rowheader", { name: "Tin được xử lý đúng hạn" }).waitFor();
		await duty.getByText("70 % → 90 % → 100 %").waitFor();
		await isSound(duty, "targets");
		await goTo(duty, "so-lieu/bieu-do", "Sổ và số liệu");
		await duty.getByRole("img", { name: /^Biểu đồ tin nhận/ }).locator("canvas").waitFor();
		await duty.getByRole("region", { name: "Bảng tin theo địa bàn" }).waitFor();
		await isSound(duty, "plots");
		await duty.emulateMedia({ colorScheme: "dark" });
		await isSound(duty, "plots in the dark");
		await picture(duty, "plots", { fullPage: true });
		await duty.emulateMedia({ colorScheme: null });
		await duty.emulateMedia({ media: "print" });
		const drawing = duty.getByRole("img", { name: /^Biểu đồ tin nhận/ });
		assert.ok(await drawing.isVisible(), "the drawing is on paper");
		const cut = await duty.locator("figure.plot .wide").evaluateAll((all) => all.filter((one) => one.scrollHeight > one.clientHeight + 1).length);
		assert.equal(cut, 0, "no table of numbers is cut off by the paper");
		await picture(duty, "plots-on-paper", { fullPage: true });
		await duty.emulateMedia({ media: null });
		await duty.getByLabel("Thời gian").selectOption("month");
		await duty.getByRole("columnheader", { name: "Ngày" }).first().waitFor();
	});
}
