/** The one place that asks the server for anything. */

import type { FeatureCollection, Geometry, MultiLineString, LineString, MultiPolygon, Polygon } from "geojson";

/** What the map reads of a ward; every figure on screen comes from the page itself. */
export interface WardProperties {
  code: string;
  name: string;
  residents: number | null;
  rate: number | null;
  label_lon: number;
  label_lat: number;
}

/** What the map reads of a hotspot. */
export interface HotspotProperties {
  number: number;
  name: string;
}

export type Wards = FeatureCollection<Polygon | MultiPolygon, WardProperties>;
export type Hotspots = FeatureCollection<Polygon | MultiPolygon, HotspotProperties>;
export type Streets = FeatureCollection<LineString | MultiLineString>;

/** A reply that is no answer, with the server's own words. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** A log-in that has ended: the reply is the page to log in on, or says so. */
export class LoggedOut extends ApiError {}

async function get(address: string, accept: string, signal?: AbortSignal): Promise<Response> {
  const reply = await fetch(address, { headers: { Accept: accept }, ...(signal && { signal }) });
  if (reply.status === 401 || (reply.redirected && new URL(reply.url).pathname === "/login")) {
    throw new LoggedOut(401, "logged out");
  }
  if (reply.ok) return reply;
  throw new ApiError(reply.status, await words(reply));
}

async function words(reply: Response): Promise<string> {
  const text = await reply.text();
  if (!reply.headers.get("content-type")?.includes("json")) return reply.statusText;
  const problem = JSON.parse(text) as { title?: string; detail?: string };
  return problem.detail ?? problem.title ?? reply.statusText;
}

/** The page at `address`, read but not shown. */
export async function page(address: string, signal?: AbortSignal): Promise<Document> {
  const reply = await get(address, "text/html", signal);
  return new DOMParser().parseFromString(await reply.text(), "text/html");
}

async function geojson<T>(address: string, signal?: AbortSignal): Promise<T> {
  const reply = await get(address, "application/geo+json", signal);
  return (await reply.json()) as T;
}

/** Wards with their figures for the choice in `query`. */
export const wards = (query: string, signal?: AbortSignal): Promise<Wards> =>
  geojson<Wards>(`/layers/wards.geojson?${query}`, signal);

/** Hotspots of the choice in `query`. */
export const hotspots = (query: string, signal?: AbortSignal): Promise<Hotspots> =>
  geojson<Hotspots>(`/layers/hotspots.geojson?${query}`, signal);

/** Any layer: cells, areas, clusters, halls; its figures are shown as they come. */
export type Units = FeatureCollection<Geometry, Record<string, unknown>>;

/** The layer `id` of the choice in `query`; some are worked out when first asked for. */
export const units = (id: string, query: string, signal?: AbortSignal): Promise<Units> =>
  geojson<Units>(`/layers/${id}.geojson?${query}`, signal);

/** Street centre lines. */
export const streets = (version: string): Promise<Streets> =>
  geojson<Streets>(`/streets.geojson?v=${encodeURIComponent(version)}`);
