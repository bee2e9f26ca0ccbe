// SPDX-License-Identifier: GPL-2.0-or-later
// QR codes (ISO/IEC 18004), as far as the console needs them: bytes, correction level M, versions 1 to 12 (287 bytes).
// An authenticator app reads its secret from one; it must not travel to anybody who draws codes for us.

/** Bytes of correction a block, blocks, of each version at level M. */
const correction = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22];
const blocks = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8];
const LEVEL_M = 0;
const VERSION_MAX = 12;

type Square = boolean[][];

function moduleCount(version: number): number {
	let bits = (16 * version + 128) * version + 64;
	if (version >= 2) {
		const marks = Math.floor(version / 7) + 2;
		bits -= (25 * marks - 10) * marks - 55;
		if (version >= 7)
			bits -= 36;
	}
	return bits;
}

function dataBytes(version: number): number {
	return Math.floor(moduleCount(version) / 8) - correction[version]! * blocks[version]!;
}

/** In the field of 256 elements with x^8 + x^4 + x^3 + x^2 + 1. */
function times(a: number, b: number): number {
	let product = 0;
	for (let i = 7; i >= 0; i--) {
		product = (product << 1) ^ ((product >>> 7) * 0x11d);
		product ^= ((b >>> i) & 1) * a;
	}
	return product;
}

function divisor(degree: number): number[] {
	const result: number[] = new Array(degree).fill(0);
	result[degree - 1] = 1;
	let root = 1;
	for (let i = 0; i < degree; i++) {
		for (let j = 0; j < degree; j++) {
			result[j] = times(result[j]!, root);
			if (j + 1 < degree)
				result[j]! ^= result[j + 1]!;
		}
		root = times(root, 2);
	}
	return result;
}

function remainder(data: number[], by: number[]): number[] {
	const result = by.map(() => 0);
	for (const byte of data) {
		const factor = byte ^ result.shift()!;
		result.push(0);
		by.forEach((value, i) => {
			result[i]! ^= times(value, factor);
		});
	}
	return result;
}

function encode(bytes: Uint8Array, version: number): number[] {
	const bits: number[] = [];
	const put = (value: number, count: number) => {
		for (let i = count - 1; i >= 0; i--)
			bits.push((value >>> i) & 1);
	};
	put(4, 4);
	put(bytes.length, version < 10 ? 8 : 16);
	bytes.forEach((byte) => put(byte, 8));
	const capacity = dataBytes(version) * 8;
	put(0, Math.min(4, capacity - bits.length));
	put(0, (8 - (bits.length % 8)) % 8);
	for (let pad = 0xec; bits.length < capacity; pad ^= 0xec ^ 0x11)
		put(pad, 8);
	const data: number[] = [];
	for (let i = 0; i < bits.length; i += 8)
		data.push(parseInt(bits.slice(i, i + 8).join(""), 2));
	return interleave(data, version);
}

function interleave(data: number[], version: number): number[] {
	const count = blocks[version]!;
	const degree = correction[version]!;
	const total = Math.floor(moduleCount(version) / 8);
	const shorter = count - (total % count);
	const length = Math.floor(total / count) - degree;
	const by = divisor(degree);
	const parts: { data: number[]; check: number[] }[] = [];
	for (let i = 0, at = 0; i < count; i++) {
		const part = data.slice(at, at + length + (i < shorter ? 0 : 1));
		at += part.length;
		parts.push({ data: part, check: remainder(part, by) });
	}
	const result: number[] = [];
	for (let i = 0; i <= length; i++)
		for (const part of parts)
			if (i < part.data.length)
				result.push(part.data[i]!);
	for (let i = 0; i < degree; i++)
		for (const part of parts)
			result.push(part.check[i]!);
	return result;
}

class Drawing {
	readonly size: number;
	readonly dark: Square;
	readonly fixed: Square;

	constructor(readonly version: number) {
		this.size = version * 4 + 17;
		this.dark = Array.from({ length: this.size }, () => new Array<boolean>(this.size).fill(false));
		this.fixed = Array.from({ length: this.size }, () => new Array<boolean>(this.size).fill(false));
	}

	private set(x: number, y: number, dark: boolean): void {
		if (x < 0 || y < 0 || x >= this.size || y >= this.size)
			return;
		this.dark[y]![x] = dark;
		this.fixed[y]![x] = true;
	}

	private marks(): number[] {
		if (this.version === 1)
			return [];
		const count = Math.floor(this.version / 7) + 2;
		const step = Math.ceil((this.size - 13) / (2 * count - 2)) * 2;
		const result = [6];
		for (let at = this.size - 7; result.length < count; at -= step)
			result.splice(1, 0, at);
		return result;
	}

