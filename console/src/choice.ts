// SPDX-License-Identifier: GPL-2.0-or-later
// What an officer is about to choose, beside what the box has. A colleague who was faster does not change it under his
// hand: he is told, and decides.
import { useEffect, useState } from "preact/hooks";

export interface Choice {
	value: string;
	set: (value: string) => void;
	/** Somebody changed it since he began to choose, to something else than what he chose. */
	isBeaten: boolean;
	/** Back to what the box has. */
	drop: () => void;
}

export function useChoice(theirs: string): Choice {
	const [mine, setMine] = useState<{ value: string; over: string } | null>(null);
	useEffect(() => {
		// What he chose is what the box has now: he is done, or somebody did it for him.
		if (mine?.value === theirs)
			setMine(null);
	}, [theirs, mine]);
	return {
		value: mine?.value ?? theirs,
		set: (value) => setMine({ value, over: theirs }),
		isBeaten: mine !== null && mine.over !== theirs && mine.value !== theirs,
		drop: () => setMine(null),
	};
}
