/** What lies on the map: scale, north and, away from the whole area, where the view is. */

import type { Map as LiveMap, PaddingOptions } from "maplibre-gl";
import type { Position } from "geojson";
import type { Wards } from "./api.ts";
import { bounds, fitted, outlines, type Bounds } from "./places.ts";
import { words as say } from "./strings.ts";

const SVG = "http://www.w3.org/2000/svg";
/** Length of the equator over the width of the map at zoom 0, in metres per pixel. */
const METRES_PER_PIXEL = 40_075_016.686 / 512;

function draw(name: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** The longest round distance of at most `pixels`, in metres. */
export function roundDistance(metresPerPixel: number, pixels: number): number {
  const most = metresPerPixel * pixels;
  const power = 10 ** Math.floor(Math.log10(most));
  return [5, 2, 1].map((step) => step * power).find((metres) => metres <= most) ?? power;
}

/** Room at the left of the map and under it, the least first; the last keeps everything clear. */
const LEFT = [14, 120, 180, 240];
const UNDER = [14, 56];
/** The largest scale bar, in pixels. */
const SCALE = { width: 190, height: 30 };
/** Half of a name on the map, about. */
const NAME = { width: 50, height: 14 };

/** Where the scale bar will stand. */
function scaleBox(): DOMRect | null {
  const corner = document.getElementById("corner");
  if (!corner) return null;
  const { hidden } = corner;
  corner.hidden = false;
  const { left, bottom } = corner.getBoundingClientRect();
  corner.hidden = hidden;
  return new DOMRect(left, bottom - SCALE.height, SCALE.width, SCALE.height);
}

/** Padding that shows the whole area as large as can be with no name or badge under the legend, and nothing of the area
 * under the scale bar. */
export function clearOfFurniture(box: HTMLElement, area: Bounds, marks: Position[], outline: Position[]): PaddingOptions {
  const frame = box.getBoundingClientRect();
  const legend = document.querySelector(".legend")?.getBoundingClientRect();
  // On a phone they stand under the map and over it.
  if (!legend || legend.top >= frame.bottom - 10) return { top: 14, bottom: 14, left: 14, right: 14 };
  const scale = scaleBox();
  const rooms = LEFT.flatMap((left) => UNDER.map((bottom) => {
    const room = { top: 14, bottom, left, right: 64 };
    const place = fitted(area, frame.width, frame.height, room);
    return { room, place, across: place([area[2], area[1]]).x - place([area[0], area[1]]).x };
  })).sort((a, b) => b.across - a.across);
  const clear = rooms.find(({ place }) => {
    const isOff = (from: DOMRect, across: number, up: number) => (at: Position): boolean => {
      const { x, y } = place(at);
      const [left, top] = [frame.left + x, frame.top + y];
      return left > from.right + across || left < from.left - across || top < from.top - up || top > from.bottom + up;
    };
    return marks.every(isOff(legend, 30, NAME.height))
      && (!scale || (marks.every(isOff(scale, NAME.width, NAME.height)) && outline.every(isOff(scale, 4, 4))));
  });
  return (clear ?? rooms.at(-1)!).room;
}

/** Keeps scale bar and north arrow true. */
export function scaleBar(map: LiveMap, corner: HTMLElement): void {
  const bar = draw("svg", { height: 14, "aria-hidden": "true" });
  const path = draw("path", {});
  bar.append(path);
  const words = document.createElement("span");
  words.className = "note";
  const north = draw("svg", { width: 12, height: 16, viewBox: "0 0 12 16", role: "img", "aria-label": say.northUp });
  north.append(draw("path", { class: "corner__north", d: "M6 1l4 13-4-3-4 3z" }));
  corner.replaceChildren(bar, words, north);
  const update = (): void => {
    const latitude = (map.getCenter().lat * Math.PI) / 180;
    const perPixel = (METRES_PER_PIXEL * Math.cos(latitude)) / 2 ** map.getZoom();
    const metres = roundDistance(perPixel, 96);
    const width = metres / perPixel;
    bar.setAttribute("width", String(Math.ceil(width) + 2));
    path.setAttribute("d", `M1 4v6h${width.toFixed(1)}V4`);
    words.textContent = metres >= 1000 ? say.kilometres(metres / 1000) : say.metres(metres);
  };
  map.on("move", update);
  update();
  corner.hidden = false;
}

/** A small whole with the view outlined, shown while the view is not the whole. */
export function locator(map: LiveMap, box: HTMLElement, wards: Wards): void {
  const [west, south, east, north] = bounds(wards.features.map(({ geometry }) => geometry));
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = 72 / Math.max((east - west) * squeeze, north - south);
  const x = (lon: number): number => (lon - west) * squeeze * scale + 2;
  const y = (lat: number): number => (north - lat) * scale + 2;
  const [width, height] = [x(east) + 2, y(south) + 2];

  const frame = document.createElement("div");
  frame.className = "loc";
  frame.hidden = true;
  const svg = draw("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  const d = outlines(wards)
    .map((ring) => `M${ring.map(([lon = 0, lat = 0]) => `${x(lon).toFixed(1)} ${y(lat).toFixed(1)}`).join("L")}Z`)
    .join("");
  const view = draw("rect", { class: "loc__view" });
  svg.append(draw("path", { class: "loc__land", d }), view);
  frame.append(svg);
  box.append(frame);

  const update = (): void => {
    const seen = map.getBounds();
    const left = Math.max(x(seen.getWest()), 1);
    const right = Math.min(x(seen.getEast()), width - 1);
    const top = Math.max(y(seen.getNorth()), 1);
    const bottom = Math.min(y(seen.getSouth()), height - 1);
    const all = left <= 3 && top <= 3 && right >= width - 3 && bottom >= height - 3;
    frame.hidden = all || right <= left || bottom <= top;
    view.setAttribute("x", left.toFixed(1));
    view.setAttribute("y", top.toFixed(1));
    view.setAttribute("width", Math.max(0, right - left).toFixed(1));
    view.setAttribute("height", Math.max(0, bottom - top).toFixed(1));
  };
  map.on("moveend", update);
  update();
}
