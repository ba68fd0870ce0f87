/** The map's style, built from the page's own custom properties, so that both schemes follow one file. */

import type {
  ExpressionSpecification,
  LayerSpecification,
  StyleSpecification,
} from "maplibre-gl";
import type { FeatureCollection, Point } from "geojson";
import type { Hotspots, Units, Wards } from "./api.ts";
import type { Base, Look } from "./basemap.ts";
import type { View } from "./state.ts";
import { words as say } from "./strings.ts";

/** Everything the map draws. */
export interface Drawn {
  wards: Wards;
  hotspots: Hotspots;
  labels: FeatureCollection<Point>;
  badges: FeatureCollection<Point>;
  streets: FeatureCollection;
  heatTiles: string;
  bounds: [number, number, number, number];
  rateBreaks: number[];
  /** Cells or areas of the layer that is shown, where it is neither heat nor wards. */
  units: Units;
  clusters: Units;
  venues: Units;
  /** The ground of the reader's own area. */
  area: FeatureCollection;
  /** The workspace's own basemap in the colours of the page, where it has one. */
  base: ((look: Look) => Base | null) | null;
}

/** A class of a layer, as the legend on the page has it. */
export interface Kind {
  word: string;
  sign: string;
  colour: string;
}

/** Classes of the layer that is shown, read from the page's legend: one list for both. */
export function kinds(show: string): Kind[] {
  return [...document.querySelectorAll<HTMLElement>(`.legend [data-of~="${show}"] li[data-class]`)].map((item) => ({
    word: item.dataset["class"] ?? "",
    sign: item.dataset["sign"] ?? "",
    colour: getComputedStyle(item.querySelector("rect") ?? item).fill,
  }));
}

const CLEAR = "rgba(0, 0, 0, 0)";

/** Fill of cells and areas: by class where the layer has classes, else by rate in the wards' classes. */
export function unitFill(view: View, breaks: number[]): ExpressionSpecification {
  if (view.show === "lsoas") return rateFill(breaks);
  const cases = kinds(view.show).flatMap(({ word, colour }) => [word, colour]);
  return (cases.length === 0 ? ["literal", CLEAR] : ["match", ["get", "class"], ...cases, CLEAR]) as ExpressionSpecification;
}

/** Sign of each class, so that colour never stands alone. */
export function unitSign(view: View): ExpressionSpecification {
  const cases = kinds(view.show).flatMap(({ word, sign }) => [word, sign]);
  return (cases.length === 0 ? ["literal", ""] : ["match", ["get", "class"], ...cases, ""]) as ExpressionSpecification;
}

