// Pictures of every page at three sizes, light, dark and print: to be looked at, kept by CI.

import assert from "node:assert/strict";
import { openPage, screenshot, test } from "./support.mjs";

const SIZES = [[1440, 900], [768, 1024], [390, 844]];

test("every page is pictured at three sizes, light and dark", async ({ base, browser, site }) => {
  const { features } = await (await fetch(`${base}/layers/wards.geojson`)).json();
  const code = features[2].properties.code;
  const all = { map: ["/", "map"], ward: [`/wards/${code}`, "page"], wards: ["/wards", "page"], data: ["/data", "page"] };
  for (const [name, [path, ready]] of Object.entries(all)) {
    for (const [width, height] of SIZES) {
      for (const colorScheme of ["light", "dark"]) {
        const { page, trouble, close } = await openPage(browser, base, path, { ready, viewport: { width, height }, colorScheme });
        await page.evaluate(() => document.fonts.ready);
        const over = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(over <= width, `${path} at ${width} is ${over} wide`);
        await screenshot(page, `gallery/${site}-${name}-${width}x${height}-${colorScheme}`, { fullPage: name !== "map" });
        assert.deepEqual(trouble, [], path);
        await close();
      }
    }
  }
}, { sites: "all", seconds: 240 });
