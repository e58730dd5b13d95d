// dom.ts -- makes and updates elements; text only ever goes in as text.
// SPDX-License-Identifier: Apache-2.0

export type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | boolean | undefined>;

// An element: h("td", { class: "n" }, "12 km").
export function h<K extends keyof HTMLElementTagNameMap>(
    tag: K,
    attributes: Attributes = {},
    ...children: Child[]
): HTMLElementTagNameMap[K] {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes))
        if (value !== undefined && value !== false)
            element.setAttribute(name, value === true ? "" : value);
    for (const child of children) if (child) element.append(child);
    return element;
}

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
    const element = document.getElementById(id);
    if (!element) throw new Error(`no #${id}`);
    return element as T;
}

export function say(element: HTMLElement, text: string): void {
    if (element.textContent !== text) element.textContent = text;
}

export function mark(element: HTMLElement, name: string, on: boolean): void {
    if (element.classList.contains(name) !== on) element.classList.toggle(name, on);
}

// Puts rows in place of what is there, but touches nothing that is the same already: focus
// and screen readers stay where they were.
export function fill(parent: HTMLElement, rows: Node[]): void {
    for (let i = 0; i < rows.length; i++) {
        const [row, old] = [rows[i]!, parent.childNodes[i]];
        if (!old) parent.append(row);
        else if (!old.isEqualNode(row)) old.replaceWith(row);
    }
    while (parent.childNodes.length > rows.length) parent.lastChild!.remove();
}
