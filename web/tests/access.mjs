// Everyone can use the pages: axe, small screens, dark, forced colours, print.

import assert from "node:assert/strict";
import { LOOKS, axe, mapIdle, openPage, screenshot, test } from "./support.mjs";

async function paths(base) {
  const layer = await (await fetch(`${base}/layers/wards.geojson`)).json();
  const { code } = layer.features[0].properties;
  const { label_lon, label_lat } = layer.features[0].properties;
  const map = [
    "/", `/?show=rate&hotspots=on&names=on&ward=${code}`, "/?show=cells&hotspots=on&clusters=on&venues=on", "/?find=mill",
    `/?area=circle:${label_lon},${label_lat},900`, "/?area=ward:E00000000", "/?day=fri,sat&hour=18-24&cell=500&show=hexagons&weights=rook",
    "/?show=h3&hotspots=on", "/?show=emerging&share=0.75&lags=2&clusters=on&over-time=true&hotspots=on", "/?against=year-earlier&as=swipe",
    "/?day=fri,sat&hour=18-24&against=year-earlier", `/?area=ward:${code}`,
  ];
  const pages = ["/wards", "/data", "/accessibility", "/statistics", "/statistics/gi-star?type=burglary&run=yes", "/statistics/kde", "/layers/wards", "/layers/wards?by=count", `/wards/${code}`, `/wards/${code}?day=fri,sat&hour=18-24`, "/?type=nonsense"];
  return { map, page: pages };
}

