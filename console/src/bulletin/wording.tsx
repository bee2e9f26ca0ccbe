// SPDX-License-Identifier: GPL-2.0-or-later
// Other words for the text message, beside those that are written: how many parts, how much, how long. Nothing of it
// is stored until somebody takes it over into the draft.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import { draftPut, useDraft } from "../draft";
import { dong, figure } from "../figure";
import type { Bulletin, BulletinPreview } from "../model";
import { go } from "../route";
import { span } from "../time";
import { ActForm, Area } from "../ui/form";
import { Notice } from "../ui/notice";
import { Fold } from "../ui/section";
import { Table } from "../ui/table";

const rows: [string, (one: BulletinPreview) => string][] = [
	["Người dân nhận được", (one) => one.sms ?? "đã xoá"],
	["Số phần", (one) => figure(one.segments)],
	["Ký tự", (one) => `${figure(one.characters)}${one.unaccented ? ", gửi không dấu" : ""}`],
	["Chi phí", (one) => one.cost === null ? "chưa rõ giá" : dong(one.cost)],
	["Thời gian gửi", (one) => one.minutes === null ? "không gửi hết được" : `khoảng ${span(one.minutes * 60)}`],
];

/** What the other words change, in one sentence. */
export function compared(written: Pick<BulletinPreview, "segments" | "cost">, other: Pick<BulletinPreview, "segments" | "cost">): string {
	const parts = written.segments - other.segments;
	const money = written.cost === null || other.cost === null ? 0 : written.cost - other.cost;
	if (parts === 0 && money === 0)
		return "Hai lời tốn như nhau.";
	const said = [parts ? `${figure(Math.abs(parts))} phần mỗi tin` : "", money ? dong(Math.abs(money)) : ""].filter(Boolean).join(", ");
	return (parts || money) > 0 ? `Lời khác bớt được ${said}.` : `Lời khác tốn thêm ${said}.`;
}

export function Wording(props: { bulletin: Bulletin; written: BulletinPreview; canChange: boolean }) {
	const { bulletin, written } = props;
	const act = useAct();
	const [words, setWords] = useDraft(`wording-${bulletin.id}`, bulletin.sms ?? "");
	const [other, setOther] = useState<{ of: string; preview: BulletinPreview } | null>(null);
	const shown = other && other.of === words.trim() ? other.preview : null;

	async function look(): Promise<void> {
		const of = words.trim();
		setOther({ of, preview: await post<BulletinPreview>(`/bulletins/${part(bulletin.id)}/preview`, { sms: of }) });
	}
	return (
		<Fold title="Thử lời khác cho SMS">
			<ActForm act={act} label="So với lời đã soạn" name="Thử lời khác cho SMS" isOff={!words.trim()} what={look}>
				<Area label="Lời khác" value={words} onValue={setWords} rows={3}
					hint="Chỉ để so sánh: bản tin vẫn giữ lời đã soạn." />
			</ActForm>
			{shown ? (
				<>
					<Notice tone="plain" role="status">{compared(written, shown)}</Notice>
					<Table caption="Lời đã soạn và lời khác" head={["", "Lời đã soạn", "Lời khác"]}>
						{rows.map(([title, of]) => <tr key={title}><th scope="row">{title}</th><td>{of(written)}</td><td>{of(shown)}</td></tr>)}
					</Table>
					{props.canChange ? <p><button type="button" onClick={() => {
						draftPut(`bulletin-${bulletin.id}-sms`, words.trim());
						setWords("");
						go("ban-tin", "soan", bulletin.id);
					}}>Đưa lời này vào bản nháp</button></p> : null}
				</>
			) : null}
		</Fold>
	);
}
