// SPDX-License-Identifier: GPL-2.0-or-later
// People and groups, officers and their roster, as the chief and those under him work with them.
//
// office: {stage, chief, duty, goTo, isSound, picture}, read when a test runs.
import assert from "node:assert/strict";
import { must, PASSPHRASE, wrongRoutes } from "./stage.mjs";
import { HOSTILE } from "./work.mjs";

const ANNA = "9007199254740993001"; // above 2^53: lost as a double

const csv = (text) => ({ name: "danh-sach.csv", mimeType: "text/csv", buffer: Buffer.from(`\ufeff${text}`) });

export function peopleTests(test, office) {
	test("hamlets are made and renamed, and one person comes onto a list and off it", async () => {
		const { chief, goTo, isSound } = office;
		await goTo(chief, "dan", "Dân và nhóm");
		await chief.getByText("Thêm địa bàn, đơn vị", { exact: true }).click();
		const add = chief.getByRole("form", { name: "Thêm địa bàn" });
		await add.getByLabel("Tên", { exact: true }).fill("Thôn Đông Hà 2");
		await add.getByText("Mã: thon-dong-ha-2").waitFor();
		await chief.reload();
		await chief.getByText("Thêm địa bàn, đơn vị", { exact: true }).click();
		assert.equal(await add.getByLabel("Tên", { exact: true }).inputValue(), "Thôn Đông Hà 2", "after a reload");
		await add.getByRole("button", { name: "Thêm" }).click();
		await isSound(chief, "places");
		await chief.getByRole("link", { name: /Thôn Đông Hà 2/ }).click();
		const person = chief.getByRole("form", { name: "Thêm, sửa một người" });
		await person.getByLabel("Số điện thoại").fill("12");
		await person.getByLabel("Họ tên").fill("Chủ hộ 13");
		await person.getByLabel("Vai trò").selectOption("household_head");
		await person.getByRole("button", { name: "Lưu" }).click();
		await chief.getByRole("alert").getByText(/Số điện thoại không phải số điện thoại/).waitFor();
		assert.equal(await person.getByLabel("Họ tên").inputValue(), "Chủ hộ 13");
		await person.getByLabel("Số điện thoại").fill("0900 000 013");
		await person.getByRole("button", { name: "Lưu" }).click();
		await chief.getByText("Đã thêm vào danh sách.").waitFor();
		await chief.getByText("1 người, 0 dùng Zalo").waitFor();
		await chief.getByText("Đổi tên, đổi loại").click();
		const rename = chief.getByRole("form", { name: "Sửa Thôn Đông Hà 2" });
		await rename.getByLabel("Tên", { exact: true }).fill("Thôn Đông Hà");
		await rename.getByRole("button", { name: "Lưu" }).click();
		await chief.getByRole("heading", { name: "Thôn Đông Hà", exact: true }).waitFor();
		await isSound(chief, "a place");
	});

	test("a list from a spreadsheet is tried first, each bad line with its reason, then taken whole", async () => {
		const { chief, goTo, isSound, picture } = office;
		await goTo(chief, "dan/nhap", "Dân và nhóm");
		const file = chief.getByLabel("Tệp CSV");
		const head = "Họ tên;Số điện thoại;Địa bàn;Chức vụ\r\n";
		const good = "Chủ hộ 14;900000014;Thôn Đông Hà;chủ hộ\r\nTrưởng thôn;0900000015;thon-dong-ha-2;trưởng thôn\r\n";
		await file.setInputFiles(csv(`${head}${good}<b>X</b>;0900000016;Thôn không có;\r\nNgười 17;9,0E+08;thon-dong-ha-2;\r\n`));
		const faults = chief.getByRole("region", { name: "Các dòng phải sửa" });
		await faults.getByText("Bảng tính đã đổi thành số dạng 9,0E+08", { exact: false }).waitFor();
		assert.deepEqual(await faults.getByRole("rowheader").allTextContents(), ["4", "5"]);
		assert.equal(await chief.getByRole("button", { name: "Nhập tất cả" }).count(), 0);
		await isSound(chief, "a list with faults");
		await picture(chief, "import");
		await file.setInputFiles(csv(head + good));
		await chief.getByText(/^Nếu nhập: thêm 2, .*số điện thoại được sửa cho đúng 1/).waitFor();
		await chief.getByRole("button", { name: "Nhập tất cả" }).click();
		await chief.getByText("Đã lưu tất cả các dòng.").waitFor();
		await goTo(chief, "dan", "Dân và nhóm");
		await chief.getByRole("link", { name: /Thôn Đông Hà.*3 người/ }).waitFor();
	});

	test("who asks by SMS to be on the list waits for an officer, who sees no number", async () => {
		const { stage, chief, goTo, isSound } = office;
		await stage.text("+84900000018", "DK thon dong ha &lt;b&gt; Muoi tam");
		await stage.do("told", { to: "+84900000018", contains: "" });
		await goTo(chief, "dan/cho-duyet", "Dân và nhóm");
		await chief.getByText(/số điện thoại cuối/).waitFor();
		assert.equal(await chief.locator("strong", { hasText: "&lt;b&gt; Muoi tam" }).count(), 1, "a name is text");
		assert.doesNotMatch(await chief.locator("main").textContent(), /0900000018|84900000018/);
		await isSound(chief, "who waits");
		// What is not clear he is asked again, and waits on.
		await chief.getByRole("button", { name: "Hỏi lại họ tên" }).click();
		await chief.getByText("Đã gửi câu hỏi", { exact: false }).waitFor();
		await stage.do("told", { to: "+84900000018", contains: "" });
		const accept = chief.getByRole("form", { name: /^Duyệt / });
		await accept.getByLabel("Họ tên").fill("Người mười tám");
		await accept.getByRole("button", { name: "Duyệt", exact: true }).click();
		await chief.getByText("Không có ai chờ duyệt.").waitFor();
		await stage.do("told", { to: "+84900000018", contains: "" });
	});

	test("who lost the phone of the list is moved by its old number, which only the officer writes", async () => {
		const { stage, chief, goTo, isSound } = office;
		await stage.text("+84900000017", "DOI SO thon dong ha Nguoi muoi tam");
		await stage.do("told", { to: "+84900000017", contains: "" });
		await goTo(chief, "dan/cho-duyet", "Dân và nhóm");
		// No event tells of him, as it would tie him to a time: the page hears of it at the next beat of its stream.
		await chief.getByText(/không còn dùng được số đó/).waitFor();
		await isSound(chief, "who lost his phone");
		const accept = chief.getByRole("form", { name: /^Duyệt / });
		await accept.getByLabel("Số điện thoại cũ").fill("0900000016");
		await accept.getByRole("button", { name: "Duyệt", exact: true }).click();
		await accept.getByRole("alert").getByText(/^Số cũ không có trong danh sách của địa bàn đó/).waitFor();
		assert.equal(await accept.getByLabel("Vai trò").count(), 0, "he keeps his role");
		await accept.getByLabel("Số điện thoại cũ").fill("0900000018");
		await accept.getByRole("button", { name: "Duyệt", exact: true }).click();
		await chief.getByText("Không có ai chờ duyệt.").waitFor();
		await stage.do("told", { to: "+84900000017", contains: "" });
	});

	test("the list of a hamlet: opened on record, a number only with a reason, somebody is changed and leaves it", async () => {
		const { chief, duty, goTo, isSound, picture } = office;
		await goTo(duty, "dan/dia-ban/thon-dong-ha-2", "Dân và nhóm");
		await duty.getByText("Trong danh sách").waitFor();
		assert.equal(await duty.getByRole("button", { name: "Mở danh sách" }).count(), 0, "not for the duty officer");
		const name = `Chủ hộ ${HOSTILE}`;
		await must(chief, "/residents", { rows: [{ phone: "0900000019", name, place: "thon-dong-ha-2", role: "member" }] });
		await goTo(chief, "dan/dia-ban/thon-dong-ha-2", "Dân và nhóm");
		await chief.getByRole("button", { name: "Mở danh sách" }).click();
		const row = chief.locator("li.row", { hasText: name });
		await row.getByText("số …019", { exact: false }).waitFor();
		assert.doesNotMatch(await chief.locator("main").textContent(), /90000001\d/, "no whole number");
		await row.getByRole("button", { name: /^Xem số/ }).click();
		await row.getByLabel("Lý do").fill("Báo trước việc cắt điện cả thôn");
		await row.getByRole("button", { name: "Xem số", exact: true }).click();
		await row.getByText("+84900000019").waitFor();
		await isSound(chief, "the list of a hamlet");
		await picture(chief, "residents");
		await row.getByRole("button", { name: "Ẩn ngay" }).click();
		// Who answers for it reads who looked, and why; never at whom.
		await goTo(chief, "dan/danh-sach", "Dân và nhóm");
		await chief.getByText(/, truong\.ca, Thôn Đông Hà: Báo trước việc cắt điện cả thôn$/).waitFor();
		await goTo(chief, "dan/dia-ban/thon-dong-ha-2", "Dân và nhóm");
		await chief.getByRole("button", { name: "Mở danh sách" }).click();
		await row.getByRole("button", { name: /^Sửa/ }).click();
		await row.getByLabel("Họ tên").fill("Chủ hộ 19");
		await row.getByLabel("Vai trò").selectOption("household_head");
		await row.getByRole("button", { name: "Lưu" }).click();
		const changed = chief.locator("li.row", { hasText: "Chủ hộ 19" });
		await changed.getByText("Chủ hộ", { exact: true }).waitFor();
		await changed.getByRole("button", { name: /^Đưa ra: / }).click();
		await changed.getByLabel("Vì sao").selectOption("mistake");
		await changed.getByRole("button", { name: "Đưa ra khỏi danh sách" }).click();
		await changed.waitFor({ state: "detached" });
		// That somebody looked stays, without whose number it was and why.
		await goTo(chief, "dan/danh-sach", "Dân và nhóm");
		await chief.getByText(/, truong\.ca, Thôn Đông Hà: người đã xoá khỏi danh sách$/).waitFor();
	});

	test("a hamlet is merged into another one, and takes nothing new", async () => {
		const { chief, goTo, isSound } = office;
		await must(chief, "/places", { code: "thon-cu", name: "Thôn Cũ", kind: "hamlet", parent: "" });
		await must(chief, "/residents", { rows: [{ phone: "0900000020", name: "Chủ hộ 20", place: "thon-cu", role: "member" }] });
		await goTo(chief, "dan/dia-ban/thon-cu", "Dân và nhóm");
		await chief.getByText("Đóng, sáp nhập địa bàn", { exact: true }).click();
		await chief.getByLabel("Lý do, văn bản").fill("Nghị quyết sáp nhập thôn");
		const close = () => chief.getByRole("button", { name: "Đóng địa bàn" }).first();
		await close().click();
		const sure = chief.getByRole("dialog");
		await sure.getByRole("button", { name: "Đóng địa bàn" }).click();
		await sure.getByRole("alert").waitFor(); // somebody is on its list still
		await sure.getByRole("button", { name: "Đóng", exact: true }).click();
		await chief.getByLabel("Sáp nhập vào").selectOption("thon-dong-ha-2");
		await close().click();
		await isSound(chief, "a place is closed");
		await sure.getByRole("button", { name: "Đóng địa bàn" }).click();
		await chief.getByText("Đã chuyển: 1 người.", { exact: false }).waitFor();
		assert.equal(await chief.getByRole("form", { name: "Thêm, sửa một người" }).count(), 0);
		await goTo(chief, "dan", "Dân và nhóm");
		await chief.getByText("Đã đóng, sáp nhập (1)").click();
		await chief.getByRole("link", { name: /Thôn Cũ/ }).waitFor();
		await isSound(chief, "places with a closed one");
	});

	test("a Zalo group: ordered, somebody who asks is let in, and what was changed in the app is set right", async () => {
		const { stage, chief, goTo, isSound, picture } = office;
		await stage.do("zalo", { what: "asset", asset: "a50", type: "gmf50" });
		await stage.do("zalo_write", { user: ANNA, text: "xin chao", name: HOSTILE });
		await goTo(chief, "dan/nhom", "Dân và nhóm");
		await chief.getByText("Lập nhóm mới").click();
		await chief.getByLabel("Địa bàn, đơn vị", { exact: true }).selectOption("thon-dong-ha-2");
		await chief.getByLabel("Mã Zalo của những người vào đầu tiên").fill("9007199254740990001");
		await chief.getByLabel("Gói nhóm").fill("a50");
		await chief.getByRole("button", { name: "Lập nhóm" }).click();
		await chief.getByRole("link", { name: /Thôn Đông Hà.*Hoạt động/ }).click();
		await chief.getByRole("region", { name: "Cài đặt của nhóm" }).waitFor();
		await stage.do("zalo_group", { what: "join", user: ANNA });
		await chief.getByRole("button", { name: "Đọc lại từ Zalo" }).click();
		const asks = chief.locator("section", { has: chief.getByRole("heading", { name: "Xin vào nhóm" }) });
		await asks.getByRole("button", { name: "Cho vào" }).waitFor();
		assert.equal(await asks.getByText(HOSTILE, { exact: true }).count(), 1, "what somebody calls himself in Zalo is text");
		await isSound(chief, "a group");
		await picture(chief, "group");
		await asks.getByRole("button", { name: "Cho vào" }).click();
		await chief.getByText("cho vào nhóm (thành viên số", { exact: false }).waitFor();
		// Somebody renames it in the app: the box says so, and orders it as it was.
		await stage.do("zalo_group", { what: "set", name: "Nhóm khác" });
		await chief.getByRole("button", { name: "Đọc lại từ Zalo" }).click();
		await chief.getByText(/sửa cài đặt: /).nth(1).waitFor();
		// It is dissolved by who writes its name, and by nobody else.
		await chief.getByText("Giải tán nhóm", { exact: true }).click();
		const end = chief.getByRole("form", { name: "Giải tán nhóm" });
		const { groups } = await must(chief, "/groups");
		await end.getByLabel("Ghi đúng tên nhóm").fill("Nhóm");
		assert.ok(await end.getByRole("button", { name: "Giải tán" }).isDisabled(), "another name");
		await end.getByLabel("Ghi đúng tên nhóm").fill(groups[0].name);
		await end.getByRole("button", { name: "Giải tán" }).click();
		await chief.getByText(/giải tán nhóm: đã làm/).waitFor();
		await chief.getByText("Không còn", { exact: true }).waitFor();
		await end.waitFor({ state: "detached" });
	});

	test("a saved list takes people of the registry only, and who wants no bulletins is noted", async () => {
		const { chief, goTo, isSound } = office;
		await goTo(chief, "dan/danh-sach", "Dân và nhóm");
		await chief.getByText("Lập danh sách mới").click();
		await chief.getByLabel("Tên danh sách mới").fill("Chủ nhà trọ");
		await chief.getByRole("button", { name: "Lập danh sách" }).click();
		await chief.getByText("Thêm, bớt người").click();
		const members = chief.getByRole("form", { name: "Người trong Chủ nhà trọ" });
		await members.getByLabel("Số điện thoại, mỗi dòng một số").fill("0900000013\n0900000099");
		await members.getByRole("button").click();
		await chief.getByRole("alert").getByText("Số ở dòng 2 không có trong danh sách dân.").waitFor();
		await members.getByLabel("Số điện thoại, mỗi dòng một số").fill("0900000013");
		await members.getByRole("button").click();
		await chief.getByText("Chủ nhà trọ, 1 người").waitFor();
		const wish = chief.getByRole("form", { name: "Ghi ý muốn nhận bản tin" });
		await wish.getByLabel("Số điện thoại").fill("0900000013");
		await wish.getByRole("button", { name: "Ghi", exact: true }).click();
		await chief.getByText("1 người không nhận bản tin nào", { exact: false }).waitFor();
		await isSound(chief, "lists");
	});

	test("officers: one is invited, given a hamlet, locked and removed, and a hamlet is handed over", async () => {
		const { stage, chief, goTo, isSound, picture } = office;
		await goTo(chief, "can-bo", "Cán bộ và trực ban");
		await chief.getByText("Thêm cán bộ", { exact: true }).click();
		const invite = chief.getByRole("form", { name: "Thêm cán bộ" });
		await invite.getByLabel("Họ tên, chức vụ").fill("Cảnh sát khu vực 1");
		await invite.getByLabel("Tên đăng nhập").fill("khu.vuc1");
		await invite.getByLabel("Vai trò").selectOption("area");
		await invite.getByLabel("Thôn Đông Hà").check();
		await invite.getByRole("button", { name: "Thêm và cấp mã" }).click();
		await chief.locator(".code").waitFor();
		await isSound(chief, "officers");
		await chief.getByRole("button", { name: "Đã đưa mã" }).click();
		await chief.getByRole("link", { name: /Cảnh sát khu vực 1/ }).click();
		await chief.getByRole("button", { name: "Tạm khoá" }).click();
		await chief.getByRole("button", { name: "Mở khoá" }).click();
		await chief.getByRole("button", { name: "Tạm khoá" }).waitFor();
		await isSound(chief, "an officer");
		await picture(chief, "officer");
		// A hamlet goes to an officer who has set his passphrase.
		const second = await stage.officer(chief, "khu.vuc2", "area");
		await goTo(second, "can-bo", "Cán bộ và trực ban");
		assert.equal(await second.getByText("Thêm cán bộ", { exact: true }).count(), 0, "he invites nobody");
		assert.deepEqual(await wrongRoutes(second), []);
		await second.context().close();
		await goTo(chief, "dan/dia-ban/thon-dong-ha-2", "Dân và nhóm");
		await chief.getByLabel("Người nhận").selectOption("khu.vuc2");
		await chief.getByRole("button", { name: "Bàn giao" }).click();
		await chief.getByText("Đã bàn giao.").waitFor();
		await chief.getByText("Cán bộ khu.vuc2").first().waitFor();
		await goTo(chief, "can-bo/ho-so/khu.vuc1", "Cán bộ và trực ban");
		await chief.getByText("Cho thôi", { exact: true }).first().click();
		await chief.getByLabel("không làm việc ở đây nữa").check();
		await chief.getByRole("button", { name: "Cho thôi" }).click();
		await chief.getByText("Đã thôi").first().waitFor();
	});

	test("who comes later reads what came before when the chief admits him; the words of the safe are drawn anew", async () => {
		const { stage, chief, goTo, isSound } = office;
		const { reports } = await must(chief, "/reports?limit=200");
		const old = reports.at(-1).report;
		const deputy = await stage.officer(chief, "pho.ca", "deputy");
		await goTo(deputy, `tin/${old}`, /Tin số/);
		await deputy.getByText("không có quyền đọc nội dung", { exact: false }).waitFor();
		await goTo(chief, "can-bo/ho-so/pho.ca", "Cán bộ và trực ban");
		await chief.locator("details.fold > summary", { hasText: "Cho đọc tin cũ" }).click();
		await chief.getByRole("button", { name: "Cho đọc tin cũ" }).click();
		await chief.getByText(/^Đã giao khoá của \d+ tin\.$/).waitFor();
		await isSound(chief, "an admission");
		await deputy.reload();
		await deputy.locator(".entry .text").first().waitFor();
		assert.deepEqual(await wrongRoutes(deputy), []);
		await deputy.context().close();

		await goTo(chief, "can-bo/ket", "Cán bộ và trực ban");
		await chief.getByText("Đã thử: đúng.").waitFor();
		await chief.getByText("Tạo các từ mới", { exact: true }).first().click();
		const draw = chief.getByRole("form", { name: "Tạo các từ khôi phục mới" });
		await draw.getByLabel("Cụm mật khẩu").fill("không phải cụm này");
		await draw.getByRole("button").click();
		await draw.getByRole("alert").waitFor();
		await draw.getByLabel("Cụm mật khẩu").fill(PASSPHRASE);
		await draw.getByRole("button").click();
		await chief.getByText("Chỉ hiện một lần, tại đây").waitFor();
		const words = await chief.locator(".escrow li").allTextContents();
		assert.equal(words.length, 15);
		assert.notDeepEqual(words, chief.words);
		await chief.getByLabel("Tôi đã in").check();
		await chief.getByRole("button", { name: "Đã cất vào két" }).click();
		const check = chief.getByRole("form", { name: "Kiểm tra các từ khôi phục" });
		await check.getByLabel("Các từ trong phong bì").fill(chief.words.join(" "));
		await check.getByRole("button").click();
		await check.getByRole("alert").waitFor();
		await check.getByLabel("Các từ trong phong bì").fill(words.join(" "));
		await check.getByRole("button").click();
		await chief.getByText("Đúng là các từ của máy này.", { exact: false }).waitFor();
		chief.words = words;
	});

	test("the roster: a shift each week, somebody stands in on a day, and a draft outlives a reload", async () => {
		const { chief, goTo, isSound, picture } = office;
		await goTo(chief, "can-bo/lich-truc", "Cán bộ và trực ban");
		await chief.getByText("Sửa cả lịch", { exact: true }).click();
		await chief.getByRole("button", { name: "Thêm ca" }).click();
		const whole = chief.getByRole("form", { name: "Sửa cả lịch trực" });
		await whole.getByLabel("Cán bộ").selectOption("truong.ca");
		await chief.reload();
		await chief.getByText("Sửa cả lịch", { exact: true }).click();
		assert.equal(await whole.getByLabel("Cán bộ").inputValue(), "truong.ca", "after a reload");
		await whole.getByRole("button", { name: "Lưu lịch" }).click();
		const table = chief.getByRole("region", { name: "Các ca trực" });
		await table.getByText("Thứ hai").waitFor();
		await isSound(chief, "the roster");
		const swap = chief.getByRole("form", { name: "Đổi ca" });
		await swap.getByLabel("Ngày").fill("25/11/2030");
		await swap.getByLabel("Người trực").selectOption("truc.ban");
		await swap.getByLabel("Thay cho").selectOption("truong.ca");
		await swap.getByRole("button", { name: "Ghi vào lịch" }).click();
		await table.getByText("25/11/2030").waitFor();
		await picture(chief, "roster");
		// From a spreadsheet: what is wrong with it is told by line and column, and the roster stays as it was.
		await chief.getByText("Nhập lịch từ bảng tính", { exact: true }).click();
		const file = chief.getByLabel("Tệp CSV của lịch trực");
		const head = "ngày;từ;đến;cán bộ\r\n";
		await file.setInputFiles(csv(`${head}T2;07:00;19:00;truong.ca\r\nT3;25:99;19:00;truong.ca\r\nT4;07:00;19:00;"${HOSTILE.replaceAll('"', '""')}"\r\n`));
		const faults = chief.getByRole("region", { name: "Các dòng phải sửa" });
		await faults.getByRole("rowheader", { name: "4" }).waitFor();
		assert.deepEqual(await faults.getByRole("rowheader").allTextContents(), ["3", "4"]);
		assert.equal(await chief.getByRole("button", { name: "Nhập tất cả" }).count(), 0);
		await table.getByText("25/11/2030").waitFor();
		await isSound(chief, "a roster with faults");
		await file.setInputFiles(csv(`${head}T2;07:00;19:00;truong.ca\r\n`));
		await chief.getByRole("button", { name: "Nhập tất cả" }).click();
		await chief.getByText("Đã lưu tất cả các dòng.").waitFor();
		await table.getByText("25/11/2030").waitFor({ state: "detached" });
		await must(chief, "/roster", { rows: [], dry_run: false });
	});
}
