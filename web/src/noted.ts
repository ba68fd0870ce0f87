/** The address of this entry of the history, and what is still to be written into it. */

import { setOrLeave } from "./state.ts";

const noted = new Map<string, string>();
let writing: number | undefined;

/** The address, with what is still to be written. */
export function here(): URL {
  const url = new URL(location.href);
  for (const [name, value] of noted) setOrLeave(url, name, value);
  return url;
}

/** Writes the address of this entry. */
export function rewrite(url: URL | string): void {
  forget();
  history.replaceState(null, "", url);
}

/** Begins another entry. */
export function push(url: URL): void {
  forget();
  history.pushState(null, "", url);
}

/** Gives up what is still to be written: the entry is another. */
export function forget(): void {
  clearTimeout(writing);
  noted.clear();
}

/** Notes in the address what changes no figure; an empty value leaves it out. It is written once nothing changes any
 * more: browsers stop a page that writes with every frame of a moving map. */
export function note(name: string, value: string): void {
  noted.set(name, value);
  clearTimeout(writing);
  writing = setTimeout(() => rewrite(here()), 300);
}
