// SPDX-License-Identifier: GPL-2.0-or-later
// What came with a report. Pictures, voices and films are shown from memory, and only as one of a few types that a
// browser draws and does not run; whatever its sender called it, everything else can only be saved.
import { useEffect, useState } from "preact/hooks";
import { useAct } from "../act";
import { base, getBytes, part } from "../api";
import { bytes } from "../figure";
import type { Attachment } from "../model";
import { FailureNotice } from "../ui/notice";

type Shown = "picture" | "film" | "voice";

const kinds: Record<string, Shown> = {
	"image/avif": "picture",
	"image/bmp": "picture",
	"image/gif": "picture",
	"image/jpeg": "picture",
	"image/png": "picture",
	"image/webp": "picture",
	"video/mp4": "film",
	"video/webm": "film",
	"audio/aac": "voice",
	"audio/flac": "voice",
	"audio/mp4": "voice",
	"audio/mpeg": "voice",
	"audio/ogg": "voice",
	"audio/wav": "voice",
};
const verbs: Record<Shown, string> = { picture: "Xem ảnh", film: "Xem phim", voice: "Nghe" };
const SHOWN_MAX = 50_000_000; // bytes: more than that a cheap phone does not hold

/** How it may be shown here; null: it may only be saved. */
export function shownAs(mime: string): Shown | null {
	return kinds[mime] ?? null;
}

/** Bytes in the memory of the page, for as long as they are on it. */
function useBytes(): [string, (data: ArrayBuffer, mime: string) => void, () => void] {
	const [url, setUrl] = useState("");
	useEffect(() => () => URL.revokeObjectURL(url), [url]);
	return [url, (data, mime) => setUrl(URL.createObjectURL(new Blob([data], { type: mime }))), () => setUrl("")];
}

function Look(props: { file: Attachment; name: string; kind: Shown }) {
	const { file, name, kind } = props;
	const act = useAct();
	const [url, show, hide] = useBytes();
	if (!url)
		return (
			<>
				<button type="button" class="small no-print" disabled={act.isBusy} aria-label={`${verbs[kind]}: ${name}`}
					onClick={() => void act.look(async () => show(await getBytes(`/attachments/${part(file.id)}`), file.mime))}>
					{act.isBusy ? "Đang mở…" : verbs[kind]}
				</button>
				<FailureNotice failure={act.failure} />
			</>
		);
	return (
		<figure class="shown">
			{kind === "picture" ? <img src={url} alt={`Ảnh gửi kèm: ${name}`} /> : null}
			{kind === "film" ? <video src={url} controls aria-label={`Phim gửi kèm: ${name}`} /> : null}
			{kind === "voice" ? <audio src={url} controls aria-label={`Ghi âm gửi kèm: ${name}`} /> : null}
			<figcaption><button type="button" class="small" onClick={hide}>Đóng {name}</button></figcaption>
		</figure>
	);
}

export function FileRow(props: { file: Attachment }) {
	const { file } = props;
	const name = file.name || `tệp ${file.id}`;
	const kind = file.bytes <= SHOWN_MAX ? shownAs(file.mime) : null;
	if (file.state === "waiting")
		return <li>{name}: đang tải về từ Zalo.</li>;
	if (file.state === "failed")
		return <li>{name}: không tải được. {file.reason_vi}</li>;
	return (
		<li>
			<a href={`${base}/attachments/${file.id}`} download={name}>Lưu {name}</a> ({bytes(file.bytes)}, {file.mime}){" "}
			{kind ? <Look file={file} name={name} kind={kind} /> : null}
		</li>
	);
}
