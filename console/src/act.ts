// SPDX-License-Identifier: GPL-2.0-or-later
// Something an officer does: one at a time, and what came of it.
import { useRef, useState } from "preact/hooks";
import { type Failure, failureOfUnknown } from "./api";
import { changed } from "./live";

export interface Act {
	isBusy: boolean;
	failure: Failure | null;
	/** Runs it unless one runs already; true when it worked. */
	run: (what: () => Promise<unknown>) => Promise<boolean>;
	/** The same for what changes nothing. */
	look: (what: () => Promise<unknown>) => Promise<boolean>;
	forget: () => void;
}

export function useAct(): Act {
	const [isBusy, setBusy] = useState(false);
	const [failure, setFailure] = useState<Failure | null>(null);
	const isRunning = useRef(false);

	async function act(what: () => Promise<unknown>, isChange: boolean): Promise<boolean> {
		if (isRunning.current)
			return false;
		isRunning.current = true;
		setBusy(true);
		setFailure(null);
		try {
			await what();
			if (isChange)
				changed();
			return true;
		} catch (error) {
			setFailure(failureOfUnknown(error));
			return false;
		} finally {
			isRunning.current = false;
			setBusy(false);
		}
	}
	return { isBusy, failure, run: (what) => act(what, true), look: (what) => act(what, false), forget: () => setFailure(null) };
}
