// beside.ts -- the maps of several nations beside each other, on one clock: what each of them
// could see at that moment. In replay only; a live node knows no other nation's page.
// SPDX-License-Identifier: Apache-2.0
import { fit } from "./canvas";
import { byId, fill, h } from "./dom";
import type { Log } from "./log";
import { drawMap, newMapView, type MapOptions, type MapView } from "./map";
import { sceneOf } from "./scene";
import { setAreas } from "./world";

const views = new Map<string, MapView>();

function mapsOf(logs: Map<string, Log>): HTMLElement[] {
    return [...logs.keys()].map((name) => {
        const label = { role: "img", "aria-label": name, "data-nation": name };
        return h("figure", {}, h("figcaption", {}, name), h("canvas", label));
    });
}

// Shows or hides them; true: they stand in place of the one map.
export function showBeside(logs: Map<string, Log>, isOn: boolean): boolean {
    const is = isOn && logs.size > 1;
    byId("beside").hidden = !is;
    byId("map").hidden = is;
    if (is && byId("beside").childElementCount === 0) fill(byId("beside"), mapsOf(logs));
    return is;
}

export function drawBeside(logs: Map<string, Log>, moment: number, options: MapOptions): void {
    for (const canvas of byId("beside").querySelectorAll("canvas")) {
        const name = canvas.dataset.nation!;
        const log = logs.get(name)!;
        if (!views.has(name)) views.set(name, newMapView());
        fit(canvas);
        setAreas(log.areas);
        const scene = sceneOf(log.at(moment), moment, false);
        const selected = scene.flights[0]?.shared.number ?? 0;
        drawMap(canvas, views.get(name)!, scene, { ...options, about: log.about, selected });
    }
}
