// acts.ts -- what a person does at the page, sent to the node under that person's name and with
// the nature that the page shows: the node refuses an act from a page of another one.
// SPDX-License-Identifier: Apache-2.0

let session = "";
let who = "";

export interface Said {
    en: string;
    ja: string;
    ko: string;
}

export function operator(): string {
    return session ? who : "";
}

async function post(path: string, body: object): Promise<Response> {
    return fetch(path, {
        method: "POST",
        credentials: "omit",
        cache: "no-store",
        body: JSON.stringify(body),
        headers: { "Content-Type": "application/json", "X-Warnlink-Session": session },
    });
}

// No name: whom the client certificate names.
export async function signIn(
    nature: string,
    name?: string,
    password?: string,
): Promise<boolean> {
    const answer = await post("/session", password ? { name, password } : { name });
    if (!answer.ok) return false;
    const given = (await answer.json()) as { session: string; name?: string };
    [session, who] = [given.session, given.name ?? name ?? ""];
    await act(nature, "sign-in");
    return true;
}

// False: not signed in any more, or the node could not take it.
export async function act(
    nature: string,
    name: string,
    number = 0,
    words = "",
    said?: Said,
): Promise<boolean> {
    if (!session) return false;
    const body: Record<string, unknown> = { act: name, nature, number };
    if (words) body.words = words;
    if (said) body.said = said;
    try {
        const answer = await post("/command", body);
        if (answer.status === 401) session = "";
        return answer.ok;
    } catch {
        return false;
    }
}
