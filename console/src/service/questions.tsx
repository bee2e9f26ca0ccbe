// SPDX-License-Identifier: GPL-2.0-or-later
// What residents asked and no entry answered: each waits for a person, and together they say what to write next.
import { figure } from "../figure";
import { usePages } from "../load";
import { address } from "../route";
import { when } from "../time";
import { StateBadge } from "../ui/badge";
import { FailureNotice } from "../ui/notice";
import { Section } from "../ui/section";
import type { Question } from "./model";

interface Wanted {
	code: string;
	title: string;
	count: number;
}

/** The entries that came nearest to most questions: a few more ways to ask, or a new entry beside them. */
export function wanted(questions: Question[]): Wanted[] {
	const found = new Map<string, Wanted>();
	for (const near of questions.flatMap((one) => one.near.slice(0, 1))) {
		const known = found.get(near.code);
		found.set(near.code, { code: near.code, title: near.title, count: (known?.count ?? 0) + 1 });
	}
	return [...found.values()].sort((a, b) => b.count - a.count || a.code.localeCompare(b.code));
}

function Row(props: { question: Question }) {
	const { question } = props;
	const near = question.near[0];
	return (
		<li>
			<a class="row" href={address("tin", question.report)}>
				<span class="number">{question.report}</span>
				<span class="what">
					{question.text ?? "Tin riêng, chỉ người được giao đọc"}
					<small>{near ? `gần nhất: ${near.title}` : "không có mục nào gần"}</small>
				</span>
				<span class="marks"><StateBadge state={question.state} /></span>
				<span class="time">{when(question.received)}</span>
			</a>
		</li>
	);
}

export function Questions() {
	const { rows, failure, hasMore, more } = usePages<Question>("/questions", "questions");
	const questions = rows ?? [];
	const nearest = wanted(questions);
	return (
		<div class="columns">
			<div>
				<Section title="Câu hỏi chưa có câu trả lời sẵn" count={questions.length}>
					<FailureNotice failure={failure} />
					{rows && questions.length === 0 ? <p class="calm">Chưa có câu hỏi nào nằm ngoài các mục đã soạn.</p> : null}
					<ul class="rows">{questions.map((one) => <Row key={one.id} question={one} />)}</ul>
					{hasMore ? <button type="button" onClick={more}>Xem cũ hơn</button> : null}
				</Section>
			</div>
			<div>
				<Section title="Nên soạn gì tiếp">
					{nearest.length === 0 ? <p class="calm">Chưa đủ câu hỏi để gợi ý.</p> : (
						<>
							<p>Các mục được hỏi gần đúng nhiều nhất. Thêm cách hỏi vào mục có sẵn, hoặc soạn mục mới bên cạnh.</p>
							<ul class="plain">
								{nearest.slice(0, 10).map((one) => (
									<li key={one.code}><a href={address("dich-vu", "thu-tuc", one.code)}>{one.title}</a>: {figure(one.count)} câu hỏi</li>
								))}
							</ul>
						</>
					)}
				</Section>
			</div>
		</div>
	);
}
