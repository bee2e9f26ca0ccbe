// SPDX-License-Identifier: GPL-2.0-or-later
// Polls: which there are, and a new one. Its question becomes a bulletin draft, which a second person approves.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { post } from "../api";
import { useAside } from "../aside";
import { Audience, type Chosen, chosenOf, isNobody, ruleOf } from "../bulletin/audience";
import { useDraft } from "../draft";
import { usePages } from "../load";
import type { BulletinCategory, Officer, Place } from "../model";
import { address, go } from "../route";
import { isHandler } from "../session";
import { now, when } from "../time";
import { Badge } from "../ui/badge";
import { ActForm, Area, Field, Select } from "../ui/form";
import { FailureNotice } from "../ui/notice";
import { Fold, Section } from "../ui/section";
import type { Poll, PollRow } from "./model";
import { pollState } from "./words";

const OPTIONS_MAX = 8;

/** "Đồng ý: đồng thuận, tán thành" as the box reads an option: its name, and other words for it. */
export function optionsOf(lines: string): { label: string; aliases?: string }[] {
	return lines.split("\n").map((line) => line.trim()).filter(Boolean).map((line) => {
		const at = line.indexOf(":");
		const aliases = at < 0 ? "" : line.slice(at + 1).trim();
		return { label: (at < 0 ? line : line.slice(0, at)).trim(), ...(aliases ? { aliases } : {}) };
	});
}

/** A week from now, at five in the afternoon. */
function nextWeek(): string {
	return `${new Date(now() + 7 * 86_400_000).toISOString().slice(0, 10)}T17:00`;
}

function NewPoll() {
	const act = useAct();
	const places = useAside<{ places: Place[] }>("/places?limit=200")?.places ?? [];
	const [question, setQuestion] = useDraft("poll-question");
	const [lines, setLines] = useDraft("poll-options", "Đồng ý\nKhông đồng ý");
	const [closes, setCloses] = useDraft("poll-closes", nextWeek());
	const [quorum, setQuorum] = useDraft("poll-quorum", "0");
	const [category, setCategory] = useDraft("poll-category");
	const categories = useAside<{ categories: BulletinCategory[] }>("/bulletin-categories")?.categories ?? [];
	const kind = categories.find((one) => category ? one.code === category : one.polls);
	const [per, setPer] = useState("household");
	const [chosen, setChosen] = useState<Chosen>(() => chosenOf(undefined, 0));
	const options = optionsOf(lines);
	const isGood = question.trim() && closes && options.length >= 2 && options.length <= OPTIONS_MAX && !isNobody(chosen);
	return (
		<ActForm act={act} label="Tạo cuộc lấy ý kiến" name="Tạo cuộc lấy ý kiến" isOff={!isGood} what={async () => {
			const poll = await post<Poll>("/polls", {
				question: question.trim(), options, per, quorum: Number(quorum) || 0, closes: closes.replace("T", " "),
				audience: ruleOf(chosen), ...(kind ? { category: kind.code } : {}),
			});
			for (const clear of [setQuestion, setLines, setCloses, setQuorum, setCategory])
				clear("");
			go("dich-vu", "y-kien", poll.id);
		}}>
			<Area label="Câu hỏi" value={question} onValue={setQuestion} rows={3} maxLength={250} required />
			<Area label="Các ý để chọn, mỗi dòng một ý" value={lines} onValue={setLines} rows={4} required
				hint={options.length > OPTIONS_MAX ? `Nhiều nhất ${OPTIONS_MAX} ý.` : "Sau dấu hai chấm là các cách nói khác, cách nhau bằng dấu phẩy. Ví dụ: Đồng ý: tán thành, nhất trí"} />
			<div class="filters">
				<Select label="Loại bản tin" value={kind?.code ?? ""} onValue={setCategory}
					options={categories.map((one): [string, string] => [one.code, one.name])}
					hint={kind?.sensitive ? "Loại này phải do Trưởng hoặc Phó Công an xã duyệt." : "Của bản tin hỏi và bản tin kết quả; ai từ chối loại này thì không được hỏi."} />
				<Field label="Hết hạn" type="datetime-local" value={closes} onValue={setCloses} required />
				<Select label="Mỗi ý kiến là của" value={per} onValue={setPer} options={[["household", "một hộ"], ["phone", "một số điện thoại"]]} />
				<Field label="Cần ít nhất (% số được hỏi)" value={quorum} onValue={setQuorum} inputMode="numeric" pattern="[0-9]{1,3}" />
			</div>
			<Audience places={places} chosen={chosen} onChosen={setChosen} />
		</ActForm>
	);
}

export function PollList(props: { officer: Officer }) {
	const { rows, failure, hasMore, more } = usePages<PollRow>("/polls", "polls");
	return (
		<>
			{isHandler(props.officer.role) ? <div class="stack"><Fold title="Lấy ý kiến mới"><NewPoll /></Fold></div> : null}
			<Section title="Các cuộc lấy ý kiến" count={rows?.length ?? 0}>
				<FailureNotice failure={failure} />
				{rows && rows.length === 0 ? <p class="calm">Chưa có cuộc lấy ý kiến nào.</p> : null}
				<ul class="rows">
					{(rows ?? []).map((poll) => (
						<li key={poll.id}>
							<a class="row" href={address("dich-vu", "y-kien", poll.id)}>
								<span class="number">{poll.id}</span>
								<span class="what">{poll.question}<small>hết hạn {when(poll.closes)}</small></span>
								<span class="marks"><Badge tone={poll.state === "CLOSED" ? "warning" : "plain"}>{pollState(poll.state)}</Badge></span>
							</a>
						</li>
					))}
				</ul>
				{hasMore ? <button type="button" onClick={more}>Xem cũ hơn</button> : null}
			</Section>
		</>
	);
}
