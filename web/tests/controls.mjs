// The controls change sentence, tables and map together, without a reload, and the back button works.

import assert from "node:assert/strict";
import { mapIdle, openPage, screenshot, test } from "./support.mjs";

const headline = (page) => page.locator("h1").innerText();

/** Does `change` and waits until sentence and map show it. */
async function changed(page, change) {
  const before = await headline(page);
  await change();
  await page.waitForFunction((before) => document.querySelector("h1").innerText !== before, before);
  // The status line says the new headline once the map has its figures too.
  await page.waitForFunction(() => {
    const said = document.querySelector("#status").textContent;
    return said.startsWith(document.querySelector("h1").textContent) && / wards?\.$/.test(said);
  });
  await mapIdle(page);
}

test("another kind of record changes sentence, tables and map, and back undoes it", async ({ base, browser }) => {
  const { page, trouble, requests, close } = await openPage(browser, base, "/");
  await page.evaluate(() => (window.stayed = true));
  const first = await headline(page);
  const table = () => page.locator("tr[data-ward] td").allInnerTexts();
  const firstTable = await table();
  const other = page.locator('input[name="type"]:not(:checked)').nth(1);
  const type = await other.getAttribute("value");

  await changed(page, () => other.click());

  assert.ok(page.url().includes(`type=${type}`), page.url());
  assert.notDeepEqual(await table(), firstTable);
  assert.ok(requests.some((address) => address.includes("/tiles/heat/") && address.includes(`type=${type}&`)), "new tiles");
  const drawn = await page.evaluate(() => window.wardheat.map.querySourceFeatures("wards").map((ward) => ward.properties.count));
  const counts = (await page.locator("tr[data-ward] td:nth-of-type(2)").allInnerTexts()).map((text) => Number(text.replace(/,/g, "")));
  assert.ok(drawn.every((count) => counts.includes(count)), "the map holds the counts of the table");
  const focused = await page.evaluate(() => document.activeElement?.getAttribute("value"));
  assert.equal(focused, type, "focus stays on the choice");
  assert.equal(await page.evaluate(() => window.stayed), true, "no reload");

  await changed(page, () => page.goBack());
  assert.equal(await headline(page), first);
  assert.deepEqual(await table(), firstTable);
  assert.equal(await page.evaluate(() => window.stayed), true, "back needs no reload");
  assert.deepEqual(trouble, []);
  await close();
});

test("other months change the sentence, and a first month after the last moves the last", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/");
  const months = await page.locator('select[name="from"] option').evaluateAll((all) => all.map((one) => one.value));
  const [from, to] = ["from", "to"].map((name) => page.locator(`select[name="${name}"]`));

  await changed(page, () => from.selectOption(months.at(-1)));
  assert.equal(await to.inputValue(), months.at(-1));
  await changed(page, () => from.selectOption(months.at(-3)));
  assert.ok(page.url().includes(`from=${months.at(-3)}&to=${months.at(-1)}`), page.url());
  await changed(page, () => to.selectOption(months[0]));
  assert.equal(await from.inputValue(), months[0]);
  assert.deepEqual(trouble, []);
  await close();
});

test("heat, rate, hotspots and names switch at once and stay in the address", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/");
  const visible = (layer) => page.evaluate((layer) => window.wardheat.map.getLayoutProperty(layer, "visibility"), layer);

  await page.getByLabel("Ward rate").check();
  assert.equal(await visible("rate"), "visible");
  assert.equal(await visible("heat"), "none");
  assert.ok(await page.locator('.legend [data-of~="rate"]').isVisible());
  assert.ok(await page.locator('.legend [data-of="heat"]').isHidden());
  await page.getByLabel("Ward names").uncheck();
  assert.equal(await visible("label"), "none");
  await page.getByRole("checkbox", { name: "Hotspots" }).uncheck();
  assert.equal(await visible("hotspot"), "none");
  assert.ok(page.url().endsWith("show=rate"), page.url());

  await page.reload();
  await page.waitForFunction(() => window.wardheat !== undefined);
  assert.equal(await visible("rate"), "visible");
  assert.equal(await visible("label"), "none");
  assert.equal(await page.getByLabel("Ward names").isChecked(), false);
  assert.deepEqual(trouble, []);
  await close();
});

test("tables sort by link and say so", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/wards", { ready: "page" });
  const names = () => page.locator("tr[data-ward] th a").allInnerTexts();

  await page.getByRole("link", { name: "Ward", exact: true }).click();
  await page.waitForURL(/sort=name/);
  const sorted = await names();
  assert.deepEqual(sorted, [...sorted].sort((a, b) => (a < b ? -1 : 1)));
  assert.equal(await page.locator("th[aria-sort]").getAttribute("aria-sort"), "ascending");
  await page.getByRole("link", { name: "Count" }).click();
  await page.waitForURL(/sort=count/);
  const counts = (await page.locator("tr[data-ward] td:nth-of-type(1)").allInnerTexts()).map((text) => Number(text.replace(/,/g, "")));
  assert.deepEqual(counts, [...counts].sort((a, b) => b - a));
  await screenshot(page, "wards-desktop");
  assert.deepEqual(trouble, []);
  await close();
});

test("a ward has a page with its figures by kind of record", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/wards", { ready: "page" });
  const link = page.locator("tr[data-ward] th a").first();
  const name = await link.innerText();

  await link.click();
  await page.waitForURL(/\/wards\/[^?]+/);
  assert.equal(await page.locator("h1").innerText(), name);
  assert.ok((await page.locator("tr[data-type]").count()) > 1);
  await screenshot(page, "ward-desktop");
  assert.deepEqual(trouble, []);
  await close();
});

test("every file offered for download is there", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/", { ready: "page" });
  const links = await page.locator(".downloads a").evaluateAll((all) => all.map((one) => one.href));
  assert.ok(links.length >= 5);
  for (const link of links) {
    const reply = await fetch(link);
    assert.equal(reply.status, 200, link);
    assert.match(reply.headers.get("content-type"), /csv|geo\+json|geopackage|spreadsheetml|image\/(png|svg)|application\/pdf|text\/html/, link);
  }
  await close();
});

test("an address that cannot be read gets a page that says why", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/?type=nonsense&from=2025-99&to=2025-01", { ready: "page" });

  const words = await page.locator("main").innerText();
  assert.match(words, /This address cannot be read/);
  assert.match(words, /nonsense/);
  assert.match(words, /2025-99/);
  const reply = await fetch(`${base}/?type=nonsense`);
  assert.equal(reply.status, 400);
  assert.equal((await fetch(`${base}/wards/E99999999`)).status, 404);
  await close();
});
