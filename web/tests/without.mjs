// Without JavaScript, and without WebGL, the pages still answer.

import assert from "node:assert/strict";
import { launch, openPage, screenshot, test } from "./support.mjs";

const drawn = (page) =>
  page.locator(".map__picture").evaluate((picture) => picture.complete && picture.naturalWidth > 100);

test("without JavaScript there are the sentence, the picture and the tables, and the form works", async ({ base, browser }) => {
  const { page, trouble, close } = await openPage(browser, base, "/", { ready: "page", javaScriptEnabled: false });

  assert.match(await page.locator("h1").innerText(), /recorded/);
  const picture = await page.locator(".map__picture").getAttribute("src");
  assert.equal((await fetch(base + picture)).headers.get("content-type"), "image/svg+xml");
  assert.ok(await page.locator(".map__picture").isVisible());
  assert.match(await page.locator("#map-say").innerText(), /needs JavaScript/);
  assert.ok((await page.locator("tr[data-ward]").count()) > 1);
  assert.ok(await page.locator("#buttons").isHidden(), "no button that does nothing");
  await screenshot(page, "map-without-script");

  await page.locator('input[name="type"]:not(:checked)').nth(1).check();
  await page.getByRole("button", { name: "Show" }).click();
  await page.waitForURL(/[?&]type=/);
  assert.match(await page.locator("h1").innerText(), /recorded/);
  await page.locator("tr[data-ward] a").first().click();
  await page.waitForURL(/[?&]ward=/);
  assert.ok(await page.locator("#pick").isVisible(), "a ward's figures without script");
  assert.deepEqual(trouble, []);
  await close();
});

test("without WebGL the page says so, keeps the picture and stays usable", async ({ base }) => {
  const browser = await launch({ webgl: false });
  try {
    const { page, trouble, requests, close } = await openPage(browser, base, "/", { ready: "page" });
    await page.waitForFunction(() => /could not start/.test(document.querySelector("#map-say").textContent));

    assert.ok(await page.locator(".map__picture").isVisible());
    assert.ok(await drawn(page), "the picture is drawn");
    assert.ok(!requests.some((address) => address.includes("/assets/map.js")), "the map's code is not fetched in vain");
    const before = await page.locator("h1").innerText();
    await page.locator('input[name="type"]:not(:checked)').nth(1).click();
    await page.waitForFunction((before) => document.querySelector("h1").innerText !== before, before);
    assert.ok(await page.locator(".map__picture").isVisible());
    await page.locator("tr[data-ward] a").first().click();
    assert.ok(await page.locator("#pick").isVisible());
    await page.locator("#pick .pick__close").focus();
    await page.keyboard.press("Enter");
    const row = await page.locator("tr[data-ward] a").first().getAttribute("data-key");
    assert.equal(await page.evaluate(() => document.activeElement.dataset.key), row, "the card closed leaves its row");
    await screenshot(page, "map-without-webgl");
    assert.deepEqual(trouble, []);
    await close();
  } finally {
    await browser.close();
  }
});

test("a map that fails to start is caught and said", async ({ base, browser }) => {
  const own = await browser.newContext();
  const page = await own.newPage();
  await page.addInitScript(() => {
    const real = HTMLCanvasElement.prototype.getContext;
    let asked = 0;
    HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
      if (String(kind).startsWith("webgl") && asked++ > 0) return null;
      return real.call(this, kind, ...rest);
    };
  });
  await page.goto(base);

  await page.waitForFunction(() => /could not start/.test(document.querySelector("#map-say").textContent), null, { timeout: 60_000 });
  assert.ok(await page.locator(".map__picture").isVisible());
  assert.ok((await page.locator("tr[data-ward]").count()) > 1);
  await own.close();
});
