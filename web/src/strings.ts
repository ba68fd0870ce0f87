/** Every English word that script writes, in one place: another language is another such file. */

export const words = {
  noMap: "The live map could not start on this computer. The picture and the tables hold the same figures.",
  loadingMap: "Loading the live map",
  loadingLayer: (name: string): string => `Working out ${name}`,
  mapReady: (counts: string): string => `Map ready. ${counts}`,
  partFailed: "Part of the map could not be loaded. The tables hold the same figures.",
  mapStopped: "The live map has stopped on this computer. The tables hold the same figures.",
  layerFailed: (why: string): string => `This layer cannot be shown: ${why}`,
  figuresFailed: "The new figures could not be fetched; those shown are of the choice before. Try again.",
  retry: "Try again",
  marked: (name: string): string => `${name} is marked.`,
  unmarked: "Nothing is marked.",
  hotspots: (n: number): string => counted(n, "hotspot", "hotspots"),
  wards: (n: number): string => counted(n, "ward", "wards"),
  mapTitle: "Map. Arrow keys move it, plus and minus change the scale, n and p go to the next and previous hotspot.",
  northUp: "North is up",
  kilometres: (n: number): string => `${n} km`,
  metres: (n: number): string => `${n} m`,
  copied: (n: number): string => `${counted(n, "row", "rows")} copied.`,
  copyFailed: "The browser does not allow copying; select the table instead.",
  months: (from: string, to: string): string => (from === to ? from : `${from} to ${to}`),
  swiped: (percent: number, left: string, right: string): string => `${percent}% ${left}, ${100 - percent}% ${right}`,
  close: "Close",
  notKnown: "not known",
  yes: "yes",
  no: "no",
};

/** Names of figures in the card of a cell, an area, a cluster or a hall. */
export const labels: Record<string, string> = {
  name: "Name", count: "Recorded", rate: "Rate per 1,000", rate_low: "95% from", rate_high: "95% to",
  rank: "Rank by rate", density: "Per km² a year", z: "z-score", p: "p-value", q: "q-value", class: "Class",
  months_hot: "Months hot", months_cold: "Months cold", trend_z: "Trend, z-score", quadrant: "Among neighbours",
  i: "Local Moran's I", expected: "Expected", ratio: "Times as many", n_units: "Areas", radius: "Radius, m",
  from: "From", to: "To", kind: "Kind", postcode: "Postcode", capacity: "Seats", step_free: "Step-free", change: "Times the year before",
};

/** `1 hotspot`, `4 hotspots`. */
export function counted(n: number, one: string, many: string): string {
  return `${n.toLocaleString("en-GB")} ${n === 1 ? one : many}`;
}
