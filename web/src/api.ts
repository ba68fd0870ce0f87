/** The one place that asks the server for anything. */

import type { FeatureCollection, Geometry, MultiLineString, LineString, MultiPolygon, Polygon } from "geojson";
import { root } from "./root.ts";

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

/** How to wait for an answer: until when it is wanted, and whom to tell while it is worked out. */
export interface Patience {
  signal?: AbortSignal | undefined;
  /** Called before each new try with the seconds waited so far. */
  onWait?: (seconds: number) => void;
}

/** Longest that an answer that is being worked out is asked for again, in seconds. */
const LONGEST = 300;

/** Waits; ends at once, as a fetch would, when the answer is no longer wanted. */
function pause(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(new DOMException("no longer wanted", "AbortError"));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, seconds * 1000);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}

/** Asks; where the server says that the answer is not ready yet and when to ask again, asks again then. */
async function get(address: string, accept: string, { signal, onWait }: Patience = {}): Promise<Response> {
  const started = performance.now();
  for (;;) {
    const reply = await fetch(address, { headers: { Accept: accept }, ...(signal && { signal }) });
    if (reply.status === 401 || (reply.redirected && new URL(reply.url).pathname === `${root}login`)) {
      throw new LoggedOut(401, "logged out");
    }
    if (reply.ok) return reply;
    const again = reply.status === 503 ? Number(reply.headers.get("retry-after")) : 0;
    const waited = (performance.now() - started) / 1000;
    if (!(again > 0) || waited + again > LONGEST) throw new ApiError(reply.status, await words(reply));
    onWait?.(Math.round(waited));
    await pause(again, signal);
  }
}

async function words(reply: Response): Promise<string> {
  const text = await reply.text();
  if (!reply.headers.get("content-type")?.includes("json")) return reply.statusText;
  const problem = JSON.parse(text) as { title?: string; detail?: string };
  return problem.detail ?? problem.title ?? reply.statusText;
}

/** The page at `address`, read but not shown. */
export async function page(address: string, patience?: Patience): Promise<Document> {
  const reply = await get(address, "text/html", patience);
  return new DOMParser().parseFromString(await reply.text(), "text/html");
}

async function geojson<T>(address: string, patience?: Patience): Promise<T> {
  const reply = await get(address, "application/geo+json", patience);
  return (await reply.json()) as T;
}

/** Wards with their figures for the choice in `query`. */
export const wards = (query: string, patience?: Patience): Promise<Wards> =>
  geojson<Wards>(`${root}layers/wards.geojson?${query}`, patience);

/** Hotspots of the choice in `query`. */
export const hotspots = (query: string, patience?: Patience): Promise<Hotspots> =>
  geojson<Hotspots>(`${root}layers/hotspots.geojson?${query}`, patience);

/** Any layer: cells, areas, clusters, halls; its figures are shown as they come. */
export type Units = FeatureCollection<Geometry, Record<string, unknown>>;

/** The layer `id` of the choice in `query`; some are worked out when first asked for. */
export const units = (id: string, query: string, patience?: Patience): Promise<Units> =>
  geojson<Units>(`${root}layers/${id}.geojson?${query}`, patience);

/** Street centre lines. */
export const streets = (version: string): Promise<Streets> =>
  geojson<Streets>(`${root}streets.geojson?v=${encodeURIComponent(version)}`);
