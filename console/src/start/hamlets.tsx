// SPDX-License-Identifier: GPL-2.0-or-later
// All hamlets at once, a line each: what everything else goes by.
import { useAct } from "../act";
import { post } from "../api";
import { useDraft } from "../draft";
import { codeOf, placeOptions, usePlaceNames } from "../people/places";
import { address } from "../route";
import { ActForm, Area } from "../ui/form";

export function Hamlets() {
	const act = useAct();
	const places = usePlaceNames();
	const hamlets = places.filter((place) => place.kind === "hamlet");
	const [text, setText] = useDraft("start-hamlets");
	const names = [...new Set(text.split("\n").map((line) => line.trim()).filter(Boolean))];
	const known = new Set(places.map((place) => place.code));
	const fresh = names.filter((name) => codeOf(name) && !known.has(codeOf(name)));

	async function store(): Promise<void> {
		for (const name of fresh)
			await post("/places", { code: codeOf(name), name, kind: "hamlet", parent: "" });
		setText("");
	}
	return (
		<>
			{hamlets.length ? <p>Đã có: {placeOptions(hamlets).map(([, name]) => name).join(", ")}.</p> : null}
			<ActForm act={act} label="Thêm các thôn" name="Thêm các thôn" isOff={fresh.length === 0} what={store}>
				<Area label="Tên các thôn, bản, khu phố; mỗi dòng một tên" value={text} onValue={setText} rows={8}
					hint={names.length > fresh.length ? `${names.length - fresh.length} tên đã có sẽ được bỏ qua.` : ""} />
			</ActForm>
			<p class="hint">Đổi tên, thêm cơ quan, trường học, danh sách dân: trang <a href={address("dan")}>Dân, nhóm</a>.</p>
		</>
	);
}
