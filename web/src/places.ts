/** Points that the map needs of its polygons: where a label stands, where a badge sits. */

import type { Feature, FeatureCollection, MultiPolygon, Point, Polygon, Position } from "geojson";
import type { Hotspots, Wards } from "./api.ts";

/** West, south, east and north, in degrees. */
export type Bounds = [number, number, number, number];

function rings(geometry: Polygon | MultiPolygon): Position[][] {
  return geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
}

const point = (at: Position, properties: Record<string, unknown>): Feature<Point> => ({
  type: "Feature", geometry: { type: "Point", coordinates: at }, properties,
});

const collection = (features: Feature<Point>[]): FeatureCollection<Point> => ({
  type: "FeatureCollection", features,
});

/** Names at their wards; kept first where a hotspot lies, then where most people live. */
export function wardLabels(wards: Wards, hotspots: Hotspots): FeatureCollection<Point> {
  const corners = hotspots.features.flatMap((hotspot) => rings(hotspot.geometry).flat());
  return collection(wards.features.map(({ geometry, properties }) => {
    const [west, south, east, north] = bounds([geometry]);
    const hot = corners.some(([x = 0, y = 0]) => x > west && x < east && y > south && y < north);
    const order = (hot ? 0 : 1e6) + 1e6 / (1 + (properties.residents ?? 0));
    return point([properties.label_lon, properties.label_lat], {
      code: properties.code, name: properties.name, order,
    });
  }));
}

/** Least distance between two badges, as a share of the height of the area when all of it is seen. */
const APART = 26 / 480;

/** A badge at the upper right corner of each hotspot, or at another where one sits already. */
export function hotspotBadges(hotspots: Hotspots, area: Bounds): FeatureCollection<Point> {
  const slant = Math.cos((area[1] * Math.PI) / 180);
  const least = (area[3] - area[1]) * APART;
  const reach = ([x = 0, y = 0]: Position): number => x * slant + y;
  const taken: Position[] = [];
  const clear = ([x = 0, y = 0]: Position): number =>
    Math.min(...taken.map(([u = 0, v = 0]) => Math.hypot((x - u) * slant, y - v)));
  return collection(hotspots.features.map(({ geometry, properties }) => {
    const corners = rings(geometry).flat().sort((a, b) => reach(b) - reach(a));
    const corner = corners.find((at) => clear(at) >= least)
      ?? corners.sort((a, b) => clear(b) - clear(a))[0]
      ?? [0, 0];
    taken.push(corner);
    return point(corner, { number: properties.number });
  }));
}

/** Corners of shapes. */
export function corners(shapes: (Polygon | MultiPolygon)[]): Position[] {
  return shapes.flatMap((shape) => rings(shape).flat());
}

/** West, south, east and north of shapes. */
export function bounds(shapes: (Polygon | MultiPolygon)[]): Bounds {
  const box: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x = 0, y = 0] of corners(shapes)) {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return box;
}

/** Outer rings thinned to what a small drawing can show. */
export function outlines(wards: Wards, most = 60): Position[][] {
  return wards.features.flatMap(({ geometry }) => {
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    return polygons.map(([outer = []]) => {
      const step = Math.max(1, Math.ceil(outer.length / most));
      return outer.filter((_, i) => i % step === 0);
    });
  });
}

/** Where places fall in pixels when `area` is fitted into a box of this size with this room around. */
export function fitted(
  area: Bounds,
  width: number,
  height: number,
  room: { top?: number; bottom?: number; left?: number; right?: number },
): (place: Position) => { x: number; y: number } {
  const { top = 0, bottom = 0, left = 0, right = 0 } = room;
  const mercator = ([lon = 0, lat = 0]: Position): [number, number] => [
    lon / 360,
    -Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI),
  ];
  const [x0, y1] = mercator([area[0], area[1]]);
  const [x1, y0] = mercator([area[2], area[3]]);
  const scale = Math.min((width - left - right) / (x1 - x0), (height - top - bottom) / (y1 - y0));
  const middle = { x: (left + width - right) / 2, y: (top + height - bottom) / 2 };
  return (place) => {
    const [x, y] = mercator(place);
    return { x: middle.x + (x - (x0 + x1) / 2) * scale, y: middle.y + (y - (y0 + y1) / 2) * scale };
  };
}
