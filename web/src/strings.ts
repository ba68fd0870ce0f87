/** Every English word that script writes, in one place: another language is another such file. */

export const words = {
  noMap: "The live map could not start on this computer. The picture and the tables hold the same figures.",
  loadingMap: "Loading the live map",
  loadingLayer: (name: string): string => `Working out ${name}`,
  stillWorking: (name: string, seconds: number): string =>
    `Still working out ${name}, ${counted(seconds, "second", "seconds")} so far. It will show by itself; anything else can be used meanwhile.`,
  layerShown: (name: string): string => `${name} is shown.`,
  figures: "the figures",
  mapReady: (counts: string): string => `Map ready. ${counts}`,
  partFailed: "Part of the map could not be loaded. The tables hold the same figures.",
  noBasemap: "The basemap could not be opened; the map shows everything else.",
  mapStopped: "The live map has stopped on this computer. The tables hold the same figures.",
  layerFailed: (why: string): string => `This layer cannot be shown: ${why}`,
  figuresFailed: "The new figures could not be fetched; those shown are of the choice before.",
  findFailed: "The place could not be looked for: the server does not answer.",
  mapAway: "The live map could not be fetched. The picture and the tables hold the same figures.",
  thePlan: "the plan",
  planFailed: "The plan could not be fetched; the one shown is of the choice before.",
  meetings: "Meetings in the year",
  retry: "Try again",
  marked: (name: string): string => `${name} is marked.`,
  inView: (name: string): string => `The map shows ${name}.`,
  unmarked: "Nothing is marked.",
  notThere: (id: string): string => `There is no ${id} in what the map shows: nothing is marked.`,
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
  clock: "Clock. Arrow keys move, with Shift they extend, Enter counts those hours alone, Escape counts all hours.",
  hours: (day: string, from: string, to: string, records: string): string => `${day}, ${from} to ${to}: ${records} records`,
  span: (from: string, to: string): string => `${from} to ${to}`,
  drawOutline: (corners: number): string =>
    corners === 0 ? "Click or tap the corners of the area, or press Enter at the cross."
      : corners < 3 ? `${counted(corners, "corner", "corners")}; an area has three or more. Backspace takes one back.`
        : `${counted(corners, "corner", "corners")}. "Count" or a double click ends it.`,
  drawCircle: (corners: number): string =>
    corners === 0 ? "Click or tap the middle, or press Enter at the cross." : 'Click or tap the edge, or give a radius and choose "Count".',
  drawUnits: (n: number): string => (n === 0 ? "Click or tap areas, or press Enter at the cross; again takes one out." : `${counted(n, "area", "areas")} picked.`),
  drawMost: (most: number): string => `${counted(most, "area", "areas")} picked, the most there can be.`,
  drawMore: (mode: string): string => (mode === "outline" ? "An area has three corners or more." : mode === "circle" ? "Choose the middle first." : "Pick an area first."),
  loginExpired: "You are logged out. Nothing is lost: log in and this page opens as it is.",
  signIn: "Log in",
  close: "Close",
  to: " to ",
  notKnown: "not known",
  yes: "yes",
  no: "no",
};

/** On the map of a published site. */
export const site = {
  map: "Map",
  nothingHere: "Nothing is marked here.",
};

/** Days of the week, Monday first. */
export const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

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
