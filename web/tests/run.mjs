// Browser tests: the built binary, the demo's data, Debian's Chromium. `npm test -- WORDS` runs the
// tests whose name holds WORDS.

import { launch, runAll, serveDemo } from "./support.mjs";
import "./map.mjs";
import "./controls.mjs";
import "./access.mjs";
import "./without.mjs";

const server = await serveDemo();
const browser = await launch();
let failed = 1;
try {
  failed = await runAll({ base: server.base, browser });
} finally {
  await browser.close();
  await server.stop();
}
process.exitCode = failed === 0 ? 0 : 1;
