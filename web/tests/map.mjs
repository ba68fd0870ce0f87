// The live map draws the data, agrees with the tables and does nothing it should not.

import assert from "node:assert/strict";
import { colours, mapIdle, openPage, screenshot, test } from "./support.mjs";

const rendered = (page, layer) =>
  page.evaluate((layer) => window.wardheat.map.queryRenderedFeatures({ layers: [layer] }).length, layer);

test("the map draws wards, hotspots and heat, and asks nobody else for anything", async ({ base, browser }) => {
  const { page, trouble, requests, close } = await openPage(browser, base, "/");

  const { wards, hotspots } = await page.evaluate(() => window.wardheat.counts);
  assert.ok(wards > 1, "some wards");
  assert.equal(await page.locator("tr[data-ward]").count(), wards);
  assert.equal(await page.locator("tr[data-hotspot]").count(), hotspots);
  assert.ok((await rendered(page, "land")) >= wards, "every ward is drawn");
  if (hotspots > 0) {
    assert.ok((await rendered(page, "hotspot")) > 0, "hotspots are drawn");
    assert.ok((await rendered(page, "badge")) > 0, "badges are drawn");
  }
  if (await page.locator("#map[data-streets]").count()) {
    assert.ok((await rendered(page, "street")) > 0, "streets are drawn");
  }
  assert.ok((await rendered(page, "label")) > 0, "wards are named");
  const status = await page.locator("#status").textContent();
  assert.match(status, new RegExp(`^Map ready\\. ${hotspots} hotspots?, ${wards} wards?\\.$`));
  assert.ok(requests.some((address) => address.includes("/tiles/heat/")), "heat tiles are asked for");
  const canvas = await page.locator("#map").screenshot();
  const n = await colours(browser, canvas);
  assert.ok(n > 100, `${n} colours on the map`);
  assert.deepEqual(trouble, []);
  await screenshot(page, "map-desktop");
  await close();
});

test("a window of 1440 by 900 holds the whole page", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/");

  const size = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]);
  assert.deepEqual(size, [1440, 900]);
  await close();
});

test("a ward clicked on the map shows the figures of the table and of the layer", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/");
  const code = await page.locator("tr[data-ward]").nth(2).getAttribute("data-ward");
  const row = page.locator(`tr[data-ward="${code}"]`);
  const query = await page.evaluate(() => {
    const form = new FormData(document.querySelector("#controls"));
    return new URLSearchParams(["type", "from", "to"].map((name) => [name, form.get(name)])).toString();
  });
  const layer = await (await fetch(`${base}/layers/wards.geojson?${query}`)).json();
  const ward = layer.features.map((feature) => feature.properties).find((ward) => ward.code === code);

  // Somewhere in the ward that no badge covers.
  const at = await page.evaluate(([code, lon, lat]) => {
    const { map } = window.wardheat;
    map.jumpTo({ center: [lon, lat], zoom: 13 });
    const middle = map.project([lon, lat]);
    const box = map.getCanvas().getBoundingClientRect();
    for (let radius = 0; radius < 200; radius += 10) {
      for (let turn = 0; turn < 6.3; turn += 0.5) {
        const spot = [middle.x + radius * Math.cos(turn), middle.y + radius * Math.sin(turn)];
        const here = map.queryRenderedFeatures(spot, { layers: ["land", "badge"] });
        if (here.length > 0 && here.every((f) => f.properties.code === code)) return [box.x + spot[0], box.y + spot[1]];
      }
    }
    return null;
  }, [code, ward.label_lon, ward.label_lat]);
  assert.ok(at, "the ward can be seen");
  await mapIdle(page);
  await page.mouse.click(...at);

  const card = page.locator("#pick");
  await card.waitFor({ state: "visible" });
  const words = await card.innerText();
  const cells = (await row.locator("td").allInnerTexts()).map((text) => text.trim());
  assert.equal(await card.locator("h2").innerText(), ward.name);
  assert.ok(words.includes(ward.count.toLocaleString("en-GB")), words);
  assert.ok(words.includes(ward.rate.toFixed(1)), words);
  assert.ok(cells.includes(ward.count.toLocaleString("en-GB")), `table ${cells}`);
  assert.ok(cells.includes(ward.rate.toFixed(1)), `table ${cells}`);
  assert.equal(await row.getAttribute("aria-current"), "true");
  assert.ok(page.url().includes(`ward=${code}`), page.url());
  const marked = await page.evaluate(() => JSON.stringify(window.wardheat.map.getFilter("ward-picked")));
  assert.ok(marked.includes(code), marked);

  await page.keyboard.press("Escape");
  await card.waitFor({ state: "hidden" });
  assert.equal(await row.getAttribute("aria-current"), null);
  assert.deepEqual(trouble, []);
  await close();
});

