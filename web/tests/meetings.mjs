// The page of meetings: live, by keyboard, without script, on small screens and on paper.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { axe, openPage, run, screenshot, serveCopy, test } from "./support.mjs";

const pins = (page) => page.locator(".meet__cards .v-no").count();
const said = (page) => page.locator("#status").textContent();
const halls = (page) => page.locator(".v-card h3").allInnerTexts();

/** A hall of the plan whose name no other hall of the list has. */
async function oneHall(page) {
  const all = await page.locator('[data-part="all-halls"] tbody th').evaluateAll((cells) => cells.map((cell) => cell.firstChild.textContent));
  const own = (await halls(page)).find((name) => all.filter((other) => other === name).length === 1);
  assert.ok(own, "a hall with a name of its own");
  return own;
}

/** Waits until the status line says something else than before. */
const changed = (page, before) =>
  page.waitForFunction((before) => document.querySelector("#status").textContent !== before, before);

test("the public is sent where the plan and the chair's page say", async ({ base, browser }) => {
  const texts = async (path, selector) => {
    const { page, close } = await openPage(browser, base, path, { ready: "page" });
    const found = await page.locator(selector).allInnerTexts();
    await close();
    return found;
  };
  const invited = await texts("/meetings/public", ".meet__cards .v-card > p:nth-of-type(2)");
  const cards = await texts("/meetings", ".v-card__head");
  const [chair] = await texts("/meetings/chair", "main");
  assert.ok(invited.length >= 6, `${invited}`);
  invited.forEach((hall, i) => {
    assert.ok(cards[i].includes(hall.split(",")[0]), `${hall}: ${cards[i]}`);
    assert.ok(chair.includes(hall), `${hall}: ${chair}`);
  });
});

test("meetings: the number of meetings changes the plan at once, in the form and in the address", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/meetings", { ready: "page" });
  const slider = page.locator('input[type="range"]');
  await slider.waitFor();
  const before = await pins(page);
  assert.ok(before > 2, `${before} meetings`);

  await slider.focus();
  await page.keyboard.press("ArrowRight");
  await changed(page, "");

  assert.equal(await pins(page), before + 1);
  assert.match(await said(page), /meetings put \d+% of/);
  assert.equal(new URL(page.url()).searchParams.get("k"), String(before + 1));
  assert.equal(await page.locator('input[name="k"]').inputValue(), String(before + 1));
  assert.ok(await slider.evaluate((slider) => slider === document.activeElement), "focus stays");
  await page.goBack();
  await page.waitForFunction((n) => document.querySelectorAll(".meet__cards .v-no").length === n, before);
  assert.equal(await page.locator('input[name="k"]').inputValue(), String(before));
  assert.deepEqual(trouble, []);
  await close();
});

test("meetings: while the slider is dragged the plan follows, and one step back undoes it", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/meetings", { ready: "page" });
  const slider = page.locator('input[type="range"]');
  const before = await pins(page);
  const set = (value, ...events) =>
    slider.evaluate((slider, [value, events]) => {
      slider.value = String(value);
      for (const name of events) slider.dispatchEvent(new Event(name, { bubbles: true }));
    }, [value, events]);

  await set(before - 1, "input");
  await page.waitForFunction((n) => document.querySelectorAll(".meet__cards .v-no").length === n, before - 1);
  assert.equal(new URL(page.url()).searchParams.get("k"), null, "not let go yet");
  await set(before - 2, "input", "change");
  await page.waitForFunction((n) => document.querySelectorAll(".meet__cards .v-no").length === n, before - 2);
  assert.equal(new URL(page.url()).searchParams.get("k"), String(before - 2));
  await page.goBack();
  await page.waitForFunction((n) => document.querySelectorAll(".meet__cards .v-no").length === n, before);
  assert.deepEqual(trouble, []);
  await close();
});

