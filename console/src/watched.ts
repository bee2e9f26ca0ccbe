// SPDX-License-Identifier: GPL-2.0-or-later
// What changes by itself, as a component shows it. It is listened to before the browser paints: an answer of the box can
// come before an effect runs, and nobody would have heard it.
import { useLayoutEffect, useState } from "preact/hooks";

/** now: what it is; watch: calls with each next one, and returns how to stop. Both stay the same functions. */
export function useWatched<T>(now: () => T, watch: (watcher: (value: T) => void) => () => void): T {
	const [value, setValue] = useState<T>(now);
	useLayoutEffect(() => {
		setValue(now);
		return watch(setValue);
	}, []);
	return value;
}
