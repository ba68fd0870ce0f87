// The ward page: an answer in ten seconds on a phone, one sheet of paper, the same figures everywhere.

import assert from "node:assert/strict";
import { axe, openPage, pages, screenshot, test } from "./support.mjs";

/** Codes of three wards: the first, one in the middle and the last. */
async function three(base) {
  const { features } = await (await fetch(`${base}/layers/wards.geojson`)).json();
  const codes = features.map((feature) => feature.properties.code);
  return [codes[0], codes[Math.floor(codes.length / 2)], codes.at(-1)];
}

test("the first screen of a phone holds the ward's whole answer", async ({ base, browser, site }) => {
  for (const code of await three(base)) {
    const { page, trouble, close } = await openPage(browser, base, `/wards/${code}`, {
      ready: "page", viewport: { width: 390, height: 844 }, hasTouch: true,
    });
    const card = await page.locator("#answer").boundingBox();
    assert.ok(card.y + card.height <= 844, `${code} ends at ${card.y + card.height}`);
    assert.deepEqual(await page.locator("#answer dt").allInnerTexts(), ["What", "Where", "When", "Next"]);
    for (const answer of await page.locator("#answer dd").allInnerTexts()) assert.ok(answer.trim().length > 5, code);
    assert.ok(await page.locator(".wmap img").evaluate(async (picture) => {
      picture.loading = "eager";
      await picture.decode();
      return picture.naturalWidth > 100;
    }), "the map is drawn");
    assert.deepEqual(trouble, []);
    await screenshot(page, `${site}-ward-${code}-phone`);
    await close();
  }
}, { sites: "all" });

test("every ward says what, where, when and what next, of few records too", async ({ base }) => {
  const layer = await (await fetch(`${base}/layers/wards.geojson`)).json();
  for (const { properties: { code } } of layer.features) {
    const page = await (await fetch(`${base}/wards/${code}?day=sun&hour=3-5`, { headers: { accept: "text/html" } })).text();
    const answers = /<dl class="four">(.*?)<\/dl>/s.exec(page)?.[1] ?? "";
    const said = [...answers.matchAll(/<dd[^>]*>(.*?)<\/dd>/gs)].map(([, words]) => words.trim());
    assert.ok(said.length === 4 && said.every((words) => words.length > 5), `${code}: ${said.join(" | ")}`);
  }
});

test("a ward is one sheet of A4, in a wide face too", async ({ base, browser, site }) => {
  for (const code of await three(base)) {
    for (const face of ["", '"DejaVu Sans"']) {
      for (const query of ["", "?window=latest", "?day=fri,sat&hour=18-24"]) {
        const { page, close } = await openPage(browser, base, `/wards/${code}${query}`, { ready: "page", bypassCSP: true });
        if (face) await page.addStyleTag({ content: `:root { --font: ${face}; }` });
        const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true, printBackground: true });
        assert.equal(pages(pdf), 1, `${site} ${code}${query} in ${face || "the system's face"}`);
        await close();
      }
    }
  }
}, { sites: "all" });

test("on paper nothing of the ward's page is cut off or covered", async ({ base, browser, site }) => {
  const [code] = await three(base);
  const { page, close } = await openPage(browser, base, `/wards/${code}`, { ready: "page" });
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: 710, height: 1039 });
  const wide = await page.evaluate(() =>
    [...document.querySelectorAll(".ward .card")].filter((card) => {
      const own = card.getBoundingClientRect().right;
      return [...card.querySelectorAll("td, svg, img")].some((part) => part.getBoundingClientRect().right > own + 1);
    }).map((card) => card.className));
  assert.deepEqual(wide, []);
  await screenshot(page, `${site}-ward-print`, { fullPage: true });
  await close();
}, { sites: "all" });

test("the ward page, its files and the layer hold the same figures", async ({ base, browser }) => {
  const [, code] = await three(base);
  const { page, trouble, close } = await openPage(browser, base, `/wards/${code}`, { ready: "page" });
  const { tables } = await (await fetch(`${base}/wards/${code}/figures.json`)).json();
  const kinds = tables.find((table) => table.id === "kinds");
  const column = (id) => kinds.columns.findIndex((one) => one.id === id);
  const number = (text) => Number(text.replaceAll(",", ""));

  await page.locator(".figs summary").click();
  const rows = page.locator("tr[data-type]");
  assert.equal(await rows.count(), kinds.rows.length);
  for (const row of await rows.all()) {
    const type = await row.getAttribute("data-type");
    const figures = kinds.rows.find((one) => one[column("type")] === type);
    assert.equal(number(await row.locator("td").nth(0).innerText()), figures[column("count")], type);
    const [from, to] = [figures[column("from")], figures[column("to")]];
    const layer = await (await fetch(`${base}/layers/wards.geojson?type=${type}&from=${from}&to=${to}`)).json();
    // A kind may have no record at all in these months: then there is no layer of it.
    if (!layer.features) continue;
    const ward = layer.features.find((one) => one.properties.code === code).properties;
    assert.equal(ward.count, figures[column("count")], type);
    assert.equal(ward.rank, figures[column("rank")], type);
    assert.ok(Math.abs(ward.rate - figures[column("rate")]) < 1e-9, type);
    assert.equal(ward.earlier ?? null, figures[column("earlier")], type);
  }
  const shown = await page.locator("tr[data-type]").count();
  assert.ok(shown > 1);
  const csv = await (await fetch(`${base}/wards/${code}/kinds.csv`)).text();
  assert.equal(csv.trim().split("\n").length, kinds.rows.length + 1);
  assert.deepEqual(trouble, []);
  await close();
});

