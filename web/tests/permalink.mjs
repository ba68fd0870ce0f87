// The address holds what is shown: a second tab, Back and a link of the page lose nothing.

import assert from "node:assert/strict";
import { mapIdle, mapReady, openPage, test } from "./support.mjs";

/** What a reader sees, as far as the address is to hold it. */
const shown = (page) => page.evaluate(() => {
  const { map } = window.wardheat;
  const { lng, lat } = map.getCenter();
  const form = new FormData(document.querySelector("#controls"));
  return {
    headline: document.querySelector("h1").innerText,
    choices: ["type", "from", "to", "day", "hour", "show", "hotspots", "names", "against", "as", "cell"].map((name) => form.get(name)),
    at: [lng.toFixed(3), lat.toFixed(3), map.getZoom().toFixed(1)],
    find: [document.querySelector("#find").value, document.querySelector('[data-part="found"]').innerText],
    picked: document.querySelector("#pick").innerText,
    split: document.querySelector("#swipe-at")?.value,
    first: document.querySelector("tr[data-ward] a").innerText,
    files: [...document.querySelectorAll(".method .downloads a")].map((link) => link.pathname),
  };
});

/** Waits until nothing was asked for in a while and nothing moves. */
const settled = async (page) => {
  const asked = new Set();
  const begins = (request) => asked.add(request);
  const ends = (request) => asked.delete(request);
  let still = 0;
  page.on("request", begins).on("requestfinished", ends).on("requestfailed", ends);
  while (still < 5) {
    const before = asked.size;
    await page.waitForTimeout(100);
    still = before + asked.size > 0 ? 0 : still + 1;
  }
  page.off("request", begins).off("requestfinished", ends).off("requestfailed", ends);
  await mapIdle(page);
};

const wheel = async (page) => {
  const { x, y, width, height } = await page.locator("#map").boundingBox();
  await page.mouse.move(x + 0.6 * width, y + 0.4 * height);
  await page.mouse.wheel(0, -400);
  await page.waitForTimeout(900);
};

/** Steps of an analyst, each of which the address must hold with all before it. */
const STEPS = {
  "a place found, the wheel and the buttons": async (page) => {
    await page.locator("#find").fill("ro");
    await page.keyboard.press("Enter");
    await page.locator(".found a").first().click();
    await page.waitForURL(/at=/);
    await wheel(page);
    await page.locator('#buttons [data-do="east"]').click();
  },
  "a mark, no names, cells and the order of the table": async (page) => {
    await page.locator('[data-key="names"]').uncheck();
    await page.locator("tr[data-ward] a").nth(2).click();
    await page.locator('[data-key="show-cells"]').check();
    await page.locator('[data-key="sort-count"]').click();
    await page.waitForURL(/sort=count/);
  },
  "two windows side by side": async (page) => {
    await page.locator('[data-key="show-heat"]').check();
    await page.locator('[data-key="against"]').selectOption({ index: 1 });
    await page.waitForURL(/against=/);
    await settled(page);
    await page.locator('[data-key="as"]').selectOption("swipe");
    await page.locator("#swipe-at:visible").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
  },
};

test("the address holds each step for a second tab", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/");
  for (const [step, take] of Object.entries(STEPS)) {
    await take(page);
    await settled(page);
    const second = await page.context().newPage();
    await second.goto(page.url());
    await mapReady(second);
    await settled(second);
    assert.deepEqual(await shown(second), await shown(page), step);
    assert.equal(second.url(), page.url(), step);
    await second.close();
  }
  assert.equal(await page.locator("#swipe-at").inputValue(), "52");
  assert.deepEqual(trouble, []);
  await close();
}, { seconds: 240 });

test("a link of the page keeps the mark, the place and what is shown", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/?show=heat&names=on");
  await wheel(page);
  await page.locator('[data-key="show-cells"]').check();
  await page.locator("tr[data-ward] a").nth(2).click();
  await settled(page);
  const { choices, at, picked } = await shown(page);

  await page.locator('[data-key="sort-count"]').click();
  await page.waitForURL(/sort=count/);
  await settled(page);

  const after = await shown(page);
  assert.deepEqual([after.choices, after.at, after.picked], [choices, at, picked]);
  assert.ok(after.files.some((path) => path === "/layers/cells.csv"), `files of what is shown: ${after.files}`);
  await close();
});

