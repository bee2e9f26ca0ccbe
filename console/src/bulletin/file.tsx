// SPDX-License-Identifier: GPL-2.0-or-later
// The picture or PDF that goes with a bulletin by Zalo.
import { useAct } from "../act";
import { base, part, post, postFile } from "../api";
import type { Bulletin } from "../model";
import { FailureNotice } from "../ui/notice";
import { Section } from "../ui/section";

export function File(props: { bulletin: Bulletin; canChange: boolean }) {
	const { bulletin, canChange } = props;
	const act = useAct();
	const path = `/bulletins/${part(bulletin.id)}`;
	if (!bulletin.file && !canChange)
		return null;
	return (
		<Section title="Ảnh, PDF kèm theo (chỉ Zalo)">
			{bulletin.file ? <p><a href={`${base}${path}/file`} download={bulletin.file.name}>{bulletin.file.name}</a></p> : null}
			<FailureNotice failure={act.failure} />
			{canChange ? (
				<div class="field">
					<label for="bulletin-file">{bulletin.file ? "Thay bằng tệp khác" : "Chọn tệp"}</label>
					<input id="bulletin-file" type="file" accept="image/jpeg,image/png,image/gif,application/pdf" disabled={act.isBusy}
						aria-describedby="bulletin-file-hint" onChange={(event) => {
							const file = event.currentTarget.files?.[0];
							if (file)
								void act.run(() => postFile(`${path}/file?name=${encodeURIComponent(file.name)}`, file));
						}} />
					<p class="hint" id="bulletin-file-hint">Ảnh JPG, PNG đến 1 MB, GIF, hoặc PDF đến 5 MB.</p>
				</div>
			) : null}
			{canChange && bulletin.file ? <p><button type="button" class="small" disabled={act.isBusy} onClick={() => void act.run(() =>
				post(path, { file: null }))}>Bỏ tệp</button></p> : null}
		</Section>
	);
}
