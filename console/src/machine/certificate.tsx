// SPDX-License-Identifier: GPL-2.0-or-later
// By what the browser knows this box: compared once with what the IT officer reads at the box itself.
import { useAside } from "../aside";
import { when } from "../time";
import { Section } from "../ui/section";

interface Certificate {
	fingerprint: string;
	until: string;
	days: number;
	is_own: boolean;
}

export function CertificateSection() {
	const certificate = useAside<{ certificate: Certificate | null }>("/certificate")?.certificate;
	if (!certificate)
		return null;
	return (
		<Section title="Chứng thư của máy Binhyen">
			<p>Trình duyệt báo “không tin cậy” lần đầu thì so dấu vân tay của chứng thư mà trình duyệt cho xem với dấu này, và với dấu mà cán
				bộ tin học đọc trên máy (<code>binhyenctl status</code>). Khác nhau thì không đăng nhập.</p>
			<p><code class="fingerprint">{certificate.fingerprint}</code></p>
			<p class="hint">SHA-256. Dùng đến {when(certificate.until)}{certificate.is_own ? "; máy tự làm mới trước khi hết hạn" : ""}.</p>
		</Section>
	);
}
