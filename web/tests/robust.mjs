// What goes wrong goes wrong in words, and nothing is lost: a failed tile, a layer that fails, a server
// that is away, a slow network, large letters.

import assert from "node:assert/strict";
import { axe, mapIdle, mapReady, openPage, screenshot, serveCopy, test } from "./support.mjs";

const said = (page) => page.locator("#map-say").innerText();

test("a tile that fails is said, and the rest of the map stays", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/", { ready: "page" });
  await page.route("**/tiles/heat/**", (route) => route.abort());
  await page.reload();
  await page.waitForFunction(() => window.wardheat !== undefined, null, { timeout: 60_000 });
  await page.waitForFunction(() => /could not be loaded/.test(document.querySelector("#map-say").textContent));
  assert.match(await page.locator("#status").textContent(), /could not be loaded/);
  assert.ok((await page.locator("tr[data-ward]").count()) > 1);
  assert.ok((await page.evaluate(() => window.wardheat.map.queryRenderedFeatures({ layers: ["land"] }).length)) > 0);
  await page.unroute("**/tiles/heat/**");
  const tile = page.waitForResponse((reply) => reply.url().includes("/tiles/heat/") && reply.ok());
  await page.getByRole("button", { name: "Try again" }).click();
  await tile;
  await mapIdle(page);
  assert.equal(await said(page), "", "tiles that come are no more to say");
  await close();
});

test("a layer that fails is said, and another can be chosen", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/");
  await page.route("**/layers/cells.geojson*", (route) => route.fulfill({ status: 503, contentType: "application/problem+json", body: '{"title":"busy","detail":"too much waits"}' }));
  await page.getByLabel("Squares", { exact: true }).check();
  await page.waitForFunction(() => /cannot be shown: too much waits/.test(document.querySelector("#map-say").textContent));
  await page.getByLabel("Ward rate").check();
  await mapIdle(page);
  assert.equal(await page.evaluate(() => window.wardheat.map.getLayoutProperty("rate", "visibility")), "visible");
  await close();
});

test("a layer that is not ready yet is asked for again until it is, and left when the reader moves on", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/");
  const line = (words) => page.waitForFunction((words) => new RegExp(words).test(document.querySelector("#map-say").textContent), words);
  const unready = { status: 503, headers: { "retry-after": "1" }, contentType: "application/problem+json", body: '{"title":"Not ready in time"}' };
  let asked = 0;
  await page.route("**/layers/cells.geojson*", (route) => ((asked += 1) < 3 ? route.fulfill(unready) : route.continue()));
  await page.getByLabel("Squares", { exact: true }).check();
  await line("Still working out Squares");
  assert.match(await page.locator("#status").textContent(), /Still working out Squares/);
  await page.waitForFunction(() => window.wardheat.map.querySourceFeatures("units").length > 0);
  await line("^$");
  assert.equal(await page.locator("#status").textContent(), "Squares is shown.");
  assert.equal(asked, 3);

  let hexagons = 0;
  await page.route("**/layers/hexagons.geojson*", (route) => ((hexagons += 1), route.fulfill(unready)));
  await page.getByLabel("Hexagons", { exact: true }).check();
  await line("Still working out Hexagons");
  await page.getByLabel("Ward rate").check();
  await line("^$");
  const left = hexagons;
  await page.waitForTimeout(2500);
  assert.equal(hexagons, left, "a layer nobody looks at is not asked for");
  await close();
});

test("while the server is away the figures shown stay, and coming back they follow", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/");
  const headline = await page.locator("h1").innerText();
  let away = true;
  await page.route("**/*", (route) => (away ? route.abort() : route.continue()));
  await page.locator('input[name="type"]:not(:checked)').nth(1).click();
  await page.waitForFunction(() => /could not be fetched/.test(document.querySelector("#map-say").textContent));
  assert.equal(await page.locator("h1").innerText(), headline);
  assert.ok((await page.locator("tr[data-ward]").count()) > 1);
  assert.match(await page.locator("#status").textContent(), /could not be fetched/);
  const [address, chosen] = [page.url(), await page.locator('input[name="type"]:checked').getAttribute("value")];
  await page.locator("#find").fill("mill");
  await page.locator("#find").press("Enter");
  await page.waitForFunction(() => /could not be looked for/.test(document.querySelector("#map-say").textContent));
  assert.equal(page.url(), address, "looking for a place stays on the page");
  await page.locator('input[name="type"]:not(:checked)').nth(2).click();
  await page.waitForFunction(() => /could not be fetched/.test(document.querySelector("#map-say").textContent));
  away = false;
  const wanted = await page.locator('input[name="type"]:checked').getAttribute("value");
  assert.notEqual(wanted, chosen);
  await page.getByRole("button", { name: "Try again" }).press("Enter");
  await page.waitForFunction((before) => document.querySelector("h1").innerText !== before, headline);
  assert.ok(page.url().includes(`type=${wanted}&`), "the same choice is asked for again");
  assert.equal(await page.evaluate(() => document.activeElement.id), "answer", "the keyboard is at the answer");
  await close();
});

