/** Wires the page: the form, the links and the keys to one address, one document and one map. */

import { announce, tell, trouble } from "./announce.ts";
import * as api from "./api.ts";
import { brush } from "./brush.ts";
import { showUnitCard } from "./card.ts";
import { readyClock, startClock } from "./clock.ts";
import type { Mode } from "./draw.ts";
import type { Action, Counts, Running } from "./map.ts";
import { startMeetings } from "./meetings.ts";
import { forget, here, note, push, rewrite } from "./noted.ts";
import { showLegend, showPicked, swapPart, swapParts } from "./parts.ts";
import { root } from "./root.ts";
import {
  address, carried, changed, dataQuery, drawnOtherwise, opening, parsePicked, printPicked, setOrLeave, shown, view, withChanges,
  type Picked,
} from "./state.ts";
import { words as say } from "./strings.ts";

const form = document.querySelector<HTMLFormElement>("#controls");
const box = document.getElementById("map");
let running: Running | undefined;
let pending: AbortController | undefined;
let refreshing: AbortController | undefined;

/** The line over the map. */
const line = document.getElementById("map-say");

/** Says that the log-in has ended, with the way back to this very page. */
function tellLoggedOut(target: string): void {
  if (!line) return;
  const link = document.createElement("a");
  const at = new URL(target, location.origin);
  link.href = `${root}login?next=${encodeURIComponent(at.pathname + at.search)}`;
  link.textContent = say.signIn;
  line.replaceChildren(`${say.loginExpired} `, link);
  announce(say.loginExpired);
}

/** Edges of the classes of ward rates, as the legend on the page has them. */
function rateBreaks(): number[] {
  const text = document.querySelector<HTMLElement>('.legend [data-of~="rate"]')?.dataset["breaks"] ?? "";
  return text.split(",").filter(Boolean).map(Number);
}

function counts({ hotspots, wards }: Counts): string {
  return `${say.hotspots(hotspots)}, ${say.wards(wards)}.`;
}

/** Shows the page at `target` without leaving this one; falls back to going there. */
async function go(target: string, history: "push" | "keep"): Promise<void> {
  if (!form) return;
  pending?.abort();
  pending = new AbortController();
  const { signal } = pending;
  const asked = here();
  try {
    const fresh = await api.page(target, {
      signal,
      onWait: (seconds) => tell(line, say.stillWorking(say.figures, seconds)),
    });
    if (signal.aborted) return;
    tell(line, "");
    const meanwhile = changed(asked, here());
    if (history === "push") push(withChanges(new URL(target, location.origin), meanwhile));
    if (!drawnOtherwise(meanwhile)) fillForm(fresh);
    readyClock(fresh);
    swapParts(fresh);
    const now = view(form, here());
    // What was typed to say an area has one form in the address.
    if (now.area) rewrite(address(dataQuery(form, here()), now, here()));
    if (meanwhile.length > 0) {
      showLegend(now);
      showPicked(printPicked(now.picked));
      void refresh();
    }
    const headline = document.querySelector("h1")?.textContent ?? "";
    const shown = await running?.update(dataQuery(form, here()), now, rateBreaks());
    announce(shown ? `${headline} ${counts(shown)}` : headline);
  } catch (error) {
    if (signal.aborted || (error instanceof DOMException && error.name === "AbortError")) return;
    if (error instanceof api.LoggedOut) tellLoggedOut(target);
    else if (error instanceof api.ApiError && error.status < 500) location.assign(target);
    else trouble(line, say.figuresFailed, { words: say.retry, go: () => void go(target, history) });
  }
}

/** Shows the page that the reader went back or on to, where its map stood. */
async function goBack(): Promise<void> {
  forget();
  await go(location.href, "keep");
  const at = opening(here());
  if (at) running?.flyTo(at);
  else running?.act("all");
}

/** Sets the parts of the form that are not swapped to those of `fresh`. */
function fillForm(fresh: Document): void {
  for (const input of form?.querySelectorAll<HTMLInputElement>('input[name="show"], input[type="checkbox"]') ?? []) {
    const key = input.dataset["key"] ?? "";
    const twin = fresh.querySelector<HTMLInputElement>(`[data-key="${CSS.escape(key)}"]`);
    if (twin) input.checked = twin.defaultChecked;
  }
}

