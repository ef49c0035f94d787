// SPDX-License-Identifier: EUPL-1.2
// Our own pictures, drawn on 24 by 24. They never stand alone: a word is beside each.
const PATHS = {
    home: "M4 11 12 4l8 7v9h-5v-6H9v6H4z",
    incident: "M12 3 2.5 20h19zM12 10v5M12 17.5v.5",
    register: "M6 3h10l3 3v15H6zM9 9h7M9 13h7M9 17h4",
    playbook: "M5 4h6c1 0 1 1 1 1s0-1 1-1h6v15h-6c-1 0-1 1-1 1s0-1-1-1H5zM12 5v14",
    contacts: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6M2.5 19c0-3 2.5-5 5.5-5s5.5 2 5.5 5M15 8h6M15 12h6M17 16h4",
    accounts: "M12 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M5 20c0-4 3-6 7-6s7 2 7 6",
    settings: "M4 7h9M17 7h3M4 12h3M11 12h9M4 17h9M17 17h3M15 5v4M9 10v4M15 15v4",
    journal: "M7 4h12v16H7a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2M9 8h6M9 12h6M9 16h3",
    approval: "M4 12l4 4 7-8M13 15l1.5 1.5L21 9",
    task: "M4 5h3v3H4zM4 11h3v3H4zM4 17h3v3H4zM11 6.5h9M11 12.5h9M11 18.5h9",
    clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7v5l3.5 2",
    shield: "M12 3 4.5 6v6c0 4.5 3.5 7.5 7.5 9 4-1.5 7.5-4.5 7.5-9V6z",
    check: "M5 12.5 10 17.5 19.5 7",
    warning: "M12 3 2.5 20h19zM12 10v5M12 17.5v.5",
    info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 11v6M12 7.5v.5",
    mail: "M3 6h18v12H3zM3 7l9 7 9-7",
    click: "M9 3v3M4.5 5.5l2 2M3 11h3M10 10l11 4-5 2-2 5z",
    people: "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6M3 19c0-3 2.5-5 6-5s6 2 6 5M16 5.5a3 3 0 0 1 0 5.5M17.5 14.3c2 .7 3.5 2.3 3.5 4.7",
    computer: "M3 5h18v11H3zM9 20h6M12 16v4",
    outage: "M4 7h16v4H4zM4 13h16v4H4zM3 3l18 18",
    leak: "M12 3c4 5 6 7.5 6 11a6 6 0 0 1-12 0c0-3.5 2-6 6-11M12 9v5M12 16.5v.5",
    print: "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
    download: "M12 4v11M7 11l5 5 5-5M5 20h14",
    menu: "M4 6h16M4 12h16M4 18h16",
    close: "M6 6l12 12M18 6 6 18",
    link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
    phone: "M6 3h4l2 5-2.5 1.5a11 11 0 0 0 5 5L16 12l5 2v4a2 2 0 0 1-2 2C11 20 4 13 4 5a2 2 0 0 1 2-2",
    dot: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8",
    pencil: "M4 20l1-4L16.5 4.5l3 3L8 19z",
    lost: "M3 3l18 18M5 11a10 10 0 0 1 4-2.5M12.5 8a10 10 0 0 1 6.5 3M8 15a5.5 5.5 0 0 1 5-1.5M12 19v.5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
    return (
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d={PATHS[name]} />
        </svg>
    );
}
