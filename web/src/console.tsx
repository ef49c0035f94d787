// SPDX-License-Identifier: EUPL-1.2
// The console: whoever is logged in sees the page of the address, anybody else the way in.
import { render } from "preact";
import { useEffect } from "preact/hooks";
import "uplot/dist/uPlot.min.css";
import "./style/base.css";
import "./style/parts.css";
import "./style/pages.css";
import "./style/print.css";
import "./theme";
import { language } from "./language";
import { Frame } from "./frame";
import { Login, MustDo, Setup } from "./pages/login";
import { Route } from "./route";
import { match, place } from "./router";
import { askSession, session, sessionProblem } from "./session";
import { useStore } from "./store";
import { ProblemNotice, Waiting } from "./ui/basics";

function Console() {
    const tongue = useStore(language);
    const path = useStore(place);
    const state = useStore(session);
    const problem = useStore(sessionProblem);
    useEffect(() => {
        document.documentElement.lang = tongue;
    }, [tongue]);

    if (match("/setup/{token*}", path) || match("/premier/{token*}", path))
        return <Frame bare><Setup /></Frame>;
    if (state === undefined)
        return <Frame bare>{problem ? <ProblemNotice problem={problem} again={askSession} /> : <Waiting problem={null} />}</Frame>;
    if (state === null) return <Frame bare><Login /></Frame>;
    if (state.must?.length) return <Frame bare><MustDo must={state.must} /></Frame>;
    return <Frame><Route path={path} /></Frame>;
}

askSession();
render(<Console />, document.body);
