/** The workspace's own basemap: a PMTiles file read in parts from our own server, drawn quietly under the data. */

import { PMTiles, Protocol } from "pmtiles";
import type { LayerSpecification, SourceSpecification } from "maplibre-gl";

/** What the map adds below the data. */
export interface Base {
  source: SourceSpecification;
  layers: LayerSpecification[];
  attribution: string;
}

/** Colours and fonts of the page. */
export interface Look {
  token: (name: string) => string;
  font: string[];
}

type AddProtocol = (name: string, load: Protocol["tile"]) => void;

interface Metadata {
  vector_layers?: { id: string; fields?: Record<string, string> }[];
  attribution?: string;
}

/** Layers by what they hold, in the schemas of Protomaps, OpenMapTiles and OS Open Zoomstack. */
const WATER = /^(water|surfacewater|sea|foreshore|waterway|waterlines)$/;
const GREEN = /^(landuse|landcover|park|greenspace|woodland|national_parks|natural)$/;
const BUILDING = /^(buildings?|local_buildings|district_buildings)$/;
const ROAD = /^(roads?|transportation|roads_(local|regional|national)|motorways?)$/;
const ROAD_NAME = /^(roads?|transportation_name|road_names?)$/;
const RAIL = /^(rail|railways?|transit)$/;
const PLACE = /^(places?|names)$/;

const SOURCE = "basemap";
let known: { archive: PMTiles; metadata: Metadata; address: string } | undefined;

/** Opens the file once; afterwards only colours are made anew. */
export async function openBasemap(address: string, addProtocol: AddProtocol): Promise<void> {
  const protocol = new Protocol();
  addProtocol("pmtiles", protocol.tile);
  const archive = new PMTiles(address);
  protocol.add(archive);
  known = { archive, metadata: (await archive.getMetadata()) as Metadata, address };
}

/** The layers of the opened file in the colours of the page; none where it holds no vector layers. */
export function basemap({ token, font }: Look): Base | null {
  if (!known) return null;
  const ids = (known.metadata.vector_layers ?? []).map(({ id }) => id);
  if (ids.length === 0) return null;
  const of = (kind: RegExp): string[] => ids.filter((id) => kind.test(id));
  const common = (id: string, part: string) => ({ id: `base-${part}-${id}`, source: SOURCE, "source-layer": id });
  const fills = (kind: RegExp, part: string, colour: string, opacity: number): LayerSpecification[] =>
    of(kind).map((id) => ({
      ...common(id, part), type: "fill", filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": colour, "fill-opacity": opacity, "fill-antialias": false },
    }));
  const lines = (kind: RegExp, part: string, width: number, opacity: number): LayerSpecification[] =>
    of(kind).map((id) => ({
      ...common(id, part), type: "line", filter: ["==", ["geometry-type"], "LineString"],
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": token("street"), "line-width": ["interpolate", ["linear"], ["zoom"], 10, width * 0.6, 16, width * 2], "line-opacity": opacity },
    }));
  const names = (kind: RegExp, part: string, along: boolean, minzoom: number): LayerSpecification[] =>
    of(kind).map((id) => ({
      ...common(id, part), type: "symbol", minzoom,
      filter: ["==", ["geometry-type"], along ? "LineString" : "Point"],
      layout: {
        "text-field": ["coalesce", ["get", "name:en"], ["get", "name"], ["get", "name1"], ""], "text-font": font,
        "text-size": along ? 10.5 : 11, "text-padding": 6, ...(along ? { "symbol-placement": "line" as const } : { "text-max-width": 8 }),
      },
      paint: { "text-color": token("ink-2"), "text-halo-color": token("halo"), "text-halo-width": 1.4 },
    }));
  return {
    source: { type: "vector", url: `pmtiles://${known.address}` },
    attribution: (known.metadata.attribution ?? "").replace(/<[^>]*>/g, "").trim(),
    layers: [
      ...fills(GREEN, "green", token("sunken"), 0.9),
      ...fills(WATER, "water", token("line"), 0.8),
      ...lines(WATER, "stream", 1, 0.6),
      ...fills(BUILDING, "building", token("line"), 0.35),
      ...lines(RAIL, "rail", 0.7, 0.5),
      ...lines(ROAD, "road", 1, 1),
      ...names(ROAD_NAME, "road-name", true, 14),
      ...names(PLACE, "place-name", false, 12),
    ],
  };
}
