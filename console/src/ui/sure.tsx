// SPDX-License-Identifier: GPL-2.0-or-later
// What can't be taken back is asked for twice; the second time it is said what will be gone.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Act } from "../act";
import { Dialog } from "./dialog";
import { FailureNotice } from "./notice";

export function SureButton(props: { act: Act; label: string; title: string; children: ComponentChildren;
	what: () => Promise<unknown>; isOff?: boolean }) {
	const { act } = props;
	const [isAsking, setAsking] = useState(false);
	return (
		<>
			<button type="button" class="danger" disabled={act.isBusy || props.isOff} onClick={() => {
				act.forget();
				setAsking(true);
			}}>{props.label}</button>
			{isAsking ? (
				<Dialog title={props.title} onClose={() => setAsking(false)}>
					{props.children}
					<FailureNotice failure={act.failure} />
					<button type="button" class="danger" disabled={act.isBusy} onClick={() => void act.run(props.what).then((isDone) => {
						if (isDone)
							setAsking(false);
					})}>{act.isBusy ? "Đang làm…" : props.label}</button>
				</Dialog>
			) : null}
		</>
	);
}
