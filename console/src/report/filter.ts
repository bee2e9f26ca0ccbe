// SPDX-License-Identifier: GPL-2.0-or-later
export interface Filter {
	state: string;
	urgency: string;
	category: string;
	hamlet: string;
}

export const noFilter: Filter = { state: "", urgency: "", category: "", hamlet: "" };

export function isFiltering(filter: Filter): boolean {
	return Object.values(filter).some(Boolean);
}

/** As the box is asked. */
export function query(filter: Filter): string {
	return Object.entries(filter).filter(([, value]) => value)
		.map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join("");
}
