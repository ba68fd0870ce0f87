/** Drawing an area on the map: corner by corner, as a circle, or ward by ward; by pointer, by touch and by keys. */

import type { GeoJSONSource, LngLat, Map as LiveMap, PointLike } from "maplibre-gl";
import type { Feature, FeatureCollection, Position } from "geojson";
import { words as say } from "./strings.ts";

export type Mode = "outline" | "circle" | "units";

/** A unit that can be picked. */
export interface Unit { kind: "ward" | "lsoa" | "cell" | "hexagon" | "h3"; code: string; name: string }

/** What drawing needs of the map, and whom it tells. */
export interface Hooks {
  /** The ward, or the LSOA or cell where the map shows those, at a pixel. */
  unitAt: (point: PointLike) => Unit | null;
  /** Outlines of units, to be shown as picked. */
  outlines: (kind: Unit["kind"], codes: Set<string>) => Feature[];
  /** Called with an area as addresses have it. */
  onArea: (area: string) => void;
  /** Called when drawing begins or ends. */
  onTurn: (on: boolean) => void;
}

const METRES_PER_DEGREE = 111_320;
/** Corners that a circle is previewed with. */
const ROUND = 48;
const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };
const LEAST_RADIUS = 50;
const MOST_RADIUS = 20_000;
/** Most units of one area. */
const MOST_UNITS = 100;

const element = <E extends HTMLElement>(id: string): E | null => document.getElementById(id) as E | null;
const near = (n: number): string => n.toFixed(5);

function metres(a: Position, b: Position): number {
  const [x0 = 0, y0 = 0] = a;
  const [x1 = 0, y1 = 0] = b;
  const slant = Math.cos((y0 * Math.PI) / 180);
  return Math.hypot((x1 - x0) * slant, y1 - y0) * METRES_PER_DEGREE;
}

function circle([lon = 0, lat = 0]: Position, radius: number): Position[] {
  const slant = Math.cos((lat * Math.PI) / 180);
  const reach = radius / METRES_PER_DEGREE;
  return Array.from({ length: ROUND + 1 }, (_, i) => {
    const turn = (i / ROUND) * 2 * Math.PI;
    return [lon + (reach * Math.cos(turn)) / slant, lat + reach * Math.sin(turn)];
  });
}

/** The tool; one at a time is in use. */
export class Draw {
  #mode: Mode | null = null;
  #corners: Position[] = [];
  #kind: Unit["kind"] = "ward";
  #codes = new Set<string>();
  /** Whether one more was picked than an area may have. */
  #full = false;
  readonly #map: LiveMap;
  readonly #hooks: Hooks;