/** Shows what the form asks for, with the same figures. */
function redraw(form: HTMLFormElement): void {
  const now = view(form, here());
  rewrite(shown(here(), now));
  showLegend(now);
  running?.restyle(now);
  void refresh();
}

/** Brings the links to files, the picture for print and the places found to what the address says. */
async function refresh(): Promise<void> {
  refreshing?.abort();
  refreshing = new AbortController();
  try {
    const fresh = await api.page(location.href, { signal: refreshing.signal });
    for (const part of ["method", "picture", "found"]) swapPart(part, fresh);
  } catch {
    // The next change asks again.
  }
}

/** Marks a place in map, table and card together; focus stays where it was. */
function pick(picked: Picked, move: boolean): void {
  if (!form) return;
  const now = { ...view(form, here()), picked };
  rewrite(shown(here(), now));
  showPicked(printPicked(picked));
  running?.restyle(now);
  if (picked?.kind !== "unit") showBeside(picked, move);
  const name = document.querySelector("#pick h2")?.textContent;
  announce(name && picked ? say.marked(name) : say.unmarked);
}

/** Brings a place into view if asked to, and keeps its card from covering it. */
function showBeside(picked: Picked, move: boolean): void {
  const moved = move && (running?.goTo(picked) ?? false);
  const under = !moved && (running?.isUnderCard(picked) ?? false);
  document.getElementById("pick")?.classList.toggle("pick--left", under);
}

function onChange(form: HTMLFormElement, event: Event): void {
  const field = event.target as HTMLInputElement | HTMLSelectElement;
  if (["show", "hotspots", "names", "clusters", "venues"].includes(field.name)) {
    if (running) redraw(form);
    else void go(address(dataQuery(form, here()), view(form, here()), here()), "push");
    return;
  }
  const months = (name: string): HTMLSelectElement | null => form.querySelector(`select[name="${name}"]`);
  const [from, to] = [months("from"), months("to")];
  if (from && to && from.value > to.value) (field === from ? to : from).value = field.value;
  const now = view(form, here());
  const kept = now.picked?.kind === "ward" ? now.picked : null;
  void go(address(dataQuery(form, here()), { ...now, picked: kept }, here()), "push");
}

function onClick(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const target = event.target as Element;
  if (drawButton(target)) return;
  const action = target.closest<HTMLElement>("#buttons [data-do]")?.dataset["do"];
  if (action) {
    running?.act(action as Action);
    return;
  }
  const place = target.closest<HTMLAnchorElement>("a[data-place]");
  if (place && running) {
    event.preventDefault();
    goToPlace(place);
    return;
  }
  const link = target.closest<HTMLAnchorElement>("a[data-pick], a[data-soft]");
  if (link?.dataset["pick"] !== undefined) {
    event.preventDefault();
    const picked = parsePicked(link.dataset["pick"]);
    const closed = picked === null && form && link.closest("#pick") ? view(form, here()).picked : null;
    pick(picked, true);
    if (closed) leaveCard(closed);
  } else if (link) {
    event.preventDefault();
    void go(form ? carried(new URL(link.href), dataQuery(form, here()), here()) : link.href, "push");
  }
}

/** The link in the tables that stands for a place, or for the table that holds it. */
function rowOf(picked: NonNullable<Picked>): HTMLElement | null {
  const key = picked.kind === "ward" ? `ward-${picked.code}` : picked.kind === "hotspot" ? `hotspot-${picked.number}` : "as-table";
  return document.querySelector(`[data-key="${CSS.escape(key)}"]`);
}

/** Where the keyboard goes when the card of a place closes. */
function leaveCard(picked: NonNullable<Picked>): void {
  if (running) running.focus();
  else rowOf(picked)?.focus();
}

