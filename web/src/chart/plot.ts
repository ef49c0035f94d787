// SPDX-License-Identifier: EUPL-1.2
// The drawing itself (uPlot), loaded only where it is shown. Colours come from the style sheet, so that light and dark hold.
import uPlot from "uplot";
import { language } from "../language";
import type { Measure } from "../types";
import { number } from "../time";
import type { Point } from "./series";

export interface Plot {
    draw(points: Point[], measures: Measure[]): void;
    close(): void;
}

const WINDOW_S = 180; // what is seen
const HEIGHT = 240;

function colour(name: string): string {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/* Each measure from when it stood until it ended, or until now: a hatched band with its upper edge drawn. */
function bands(plot: uPlot, measures: Measure[]): void {
    const { ctx, bbox } = plot;
    const ratio = uPlot.pxRatio;
    const low = plot.scales["x"]!.min ?? 0;
    const high = plot.scales["x"]!.max ?? 0;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.strokeStyle = colour("--band-line");
    ctx.fillStyle = colour("--band");
    measures.slice(0, 16).forEach((measure, index) => {
        const since = measure.since ? Date.parse(measure.since) / 1000 : NaN;
        const ended = measure.state === "standing" || measure.state === "probation" ? high
            : measure.until ? Date.parse(measure.until) / 1000 : NaN;
        if (isNaN(since) || isNaN(ended) || since > high || ended < low) return;
        const left = Math.max(bbox.left, plot.valToPos(since, "x", true));
        const right = Math.min(bbox.left + bbox.width, plot.valToPos(Math.min(ended, high), "x", true));
        const top = bbox.top + index * 3 * ratio;
        ctx.fillRect(left, bbox.top, right - left, bbox.height);
        ctx.lineWidth = 2 * ratio;
        ctx.beginPath();
        ctx.moveTo(left, top + ratio);
        ctx.lineTo(right, top + ratio);
        ctx.moveTo(left, bbox.top);
        ctx.lineTo(left, bbox.top + bbox.height);
        ctx.stroke();
    });
    ctx.restore();
}

export function makePlot(box: HTMLElement): Plot {
    let shown: Measure[] = [];
    const text = colour("--text-soft");
    const axis = { stroke: text, grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 },
        font: "12px system-ui, sans-serif" };
    const width = () => Math.max(200, box.clientWidth);
    const time = new Intl.DateTimeFormat(language.get() === "en" ? "en-GB" : "fr-FR",
        { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    const plot = new uPlot({
        width: width(), height: HEIGHT, legend: { show: false }, cursor: { show: false }, padding: [8, 12, 0, 0],
        scales: { x: { time: true }, y: { range: (_plot, _low, high) => [0, Math.max(10, (high || 0) * 1.1)] } },
        axes: [
            { ...axis, values: (_plot, splits) => splits.map((at) => time.format(at * 1000)), space: 90 },
            { ...axis, values: (_plot, splits) => splits.map((value) => number(value)), size: 72 },
        ],
        series: [
            {},
            { stroke: colour("--passed"), width: 2, spanGaps: false, points: { show: false } },
            { stroke: colour("--attack"), width: 2, dash: [2, 4], spanGaps: false, points: { show: false } },
            { stroke: colour("--dropped"), width: 2, dash: [9, 5], spanGaps: false, points: { show: false } },
        ],
        hooks: { drawAxes: [(one) => bands(one, shown)] },
    }, [[], [], [], []], box);

    const fit = new ResizeObserver(() => {
        if (Math.abs(plot.width - width()) > 1) plot.setSize({ width: width(), height: HEIGHT });
    });
    fit.observe(box);
    return {
        draw(points, measures) {
            shown = measures;
            const last = points.length ? points[points.length - 1]!.at / 1000 : Date.now() / 1000;
            const first = last - WINDOW_S;
            const seen = points.filter((point) => point.at / 1000 >= first);
            const known = (value: number) => (isNaN(value) ? null : value);
            plot.setData([seen.map((point) => point.at / 1000), seen.map((point) => known(point.passed)),
                seen.map((point) => known(point.attack)), seen.map((point) => known(point.dropped))], false);
            plot.setScale("x", { min: first, max: last });
        },
        close() {
            fit.disconnect();
            plot.destroy();
        },
    };
}
