// What the pages say on paper.

import assert from "node:assert/strict";
import { openPage, pages, test } from "./support.mjs";

/** Width of a sheet of A4 within its margins, in pixels. */
const SHEET = 710;

async function onPaper(browser, base, path, width = SHEET) {
  const { page, close } = await openPage(browser, base, path, { ready: "page", viewport: { width, height: 1039 } });
  await page.emulateMedia({ media: "print" });
  return { page, close };
}

test("paper: every page names its area, what was counted, and data that are invented", async ({ base, browser }) => {
  const records = /All crime and anti-social behaviour/;
  for (const [path, counted] of [
    ["/", records], ["/wards", records], ["/layers/wards", records], ["/data", /Data quality/],
    ["/meetings", /need counted in Jan 2025/], ["/meetings/chair", /need counted in Jan 2025/],
  ]) {
    const { page, close } = await onPaper(browser, base, path);
    const said = await page.evaluate(() => document.body.innerText);
    for (const words of [/Fennmouth/, counted, /invented|fictional data/i]) assert.match(said, words, path);
    await close();
  }
});

test("paper: first columns lie in their tables, rows whole", async ({ base, browser }) => {
  for (const path of ["/wards", "/layers/wards", "/data", "/statistics/rate?run=yes", "/meetings/chair"]) {
    const { page, close } = await onPaper(browser, base, path);
    const stuck = await page.locator("th").evaluateAll((heads) =>
      heads.filter((head) => getComputedStyle(head).position !== "static").map((head) => head.textContent));
    assert.deepEqual(stuck, [], path);
    await close();
  }
});

test("paper: no way to somewhere else is printed, and names are no smaller than what stands under them", async ({ base, browser }) => {
  for (const path of ["/", "/wards", "/layers/wards"]) {
    const { page, close } = await onPaper(browser, base, path);
    const said = await page.evaluate(() => document.body.innerText);
    assert.doesNotMatch(said, /\b(CSV|GeoJSON|XLSX|Accessibility|All hours|All figures)\b/, path);
    const small = await page.locator("tbody th:has(.sub)").evaluateAll((names) => names.filter((name) =>
      parseFloat(getComputedStyle(name).fontSize) <= parseFloat(getComputedStyle(name.querySelector(".sub")).fontSize)).length);
    assert.equal(small, 0, path);
    await close();
  }
});

test("paper: a table of many columns lies across the sheet, whole", async ({ base, browser }) => {
  for (const path of ["/layers/wards", "/statistics/rate?run=yes"]) {
    const { page, close } = await onPaper(browser, base, path, 1062);
    const sheet = await page.evaluate(() => getComputedStyle(document.body).getPropertyValue("page"));
    assert.equal(sheet, "wide", path);
    const right = await page.locator(".tw table").evaluateAll((tables) => tables.map((table) => table.getBoundingClientRect().right));
    assert.ok(right.every((at) => at <= 1063), `${path}: ${right}`);
    await close();
  }
});

test("paper: short rows of the data page stand side by side, under heads of their own", async ({ base, browser }) => {
  const { page, close } = await onPaper(browser, base, "/data");
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  const n = pages(pdf);
  assert.ok(n <= 9, `${n} sheets`);
  const hits = await page.locator(".q-hits table").evaluateAll((tables) => tables.map((table) => table.rows.length));
  assert.ok(hits.length > 4 && hits.every((rows) => rows > 6), String(hits));
  await close();
});

test("paper: two windows that a slider parts on the screen stand side by side, each with its months", async ({ base, browser }) => {
  const { page, close } = await onPaper(browser, base, "/?against=year-earlier&as=swipe");
  const other = page.locator(".map__other");
  await page.waitForFunction(() => document.querySelector(".map__other")?.naturalWidth > 100);
  const [left, right] = [await page.locator(".map__picture").boundingBox(), await other.boundingBox()];
  assert.ok(left.x + left.width <= right.x + 1 && Math.abs(left.height - right.height) < 1);
  assert.deepEqual(await page.locator(".map__of").allInnerTexts(), ["Jan to Dec 2025", "Jan to Dec 2024"]);
  assert.ok(await page.locator(".legend").evaluate((legend) =>
    legend.getBoundingClientRect().top >= document.querySelector(".map").getBoundingClientRect().bottom));
  await close();
});
