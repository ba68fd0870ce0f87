// The analyst's tasks on the map: other layers, a window by the brush, two windows, a place by name,
// the same figures in map, table and file, an address that holds it all.

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { axe, mapIdle, openPage, screenshot, test } from "./support.mjs";

const MORE = { lsoas: "LSOA rate", cells: "Squares", hexagons: "Hexagons", h3: "H3 cells", emerging: "Emerging", moran: "Local Moran" };
const number = (text) => Number(text.replaceAll(",", ""));

async function query(page) {
  return page.evaluate(() => {
    const form = new FormData(document.querySelector("#controls"));
    return new URLSearchParams(["type", "from", "to"].map((name) => [name, form.get(name)])).toString();
  });
}

test("every layer is drawn with the figures of its file, and its classes carry signs", async ({ base, browser, site }) => {
  const { page, trouble, close } = await openPage(browser, base, "/");
  const asked = await query(page);
  for (const [id, label] of Object.entries(MORE)) {
    const radio = page.locator(`input[name="show"][value="${id}"]`);
    if ((await radio.count()) === 0) continue;
    await page.getByLabel(label, { exact: true }).check();
    await page.waitForFunction(() => window.wardheat.map.querySourceFeatures("units").length > 0, null, { timeout: 90_000 });
    await mapIdle(page);
    const layer = await (await fetch(`${base}/layers/${id}.geojson?${asked}`)).json();
    const byId = new Map(layer.features.map((one) => [one.properties.id, one.properties]));
    const drawn = await page.evaluate(() => window.wardheat.map.querySourceFeatures("units").map((one) => one.properties));
    for (const one of drawn.slice(0, 200)) {
      const file = byId.get(one.id);
      assert.equal(one.class ?? null, file.class ?? null, `${id} ${one.id}`);
      if (file.count !== undefined) assert.equal(one.count, file.count, `${id} ${one.id}`);
    }
    assert.ok(page.url().includes(`show=${id}`), page.url());
    if (id !== "lsoas") {
      const signs = await page.locator(`.legend [data-of~="${id}"] li b`).allInnerTexts();
      assert.equal(new Set(signs).size, signs.length, "each class has a sign of its own");
      const colours = await page.locator(`.legend [data-of~="${id}"] rect`).evaluateAll((all) => all.map((one) => getComputedStyle(one).fill));
      assert.equal(new Set(colours).size, colours.length, "and a colour of its own");
    }
    await screenshot(page, `${site}-map-${id}`);
  }
  assert.deepEqual(trouble, []);
  await close();
}, { sites: "all", seconds: 240 });

test("scan clusters and halls are drawn over any layer", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/");
  const asked = await query(page);
  for (const [source, label] of [["clusters", "Scan clusters"], ["venues", "Halls"]]) {
    await page.getByLabel(label).check();
    const layer = await (await fetch(`${base}/layers/${source}.geojson?${asked}`)).json();
    if (layer.features.length === 0) continue;
    await page.waitForFunction((source) => window.wardheat.map.querySourceFeatures(source).length > 0, source, { timeout: 90_000 });
  }
  await mapIdle(page);
  assert.ok(page.url().includes("venues=on"));
  await screenshot(page, "map-clusters-halls");
  assert.deepEqual(trouble, []);
  await close();
});

test("dragging over the months chooses a window, as From and To do", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/");
  const slots = page.locator(".months:visible [data-month]");
  const n = await slots.count();
  const [from, to] = [await slots.nth(n - 6).getAttribute("data-month"), await slots.nth(n - 4).getAttribute("data-month")];
  const [a, b] = [await slots.nth(n - 6).boundingBox(), await slots.nth(n - 4).boundingBox()];
  await page.mouse.move(a.x + a.width / 2, a.y + a.height / 2);
  await page.mouse.down();
  await page.mouse.move(b.x + b.width / 2, b.y + b.height / 2, { steps: 4 });
  await page.mouse.up();
  await page.waitForURL(new RegExp(`from=${from}&to=${to}`));
  assert.equal(await page.locator('select[name="from"]').inputValue(), from);
  assert.equal(await page.locator('select[name="to"]').inputValue(), to);
  assert.deepEqual(trouble, []);
  await close();
});

