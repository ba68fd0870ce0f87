// Pictures of every page and state at three sizes, light, dark and print: to be looked at, kept by CI.

import assert from "node:assert/strict";
import { mapIdle, openPage, screenshot, test } from "./support.mjs";

const SIZES = [[1440, 900], [768, 1024], [390, 844]];
/** A4 within its margins, in pixels. */
const PAPER = { width: 710, height: 1039 };

const MARKS = "hotspots=on&names=on";
/** Every page, and the map in each of its states: the address of each, given a ward, a place in it and months. */
const STATES = {
  map: () => "/", "map-rate": () => `/?show=rate&${MARKS}`, "map-cells": () => `/?show=cells&${MARKS}`,
  "map-hexagons": () => `/?show=hexagons&${MARKS}`, "map-emerging": () => `/?show=emerging&${MARKS}`,
  "map-moran": () => `/?show=moran&${MARKS}&clusters=on&venues=on`, "map-ward": ({ code }) => `/?ward=${code}`,
  "map-area": ({ months, middle }) => `/?${months}&area=circle:${middle},800`,
  "map-clusters": () => `/?show=rate&${MARKS}&clusters=on&over-time=true`,
  "map-h3": () => `/?show=h3&${MARKS}`,
  ward: ({ code }) => `/wards/${code}`, wards: () => "/wards",
  meetings: () => "/meetings", "meetings-chair": () => "/meetings/chair", "meetings-public": () => "/meetings/public",
  data: () => "/data", table: () => "/layers/wards", accessibility: () => "/accessibility",
  statistics: () => "/statistics", statistic: () => "/statistics/rate?run=yes",
  trouble: () => "/?type=nothing", nowhere: () => "/wards/E00000000",
};
/** Of hours and of a year before, which the demo alone holds. */
const DEMO_STATES = {
  "map-hours": () => "/?day=fri,sat&hour=18-24", "map-difference": () => "/?against=year-earlier",
  "map-beside": () => "/?against=year-earlier&as=swipe", "ward-hours": ({ code }) => `/wards/${code}?day=fri,sat&hour=18-24`,
};

async function place(base) {
  const { features } = await (await fetch(`${base}/layers/wards.geojson`)).json();
  const { code, label_lon, label_lat } = features[2].properties;
  const { latest } = await (await fetch(`${base}/info`)).json();
  const [from, to] = latest.split("..");
  return { code, middle: `${label_lon},${label_lat}`, months: `from=${from}&to=${to}` };
}

/** Waits until the page has the colours and the size last asked for. */
async function settled(page, map) {
  await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))));
  if (map) await mapIdle(page);
  await page.evaluate(() => Promise.all([...document.images].map((one) => one.decode().catch(() => {}))));
}

async function pictured({ base, browser, site }, name, address) {
  const map = name.startsWith("map");
  const path = address(await place(base));
  const { page, trouble, close } = await openPage(browser, base, path, { ready: map ? "map" : "page" });
  // A layer that is being worked out comes by itself.
  if (map) await page.waitForFunction(() => document.querySelector("#map-say").textContent === "", null, { timeout: 300_000 });
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      await settled(page, map);
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

for (const [states, sites] of [[STATES, "all"], [DEMO_STATES, "demo"]]) {
  for (const [name, address] of Object.entries(states)) {
    test(`pictured at three sizes, light, dark and on paper: ${name}`, (site) => pictured(site, name, address), { sites, seconds: 400 });
  }
}
