// Everyone can use the pages: axe, small screens, dark, forced colours, print.

import assert from "node:assert/strict";
import { axe, openPage, screenshot, test } from "./support.mjs";

async function paths(base) {
  const layer = await (await fetch(`${base}/layers/wards.geojson`)).json();
  const { code } = layer.features[0].properties;
  const { label_lon, label_lat } = layer.features[0].properties;
  const map = [
    "/", `/?show=rate&hotspots=on&names=on&ward=${code}`, "/?show=cells&hotspots=on&clusters=on&venues=on", "/?find=mill",
    `/?area=circle:${label_lon},${label_lat},900`, "/?area=ward:E00000000", "/?day=fri,sat&hour=18-24&cell=500&show=hexagons&weights=rook",
    "/?show=h3&hotspots=on", "/?show=emerging&share=0.75&lags=2&clusters=on&over-time=true", "/?against=year-earlier&as=swipe",
  ];
  const pages = ["/wards", "/data", "/accessibility", "/statistics", "/statistics/gi-star?type=burglary&run=yes", "/statistics/kde", "/layers/wards?by=count", `/wards/${code}`, `/wards/${code}?day=fri,sat&hour=18-24`, "/?type=nonsense"];
  return Object.fromEntries([...map.map((path) => [path, "map"]), ...pages.map((path) => [path, "page"])]);
}

for (const [look, colours] of Object.entries({
  light: { colorScheme: "light" }, dark: { colorScheme: "dark" }, "forced colours": { forcedColors: "active" },
})) {
  test(`axe finds nothing on any page (${look})`, async ({ base, browser }) => {
    const found = [];
    for (const [path, ready] of Object.entries(await paths(base))) {
      const { page, close } = await openPage(browser, base, path, { ready, ...colours });
      // What is folded away is looked at too.
      await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
      found.push(...(await axe(page)).map((line) => `${path}: ${line}`));
      await close();
    }
    assert.deepEqual(found, []);
  }, { seconds: 400 });
}

test("axe does find a page whose language and labels are gone", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/");
  await page.evaluate(() => {
    document.documentElement.removeAttribute("lang");
    for (const span of document.querySelectorAll(".fld span")) span.remove();
  });

  const found = (await axe(page)).join("\n");
  assert.match(found, /html-has-lang/);
  assert.match(found, /select-name/);
  await close();
});

for (const width of [320, 390]) {
  test(`a screen ${width} wide shows everything without sideways scrolling`, async ({ base, browser }) => {
    for (const [path, ready] of Object.entries(await paths(base))) {
      const { page, trouble, close } = await openPage(browser, base, path, {
        ready, viewport: { width, height: 844 }, hasTouch: true,
      });
      const over = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(over <= width, `${path} is ${over} wide`);
      // A page for a bad address is a reply of status 400, which the browser notes.
      const noted = path.includes("nonsense") ? / 400 / : /(?!)/;
      assert.deepEqual(trouble.filter((line) => !noted.test(line)), [], path);
      if (path === "/") {
        await screenshot(page, `map-${width}`);
        await screenshot(page, `map-${width}-whole`, { fullPage: true });
        const small = await page.evaluate(() =>
          [...document.querySelectorAll("button:not([hidden]), select, .tw a, .nav a")]
            .map((one) => ({ one, box: one.getBoundingClientRect() }))
            .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 23.5))
            .map(({ one, box }) => `${one.textContent?.trim()} ${box.width}x${box.height}`));
        assert.deepEqual(small, [], "targets of 24 px");
      }
      if (path === "/wards") await screenshot(page, `wards-${width}`);
      await close();
    }
  }, { seconds: 400 });
}

test("the dark scheme draws dark tiles and a dark map", async ({ base, browser }) => {
  const { page, requests, trouble, close } = await openPage(browser, base, "/", { colorScheme: "dark" });

  const tiles = requests.filter((address) => address.includes("/tiles/heat/"));
  assert.ok(tiles.length > 0 && tiles.every((address) => address.includes("scheme=dark")));
  const land = await page.evaluate(() => window.wardheat.map.getPaintProperty("land", "fill-color"));
  assert.equal(land, "#171e21");
  await screenshot(page, "map-dark");
  await page.emulateMedia({ colorScheme: "light" });
  await page.waitForFunction(() => window.wardheat.map.getPaintProperty("land", "fill-color") === "#fbfaf7");
  assert.deepEqual(trouble, []);
  await close();
});

test("forced colours keep borders, marks and swatches", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/", { forcedColors: "active" });

  const border = await page.locator(".legend").evaluate((one) => getComputedStyle(one).borderTopStyle);
  assert.equal(border, "solid");
  const fills = await page.locator(".legend [class^='hc-']").evaluateAll((all) => all.map((one) => getComputedStyle(one).fill));
  assert.equal(new Set(fills).size, fills.length, "each class keeps its colour");
  await page.locator("tr[data-ward] a").first().click();
  const outline = await page.locator('tr[aria-current="true"]').evaluate((one) => getComputedStyle(one).outlineStyle);
  assert.equal(outline, "solid");
  await screenshot(page, "map-forced-colours");
  assert.deepEqual(trouble, []);
  await close();
});

test("on paper stand the picture and the tables, not the buttons", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/");
  await page.emulateMedia({ media: "print" });

  assert.equal(await page.locator(".map__picture").evaluate((one) => getComputedStyle(one).visibility), "visible");
  for (const gone of ["#controls", "#buttons", ".nav"]) assert.ok(await page.locator(gone).isHidden(), gone);
  assert.ok(await page.locator("table.wt").isVisible());
  assert.ok((await page.pdf({ format: "A4" })).length > 10_000);
  await close();
});
