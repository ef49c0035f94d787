// SPDX-License-Identifier: EUPL-1.2
// Live traffic: the curve, its legend in words and strokes, and the same as a table.
import { useEffect, useRef, useState } from "preact/hooks";
import { listenTraffic } from "../events";
import { language, say } from "../language";
import { useStore } from "../store";
import * as T from "../texts";
import { theme } from "../theme";
import { number, timeOnly, useNow } from "../time";
import type { Measure, Service } from "../types";
import { Badge, Empty, word } from "../ui/basics";
import { ProblemNotice } from "../ui/basics";
import { SelectField } from "../ui/form";
import { Problem } from "../problem";
import { Recorder, type Point } from "./series";
import type { Plot } from "./plot";

const recorder = new Recorder();
listenTraffic((at, services) => recorder.take(at, services));

const DRAW_MS = 200; // no more than five drawings a second, however many reports arrive

function Stroke({ kind }: { kind: "passed" | "attack" | "dropped" }) {
    return <svg class={"stroke " + kind} viewBox="0 0 40 10" aria-hidden="true" focusable="false"><path d="M1 5h38" /></svg>;
}

function Curve({ service, measures }: { service: string; measures: Measure[] }) {
    const box = useRef<HTMLDivElement>(null);
    const plot = useRef<Plot | null>(null);
    const [problem, setProblem] = useState<Problem | null>(null);
    const tongue = useStore(language);
    const light = useStore(theme);
    const bands = useRef(measures);
    bands.current = measures;

    useEffect(() => {
        let stopped = false;
        let frame = 0;
        let drawn = 0;
        const draw = () => {
            frame = 0;
            drawn = performance.now();
            plot.current?.draw(recorder.ring(service).points, bands.current);
        };
        const soon = () => {
            if (frame || document.hidden || performance.now() - drawn < DRAW_MS) return;
            frame = requestAnimationFrame(draw);
        };
        let stop = () => {};
        import("./plot").then(({ makePlot }) => {
            if (stopped || !box.current) return;
            plot.current = makePlot(box.current);
            draw();
            const leave = listenTraffic(soon);
            // The measures' bands move on although nothing is reported.
            const timer = setInterval(soon, 1000);
            stop = () => {
                leave();
                clearInterval(timer);
            };
        }, () => setProblem(new Problem(0, T.chartAway.fr, T.chartAway.en)));
        return () => {
            stopped = true;
            stop();
            cancelAnimationFrame(frame);
            plot.current?.close();
            plot.current = null;
        };
    }, [service, tongue, light]);
    return <>
        <ProblemNotice problem={problem} />
        <div class="curve" ref={box} aria-hidden="true" />
    </>;
}

/* One line for each of the last seconds that has something to say. */
function rows(points: Point[]): Point[] {
    const found: Point[] = [];
    for (let i = points.length - 1; i >= 0 && found.length < 12; i--) {
        const point = points[i]!;
        const last = found[found.length - 1];
        if (!isNaN(point.passed) && (!last || last.at - point.at >= 5000)) found.push(point);
    }
    return found;
}

function TrafficTable({ service }: { service: string }) {
    useNow(5);
    const list = rows(recorder.ring(service).points);
    if (!list.length) return <Empty>{say(T.trafficNone)}</Empty>;
    return (
        <div class="table">
            <table>
                <caption>{say(T.trafficTable)}</caption>
                <thead><tr><th scope="col">{say(T.time)}</th><th scope="col">{say(T.passed)}</th>
                    <th scope="col">{say(T.attackPassed)}</th><th scope="col">{say(T.dropped)}</th></tr></thead>
                <tbody>{list.map((point) => <tr key={point.at}>
                    <th scope="row" data-name={say(T.time)}>{timeOnly(point.at)}</th>
                    <td class="number" data-name={say(T.passed)}>{number(Math.round(point.passed))}</td>
                    <td class="number" data-name={say(T.attackPassed)}>{number(Math.round(point.attack))}</td>
                    <td class="number" data-name={say(T.dropped)}>{number(Math.round(point.dropped))}</td></tr>)}</tbody>
            </table>
        </div>
    );
}

/* The present, in a sentence: what the curve shows, for whoever does not see it. */
function Sentence({ service }: { service: string }) {
    useNow(2);
    const points = recorder.ring(service).points;
    const last = points[points.length - 1];
    if (!last || isNaN(last.passed)) return <p class="soft">{say(T.trafficWaits)}</p>;
    return <p>{say(T.trafficNow, { passed: number(Math.round(last.passed)), dropped: number(Math.round(last.dropped)) })}</p>;
}

export function Traffic({ services, measures }: { services: Service[]; measures: Measure[] }) {
    const [service, setService] = useState("");
    const [table, setTable] = useState(false);
    useNow(2);
    const any = recorder.ring(service).points.some((point) => !isNaN(point.passed));
    const shown = measures.filter((measure) => !service || measure.subject === service);
    if (!services.length) return <Empty>{say(T.trafficNoEdge)}</Empty>;
    return (
        <div class="traffic">
            <div class="traffic-head">
                {services.length > 1 && <SelectField label={say(T.service)} required value={service} onValue={setService}
                    choices={[["", say(T.allServices)], ...services.map((one): [string, string] => [one.name, one.name])]} />}
                <ul class="states">{services.map((one) => <li key={one.name}>{one.name} <Badge
                    tone={one.state === "attack" ? "bad" : "good"}>{word(T.trafficStateWords, one.state)}</Badge></li>)}</ul>
            </div>
            <Sentence service={service} />
            {any && <><ul class="legend">
                <li><Stroke kind="passed" />{say(T.passed)}</li>
                <li><Stroke kind="attack" />{say(T.attackPassed)}</li>
                <li><Stroke kind="dropped" />{say(T.dropped)}</li>
                <li><span class="band-key" aria-hidden="true" />{say(T.measureBand)}</li>
            </ul>
            <Curve service={service} measures={shown} /></>}
            <details onToggle={(event) => setTable(event.currentTarget.open)}>
                <summary>{say(T.asTable)}</summary>
                {table && <TrafficTable service={service} />}
            </details>
        </div>
    );
}
