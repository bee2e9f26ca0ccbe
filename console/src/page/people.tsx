// SPDX-License-Identifier: GPL-2.0-or-later
// People and groups: places, the list of a place, who waits to be in it, lists from a spreadsheet, Zalo groups.
import { useAside } from "../aside";
import { Enrolments, type Waiting } from "../people/enrolments";
import { GroupPage } from "../people/group";
import { Groups } from "../people/groups";
import { PeopleImport } from "../people/import";
import { Lists } from "../people/lists";
import { PlacePage } from "../people/place";
import { Places } from "../people/places";
import { isKeeper, isReader } from "../session";
import { Page } from "../ui/section";
import { type Tab, Tabs } from "../ui/tabs";
import type { PageProps } from "./pages";

export function PeoplePage(props: PageProps) {
	const { officer } = props;
	const [first, second] = props.rest;
	const canKeep = isKeeper(officer.role);
	const waiting = useAside<Waiting>(canKeep ? "/enrolments" : null)?.enrolments.length ?? 0;
	const tabs: Tab[] = [
		{ at: ["dan"], title: "Địa bàn, đơn vị" },
		...(canKeep ? [{ at: ["dan", "cho-duyet"], title: "Chờ duyệt", count: waiting }, { at: ["dan", "nhap"], title: "Nhập danh sách" }] : []),
		{ at: ["dan", "nhom"], title: "Nhóm Zalo" },
		...(isReader(officer.role) ? [{ at: ["dan", "danh-sach"], title: "Danh sách, từ chối nhận" }] : []),
	];
	let content = <Places officer={officer} />;
	if (first === "dia-ban" && second)
		content = <PlacePage key={second} code={second} officer={officer} />;
	else if (first === "cho-duyet" && canKeep)
		content = <Enrolments />;
	else if (first === "nhap" && canKeep)
		content = <PeopleImport />;
	else if (first === "danh-sach" && isReader(officer.role))
		content = <Lists officer={officer} />;
	else if (first === "nhom")
		content = second ? <GroupPage key={second} id={second} officer={officer} /> : <Groups officer={officer} />;
	return (
		<Page title="Dân và nhóm">
			<Tabs label="Phần của trang Dân và nhóm" tabs={tabs} now={first === "dia-ban" ? undefined : first} />
			{content}
		</Page>
	);
}
