// SPDX-License-Identifier: GPL-2.0-or-later
// Whom a report is about, when it is about officers: from then on their keys do not open it, nor do those of whom they
// work under. Whoever names somebody may lose sight of it himself, and is told so before.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import { useLoad } from "../load";
import type { Officer, Report } from "../model";
import { Check } from "../ui/form";
import { FailureNotice, Notice } from "../ui/notice";
import { Fold } from "../ui/section";
import { SureButton } from "../ui/sure";
import { role as roleName } from "../words";

export function Subjects(props: { report: Report }) {
	const { report } = props;
	const act = useAct();
	const { data, failure } = useLoad<{ officers: Officer[] }>("/officers?limit=200");
	const [named, setNamed] = useState<string[]>([]);
	const [isTold, setTold] = useState(false);
	const officers = (data?.officers ?? []).filter((one) => one.state !== "removed");
	const toggle = (login: string, isOn: boolean) => setNamed(isOn ? [...named, login] : named.filter((one) => one !== login));
	const names = officers.filter((one) => named.includes(one.login)).map((one) => one.name);
	return (
		<Fold title={report.book ? "Tin phản ánh về cán bộ: về ai" : "Tin này phản ánh về cán bộ"}>
			<FailureNotice failure={failure} />
			<p>Cán bộ bị phản ánh và người dưới quyền người đó không đọc được tin, cũng không thấy ai gửi. Tin về Trưởng Công an xã do Chủ tịch
				UBND xã giải quyết.</p>
			<fieldset>
				<legend>Tin nói về</legend>
				<div class="checks">
					{officers.map((one) => (
						<Check key={one.login} label={`${one.name}, ${roleName(one.role)}`} isOn={named.includes(one.login)}
							onValue={(isOn) => toggle(one.login, isOn)} />
					))}
				</div>
			</fieldset>
			<SureButton act={act} label={named.length ? "Ghi là tin về những người này" : "Ghi là không về ai ở đây"}
				title={named.length ? "Khoá tin với người bị phản ánh?" : "Tin không về cán bộ nào ở đây?"}
				what={async () => {
					await post(`/reports/${part(report.report)}/subjects`, { officers: named });
					setTold(true);
				}}>
				<p>{names.length ? `Từ giờ ${names.join(", ")} không đọc được tin này. Nếu tin phải do người khác giải quyết, đồng chí cũng không còn thấy nội dung.`
					: "Tin trở về sổ tiếp nhận chung, cán bộ có quyền đều đọc được."}</p>
			</SureButton>
			{isTold ? <Notice tone="good" role="status">Đã ghi.</Notice> : null}
		</Fold>
	);
}
