// SPDX-License-Identifier: GPL-2.0-or-later
// The printed register as the box makes it, taken apart into texts: of its HTML nothing is put into the page. The parser
// of the browser runs no scripts and fetches nothing.
export interface Sheet {
	title: string;
	/** Period, time of printing, the sum, the hash by which the log knows this edition. */
	above: string[];
	below: string[];
	head: string[];
	rows: { cells: string[]; isChange: boolean }[];
}

const text = (element: Element) => (element.textContent ?? "").trim();

export function sheetOf(html: string): Sheet {
	const page = new DOMParser().parseFromString(html.replace(/<style>[\s\S]*?<\/style>/, ""), "text/html");
	const table = page.querySelector("table");
	const isAbove = (element: Element) =>
		table !== null && (element.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
	const notes = [...page.querySelectorAll("body > p, footer")];
	return {
		title: text(page.querySelector("h1") ?? page.body),
		above: notes.filter(isAbove).map(text),
		below: notes.filter((note) => !isAbove(note)).map(text),
		head: [...page.querySelectorAll("thead th")].map(text),
		rows: [...page.querySelectorAll("tbody tr")].map((row) =>
			({ cells: [...row.querySelectorAll("td")].map(text), isChange: row.classList.contains("c") })),
	};
}
