// SPDX-License-Identifier: GPL-2.0-or-later
// How much residents ask of the box itself, by which door, about what, and how much of it needed a person.
import { useState } from "preact/hooks";
import { useLoad } from "../load";
import { address } from "../route";
import { Select } from "../ui/form";
import { FailureNotice } from "../ui/notice";
import { Section } from "../ui/section";
import { Table } from "../ui/table";
import type { Counts, ServiceStatistics } from "./model";
import { asked } from "./procedures";
import { day, door, topic } from "./words";

const head = ["Được hỏi", "Máy tự trả lời", "Chuyển cán bộ", "Bỏ dở"];

function Cells(props: { counts: Counts }) {
	const { counts } = props;
	return <>{[counts.asked, counts.answered, counts.person, counts.lost].map((count, i) => <td key={i}>{asked(count)}</td>)}</>;
}

export function Asked() {
	const [days, setDays] = useState("30");
	const { data, failure } = useLoad<ServiceStatistics>(`/statistics/service?days=${days}`);
	return (
		<>
			<div class="filters no-print">
				<Select label="Tính trong" value={days} onValue={setDays} options={[["7", "7 ngày"], ["30", "30 ngày"], ["90", "90 ngày"], ["365", "1 năm"]]} />
			</div>
			<FailureNotice failure={failure} />
			{data ? (
				<>
					<p class="hint">Từ {day(data.since)}. Số dưới 5 không ghi rõ, để không đoán được ai đã hỏi.</p>
					<Section title="Theo đường hỏi">
						<Table caption="Lượt hỏi theo đường hỏi" head={["Đường", ...head]}>
							{data.doors.map((one) => <tr key={one.door}><th scope="row">{door(one.door)}</th><Cells counts={one} /></tr>)}
							<tr><th scope="row">Tất cả</th><Cells counts={data.sums} /></tr>
						</Table>
					</Section>
					<Section title="Theo việc">
						<Table caption="Lượt hỏi theo việc" head={["Việc", ...head]}>
							{data.topics.map((one) => <tr key={one.what}><th scope="row">{topic(one.what)}</th><Cells counts={one} /></tr>)}
						</Table>
					</Section>
					<Section title="Thủ tục được hỏi nhiều">
						<Table caption="Thủ tục được hỏi nhiều" head={["Mục", "Lượt hỏi"]}>
							{data.procedures.map((one) => (
								<tr key={one.code}>
									<th scope="row">{one.title ? <a href={address("dich-vu", "thu-tuc", one.code)}>{one.title}</a> : `${one.code} (mục đã bỏ)`}</th>
									<td>{asked(one.asked)}</td>
								</tr>
							))}
							<tr><th scope="row">Không mục nào trả lời được</th><td>{asked(data.missed)}</td></tr>
						</Table>
					</Section>
				</>
			) : null}
		</>
	);
}
