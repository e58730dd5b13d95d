// canvas.ts -- what the drawings share: sharp canvases, text with a halo, hatching, symbols.
// SPDX-License-Identifier: Apache-2.0
import { SYMBOLS } from "./symbols";
import type { Palette } from "./theme";

export const FONT = "13px system-ui, 'Noto Sans CJK JP', 'Noto Sans CJK KR', sans-serif";
export const SMALL = "11.5px system-ui, 'Noto Sans CJK JP', 'Noto Sans CJK KR', sans-serif";

// Fits the canvas to its box; true if its size has changed.
export function fit(canvas: HTMLCanvasElement): boolean {
    const ratio = window.devicePixelRatio || 1;
    const width = Math.max(1, Math.round(canvas.clientWidth * ratio));
    const height = Math.max(1, Math.round(canvas.clientHeight * ratio));
    const isNew = canvas.width !== width || canvas.height !== height;
    if (isNew) [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext("2d")!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return isNew;
}

// A canvas as large as another, for a part that is drawn less often.
export function fitLike(canvas: HTMLCanvasElement, like: HTMLCanvasElement): void {
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== like.width || canvas.height !== like.height)
        [canvas.width, canvas.height] = [like.width, like.height];
    canvas.getContext("2d")!.setTransform(ratio, 0, 0, ratio, 0, 0);
}

export function text(
    context: CanvasRenderingContext2D,
    colours: Palette,
    words: string,
    x: number,
    y: number,
    colour = colours.text,
    font = FONT,
): void {
    context.font = font;
    context.lineJoin = "round";
    context.setLineDash([]);
    context.strokeStyle = colours.halo;
    context.lineWidth = 3.5;
    context.strokeText(words, x, y);
    context.fillStyle = colour;
    context.fillText(words, x, y);
}

const tiles = new Map<string, CanvasPattern | null>();

// Diagonal lines: an area is known by its pattern where colour is not seen.
export function hatch(
    context: CanvasRenderingContext2D,
    colour: string,
): CanvasPattern | string {
    if (!tiles.has(colour)) {
        const tile = document.createElement("canvas");
        tile.width = tile.height = 8;
        const ink = tile.getContext("2d")!;
        ink.strokeStyle = colour;
        ink.lineWidth = 1;
        for (const shift of [-8, 0, 8]) {
            ink.moveTo(shift, 8);
            ink.lineTo(shift + 8, 0);
        }
        ink.stroke();
        tiles.set(colour, context.createPattern(tile, "repeat"));
    }
    return tiles.get(colour) ?? colour;
}

export type SymbolName = keyof typeof SYMBOLS;
const images = new Map<SymbolName, HTMLImageElement>();
for (const name of Object.keys(SYMBOLS) as SymbolName[]) {
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(SYMBOLS[name].svg)}`;
    images.set(name, image);
}

export function symbolsAreReady(): boolean {
    return [...images.values()].every((image) => image.complete);
}

// A picture of vectors is slow to draw five hundred times; of pixels it is not.
const bitmaps = new Map<string, HTMLCanvasElement>();

function bitmapOf(name: SymbolName, scale: number): HTMLCanvasElement | null {
    const key = `${name}${scale}`;
    const image = images.get(name)!;
    if (!image.complete || image.naturalWidth === 0) return null;
    let bitmap = bitmaps.get(key);
    if (!bitmap) {
        bitmap = document.createElement("canvas");
        bitmap.width = Math.ceil(SYMBOLS[name].width * scale);
        bitmap.height = Math.ceil(SYMBOLS[name].height * scale);
        bitmap.getContext("2d")!.drawImage(image, 0, 0, bitmap.width, bitmap.height);
        bitmaps.set(key, bitmap);
    }
    return bitmap;
}

export function symbol(
    context: CanvasRenderingContext2D,
    name: SymbolName,
    x: number,
    y: number,
    scale = 1,
): void {
    const shape = SYMBOLS[name];
    const bitmap = bitmapOf(name, scale * (window.devicePixelRatio || 1));
    if (bitmap)
        context.drawImage(
            bitmap,
            x - shape.x * scale,
            y - shape.y * scale,
            shape.width * scale,
            shape.height * scale,
        );
}