test("every file of a ward is there", async ({ base, browser }) => {
  const [code] = await three(base);
  const { page, close } = await openPage(browser, base, `/wards/${code}`, { ready: "page" });
  const links = await page.locator(".dl a").evaluateAll((all) => all.map((one) => one.href));
  assert.equal(links.length, 5);
  for (const link of links) assert.equal((await fetch(link)).status, 200, link);
  const xlsx = Buffer.from(await (await fetch(links.find((link) => link.includes("xlsx")))).arrayBuffer());
  assert.equal(xlsx.subarray(0, 2).toString(), "PK");
  await close();
});

test("without script a ward answers, its months change by link, its tables open", async ({ base, browser }) => {
  const [code] = await three(base);
  const { page, trouble, close } = await openPage(browser, base, `/wards/${code}`, { ready: "page", javaScriptEnabled: false });
  const headline = await page.locator("#headline").innerText();
  assert.ok(headline.length > 10);
  assert.ok(await page.locator('[data-do="print"]').isHidden(), "no button that does nothing");
  await page.getByRole("link", { name: "Latest year" }).click();
  await page.waitForURL(/from=/);
  await page.locator(".trend summary").click();
  assert.ok((await page.locator(".trend tbody tr").count()) >= 12);
  assert.deepEqual(trouble, []);
  await close();
});

test("the months and hours of a ward have tables of the same figures", async ({ base, browser }) => {
  const [, code] = await three(base);
  const { page, close } = await openPage(browser, base, `/wards/${code}`, { ready: "page" });
  const { tables } = await (await fetch(`${base}/wards/${code}/figures.json`)).json();
  const months = tables.find((table) => table.id === "months").rows;
  const counts = (await page.locator(".trend tbody tr td:nth-of-type(1)").allTextContents()).map((text) => text.trim());
  assert.deepEqual(counts, months.map((row) => (row[1] === null ? "not held" : row[1].toLocaleString("en-GB"))).reverse());
  const hours = tables.find((table) => table.id === "hours");
  if (hours) {
    const cells = (await page.locator(".when tbody tr").nth(18).locator("td").allTextContents()).slice(0, 7);
    assert.deepEqual(cells.map((text) => text.trim()), hours.rows[18].slice(1).map((n) => n.toFixed(1)));
  } else {
    assert.match(await page.locator(".when").innerText(), /months only/);
  }
  await close();
}, { sites: "all" });

test("wards are found by name, by street and by postcode district", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/wards", { ready: "page" });
  const all = await page.locator("tr[data-ward]").count();
  const name = await page.locator("tr[data-ward] th a").nth(3).innerText();

  await page.getByLabel("Find by ward, street or postcode district").fill(name);
  await page.getByRole("button", { name: "Find" }).click();
  await page.waitForURL(/find=/);
  const found = await page.locator("tr[data-ward] th a").allInnerTexts();
  assert.ok(found.includes(name) && found.length < all, `${found}`);

  await page.getByLabel("Find by ward, street or postcode district").fill("FM1");
  await page.getByRole("button", { name: "Find" }).click();
  await page.waitForURL(/find=FM1/);
  const inDistrict = await page.locator("tr[data-ward]").count();
  assert.ok(inDistrict > 0 && inDistrict < all, `${inDistrict} of ${all}`);
  await page.getByRole("link", { name: "Show all" }).click();
  assert.equal(await page.locator("tr[data-ward]").count(), all);
  assert.deepEqual(trouble, []);
  await close();
});

test("axe finds nothing on a ward's page with everything open", async ({ base, browser }) => {
  const [code] = await three(base);
  for (const colorScheme of ["light", "dark"]) {
    const { page, close } = await openPage(browser, base, `/wards/${code}?window=latest`, { ready: "page", colorScheme });
    await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
    assert.deepEqual(await axe(page), []);
    await close();
  }
});

test("the table of kinds stays within its card in every window", async ({ base, browser }) => {
  const code = (await (await fetch(`${base}/layers/wards.geojson`)).json()).features[0].properties.code;
  for (const width of [1440, 1240, 1100, 900]) {
    const { page, close } = await openPage(browser, base, `/wards/${code}`, { ready: "page", viewport: { width, height: 800 } });
    const [table, card] = await page.evaluate(() =>
      [".kinds", ".figs"].map((one) => document.querySelector(one).getBoundingClientRect().right));
    assert.ok(table <= card, `${width}: the table ends at ${table}, its card at ${card}`);
    await close();
  }
});