/** The buttons that draw; whether one was meant. */
function drawButton(target: Element): boolean {
  const mode = target.closest<HTMLElement>("[data-draw]")?.dataset["draw"];
  if (mode) running?.draw(mode as Mode);
  const step = target.closest<HTMLElement>("[data-do-draw]")?.dataset["doDraw"];
  const drawing = running?.drawing;
  if (step === "add") drawing?.addAtCross();
  if (step === "undo") drawing?.undo();
  if (step === "done") drawing?.done();
  if (step === "cancel") drawing?.cancel();
  return mode !== undefined || step !== undefined;
}

/** Shows the figures of an area. */
async function count(area: string): Promise<void> {
  if (!form) return;
  await go(address(dataQuery(form, here()), { ...view(form, here()), area }, here()), "push");
  const panel = document.getElementById("area");
  panel?.focus({ preventScroll: false });
  announce(document.getElementById("area-head")?.textContent ?? "");
}

/** Moves the map to a place that was found, and marks it where it is a ward. */
function goToPlace(place: HTMLAnchorElement): void {
  const at = new URL(place.href);
  const opened = opening(at);
  if (opened) running?.flyTo(opened);
  const picked = parsePicked(place.dataset["pick"] ?? "");
  if (picked) pick(picked, false);
  else announce(say.inView(place.textContent ?? ""));
  running?.focus();
}

/** Looks for places without leaving the page. */
async function find(finder: HTMLFormElement): Promise<void> {
  const text = String(new FormData(finder).get("find") ?? "").trim();
  const target = new URL(here());
  target.searchParams.set("find", text);
  try {
    const fresh = await api.page(target.href);
    if (line?.textContent?.startsWith(say.findFailed)) tell(line, "");
    swapPart("found", fresh);
    note("find", text);
    announce(document.querySelector('[data-part="found"]')?.textContent?.trim() ?? "");
  } catch (error) {
    if (error instanceof api.LoggedOut) tellLoggedOut(target.href);
    else if (error instanceof api.ApiError) finder.submit();
    else trouble(line, say.findFailed, { words: say.retry, go: () => void find(finder) });
  }
}

/** A file of the map shows the part of it that is seen; its link is brought to that before it is used. */
function aimFile({ target }: Event): void {
  const link = (target as Element).closest<HTMLAnchorElement>("a[data-map-file]");
  if (!link || !running) return;
  const url = new URL(link.href);
  setOrLeave(url, "bbox", running.seen()?.map((edge) => edge.toFixed(5)).join(",") ?? "");
  link.href = url.href;
}

const KEYS: Record<string, Action> = { n: "next", p: "previous" };

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !form) return;
  const onMap = box?.contains(event.target as Node) ?? false;
  const drawing = running?.drawing;
  if (drawing?.on) {
    if (event.key === "Escape") drawing.cancel();
    else if (onMap && event.key === "Enter") drawing.addAtCross();
    else if (onMap && event.key === "Backspace") drawing.undo();
    return;
  }
  const action = KEYS[event.key.toLowerCase()];
  const { picked } = view(form, here());
  if (onMap && action) {
    running?.act(action);
  } else if (onMap && event.key === "Enter" && picked) {
    rowOf(picked)?.focus();
  } else if (event.key === "Escape" && picked) {
    const inCard = document.getElementById("pick")?.contains(document.activeElement) ?? false;
    pick(null, false);
    if (running ? !onMap : inCard) leaveCard(picked);
  }
}

/** Whether the computer can draw the map, asked before its code is fetched. */
function canDraw(): boolean {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}

