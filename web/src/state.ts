/** The address is the state: what is read from it, and how it is changed. */

import { root } from "./root.ts";

export const SHOWS = ["heat", "rate", "lsoas", "cells", "hexagons", "h3", "emerging", "moran"] as const;

export type Show = (typeof SHOWS)[number];

export type Picked =
  | { kind: "ward"; code: string }
  | { kind: "hotspot"; number: number }
  | { kind: "unit"; id: string }
  | null;

/** What the map shows, apart from the figures. */
export interface View {
  show: Show;
  hotspots: boolean;
  names: boolean;
  clusters: boolean;
  venues: boolean;
  /** What heat is of beside types and months, as a query. */
  heat: string;
  /** Months that stand beside the chosen ones, where heat is shown side by side. */
  beside: string | null;
  picked: Picked;
  /** Options of layers, as a query. */
  options: string;
  /** The reader's own area, as addresses have it. */
  area: string;
}

/** Parameters that decide the figures. */
const DATA = ["type", "from", "to", "source", "day", "hour", "cell", "bandwidth", "alpha", "family"] as const;
/** Parameters that decide layers worked out on demand. */
const OPTIONS = [
  "weights", "permutations", "adjustment", "maps", "largest", "over-time", "longest", "shapes",
  "share", "trend-alpha", "lags", "reference",
] as const;
/** Parameters that decide heat alone. */
const HEAT = ["against"] as const;
/** Marks with what they are at first. */
const MARKS = { hotspots: true, names: true, clusters: false, venues: false } as const;

type Mark = keyof typeof MARKS;
const MARK_NAMES = Object.keys(MARKS) as Mark[];

function chosen(form: HTMLFormElement, here: URL, names: readonly string[]): URLSearchParams {
  const fields = new FormData(form);
  const query = new URLSearchParams();
  for (const name of names) {
    const value = fields.has(name) ? fields.get(name) : here.searchParams.get(name);
    if (typeof value === "string" && value !== "") query.set(name, value);
  }
  return query;
}

/** The part of the page's address that decides the figures, as the form holds it. */
export function dataQuery(form: HTMLFormElement, here: URL): string {
  return chosen(form, here, DATA).toString();
}

/** What the form asks to be drawn, with the place that the address marks. */
export function view(form: HTMLFormElement, here: URL): View {
  const fields = new FormData(form);
  const heat = chosen(form, here, HEAT);
  const against = heat.get("against");
  const beside = fields.get("as") === "swipe" && against ? against : null;
  if (beside) heat.delete("against");
  const show = SHOWS.find((one) => one === fields.get("show")) ?? "heat";
  const on = (mark: Mark): boolean => fields.has(mark);
  return {
    show, hotspots: on("hotspots"), names: on("names"), clusters: on("clusters"), venues: on("venues"),
    heat: heat.toString(), beside, picked: picked(here),
    options: chosen(form, here, OPTIONS).toString(),
    area: document.getElementById("area")?.dataset["area"] ?? "",
  };
}

function picked(here: URL): Picked {
  const code = here.searchParams.get("ward");
  if (code) return { kind: "ward", code };
  const id = here.searchParams.get("unit");
  if (id) return { kind: "unit", id };
  const number = Number(here.searchParams.get("hotspot"));
  return number > 0 ? { kind: "hotspot", number } : null;
}

/** Address of the page for the figures in `query` and this view; what is as at first stays out. */
export function address(query: string, view: View, here: URL): string {
  const search = new URLSearchParams(query);
  for (const [name, value] of new URLSearchParams(`${view.heat}&${view.options}`)) search.set(name, value);
  if (view.beside) search.set("against", view.beside);
  for (const [name, value] of layers(view)) search.set(name, value);
  if (view.beside) search.set("as", "swipe");
  for (const kept of view.beside ? ["at", "sort", "find", "split"] : ["at", "sort", "find"]) {
    const value = here.searchParams.get(kept);
    if (value) search.set(kept, value);
  }
  if (view.area) search.set("area", view.area);
  for (const [name, value] of mark(view.picked)) search.set(name, value);
  return `${root}?${search.toString()}`;
}

