// Browser tests: the built binary, the demo's data (and Stockton-on-Tees where they are at hand),
// Debian's Chromium. `npm test -- WORDS` runs the tests whose name holds WORDS.

import { launch, runAll, serveDemo, serveStockton } from "./support.mjs";
import "./map.mjs";
import "./controls.mjs";
import "./analyst.mjs";
import "./area.mjs";
import "./basemap.mjs";
import "./ward.mjs";
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

const servers = [];
const sites = [];
for (const [site, start] of [["demo", serveDemo], ["stockton", serveStockton]]) {
  const server = await start();
  if (server) {
    servers.push(server);
    sites.push({ site, base: server.base, workspace: server.workspace });
  } else {
    console.log(`skipped: ${site} (no ../shared)`);
  }
}
const browser = await launch();
let failed = 1;
try {
  failed = await runAll({ browser, sites });
} finally {
  await browser.close();
  for (const server of servers) await server.stop();
}
process.exitCode = failed === 0 ? 0 : 1;
