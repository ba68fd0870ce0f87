// An area of the reader's own: drawn by mouse, by touch and by keys, picked ward by ward, said in numbers;
// its figures are those of its file. Hours chosen on the clock. Settings of the method.

import assert from "node:assert/strict";
import { axe, mapIdle, openPage, screenshot, test } from "./support.mjs";

const number = (text) => Number(text.replaceAll(",", ""));

/** What the panel says it counts, once it is there. */
async function counted(page) {
  const head = page.locator("#area-head");
  await head.waitFor({ state: "visible", timeout: 30_000 });
  return number(/([\d,]+) recorded/.exec(await head.innerText())[1]);
}

/** The count of the file that the panel links to. */
async function inFile(page, base) {
  const address = await page.locator("#area a", { hasText: "JSON" }).getAttribute("href");
  return (await (await fetch(base + address)).json()).count;
}

/** Places on the map inside the busiest ward, in pixels of the page. */
async function spots(page) {
  return page.evaluate(() => {
    const { map } = window.wardheat;
    const box = map.getCanvas().getBoundingClientRect();
    const { x, y } = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    // The upper corners are as near to the middle as keeps them under the bar that draws, on a low map too.
    return { centre: [x, y], corners: [[x - 90, y - 45], [x + 90, y - 45], [x + 90, y + 70], [x - 90, y + 70]] };
  });
}

test("an outline drawn by mouse gives its counts, trend and clock, and the address brings it back", async ({ base, browser, site }) => {
  const { page, trouble, close } = await openPage(browser, base, "/");
  const { corners } = await spots(page);

  await page.getByRole("button", { name: "Outline" }).click();
  assert.match(await page.locator("#draw-say").innerText(), /corners/);
  for (const corner of corners) await page.mouse.click(...corner, { delay: 20 });
  assert.match(await page.locator("#draw-say").innerText(), /^4 corners/);
  await page.getByRole("button", { name: "Count", exact: true }).first().click();

  const count = await counted(page);
  assert.equal(count, await inFile(page, base), "panel and file agree");
  assert.ok(count > 0, "something is recorded in the middle of the area");
  assert.match(page.url(), /area=outline/);
  assert.ok(await page.locator("#area svg").count() >= 1, "the trend is drawn");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "area", "focus goes to the figures");
  assert.match(await page.locator("#status").textContent(), /recorded/);
  await mapIdle(page);
  assert.ok(await page.evaluate(() => window.wardheat.map.queryRenderedFeatures({ layers: ["area"] }).length) > 0, "the area stays on the map");
  assert.deepEqual(await axe(page), []);
  await screenshot(page, `${site}-area`);

  const address = page.url();
  await page.goto(address);
  assert.equal(await counted(page), count);
  await page.getByRole("link", { name: "Remove" }).click();
  await page.locator("#area").waitFor({ state: "hidden" });
  assert.ok(!page.url().includes("area="), page.url());
  assert.deepEqual(trouble, []);
  await close();
}, { sites: "all" });

test("a circle is drawn by keys alone, and so is an outline", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/");
  await page.getByRole("button", { name: "Circle" }).focus();
  await page.keyboard.press("Enter");
  assert.ok(await page.evaluate(() => document.activeElement?.tagName === "CANVAS"), "the map has the focus");
  await page.keyboard.press("Enter");
  const radius = page.getByLabel("Radius, m");
  await radius.fill("600");
  await page.locator('[data-do-draw="done"]').focus();
  await page.keyboard.press("Enter");
  const circle = await counted(page);
  assert.equal(circle, await inFile(page, base));
  assert.match(page.url(), /area=circle.*600/);

  await page.getByRole("button", { name: "Outline" }).focus();
  await page.keyboard.press("Enter");
  for (const key of ["Enter", "ArrowRight", "Enter", "ArrowDown", "Enter"]) {
    await page.keyboard.press(key);
    await mapIdle(page);
  }
  assert.match(await page.locator("#draw-say").innerText(), /^3 corners/);
  await page.keyboard.press("Backspace");
  assert.match(await page.locator("#draw-say").innerText(), /^2 corners/);
  await page.locator('[data-do-draw="done"]').click();
  assert.match(await page.locator("#draw-say").innerText(), /three corners or more/);
  await page.locator("#map canvas").focus();
  await page.keyboard.press("Enter");
  await page.locator('[data-do-draw="done"]').click();
  await page.waitForURL(/area=outline/);
  assert.equal(await counted(page), await inFile(page, base));
  await page.getByRole("button", { name: "Outline" }).click();
  await page.locator("#map canvas").focus();
  await page.keyboard.press("Escape");
  assert.ok(await page.locator("#draw").isHidden(), "Escape ends drawing");
  assert.deepEqual(trouble, []);
  await close();
});