test("a row of the table marks the map, and the address brings the mark back", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/");
  const link = page.locator("tr[data-ward] a").nth(1);
  const name = (await link.innerText()).trim();

  await link.click();

  assert.equal(await page.locator("#pick h2").innerText(), name);
  const focused = await page.evaluate(() => document.activeElement?.textContent?.trim());
  assert.equal(focused, name, "focus stays on the row");
  const address = page.url();
  await page.reload();
  await page.waitForFunction(() => window.wardheat !== undefined);
  assert.equal(page.url(), address);
  assert.equal(await page.locator("#pick h2").innerText(), name);
  await close();
});

test("the map works by keyboard alone", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/");
  const where = () => page.evaluate(() => {
    const { map } = window.wardheat;
    return { lon: map.getCenter().lng, lat: map.getCenter().lat, zoom: map.getZoom() };
  });
  const canvas = page.locator("#map canvas");
  await canvas.focus();
  const press = async (key) => {
    await page.keyboard.press(key);
    await mapIdle(page);
    return where();
  };

  const start = await where();
  const east = await press("ArrowRight");
  assert.ok(east.lon > start.lon, "right arrow moves east");
  const north = await press("ArrowUp");
  assert.ok(north.lat > east.lat, "up arrow moves north");
  const close_ = await press("+");
  assert.ok(close_.zoom > north.zoom, "plus goes closer");
  const far = await press("-");
  assert.ok(far.zoom < close_.zoom, "minus goes further away");

  const n = await page.evaluate(() => window.wardheat.counts.hotspots);
  if (n > 0) {
    await press("n");
    assert.equal(await page.locator('tr[data-hotspot="1"]').getAttribute("aria-current"), "true");
    await press("p");
    assert.equal(await page.locator(`tr[data-hotspot="${n}"]`).getAttribute("aria-current"), "true");
    await page.keyboard.press("Enter");
    const key = await page.evaluate(() => document.activeElement?.getAttribute("data-key"));
    assert.equal(key, `hotspot-${n}`, "Enter goes to the row");
    await page.keyboard.press("Escape");
    assert.equal(await page.locator('tr[data-hotspot][aria-current="true"]').count(), 0);
    assert.ok(await canvas.evaluate((canvas) => canvas === document.activeElement), "Escape goes back to the map");
  }
  assert.deepEqual(trouble, []);
  await close();
});

test("every key has a button of its own", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/");
  const centre = () => page.evaluate(() => window.wardheat.map.getCenter().toArray());
  const zoom = () => page.evaluate(() => window.wardheat.map.getZoom());
  const whole = await zoom();
  for (const [name, moved] of [
    ["Closer", async (before) => (await zoom()) > before.zoom],
    ["Move north", async (before) => (await centre())[1] > before.centre[1]],
    ["Move south", async (before) => (await centre())[1] < before.centre[1]],
    ["Move west", async (before) => (await centre())[0] < before.centre[0]],
    ["Move east", async (before) => (await centre())[0] > before.centre[0]],
    ["Further away", async (before) => (await zoom()) < before.zoom],
  ]) {
    const before = { zoom: await zoom(), centre: await centre() };
    await page.getByRole("button", { name, exact: true }).click();
    await mapIdle(page);
    assert.ok(await moved(before), name);
  }
  if (await page.evaluate(() => window.wardheat.counts.hotspots)) {
    await page.getByRole("button", { name: "Next hotspot" }).click();
    await mapIdle(page);
    assert.equal(await page.locator('tr[data-hotspot="1"]').getAttribute("aria-current"), "true");
    assert.ok(await page.locator(".loc").isVisible(), "away from the whole area a locator shows");
  }
  await page.getByRole("button", { name: "Whole area" }).click();
  await mapIdle(page);
  assert.ok(Math.abs((await zoom()) - whole) < 0.01);
  assert.ok(await page.locator(".loc").isHidden());
  await close();
});

