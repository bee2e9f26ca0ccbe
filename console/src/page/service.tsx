// SPDX-License-Identifier: GPL-2.0-or-later
// What the box does for residents by itself, and what of it waits for a person.
import { Asked } from "../service/asked";
import { Dossiers } from "../service/dossiers";
import { PollPage } from "../service/poll";
import { PollList } from "../service/polls";
import { ProcedurePage } from "../service/procedure";
import { ProcedureList } from "../service/procedures";
import { Questions } from "../service/questions";
import { Stays } from "../service/stays";
import { today } from "../time";
import { Page } from "../ui/section";
import { type Tab, Tabs } from "../ui/tabs";
import type { PageProps } from "./pages";

export function ServicePage(props: PageProps) {
	const { role } = props.officer;
	const [first, second] = props.rest;
	const isClerk = role === "chief" || role === "clerk";
	const tabs: Tab[] = [
		{ at: ["dich-vu"], title: "Thủ tục" },
		{ at: ["dich-vu", "cau-hoi"], title: "Câu hỏi chưa có trả lời" },
		...(isClerk ? [{ at: ["dich-vu", "luu-tru"], title: "Lưu trú" }] : []),
		{ at: ["dich-vu", "y-kien"], title: "Lấy ý kiến" },
		{ at: ["dich-vu", "ho-so"], title: "Hồ sơ một cửa" },
		{ at: ["dich-vu", "luot-hoi"], title: "Lượt hỏi" },
	];
	let content = <ProcedureList />;
	if (first === "thu-tuc" && second)
		content = <ProcedurePage key={second} code={second} today={today()} role={role} />;
	else if (first === "cau-hoi")
		content = <Questions />;
	else if (first === "luu-tru" && isClerk)
		content = <Stays />;
	else if (first === "y-kien")
		content = second ? <PollPage key={second} id={second} officer={props.officer} /> : <PollList officer={props.officer} />;
	else if (first === "ho-so")
		content = <Dossiers role={role} />;
	else if (first === "luot-hoi")
		content = <Asked />;
	return (
		<Page title="Dịch vụ">
			<Tabs label="Phần của trang Dịch vụ" tabs={tabs} now={first === "thu-tuc" ? undefined : first} />
			{content}
		</Page>
	);
}
