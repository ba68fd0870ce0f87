// Behind a proxy that shows the pages under a path: nothing is asked for above it.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { createServer, request as forward } from "node:http";
import { join } from "node:path";
import { mapIdle, mapReady, openPage, serveCopy, test } from "./support.mjs";

const PREFIX = "/csp/heat";

/** Shows the server at `base` under the prefix, which it takes off, as most proxies do. */
async function proxy(base) {
  const { hostname, port } = new URL(base);
  const server = createServer((asked, answer) => {
    if (!asked.url.startsWith(`${PREFIX}/`)) {
      answer.writeHead(404).end("above the path");
      return;
    }
    const headers = { ...asked.headers, "x-forwarded-prefix": PREFIX };
    const path = asked.url.slice(PREFIX.length);
    const inside = forward({ hostname, port, path, method: asked.method, headers }, (reply) => {
      answer.writeHead(reply.statusCode, reply.headers);
      reply.pipe(answer);
    });
    inside.on("error", () => answer.destroy());
    asked.pipe(inside);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { base: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

test("under a path of a proxy the map, a ward, a log-in and the meetings stay under it", async ({ browser, workspace }) => {
  if (!workspace) return;
  const server = await serveCopy(workspace, {
    commands: [["token", "add", "team", "--audience", "analyst"]],
    async prepared(folder) {
      const described = join(folder, "wardheat.toml");
      const text = await readFile(described, "utf8");
      await writeFile(described, `${text}\n[server]\ntrusted-proxies = ["127.0.0.0/8"]\n`);
    },
  });
  const outside = await proxy(server.base);
  try {
    const token = /wardheat_\S+/.exec(server.printed[0])[0];
    const { page, trouble, requests, close } = await openPage(browser, outside.base, `${PREFIX}/wards`, { ready: "page" });
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Log in" }).click();
    assert.equal(new URL(page.url()).pathname, `${PREFIX}/wards`);
    await page.locator('[data-key="nav-map"]').click();
    await mapReady(page);

    const headline = await page.locator("h1").innerText();
    await page.locator('input[name="type"]:not(:checked)').nth(1).click();
    await page.waitForFunction((before) => document.querySelector("h1").innerText !== before, headline);
    await mapIdle(page);
    assert.match(page.url(), new RegExp(`${PREFIX}/\\?type=`));
    await page.locator("tr[data-ward] a").first().click();
    await mapIdle(page);
    await page.goto(new URL(await page.locator("a[href*='/wards/E']").first().getAttribute("href"), page.url()).href);
    assert.ok((await page.locator("h1").innerText()).length > 0);
    await page.locator('[data-key="nav-meetings"]').click();
    await page.waitForLoadState("networkidle");

    const above = requests.filter((address) => address.startsWith("http") && !new URL(address).pathname.startsWith(`${PREFIX}/`));
    assert.deepEqual(above, []);
    assert.ok(requests.some((address) => address.includes(`${PREFIX}/tiles/heat/`)), "tiles");
    assert.deepEqual(trouble, []);
    await close();
  } finally {
    outside.stop();
    await server.stop();
  }
});
