// SPDX-License-Identifier: GPL-2.0-or-later
import { NewReportPage } from "../report/new";
import { ReportList } from "../report/list";
import { ReportPage } from "../report/report";
import type { PageProps } from "./pages";

export function ReportsPage(props: PageProps) {
	const name = props.rest[0];
	if (name === "ghi-moi")
		return <NewReportPage officer={props.officer} />;
	if (name)
		return <ReportPage key={name} name={name} officer={props.officer} />;
	return <ReportList officer={props.officer} />;
}
