// SPDX-License-Identifier: GPL-2.0-or-later
// The frame: who is in, where he is, whether the line to the box stands.
import { useEffect } from "preact/hooks";
import { useAct } from "./act";
import { AsideNotice } from "./aside";
import { lineNow, watchLine } from "./live";
import type { Officer } from "./model";
import { EscrowPage } from "./page/escrow";
import { LoginForm, LoginPage } from "./page/login";
import { pageOf, pagesOf } from "./page/pages";
import { SetupPage } from "./page/setup";
import { address, useRoute } from "./route";
import { isReader, sessionAsk, sessionForget, sessionLeave, sessionNow, watchSession } from "./session";
import { Dialog } from "./ui/dialog";
import { FailureNotice, Notice } from "./ui/notice";
import { useWatched } from "./watched";
import { role } from "./words";

export function App() {
	const session = useWatched(sessionNow, watchSession);
	switch (session.is) {
	case "asking":
		return <main class="narrow"><p role="status">Đang mở…</p></main>;
	case "away":
		return (
			<main class="narrow">
				<h1>Binhyen</h1>
				<FailureNotice failure={session.failure} onAgain={() => void sessionAsk()} />
			</main>
		);
	case "unclaimed":
		return <SetupPage />;
	case "out":
		return <LoginPage />;
	case "in":
		return session.escrow ? <EscrowPage words={session.escrow} /> : <Frame officer={session.officer} isEnded={false} />;
	case "ended":
		return <Frame officer={session.officer} isEnded={true} />;
	}
}

function LineNotice() {
	const line = useWatched(lineNow, watchLine);
	if (line !== "away")
		return null;
	return (
		<Notice tone="warning" role="status">
			<strong>Mất kết nối với máy Binhyen.</strong> Nội dung trên trang có thể đã cũ; những gì đang nhập vẫn còn.
			Trang đang tự nối lại.
		</Notice>
	);
}

function Frame(props: { officer: Officer; isEnded: boolean }) {
	const route = useRoute();
	const leaving = useAct();
	const pages = pagesOf(props.officer.role);
	const page = pageOf(route[0], props.officer.role);
	const Content = page.content;

	useEffect(() => {
		scrollTo(0, 0);
		// A reader of the screen begins at the new page; who came by mouse sees no difference.
		document.getElementById("content")?.focus({ preventScroll: true });
	}, [route.join("/")]);
	return (
		<div class="frame">
			<a class="skip" href="#content" onClick={(event) => {
				event.preventDefault();
				document.getElementById("content")?.focus();
			}}>Đến nội dung chính</a>
			<header class="top">
				<span class="brand">Binhyen</span>
				<span class="who">{props.officer.name}<small>{role(props.officer.role)}</small></span>
				<button type="button" class="small" disabled={leaving.isBusy}
					onClick={() => void leaving.run(sessionLeave)}>Đăng xuất</button>
			</header>
			<nav class="pages" aria-label="Các trang">
				{pages.map((one) => (
					<a key={one.path} href={address(one.path)} aria-current={one === page ? "page" : undefined}>{one.title}</a>
				))}
			</nav>
			<main id="content" tabIndex={-1}>
				<LineNotice />
				<AsideNotice />
				<FailureNotice failure={leaving.failure} />
				<Content key={page.path} officer={props.officer} rest={route.slice(1)} />
				{isReader(props.officer.role) ? <p class="foot">Hệ thống không chứa bí mật nhà nước.</p> : null}
			</main>
			{props.isEnded ? (
				<Dialog title="Phiên làm việc đã hết">
					<p>Nội dung đang nhập vẫn còn trên trang. Đăng nhập lại để làm tiếp.</p>
					<LoginForm login={props.officer.login} />
					<p><button type="button" class="small" onClick={sessionForget}>Người khác đăng nhập (bỏ nội dung đang nhập)</button></p>
				</Dialog>
			) : null}
		</div>
	);
}
