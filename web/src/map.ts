/** The live map: one object that draws what the page says and tells when a place is chosen. */

import { Map as LiveMap, addProtocol, setWorkerUrl } from "maplibre-gl";
import type { GeoJSONSource, LngLatBoundsLike, RasterTileSource } from "maplibre-gl";
import type { FeatureCollection, MultiPolygon } from "geojson";
import { announce } from "./announce.ts";
import * as api from "./api.ts";
import { Draw, type Mode, type Unit } from "./draw.ts";
import { clearOfFurniture, locator, scaleBar } from "./furniture.ts";
import { bounds, corners, hotspotBadges, wardLabels, type Bounds } from "./places.ts";
import { root } from "./root.ts";
import type { Picked, View } from "./state.ts";
import { words as say } from "./strings.ts";
import { buildStyle, hasUnits, pickedFilter, rateFill, unitFill, unitSign, visibility, type Drawn } from "./style.ts";
import { Twin } from "./twin.ts";

/** Where and what to draw first. */
export interface Start {
  box: HTMLElement;
  query: string;
  view: View;
  /** Edges of the classes of ward rates. */
  rateBreaks: number[];
  /** Called when a place is chosen; `move` asks to bring it into view. */
  onPick: (picked: Picked, move: boolean) => void;
  /** Where the address opens the map. */
  at: [number, number, number] | null;
  /** Called with what the map is doing, in words for the reader; with none when it is done. */
  onSay: (words: string) => void;
  /** Called when part of the map fails, with words for the reader and a way to try again, where there is one. */
  onTrouble: (words: string, retry?: () => void) => void;
  /** Called when the server no longer knows who asks. */
  onLoggedOut: () => void;
  /** Called with the cell, area, cluster or hall that is marked, and its figures; with none where the map has no such one. */
  onUnit: (id: string, properties: Record<string, unknown> | null) => void;
  /** Called when the map has moved; with nothing where it shows the whole area. */
  onMove: (at: string) => void;
  /** Called when the slider between two windows was moved, with the share of the first in per cent. */
  onSwipe: (percent: string) => void;
  /** Called with an area that was drawn, as addresses have it. */
  onArea: (area: string) => void;
}

/** Layers that are fetched when they are first looked at. */
type Fetched = "units" | "clusters" | "venues";

/** Name of a layer as the form has it. */
function layerName(id: string): string {
  const field = document.querySelector<HTMLInputElement>(`#controls [data-key="show-${id}"], #controls [data-key="${id}"]`);
  return field?.labels?.[0]?.textContent?.trim() || id;
}

/** How many of each the map shows. */
export interface Counts {
  wards: number;
  hotspots: number;
}

/** What the buttons and keys do. */
export type Action = "in" | "out" | "north" | "south" | "west" | "east" | "next" | "previous" | "all";

/** Handle to the running map. */
export interface Running {
  /** Draws other figures. */
  update(query: string, view: View, rateBreaks: number[]): Promise<Counts>;
  /** Draws the same figures in another way. */
  restyle(view: View): void;
  /** Shows a place by its position. */
  flyTo(at: [number, number, number]): void;
  /** Brings a place into view, beside its card; gives whether the view moved. */
  goTo(picked: Picked): boolean;
  /** Whether a place lies where its card stands. */
  isUnderCard(picked: Picked): boolean;
  /** Moves the view; gives the hotspot it arrives at, if any. */
  act(action: Action): void;
  focus(): void;
  /** West, south, east and north of what is seen; none where that is the whole area or more. */
  seen(): Bounds | null;
  /** Begins to draw an area. */
  draw(mode: Mode): void;
  /** The tool that draws. */
  drawing: Draw;
  counts: Counts;
  /** For tests of the map. */
  map: LiveMap;
}

const PAN = 120;
/** Room that the card of a place takes at the right of the map, in pixels. */
const CARD = 344;
const EMPTY: api.Streets = { type: "FeatureCollection", features: [] };
/** Units that an area can be made of, where the map shows them in place of the wards. */
const PICKED: Partial<Record<View["show"], Unit["kind"]>> = {
  lsoas: "lsoa", cells: "cell", emerging: "cell", hexagons: "hexagon", h3: "h3",
};
const NOTHING: api.Units = { type: "FeatureCollection", features: [] };
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");
const motion = (): { duration: number } => ({ duration: calm.matches ? 0 : 150 });

