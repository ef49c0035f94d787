// SPDX-License-Identifier: EUPL-1.2
// The first rows of a table as RFC 4180 has it, for a preview; the separator is the one its first line uses most.

export function separatorOf(line: string): string {
    const count = (mark: string) => line.split(mark).length - 1;
    return [";", ",", "\t"].reduce((best, mark) => (count(mark) > count(best) ? mark : best), ";");
}

export function readCsv(text: string, rowsMax: number): string[][] {
    const mark = separatorOf(text.slice(0, text.indexOf("\n") + 1 || 4096));
    const rows: string[][] = [];
    let row: string[] = [];
    let cell = "";
    let quoted = false;
    for (let i = 0; i < text.length && rows.length < rowsMax; i++) {
        const letter = text[i]!;
        if (quoted) {
            if (letter !== '"') cell += letter;
            else if (text[i + 1] === '"') cell += text[i++]!;
            else quoted = false;
        } else if (letter === '"') quoted = true;
        else if (letter === mark) {
            row.push(cell);
            cell = "";
        } else if (letter === "\n") {
            row.push(cell.replace(/\r$/, ""));
            if (row.some((one) => one.trim())) rows.push(row);
            row = [];
            cell = "";
        } else cell += letter;
    }
    if (rows.length < rowsMax && (cell || row.length)) rows.push([...row, cell]);
    return rows;
}