test("meetings: a hall is locked, left out and set free; reasons follow and focus stays", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/meetings", { ready: "page" });
  const first = await oneHall(page);
  const why = await page.locator(".v-why").allInnerTexts();

  await page.getByRole("link", { name: new RegExp(`^Leave out ${first}`) }).click();
  await changed(page, "");
  assert.ok(!(await halls(page)).includes(first), `${first} is out`);
  assert.notDeepEqual(await page.locator(".v-why").allInnerTexts(), why);
  await page.getByRole("link", { name: "Set all halls free" }).click();
  await page.waitForFunction((name) => [...document.querySelectorAll(".v-card h3")].some((h) => h.textContent === name), first);

  await page.getByRole("link", { name: new RegExp(`^Lock ${first}`) }).focus();
  await page.keyboard.press("Enter");
  await page.locator(".v-card .chip").first().waitFor();
  assert.match(page.url(), /=lock/);
  assert.match(await page.evaluate(() => document.activeElement.textContent), /Set free/, "focus stays on the hall's button");
  assert.deepEqual(trouble, []);
  await close();
});

test("meetings: a hall locked while a plan is being made is locked in that plan", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/meetings", { ready: "page" });
  const number = page.locator('input[name="k"]');
  const wanted = String(Number(await number.inputValue()) + 1);
  await page.route(/[?]k=/, async (route) => {
    await new Promise((soon) => setTimeout(soon, 500));
    await route.continue();
  });

  await number.fill(wanted);
  await number.blur();
  await page.locator(".meet--busy").waitFor();
  await page.locator('.v-card [data-key^="lock-"]').first().click();
  await page.locator(".v-card .chip").waitFor();

  assert.equal(new URL(page.url()).searchParams.get("k"), wanted, page.url());
  assert.match(page.url(), /=lock/);
  assert.equal(await number.inputValue(), wanted);
  assert.deepEqual(trouble, []);
  await close();
});

test("meetings: leaving a hall out by keys goes on at the next", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/meetings", { ready: "page" });
  const out = page.locator('.v-card [data-key^="out-"]');
  const next = await out.nth(1).getAttribute("data-key");

  await out.first().focus();
  await page.keyboard.press("Enter");
  await changed(page, "");

  assert.equal(await page.evaluate(() => document.activeElement.dataset.key), next);
  await close();
});

test("meetings: the map and the list of halls choose too", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/meetings", { ready: "page" });
  const ring = page.locator(".v-map a:has(.v-hall)").first();
  const full = (await ring.getAttribute("aria-label")).split(":")[0];
  const name = full.split(",")[0];

  await ring.focus();
  await page.keyboard.press("Enter");
  await changed(page, "");
  assert.ok(await page.locator(".v-card .chip").count(), `${full} is locked`);

  const list = page.locator('[data-part="all-halls"] details').first();
  assert.ok(await list.evaluate((list) => list.open), "the list opens where something is asked of a hall");
  const before = await said(page);
  await page.getByLabel(`What to do with ${full}`).selectOption("exclude");
  await changed(page, before);
  assert.equal(await page.locator(".v-card .chip").count(), 0, `${name} is out`);
  assert.ok(await page.locator(".v-map .v-cross").count(), "the map shows what is left out");
  assert.deepEqual(trouble, []);
  await close();
});

test("meetings: walk, model, first wards, budget and spread each change the plan at once", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/meetings", { ready: "page" });
  const verdict = page.locator(".meet__verdict");
  const methods = page.locator('[data-part="made"] .meet__methods');
  await page.locator(".meet__finer summary").click();
  for (const [name, value, where, words] of [
    ["walk", "800", verdict, /a walk of 800 m/],
    ["top", "1", methods, /at least for each of the first 1 ward/],
    ["revisit", "6", methods, /not visited for 6 months/],
    ["spread", "5", methods, /outweigh 5% of the demand/],
    ["budget", "1000", methods, /for £1,000 together/],
  ]) {
    const field = page.locator(`input[name="${name}"]`);
    await field.fill(value);
    await field.press("Tab");
    await page.waitForURL(new RegExp(`${name}=${value}`));
    await where.filter({ hasText: words }).waitFor();
  }
  await page.locator('select[name="model"]').selectOption("median");
  await methods.filter({ hasText: /p-median/ }).waitFor();
  assert.match(await page.locator(".meet__made code").first().innerText(), /--model median --top-wards 1 --budget 1000/);
  assert.ok(await page.locator(".meet__finer").evaluate((details) => details.open), "stays open");
  await page.reload();
  assert.ok(await page.locator(".meet__finer").evaluate((details) => details.open), "opens where something is asked in it");
  assert.equal(await page.locator('input[name="top"]').inputValue(), "1");
  assert.deepEqual(trouble, []);
  await close();
});

