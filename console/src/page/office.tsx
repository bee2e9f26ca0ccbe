// SPDX-License-Identifier: GPL-2.0-or-later
// The office itself: who works here, who is on duty when, what lies in the safe.
import { Escrow } from "../office/escrow";
import { OfficerPage } from "../office/officer";
import { Officers } from "../office/officers";
import { RosterPage } from "../office/roster";
import { isLeader } from "../session";
import { Page } from "../ui/section";
import { type Tab, Tabs } from "../ui/tabs";
import type { PageProps } from "./pages";

export function OfficePage(props: PageProps) {
	const { officer } = props;
	const [first, second] = props.rest;
	const mayOpenSafe = isLeader(officer.role) || officer.role === "chairman";
	const tabs: Tab[] = [
		{ at: ["can-bo"], title: "Cán bộ" },
		{ at: ["can-bo", "lich-truc"], title: "Lịch trực" },
		...(mayOpenSafe ? [{ at: ["can-bo", "ket"], title: "Từ khôi phục" }] : []),
	];
	let content = <Officers officer={officer} />;
	let now: string | undefined;
	if (first === "lich-truc")
		[content, now] = [<RosterPage officer={officer} />, first];
	else if (first === "ket" && mayOpenSafe)
		[content, now] = [<Escrow officer={officer} />, first];
	else if (first === "ho-so" && second)
		content = <OfficerPage key={second} login={second} officer={officer} />;
	return (
		<Page title="Cán bộ và trực ban">
			<Tabs label="Phần của trang Cán bộ" tabs={tabs} now={now} />
			{content}
		</Page>
	);
}
