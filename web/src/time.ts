// SPDX-License-Identifier: EUPL-1.2
// Moments and lengths of time, as people read them. The hub's clock counts, not that of the machine in front of us.
import { useEffect, useState } from "preact/hooks";
import { language } from "./language";

let offset = 0; // the hub's clock less ours

/* The hub said what time it is. */
export function hubTime(time: string | undefined): void {
    const there = time ? Date.parse(time) : NaN;
    // Under two seconds is the way of the answer, not a wrong clock.
    if (!isNaN(there)) offset = Math.abs(there - Date.now()) < 2000 ? 0 : there - Date.now();
}

export function now(): number {
    return Date.now() + offset;
}

/* Draws again every so many seconds. */
export function useNow(seconds: number): number {
    const [value, set] = useState(now());
    useEffect(() => {
        const timer = setInterval(() => set(now()), seconds * 1000);
        return () => clearInterval(timer);
    }, [seconds]);
    return value;
}

function format(options: Intl.DateTimeFormatOptions, at: number): string {
    return new Intl.DateTimeFormat(language.get() === "en" ? "en-GB" : "fr-FR", options).format(at);
}

export function dayAndTime(time: string | null | undefined): string {
    const at = time ? Date.parse(time) : NaN;
    if (isNaN(at)) return "";
    return format({ weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit",
        minute: "2-digit" }, at);
}

export function timeOnly(time: string | number | null | undefined): string {
    const at = typeof time === "number" ? time : time ? Date.parse(time) : NaN;
    return isNaN(at) ? "" : format({ hour: "2-digit", minute: "2-digit", second: "2-digit" }, at);
}

export function dayOnly(time: string): string {
    const at = Date.parse(time);
    return isNaN(at) ? "" : format({ weekday: "long", day: "numeric", month: "long", year: "numeric" }, at);
}

/* "2 j 4 h", "3 h 05", "12 min", "40 s" */
export function length(ms: number): string {
    const seconds = Math.floor(Math.abs(ms) / 1000);
    const minutes = Math.floor(seconds / 60);
    const hours = Math.floor(minutes / 60);
    const days = Math.floor(hours / 24);
    const two = (value: number) => (value < 10 ? "0" : "") + value;
    if (days > 0) return days + (language.get() === "en" ? " d " : " j ") + (hours % 24) + " h";
    if (hours > 0) return hours + " h " + two(minutes % 60);
    if (minutes > 0) return minutes + " min";
    return seconds + " s";
}

/* What a datetime-local field holds, from and to RFC 3339. The field speaks this machine's zone. */
export function toField(at: number): string {
    const date = new Date(at);
    const two = (value: number) => (value < 10 ? "0" : "") + value;
    return date.getFullYear() + "-" + two(date.getMonth() + 1) + "-" + two(date.getDate()) + "T" +
        two(date.getHours()) + ":" + two(date.getMinutes());
}

export function fromField(value: string): string | undefined {
    const at = value ? new Date(value) : null;
    return at && !isNaN(at.getTime()) ? at.toISOString().replace(/\.\d+Z/, "Z") : undefined;
}

export function number(value: number): string {
    return new Intl.NumberFormat(language.get() === "en" ? "en-GB" : "fr-FR", { maximumFractionDigits: 1 }).format(value);
}

/* A part of one: 0.0004 is "0,04 %". */
export function percent(part: number | null | undefined): string {
    if (part === null || part === undefined || part < 0) return "";
    return new Intl.NumberFormat(language.get() === "en" ? "en-GB" : "fr-FR",
        { style: "percent", maximumFractionDigits: part < 0.01 ? 3 : 1 }).format(part);
}
