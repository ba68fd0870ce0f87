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
  const marks = Object.keys(MARKS) as Mark[];
  if (view.show !== "heat" || marks.some((mark) => view[mark] !== MARKS[mark])) {
    search.set("show", view.show);
    for (const mark of marks) if (view[mark]) search.set(mark, "on");
  }
  if (view.beside) search.set("as", "swipe");
  for (const kept of ["at", "sort"]) {
    const value = here.searchParams.get(kept);
    if (value) search.set(kept, value);
  }
  if (view.area) search.set("area", view.area);
  if (view.picked?.kind === "ward") search.set("ward", view.picked.code);
  if (view.picked?.kind === "hotspot") search.set("hotspot", String(view.picked.number));
  if (view.picked?.kind === "unit") search.set("unit", view.picked.id);
  return `${root}?${search.toString()}`;
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