async function smallTargets(page, size) {
  await mapIdle(page);
  await screenshot(page, `map-${size}`);
  await screenshot(page, `map-${size}-whole`, { fullPage: true });
  const small = await page.evaluate(() =>
    [...document.querySelectorAll("button:not([hidden]), select, .tw a, .nav a")]
      .map((one) => ({ one, box: one.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 23.5))
      .map(({ one, box }) => `${one.textContent?.trim()} ${box.width}x${box.height}`));
  assert.deepEqual(small, [], "targets of 24 px");
}

for (const [kind, ready] of [["the map in any state", "map"], ["any other page", "page"]]) {
  test(`axe finds nothing on ${kind}, in light, dark and forced colours`, async ({ base, browser }) => {
    const found = [];
    for (const path of (await paths(base))[ready]) {
      const { page, close } = await openPage(browser, base, path, { ready });
      // What is folded away is looked at too.
      await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
      for (const [look, colours] of Object.entries(LOOKS)) {
        await page.emulateMedia(colours);
        found.push(...(await axe(page)).map((line) => `${path} (${look}): ${line}`));
      }
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

for (const [kind, ready] of [["the map in any state", "map"], ["any other page", "page"]]) {
  test(`a screen 320 or 390 wide, and one at 400%, shows ${kind} without sideways scrolling`, async ({ base, browser }) => {
    for (const path of (await paths(base))[ready]) {
      const { page, trouble, close } = await openPage(browser, base, path, {
        ready, viewport: { width: 320, height: 844 }, hasTouch: true,
      });
      // 1280 by 1024 pixels at 400% are 320 by 256 of the page's own.
      for (const [width, height] of [[320, 844], [320, 256], [390, 844]]) {
        await page.setViewportSize({ width, height });
        const over = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(over <= width, `${path} is ${over} wide at ${width} by ${height}`);
        if (path === "/") await smallTargets(page, `${width}x${height}`);
        if (path === "/wards") await screenshot(page, `wards-${width}x${height}`);
      }
      // A page for a bad address is a reply of status 400, which the browser notes.
      const noted = path.includes("nonsense") ? / 400 / : /(?!)/;
      assert.deepEqual(trouble.filter((line) => !noted.test(line)), [], path);
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

/** What the keyboard is on: its key, its id, or its name. */
const focused = (page) => page.evaluate(() => {
  const one = document.activeElement;
  return one.dataset.key ?? (one.id || one.tagName);
});

test("what has the focus keeps it or hands it on when the page changes", async ({ base, browser }) => {
  const layer = await (await fetch(`${base}/layers/wards.geojson`)).json();
  const { label_lon, label_lat } = layer.features[0].properties;
  const { page, close } = await openPage(browser, base, `/?area=circle:${label_lon},${label_lat},900`);
  await page.locator('[data-key="area-off"]').focus();
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => !url.search.includes("area="));
  await page.locator("#area").waitFor({ state: "hidden" });
  assert.equal(await focused(page), "draw-outline", "an area taken away leaves the button that draws one");

  if (await page.locator("#clock").count()) {
    await page.locator("#clock").focus();
    for (const key of ["ArrowDown", "Enter"]) await page.keyboard.press(key);
    await page.locator('[data-key="all-hours"]').waitFor();
    assert.equal(await focused(page), "clock", "hours chosen by keys leave the clock");
    await page.locator("tr[data-ward] a").first().click();
    await page.locator("#clock").focus();
    await page.keyboard.press("Escape");
    await page.locator('[data-key="all-hours"]').waitFor({ state: "detached" });
    assert.equal(await focused(page), "clock");
    assert.ok(await page.locator("#pick").isVisible(), "Escape on the clock is the clock's alone");
    await page.keyboard.press("Enter");
    await page.locator('[data-key="all-hours"]').focus();
    await page.keyboard.press("Enter");
    await page.locator('[data-key="all-hours"]').waitFor({ state: "detached" });
    assert.equal(await focused(page), "clock", "all hours again leaves the clock");
  }
  await close();
});

test("nothing that has the focus is under what stays in place", async ({ base, browser }) => {
  for (const [path, width, links] of [["/", 1100, "tr[data-ward] a"], ["/wards", 390, ".tw a"], ["/layers/wards", 390, ".tw a"]]) {
    const { page, close } = await openPage(browser, base, path, { ready: "page", viewport: { width, height: 720 } });
    await page.locator(links).last().focus();
    const n = await page.locator(links).count();
    const hidden = [];
    for (let i = 0; i < n; i++) {
      const under = await page.evaluate(() => {
        const one = document.activeElement;
        const box = one.getBoundingClientRect();
        const spots = [0.05, 0.5, 0.95].map((x) => document.elementFromPoint(box.x + x * box.width, box.y + box.height / 2));
        return spots.every((spot) => spot && (one.contains(spot) || spot.contains(one))) ? null : one.textContent;
      });
      if (under !== null) hidden.push(under);
      await page.keyboard.press("Shift+Tab");
    }
    assert.deepEqual(hidden, [], path);
    await close();
  }
});

test("every page has a title of its own", async ({ base }) => {
  const layer = await (await fetch(`${base}/layers/wards.geojson`)).json();
  const { code, name } = layer.features[0].properties;
  const titles = await Promise.all(["/", "/wards", `/wards?find=${encodeURIComponent(name)}`, `/wards/${code}`, "/meetings", "/meetings/chair",
    "/meetings/public", "/data", "/statistics", "/statistics/rate", "/layers/wards", "/accessibility", "/login", "/?type=nothing"].map(async (path) =>
    /<title>([^<]*)/.exec(await (await fetch(base + path, { headers: { accept: "text/html" } })).text())[1]));
  assert.deepEqual(titles.filter((title, i) => titles.indexOf(title) !== i), []);
});

test("documents of the service read on a small screen as pages", async ({ base, browser }) => {
  for (const path of ["/api?f=html", "/collections?f=html", "/conformance?f=html"]) {
    const { page, close } = await openPage(browser, base, path, { ready: "page", viewport: { width: 320, height: 844 } });
    const over = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(over <= 320, `${path} is ${over} wide`);
    assert.deepEqual(await axe(page), [], path);
    await close();
  }
});

test("the slider between two windows says how much of each is shown", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/?against=year-earlier&as=swipe");
  await page.locator("#swipe-at").focus();
  await page.keyboard.press("ArrowRight");
  assert.match(await page.locator("#swipe-at").getAttribute("aria-valuetext"), /^51% .*\d{4}, 49% .*\d{4}$/);
  await close();
});

test("a name of one long word pushes nothing out of sight on a phone", async ({ base, browser }) => {
  const code = (await (await fetch(`${base}/layers/wards.geojson`)).json()).features[0].properties.code;
  for (const path of ["/", `/wards/${code}`, "/wards", "/meetings"]) {
    const { page, close } = await openPage(browser, base, path, { ready: "page", viewport: { width: 360, height: 640 } });

    const size = await page.evaluate(() => {
      for (const name of document.querySelectorAll(".wt tbody a, .hot th .sub, h1, .v-card h3, .v-card .note, .ward .btn, .tw tbody th a")) {
        name.textContent = "Llanfairpwllgwyngyllgogerychwyrndrobwllllanty";
      }
      const figures = [...document.querySelectorAll(".hot .num b")].map((one) => one.getBoundingClientRect().right);
      return [document.documentElement.scrollWidth, Math.max(0, ...figures) <= innerWidth];
    });
    assert.deepEqual(size, [360, true], path);
    await close();
  }
});