test("a finger over the months chooses a window too, and one that is called off leaves no mark", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/", { ready: "page", viewport: { width: 390, height: 844 }, hasTouch: true });
  await page.waitForSelector(".controls--live");
  const slots = page.locator(".months:visible [data-month]");
  await slots.first().scrollIntoViewIfNeeded();
  const n = await slots.count();
  const touch = await page.context().newCDPSession(page);
  const send = (type, ...touchPoints) => touch.send("Input.dispatchTouchEvent", { type, touchPoints });
  const middle = async (i) => {
    const { x, y, width, height } = await slots.nth(i).boundingBox();
    return { x: x + width / 2, y: y + height / 2 };
  };
  const [from, to] = [await middle(n - 8), await middle(n - 3)];
  const drag = async () => {
    await send("touchStart", from);
    for (const part of [0.2, 0.4, 0.6, 0.8, 1]) await send("touchMove", { x: from.x + part * (to.x - from.x), y: from.y });
  };
  await drag();
  await page.waitForFunction(() => document.querySelectorAll(".c-slot--on").length > 2);
  await send("touchCancel");
  await page.waitForFunction(() => document.querySelectorAll(".c-slot--on").length === 0);
  const months = [await slots.nth(n - 8).getAttribute("data-month"), await slots.nth(n - 3).getAttribute("data-month")];
  await drag();
  await send("touchEnd");
  await page.waitForURL(new RegExp(`from=${months[0]}&to=${months[1]}`));
  await close();
});

test("two windows are compared as a difference and side by side, by keyboard too", async ({ base, browser }) => {
  const { page, trouble, requests, close } = await openPage(browser, base, "/");
  const against = page.locator('select[name="against"]');
  const other = await against.locator("option").nth(1).getAttribute("value");
  await against.selectOption(other);
  await page.waitForURL(/against=/);
  await page.waitForFunction(() => document.querySelectorAll('.legend [data-of="heat"] .dc-1').length > 0);
  await mapIdle(page);
  assert.ok(requests.some((one) => one.includes("/tiles/heat/") && one.includes("against=")), "tiles of the difference");
  await screenshot(page, "map-difference");

  await page.locator('select[name="as"]').selectOption("swipe");
  await page.waitForURL(/as=swipe/);
  await page.locator(".map__twin").waitFor({ state: "attached" });
  const cut = () => page.locator(".map__twin").evaluate((one) => one.style.clipPath);
  const before = await cut();
  await page.locator("#swipe-at").focus();
  await page.keyboard.press("ArrowRight");
  assert.notEqual(await cut(), before, "the arrow keys move the slider");
  // What can be pressed at the edge of the map is not under the slider.
  const slider = await page.locator("#swipe-at").boundingBox();
  for (const button of await page.locator("#buttons button").all()) {
    const box = await button.boundingBox();
    assert.ok(box.y >= slider.y + slider.height || box.y + box.height <= slider.y, `${await button.getAttribute("aria-label")} is free`);
  }
  await mapIdle(page);
  await page.waitForTimeout(500);
  await screenshot(page, "map-side-by-side");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.locator(".map__twin canvas").waitFor({ state: "attached" });
  assert.ok(await page.locator("#swipe").isVisible(), "dark colours keep the comparison");
  await page.emulateMedia({ colorScheme: "light" });
  await page.locator(".map__twin canvas").waitFor({ state: "attached" });
  await against.selectOption("");
  await page.locator(".map__twin").waitFor({ state: "detached" });
  assert.deepEqual(trouble, []);
  await close();
});

test("some hours are those of the heat, the tables, the layers and the ward's own page, and all say so", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/");
  await page.locator('select[name="day"]').selectOption("fri,sat");
  await page.waitForURL(/day=fri/);
  const tile = page.waitForRequest((one) => one.url().includes("/tiles/heat/") && one.url().includes("hour=18-24"));
  await page.locator('select[name="hour"]').selectOption("18-24");
  await page.waitForURL(/hour=18-24/);
  await tile;
  await mapIdle(page);
  assert.match(await page.locator("h1").innerText(), /Fri and Sat, 18:00 to 24:00/);
  const asked = (await query(page)) + "&day=fri,sat&hour=18-24";
  const { how_made: made } = await (await fetch(`${base}/layers?${asked}`)).json();
  assert.ok(made.n_incidents > 0);
  assert.match(made.window_label, /Fri and Sat, 18:00 to 24:00/);
  assert.ok((await page.locator("h1").innerText()).includes(made.n_incidents.toLocaleString("en-GB")), "the headline");
  const { features } = await (await fetch(`${base}/layers/wards.geojson?${asked}`)).json();
  const counts = Object.fromEntries(features.map(({ properties }) => [properties.code, properties.count]));
  const drawn = await page.evaluate(() => window.wardheat.map.querySourceFeatures("wards").map(({ properties }) => [properties.code, properties.count]));
  for (const [code, count] of drawn) assert.equal(count, counts[code], code);
  const [code] = Object.entries(counts).sort((a, b) => b[1] - a[1])[0];
  const link = page.locator(`tr[data-ward="${code}"] template`);
  const address = await link.evaluate((one) => one.content.querySelector('a[href^="/wards/"]').getAttribute("href"));
  assert.match(address, /day=fri,sat&hour=18-24/);
  const ward = await (await fetch(base + address, { headers: { accept: "text/html" } })).text();
  assert.match(ward, /Counted here: <b>Fri and Sat, 18:00 to 24:00<\/b> alone/);
  assert.ok(ward.includes(counts[code].toLocaleString("en-GB")), "the ward's page");
  await page.reload();
  assert.equal(await page.locator('select[name="hour"]').inputValue(), "18-24", "the address holds it");
  assert.deepEqual(trouble, []);
  await close();
});

