// SPDX-License-Identifier: EUPL-1.2
// The hub tells when something changed (server-sent events); while it cannot, it is asked every few seconds.
import { BASE, get, reachable } from "./api";
import { refresh } from "./resource";
import { createStore } from "./store";
import { hubTime } from "./time";
import type { Service, Status } from "./types";

/* live: events arrive. polling: they do not, but the hub answers. lost: it does not. */
export type Connection = "live" | "polling" | "lost";
export const connection = createStore<Connection>("polling");

const POLL_SECONDS = 5;
const REFRESH_MS = 1000; // under a storm of changes the page is refreshed this often, not at each
const RETRY_MS_MAX = 15_000;

type TrafficListener = (at: number, services: Service[]) => void;
const traffic = new Set<TrafficListener>();

export function listenTraffic(listener: TrafficListener): () => void {
    traffic.add(listener);
    return () => {
        traffic.delete(listener);
    };
}

let source: EventSource | null = null;
let wanted = false;
let retry = 1000;
let retryTimer: ReturnType<typeof setTimeout> | undefined;
let pollTimer: ReturnType<typeof setInterval> | undefined;
let refreshTimer: ReturnType<typeof setTimeout> | undefined;
let refreshed = 0;
let changedIncident: string | null = null;

function refreshSoon(incident: string): void {
    // Two incidents changed: everything is asked for.
    changedIncident = changedIncident === null || changedIncident === incident ? incident : "";
    if (refreshTimer !== undefined) return;
    refreshTimer = setTimeout(() => {
        const only = changedIncident ?? "";
        refreshTimer = undefined;
        changedIncident = null;
        refreshed = Date.now();
        refresh(only);
    }, Math.max(60, refreshed + REFRESH_MS - Date.now()));
}

function read(event: Event): Record<string, unknown> {
    try {
        const data = JSON.parse((event as MessageEvent).data);
        return typeof data === "object" && data !== null ? data : {};
    } catch {
        return {};
    }
}

function hearTraffic(event: Event): void {
    let data: unknown;
    try {
        data = JSON.parse((event as MessageEvent).data);
    } catch {
        return;
    }
    const said = data as { at?: string; services?: Service[] };
    const services = Array.isArray(data) ? (data as Service[]) : (said.services ?? []);
    const at = !Array.isArray(data) && said.at ? Date.parse(said.at) : Date.now();
    for (const listener of traffic) listener(at, services);
}

function open(): void {
    clearTimeout(retryTimer);
    source?.close();
    source = new EventSource(BASE + "/events");
    source.onopen = () => {
        retry = 1000;
        // What happened meanwhile was not told.
        if (connection.get() === "lost") refresh();
        reachable.set(true);
        connection.set("live");
    };
    source.onerror = () => {
        // The browser's own retries give up for good on an error status, and hammer on a dead port.
        source?.close();
        source = null;
        if (!wanted) return;
        if (connection.get() === "live") connection.set(reachable.get() ? "polling" : "lost");
        poll();
        retryTimer = setTimeout(open, retry);
        retry = Math.min(retry * 2, RETRY_MS_MAX);
    };
    source.addEventListener("changed", (event) => refreshSoon(String(read(event)["incident"] ?? "")));
    source.addEventListener("traffic", hearTraffic);
    source.addEventListener("ending", () => source?.onerror?.(new Event("ending")));
}

async function poll(): Promise<void> {
    if (!wanted || connection.get() === "live") return;
    try {
        const status = await get<Status>("/status");
        hubTime(status.time);
        const before = connection.get();
        if (connection.get() !== ("live" as Connection)) connection.set("polling");
        for (const listener of traffic) listener(Date.parse(status.time) || Date.now(), status.edge?.services ?? []);
        await refresh();
        if (before === "lost" && source === null) open();
    } catch {
        if (!reachable.get()) connection.set("lost");
    }
}

reachable.subscribe(() => {
    if (!reachable.get()) connection.set("lost");
    else if (connection.get() === "lost") {
        connection.set(source?.readyState === EventSource.OPEN ? "live" : "polling");
        refresh();
    }
});

export function listen(): void {
    if (wanted) return;
    wanted = true;
    open();
    pollTimer = setInterval(poll, POLL_SECONDS * 1000);
    window.addEventListener("online", poll);
}

export function stopListening(): void {
    wanted = false;
    clearTimeout(retryTimer);
    clearInterval(pollTimer);
    source?.close();
    source = null;
    window.removeEventListener("online", poll);
}
