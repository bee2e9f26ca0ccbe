// SPDX-License-Identifier: GPL-2.0-or-later
import type { ReportRow } from "../model";

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

export function fits(row: ReportRow, filter: Filter): boolean {
	return (!filter.state || row.state === filter.state)
		&& (!filter.urgency || row.urgency === filter.urgency)
		&& (!filter.category || row.category === filter.category)
		&& (!filter.hamlet || row.hamlet === filter.hamlet);
}
