// acts.ts -- what a person does at the page, sent to the node under that person's name.
// SPDX-License-Identifier: Apache-2.0

let session = "";
let who = "";

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

export async function signIn(name: string, password: string): Promise<boolean> {
    const answer = await post("/session", password ? { name, password } : { name });
    if (!answer.ok) return false;
    const given = (await answer.json()) as { session: string };
    [session, who] = [given.session, name];
    await act("sign-in");
    return true;
}

// False: not signed in any more, or the node could not take it.
export async function act(name: string, number = 0, words = ""): Promise<boolean> {
    if (!session) return false;
    const body = words ? { act: name, number, words } : { act: name, number };
    try {
        const answer = await post("/command", body);
        if (answer.status === 401) session = "";
        return answer.ok;
    } catch {
        return false;
    }
}
