// SPDX-License-Identifier: GPL-2.0-or-later
// The sheet on the board of the hamlet's house: where to write, what becomes of it, what nobody of the office ever asks.
import { useAside } from "../aside";
import { useDraft } from "../draft";
import { Field } from "../ui/form";
import { QrCode } from "../ui/qr";

/** For the camera of a phone: a text message to that number, with the first word of it. */
function smsTo(phone: string, text: string): string {
	return `SMSTO:${phone.replace(/[^\d+]/g, "")}:${text}`;
}

/** A phone's camera opens what has a scheme. */
function linkOf(text: string): string {
	return !text || text.includes("://") ? text : `${location.protocol}//${text}`;
}

function Sheet(props: { office: string; phone: string; zalo: string; wording: string }) {
	const { office, phone, zalo } = props;
	return (
		<article class="poster" aria-label="Áp phích">
			<p class="office">{office || "Công an xã"}</p>
			<h2>Báo tin, hỏi thủ tục: nhắn tin đến</h2>
			<p class="number">{phone || "…………………"}</p>
			<p>Nhắn bằng lời của mình, có dấu hay không dấu đều được, không cần cú pháp. Máy nhận suốt ngày đêm và nhắn lại mã tin để
				hỏi kết quả. Hỏi thủ tục thì nhắn <b>TT</b> và điều cần hỏi.</p>
			<p class="urgent"><b>Đang nguy hiểm thì gọi ngay: 113 công an · 114 chữa cháy · 115 cấp cứu · 112 cứu nạn.</b></p>
			<div class="codes">
				<figure>
					{phone ? <QrCode text={smsTo(phone, "DK ")} label="Mã QR để nhắn tin đăng ký" /> : null}
					<figcaption>Đăng ký nhận tin: nhắn <b>DK</b>, tên thôn và họ tên</figcaption>
				</figure>
				{zalo ? (
					<figure>
						<QrCode text={zalo} label="Mã QR của Zalo" />
						<figcaption>Zalo của Công an xã</figcaption>
					</figure>
				) : null}
			</div>
			<p>{props.wording}</p>
			<p>Tin nhắn SMS đi qua nhà mạng và còn lưu trên máy của ông bà; việc cần kín thì đến trụ sở hoặc xin được gọi lại. Không ghi
				bí mật nhà nước.</p>
			<p><b>Công an xã không bao giờ nhắn xin tiền, mã OTP, hay gửi đường dẫn lạ.</b></p>
		</article>
	);
}

export function Poster() {
	const [office, setOffice] = useDraft("poster-office");
	const [phone, setPhone] = useDraft("poster-phone");
	const [zalo, setZalo] = useDraft("poster-zalo");
	const wording = useAside<{ text: string }>("/enrolments/wording")?.text ?? "";
	return (
		<>
			<div class="no-print">
				<div class="filters">
					<Field label="Tên cơ quan" value={office} onValue={setOffice} autocomplete="off" maxLength={80} hint="Ví dụ: Công an xã Đông Hà" />
					<Field label="Số SIM của máy" value={phone} onValue={setPhone} inputMode="tel" autocomplete="off" maxLength={20} />
					<Field label="Đường dẫn Zalo OA (nếu có)" value={zalo} onValue={setZalo} inputMode="url" autocomplete="off" maxLength={100}
						hint="Ví dụ: zalo.me/ rồi mã của OA" />
				</div>
				<p><button type="button" class="primary" disabled={!phone.trim()} onClick={() => print()}>In áp phích</button></p>
			</div>
			<Sheet office={office.trim()} phone={phone.trim()} zalo={linkOf(zalo.trim())} wording={wording} />
		</>
	);
}
