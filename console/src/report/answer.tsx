// SPDX-License-Identifier: GPL-2.0-or-later
// The answer to the reporter: own words, or ready ones with a blank to fill in. What it will be by SMS is shown
// before it leaves.
import { useEffect, useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post, postFile } from "../api";
import { useAside } from "../aside";
import { useDraft } from "../draft";
import type { AnswerTemplate, Report, Role } from "../model";
import { isLeader } from "../session";
import { ActForm, Area, Select } from "../ui/form";
import { FailureNotice, Notice } from "../ui/notice";
import { Section } from "../ui/section";
import { SmsHint, useSmsPreview } from "../ui/sms";
import { reportState } from "../words";

/** The words as they will leave, as far as the page can tell. */
export function filled(template: AnswerTemplate | undefined, text: string, report: Report): string {
	return template ? template.words.replace("{number}", String(report.number)).replace("{text}", () => text) : text;
}

/** A leader has looked at a marking and says that it is none; then the answer goes. */
function Clearance(props: { report: Report; body: { text?: string; template?: string }; onDone: () => void }) {
	const act = useAct();
	const path = `/reports/${part(props.report.report)}`;
	return (
		<>
			<FailureNotice failure={act.failure} />
			<button type="button" disabled={act.isBusy} onClick={() => void act.run(async () => {
				await post(`${path}/clearance`, props.body);
				await post(`${path}/answer`, props.body);
				props.onDone();
			})}>Xác nhận không phải bí mật nhà nước và gửi</button>
		</>
	);
}

function SendFile(props: { report: Report }) {
	const act = useAct();
	const [file, setFile] = useState<File | null>(null);
	return (
		<details>
			<summary>Gửi ảnh hoặc tệp (chỉ qua Zalo)</summary>
			<ActForm act={act} label="Gửi tệp" isOff={!file} what={async () => {
				await postFile(`/reports/${part(props.report.report)}/files?name=${part(file!.name)}`, file!);
				setFile(null);
			}}>
				<div class="field">
					<label for="answer-file">Ảnh đến 1 MB; PDF, Word, CSV đến 5 MB</label>
					<input id="answer-file" type="file" accept=".jpg,.jpeg,.png,.gif,.pdf,.doc,.docx,.csv"
						onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)} />
				</div>
			</ActForm>
		</details>
	);
}

/** How many answers there were when he began to write; what came since he should have read. */
function useSeen(isWriting: boolean, count: number): { missed: number; see: () => void } {
	const [seen, setSeen] = useState(count);
	useEffect(() => {
		if (!isWriting)
			setSeen(count);
	}, [isWriting, count]);
	return { missed: isWriting ? Math.max(0, count - seen) : 0, see: () => setSeen(count) };
}

export function Answer(props: { report: Report; role: Role }) {
	const { report, role } = props;
	const act = useAct();
	const templates = useAside<{ templates: AnswerTemplate[] }>("/answer-templates")?.templates ?? [];
	const [text, setText] = useDraft(`answer-${report.report}`);
	const [name, setName] = useDraft(`template-${report.report}`);
	const [told, setTold] = useState("");
	const template = templates.find((one) => one.name === name);
	const others = useSeen(text.trim() !== "" || name !== "",
		report.dialogue.filter((one) => one.kind === "answer" || one.kind === "more").length);
	const needsText = !template || template.has_text;
	const words = filled(template, text, report);
	const isSms = report.source === "modem" || report.source === "http_sms" || report.source === "call";
	const preview = useSmsPreview(isSms && words.trim() ? { text: words, lane: "answer" } : null);
	const body = template ? { template: template.name, ...(template.has_text ? { text } : {}) } : { text };

	function done(): void {
		others.see();
		setText("");
		setName("");
		act.forget();
	}
	/** Ctrl and Enter send from within the text. */
	function pressed(event: KeyboardEvent): void {
		if (event.key === "Enter" && (event.ctrlKey || event.metaKey))
			(event.currentTarget as HTMLTextAreaElement).form?.requestSubmit();
	}
	async function send(): Promise<void> {
		const answer = await post<{ sent: number; held: number }>(`/reports/${part(report.report)}/answer`, body);
		setTold(answer.held > 0 ? "Đã lưu câu trả lời. Người gửi không muốn nhận tin nhắn: sẽ được đọc khi hỏi bằng mã và PIN."
			: answer.sent > 0 ? "Đã lưu câu trả lời và đang gửi." : "Đã lưu câu trả lời; không có địa chỉ để gửi.");
	}
	const options: [string, string][] = [["", "Tự viết"], ...templates.map((one): [string, string] =>
		[one.name, `${reportState(one.state)}: ${one.words.replace("{number}", String(report.number)).replace("{text}", "…")}`])];
	return (
		<Section title="Trả lời người gửi" class="no-print">
			<ActForm act={act} label="Gửi trả lời" name="Trả lời người gửi" what={send} onDone={done}
				isOff={needsText && !text.trim()}>
				<Select label="Mẫu câu" value={name} onValue={setName} options={options} />
				{needsText ? (
					<Area label={template ? "Phần điền vào chỗ …" : "Nội dung trả lời"} value={text} rows={template ? 2 : 4}
						maxLength={16000} onKeyDown={pressed} onValue={(next) => {
							setText(next);
							setTold("");
						}} />
				) : null}
				{template ? <p class="quote">{words}</p> : null}
				<SmsHint preview={preview} />
				{others.missed && !act.isBusy ? (
					<Notice tone="warning" role="status">
						Trong lúc đồng chí viết, tin này có thêm {others.missed} câu trả lời hoặc lời nhắn. Nội dung đang viết vẫn còn; đề nghị xem lại trước
						khi gửi. <button type="button" class="small" onClick={others.see}>Đã xem</button>
					</Notice>
				) : null}
			</ActForm>
			{act.failure?.status === 409 ? (
				<Notice tone="warning">
					Người gửi không có số hay tài khoản nhận tin, đã xin đừng nhắn, hoặc kênh của họ đang tắt. Gặp hoặc gọi trực tiếp, rồi ghi lại ở Ghi chú
					nội bộ; nội dung đang viết vẫn còn.
				</Notice>
			) : null}
			{act.failure?.status === 403 && isLeader(role) ? <Clearance report={report} body={body} onDone={done} /> : null}
			{told ? <Notice tone="good" role="status">{told}</Notice> : null}
			{report.source === "zalo_user" ? <SendFile report={report} /> : null}
		</Section>
	);
}