test("by touch an area is drawn, and wards are picked whose counts are those of the table", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/", { hasTouch: true, viewport: { width: 1100, height: 800 } });
  const { corners } = await spots(page);
  await page.getByRole("button", { name: "Outline" }).tap();
  for (const corner of corners.slice(0, 3)) {
    await page.touchscreen.tap(...corner);
    await mapIdle(page);
  }
  await page.locator('[data-do-draw="done"]').tap();
  assert.equal(await counted(page), await inFile(page, base));

  await page.getByRole("button", { name: "Pick areas" }).tap();
  const { features } = await (await fetch(`${base}/layers/wards.geojson`)).json();
  const { label_lon, label_lat } = features[0].properties;
  await page.touchscreen.tap(...(await page.evaluate(([lon, lat]) => {
    const { map } = window.wardheat;
    const [box, at] = [map.getCanvas().getBoundingClientRect(), map.project([lon, lat])];
    return [box.x + at.x, box.y + at.y];
  }, [label_lon, label_lat])));
  await page.waitForFunction(() => /1 area picked/.test(document.querySelector("#draw-say").textContent));
  await page.locator('[data-do-draw="done"]').tap();
  await page.waitForURL(/area=ward/);
  const code = decodeURIComponent(/area=ward(?:%3A|:)([^&]+)/.exec(page.url())[1]);
  const row = page.locator(`tr[data-ward="${code}"] td`).nth(1);
  assert.equal(await counted(page), number(await row.innerText()), "the picked ward counts what its row counts");
  assert.deepEqual(trouble, []);
  await close();
});

for (const [show, kind] of [["cells", "cell"], ["hexagons", "hexagon"], ["h3", "h3"]]) {
test(`${show} of the map are picked, and counted`, async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, `/?show=${show}&hotspots=on`);
  await page.waitForFunction(() => window.wardheat.map.querySourceFeatures("units").length > 0);
  await mapIdle(page);
  const picked = await page.evaluate(() => {
    const { map } = window.wardheat;
    const box = map.getCanvas().getBoundingClientRect();
    const found = new Map();
    for (let y = 120; y < box.height - 120 && found.size < 3; y += 9) {
      for (let x = 300; x < box.width - 120 && found.size < 3; x += 9) {
        const [one] = map.queryRenderedFeatures([x, y], { layers: ["unit"] });
        const [right] = map.queryRenderedFeatures([x + 4, y + 4], { layers: ["unit"] });
        // Well inside, so that a rounded click hits the same.
        if ((one?.properties.count ?? one?.properties.z) > 0 && right?.properties.id === one.properties.id && !found.has(one.properties.id)) found.set(one.properties.id, { at: [box.x + x + 2, box.y + y + 2], count: one.properties.count });
      }
    }
    return [...found].map(([id, more]) => ({ id, ...more }));
  });
  assert.equal(picked.length, 3);
  await page.getByRole("button", { name: "Pick areas" }).click();
  for (const { at } of picked) await page.mouse.click(...at);
  await page.waitForFunction(() => /3 areas picked/.test(document.querySelector("#draw-say").textContent));
  await page.locator('[data-do-draw="done"]').click();
  await page.waitForURL(new RegExp(`area=${kind}`));
  assert.deepEqual(new URL(page.url()).searchParams.get("area").slice(kind.length + 1).split(","), picked.map(({ id }) => id).sort());
  // Hexagons and H3 cells have scores alone on the map: theirs is the count of the file.
  const all = kind === "cell" ? picked.reduce((sum, one) => sum + one.count, 0) : await inFile(page, base);
  assert.ok(all > 0);
  assert.equal(await counted(page), all);
  await page.reload();
  assert.equal(await counted(page), all, "the address brings it back");
  assert.deepEqual(trouble, []);
  await close();
});
}

