// SPDX-License-Identifier: GPL-2.0-or-later
import { qr } from "../qr";

const QUIET = 4;

/** Dark on white in the dark theme too: many readers want it so. */
export function QrCode(props: { text: string; label: string }) {
	const rows = qr(props.text);
	const size = rows.length + 2 * QUIET;
	const path = rows.map((row, y) => row.map((dark, x) => (dark ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : "")).join("")).join("");
	return (
		<svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={props.label} shape-rendering="crispEdges">
			<rect width={size} height={size} fill="#fff" />
			<path d={path} fill="#000" />
		</svg>
	);
}