test("the legend has the edges of the server's legend, and so has the choropleth", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/?show=rate&hotspots=on&names=on");
  const query = await page.evaluate(() => {
    const form = new FormData(document.querySelector("#controls"));
    return new URLSearchParams(["type", "from", "to"].map((name) => [name, form.get(name)])).toString();
  });
  const legend = await (await fetch(`${base}/legend/wards.json?${query}`)).json();

  const shown = await page.locator('.legend [data-of~="rate"] li span:first-of-type').allInnerTexts();
  assert.deepEqual(shown.reverse(), legend.classes.map((one) => one.label));
  const fill = await page.evaluate(() => window.wardheat.map.getPaintProperty("rate", "fill-color"));
  const edges = fill.at(-1).filter((_, i) => i >= 3 && i % 2 === 1);
  assert.deepEqual(edges, legend.classes.map((one) => one.lower));
  const colours = fill.at(-1).filter((_, i) => i >= 4 && i % 2 === 0);
  assert.deepEqual(colours, legend.classes.map((one) => one.colour.light));
  assert.equal(await page.evaluate(() => window.wardheat.map.getLayoutProperty("heat", "visibility")), "none");
  await screenshot(page, "map-rate");
  await close();
});

test("an address that marks what is not there says so, and the map is right", async ({ base, browser }) => {
  for (const [query, words] of [
    ["ward=E0", /no ward E0 here: nothing is marked/],
    ["hotspot=99", /no hotspot 99 in these records and months: nothing is marked/],
    ["unit=nowhere", /no nowhere in what the map shows: nothing is marked/],
    ["unit=nowhere&show=cells", /no nowhere in what the map shows: nothing is marked/],
  ]) {
    const { page, trouble, close } = await openPage(browser, base, `/map?${query}`);

    await page.waitForFunction((words) => new RegExp(words).test(document.querySelector("#pick").innerText), words.source);
    assert.match(await page.locator("#status").textContent(), /Map ready/);
    await page.locator("#pick .pick__close").click();
    await page.locator("#pick").waitFor({ state: "hidden" });
    assert.ok(!page.url().includes("nowhere") && !page.url().includes("99"), page.url());
    assert.deepEqual(trouble, []);
    await close();
  }
});

test("the whole area is clear of the scale bar, and its names of the legend", async ({ base, browser }) => {
  for (const viewport of [{ width: 1440, height: 900 }, { width: 1280, height: 720 }, { width: 1024, height: 600 }]) {
    const { page, close } = await openPage(browser, base, "/", { viewport });
    const under = await page.evaluate(() => {
      const { map } = window.wardheat;
      const frame = map.getCanvas().getBoundingClientRect();
      const points = (geometry) => geometry.coordinates.flat(geometry.type === "MultiPolygon" ? 2 : 1);
      const covered = (selector, places) => {
        const { left, right, top, bottom } = document.querySelector(selector).getBoundingClientRect();
        return places.map((place) => map.project(place)).filter(({ x, y }) =>
          frame.left + x >= left && frame.left + x <= right && frame.top + y >= top && frame.top + y <= bottom).length;
      };
      const shown = (id) => map.querySourceFeatures(id).map(({ geometry }) => geometry);
      return [covered("#corner", shown("wards").flatMap(points)), covered(".legend", shown("labels").map((at) => at.coordinates))];
    });
    assert.deepEqual(under, [0, 0], JSON.stringify(viewport));
    await close();
  }
}, { sites: "all" });
