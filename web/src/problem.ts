// SPDX-License-Identifier: EUPL-1.2
// What went wrong, in a sentence for the person (RFC 9457 problem details, or no answer at all).
import { language } from "./language";

export class Problem extends Error {
    constructor(
        readonly status: number, // 0: no answer came
        readonly fr: string,
        readonly en: string,
    ) {
        super(fr);
    }

    get lost(): boolean {
        return this.status === 0;
    }

    get sentence(): string {
        return language.get() === "en" ? this.en : this.fr;
    }
}

export function lostProblem(): Problem {
    return new Problem(0,
        "La connexion à Garde est perdue. Votre saisie est gardée ici ; réessayez quand la connexion revient.",
        "The connection to Garde is lost. What you typed is kept here; try again when the connection is back.");
}

export async function answeredProblem(response: Response): Promise<Problem> {
    let said: Record<string, unknown> = {};
    try {
        said = await response.json();
    } catch {
        // Not JSON: the status alone has to do.
    }
    const word = (name: string) => (typeof said[name] === "string" ? (said[name] as string) : "");
    const plain = word("detail") || word("error") || word("title");
    return new Problem(response.status,
        word("detail_fr") || plain || "Garde a répondu par une erreur (" + response.status + ").",
        word("detail_en") || plain || "Garde answered with an error (" + response.status + ").");
}