/** What is drawn, as addresses have it. */
function layers(view: View): [string, string][] {
  const on = MARK_NAMES.filter((name) => view[name]);
  const asAtFirst = view.show === "heat" && MARK_NAMES.every((name) => view[name] === MARKS[name]);
  return asAtFirst ? [] : [["show", view.show], ...on.map((name): [string, string] => [name, "on"])];
}

/** The marked place, as addresses have it. */
function mark(picked: Picked): [string, string][] {
  switch (picked?.kind) {
    case "ward": return [["ward", picked.code]];
    case "hotspot": return [["hotspot", String(picked.number)]];
    case "unit": return [["unit", picked.id]];
    default: return [];
  }
}

const LAYERS = ["show", ...MARK_NAMES];
const PLACES = ["ward", "hotspot", "unit"];
/** What script changes in the address by itself, so that neither links of the page nor an answer under way know it. */
const OWN = [...LAYERS, "at", "find", "split", ...PLACES];

/** Sets a parameter of an address; an empty value leaves it out. */
export function setOrLeave(url: URL, name: string, value: string): void {
  if (value) url.searchParams.set(name, value);
  else url.searchParams.delete(name);
}

/** The address for the same figures drawn otherwise, or with another place marked. */
export function shown(here: URL, view: View): URL {
  const next = new Map([...layers(view), ...mark(view.picked)]);
  for (const name of [...LAYERS, ...PLACES]) setOrLeave(here, name, next.get(name) ?? "");
  return here;
}

/** What script changed in the address between two moments. A number of a hotspot or a cell holds for the figures of
 * its moment alone. */
export function changed(before: URL, after: URL): [string, string][] {
  return OWN.filter((name) => name !== "hotspot" && name !== "unit")
    .map((name): [string, string] => [name, after.searchParams.get(name) ?? ""])
    .filter(([name, value]) => value !== (before.searchParams.get(name) ?? ""));
}

/** Whether such changes draw the map otherwise. */
export const drawnOtherwise = (changes: [string, string][]): boolean => changes.some(([name]) => LAYERS.includes(name));

/** An address with such changes. */
export function withChanges(target: URL, changes: [string, string][]): URL {
  for (const [name, value] of changes) {
    if (name === "ward") for (const place of PLACES) target.searchParams.delete(place);
    setOrLeave(target, name, value);
  }
  return target;
}

/** Address that a link of the page leads to, with what the page shows otherwise kept. */
export function carried(target: URL, query: string, here: URL): string {
  const figures = new URLSearchParams(query);
  const same = DATA.every((name) => (target.searchParams.get(name) ?? "") === (figures.get(name) ?? ""));
  // Other figures have other hotspots and cells.
  const lost = same ? [] : ["hotspot", "unit"];
  for (const name of OWN) setOrLeave(target, name, lost.includes(name) ? "" : here.searchParams.get(name) ?? "");
  return target.href;
}

/** Where the address opens the map: longitude, latitude, zoom. */
export function opening(here: URL): [number, number, number] | null {
  const [lon, lat, zoom] = (here.searchParams.get("at") ?? "").split(",").map(Number);
  return lon !== undefined && lat !== undefined && zoom !== undefined && [lon, lat, zoom].every(Number.isFinite) ? [lon, lat, zoom] : null;
}

/** A mark as links and cards name it: `ward:E05001`, `hotspot:2`, or nothing. */
export function parsePicked(text: string): Picked {
  const [kind, id = ""] = text.split(":");
  if (kind === "ward" && id) return { kind, code: id };
  return kind === "hotspot" && Number(id) > 0 ? { kind, number: Number(id) } : null;
}

/** The mark as links and cards name it. */
export function printPicked(picked: Picked): string {
  if (picked === null || picked.kind === "unit") return "";
  return picked.kind === "ward" ? `ward:${picked.code}` : `hotspot:${picked.number}`;
}
