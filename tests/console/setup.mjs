// SPDX-License-Identifier: GPL-2.0-or-later
// The rest of the first start, which the chief goes through step by step, and the pages of machine and account.
//
// office: {stage, chief, goTo, isSound, picture}, read when a test runs; office.chief.words are those for the safe.
import assert from "node:assert/strict";

export function setupTests(test, office) {
	test("the first start goes on step by step, from where it was left", async () => {
		const { chief, isSound, picture } = office;
		const words = chief.getByLabel("Các từ trong phong bì");
		await words.fill(`${chief.words.slice(1).join(" ")} ${chief.words[0]}`);
		await chief.getByRole("button", { name: "Kiểm tra" }).click();
		await chief.getByRole("alert").waitFor();
		await words.fill(chief.words.join(" "));
		await chief.getByRole("button", { name: "Kiểm tra" }).click();
		await chief.getByText("Đúng là các từ của máy này.").waitFor();
		await isSound(chief, "the words are tried");
		await chief.getByRole("button", { name: "Tiếp: Địa bàn" }).click();
		await chief.getByLabel("Tên các thôn").fill("Thôn 1\nThôn 2\n\nThôn 2");
		await chief.getByRole("button", { name: "Thêm các thôn" }).click();
		await chief.getByText("Đã có: Thôn 1, Thôn 2.").waitFor();
		await isSound(chief, "hamlets");
		await chief.evaluate(() => { location.hash = "#/hom-nay"; });
		await chief.getByRole("heading", { level: 1, name: "Hôm nay" }).waitFor();
		await chief.getByRole("link", { name: "Thiết lập" }).click();
		// What is done is not asked for again: words and hamlets; the modem is heard, and Zalo has its token.
		await chief.getByLabel("Số SIM của máy").waitFor();
		await chief.getByRole("link", { name: "Thử modem" }).click();
		await chief.getByText("Thử SIM, xem modem nói gì").click();
		await chief.getByRole("button", { name: "Thử", exact: true }).click();
		await chief.getByText("Tai khoan goc: 50000d", { exact: false }).waitFor();
		await isSound(chief, "the modem");
		await picture(chief, "start");
		await chief.getByRole("button", { name: "Tiếp: Zalo" }).click();
		await chief.getByText("hoạt động").waitFor();
		await chief.getByRole("button", { name: "Lấy đường dẫn cấp quyền" }).click();
		await chief.getByRole("link", { name: "Mở trang cấp quyền của Zalo" }).waitFor();
		await chief.getByRole("button", { name: "Tiếp: Áp phích" }).click();
		await chief.getByLabel("Số SIM của máy").fill("0900 000 099");
		await chief.getByRole("img", { name: "Mã QR để nhắn tin đăng ký" }).waitFor();
		await isSound(chief, "the poster");
		await picture(chief, "poster", { fullPage: true });
		await chief.getByRole("button", { name: "Xong, vào trang làm việc" }).click();
		await chief.getByRole("heading", { level: 1, name: "Hôm nay" }).waitFor();
	});

	test("account and log: the certificate is told, and the log is checked", async () => {
		const { stage, chief, goTo, isSound } = office;
		await goTo(chief, "toi", "Tài khoản");
		await chief.locator(".fingerprint").waitFor();
		const { fingerprint } = await stage.do("where");
		assert.equal(await chief.locator(".fingerprint").textContent(), fingerprint);
		await isSound(chief, "the account");
		await goTo(chief, "may/nhat-ky", "Máy");
		await chief.getByRole("button", { name: "Kiểm tra toàn bộ nhật ký" }).click();
		await chief.getByText(/Đã kiểm tra [\d.]+ dòng/).waitFor();
		await isSound(chief, "the log");
		await goTo(chief, "hom-nay", "Hôm nay");
	});
}
