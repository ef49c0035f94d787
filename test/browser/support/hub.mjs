// SPDX-License-Identifier: EUPL-1.2
// The real hub, as browser_test.py started it and tells of it in GARDE_HUB: its address, who is who there.
import { connect, createServer } from "node:net";
import { createHmac } from "node:crypto";

const told = JSON.parse(process.env.GARDE_HUB ?? "null");
if (!told) throw new Error("GARDE_HUB is not set: this scenario is started by browser_test.py");

export const HUB = told.url.replace(/\/$/, "");
export const PEOPLE = told.people; // name to password
export const SETUP = told.setup; // what stands behind "#" in the first link, or null
export const INCIDENT = told.incident; // one that a sensor's finding opened, or null
export const TYPED = told.typed; // what stands in every text of it (support/scripted.py), or undefined

/* A line to the hub that can be cut: everything on it is torn and nothing new gets through until it is mended. */
export async function cuttableLine() {
    const target = new URL(HUB);
    const sockets = new Set();
    let cut = false;
    const server = createServer((near) => {
        if (cut) return near.destroy();
        const far = connect(Number(target.port), target.hostname.replace(/[[\]]/g, ""));
        for (const [from, to] of [[near, far], [far, near]]) {
            sockets.add(from);
            from.pipe(to);
            from.on("error", () => to.destroy());
            from.on("close", () => {
                sockets.delete(from);
                to.destroy();
            });
        }
    });
    await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
    return {
        base: `${target.protocol}//127.0.0.1:${server.address().port}`,
        cut() {
            cut = true;
            for (const socket of sockets) socket.destroy();
        },
        mend() { cut = false; },
        close() {
            for (const socket of sockets) socket.destroy();
            server.close();
        },
    };
}

/* RFC 6238 with SHA-1, six digits, thirty seconds: what the telephone does. `step` 1 is the next code. */
export function totp(secret, step = 0) {
    const bits = [...secret.replace(/[\s=]/g, "").toUpperCase()].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
    const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + step));
    const mac = createHmac("sha1", key).update(counter).digest();
    const at = mac[19] & 15;
    return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
