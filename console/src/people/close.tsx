// SPDX-License-Identifier: GPL-2.0-or-later
// A place that is merged into another one or gone: its people, open reports and officers go with it, its name stays in
// what was.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import { useDraft } from "../draft";
import type { Place } from "../model";
import { Area, Select } from "../ui/form";
import { Notice } from "../ui/notice";
import { Fold } from "../ui/section";
import { SureButton } from "../ui/sure";
import type { PlaceClosed } from "./model";
import { placeOptions } from "./places";
import { closedWords } from "./words";

const REASON_MIN = 3;

export function CloseFold(props: { place: Place; places: Place[]; onClosed: (said: string) => void }) {
	const { place, places } = props;
	const act = useAct();
	const [into, setInto] = useState("");
	const [reason, setReason] = useDraft(`close-${place.code}`);
	const target = places.find((one) => one.code === into)?.name;

	async function close(): Promise<void> {
		const closed = await post<PlaceClosed>(`/places/${part(place.code)}/close`, { reason: reason.trim(), ...(into ? { into } : {}) });
		setReason("");
		props.onClosed(closedWords(closed));
	}
	return (
		<Fold title="Đóng, sáp nhập địa bàn">
			<Select label="Sáp nhập vào" value={into} onValue={setInto}
				options={placeOptions(places.filter((one) => one.code !== place.code), "Không, địa bàn này không còn ai")} />
			<Area label="Lý do, văn bản" value={reason} onValue={setReason} rows={2} maxLength={200} required />
			<SureButton act={act} label="Đóng địa bàn" title={`Đóng ${place.name}?`} what={close} isOff={[...reason.trim()].length < REASON_MIN}>
				<p>{target ? `Người trong danh sách, tin chưa xong, cảnh sát khu vực và đơn vị trực thuộc của ${place.name} chuyển sang ${target}.`
					: `${place.name} phải không còn ai trong danh sách và không còn tin chưa xong.`} Tin và số liệu cũ vẫn mang tên {place.name}. Địa bàn
					đã đóng không mở lại được.</p>
			</SureButton>
		</Fold>
	);
}

export function ClosedNotice(props: { said: string }) {
	return (
		<Notice tone={props.said ? "good" : "plain"} role="status">
			Địa bàn này đã đóng; không thêm người, tin hay nhóm mới. {props.said}
		</Notice>
	);
}
