/** The map's style, built from the page's own custom properties, so that both schemes follow one file. */

import type {
  ExpressionSpecification,
  LayerSpecification,
  StyleSpecification,
} from "maplibre-gl";
import type { FeatureCollection, Point } from "geojson";
import type { Hotspots, Wards } from "./api.ts";
import type { View } from "./state.ts";

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
export function pickedFilter(view: View, kind: "ward" | "hotspot"): ExpressionSpecification {
  const { picked } = view;
  if (picked?.kind === "ward" && kind === "ward") return ["==", ["get", "code"], picked.code];
  if (picked?.kind === "hotspot" && kind === "hotspot") return ["==", ["get", "number"], picked.number];
  return ["literal", false] as unknown as ExpressionSpecification;
}

const shown = (on: boolean): "visible" | "none" => (on ? "visible" : "none");

/** Layers whose visibility follows the form. */
export function visibility(view: View): Record<string, "visible" | "none"> {
  return {
    rate: shown(view.show === "rate"),
    heat: shown(view.show === "heat"),
    "hotspot-case": shown(view.hotspots),
    hotspot: shown(view.hotspots),
    "hotspot-picked": shown(view.hotspots),
    badge: shown(view.hotspots),
    "badge-number": shown(view.hotspots),
    label: shown(view.names),
  };
}

function layers(drawn: Drawn, view: View): LayerSpecification[] {
  const line = (id: string, source: string, colour: string, width: number, opacity = 1): LayerSpecification => ({
    id, source, type: "line",
    layout: { "line-join": "round", "line-cap": "round" },
    paint: { "line-color": token(colour), "line-width": width, "line-opacity": opacity },
  });
  const list: LayerSpecification[] = [
    { id: "ground", type: "background", paint: { "background-color": token("map") } },
    { id: "land", source: "wards", type: "fill", paint: { "fill-color": token("land"), "fill-antialias": false } },
    line("street", "streets", "street", 1),
    { id: "rate", source: "wards", type: "fill", paint: { "fill-color": rateFill(drawn.rateBreaks), "fill-opacity": 0.82 } },
    { id: "heat", source: "heat", type: "raster", paint: { "raster-fade-duration": 0 } },
    line("ward-case", "wards", "halo", 3.4, 0.8),
    line("ward", "wards", "ward", 1.2),
    { ...line("ward-picked-case", "wards", "halo", 6), filter: pickedFilter(view, "ward") } as LayerSpecification,
    { ...line("ward-picked", "wards", "accent", 3), filter: pickedFilter(view, "ward") } as LayerSpecification,
    line("hotspot-case", "hotspots", "hot-case", 5),
    line("hotspot", "hotspots", "hot", 2.2),
    { ...line("hotspot-picked", "hotspots", "accent", 3.4), filter: pickedFilter(view, "hotspot") } as LayerSpecification,
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
  const geojson = (data: FeatureCollection) => ({ type: "geojson" as const, data });
  return {
    version: 8,
    sources: {
      wards: geojson(drawn.wards),
      hotspots: geojson(drawn.hotspots),
      labels: geojson(drawn.labels),
      badges: geojson(drawn.badges),
      streets: geojson(drawn.streets),
      heat: {
        type: "raster", tiles: [drawn.heatTiles], tileSize: 256, minzoom: 0, maxzoom: 18,
        bounds: drawn.bounds,
      },
    },
    layers: layers(drawn, view),
  };
}
