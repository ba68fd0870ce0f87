// Pictures of every page and state at three sizes, light, dark and print: to be looked at, kept by CI.

import assert from "node:assert/strict";
import { mapIdle, openPage, screenshot, test } from "./support.mjs";

const SIZES = [[1440, 900], [768, 1024], [390, 844]];
/** A4 within its margins, in pixels. */
const PAPER = { width: 710, height: 1039 };

/** Addresses of every page, and of the map in each of its states. */
async function states(base, site) {
  const { features } = await (await fetch(`${base}/layers/wards.geojson`)).json();
  const { code, label_lon, label_lat } = features[2].properties;
  const { latest } = await (await fetch(`${base}/info`)).json();
  const [from, to] = latest.split("..");
  const months = `from=${from}&to=${to}`;
  const marks = "hotspots=on&names=on";
  const all = {
    map: "/", "map-rate": `/?show=rate&${marks}`, "map-cells": `/?show=cells&${marks}`,
    "map-hexagons": `/?show=hexagons&${marks}`, "map-emerging": `/?show=emerging&${marks}`,
    "map-moran": `/?show=moran&${marks}&clusters=on&venues=on`, "map-ward": `/?ward=${code}`,
    "map-area": `/?${months}&area=circle:${label_lon},${label_lat},800`,
    "map-clusters": `/?show=rate&${marks}&clusters=on&over-time=true`,
    "map-h3": `/?show=h3&${marks}`,
    ward: `/wards/${code}`, wards: "/wards", meetings: "/meetings", "meetings-chair": "/meetings/chair", "meetings-public": "/meetings/public", data: "/data", table: "/layers/wards", accessibility: "/accessibility",
    statistics: "/statistics", statistic: "/statistics/rate?run=yes",
    trouble: "/?type=nothing", nowhere: "/wards/E00000000",
  };
  // Hours and a year before are held by the demo alone.
  if (site === "demo") {
    Object.assign(all, {
      "map-hours": "/?day=fri,sat&hour=18-24", "map-difference": "/?against=year-earlier",
      "map-beside": "/?against=year-earlier&as=swipe", "ward-hours": `/wards/${code}?day=fri,sat&hour=18-24`,
    });
  }
  return Object.entries(all).map(([name, path]) => ({ name, path, map: name.startsWith("map") }));
}

test("every page and state is pictured at three sizes, light, dark and on paper", async ({ base, browser, site }) => {
  for (const { name, path, map } of await states(base, site)) {
    const { page, trouble, close } = await openPage(browser, base, path, { ready: map ? "map" : "page" });
    // A layer that is being worked out comes by itself.
    if (map) await page.waitForFunction(() => document.querySelector("#map-say").textContent === "", null, { timeout: 300_000 });
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        // Colours and pictures change a little after they are asked for.
        await page.waitForTimeout(200);
        if (map) await mapIdle(page);
        await page.evaluate(() => Promise.all([...document.images].map((one) => one.decode().catch(() => {}))));
        const over = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(over <= width, `${path} at ${width} is ${over} wide`);
        await screenshot(page, `gallery/${site}-${name}-${width}x${height}-${colorScheme}`, { fullPage: !map || width < 1100 });
      }
    }
    await page.emulateMedia({ media: "print", colorScheme: "light" });
    await page.setViewportSize(PAPER);
    await screenshot(page, `gallery/${site}-${name}-print`, { fullPage: true });
    if (/^(ward$|ward-|meetings-chair)/.test(name)) {
      const high = await page.evaluate(() => document.documentElement.scrollHeight);
      assert.ok(high <= PAPER.height, `${path} on paper is ${high} high`);
    }
    // Pages of trouble, and layers that are not ready yet, answer with their status, which a browser writes down.
    assert.deepEqual(trouble.filter((line) => !/status of (4\d\d|503)/.test(line)), [], path);
    await close();
  }
}, { sites: "all", seconds: 1200 });
