// SPDX-License-Identifier: GPL-2.0-or-later
// Writing a bulletin. How many SMS it makes is shown while one writes; whom it reaches and what it costs once it is
// stored, since only the box knows who is on Zalo.
import { useEffect, useState } from "preact/hooks";
import { useAct } from "../act";
import { part, post } from "../api";
import { useAside } from "../aside";
import { useDraft } from "../draft";
import { useLoad } from "../load";
import type { Bulletin, BulletinCategory, Officer } from "../model";
import { usePlaceNames } from "../people/places";
import { address, go } from "../route";
import { isHandler } from "../session";
import { ActForm, Area, Check, Field, Select } from "../ui/form";
import { FailureNotice, Notice } from "../ui/notice";
import { Page } from "../ui/section";
import { SmsHint, useSmsPreview } from "../ui/sms";
import { isMoment, MOMENT_HINT, momentOf, momentText } from "../ui/time";
import { Audience, type Chosen, chosenOf, isNobody, ruleOf } from "./audience";
import { urgencies } from "./words";

function parse(text: string): Chosen | null {
	try {
		return text ? JSON.parse(text) : null;
	} catch {
		return null;
	}
}


function Form(props: { before: Bulletin | null; refers: { to: number; how: string } | null }) {
	const { before, refers } = props;
	const key = `bulletin-${before?.id ?? (refers ? `${refers.how}-${refers.to}` : "new")}`;
	const act = useAct();
	const categories = useAside<{ categories: BulletinCategory[] }>("/bulletin-categories")?.categories ?? [];
	const places = usePlaceNames();
	const [category, setCategory] = useDraft(`${key}-category`, before?.category ?? "");
	const [title, setTitle] = useDraft(`${key}-title`, before?.title ?? "");
	const [text, setText] = useDraft(`${key}-text`, before?.text ?? "");
	const [sms, setSms] = useDraft(`${key}-sms`, before?.sms ?? "");
	const [source, setSource] = useDraft(`${key}-source`, before?.source ?? "");
	const first = chosenOf(before?.audience, refers?.to ?? 0);
	const [chosenText, setChosenText] = useDraft(`${key}-whom`);
	const chosen = parse(chosenText) ?? first;
	const [urgency, setUrgency] = useDraft(`${key}-urgency`, before?.urgency ?? "");
	const [from, setFrom] = useDraft(`${key}-from`, momentText(before?.from));
	const [expires, setExpires] = useDraft(`${key}-expires`, momentText(before?.expires));
	const [isDrill, setDrill] = useState(before?.drill ?? false);
	const [isToRefusers, setToRefusers] = useState(before?.to_refusers ?? false);
	const kind = categories.find((one) => one.code === category);
	const isEmergency = (urgency || kind?.urgency) === "immediate";
	const how = refers?.how ?? before?.refers_how;
	const preview = useSmsPreview(category && (sms.trim() || (title.trim() && text.trim())) ? { bulletin: {
		category, title: title.trim(), text: text.trim(), sms: sms.trim(), drill: isDrill,
		...(isNobody(chosen) ? {} : { audience: ruleOf(chosen) }),
		...(urgency ? { urgency } : {}),
		...(before ? { severity: before.severity } : {}),
		...(how ? { refers_how: how } : {}),
	} } : null);

	async function store(): Promise<void> {
		const bulletin = await post<Bulletin>(before ? `/bulletins/${before.id}` : "/bulletins", {
			category, title: title.trim(), text: text.trim(), sms: sms.trim(), source: source.trim(), drill: isDrill,
			audience: ruleOf(chosen),
			from: momentOf(from), expires: momentOf(expires),
			...(isEmergency || before?.to_refusers ? { to_refusers: isEmergency && isToRefusers } : {}),
			...(urgency ? { urgency } : {}),
			...(refers ? { refers_to: refers.to, refers_how: refers.how } : {}),
		});
		for (const clear of [setCategory, setTitle, setText, setSms, setSource, setChosenText, setUrgency, setFrom, setExpires])
			clear("");
		go("ban-tin", bulletin.id);
	}
	return (
		<div class="card">
			<ActForm act={act} label="Lưu bản nháp" name="Soạn bản tin" what={store}
				isOff={!category || !title.trim() || !text.trim() || isNobody(chosen) || !isMoment(from) || !isMoment(expires)}>
				{refers ? <Notice tone="plain">{refers.how === "recalls" ? "Báo thu hồi" : "Đính chính"} bản tin {refers.to}.</Notice> : null}
				<div class="filters">
					<Select label="Loại bản tin" value={category} onValue={setCategory}
						options={[["", "Chọn…"], ...categories.map((one): [string, string] => [one.code, one.name])]} />
					<Select label="Thời gian" value={urgency} onValue={setUrgency}
						options={[["", kind ? "Theo loại bản tin" : "Theo loại"], ...Object.entries(urgencies)]} />
					<Field label="Bắt đầu gửi (để trống: ngay khi duyệt)" value={from} onValue={setFrom} autocomplete="off" hint={MOMENT_HINT} />
					<Field label="Hết hạn (để trống: theo loại)" value={expires} onValue={setExpires} autocomplete="off" hint={MOMENT_HINT} />
				</div>
				{kind?.sensitive ? <p class="hint">Loại này phải do Trưởng hoặc Phó Công an xã duyệt.</p> : null}
				<Audience places={places} chosen={chosen} onChosen={(next) => setChosenText(JSON.stringify(next))} />
				<Field label="Tiêu đề" value={title} onValue={setTitle} required maxLength={150} />
				<Area label="Nội dung" value={text} onValue={setText} rows={7} maxLength={1900} required
					hint={`${[...text].length} / 1.900 chữ trên Zalo. Không ghi bí mật nhà nước, không ghi tên, số điện thoại của dân.`} />
				<Area label="Nội dung SMS (để trống: lấy từ tiêu đề và nội dung)" value={sms} onValue={setSms} rows={3} />
				<SmsHint preview={preview} />
				<Field label="Nguồn (nếu có)" value={source} onValue={setSource} />
				<Check label="Diễn tập: chỉ gửi cho trưởng thôn, có ghi rõ là diễn tập" isOn={isDrill} onValue={setDrill} />
				{isEmergency ? <Check label="Gửi cả cho người đã từ chối nhận bản tin (phải hai người duyệt)" isOn={isToRefusers}
					onValue={setToRefusers} /> : null}
			</ActForm>
		</div>
	);
}

