// SPDX-License-Identifier: GPL-2.0-or-later
// Makes dist/: one page, one script and one style sheet, the last two with the hash of what they hold in their
// names, so that a browser may keep them for ever. Nothing in the page is inline, which the policy of binhyend forbids.
//
//     node build.mjs [--watch]
import { build } from "esbuild";
import { watch } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, "dist");
const fresh = `${out}.new`;

/** What others wrote travels with its licence. */
async function licences() {
	const { dependencies } = JSON.parse(await readFile(path.join(here, "package.json"), "utf8"));
	const texts = Object.keys(dependencies).map(async (name) =>
		`${name}\n\n${await readFile(path.join(here, "node_modules", name, "LICENSE"), "utf8")}`);
	return `/*\n${(await Promise.all(texts)).join("\n\n").replaceAll("*/", "")}*/`;
}

async function make() {
	await rm(fresh, { recursive: true, force: true });
	const result = await build({
		entryPoints: { console: path.join(here, "src/main.tsx"), style: path.join(here, "src/style.css") },
		bundle: true,
		minify: true,
		format: "iife",
		target: ["chrome90", "firefox90", "safari14"],
		jsx: "automatic",
		jsxImportSource: "preact",
		charset: "utf8",
		legalComments: "none",
		footer: { js: await licences() },
		entryNames: "assets/[name]-[hash]",
		outdir: fresh,
		metafile: true,
		logLevel: "warning",
	});
	const names = Object.keys(result.metafile.outputs).map((name) => path.basename(name));
	const script = names.find((name) => name.endsWith(".js"));
	const style = names.find((name) => name.endsWith(".css"));
	const page = await readFile(path.join(here, "src/index.html"), "utf8");
	await mkdir(fresh, { recursive: true });
	await writeFile(path.join(fresh, "index.html"),
		page.replace("{script}", `assets/${script}`).replace("{style}", `assets/${style}`));
	for (const name of await readdir(path.join(here, "static")))
		await writeFile(path.join(fresh, name), await readFile(path.join(here, "static", name)));
	// binhyend sends what is compressed already.
	for (const folder of [fresh, path.join(fresh, "assets")])
		for (const entry of await readdir(folder, { withFileTypes: true }))
			if (entry.isFile())
				await writeFile(path.join(folder, `${entry.name}.gz`),
					gzipSync(await readFile(path.join(folder, entry.name)), { level: 9 }));
	await rm(out, { recursive: true, force: true });
	await rename(fresh, out);
}

await make();
if (process.argv.includes("--watch")) {
	let again;
	// An editor writes a file in several steps.
	const changed = () => {
		clearTimeout(again);
		again = setTimeout(() => make().then(() => console.log("built"), (fault) => console.error(fault.message)), 100);
	};
	const folders = await readdir(path.join(here, "src"), { withFileTypes: true });
	for (const folder of ["", ...folders.filter((entry) => entry.isDirectory()).map((entry) => entry.name)])
		watch(path.join(here, "src", folder), changed);
}