test("meetings: a plan that cannot be fetched is said to all, and tried again", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/meetings", { ready: "page" });
  const before = await pins(page);
  await page.route("**/meetings?**", (route) => route.abort());
  const slider = page.locator('input[type="range"]');
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  const line = page.locator(".meet__say");
  await line.filter({ hasText: /could not be fetched/ }).waitFor();
  assert.ok(((await line.boundingBox())?.width ?? 0) > 100, "it is seen");
  assert.match(await said(page), /could not be fetched/);
  assert.equal(await pins(page), before, "the plan stays");
  await page.unroute("**/meetings?**");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.waitForFunction((n) => document.querySelectorAll(".meet__cards .v-no").length === n, before + 1);
  assert.equal(await line.innerText(), "");
  await close();
});

/** A file of walks by which the last of the halls alone is near, to everybody. */
async function walksFile(folder) {
  await run(folder, ["venues", "--points", "points.csv"]);
  const rows = (name) => readFile(join(folder, name), "utf8").then((text) => text.trim().split("\n").slice(1));
  const points = (await rows("points.csv")).map((row) => row.split(",")[0]);
  const plan = JSON.parse(await run(folder, ["venues", "--json"]));
  const [shortlist] = plan.tables;
  const id = shortlist.columns.findIndex((column) => column.id === "venue_id");
  const near = shortlist.rows.at(-1)[id];
  await writeFile(join(folder, "walks.csv"), ["point,venue_id,metres", ...points.map((point) => `${point},${near},100`)].join("\n"));
  const toml = join(folder, "wardheat.toml");
  const text = await readFile(toml, "utf8");
  const named = 'distances = "walks.csv"';
  await writeFile(toml, text.includes("[planning]") ? text.replace("[planning]", `[planning]\n${named}`) : `${text}\n[planning]\n${named}\n`);
}

test("meetings: walks of a file or straight lines, as is asked for", async ({ browser, workspace }) => {
  if (!workspace) return;
  const server = await serveCopy(workspace, { prepared: walksFile });
  try {
    const { page, trouble, close } = await openPage(browser, server.base, "/meetings", { ready: "page" });
    const verdict = page.locator(".meet__verdict");
    const methods = page.locator('[data-part="made"] .meet__methods');
    assert.match(await verdict.innerText(), /put 100% of/);
    assert.match(await methods.innerText(), /walks\.csv/);
    await page.locator(".meet__finer summary").click();
    const walks = page.locator('select[name="walks"]');
    assert.match(await walks.locator("option:checked").innerText(), /distances of walks\.csv/);

    await walks.selectOption({ label: "straight line x 1.3" });

    await page.waitForURL(/walks=straight/);
    await methods.filter({ hasText: /straight line x 1\.3/ }).waitFor();
    assert.doesNotMatch(await verdict.innerText(), /put 100% of/);
    assert.match(await page.locator(".meet__made code").first().innerText(), /--straight/);
    await page.goBack();
    await verdict.filter({ hasText: /put 100% of/ }).waitFor();
    assert.deepEqual(trouble, []);
    await close();
  } finally {
    await server.stop();
  }
});

test("meetings: a mark on the map locks its hall, then leaves it out, then sets it free", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/meetings", { ready: "page" });
  const pin = page.locator(".v-map a:has(.v-pin)").first();
  const full = (await pin.getAttribute("aria-label")).split(":")[0];
  const mark = page.locator(`.v-map a[aria-label^="${full}:"]`);
  for (const [after, then] of [["lock", "Leave it out"], ["exclude", "Set it free"]]) {
    await mark.focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`=${after}`));
    await page.locator(`.v-map a[aria-label^="${full}:"][aria-label$="${then}"]`).waitFor();
  }
  await mark.focus();
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => !url.search.includes("hall-"));
  await page.locator(`.v-map a[aria-label^="${full}:"][aria-label$="Lock it"]`).waitFor();
  assert.deepEqual(trouble, []);
  await close();
});

