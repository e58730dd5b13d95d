// format.ts -- numbers and times as people read them: UTC first, 24 hours, always with a unit.
// SPDX-License-Identifier: Apache-2.0

const two = (n: number) => String(Math.floor(n)).padStart(2, "0");

// "02:04" or "1:02:04"; negative: "-00:12". An absent time is never zero.
export function span(ms: number): string {
    if (!Number.isFinite(ms)) return "--:--";
    const s = Math.floor(Math.abs(ms) / 1000);
    const body =
        s >= 3600
            ? `${Math.floor(s / 3600)}:${two((s / 60) % 60)}:${two(s % 60)}`
            : `${two(s / 60)}:${two(s % 60)}`;
    return ms < 0 && s > 0 ? `-${body}` : body;
}

// "03:04:05Z", or with the date.
export function utc(ms: number, withDate = false): string {
    if (!Number.isFinite(ms)) return "--:--:--Z";
    const text = new Date(ms).toISOString();
    return (withDate ? text.slice(0, 10) + " " : "") + text.slice(11, 19) + "Z";
}

// Japan and Korea both keep UTC+9 all year; elsewhere there is no second clock.
export function local(ms: number, nation: string): string {
    if (nation !== "JP" && nation !== "KR") return "";
    return (
        new Date(ms + 9 * 3600e3).toISOString().slice(11, 19) +
        (nation === "JP" ? " JST" : " KST")
    );
}

// "0.4 s", "12 s", "3 min": how old something is.
export function age(ms: number): string {
    if (!Number.isFinite(ms)) return "–";
    const s = Math.max(0, ms / 1000);
    if (s < 9.95) return `${s.toFixed(1)} s`;
    return s < 120 ? `${Math.round(s)} s` : `${Math.floor(s / 60)} min`;
}

export function km(metres: number): string {
    if (!Number.isFinite(metres)) return "–";
    const value = metres / 1000;
    return value < 9.95 ? value.toFixed(1) : Math.round(value).toLocaleString("en");
}

export function latLon(at: { lat: number; lon: number }): string {
    const side = (value: number, plus: string, minus: string) =>
        `${Math.abs(value).toFixed(2)}°${value < 0 ? minus : plus}`;
    return `${side(at.lat, "N", "S")} ${side(at.lon, "E", "W")}`;
}

export function seconds(ms: number): string {
    return `${Math.round(ms / 1000)} s`;
}