test("a log-in that ends is said, nothing is lost, and logging in again opens the same page", async ({ browser, workspace }) => {
  if (!workspace) return;
  const server = await serveCopy(workspace, { commands: [["token", "add", "team", "--audience", "analyst"]] });
  try {
    const token = /wardheat_\S+/.exec(server.printed[0])[0];
    const { page, close } = await openPage(browser, server.base, "/?type=burglary", { ready: "page" });
    assert.match(page.url(), /\/login/);
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Log in" }).click();
    await mapReady(page);
    const headline = await page.locator("h1").innerText();

    await server.run(["token", "revoke", "team"]);
    const other = /wardheat_\S+/.exec(await server.run(["token", "add", "again", "--audience", "analyst"]))[0];
    await page.waitForTimeout(2500);
    await page.locator('input[name="type"]:not(:checked)').nth(1).click();
    await page.waitForFunction(() => /logged out/.test(document.querySelector("#map-say").textContent));
    assert.equal(await page.locator("h1").innerText(), headline, "the figures stay");
    assert.ok((await page.locator("tr[data-ward]").count()) > 1);
    assert.match(await page.locator("#status").textContent(), /logged out/);
    await page.locator("#map-say a").click();
    await page.getByLabel("Token").fill(other);
    await page.getByRole("button", { name: "Log in" }).click();
    await mapReady(page);
    assert.notEqual(await page.locator("h1").innerText(), headline, "the page that was asked for");
    await close();
  } finally {
    await server.stop();
  }
});

test("a server that stops and starts again is said and found again", async ({ browser, workspace }) => {
  if (!workspace) return;
  const server = await serveCopy(workspace);
  try {
    const { page, close } = await openPage(browser, server.base, "/?type=burglary");
    const headline = await page.locator("h1").innerText();
    await server.halt();
    await page.locator('input[name="type"]:not(:checked)').nth(1).click();
    await page.waitForFunction(() => /could not be fetched/.test(document.querySelector("#map-say").textContent));
    assert.equal(await page.locator("h1").innerText(), headline);
    await server.restart();
    await page.locator('input[name="type"]:not(:checked)').nth(2).click();
    await page.waitForFunction((before) => document.querySelector("h1").innerText !== before, headline);
    await mapIdle(page);
    assert.equal(await said(page), "", "nothing is left to say");
    await close();
  } finally {
    await server.stop();
  }
});

test("on a slow network the figures come before the map", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/data", { ready: "page" });
  await page.route("**/assets/map.js*", async (route) => {
    await new Promise((later) => setTimeout(later, 1500));
    await route.continue();
  });
  await page.goto(`${base}/`);
  assert.ok((await page.locator("tr[data-ward]").count()) > 1, "the table is there");
  assert.match(await said(page), /Loading the live map/);
  await page.waitForFunction(() => window.wardheat !== undefined, null, { timeout: 60_000 });
  assert.equal(await page.locator(".map__picture").evaluate((one) => getComputedStyle(one).visibility), "hidden");
  await close();
});

test("forced colours and reduced motion leave every page usable", async ({ base, browser }) => {
  const { features } = await (await fetch(`${base}/layers/wards.geojson`)).json();
  for (const path of [`/wards/${features[0].properties.code}`, "/accessibility"]) {
    const { page, trouble, close } = await openPage(browser, base, path, { ready: "page", forcedColors: "active", reducedMotion: "reduce" });
    const chip = page.locator(".chip").first();
    if (await chip.count()) assert.equal(await chip.evaluate((one) => getComputedStyle(one).borderTopStyle), "solid");
    await screenshot(page, `forced-colours${path.startsWith("/wards") ? "-ward" : ""}`);
    assert.deepEqual(trouble, []);
    await close();
  }
});

test("an address of no page, typed in a browser, gets a page", async ({ base, browser }) => {
  for (const path of ["/nothing", "/statistics/nothing"]) {
    const { page, close } = await openPage(browser, base, path, { ready: "page" });
    assert.equal(await page.locator("h1").innerText(), "Nothing is here");
    await close();
    const reply = await fetch(base + path, { headers: { accept: "application/json" } });
    assert.equal(reply.status, 404);
    assert.match(reply.headers.get("content-type"), /problem\+json/);
  }
});

test("a token that is refused is said at its field", async ({ browser, workspace }) => {
  if (!workspace) return;
  const server = await serveCopy(workspace, { commands: [["token", "add", "team", "--audience", "analyst"]] });
  try {
    const { page, close } = await openPage(browser, server.base, "/wards", { ready: "page" });
    const token = page.getByLabel("Token");
    assert.equal(await token.getAttribute("aria-invalid"), null);
    await token.fill("wardheat_wrong");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.locator('[role="alert"]').waitFor();
    assert.equal(await token.getAttribute("aria-invalid"), "true");
    const described = (await token.getAttribute("aria-describedby")).split(" ");
    const words = await Promise.all(described.map((id) => page.locator(`#${id}`).innerText()));
    assert.match(words.join(" "), /not known here.*starts with/s);
    assert.deepEqual(await axe(page), []);
    await close();
  } finally {
    await server.stop();
  }
});
