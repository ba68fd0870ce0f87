// Browser tests: the built binary, the demo's data (and Stockton-on-Tees where they are at hand),
// Debian's Chromium. `npm test -- WORDS` runs the tests whose name holds WORDS.

import { availableParallelism } from "node:os";
import { launch, runAll, serveDemo, serveStockton } from "./support.mjs";
import "./map.mjs";
import "./permalink.mjs";
import "./controls.mjs";
import "./analyst.mjs";
import "./area.mjs";
import "./basemap.mjs";
import "./ward.mjs";
import "./paper.mjs";
import "./narrow.mjs";
import "./access.mjs";
import "./without.mjs";
import "./robust.mjs";
import "./prefix.mjs";
import "./speed.mjs";
import "./gallery.mjs";
import "./meetings.mjs";
import "./site.mjs";
import "./statistics.mjs";
import "./styles.mjs";

/** How many tests run at a time, each in a browser of its own. */
const LANES = Math.min(2, availableParallelism());

const started = await Promise.all([["demo", serveDemo], ["stockton", serveStockton]].map(
  async ([site, start]) => ({ site, server: await start() })));
for (const { site, server } of started) if (!server) console.log(`skipped: ${site} (no ../shared)`);
const served = started.filter(({ server }) => server);
const browsers = await Promise.all(Array.from({ length: LANES }, () => launch()));
let failed = 1;
try {
  const sites = served.map(({ site, server: { base, workspace } }) => ({ site, base, workspace }));
  failed = await runAll({ browsers, sites });
} finally {
  for (const browser of browsers) await browser.close();
  for (const { server } of served) await server.stop();
}
process.exitCode = failed === 0 ? 0 : 1;
