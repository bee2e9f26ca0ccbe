// SPDX-License-Identifier: GPL-2.0-or-later
// The register of a year, and how the commune does against its plan.
import { Exports, RegisterSheet } from "../figures/register";
import { Targets, Trends } from "../figures/targets";
import { Terms } from "../figures/terms";
import { Page } from "../ui/section";
import { type Tab, Tabs } from "../ui/tabs";
import type { PageProps } from "./pages";

const tabs: Tab[] = [
	{ at: ["so-lieu"], title: "Sổ tiếp nhận" },
	{ at: ["so-lieu", "chi-tieu"], title: "Chỉ tiêu" },
	{ at: ["so-lieu", "bieu-do"], title: "Biểu đồ" },
	{ at: ["so-lieu", "thoi-han"], title: "Thời hạn" },
	{ at: ["so-lieu", "bang-tinh"], title: "Bảng tính" },
];

export function FiguresPage(props: PageProps) {
	const [first] = props.rest;
	let content = <RegisterSheet />;
	if (first === "chi-tieu")
		content = <Targets />;
	else if (first === "bieu-do")
		content = <Trends />;
	else if (first === "thoi-han")
		content = <Terms />;
	else if (first === "bang-tinh")
		content = <Exports />;
	return (
		<Page title="Sổ và số liệu" actions={first && first !== "bang-tinh" ? <button type="button" onClick={() => print()}>In trang này</button> : null}>
			<div class="no-print"><Tabs label="Phần của trang Sổ và số liệu" tabs={tabs} now={first} /></div>
			{content}
		</Page>
	);
}