	patterns(): void {
		const last = this.size - 1;
		for (let i = 0; i < this.size; i++) {
			this.set(6, i, i % 2 === 0);
			this.set(i, 6, i % 2 === 0);
		}
		for (const [cx, cy] of [[3, 3], [last - 3, 3], [3, last - 3]] as const)
			for (let dy = -4; dy <= 4; dy++)
				for (let dx = -4; dx <= 4; dx++) {
					const ring = Math.max(Math.abs(dx), Math.abs(dy));
					this.set(cx + dx, cy + dy, ring !== 2 && ring !== 4);
				}
		const marks = this.marks();
		for (const cx of marks)
			for (const cy of marks) {
				const isCorner = (cx === 6 && cy === 6) || (cx === 6 && cy === last - 6) || (cx === last - 6 && cy === 6);
				for (let dy = -2; !isCorner && dy <= 2; dy++)
					for (let dx = -2; dx <= 2; dx++)
						this.set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
			}
		this.format(0);
		this.versionBits();
	}

	format(mask: number): void {
		const data = (LEVEL_M << 3) | mask;
		let rest = data;
		for (let i = 0; i < 10; i++)
			rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
		const bits = ((data << 10) | rest) ^ 0x5412;
		const bit = (i: number) => ((bits >>> i) & 1) !== 0;
		for (let i = 0; i <= 5; i++)
			this.set(8, i, bit(i));
		this.set(8, 7, bit(6));
		this.set(8, 8, bit(7));
		this.set(7, 8, bit(8));
		for (let i = 9; i < 15; i++)
			this.set(14 - i, 8, bit(i));
		for (let i = 0; i < 8; i++)
			this.set(this.size - 1 - i, 8, bit(i));
		for (let i = 8; i < 15; i++)
			this.set(8, this.size - 15 + i, bit(i));
		this.set(8, this.size - 8, true);
	}

	private versionBits(): void {
		if (this.version < 7)
			return;
		let rest = this.version;
		for (let i = 0; i < 12; i++)
			rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
		const bits = (this.version << 12) | rest;
		for (let i = 0; i < 18; i++) {
			const a = this.size - 11 + (i % 3);
			const b = Math.floor(i / 3);
			this.set(a, b, ((bits >>> i) & 1) !== 0);
			this.set(b, a, ((bits >>> i) & 1) !== 0);
		}
	}

	words(data: number[]): void {
		let i = 0;
		for (let right = this.size - 1; right >= 1; right -= 2) {
			if (right === 6)
				right = 5;
			for (let step = 0; step < this.size; step++)
				for (let j = 0; j < 2; j++) {
					const x = right - j;
					const y = ((right + 1) & 2) === 0 ? this.size - 1 - step : step;
					if (!this.fixed[y]![x] && i < data.length * 8) {
						this.dark[y]![x] = ((data[i >>> 3]! >>> (7 - (i & 7))) & 1) !== 0;
						i++;
					}
				}
		}
	}

	mask(number: number): void {
		for (let y = 0; y < this.size; y++)
			for (let x = 0; x < this.size; x++)
				if (!this.fixed[y]![x] && masks[number]!(x, y))
					this.dark[y]![x] = !this.dark[y]![x];
	}

	penalty(): number {
		let result = 0;
		let count = 0;
		for (let y = 0; y < this.size; y++) {
			result += linePenalty(this.dark[y]!);
			result += linePenalty(this.dark.map((row) => row[y]!));
			for (let x = 0; x < this.size; x++) {
				count += this.dark[y]![x] ? 1 : 0;
				if (x > 0 && y > 0) {
					const c = this.dark[y]![x];
					if (c === this.dark[y - 1]![x] && c === this.dark[y]![x - 1] && c === this.dark[y - 1]![x - 1])
						result += 3;
				}
			}
		}
		const total = this.size * this.size;
		return result + Math.floor(Math.abs(count * 20 - total * 10) / total) * 10;
	}
}

const masks: ((x: number, y: number) => boolean)[] = [
	(x, y) => (x + y) % 2 === 0,
	(_, y) => y % 2 === 0,
	(x) => x % 3 === 0,
	(x, y) => (x + y) % 3 === 0,
	(x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
	(x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
	(x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
	(x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

function linePenalty(line: boolean[]): number {
	let result = 0;
	for (let i = 0, run = 0; i < line.length; i++) {
		run = i > 0 && line[i] === line[i - 1] ? run + 1 : 1;
		if (run === 5)
			result += 3;
		else if (run > 5)
			result++;
	}
	const text = line.map((dark) => (dark ? "1" : "0")).join("");
	for (let i = 0; i + 11 <= text.length; i++) {
		const part = text.slice(i, i + 11);
		if (part === "10111010000" || part === "00001011101")
			result += 40;
	}
	return result;
}

/** Rows of dark squares, without the quiet zone of four. Throws RangeError for what does not fit. */
export function qr(text: string): Square {
	const bytes = new TextEncoder().encode(text);
	let version = 1;
	while (version <= VERSION_MAX && bytes.length * 8 + (version < 10 ? 12 : 20) > dataBytes(version) * 8)
		version++;
	if (version > VERSION_MAX)
		throw new RangeError("too long for a code");
	const words = encode(bytes, version);
	let best: Drawing | null = null;
	let least = Infinity;
	for (let mask = 0; mask < masks.length; mask++) {
		const drawing = new Drawing(version);
		drawing.patterns();
		drawing.words(words);
		drawing.mask(mask);
		drawing.format(mask);
		const penalty = drawing.penalty();
		if (penalty < least) {
			least = penalty;
			best = drawing;
		}
	}
	return best!.dark;
}
