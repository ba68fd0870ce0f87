/** The address is the state: what is read from it, and how it is changed. */

export type Show = "heat" | "rate";

export type Picked = { kind: "ward"; code: string } | { kind: "hotspot"; number: number } | null;

/** What the map shows, apart from the figures. */
export interface View {
  show: Show;
  hotspots: boolean;
  names: boolean;
  picked: Picked;
}

/** Parameters that decide the figures. */
const DATA = ["type", "from", "to", "source"] as const;

/** The part of the page's address that decides the figures, as the form holds it. */
export function dataQuery(form: HTMLFormElement, here: URL): string {
  const fields = new FormData(form);
  const query = new URLSearchParams();
  for (const name of DATA) {
    const value = fields.get(name) ?? here.searchParams.get(name);
    if (typeof value === "string" && value !== "") query.set(name, value);
  }
  return query.toString();
}

/** What the form asks to be drawn, with the place that the address marks. */
export function view(form: HTMLFormElement, here: URL): View {
  const fields = new FormData(form);
  return {
    show: fields.get("show") === "rate" ? "rate" : "heat",
    hotspots: fields.has("hotspots"),
    names: fields.has("names"),
    picked: picked(here),
  };
}

function picked(here: URL): Picked {
  const code = here.searchParams.get("ward");
  if (code) return { kind: "ward", code };
  const number = Number(here.searchParams.get("hotspot"));
  return number > 0 ? { kind: "hotspot", number } : null;
}

/** Address of the page for the figures in `query` and this view; what is as at first stays out. */
export function address(query: string, view: View, here: URL): string {
  const search = new URLSearchParams(query);
  if (view.show !== "heat" || !view.hotspots || !view.names) {
    search.set("show", view.show);
    if (view.hotspots) search.set("hotspots", "on");
    if (view.names) search.set("names", "on");
  }
  const sort = here.searchParams.get("sort");
  if (sort) search.set("sort", sort);
  if (view.picked?.kind === "ward") search.set("ward", view.picked.code);
  if (view.picked?.kind === "hotspot") search.set("hotspot", String(view.picked.number));
  return `/?${search.toString()}`;
}

/** A mark as links and cards name it: `ward:E05001`, `hotspot:2`, or nothing. */
export function parsePicked(text: string): Picked {
  const [kind, id = ""] = text.split(":");
  if (kind === "ward" && id) return { kind, code: id };
  return kind === "hotspot" && Number(id) > 0 ? { kind, number: Number(id) } : null;
}

/** The mark as links and cards name it. */
export function printPicked(picked: Picked): string {
  if (picked === null) return "";
  return picked.kind === "ward" ? `ward:${picked.code}` : `hotspot:${picked.number}`;
}
