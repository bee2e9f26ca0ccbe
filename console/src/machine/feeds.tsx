// SPDX-License-Identifier: GPL-2.0-or-later
// The official sources that are watched; drafts are made of what they say.
import { useAct } from "../act";
import { part, post } from "../api";
import { useAside } from "../aside";
import { when } from "../time";
import { FailureNotice } from "../ui/notice";
import { Section } from "../ui/section";

interface Feed {
	name: string;
	url: string;
	read: string | null;
	news: string | null;
	failures: number;
	drafted: number;
}

function Row(props: { feed: Feed; canAsk: boolean }) {
	const { feed } = props;
	const act = useAct();
	return (
		<li class={`row ${feed.failures ? "warning" : ""}`}>
			<div>
				<strong>{feed.name}</strong>
				<small>{feed.read ? `đọc được ${when(feed.read)}` : "chưa đọc được lần nào"}{feed.news ? `, có tin mới ${when(feed.news)}` : ""}
					{feed.failures ? `; ${feed.failures} lần gần đây không đọc được` : ""}; {feed.drafted} bản nháp</small>
				<FailureNotice failure={act.failure} />
			</div>
			{props.canAsk ? <button type="button" class="small" disabled={act.isBusy} onClick={() => void act.run(() =>
				post(`/feeds/${part(feed.name)}/check`))}>Đọc ngay</button> : null}
		</li>
	);
}

export function Feeds(props: { canAsk: boolean }) {
	const feeds = useAside<{ feeds: Feed[] }>("/feeds")?.feeds ?? [];
	if (feeds.length === 0)
		return null;
	return (
		<Section title="Nguồn tin chính thức" count={feeds.length}>
			<ul class="rows">{feeds.map((feed) => <Row key={feed.name} feed={feed} canAsk={props.canAsk} />)}</ul>
		</Section>
	);
}
