// SPDX-License-Identifier: GPL-2.0-or-later
// The register, or what of it fits a filter, as far as it was read: page by page, newest first, kept up to date in
// place. Ten thousand rows are fifty pages; nobody waits for one that he does not look at. The box looks for what fits;
// of a few among thousands a page may come empty, and only that it says how to go on tells that it is not the end.
import { get } from "../api";
import type { ReportRow } from "../model";
import { type Filter, query } from "./filter";

const PAGE = 200;

interface Cursor {
	before: number | null;
	ids: number[];
}

export class Register {
	rows: ReportRow[] = [];
	isWhole = false;
	private readonly known = new Map<number, ReportRow>();
	private readonly read: Cursor[] = [];
	private next: number | null = null;
	private reading: Promise<void> | null = null;

	constructor(readonly filter: Filter) {}

	private async ask(before: number | null, isUnasked = false): Promise<{ reports: ReportRow[]; next_before: number | null }> {
		return get(`/reports?limit=${PAGE}${query(this.filter)}${before === null ? "" : `&before=${before}`}`, isUnasked);
	}

	/** How many were read. */
	get pages(): number {
		return this.read.length;
	}

	/** The next older page. Calls while one is read wait for the same. */
	more(isUnasked = false): Promise<void> {
		this.reading ??= this.readMore(isUnasked).finally(() => {
			this.reading = null;
		});
		return this.reading;
	}

	private async readMore(isUnasked: boolean): Promise<void> {
		if (this.isWhole)
			return;
		const before = this.next;
		const answer = await this.ask(before, isUnasked);
		this.read.push({ before, ids: answer.reports.map((row) => row.id) });
		this.take(answer.reports, false);
		this.next = answer.next_before;
		this.isWhole = answer.next_before === null;
	}

	/** What is new, and what has changed among the rows around `id`, which the officer is looking at. */
	async refresh(id: number | undefined): Promise<void> {
		if (this.read.length === 0)
			return this.more();
		this.take((await this.ask(null, true)).reports, true);
		const seen = this.read.find((page) => id !== undefined && page.ids.includes(id));
		if (seen && seen.before !== null)
			this.take((await this.ask(seen.before, true)).reports, false);
	}

	/** The same read anew, at least so many rows: what fitted may not fit any more, which no page tells. */
	async anew(count: number): Promise<Register> {
		const register = new Register(this.filter);
		do
			await register.more(true);
		while (!register.isWhole && register.rows.length < count);
		return register;
	}

	private take(rows: ReportRow[], isNewest: boolean): void {
		const fresh = rows.filter((row) => !this.known.has(row.id));
		for (const row of rows)
			this.known.set(row.id, row);
		const old = this.rows.map((row) => this.known.get(row.id)!);
		this.rows = isNewest ? [...fresh, ...old] : [...old, ...fresh];
	}
}