test("an area is said in numbers, with and without script", async ({ base, browser }) => {
  const { features } = await (await fetch(`${base}/layers/wards.geojson`)).json();
  const { label_lon, label_lat } = features[0].properties;
  for (const javaScriptEnabled of [true, false]) {
    const { page, close } = await openPage(browser, base, "/", { javaScriptEnabled, ready: javaScriptEnabled ? "map" : "page" });
    await page.locator("summary", { hasText: "By numbers" }).click();
    await page.getByLabel(/^Middle/).fill(`${label_lon}, ${label_lat}`);
    await page.getByLabel("Radius in metres").fill("700");
    await page.getByRole("button", { name: "Count", exact: true }).last().click();
    assert.equal(await counted(page), await inFile(page, base), `script: ${javaScriptEnabled}`);
    await close();
  }
});

test("hours are chosen on the clock by dragging and by keys, and the lists follow", async ({ base, browser }) => {
  const { page, trouble, requests, close } = await openPage(browser, base, "/");
  const clock = page.locator("#clock");
  if ((await clock.count()) === 0) return close();
  const cell = async (day, hour) => {
    const box = await clock.locator("svg > rect").nth(day * 24 + hour).boundingBox();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  await clock.scrollIntoViewIfNeeded();
  await page.mouse.move(...(await cell(4, 18)));
  await page.mouse.down();
  await page.mouse.move(...(await cell(5, 22)), { steps: 4 });
  await page.mouse.up();
  await page.waitForURL(/hour=18-23/);
  assert.equal(await page.locator('select[name="day"]').inputValue(), "fri,sat");
  assert.equal(await page.locator('select[name="hour"]').inputValue(), "18-23");
  assert.match(await page.locator(".when .note").first().innerText(), /Fri and Sat, 18:00 to 23:00/);
  await page.waitForFunction(() => true);
  await mapIdle(page);
  assert.ok(requests.some((address) => /tiles\/heat.*hour=18-23/.test(address)), "the map is of those hours");
  assert.deepEqual(await axe(page), []);
  await screenshot(page, "clock-chosen");

  await clock.focus();
  for (const key of ["Escape"]) await page.keyboard.press(key);
  await page.waitForURL((url) => !url.search.includes("hour="));
  await page.locator("#clock").focus();
  for (const key of ["ArrowDown", "ArrowRight", "Shift+ArrowRight"]) await page.keyboard.press(key);
  assert.match(await page.locator("#status").textContent(), /records$/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/hour=/);
  assert.deepEqual(trouble, []);
  await close();
});

test("settings of the method say what they mean, change map and figures, and stay in the address", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/");
  await page.locator("summary", { hasText: "Method and options" }).click();
  const selects = page.locator('[data-part="options"] select');
  for (const select of await selects.all()) {
    const described = await select.getAttribute("aria-describedby");
    assert.ok((await page.locator(`#${described}`).innerText()).length > 20, described);
  }
  assert.deepEqual(await axe(page), []);
  const legend = await page.locator('.legend [data-of="heat"] li span').first().innerText();
  await page.getByLabel("Bandwidth of heat").selectOption("150");
  await page.waitForURL(/bandwidth=150/);
  await page.waitForFunction((before) => document.querySelector('.legend [data-of="heat"] li span').innerText !== before, legend);
  await page.getByLabel("Cell size").selectOption("500");
  await page.waitForURL(/cell=500/);
  await page.getByLabel("Hexagons", { exact: true }).check();
  await page.waitForFunction(() => window.wardheat.map.querySourceFeatures("units").length > 0, null, { timeout: 60_000 });
  await page.getByLabel("Neighbours").selectOption("nearest:6");
  await page.waitForURL(/weights=nearest/);
  const table = await page.locator('[data-key="as-table"]').getAttribute("href");
  assert.match(table, /hexagons.*cell=500.*weights=nearest:6/);
  assert.equal((await fetch(base + table)).status, 200);
  for (const form of ["PDF", "PNG", "SVG"]) {
    const address = await page.locator(".downloads a", { hasText: form }).first().getAttribute("href");
    assert.match(address, /show=hexagons/);
    assert.equal((await fetch(base + address)).status, 200, address);
  }
  assert.deepEqual(trouble, []);
  await close();
});
