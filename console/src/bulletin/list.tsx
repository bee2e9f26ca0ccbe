// SPDX-License-Identifier: GPL-2.0-or-later
// Bulletins, newest first, and those that wait for somebody on top.
import { useLoad } from "../load";
import type { BulletinRow, Officer } from "../model";
import { address } from "../route";
import { isHandler } from "../session";
import { when } from "../time";
import { Badge } from "../ui/badge";
import { FailureNotice } from "../ui/notice";
import { Page, Section } from "../ui/section";
import { bulletinState, speed } from "../words";

const SHOWN = 100;

export function SpeedBadge(props: { row: BulletinRow }) {
	const { row } = props;
	if (row.drill)
		return <Badge tone="warning">Diễn tập</Badge>;
	if (row.speed === "normal")
		return null;
	return <Badge tone={row.speed === "emergency" ? "alarm" : "warning"}>{speed(row.speed)}</Badge>;
}

function Row(props: { row: BulletinRow }) {
	const { row } = props;
	return (
		<li>
			<a class={`row ${row.speed === "emergency" ? "danger" : row.speed === "urgent" ? "urgent" : ""}`}
				href={address("ban-tin", row.id)}>
				<span class="number">{row.id}</span>
				<span class="what">{row.title ?? "(đã xoá nội dung)"}<small>{row.category_name} · {row.author || "từ nguồn tin chính thức"}</small></span>
				<span class="marks"><SpeedBadge row={row} /><Badge>{bulletinState(row.state)}</Badge></span>
				<span class="time">{when(row.changed)}</span>
			</a>
		</li>
	);
}

export function BulletinList(props: { officer: Officer }) {
	const { data, failure } = useLoad<{ bulletins: BulletinRow[] }>(`/bulletins?limit=${SHOWN}`);
	const rows = data?.bulletins ?? [];
	const waiting = rows.filter((row) => row.state === "SUBMITTED" || (row.review_due && !row.reviewed));
	const others = rows.filter((row) => !waiting.includes(row));
	return (
		<Page title="Bản tin" actions={isHandler(props.officer.role)
			? <a class="button primary" href={address("ban-tin", "soan")}>Soạn bản tin</a> : null}>
			<FailureNotice failure={failure} />
			<div class="stack">
				{waiting.length ? (
					<Section title="Chờ duyệt, chờ xem lại" count={waiting.length}>
						<ul class="rows">{waiting.map((row) => <Row key={row.id} row={row} />)}</ul>
					</Section>
				) : null}
				<Section title="Các bản tin khác" count={others.length}>
					{data && others.length === 0 ? <p class="calm">Chưa có bản tin nào.</p> : null}
					<ul class="rows">{others.map((row) => <Row key={row.id} row={row} />)}</ul>
				</Section>
			</div>
		</Page>
	);
}