/** rest: [] a new one; [id] the next version of that; ["dinh-chinh" | "thu-hoi", id] one that refers to that. */
export function BulletinEditor(props: { officer: Officer; rest: string[] }) {
	const { rest } = props;
	const isReference = rest[0] === "dinh-chinh" || rest[0] === "thu-hoi";
	const id = isReference ? undefined : rest[0];
	const { data, failure } = useLoad<Bulletin>(id ? `/bulletins/${part(id)}` : null);
	const [before, setBefore] = useState<Bulletin | null>(null);
	// What another officer changes meanwhile must not take the words from under one's fingers.
	useEffect(() => {
		if (data && !before)
			setBefore(data);
	}, [data]);
	const refers = isReference && rest[1] ? { to: Number(rest[1]), how: rest[0] === "thu-hoi" ? "recalls" : "corrects" } : null;
	const isNewer = before && data && data.version > before.version;
	return (
		<Page title={id ? `Sửa bản tin ${id}` : "Soạn bản tin"} actions={<a class="button"
			href={id ? address("ban-tin", id) : address("ban-tin")}>Thôi</a>}>
			<FailureNotice failure={failure} />
			{isNewer ? <Notice tone="warning" role="status">Người khác vừa lưu phiên bản {data.version} của bản tin này. Lưu tiếp sẽ
				thay phiên bản đó; đề nghị mở lại bản tin để xem trước.</Notice> : null}
			{!isHandler(props.officer.role) ? <Notice tone="warning">Tài khoản này không soạn bản tin.</Notice>
				: !id || before ? <Form before={before} refers={refers} /> : null}
		</Page>
	);
}
