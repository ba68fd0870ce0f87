// Any statistic from the page: found from the map, set and run by keyboard, its figures those of its files.

import assert from "node:assert/strict";
import { openPage, screenshot, test } from "./support.mjs";

test("a statistic is found from the map, set by keyboard and run; its table holds what its file holds", async ({ base, browser, site }) => {
  const { page, trouble, close } = await openPage(browser, base, "/?type=burglary");
  await page.locator('details[data-key="method"] summary').click();
  await page.getByRole("link", { name: /^All \d+ statistics/ }).click();
  await page.waitForURL(/statistics\?type=burglary/);
  await page.getByRole("link", { name: "Counts and rates" }).click();
  await page.waitForURL(/statistics\/rate\?type=burglary/);
  assert.equal(await page.locator('select[name="type"]').inputValue(), "burglary");

  const units = page.getByLabel("Counted in");
  await units.focus();
  await units.fill("ward");
  await page.keyboard.press("Enter");
  await page.waitForURL(/units=ward/);
  // The first button of a form is the one that Enter presses.
  assert.match(page.url(), /run=yes/);
  const rows = page.locator("section table tbody tr");
  assert.ok((await rows.count()) > 2);
  const heads = (await page.locator("section table thead th").allInnerTexts()).map((text) => text.split("\n")[0]);
  const file = await page.getByRole("link", { name: "csv", exact: true }).first().getAttribute("href");
  const [names, ...lines] = (await (await fetch(base + file)).text()).trim().split(/\r?\n/).map((line) => line.split(","));
  const count = names.indexOf("count");
  const shown = await rows.evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.innerText.trim())));
  const at = heads.findIndex((head) => /^(Count|Records|Incidents)/.test(head));
  assert.ok(count > 0 && at > 0, `${heads} / ${names}`);
  for (const row of shown) {
    const line = lines.find((line) => line[0] === row[0]);
    assert.equal(Number(row[at].replaceAll(",", "")), Number(line[count]), row[0]);
  }
  await screenshot(page, `statistic-${site}`, { fullPage: true });
  assert.deepEqual(trouble, []);
  await close();
}, { sites: "all" });

test("without JavaScript a statistic runs too, and says why where it cannot", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/statistics/local-moran?type=burglary", { ready: "page", javaScriptEnabled: false });
  await page.getByLabel("permutations", { exact: true }).fill("99");
  await page.getByRole("button", { name: "Run" }).click();
  await page.waitForURL(/option-permutations=99/);
  assert.match(await page.locator("#found").innerText(), /What was found/);
  assert.match(await page.locator("section details").first().textContent(), /permutations 99/);

  await page.getByLabel("permutations", { exact: true }).fill("many");
  await page.getByRole("button", { name: "Run" }).click();
  await page.waitForURL(/option-permutations=many/);
  assert.match(await page.locator("main").innerText(), /many.*is no whole number/);
  await close();
});
