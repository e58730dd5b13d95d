// sound.ts -- the alarm that is heard. A browser is mute until a person has clicked: so sound
// is armed by a click, with a test tone, and until then the page says that it is off.
// SPDX-License-Identifier: Apache-2.0

let context: AudioContext | null = null;
let gain: GainNode | null = null;
let pattern: number | undefined;
let isSounding = false;

export function soundIsArmed(): boolean {
    return context?.state === "running";
}

function beep(frequency: number, from: number, seconds: number): void {
    if (!context || !gain) return;
    const tone = context.createOscillator();
    tone.type = "square";
    tone.frequency.value = frequency;
    tone.connect(gain);
    tone.start(context.currentTime + from);
    tone.stop(context.currentTime + from + seconds);
}

// Two tones, twice: ISO 7731 wants a danger signal to change over time.
function phrase(): void {
    beep(988, 0, 0.22);
    beep(740, 0.26, 0.22);
    beep(988, 0.52, 0.22);
    beep(740, 0.78, 0.22);
}

export async function armSound(): Promise<boolean> {
    context ??= new AudioContext();
    if (!gain) {
        gain = context.createGain();
        gain.gain.value = 0.12;
        gain.connect(context.destination);
    }
    await context.resume();
    beep(660, 0, 0.15); // the test tone
    return soundIsArmed();
}

export async function disarmSound(): Promise<void> {
    sound(false);
    await context?.suspend();
}

// Sounds as long as something is unacknowledged.
export function sound(on: boolean): void {
    if (on === isSounding) return;
    isSounding = on;
    clearInterval(pattern);
    if (!on) return;
    phrase();
    pattern = window.setInterval(phrase, 1500);
}

export function soundIsOn(): boolean {
    return isSounding && soundIsArmed();
}
