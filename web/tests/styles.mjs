// MapLibre opens the server's style documents as they are.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { colours, root, test } from "./support.mjs";

const LIBRARY = join(root, "web/node_modules/maplibre-gl/dist");
const PAGE = `<!doctype html><html lang="en"><title>style</title>
<link rel="stylesheet" href="/harness/maplibre-gl.css">
<div id="map" style="width:700px;height:600px"></div>
<script type="module">
import { Map, setWorkerUrl } from "/harness/maplibre-gl.mjs";
setWorkerUrl(new URL("/harness/maplibre-gl-worker.mjs", location.href).href);
window.errors = [];
window.map = new Map({ container: "map", style: new URLSearchParams(location.search).get("style") });
map.on("error", (event) => errors.push(String(event.error?.message ?? event.error)));
map.on("idle", () => (window.idle = true));
</script>`;

test("MapLibre opens every style document as it is and draws its tiles", async ({ base, browser }) => {
  const page = await browser.newPage({ viewport: { width: 720, height: 640 } });
  const outside = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(base) && !/^(data|blob):/.test(request.url())) outside.push(request.url());
  });
  // The library and a page that does nothing but open a style, on the server's own address.
  await page.route("**/harness/*", async (route) => {
    const name = new URL(route.request().url()).pathname.split("/").pop();
    if (name === "page.html") return route.fulfill({ contentType: "text/html", body: PAGE });
    const contentType = name.endsWith(".css") ? "text/css" : "text/javascript";
    return route.fulfill({ contentType, body: await readFile(join(LIBRARY, name)) });
  });
  for (const layer of ["heat", "contours", "wards", "cells", "hotspots"]) {
    const style = `/tiles/${layer}/style.json`;
    const { center, zoom, layers } = await (await fetch(base + style)).json();
    await page.goto(`${base}/harness/page.html?style=${encodeURIComponent(style)}`);
    await page.waitForFunction(() => window.idle === true, null, { timeout: 60_000 });
    const { errors, at, drawn } = await page.evaluate(() => ({
      errors: window.errors,
      at: [...window.map.getCenter().toArray()],
      drawn: window.map.queryRenderedFeatures().length,
    }));

    assert.deepEqual(errors, [], layer);
    assert.ok(Math.hypot(at[0] - center[0], at[1] - center[1]) < 1e-6, `${layer} opens where it says: ${zoom}`);
    if (layers.some(({ type }) => type === "raster")) {
      const n = await colours(browser, await page.locator("#map canvas").screenshot());
      assert.ok(n > 4, `${layer}: ${n} colours`);
    } else {
      assert.ok(drawn > 0, `${layer}: features are drawn`);
    }
  }
  assert.deepEqual(outside, []);
  await page.close();
});
