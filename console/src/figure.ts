// SPDX-License-Identifier: GPL-2.0-or-later
// Numbers as they are written in Vietnam: 1.234.567 and 3,5.
const whole = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 1 });

export function figure(value: number): string {
	return whole.format(value);
}

export function bytes(value: number): string {
	const units = ["B", "kB", "MB", "GB", "TB"];
	let unit = 0;
	while (value >= 1000 && unit < units.length - 1) {
		value /= 1000;
		unit++;
	}
	return `${tenths.format(value)} ${units[unit]}`;
}

export function dong(value: number): string {
	return `${whole.format(value)} đồng`;
}
