// SPDX-License-Identifier: GPL-2.0-or-later
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

/** Over the page, which stays as it is. Without onClose there is no way past it but through it. */
export function Dialog(props: { title: string; children: ComponentChildren; onClose?: () => void }) {
	const box = useRef<HTMLDialogElement>(null);
	const id = useId();
	useEffect(() => {
		const dialog = box.current;
		dialog?.showModal();
		return () => dialog?.close();
	}, []);
	return (
		<dialog ref={box} aria-labelledby={id} onCancel={(event) => {
			event.preventDefault();
			props.onClose?.();
		}}>
			<h2 id={id}>{props.title}</h2>
			{props.children}
			{props.onClose ? <p><button type="button" class="small" onClick={props.onClose}>Đóng</button></p> : null}
		</dialog>
	);
}