test("a place is found by ward, street and postcode, and the map goes there", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/");
  const street = (await (await fetch(`${base}/streets.geojson`)).json()).features.find((one) => one.properties.name).properties.name;
  const before = await page.evaluate(() => window.wardheat.map.getZoom());
  await page.getByLabel("Find a ward, street or postcode").fill(street);
  await page.getByLabel("Find a ward, street or postcode").press("Enter");
  const link = page.locator(".found a").first();
  await link.waitFor();
  assert.ok((await link.innerText()).includes(street));
  await link.click();
  await mapIdle(page);
  assert.ok((await page.evaluate(() => window.wardheat.map.getZoom())) > before);
  assert.match(decodeURIComponent(page.url()), /at=-?[\d.]+,[\d.]+,[\d.]+/);
  const at = await page.evaluate(() => window.wardheat.map.getCenter().toArray());
  await page.reload();
  await page.waitForFunction(() => window.wardheat !== undefined);
  const again = await page.evaluate(() => window.wardheat.map.getCenter().toArray());
  assert.ok(Math.hypot(at[0] - again[0], at[1] - again[1]) < 1e-3, "the address brings the place back");
  assert.deepEqual(trouble, []);
  await close();
});

test("a cell clicked on the map shows the figures of its row", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/?show=cells&hotspots=on");
  await page.waitForFunction(() => window.wardheat.map.querySourceFeatures("units").length > 0);
  await mapIdle(page);
  const spot = await page.evaluate(() => {
    const { map } = window.wardheat;
    const box = map.getCanvas().getBoundingClientRect();
    for (let y = 100; y < box.height - 100; y += 12) {
      for (let x = 260; x < box.width - 260; x += 12) {
        const here = map.queryRenderedFeatures([x, y], { layers: ["badge", "unit"] });
        if (here.length === 1 && here[0].layer.id === "unit" && here[0].properties.count > 0) {
          return { at: [box.x + x, box.y + y], id: here[0].properties.id, count: here[0].properties.count };
        }
      }
    }
    return null;
  });
  assert.ok(spot, "a cell with records can be seen");
  await page.mouse.click(...spot.at);
  const card = page.locator("#pick");
  await card.waitFor({ state: "visible" });
  assert.ok((await card.innerText()).includes(spot.count.toLocaleString("en-GB")));
  assert.ok(page.url().includes(`unit=${encodeURIComponent(spot.id).replaceAll("%20", "+")}`), page.url());
  const table = await (await fetch(`${base}/layers/cells?find=${encodeURIComponent(spot.id)}`, { headers: { accept: "text/html" } })).text();
  assert.ok(table.includes(spot.id));
  assert.deepEqual(trouble, []);
  await close();
});

test("the table of a layer sorts, filters, copies and holds the figures of its file", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/layers/wards", { ready: "page", permissions: ["clipboard-read", "clipboard-write"] });
  const layer = await (await fetch(`${base}/layers/wards.geojson`)).json();
  assert.equal(await page.locator("#figures tbody tr").count(), layer.features.length);
  await page.getByRole("link", { name: "Count", exact: true }).click();
  await page.waitForURL(/by=count/);
  const heads = await page.locator("#figures thead th a").allInnerTexts();
  const at = heads.findIndex((text) => text.startsWith("Count"));
  const counts = (await page.locator(`#figures tbody tr > :nth-child(${at + 1})`).allInnerTexts()).map(number);
  assert.deepEqual(counts, layer.features.map((one) => one.properties.count).sort((a, b) => b - a));
  const name = layer.features[4].properties.name;
  await page.getByLabel("Only rows with").fill(name);
  await page.getByRole("button", { name: "Filter" }).click();
  await page.waitForURL(/find=/);
  assert.equal(await page.locator("#figures tbody tr").count(), 1);
  await page.getByRole("button", { name: "Copy the table" }).click();
  await page.waitForFunction(() => /copied/.test(document.querySelector("#status").textContent));
  assert.ok(await page.getByRole("button", { name: "Copy the table" }).isVisible(), "the button keeps its name");
  assert.ok((await page.evaluate(() => navigator.clipboard.readText())).includes(name));
  for (const link of await page.locator(".dl a").evaluateAll((all) => all.map((one) => one.href))) assert.equal((await fetch(link)).status, 200, link);
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(trouble, []);
  await close();
});

