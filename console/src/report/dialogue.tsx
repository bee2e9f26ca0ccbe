// SPDX-License-Identifier: GPL-2.0-or-later
// What was said, as it was said: text, whatever it contains.
import { useEffect } from "preact/hooks";
import { changed } from "../live";
import type { Entry, Report } from "../model";
import { when } from "../time";
import { Section } from "../ui/section";
import { entry, sent } from "../words";
import { FileRow } from "./file";

function isOurs(one: Entry): boolean {
	return one.kind === "answer" || one.kind === "note";
}

function EntryRow(props: { one: Entry }) {
	const { one } = props;
	return (
		<li class={`entry ${one.kind} ${isOurs(one) ? "ours" : ""}`}>
			<p class="meta">
				<b>{entry(one.kind)}</b> · {when(one.at)}
				{one.outbox_state ? <span class={`sent ${one.outbox_state}`}> · {sent(one.outbox_state)}</span> : null}
			</p>
			<p class="text" dir="auto">{one.text}</p>
		</li>
	);
}

const FETCHED_MS = 5000; // a file is fetched within seconds, and its coming is no event

export function Dialogue(props: { report: Report }) {
	const { report } = props;
	const isWaiting = report.attachments.some((file) => file.state === "waiting");
	useEffect(() => {
		if (!isWaiting)
			return;
		const timer = setInterval(changed, FETCHED_MS);
		return () => clearInterval(timer);
	}, [isWaiting]);
	return (
		<Section title="Trao đổi">
			<ol class="dialogue">{report.dialogue.map((one, i) => <EntryRow key={i} one={one} />)}</ol>
			{report.attachments.length ? (
				<>
					<h3>Tệp gửi kèm</h3>
					<ul class="files">{report.attachments.map((file) => <FileRow key={file.id} file={file} />)}</ul>
				</>
			) : null}
		</Section>
	);
}