test("Back and Forward show each page where its map stood", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/");
  const pages = [];
  const next = async (step) => {
    await step();
    await settled(page);
    pages.push([page.url(), await shown(page)]);
  };
  await next(() => {});
  await next(async () => {
    await page.locator('input[name="type"]:not(:checked)').nth(1).check();
    await page.waitForURL(/type=/);
  });
  await next(async () => {
    await page.locator('[data-key="sort-name"]').click();
    await page.waitForURL(/sort=name/);
    await wheel(page);
  });
  await next(async () => {
    await page.locator('[data-key="sort-count"]').click();
    await page.waitForURL(/sort=count/);
    await page.locator('#buttons [data-do="in"]').click();
  });
  const seen = async (step) => {
    await step();
    await settled(page);
    return [page.url(), await shown(page)];
  };
  for (const wanted of pages.slice(0, -1).reverse()) assert.deepEqual(await seen(() => page.goBack()), wanted);
  for (const wanted of pages.slice(1)) assert.deepEqual(await seen(() => page.goForward()), wanted);
  await close();
});

/** Holds back the pages of an address until what it gives is called. */
const holdBack = async (page, address) => {
  let letGo;
  const held = new Promise((done) => (letGo = done));
  await page.route(address, async (route) => {
    await held;
    await route.continue();
  });
  return letGo;
};

test("what is chosen while other figures are under way is kept", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/");
  await page.locator("summary", { hasText: "Method and options" }).click();
  const letGo = await holdBack(page, (url) => url.pathname === "/" && url.searchParams.get("cell") === "500" && !url.searchParams.has("show"));
  await page.getByLabel("Cell size").selectOption("500");
  await page.getByLabel("Hexagons", { exact: true }).check();
  await page.locator('[data-key="names"]').uncheck();
  await page.locator("tr[data-ward] a").nth(1).click();
  const marked = await page.locator("#pick h2").innerText();
  await wheel(page);
  const { at } = await shown(page);
  letGo();
  await page.waitForURL(/cell=500/);
  await page.waitForFunction(() => window.wardheat.map.querySourceFeatures("units").length > 0, null, { timeout: 60_000 });
  await settled(page);

  const after = await shown(page);
  assert.deepEqual(after.choices.slice(5, 8), ["hexagons", "on", null]);
  assert.equal(after.choices.at(-1), "500");
  assert.deepEqual(after.at, at);
  assert.equal(await page.locator("#pick h2").innerText(), marked);
  assert.ok(await page.locator('.legend [data-of~="hexagons"]').first().isVisible());
  assert.match(page.url(), /show=hexagons/);
  assert.match(page.url(), /ward=/);
  assert.ok(after.files.some((path) => path === "/layers/hexagons.csv"), `files of what is shown: ${after.files}`);
  assert.deepEqual(trouble, []);
  await close();
});

test("what is chosen while the reader goes back is kept", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/?show=heat&hotspots=on&names=on");
  await page.locator('input[name="type"]:not(:checked)').nth(1).check();
  await page.waitForURL(/type=/);
  await settled(page);
  const letGo = await holdBack(page, (url) => url.pathname === "/" && url.search === "?show=heat&hotspots=on&names=on");
  await page.evaluate(() => history.back());
  await page.waitForURL((url) => !url.search.includes("type="));
  await page.locator('[data-key="show-cells"]').check();
  letGo();
  await page.waitForFunction(() => document.querySelector("h1").innerText.startsWith("All crime and anti-social"));
  await settled(page);

  assert.ok(await page.locator('[data-key="show-cells"]').isChecked());
  assert.match(page.url(), /show=cells/);
  assert.ok(await page.locator('.legend [data-of~="cells"]').first().isVisible());
  await close();
});

test("a map in motion writes its place once", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/");
  const writes = await page.evaluate(async () => {
    const write = history.replaceState.bind(history);
    let writes = 0;
    history.replaceState = (...state) => {
      writes += 1;
      write(...state);
    };
    for (let i = 0; i < 40; i++) window.wardheat.map.panBy([5, 0], { duration: 0 });
    await new Promise((next) => setTimeout(next, 600));
    return writes;
  });
  assert.equal(writes, 1);
  assert.match(page.url(), /at=/);
  await close();
});

test("a map of the whole area keeps to it in a window of another size", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/");
  const inView = () => page.evaluate(() => {
    const { map } = window.wardheat;
    const seen = map.getBounds();
    const corners = map.querySourceFeatures("wards").flatMap(({ geometry }) => geometry.coordinates.flat(Infinity));
    const lon = corners.filter((_, i) => i % 2 === 0);
    const share = (Math.max(...lon) - Math.min(...lon)) / (seen.getEast() - seen.getWest());
    return { share, inside: Math.min(...lon) > seen.getWest() && Math.max(...lon) < seen.getEast() };
  });
  for (const [width, height] of [[390, 844], [1440, 900], [844, 390]]) {
    await page.setViewportSize({ width, height });
    await settled(page);
    const { share, inside } = await inView();
    assert.ok(inside && share > 0.3, `${width}x${height}: ${share}`);
    assert.ok(!page.url().includes("at="), page.url());
  }
  await page.locator('#buttons [data-do="in"]').click();
  await settled(page);
  const { at } = await shown(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await settled(page);
  assert.deepEqual((await shown(page)).at, at);
  await close();
});