test("the map is taken away as a sheet with title, source and method", async ({ base }) => {
  const svg = await (await fetch(`${base}/map.svg?sheet=yes&width=1200`)).text();
  for (const said of ["Source:", "Heat:", "British National Grid", "wardheat", "records"]) assert.ok(svg.includes(said), said);
  const png = await fetch(`${base}/map.png?sheet=yes&width=2400`);
  assert.equal(png.headers.get("content-type"), "image/png");
});

test("a file of the map shows what the map shows", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/");
  const link = page.locator("a[data-map-file]", { hasText: "SVG" });
  await link.focus();
  assert.ok(!(await link.getAttribute("href")).includes("bbox="), "the whole area needs no edges");
  for (const _ of [1, 2]) await page.locator('#buttons [data-do="in"]').click();
  await mapIdle(page);
  await link.focus();
  const address = await link.getAttribute("href");
  const edges = new URL(address, base).searchParams.get("bbox").split(",").map(Number);
  const seen = await page.evaluate(() => window.wardheat.map.getBounds().toArray().flat());
  edges.forEach((edge, i) => assert.ok(Math.abs(edge - seen[i]) < 1e-4, `${edges} and ${seen}`));
  const svg = await (await fetch(new URL(address, base))).text();
  assert.ok(svg.includes("the map shows part of it"));
  await close();
});

test("pages are light: under 500 kB for the map, under 60 kB for every other", async ({ base, browser, note }) => {
  const { features } = await (await fetch(`${base}/layers/wards.geojson`)).json();
  const code = features[0].properties.code;
  const said = [];
  for (const [path, ready, most] of [["/", "map", 500], [`/wards/${code}`, "page", 60], ["/wards", "page", 60], ["/accessibility", "page", 60], ["/data", "page", 60]]) {
    const own = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await own.newPage();
    const asked = new Set();
    page.on("response", (reply) => {
      const { pathname } = new URL(reply.url());
      // Code, styles and the page itself; pictures and data are as large as the place.
      if (pathname === new URL(base + path).pathname || pathname.startsWith("/assets/")) asked.add(reply.url());
    });
    await page.goto(base + path);
    if (ready === "map") await page.waitForFunction(() => window.wardheat !== undefined, null, { timeout: 60_000 });
    // The bodies are asked for again: those of a page that goes on loading can be gone.
    const sizes = await Promise.all([...asked].map(async (url) => gzipSync(await (await own.request.get(url)).body()).length));
    const kB = sizes.reduce((sum, one) => sum + one, 0) / 1000;
    said.push(`${path} ${kB.toFixed(0)} kB`);
    assert.ok(kB < most, `${path} is ${kB.toFixed(0)} kB`);
    await own.close();
  }
  note(said.join(", "));
});

test("on a phone the slider, its line and its captions stay on the map", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/?against=year-earlier&as=swipe", { viewport: { width: 390, height: 844 } });
  const box = (selector) => page.locator(selector).boundingBox();
  for (const split of ["0", "50", "100"]) {
    await page.locator("#swipe-at").evaluate((slider, at) => {
      slider.value = at;
      slider.dispatchEvent(new Event("input"));
    }, split);
    const [map, slider, corner] = [await box("#map"), await box("#swipe"), await box("#corner")];
    assert.ok(slider.y + slider.height <= map.y + map.height + 1, "the line ends with the map");
    for (const side of [".swipe__l", ".swipe__r"]) {
      const caption = await box(side);
      assert.ok(caption.x >= map.x && caption.x + caption.width <= map.x + map.width, `${side} at ${split}`);
      assert.ok(caption.y + caption.height <= corner.y, `${side} at ${split} is not under the scale`);
    }
  }
  await close();
});
