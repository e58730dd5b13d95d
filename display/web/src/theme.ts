// theme.ts -- the colours of the canvases, in a dark and a light set; the style sheet has the
// same for the rest. A nation differs by colour and by dashes, so that grey is enough.
// SPDX-License-Identifier: Apache-2.0

export interface Palette {
    sea: string;
    land: string;
    coast: string;
    grid: string;
    text: string;
    faint: string;
    halo: string;
    threat: string;
    predicted: string;
    warned: string;
    cover: string;
    ring: string;
    nations: string[];
}

// Nations: Okabe and Ito's hues, told apart with every kind of colour blindness.
const DARK: Palette = {
    sea: "#0c131c",
    land: "#232d38",
    coast: "#445262",
    grid: "#1a2430",
    text: "#dfe6ee",
    faint: "#8c99a8",
    halo: "#0c131c",
    threat: "#ff6a4d",
    predicted: "#ffb224",
    warned: "rgba(255,178,36,0.22)",
    cover: "rgba(255,90,60,0.38)",
    ring: "#2b3846",
    nations: ["#56b4e9", "#f0e442", "#e59cc4", "#3fc79a", "#c9a27a", "#a9b6ff"],
};
const LIGHT: Palette = {
    sea: "#e3e9ef",
    land: "#f7f6f2",
    coast: "#8d98a4",
    grid: "#d3dbe3",
    text: "#15202b",
    faint: "#566270",
    halo: "#ffffff",
    threat: "#c02000",
    predicted: "#8a5a00",
    warned: "rgba(200,130,0,0.25)",
    cover: "rgba(200,40,0,0.30)",
    ring: "#b9c4cf",
    nations: ["#005f9e", "#7a6400", "#9b3474", "#00684a", "#7a4b1e", "#3c46a8"],
};
export const DASHES = [[], [7, 3], [2, 3], [9, 3, 2, 3], [4, 4], [1, 2]];

export function palette(isLight: boolean): Palette {
    return isLight ? LIGHT : DARK;
}

const order: string[] = ["JP", "KR", "US"]; // others in the order they are met

export function nationIndex(nation: string): number {
    let index = order.indexOf(nation);
    if (index < 0) index = order.push(nation) - 1;
    return index % DASHES.length;
}
