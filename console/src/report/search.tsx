// SPDX-License-Identifier: GPL-2.0-or-later
// Words within reports, as far as the officer may read them; that somebody searched is on record.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { post } from "../api";
import { address } from "../route";
import { when } from "../time";
import { FailureNotice } from "../ui/notice";
import { category } from "../words";

interface Hit {
	report: string;
	at: string;
	category: string;
	text: string;
}

export function Search() {
	const act = useAct();
	const [words, setWords] = useState("");
	const [found, setFound] = useState<{ hits: Hit[]; is_cut: boolean } | null>(null);
	async function submit(event: Event): Promise<void> {
		event.preventDefault();
		if (words.trim())
			await act.run(async () => setFound(await post("/search", { words: words.trim(), limit: 50 })));
		else
			setFound(null);
	}
	return (
		<>
			<form class="search" role="search" onSubmit={(event) => void submit(event)}>
				<input type="search" aria-label="Tìm từ trong nội dung tin" placeholder="Tìm từ trong nội dung tin, có dấu hoặc không dấu"
					value={words} onInput={(event) => setWords(event.currentTarget.value)} />
				<button type="submit" disabled={act.isBusy}>{act.isBusy ? "Đang tìm…" : "Tìm"}</button>
				{found ? <button type="button" onClick={() => setFound(null)}>Bỏ kết quả</button> : null}
			</form>
			<FailureNotice failure={act.failure} />
			{found ? (
				<section class="card" aria-label="Kết quả tìm">
					<p role="status">
						{found.hits.length ? `Tìm thấy ${found.hits.length} tin${found.is_cut ? ", còn nữa; hãy thêm từ để thu hẹp" : ""}.`
							: "Không tìm thấy tin nào có đủ các từ đó. Thử bớt từ hoặc bỏ dấu."}
					</p>
					<ul class="rows">
						{found.hits.map((hit) => (
							<li key={hit.report}>
								<a class="row" href={address("tin", hit.report)}>
									<span class="number">{hit.report}</span>
									<span class="what">{hit.text}<small>{category(hit.category)}</small></span>
									<span class="time">{when(hit.at)}</span>
								</a>
							</li>
						))}
					</ul>
				</section>
			) : null}
		</>
	);
}
