/** Swapping the marked parts of the page for those of another, so that the server alone writes it. */

import type { View } from "./state.ts";

/** Replaces every `data-part` by its namesake in `fresh`; focus and scrolling stay where they were. What has the
 * focus and is gone names in `data-then` what takes it; else the answer does. */
export function swapParts(fresh: Document): void {
  const before = document.activeElement;
  const keys = ["data-key", "data-then"].map((name) => before?.getAttribute(name));
  const scrolled = scrollPositions();
  for (const { dataset } of document.querySelectorAll<HTMLElement>("[data-part]")) swapPart(dataset["part"] ?? "", fresh);
  document.title = fresh.title;
  for (const [selector, top] of scrolled) {
    document.querySelector(selector)?.scrollTo({ top });
  }
  if (before?.isConnected) return;
  const after = keys.map((key) => (key ? document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) : null));
  for (const next of [...after, document.getElementById("answer")]) {
    next?.focus({ preventScroll: true });
    if (next && next === document.activeElement) return;
  }
}

/** Replaces one part by its namesake in `fresh`. */
export function swapPart(name: string, fresh: Document): void {
  const [part, next] = [document, fresh].map((page) => page.querySelector(`[data-part="${name}"]`));
  if (part && next) part.replaceWith(document.adoptNode(next));
}

const SCROLLED = ['[data-part="records"]', ".scroll--wards", ".nums", ".side"];

function scrollPositions(): [string, number][] {
  return SCROLLED.map((selector) => [selector, document.querySelector(selector)?.scrollTop ?? 0]);
}

/** Shows the card and the row of the marked place; neither writes a figure, both are on the page. */
export function showPicked(mark: string): void {
  for (const row of document.querySelectorAll<HTMLElement>("tr[data-ward], tr[data-hotspot]")) {
    const own = row.dataset["ward"] ? `ward:${row.dataset["ward"]}` : `hotspot:${row.dataset["hotspot"]}`;
    if (own === mark) {
      row.setAttribute("aria-current", "true");
      scrollIntoOwnRegion(row);
    } else {
      row.removeAttribute("aria-current");
    }
  }
  const pick = document.getElementById("pick");
  const card = mark
    ? document.querySelector<HTMLTemplateElement>(`template[data-card="${CSS.escape(mark)}"]`)
    : null;
  // Where there is no such place, the card that came with the page says so.
  if (!pick || (mark && !card)) return;
  pick.replaceChildren(...(card ? [card.content.cloneNode(true)] : []));
  pick.hidden = card === null;
}

/** Scrolls the row's own table, never the page: on a phone the map stays where it is. */
function scrollIntoOwnRegion(row: HTMLElement): void {
  const region = row.closest<HTMLElement>(".scroll");
  if (!region || region.scrollHeight <= region.clientHeight) return;
  const head = region.querySelector("thead")?.getBoundingClientRect().height ?? 0;
  const [outer, inner] = [region.getBoundingClientRect(), row.getBoundingClientRect()];
  if (inner.top < outer.top + head) region.scrollTop -= outer.top + head - inner.top;
  else if (inner.bottom > outer.bottom) region.scrollTop += inner.bottom - outer.bottom;
}

/** Shows the legend of what is drawn. */
export function showLegend(view: View): void {
  const marks: Record<string, boolean> = { hotspots: view.hotspots, clusters: view.clusters, venues: view.venues };
  for (const part of document.querySelectorAll<HTMLElement>(".legend [data-of]")) {
    const of = (part.dataset["of"] ?? "").split(" ");
    const mark = marks[of[0] ?? ""];
    part.hidden = mark === undefined ? !of.includes(view.show) : !mark;
  }
}
