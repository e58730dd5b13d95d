// steer.ts -- the map moved by a person: keys, wheel, drag. SPDX-License-Identifier: Apache-2.0
import type { MapView } from "./backdrop";

// A step of the view, by keyboard: an eighth of what is seen.
export function panMap(map: MapView, key: string): void {
    const degrees = 4.5 / map.zoom;
    const across = degrees / Math.cos((map.lat * Math.PI) / 180);
    if (key === "ArrowLeft") map.lon -= across;
    if (key === "ArrowRight") map.lon += across;
    const north = key === "ArrowUp" ? degrees : key === "ArrowDown" ? -degrees : 0;
    map.lat = Math.min(80, Math.max(-80, map.lat + north));
    map.wasMoved = true;
}

// Wheel and drag of a person; moved: it must be drawn anew.
export function listenToMap(
    canvas: HTMLCanvasElement,
    map: MapView,
    zoom: (by: number) => void,
    moved: () => void,
): void {
    canvas.addEventListener(
        "wheel",
        (event) => {
            event.preventDefault();
            zoom(event.deltaY < 0 ? 1.15 : 0.87);
            moved();
        },
        { passive: false },
    );
    canvas.addEventListener("pointermove", (event) => {
        if (!(event.buttons & 1)) return;
        const perDegree = (Math.min(canvas.clientWidth, canvas.clientHeight) / 36) * map.zoom;
        map.lon -= event.movementX / perDegree / Math.cos((map.lat * Math.PI) / 180);
        map.lat = Math.min(80, Math.max(-80, map.lat + event.movementY / perDegree));
        map.wasMoved = true;
        moved();
    });
}
