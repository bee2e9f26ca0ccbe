// SPDX-License-Identifier: GPL-2.0-or-later
// What can be set from here, group by group; all that is changed in a group goes in together or not at all. The rest
// stands in the file on the box, and counts when it starts again.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { post } from "../api";
import { useDraft } from "../draft";
import { figure } from "../figure";
import { useLoad } from "../load";
import { when } from "../time";
import { Badge } from "../ui/badge";
import { ActForm, Field, Select } from "../ui/form";
import { FailureNotice, Notice } from "../ui/notice";
import { Section } from "../ui/section";
import { actorWords } from "../words";

type Value = number | string;

export interface Setting {
	name: string;
	group: string;
	title: string;
	meaning: string;
	type: "integer" | "string" | "choice";
	value: Value;
	value_file: Value;
	value_default: Value;
	unit: string;
	min: number | null;
	max: number | null;
	choices: { value: string; title: string }[];
	/** Of a text: what it may be. */
	allowed: string;
	is_changed: boolean;
	is_ignored: boolean;
	may_change: boolean;
	who: "chief" | "it";
	changed: string | null;
	changed_by: string | null;
}

type Edits = Record<string, string>;

const groups: Record<string, string> = {
	duty: "Trực ban và báo động",
	reports: "Tin báo",
	bulletins: "Bản tin",
	service: "Dịch vụ cho người dân",
	machine: "Máy và đăng nhập",
};

/** What stands in a field's name and beside a number in a sentence is not always the same. */
const units: Record<string, string> = { "giờ trong ngày": "giờ", "ngày trong tuần": "" };

/** As it is read: "10 phút", "không đặt". */
export function valueWords(setting: Setting, value: Value): string {
	if (setting.type === "choice")
		return setting.choices.find((one) => one.value === value)?.title ?? String(value);
	if (value === "")
		return "không đặt";
	return [typeof value === "number" ? figure(value) : value, units[setting.unit] ?? setting.unit].filter(Boolean).join(" ");
}

/** What may stand there, and what stood there before anybody touched it. */
function limits(setting: Setting): string {
	const from = setting.min === null ? "" : `từ ${figure(setting.min)}`;
	const to = setting.max === null ? "" : `đến ${figure(setting.max)}`;
	const range = setting.type === "integer" ? [from, to].filter(Boolean).join(" ") : setting.allowed;
	const first = `mặc định ${valueWords(setting, setting.value_default)}`;
	const said = [range, first].filter(Boolean).join("; ");
	return `${said[0]!.toUpperCase()}${said.slice(1)}.`;
}

function Input(props: { setting: Setting; text: string; onText: (text: string) => void }) {
	const { setting, text, onText } = props;
	const label = `${setting.title}${setting.unit ? ` (${setting.unit})` : ""}`;
	const hint = `${setting.meaning} ${limits(setting)}`;
	if (setting.type === "choice")
		return <Select label={label} value={text} onValue={onText} hint={hint}
			options={setting.choices.map((one): [string, string] => [one.value, one.title])} />;
	if (setting.type === "string")
		return <Field label={label} value={text} onValue={onText} hint={hint} autocomplete="off" />;
	return <Field label={label} value={text} onValue={onText} hint={hint} type="number" inputMode="numeric" step={1} required
		autocomplete="off" min={setting.min ?? undefined} max={setting.max ?? undefined} />;
}

function Told(props: { setting: Setting; isOff: boolean; onBack: () => void }) {
	const { setting } = props;
	if (setting.is_ignored)
		return (
			<Notice tone="warning">Giá trị đã đổi không còn hợp lệ với tệp cấu hình hiện nay, nên máy đang dùng giá trị trong tệp:{" "}
				{valueWords(setting, setting.value_file)}. Đề nghị đặt lại.</Notice>
		);
	if (!setting.is_changed)
		return null;
	return (
		<p class="hint">
			<Badge tone="warning">Đã đổi</Badge> {actorWords(setting.changed_by ?? "")} {setting.changed ? when(setting.changed) : ""}; trong tệp
			cấu hình là {valueWords(setting, setting.value_file)}.{" "}
			{setting.may_change ? <button type="button" class="small" disabled={props.isOff} onClick={props.onBack}
				aria-label={`Trở lại như tệp cấu hình: ${setting.title}`}>Trở lại như tệp cấu hình</button> : null}
		</p>
	);
}

function editsOf(text: string): Edits {
	try {
		return text ? JSON.parse(text) : {};
	} catch {
		return {};
	}
}

/** Only what differs from what is in force; numbers as numbers. */
export function changesOf(settings: Setting[], edits: Edits): Record<string, Value> {
	const changes: Record<string, Value> = {};
	for (const setting of settings) {
		const text = edits[setting.name]?.trim();
		if (text !== undefined && text !== String(setting.value))
			changes[setting.name] = setting.type === "integer" ? Number(text) : text;
	}
	return changes;
}

function Group(props: { title: string; settings: Setting[] }) {
	const { settings, title } = props;
	const act = useAct();
	const [draft, setDraft] = useDraft(`settings-${settings[0]!.group}`);
	const [isDone, setDone] = useState(false);
	const edits = editsOf(draft);
	const mine = settings.filter((setting) => setting.may_change);
	const changes = changesOf(mine, edits);
	const back = (setting: Setting) => () => void act.run(async () => {
		setDone(false);
		await post("/settings", { values: { [setting.name]: null } });
		const { [setting.name]: _, ...others } = edits;
		setDraft(Object.keys(others).length ? JSON.stringify(others) : "");
	});
	const rows = settings.map((setting) => (
		<div key={setting.name} class="setting">
			{setting.may_change ? <Input setting={setting} text={edits[setting.name] ?? String(setting.value)} onText={(text) => {
				setDone(false);
				setDraft(JSON.stringify({ ...edits, [setting.name]: text }));
			}} /> : (
				<p><strong>{setting.title}</strong>: {valueWords(setting, setting.value)}
					<small>{setting.meaning} {limits(setting)}</small></p>
			)}
			<Told setting={setting} isOff={act.isBusy} onBack={back(setting)} />
		</div>
	));
	return (
		<Section title={title}>
			{mine.length === 0 ? rows : (
				<ActForm act={act} label="Lưu, dùng ngay" name={title} isOff={Object.keys(changes).length === 0} what={async () => {
					await post("/settings", { values: changes });
					setDraft("");
					setDone(true);
				}}>{rows}</ActForm>
			)}
			{isDone ? <Notice tone="good" role="status">Đã lưu và có hiệu lực ngay.</Notice> : null}
		</Section>
	);
}

export function Settings() {
	const { data, failure } = useLoad<{ settings: Setting[] }>("/settings");
	const settings = data?.settings ?? [];
	const names = [...new Set(settings.map((setting) => setting.group))];
	return (
		<>
			<FailureNotice failure={failure} />
			<p class="hint">Thay đổi ở đây có hiệu lực ngay, không cần khởi động lại, và được ghi vào nhật ký. Các cài đặt khác nằm trong
				tệp cấu hình trên máy: cán bộ tin học sửa, rồi phải khởi động lại.</p>
			<div class="columns">
				{[0, 1].map((side) => (
					<div key={side}>
						{names.filter((_, i) => i % 2 === side).map((name) => (
							<Group key={name} title={groups[name] ?? name} settings={settings.filter((setting) => setting.group === name)} />
						))}
					</div>
				))}
			</div>
		</>
	);
}
