/** The live map of a published site: tiles read part by part from the plain files beside the page. */

import { Map as LiveMap, NavigationControl, addProtocol, setWorkerUrl } from "maplibre-gl";
import type { LayerSpecification, SourceSpecification } from "maplibre-gl";
import { Protocol } from "pmtiles";

import { site as say } from "./strings.ts";

/** `map.json`, as the site was published with it. */
interface Described {
  bounds: [number, number, number, number];
  background: string;
  /** Sources by name; an address is that of a file beside the page. */
  sources: Record<string, { type: "raster" | "vector"; file: string; tileSize?: number }>;
  layers: LayerSpecification[];
  /** What can be shown or not, in the order of its switches. */
  switches: { label: string; layers: string[]; on: boolean }[];
  attribution: string;
}

const here = (file: string): string => new URL(file, document.baseURI).href;

function source(of: Described["sources"][string]): SourceSpecification {
  const url = `pmtiles://${here(of.file)}`;
  return of.type === "raster" ? { type: "raster", url, tileSize: of.tileSize ?? 256 } : { type: "vector", url };
}

/** One switch for each layer, in words. */
function switches(map: LiveMap, described: Described, box: HTMLElement): void {
  for (const { label, layers, on } of described.switches) {
    const line = document.createElement("label");
    const tick = document.createElement("input");
    tick.type = "checkbox";
    tick.checked = on;
    tick.addEventListener("change", () => {
      for (const id of layers) map.setLayoutProperty(id, "visibility", tick.checked ? "visible" : "none");
    });
    line.append(tick, ` ${label}`);
    box.append(line);
  }
  box.hidden = false;
}

async function start(box: HTMLElement): Promise<void> {
  const reply = await fetch(here("map.json"));
  if (!reply.ok) throw new Error(`map.json: ${reply.status}`);
  const described = (await reply.json()) as Described;
  setWorkerUrl(here("maplibre-gl-worker.mjs"));
  addProtocol("pmtiles", new Protocol().tile);
  const sources = Object.entries(described.sources).map(([name, of]) => [name, source(of)] as const);
  box.hidden = false;
  const map = new LiveMap({
    container: box,
    bounds: described.bounds,
    fitBoundsOptions: { padding: 16 },
    attributionControl: { customAttribution: described.attribution },
    style: {
      version: 8,
      sources: Object.fromEntries(sources),
      layers: [
        { id: "ground", type: "background", paint: { "background-color": described.background } },
        ...described.layers,
      ],
    },
  });
  map.addControl(new NavigationControl({ showCompass: false }));
  map.getCanvas().setAttribute("aria-label", box.dataset["label"] ?? say.map);
  const said = document.querySelector<HTMLElement>("#said");
  map.on("click", (event) => {
    const [found] = map.queryRenderedFeatures(event.point).filter((feature) => feature.sourceLayer);
    if (said) said.textContent = found ? figures(found.properties) : say.nothingHere;
  });
  const switcher = document.querySelector<HTMLElement>("#switches");
  if (switcher) switches(map, described, switcher);
  // For tests of the map.
  (window as unknown as { siteMap: LiveMap }).siteMap = map;
}

/** A place in a line: its name first, then what was counted. */
function figures(of: Record<string, unknown>): string {
  const name = of["name"] ?? of["label"] ?? of["id"] ?? of["code"];
  const parts = [typeof name === "string" || typeof name === "number" ? String(name) : "A place"];
  if (of["count"] !== undefined) parts.push(`${String(of["count"])} records`);
  if (typeof of["rate"] === "number") parts.push(`${of["rate"].toFixed(1)} per 1,000`);
  return `${parts.join(", ")}.`;
}

const box = document.querySelector<HTMLElement>("#map");
if (box) {
  start(box).then(
    () => document.querySelector("picture")?.setAttribute("hidden", ""),
    (error: unknown) => {
      // The drawn map stays, and the tables say it all.
      box.hidden = true;
      console.warn("the live map cannot run here", error);
    },
  );
}
