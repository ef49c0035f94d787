// SPDX-License-Identifier: EUPL-1.2
// From the edge's counters to what is drawn: packets a second, passed, attack let through and dropped. A fixed ring: however
// long the page stays open and however often the edge reports, it holds the same number of points.
import type { Service } from "../types";

export const POINTS_MAX = 900;
const SPACING_MS = 250; // closer reports are joined
const GAP_MS = 15_000; // beyond, nothing is known in between

export interface Point {
    at: number; // ms
    passed: number; // packets a second
    attack: number; // of those passed, what matched a measure on probation
    dropped: number;
}

interface Reading {
    at: number;
    packets: number;
    dropped: number;
    would: number;
}

function reading(at: number, services: Service[]): Reading {
    const sum = { at, packets: 0, dropped: 0, would: 0 };
    for (const service of services) {
        sum.packets += service.packets || 0;
        sum.dropped += service.dropped || 0;
        for (const counters of Object.values(service.measures ?? {})) sum.would += counters[1] || 0;
    }
    return sum;
}

export class Series {
    readonly points: Point[] = [];
    private last: Reading | null = null;

    /* Whether there is something new to draw. */
    take(at: number, services: Service[]): boolean {
        const next = reading(at, services);
        const last = this.last;
        if (!last || next.at < last.at || next.packets < last.packets || next.dropped < last.dropped) {
            // The first report, or the edge began anew.
            this.last = next;
            return false;
        }
        const ms = next.at - last.at;
        if (ms < SPACING_MS) return false;
        this.last = next;
        if (ms > GAP_MS) {
            this.push({ at: last.at + 1, passed: NaN, attack: NaN, dropped: NaN });
            return true;
        }
        const rate = (count: number) => Math.max(0, (count * 1000) / ms);
        const dropped = rate(next.dropped - last.dropped);
        this.push({
            at: next.at, dropped,
            passed: Math.max(0, rate(next.packets - last.packets) - dropped),
            attack: rate(next.would - last.would),
        });
        return true;
    }

    private push(point: Point): void {
        this.points.push(point);
        if (this.points.length > POINTS_MAX) this.points.splice(0, this.points.length - POINTS_MAX);
    }
}

/* One ring for all services together and one for each, filled while the console is open, not only while the chart is. */
export class Recorder {
    private readonly rings = new Map<string, Series>();

    ring(service: string): Series {
        let found = this.rings.get(service);
        if (!found) {
            found = new Series();
            this.rings.set(service, found);
        }
        return found;
    }

    take(at: number, services: Service[]): void {
        this.ring("").take(at, services);
        // The edge has at most a few dozen services; a stranger cannot add one.
        for (const service of services.slice(0, 64)) this.ring(service.name).take(at, [service]);
    }
}