async function startLiveMap(form: HTMLFormElement, box: HTMLElement): Promise<void> {
  if (!canDraw()) {
    trouble(line, say.noMap);
    return;
  }
  tell(line, say.loadingMap);
  try {
    await mapStyles();
    const { startMap } = await import("./map.ts");
    running = await startMap({
      box,
      query: dataQuery(form, here()),
      view: view(form, here()),
      rateBreaks: rateBreaks(),
      onPick: pick,
      at: opening(here()),
      onSay: (words) => tell(line, words),
      onTrouble: (words, retry) => trouble(line, words, retry && { words: say.retry, go: retry }),
      onLoggedOut: () => tellLoggedOut(location.href),
      onUnit: showUnitCard,
      onMove: (at) => note("at", at),
      onSwipe: (percent) => note("split", percent),
      onArea: (area) => void count(area),
    });
    if (line?.textContent === say.loadingMap) tell(line, "");
    for (const tools of document.querySelectorAll<HTMLElement>("#buttons, #draw-tools")) tools.hidden = false;
    const { picked } = view(form, here());
    if (picked && picked.kind !== "unit") {
      showPicked(printPicked(picked));
      showBeside(picked, opening(here()) === null);
    }
    // What went wrong meanwhile is still to be heard.
    const unmarked = document.querySelector("#pick .pick__none")?.textContent;
    announce([say.mapReady(counts(running.counts)), line?.firstChild?.textContent, unmarked].filter(Boolean).join(" "));
    Object.assign(window, { wardheat: running });
  } catch (error) {
    if (error instanceof api.LoggedOut) tellLoggedOut(location.href);
    // Fetching fails with a TypeError where the server is away.
    else if (error instanceof api.ApiError || error instanceof TypeError) trouble(line, say.mapAway, { words: say.retry, go: () => location.reload() });
    else trouble(line, say.noMap);
    console.warn("no live map:", error);
  }
}

/** The map's own style sheet, fetched only where there is a map. */
function mapStyles(): Promise<void> {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL("maplibre-gl.css", import.meta.url).href;
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => reject(new Error("the map's style sheet did not load")));
    document.head.prepend(link);
  });
}

/** Buttons that only script can serve; without it they stay hidden. */
for (const button of document.querySelectorAll<HTMLElement>('[data-do="print"]')) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

/** Puts a table on the clipboard, as spreadsheets take it. */
async function copyTable(note: HTMLElement): Promise<void> {
  const rows = [...document.querySelectorAll<HTMLTableRowElement>("#figures tr")];
  const cells = (row: HTMLTableRowElement): string => [...row.cells].map((cell) => cell.innerText.trim().replace(/\s+/g, " ")).join("\t");
  const said = (words: string): void => {
    note.textContent = words;
    announce(words);
  };
  await navigator.clipboard.writeText(rows.map(cells).join("\n")).then(
    () => said(say.copied(rows.length - 1)),
    () => said(say.copyFailed),
  );
}

for (const button of document.querySelectorAll<HTMLElement>('[data-do="copy"]')) {
  button.hidden = false;
  const note = document.createElement("span");
  note.className = "note";
  button.after(note);
  button.addEventListener("click", () => void copyTable(note));
}

if (form && box) {
  const finder = document.querySelector<HTMLFormElement>("#finder");
  finder?.addEventListener("submit", (event) => {
    event.preventDefault();
    void find(finder);
  });
  document.querySelector<HTMLFormElement>("[data-area-form]")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = new FormData(event.target as HTMLFormElement);
    const target = new URL(address(dataQuery(form, here()), { ...view(form, here()), area: "" }, here()), location.origin);
    for (const name of ["centre", "radius", "corners"]) {
      const value = String(typed.get(name) ?? "").trim();
      if (value && (name !== "radius" || typed.get("centre"))) target.searchParams.set(name, value);
    }
    void go(target.href, "push");
  });
  startClock(form);
  readyClock(document);
  brush((from, to) => {
    const months = (name: string): HTMLSelectElement | null => form.querySelector(`select[name="${name}"]`);
    const [first, last] = [months("from"), months("to")];
    if (!first || !last || (first.value === from && last.value === to)) return;
    first.value = from;
    last.value = to;
    first.dispatchEvent(new Event("change", { bubbles: true }));
  });
  form.classList.add("controls--live");
  form.addEventListener("change", (event) => onChange(form, event));
  document.addEventListener("click", onClick);
  for (const near of ["pointerdown", "focusin"]) document.addEventListener(near, aimFile);
  document.addEventListener("keydown", onKey);
  window.addEventListener("popstate", () => void goBack());
  void startLiveMap(form, box);
}

startMeetings();
