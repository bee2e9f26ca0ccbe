// SPDX-License-Identifier: GPL-2.0-or-later
import { BulletinPage } from "../bulletin/bulletin";
import { BulletinEditor } from "../bulletin/editor";
import { BulletinList } from "../bulletin/list";
import type { PageProps } from "./pages";

export function BulletinsPage(props: PageProps) {
	const [first, ...more] = props.rest;
	if (first === "soan")
		return <BulletinEditor key={more.join("/")} officer={props.officer} rest={more} />;
	if (first)
		return <BulletinPage key={first} id={first} officer={props.officer} />;
	return <BulletinList officer={props.officer} />;
}