  constructor(map: LiveMap, hooks: Hooks) {
    this.#map = map;
    this.#hooks = hooks;
    map.on("mousemove", (event) => {
      if (this.#mode === "outline" || (this.#mode === "circle" && this.#corners.length === 1)) this.#show(event.lngLat);
    });
    map.on("dblclick", (event) => {
      if (this.#mode !== "outline") return;
      event.preventDefault();
      this.done();
    });
    element<HTMLElement>("draw-radius")?.querySelector("input")?.addEventListener("input", () => this.#show(null));
  }

  /** Whether clicks on the map draw. */
  get on(): boolean {
    return this.#mode !== null;
  }

  start(mode: Mode): void {
    this.#mode = mode;
    this.#corners = [];
    this.#codes = new Set();
    this.#full = false;
    this.#turn(true);
    this.#show(null);
  }

  /** A click, a touch, or the place under the cross. */
  add(at: LngLat): void {
    const place = [at.lng, at.lat];
    if (this.#mode === "units") {
      const unit = this.#hooks.unitAt(this.#map.project(at));
      if (!unit) return;
      if (unit.kind !== this.#kind) this.#codes.clear();
      this.#kind = unit.kind;
      if (this.#codes.delete(unit.code)) this.#full = false;
      else if (this.#codes.size < MOST_UNITS) this.#codes.add(unit.code);
      else this.#full = true;
    } else if (this.#mode === "circle" && this.#corners.length === 1) {
      this.#setRadius(metres(this.#corners[0] ?? place, place));
      this.#show(null);
      this.done();
      return;
    } else if (this.#corners.length === 0 || metres(this.#corners.at(-1) ?? [], place) > 1) {
      this.#corners.push(place);
    }
    this.#show(null);
  }

  /** The place under the cross in the middle of the map. */
  addAtCross(): void {
    this.add(this.#map.getCenter());
  }

  undo(): void {
    if (this.#mode === "units") this.#codes.delete([...this.#codes].at(-1) ?? "");
    else this.#corners.pop();
    this.#show(null);
  }

  /** Ends drawing and asks for the figures, where there is enough to ask for. */
  done(): void {
    const area = this.#area();
    if (!area) {
      this.#say(say.drawMore(this.#mode ?? "outline"));
      return;
    }
    this.cancel();
    this.#hooks.onArea(area);
  }

  cancel(): void {
    this.#mode = null;
    this.#source(EMPTY);
    this.#turn(false);
  }

  #area(): string | null {
    switch (this.#mode) {
      case "units":
        return this.#codes.size > 0 ? `${this.#kind}:${[...this.#codes].sort().join(",")}` : null;
      case "circle": {
        const [lon, lat] = this.#corners[0] ?? [];
        return lon === undefined || lat === undefined ? null : `circle:${near(lon)},${near(lat)},${this.#radius()}`;
      }
      case "outline":
        return this.#corners.length < 3 ? null : `outline:${this.#corners.map(([x = 0, y = 0]) => `${near(x)},${near(y)}`).join(",")}`;
      default:
        return null;
    }
  }

  #radius(): number {
    const typed = Number(element("draw-radius")?.querySelector("input")?.value);
    return Math.round(Math.min(MOST_RADIUS, Math.max(LEAST_RADIUS, Number.isFinite(typed) ? typed : 400)));
  }

  #setRadius(radius: number): void {
    const input = element("draw-radius")?.querySelector("input");
    if (input) input.value = String(Math.min(MOST_RADIUS, Math.max(LEAST_RADIUS, Math.round(radius / 10) * 10)));
  }

  #turn(on: boolean): void {
    const bar = element("draw");
    if (bar) bar.hidden = !on;
    document.getElementById("cross")?.toggleAttribute("hidden", !on);
    const radius = element("draw-radius");
    if (radius) radius.hidden = this.#mode !== "circle";
    this.#map.getCanvas().classList.toggle("map__drawing", on);
    if (on) this.#map.doubleClickZoom.disable();
    else this.#map.doubleClickZoom.enable();
    this.#hooks.onTurn(on);
  }

  #say(words: string): void {
    const line = element("draw-say");
    if (line && line.textContent !== words) line.textContent = words;
  }

  #source(data: FeatureCollection): void {
    this.#map.getSource<GeoJSONSource>("draft")?.setData(data);
  }

  /** What is drawn so far, with a line or a circle to where the pointer is. */
  #show(to: LngLat | null): void {
    const mode = this.#mode;
    if (!mode) return;
    const features: Feature[] = [];
    const add = (geometry: Feature["geometry"]): void => void features.push({ type: "Feature", geometry, properties: {} });
    if (mode === "units") {
      features.push(...this.#hooks.outlines(this.#kind, this.#codes));
      this.#say(this.#full ? say.drawMost(MOST_UNITS) : say.drawUnits(this.#codes.size));
    } else {
      const [centre] = this.#corners;
      if (mode === "circle" && centre) {
        const radius = to ? Math.max(LEAST_RADIUS, metres(centre, [to.lng, to.lat])) : this.#radius();
        add({ type: "Polygon", coordinates: [circle(centre, radius)] });
      } else if (mode === "outline" && this.#corners.length > 0) {
        const line = to ? [...this.#corners, [to.lng, to.lat]] : this.#corners;
        add(line.length > 2 ? { type: "Polygon", coordinates: [[...line, line[0] ?? []]] } : { type: "LineString", coordinates: line });
      }
      for (const corner of this.#corners) add({ type: "Point", coordinates: corner });
      this.#say(mode === "circle" ? say.drawCircle(this.#corners.length) : say.drawOutline(this.#corners.length));
    }
    this.#source({ type: "FeatureCollection", features });
  }
}
