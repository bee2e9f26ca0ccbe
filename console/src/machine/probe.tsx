// SPDX-License-Identifier: GPL-2.0-or-later
// Is the SIM heard? A question to the network that costs nothing, and what the modem said last.
import { useState } from "preact/hooks";
import { useAct } from "../act";
import { part, postFar } from "../api";
import { useDraft } from "../draft";
import type { Modem } from "../model";
import { ActForm, Field } from "../ui/form";
import { FailureNotice, Notice } from "../ui/notice";

const BALANCE = "*101#"; // the balance, with every operator of Vietnam

interface Dialled {
	text: string | null;
	raw: string;
}

export function Probe(props: { modem: Modem }) {
	const { modem } = props;
	const act = useAct();
	const [code, setCode] = useDraft(`ussd-${modem.name}`, BALANCE);
	const [answer, setAnswer] = useState<string | null>(null);
	return (
		<>
			<ActForm act={act} label="Thử" name={`Thử SIM ${modem.name}`} isOff={!code.trim() || modem.phase !== "ready"}
				what={async () => {
					setAnswer(null);
					const dialled = await postFar<Dialled>(`/modems/${part(modem.name)}/ussd`, { code: code.trim() });
					setAnswer(dialled.text || dialled.raw);
				}}>
				<Field label="Hỏi nhà mạng qua SIM này" value={code} onValue={setCode} autocomplete="off" inputMode="tel"
					pattern="[*#0-9]{2,32}" hint="*101# hỏi số dư, không mất tiền; mã khác có thể mất tiền. Chờ đến 80 giây." />
			</ActForm>
			{answer === null ? null : (
				<Notice tone="good" role="status"><strong>Nhà mạng trả lời:</strong> <span class="reply">{answer}</span></Notice>
			)}
		</>
	);
}

interface Told {
	driver: string;
	lines: string[];
}

export function Journal(props: { modem: Modem }) {
	const act = useAct();
	const [told, setTold] = useState<Told | null>(null);
	return (
		<>
			<FailureNotice failure={act.failure} />
			<p><button type="button" class="small" disabled={act.isBusy} onClick={() => void act.run(async () =>
				setTold(await postFar<Told>(`/modems/${part(props.modem.name)}/journal`)))}>Xem modem vừa nói gì</button></p>
			{told ? told.lines.length ? <pre class="journal" lang="en" tabIndex={0}>{told.lines.join("\n")}</pre>
				: <p class="hint">Modem này không ghi lại lời trao đổi.</p> : null}
		</>
	);
}