const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** The page's own fonts draw the labels; the weight is read from the first name. */
const FONT = ["Medium", "system-ui", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif"];
const BOLD = ["Bold", ...FONT.slice(1)];

/** From the corner of a hotspot to its badge, in pixels, so that a small outline stays in sight. */
const BADGE: [number, number] = [0, -7];

/** Fill by rate: sequential classes at the legend's edges, the map's ground where there is no rate. */
export function rateFill(breaks: number[]): ExpressionSpecification {
  const steps = breaks.flatMap((edge, i) => [edge, token(`seq-${i + 1}`)]);
  return ["case", ["==", ["get", "rate"], null], token("sunken"),
    ["step", ["get", "rate"], token("land"), ...steps]] as ExpressionSpecification;
}

/** The place that is marked, as a filter; nothing where it is of the other kind. */
export function pickedFilter(view: View, kind: "ward" | "hotspot" | "unit"): ExpressionSpecification {
  const { picked } = view;
  if (picked?.kind === "ward" && kind === "ward") return ["==", ["get", "code"], picked.code];
  if (picked?.kind === "hotspot" && kind === "hotspot") return ["==", ["get", "number"], picked.number];
  if (picked?.kind === "unit" && kind === "unit") return ["==", ["get", "id"], picked.id];
  return ["literal", false] as unknown as ExpressionSpecification;
}

const shown = (on: boolean): "visible" | "none" => (on ? "visible" : "none");

/** Whether cells or areas are shown that are not the wards. */
export const hasUnits = (view: View): boolean => view.show !== "heat" && view.show !== "rate";

/** Layers whose visibility follows the form. */
export function visibility(view: View): Record<string, "visible" | "none"> {
  return {
    rate: shown(view.show === "rate"),
    heat: shown(view.show === "heat"),
    unit: shown(hasUnits(view)),
    "unit-line": shown(hasUnits(view)),
    "unit-sign": shown(hasUnits(view) && view.show !== "lsoas"),
    "unit-picked": shown(hasUnits(view)),
    "cluster-case": shown(view.clusters),
    cluster: shown(view.clusters),
    "cluster-months": shown(view.clusters),
    venue: shown(view.venues),
    "hotspot-case": shown(view.hotspots),
    hotspot: shown(view.hotspots),
    "hotspot-picked": shown(view.hotspots),
    badge: shown(view.hotspots),
    "badge-number": shown(view.hotspots),
    label: shown(view.names),
  };
}

const times = ["case", ["==", ["typeof", ["get", "ratio"]], "number"], ["concat", ["number-format", ["get", "ratio"], { "max-fraction-digits": 1 }], "×"], ""];
const months = ["case", ["==", ["get", "from"], ["get", "to"]], ["get", "from"], ["concat", ["get", "from"], say.to, ["get", "to"]]];
const clusterWords = ["case", ["has", "from"], ["concat", times, "\n", months], times];

function layers(drawn: Drawn, view: View, base: Base | null): LayerSpecification[] {
  const line = (id: string, source: string, colour: string, width: number, opacity = 1): LayerSpecification => ({
    id, source, type: "line",
    layout: { "line-join": "round", "line-cap": "round" },
    paint: { "line-color": token(colour), "line-width": width, "line-opacity": opacity },
  });
  const list: LayerSpecification[] = [
    { id: "ground", type: "background", paint: { "background-color": token("map") } },
    { id: "land", source: "wards", type: "fill", paint: { "fill-color": token("land"), "fill-antialias": false } },
    ...(base?.layers ?? [line("street", "streets", "street", 1)]),
    { id: "rate", source: "wards", type: "fill", paint: { "fill-color": rateFill(drawn.rateBreaks), "fill-opacity": 0.82 } },
    { id: "heat", source: "heat", type: "raster", paint: { "raster-fade-duration": 0 } },
    { id: "unit", source: "units", type: "fill", paint: { "fill-color": unitFill(view, drawn.rateBreaks), "fill-opacity": 0.82, "fill-antialias": false } },
    line("unit-line", "units", "halo", 0.5, 0.9),
    line("ward-case", "wards", "halo", 3.4, 0.8),
    line("ward", "wards", "ward", 1.2),
    { ...line("ward-picked-case", "wards", "halo", 6), filter: pickedFilter(view, "ward") } as LayerSpecification,
    { ...line("ward-picked", "wards", "accent", 3), filter: pickedFilter(view, "ward") } as LayerSpecification,
    line("hotspot-case", "hotspots", "hot-case", 5),
    line("hotspot", "hotspots", "hot", 2.2),
    { ...line("hotspot-picked", "hotspots", "accent", 3.4), filter: pickedFilter(view, "hotspot") } as LayerSpecification,
    { ...line("unit-picked", "units", "accent", 3), filter: pickedFilter(view, "unit") } as LayerSpecification,
    line("cluster-case", "clusters", "hot-case", 5),
    { ...line("cluster", "clusters", "hot", 2), paint: { "line-color": token("hot"), "line-width": 2, "line-dasharray": [2, 1.6] } } as LayerSpecification,
    { id: "area", source: "area", type: "fill", paint: { "fill-color": token("accent"), "fill-opacity": 0.08 } },
    line("area-line", "area", "accent", 2.6),
    { id: "draft", source: "draft", type: "fill", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": token("accent"), "fill-opacity": 0.12 } },
    { ...line("draft-line", "draft", "accent", 2.4), filter: ["!=", ["geometry-type"], "Point"] } as LayerSpecification,
    {
      id: "draft-corner", source: "draft", type: "circle", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": 5, "circle-color": token("surface"), "circle-stroke-color": token("accent"), "circle-stroke-width": 2.4 },
    },
    {
      id: "unit-sign", source: "units", type: "symbol", minzoom: 10,
      layout: { "text-field": unitSign(view), "text-font": BOLD, "text-size": 10, "text-padding": 0 },
      paint: { "text-color": token("ink"), "text-halo-color": token("halo"), "text-halo-width": 1.4 },
    },
    {
      // How many times as many as expected and, of a scan over time, in which months.
      id: "cluster-months", source: "clusters", type: "symbol",
      layout: {
        "text-field": clusterWords as ExpressionSpecification,
        "text-font": BOLD, "text-size": 11, "text-max-width": 7, "text-line-height": 1.1,
        "text-variable-anchor": ["center", "top", "bottom", "left", "right"], "text-radial-offset": 0.6,
      },
      paint: { "text-color": token("hot"), "text-halo-color": token("hot-case"), "text-halo-width": 1.8 },
    },
    {
      id: "venue", source: "venues", type: "circle",
      paint: { "circle-radius": 5, "circle-color": token("accent"), "circle-stroke-color": token("surface"), "circle-stroke-width": 2 },
    },
    {
      id: "label", source: "labels", type: "symbol",
      layout: {
        "text-field": ["get", "name"], "text-font": FONT, "text-size": 11.5, "text-max-width": 8,
        "text-line-height": 1.1, "text-padding": 3, "symbol-sort-key": ["get", "order"],
        "text-variable-anchor": ["center", "top", "bottom"], "text-radial-offset": 0.4,
      },
      paint: { "text-color": token("ink"), "text-halo-color": token("halo"), "text-halo-width": 1.6 },
    },
    {
      id: "badge", source: "badges", type: "circle",
      paint: {
        "circle-radius": 10, "circle-color": token("hot"),
        "circle-stroke-color": token("hot-case"), "circle-stroke-width": 2, "circle-translate": BADGE,
      },
    },
    {
      id: "badge-number", source: "badges", type: "symbol",
      layout: {
        "text-field": ["to-string", ["get", "number"]], "text-font": BOLD, "text-size": 12,
        "text-padding": 8, "text-allow-overlap": true, "symbol-sort-key": ["get", "number"],
      },
      paint: { "text-color": token("hot-case"), "text-translate": BADGE },
    },
  ];
  const visible = visibility(view);
  return list.map((layer) =>
    layer.id in visible
      ? ({ ...layer, layout: { ...layer.layout, visibility: visible[layer.id] } } as LayerSpecification)
      : layer,
  );
}

/** The whole style; it names no outside address. */
export function buildStyle(drawn: Drawn, view: View): StyleSpecification {
  const base = drawn.base?.({ token, font: FONT }) ?? null;
  const geojson = (data: FeatureCollection) => ({ type: "geojson" as const, data });
  return {
    version: 8,
    sources: {
      wards: geojson(drawn.wards),
      hotspots: geojson(drawn.hotspots),
      labels: geojson(drawn.labels),
      badges: geojson(drawn.badges),
      streets: geojson(drawn.streets),
      units: geojson(drawn.units),
      clusters: geojson(drawn.clusters),
      venues: geojson(drawn.venues),
      area: geojson(drawn.area),
      draft: geojson({ type: "FeatureCollection", features: [] }),
      ...(base ? { basemap: base.source } : {}),
      heat: {
        type: "raster", tiles: [drawn.heatTiles], tileSize: 256, minzoom: 0, maxzoom: 18,
        bounds: drawn.bounds,
      },
    },
    layers: layers(drawn, view, base),
  };
}