test("meetings: without JavaScript form, locks and pages work", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/meetings", { ready: "page", javaScriptEnabled: false });
  const before = await pins(page);

  await page.locator('input[name="k"]').fill(String(before - 1));
  await page.getByRole("button", { name: "Plan", exact: true }).click();
  await page.waitForURL(/k=/);
  assert.equal(await pins(page), before - 1);
  await page.locator(".meet__finer summary").click();
  await page.locator('select[name="model"]').selectOption("median");
  await page.getByRole("button", { name: "Plan", exact: true }).click();
  await page.waitForURL(/model=median/);
  assert.match(await page.locator('[data-part="made"]').innerText(), /p-median/);
  const first = await oneHall(page);
  await page.locator('[data-part="all-halls"] summary').first().click();
  await page.getByLabel(new RegExp(`^What to do with ${first}`)).selectOption("exclude");
  await page.getByRole("button", { name: "Plan with these" }).click();
  await page.waitForURL(/=exclude/);
  assert.ok(!(await halls(page)).includes(first));
  assert.equal(await pins(page), before - 1);
  await page.getByRole("link", { name: "Public page" }).click();
  assert.match(await page.locator("h1").innerText(), /Come and talk/);
  assert.doesNotMatch(await page.locator("main").innerText(), /\b(rank|need|crime|worst|\d+(st|nd|rd|th) of)\b/i, "no figure of need");
  assert.deepEqual(trouble, []);
  await close();
});

for (const address of ["/meetings", "/meetings/chair", "/meetings/public"]) {
  test(`meetings: nothing for axe to find and nothing off a small screen, ${address}`, async ({ base, browser }) => {
    const { page, close } = await openPage(browser, base, address, { ready: "page", bypassCSP: true });
    await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
    for (const [name, viewport, colorScheme] of [
      ["desktop", { width: 1440, height: 900 }, "light"],
      ["dark", { width: 1440, height: 900 }, "dark"],
      ["phone", { width: 390, height: 844 }, "light"],
      ["phone-dark", { width: 390, height: 844 }, "dark"],
      ["reflow", { width: 320, height: 640 }, "light"],
    ]) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await axe(page), [], name);
      const off = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(off, 0, `${name}: ${off} px run off the screen`);
      await screenshot(page, `${address.slice(1).replace("/", "-")}-${name}`, { fullPage: true });
    }
    await close();
  });
}

test("meetings: the chair's sheet is one page of A4, with wide faces too", async ({ base, browser }) => {
  const wide = "* { font-family: 'DejaVu Sans', Verdana, sans-serif !important; }";
  for (const address of ["/meetings", "/meetings/chair", "/meetings?k=8", "/meetings?k=12", "/meetings?k=24"]) {
    const { page, close } = await openPage(browser, base, address, { ready: "page", bypassCSP: true });
    await page.addStyleTag({ content: wide });
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    assert.equal(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length, 1, address);
    await close();
  }
});

test("meetings: names of wards on the chair's page are not cut within a word on a phone", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/meetings/chair", { ready: "page", viewport: { width: 390, height: 844 } });
  const cut = await page.locator(".chair__table tbody th").evaluateAll((cells) => cells.map((cell) => {
    const words = document.createRange();
    const text = cell.firstChild;
    return [...text.textContent.matchAll(/\S+/g)].filter(({ 0: word, index }) => {
      words.setStart(text, index);
      words.setEnd(text, index + word.length);
      return words.getClientRects().length > 1;
    }).map(([word]) => word);
  }).flat());

  assert.deepEqual(cut, []);
  await close();
});

test("meetings: the fields of a row stand level, and the months of need side by side", async ({ base, browser }) => {
  for (const [width, height] of [[1440, 900], [768, 1024], [390, 844]]) {
    const { page, close } = await openPage(browser, base, "/meetings", { ready: "page", viewport: { width, height } });
    await page.locator('#plan [type="range"]').waitFor();
    const at = async (selector) => page.locator(`#plan ${selector}`).boundingBox();
    const [from, to] = [await at('[name="from"]'), await at('[name="to"]')];
    assert.ok(Math.abs(from.y - to.y) < 1, `${width}: from and to`);
    if (width > 560) assert.ok(Math.abs((await at('[name="k"]')).y - from.y) < 1, `${width}: number of meetings`);
    await close();
  }
});