function heatTiles(query: string, view: View, version: string): string {
  const scheme = dark.matches ? "dark" : "light";
  const more = view.heat ? `&${view.heat}` : "";
  return `${location.origin}${root}tiles/heat/{z}/{x}/{y}{ratio}.png?${query}${more}&scheme=${scheme}&v=${encodeURIComponent(version)}`;
}

/** The workspace's own basemap, opened; without it the map still shows everything else. */
async function openBase(
  part: Promise<typeof import("./basemap.ts")> | null,
  onTrouble: (words: string) => void,
): Promise<Drawn["base"]> {
  if (!part) return null;
  try {
    const { openBasemap, basemap } = await part;
    await openBasemap(`${location.origin}${root}basemap.pmtiles`, addProtocol);
    return basemap;
  } catch {
    onTrouble(say.noBasemap);
    return null;
  }
}

/** The ground of the reader's own area, as the page has it. */
function ownArea(): FeatureCollection {
  const outline = document.getElementById("area")?.dataset["outline"];
  if (!outline) return EMPTY;
  return { type: "FeatureCollection", features: [{ type: "Feature", geometry: JSON.parse(outline) as MultiPolygon, properties: {} }] };
}

/** Starts the map; throws where the computer cannot draw one. */
export async function startMap(start: Start): Promise<Running> {
  const { box } = start;
  const version = box.dataset["version"] ?? "";
  const versioned = (query: string): string => `${query}&v=${encodeURIComponent(version)}`;
  const load = async (query: string, signal?: AbortSignal) =>
    Promise.all([api.wards(versioned(query), { signal }), api.hotspots(versioned(query), { signal })]);

  let view = start.view;
  let query = start.query;
  const basemap = openBase(box.dataset["basemap"] ? import("./basemap.ts") : null, start.onTrouble);
  const [base, streets, [wards, hotspots]] = await Promise.all([
    basemap,
    // The workspace's own lines stand where there is no basemap, or none that opens.
    basemap.then((opened) => (box.dataset["streets"] && !opened ? api.streets(version) : EMPTY)),
    load(query),
  ]);
  const area = bounds(wards.features.map(({ geometry }) => geometry));
  const drawn: Drawn = {
    wards, hotspots, streets,
    labels: wardLabels(wards, hotspots),
    badges: hotspotBadges(hotspots, area),
    heatTiles: heatTiles(query, view, version),
    bounds: area,
    rateBreaks: start.rateBreaks,
    units: NOTHING,
    clusters: NOTHING,
    venues: NOTHING,
    area: ownArea(),
    base,
  };

  setWorkerUrl(new URL("maplibre-gl-worker.mjs", import.meta.url).href);
  const stage = document.createElement("div");
  stage.className = "map__live map__live--wait";
  box.append(stage);
  const whole: LngLatBoundsLike = area;
  const marks = [drawn.labels, drawn.badges].flatMap(({ features }) => features.map(({ geometry }) => geometry.coordinates));
  const edges = corners(wards.features.map(({ geometry }) => geometry));
  const fit = () => ({ padding: clearOfFurniture(box, area, marks, edges) });
  let map: LiveMap;
  try {
    map = new LiveMap({
      container: stage,
      style: buildStyle(drawn, view),
      ...(start.at ? { center: [start.at[0], start.at[1]], zoom: start.at[2] } : { bounds: whole, fitBoundsOptions: fit() }),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxPitch: 0,
      maxZoom: 18,
      minZoom: 5,
      renderWorldCopies: false,
      cooperativeGestures: matchMedia("(max-width: 1099px)").matches,
      locale: { "Map.Title": say.mapTitle },
    });
  } catch (error) {
    stage.remove();
    throw error;
  }
  map.keyboard.disableRotation();
  map.touchZoomRotate.disableRotation();
  map.on("error", (event) => {
    // A tile left behind by a move is no trouble.
    const error = event.error as (Error & { status?: number }) | undefined;
    if (error?.name === "AbortError") return;
    if (error?.status === 401) start.onLoggedOut();
    else start.onTrouble(say.partFailed, retryTiles);
  });
  const retryTiles = (): void => {
    start.onSay("");
    map.getSource<RasterTileSource>("heat")?.setTiles([drawn.heatTiles]);
  };
  map.on("webglcontextlost", () => {
    start.onTrouble(say.mapStopped);
  });
  map.getCanvas().addEventListener("webglcontextrestored", () => start.onSay(""));

  const source = (id: string): GeoJSONSource | undefined => map.getSource<GeoJSONSource>(id);
  /** Layers that are fetched when they are first looked at, and the choice they were fetched for. */
  const fetched = new Map<string, string>();
  const fetching = new Map<string, AbortController>();
  /** Gives up a layer that is still being worked out, when the reader has moved on. */
  const leave = (into: Fetched): void => {
    const under = fetching.get(into);
    if (!under) return;
    under.abort();
    fetching.delete(into);
    fetched.delete(into);
    if (fetching.size === 0) start.onSay("");
  };
  const fetchLayer = async (into: Fetched, id: string): Promise<void> => {
    const asked = view.options ? `${query}&${view.options}` : query;
    const wanted = `${id}?${asked}`;
    if (fetched.get(into) === wanted) return;
    fetching.get(into)?.abort();
    const own = new AbortController();
    fetching.set(into, own);
    fetched.set(into, wanted);
    drawn[into] = NOTHING;
    source(into)?.setData(NOTHING);
    const name = layerName(id);
    let waited = false;
    start.onSay(say.loadingLayer(name));
    try {
      const layer = await api.units(id, versioned(asked), {
        signal: own.signal,
        onWait(seconds) {
          start.onSay(say.stillWorking(name, seconds));
          if (!waited) announce(say.stillWorking(name, seconds));
          waited = true;
        },
      });
      if (fetched.get(into) !== wanted) return;
      fetching.delete(into);
      drawn[into] = layer;
      source(into)?.setData(layer);
      if (fetching.size === 0) start.onSay("");
      if (waited) announce(say.layerShown(name));
      if (view.picked?.kind === "unit") showUnit(view.picked.id);
    } catch (error) {
      if (own.signal.aborted) return;
      fetching.delete(into);
      fetched.delete(into);
      if (error instanceof api.LoggedOut) return start.onLoggedOut();
      start.onTrouble(say.layerFailed(error instanceof Error ? error.message : String(error)), () => void fetchLayer(into, id));
    }
  };
  const showUnit = (id: string): void => {
    const all = [...drawn.units.features, ...drawn.clusters.features, ...drawn.venues.features];
    const found = all.find((unit) => String(unit.properties["id"] ?? unit.id) === id);
    // What is still being fetched may have it.
    if (found || fetching.size === 0) start.onUnit(id, found?.properties ?? null);
  };
  const twin = new Twin(stage, map, start.onSwipe);
  const drawing = new Draw(map, {
    unitAt(point) {
      const kind = PICKED[view.show] ?? "ward";
      const [unit] = map.queryRenderedFeatures(point, { layers: [kind === "ward" ? "land" : "unit"] });
      const code = unit?.properties[kind === "ward" ? "code" : "id"] as string | undefined;
      return code ? { kind, code, name: String(unit?.properties["name"] ?? code) } : null;
    },
    outlines(kind, codes) {
      return kind === "ward"
        ? drawn.wards.features.filter(({ properties }) => codes.has(properties.code))
        : drawn.units.features.filter(({ properties }) => codes.has(String(properties["id"])));
    },
    onArea: start.onArea,
    onTurn: (on) => stage.classList.toggle("map__live--draw", on),
  });
  let outlined = document.getElementById("area")?.dataset["outline"] ?? "";
  const restyle = (next: View): void => {
    const before = view;
    view = next;
    if (before.show !== view.show) {
      map.setPaintProperty("unit", "fill-color", unitFill(view, drawn.rateBreaks));
      map.setLayoutProperty("unit-sign", "text-field", unitSign(view));
    }
    if (before.heat !== view.heat) {
      drawn.heatTiles = heatTiles(query, view, version);
      map.getSource<RasterTileSource>("heat")?.setTiles([drawn.heatTiles]);
    }
    for (const [into, id, on] of [
      ["units", view.show, hasUnits(view)],
      ["clusters", "clusters", view.clusters],
      ["venues", "venues", view.venues],
    ] as const) {
      if (on) void fetchLayer(into, id);
      else leave(into);
    }
    map.setFilter("unit-picked", pickedFilter(view, "unit"));
    if (view.picked?.kind === "unit") showUnit(view.picked.id);
    const outline = document.getElementById("area")?.dataset["outline"] ?? "";
    if (outline !== outlined) {
      outlined = outline;
      drawn.area = ownArea();
      source("area")?.setData(drawn.area);
    }
    twin.show(otherTiles(), drawn, view);
    for (const [id, on] of Object.entries(visibility(view))) map.setLayoutProperty(id, "visibility", on);
    for (const id of ["ward-picked-case", "ward-picked"]) map.setFilter(id, pickedFilter(view, "ward"));
    map.setFilter("hotspot-picked", pickedFilter(view, "hotspot"));
  };
  /** Heat of the same kind in other months, for the other side of the slider. */
  const besideTiles = (months: string): string => {
    const [from = "", to = from] = months.split("..");
    const other = new URLSearchParams(query);
    // One colour means one density on both sides.
    other.set("classes-of", `${other.get("from") ?? ""}..${other.get("to") ?? ""}`);
    other.set("from", from);
    other.set("to", to);
    return heatTiles(other.toString(), view, version);
  };
  const otherTiles = (): string | null => (view.beside && view.show === "heat" ? besideTiles(view.beside) : null);
  dark.addEventListener("change", () => {
    drawn.heatTiles = heatTiles(query, view, version);
    map.setStyle(buildStyle(drawn, view));
    // In the other colours it is made anew.
    twin.show(null, drawn, view);
    twin.show(otherTiles(), drawn, view);
  });

  const boundsOf = (picked: Picked): Bounds | null => {
    const shapes = picked?.kind === "hotspot"
      ? drawn.hotspots.features.filter(({ properties }) => properties.number === picked.number)
      : drawn.wards.features.filter(({ properties }) => picked?.kind === "ward" && properties.code === picked.code);
    return shapes.length === 0 ? null : bounds(shapes.map(({ geometry }) => geometry));
  };

  let pending: AbortController | undefined;
  const running: Running = {
    map, drawing,
    draw(mode) {
      drawing.start(mode);
      map.getCanvas().focus({ preventScroll: true });
    },
    counts: { wards: wards.features.length, hotspots: hotspots.features.length },
    async update(nextQuery, nextView, rateBreaks) {
      pending?.abort();
      pending = new AbortController();
      if (nextQuery !== query) {
        const [nextWards, nextHotspots] = await load(nextQuery, pending.signal);
        query = nextQuery;
        drawn.wards = nextWards;
        drawn.hotspots = nextHotspots;
        drawn.labels = wardLabels(nextWards, nextHotspots);
        drawn.badges = hotspotBadges(nextHotspots, area);
        drawn.heatTiles = heatTiles(query, nextView, version);
        drawn.rateBreaks = rateBreaks;
        source("wards")?.setData(drawn.wards);
        source("hotspots")?.setData(drawn.hotspots);
        source("labels")?.setData(drawn.labels);
        source("badges")?.setData(drawn.badges);
        map.getSource<RasterTileSource>("heat")?.setTiles([drawn.heatTiles]);
        map.setPaintProperty("rate", "fill-color", rateFill(rateBreaks));
        map.setPaintProperty("unit", "fill-color", unitFill(nextView, rateBreaks));
        running.counts = { wards: nextWards.features.length, hotspots: nextHotspots.features.length };
      }
      restyle(nextView);
      return running.counts;
    },
    restyle,
    flyTo([lon, lat, zoom]) {
      map.jumpTo({ center: [lon, lat], zoom });
    },
    goTo(picked) {
      const target = boundsOf(picked);
      if (!target) return false;
      const seen = map.getBounds();
      const inside = seen.contains([target[0], target[1]]) && seen.contains([target[2], target[3]]);
      if (picked?.kind === "ward" && inside) return false;
      const beside = box.clientWidth > 560 ? CARD + 20 : 60;
      map.fitBounds(target, { padding: { top: 60, bottom: 60, left: 60, right: beside }, maxZoom: 14, ...motion() });
      return true;
    },
    isUnderCard(picked) {
      const target = boundsOf(picked);
      if (!target) return false;
      const [west, north] = [map.project([target[0], target[3]]), map.project([target[2], target[3]])];
      const right = box.clientWidth;
      return north.x > right - CARD && west.x < right && north.y < CARD;
    },
    act(action) {
      switch (action) {
        case "in": map.zoomIn(motion()); break;
        case "out": map.zoomOut(motion()); break;
        case "north": map.panBy([0, -PAN], motion()); break;
        case "south": map.panBy([0, PAN], motion()); break;
        case "west": map.panBy([-PAN, 0], motion()); break;
        case "east": map.panBy([PAN, 0], motion()); break;
        case "all": map.fitBounds(whole, { ...fit(), ...motion() }, { isWhole: true }); break;
        case "next":
        case "previous": {
          const n = running.counts.hotspots;
          if (n === 0) return;
          const now = view.picked?.kind === "hotspot" ? view.picked.number : action === "next" ? 0 : n + 1;
          const number = ((now - 1 + (action === "next" ? 1 : -1) + n) % n) + 1;
          start.onPick({ kind: "hotspot", number }, true);
        }
      }
    },
    focus() {
      map.getCanvas().focus({ preventScroll: true });
    },
    seen() {
      const ground = map.getBounds();
      const all = ground.contains([area[0], area[1]]) && ground.contains([area[2], area[3]]);
      return all ? null : [ground.getWest(), ground.getSouth(), ground.getEast(), ground.getNorth()];
    },
  };

  map.on("click", (event) => {
    if (drawing.on) {
      drawing.add(event.lngLat);
      return;
    }
    const badge = view.hotspots ? map.queryRenderedFeatures(event.point, { layers: ["badge"] })[0] : undefined;
    if (badge) {
      start.onPick({ kind: "hotspot", number: Number(badge.properties["number"]) }, false);
      return;
    }
    const over = ["venue", "cluster", ...(hasUnits(view) ? ["unit"] : [])];
    const unit = map.queryRenderedFeatures(event.point, { layers: over })[0];
    if (unit) {
      start.onPick({ kind: "unit", id: String(unit.properties["id"] ?? unit.id) }, false);
      return;
    }
    const ward = map.queryRenderedFeatures(event.point, { layers: ["land"] })[0];
    const code = ward?.properties["code"] as string | undefined;
    start.onPick(code ? { kind: "ward", code } : null, false);
  });
  map.on("mousemove", (event) => {
    const over = map.queryRenderedFeatures(event.point, { layers: ["badge", "land", "venue"] }).length > 0;
    stage.classList.toggle("map__live--over", over);
  });

  const where = (): string => {
    const { lng, lat } = map.getCenter();
    return `${lng.toFixed(5)},${lat.toFixed(5)},${map.getZoom().toFixed(2)}`;
  };
  let last = where();
  let isWhole = start.at === null;
  map.on("moveend", (event) => {
    if (where() === last) return;
    last = where();
    isWhole = "isWhole" in event;
    start.onMove(isWhole ? "" : last);
  });
  map.on("resize", () => {
    // Under a hand that draws the ground stays.
    if (isWhole && !drawing.on) map.fitBounds(whole, { ...fit(), duration: 0 }, { isWhole: true });
  });
  await new Promise<void>((ready) => map.once("load", () => ready()));
  restyle(view);
  await new Promise<void>((ready) => map.once("idle", () => ready()));
  stage.classList.remove("map__live--wait");
  box.classList.add("map--live");
  const frame = box.parentElement;
  const corner = document.getElementById("corner");
  if (corner) scaleBar(map, corner);
  if (frame) locator(map, frame, wards);
  const credit = base?.({ token: () => "", font: [] })?.attribution;
  if (credit && frame) {
    const line = document.createElement("p");
    line.className = "map__credit";
    line.textContent = credit;
    frame.append(line);
  }
  return running;
}
