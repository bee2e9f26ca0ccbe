// SPDX-License-Identifier: GPL-2.0-or-later
// The pages there are, for whom, in the order of the navigation.
import type { ComponentType } from "preact";
import type { Officer, Role } from "../model";
import { isReader } from "../session";
import { BulletinsPage } from "./bulletins";
import { FiguresPage } from "./figures";
import { MachinePage } from "./machine";
import { MePage } from "./me";
import { OfficePage } from "./office";
import { PeoplePage } from "./people";
import { ReportsPage } from "./reports";
import { ServicePage } from "./service";
import { StartPage } from "./start";
import { TodayPage } from "./today";

export interface PageProps {
	officer: Officer;
	/** What follows the page's own name in the address. */
	rest: string[];
}

export interface PageEntry {
	path: string;
	title: string;
	isFor: (role: Role) => boolean;
	content: ComponentType<PageProps>;
}

const everybody = () => true;
const pages: PageEntry[] = [
	{ path: "hom-nay", title: "Hôm nay", isFor: everybody, content: TodayPage },
	{ path: "tin", title: "Tin báo", isFor: isReader, content: ReportsPage },
	{ path: "ban-tin", title: "Bản tin", isFor: isReader, content: BulletinsPage },
	{ path: "dan", title: "Dân, nhóm", isFor: everybody, content: PeoplePage },
	{ path: "dich-vu", title: "Dịch vụ", isFor: isReader, content: ServicePage },
	{ path: "so-lieu", title: "Sổ và số liệu", isFor: isReader, content: FiguresPage },
	{ path: "can-bo", title: "Cán bộ", isFor: everybody, content: OfficePage },
	{ path: "may", title: "Máy", isFor: everybody, content: MachinePage },
	{ path: "thiet-lap", title: "Thiết lập", isFor: (role) => role === "chief", content: StartPage },
	{ path: "toi", title: "Tài khoản", isFor: everybody, content: MePage },
];

export function pagesOf(role: Role): PageEntry[] {
	return pages.filter((page) => page.isFor(role));
}

/** Where nobody leads, or he may not go: the first page. */
export function pageOf(path: string | undefined, role: Role): PageEntry {
	return pagesOf(role).find((page) => page.path === path) ?? pages[0]!;
}
