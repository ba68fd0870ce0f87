// A published site on a plain file host: its live map reads tiles part by part, and asks nobody else.

import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { LOOKS, axe, colours, openPage, run, screenshot, test } from "./support.mjs";

const TYPES = {
  ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css",
  ".json": "application/json", ".svg": "image/svg+xml",
};

/** A file host that knows nothing but files and `Range`. */
async function host(folder) {
  const ranges = [];
  const server = createServer(async (request, reply) => {
    const name = new URL(request.url, "http://host").pathname.replace(/\/$/, "/index.html").slice(1);
    const file = join(folder, name);
    const held = await stat(file).catch(() => null);
    if (!held?.isFile() || name.includes("..")) return void reply.writeHead(404).end();
    const type = { "content-type": TYPES[extname(name)] ?? "application/octet-stream", etag: `"${held.size}"` };
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
    if (!range) return void createReadStream(file).pipe(reply.writeHead(200, { ...type, "content-length": held.size }));
    const [start, end] = [Number(range[1]), Math.min(Number(range[2]), held.size - 1)];
    ranges.push([name, end - start + 1]);
    createReadStream(file, { start, end }).pipe(
      reply.writeHead(206, { ...type, "content-range": `bytes ${start}-${end}/${held.size}`, "content-length": end - start + 1 }),
    );
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { base: `http://127.0.0.1:${server.address().port}`, ranges, close: () => (server.closeAllConnections(), server.close()) };
}

/** Publishes the workspace for analysts and serves the site while `check` looks at it. */
async function published(workspace, check) {
  const folder = await mkdtemp(join(tmpdir(), "wardheat-site-"));
  try {
    await run(workspace, ["publish", join(folder, "site"), "--for", "analyst"]);
    const { base, ranges, close } = await host(join(folder, "site"));
    await check({ base, ranges, heat: (await stat(join(folder, "site/heat.pmtiles"))).size }).finally(close);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("a published site is a live map on any file host", async ({ browser, workspace }) => {
  if (!workspace) return;
  await published(workspace, async (site) => {
    const page = await browser.newPage({ viewport: { width: 1000, height: 1000 } });
    await check({ page, browser, ...site }).finally(() => page.close());
  });
});

test("axe finds nothing on a published site, in light, dark and forced colours", async ({ browser, workspace }) => {
  if (!workspace) return;
  await published(workspace, async ({ base }) => {
    const found = [];
    for (const path of ["/", "/data.html"]) {
      const { page, trouble, close } = await openPage(browser, base, path, { ready: "page" });
      if (path === "/") await page.waitForFunction(() => window.siteMap?.loaded(), null, { timeout: 60_000 });
      // What is folded away is looked at too; rows past the tenth are like those before.
      await page.evaluate(() => {
        for (const one of document.querySelectorAll("details")) one.open = true;
        for (const row of document.querySelectorAll("tbody tr:nth-child(n + 11)")) row.remove();
      });
      for (const [look, colours] of Object.entries(LOOKS)) {
        await page.emulateMedia(colours);
        await screenshot(page, `published-site${path.replace(/[/.]/g, "-")}${look.replace(" ", "-")}`);
        found.push(...(await axe(page)).map((line) => `${path} (${look}): ${line}`));
      }
      await page.setViewportSize({ width: 320, height: 256 });
      const over = await page.evaluate(() => document.documentElement.scrollWidth);
      if (over > 320) found.push(`${path}: ${over} wide at 320`);
      found.push(...trouble.map((line) => `${path}: ${line}`));
      await close();
    }
    assert.deepEqual(found, []);
  });
}, { seconds: 240 });

async function check({ page, base, ranges, browser, heat }) {
  const [outside, trouble] = [[], []];
  page.on("request", (request) => {
    if (!request.url().startsWith(base) && !/^(data|blob):/.test(request.url())) outside.push(request.url());
  });
  page.on("console", (line) => ["error", "warning"].includes(line.type()) && trouble.push(line.text()));
  page.on("pageerror", (error) => trouble.push(String(error)));
  await page.goto(`${base}/`);
  const heatKey = page.locator('img[src="legend-heat.svg"]');
  assert.match(await heatKey.getAttribute("alt"), /per km²/);
  assert.ok(await heatKey.evaluate((one) => one.complete && one.naturalWidth > 100), "the legend is drawn");
  await page.waitForFunction(() => window.siteMap?.loaded() && window.siteMap.areTilesLoaded(), null, { timeout: 60_000 });

  const shown = (layer) =>
    page.evaluate((layer) => window.siteMap.queryRenderedFeatures({ layers: [layer] }).length, layer);
  assert.ok((await shown("wards")) > 1, "wards are drawn");
  assert.ok((await shown("hotspots")) > 0, "hotspots are drawn");
  const warm = await colours(browser, await page.locator("#map canvas").screenshot());
  assert.ok(warm > 20, `${warm} colours`);
  assert.ok(await page.locator("picture").isHidden(), "the drawn map makes room");
  assert.ok(ranges.some(([name]) => name === "heat.pmtiles"), "heat is read by parts");
  const read = ranges.filter(([name]) => name === "heat.pmtiles").reduce((sum, [, n]) => sum + n, 0);
  assert.ok(read < heat, `${read} of ${heat} bytes`);
  await screenshot(page, "published-site");

  await page.locator("#map canvas").click();
  assert.match(await page.locator("#said").textContent(), /records|Nothing is marked/);
  await page.getByLabel("Heat").uncheck();
  await page.waitForFunction(() => window.siteMap.loaded());
  const cold = await colours(browser, await page.locator("#map canvas").screenshot());
  assert.ok(cold < warm, `${cold} colours without heat`);
  assert.deepEqual(trouble, []);
  assert.deepEqual(outside, []);
}
