// SPDX-License-Identifier: GPL-2.0-or-later
// Whom a bulletin is for: everybody, some places, kinds of bodies and saved lists, or exactly those whom another one
// reached; narrowed to who holds an office there, or to whom Zalo does not reach.
import { useAside } from "../aside";
import type { AudienceRule, Place } from "../model";
import { placeKinds } from "../people/words";
import { Check, Select } from "../ui/form";

export type Whom = "all" | "places" | "reached";
type Office = "" | "heads" | "households" | "managers";

const offices: Record<Office, { title: string; roles: string[] }> = {
	"": { title: "Tất cả mọi người ở đó", roles: [] },
	heads: { title: "Chỉ trưởng thôn và cán bộ thôn", roles: ["head", "deputy", "secretary", "security"] },
	households: { title: "Chỉ chủ hộ", roles: ["household_head"] },
	managers: { title: "Chỉ người đứng đầu đơn vị", roles: ["manager"] },
};
const bodies = ["hamlet", "subunit", "committee", "agency", "school", "enterprise"];

/** What is chosen on the page; kept as a draft. */
export interface Chosen {
	whom: Whom;
	places: string[];
	kinds: string[];
	lists: string[];
	roles: string[];
	notOnZalo: boolean;
	reached: number;
}

export function chosenOf(rule: AudienceRule | undefined, refersTo: number): Chosen {
	const some = Boolean(rule?.places?.length || rule?.kinds?.length || rule?.lists?.length);
	return {
		whom: rule?.reached || (!rule && refersTo) ? "reached" : some ? "places" : "all",
		places: rule?.places ?? [],
		kinds: rule?.kinds ?? [],
		lists: rule?.lists ?? [],
		roles: rule?.roles ?? [],
		notOnZalo: rule?.not_on_zalo ?? false,
		reached: rule?.reached ?? refersTo,
	};
}

export function ruleOf(chosen: Chosen): AudienceRule {
	if (chosen.whom === "reached")
		return { reached: chosen.reached };
	const { places, kinds, lists, roles } = chosen;
	return {
		...(chosen.whom === "all" ? { all: true } : {
			...(places.length ? { places } : {}),
			...(kinds.length ? { kinds } : {}),
			...(lists.length ? { lists } : {}),
		}),
		...(roles.length ? { roles } : {}),
		...(chosen.notOnZalo ? { not_on_zalo: true } : {}),
	};
}

export function isNobody(chosen: Chosen): boolean {
	return chosen.whom === "places" && !chosen.places.length && !chosen.kinds.length && !chosen.lists.length;
}

function toggled(list: string[], one: string, isOn: boolean): string[] {
	return isOn ? [...list, one] : list.filter((other) => other !== one);
}

function Checks(props: { title: string; options: [string, string][]; chosen: string[]; onChosen: (codes: string[]) => void; none: string }) {
	return (
		<fieldset>
			<legend>{props.title}</legend>
			{props.options.length === 0 ? <p class="hint">{props.none}</p> : null}
			<div class="checks">
				{props.options.map(([code, name]) => (
					<Check key={code} label={name} isOn={props.chosen.includes(code)}
						onValue={(isOn) => props.onChosen(toggled(props.chosen, code, isOn))} />
				))}
			</div>
		</fieldset>
	);
}

interface Saved {
	code: string;
	name: string;
	members: number;
}

function officeOf(roles: string[]): string {
	const found = (Object.keys(offices) as Office[]).find((office) => offices[office].roles.join(" ") === roles.join(" "));
	return found ?? "other";
}

export function Audience(props: { places: Place[]; chosen: Chosen; onChosen: (chosen: Chosen) => void }) {
	const { chosen } = props;
	const lists = useAside<{ audiences: Saved[] }>("/audiences?limit=200")?.audiences ?? [];
	const set = (more: Partial<Chosen>) => props.onChosen({ ...chosen, ...more });
	const office = officeOf(chosen.roles);
	const whoms: [string, string][] = [["all", "Toàn xã"], ["places", "Một số địa bàn, đơn vị, danh sách"]];
	if (chosen.reached)
		whoms.push(["reached", `Đúng những người đã nhận bản tin ${chosen.reached}`]);
	return (
		<>
			<div class="filters">
				<Select label="Gửi cho" value={chosen.whom} onValue={(whom) => set({ whom: whom as Whom })} options={whoms} />
				{chosen.whom === "reached" ? null : (
					<Select label="Trong đó" value={office} onValue={(next) => set({ roles: offices[next as Office]?.roles ?? chosen.roles })}
						options={[...Object.entries(offices).map(([code, one]): [string, string] => [code, one.title]),
							...(office === "other" ? [["other", `Chỉ vai trò ${chosen.roles.join(", ")}`] as [string, string]] : [])]} />
				)}
			</div>
			{chosen.whom === "reached" ? null : <Check label="Chỉ người không dùng Zalo" isOn={chosen.notOnZalo}
				onValue={(notOnZalo) => set({ notOnZalo })} />}
			{chosen.whom === "places" ? (
				<>
					<Checks title="Địa bàn, đơn vị nhận" chosen={chosen.places}
						options={props.places.filter((place) => !place.is_closed || chosen.places.includes(place.code))
							.map((place) => [place.code, place.name])} onChosen={(places) => set({ places })} none="Chưa có địa bàn nào trong danh sách." />
					<Checks title="Tất cả các nơi cùng loại" options={bodies.map((kind) => [kind, placeKinds[kind] ?? kind])} chosen={chosen.kinds}
						onChosen={(kinds) => set({ kinds })} none="" />
					{lists.length ? <Checks title="Danh sách lưu sẵn" options={lists.map((one) => [one.code, one.name])} chosen={chosen.lists}
						onChosen={(next) => set({ lists: next })} none="" /> : null}
				</>
			) : null}
		</>
	);
}

/** The same in a sentence, for who approves it. */
export function audienceWords(rule: AudienceRule, nameOf: (code: string) => string): string {
	if (rule.reached)
		return `đúng những người đã nhận bản tin ${rule.reached}`;
	const whom = rule.all ? ["toàn xã"] : [
		...(rule.places ?? []).map(nameOf),
		...(rule.kinds ?? []).map((kind) => `mọi nơi loại “${(placeKinds[kind] ?? kind).toLowerCase()}”`),
		...(rule.lists ?? []).map((list) => `danh sách ${list}`),
	];
	const office = offices[officeOf(rule.roles ?? []) as Office];
	const narrowed = rule.roles?.length ? `; ${office ? office.title.toLowerCase() : `chỉ ${rule.roles.join(", ")}`}` : "";
	return `${whom.join(", ")}${narrowed}${rule.not_on_zalo ? "; chỉ người không dùng Zalo" : ""}`;
}
