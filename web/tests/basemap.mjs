// A basemap of the workspace's own is drawn under the data, from our server alone; one that cannot be opened
// is said, and everything else stands.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PbfWriter } from "pbf";
import { zxyToTileId } from "pmtiles";
import { mapIdle, openPage, screenshot, serveCopy, test } from "./support.mjs";

const ZOOM = 8;
const EXTENT = 4096;

/** Longitude and latitude as a fraction of the world. */
function world([lon, lat]) {
  const y = 0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI);
  return [lon / 360 + 0.5, y];
}

/** A tile with a road across the area, a lake in it and a name. */
function tile(x, y, [west, south, east, north]) {
  const at = (place) => world(place).map((part, i) => Math.round((part * 2 ** ZOOM - [x, y][i]) * EXTENT));
  const zigzag = (n) => (n << 1) ^ (n >> 31);
  const path = (places, close) => {
    const points = places.map(at);
    const steps = points.map((p, i) => (i === 0 ? p : [p[0] - points[i - 1][0], p[1] - points[i - 1][1]]));
    const flat = steps.map((step) => step.map(zigzag));
    return [9, ...flat[0], ((points.length - 1) << 3) | 2, ...flat.slice(1).flat(), ...(close ? [15] : [])];
  };
  const [w, h] = [east - west, north - south];
  const middle = [west + w / 2, south + h / 2];
  const lake = [[-0.1, -0.1], [0.1, -0.1], [0.1, 0.1], [-0.1, 0.1]].map(([dx, dy]) => [middle[0] + dx * w, middle[1] - dy * h]);
  const layers = [
    ["roads", 2, path([[west, middle[1]], [east, middle[1]]]), "High Road"],
    ["water", 3, path(lake, true), "Mere"],
    ["places", 1, path([middle]).slice(0, 3), "Middleton"],
  ];
  const pbf = new PbfWriter();
  for (const [name, type, geometry, label] of layers) {
    pbf.writeMessage(3, () => {
      pbf.writeVarintField(15, 2);
      pbf.writeStringField(1, name);
      pbf.writeMessage(2, () => {
        pbf.writePackedVarint(2, [0, 0]);
        pbf.writeVarintField(3, type);
        pbf.writePackedVarint(4, geometry);
      }, null);
      pbf.writeStringField(3, "name");
      pbf.writeMessage(4, () => pbf.writeStringField(1, label), null);
      pbf.writeVarintField(5, EXTENT);
    }, null);
  }
  return Buffer.from(pbf.finish());
}

/** A PMTiles file of one tile, written as its specification (version 3) has it. */
function pmtiles(bounds) {
  const [x, y] = world([(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2]).map((part) => Math.floor(part * 2 ** ZOOM));
  const data = tile(x, y, bounds);
  const entries = new PbfWriter();
  for (const n of [1, zxyToTileId(ZOOM, x, y), 1, data.length, 1]) entries.writeVarint(n);
  const directory = Buffer.from(entries.finish());
  const metadata = Buffer.from(JSON.stringify({
    attribution: "<a href='https://example.org'>Made for a test</a>",
    vector_layers: ["roads", "water", "places"].map((id) => ({ id, fields: { name: "String" } })),
  }));
  const header = Buffer.alloc(127);
  header.write("PMTiles");
  header[7] = 3;
  const offsets = [127, directory.length, 127 + directory.length, metadata.length, 0, 0, 127 + directory.length + metadata.length, data.length, 1, 1, 1];
  offsets.forEach((n, i) => header.writeBigUInt64LE(BigInt(n), 8 + 8 * i));
  // Clustered; directories and tiles not compressed; vector tiles of one zoom.
  Buffer.from([1, 1, 1, 1, ZOOM, ZOOM]).copy(header, 96);
  [bounds[0], bounds[1], bounds[2], bounds[3]].forEach((degrees, i) => header.writeInt32LE(Math.round(degrees * 1e7), 102 + 4 * i));
  header[118] = ZOOM;
  return Buffer.concat([header, directory, metadata, data]);
}

test("a basemap of the workspace lies quietly under the data, with its names and its attribution", async ({ base, browser, workspace }) => {
  if (!workspace) return;
  const { bounds } = await (await fetch(`${base}/layers`)).json();
  const server = await serveCopy(workspace, {
    async prepared(folder) {
      await writeFile(join(folder, "area.pmtiles"), pmtiles(bounds));
      const described = join(folder, "wardheat.toml");
      await writeFile(described, `basemap = "area.pmtiles"\n${await readFile(described, "utf8")}`);
    },
  });
  try {
    const { page, trouble, requests, close } = await openPage(browser, server.base, "/");
    await page.evaluate(() => window.wardheat.map.zoomTo(13, { duration: 0 }));
    await mapIdle(page);
    const drawn = (layer) => page.evaluate((layer) => window.wardheat.map.queryRenderedFeatures({ layers: [layer] }).length, layer);
    assert.ok((await drawn("base-road-roads")) > 0, "roads");
    assert.ok((await drawn("base-water-water")) > 0, "water");
    const order = await page.evaluate(() => window.wardheat.map.getStyle().layers.map((layer) => layer.id));
    assert.ok(order.indexOf("base-road-roads") < order.indexOf("heat"), "under the data");
    assert.ok(!order.includes("street"), "instead of the workspace's own lines");
    assert.equal(await page.locator(".map__credit").innerText(), "Made for a test");
    assert.ok(requests.some((address) => address.endsWith("/basemap.pmtiles")));
    assert.deepEqual(trouble, []);
    await screenshot(page, "map-basemap");
    await close();

    const drawnMap = await (await fetch(`${server.base}/map.svg?width=900&scheme=light`)).text();
    assert.ok(drawnMap.includes("Made for a test"), "the drawn map names whom it is from");
    const [lines] = /<path d="[^"]*" fill="none" stroke="#c9c4ba"[^>]*>/i.exec(drawnMap) ?? [""];
    assert.ok(lines.length > 0 && lines.length < 400, "one road, and none of the workspace's own streets");
    assert.match(drawnMap, /fill="#d0cbc1" fill-opacity="0.8"/, "the lake");

    const broken = await openPage(browser, server.base, "/accessibility", { ready: "page" });
    await broken.page.route("**/basemap.pmtiles", (route) => route.fulfill({ status: 500, body: "" }));
    await broken.page.goto(server.base);
    await broken.page.waitForFunction(() => /basemap could not be opened/.test(document.querySelector("#map-say").textContent), null, { timeout: 60_000 });
    await broken.page.waitForFunction(() => window.wardheat !== undefined, null, { timeout: 60_000 });
    assert.ok((await broken.page.evaluate(() => window.wardheat.map.queryRenderedFeatures({ layers: ["street"] }).length)) > 0, "its own lines instead");
    await broken.close();
  } finally {
    await server.stop();
  }
});
