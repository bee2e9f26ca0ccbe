// SPDX-License-Identifier: GPL-2.0-or-later
// What was said, as it was said: text, whatever it contains.
import { useEffect } from "preact/hooks";
import { changed } from "../live";
import type { Entry, Report } from "../model";
import { when } from "../time";
import { Section } from "../ui/section";
import { channel, entry, sent } from "../words";
import { FileRow } from "./file";

function isOurs(one: Entry): boolean {
	return one.kind === "answer" || one.kind === "note";
}

/** "bằng SMS, không dấu": by SMS marks go where they would make a message too long, and what is shown is what was sent. */
export function sentBy(one: Pick<Entry, "channel" | "text">): string {
	if (!one.channel)
		return "";
	const isSms = one.channel === "modem" || one.channel === "http_sms";
	return `bằng ${channel(one.channel)}${isSms && !/[\u00c0-\u024f\u1e00-\u1eff]/.test(one.text.normalize("NFC")) ? ", không dấu" : ""}`;
}

function EntryRow(props: { one: Entry }) {
	const { one } = props;
	return (
		<li class={`entry ${one.kind} ${isOurs(one) ? "ours" : ""}`}>
			<p class="meta">
				<b>{entry(one.kind)}</b> · {when(one.at)}{one.channel ? ` · ${sentBy(one)}` : ""}
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
