// What the browser tests share: a served workspace, a browser, pages that record trouble, a tally.

import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, mkdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

/** Folder of the clone. */
export const root = fileURLToPath(new URL("../../", import.meta.url));
const require = createRequire(import.meta.url);

/** Where pictures of the pages go. */
export const SCREENSHOTS = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "screenshots");

/** Flags that keep the browser from calling home, and its own drawing off the software WebGL, which is slow. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu-compositing",
  "--disable-gpu-rasterization",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-domain-reliability",
  "--disable-sync",
  "--no-first-run",
  "--no-default-browser-check",
  "--no-pings",
];
const WEBGL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
const NO_WEBGL = ["--disable-gpu", "--disable-3d-apis"];

function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const names = ["chromium", "chromium-browser", "google-chrome"];
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of names) {
      if (existsSync(join(folder, name))) return join(folder, name);
    }
  }
  throw new Error("no Chromium on PATH; install Debian's chromium or name one in CHROMIUM");
}

/** A browser; `webgl: false` is the locked-down desktop. */
export function launch({ webgl = true } = {}) {
  return chromium.launch({
    executablePath: findChromium(),
    args: [...FLAGS, ...(webgl ? WEBGL : NO_WEBGL)],
  });
}

async function freePort() {
  const probe = createServer();
  await new Promise((ready) => probe.listen(0, "127.0.0.1", ready));
  const { port } = probe.address();
  await new Promise((closed) => probe.close(closed));
  return port;
}

const named = (address) => ({
  base: address.replace(/\/$/, ""), workspace: process.env.WARDHEAT_WORKSPACE, stop: async () => {},
});

function program() {
  const binary = process.env.WARDHEAT ?? join(root, "target/release/wardheat");
  if (!existsSync(binary)) throw new Error(`${binary} is not there; run make build`);
  return binary;
}

/** Most that the program prints, in bytes. */
const MOST_PRINTED = 64 << 20;

/** Runs the program in a folder; gives what it printed. */
export async function run(folder, words) {
  const failed = (error) => {
    throw new Error(`wardheat ${words.join(" ")} failed:\n${error.stderr}`);
  };
  const { stdout } = await promisify(execFile)(program(), words, { cwd: folder, maxBuffer: MOST_PRINTED }).catch(failed);
  return stdout;
}

/** Makes the demo in a folder of its own and serves it; `WARDHEAT_URL` names a running server instead. */
export async function serveDemo() {
  if (process.env.WARDHEAT_URL) return named(process.env.WARDHEAT_URL);
  const folder = await mkdtemp(join(tmpdir(), "wardheat-browser-"));
  await run(folder, ["demo", "--no-serve"]);
  return serve(folder, join(folder, "wardheat-demo"));
}

/** A server of one's own on a copy of a workspace, to be stopped, started again and locked; the copy is
 * `prepared` and `commands` are run on it first. Gives what they printed too. */
export async function serveCopy(workspace, { prepared = async () => {}, commands = [] } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "wardheat-browser-"));
  await cp(workspace, folder, { recursive: true });
  await prepared(folder);
  const printed = [];
  for (const command of commands) printed.push(await run(folder, command));
  const port = await freePort();
  let server = await serve(folder, folder, port);
  return {
    base: server.base, printed,
    run: (command) => run(folder, command),
    restart: async () => (server = await serve(folder, folder, port)),
    halt: () => server.halt(),
    stop: () => server.stop(),
  };
}

/** Imports Stockton-on-Tees of 2025 from the data beside the project and serves it; nothing where
 * they are not there. `WARDHEAT_STOCKTON_URL` names a running server instead. */
export async function serveStockton() {
  if (process.env.WARDHEAT_STOCKTON_URL) return named(process.env.WARDHEAT_STOCKTON_URL);
  const data = join(root, "../shared/data");
  if (!existsSync(data)) return null;
  const folder = await mkdtemp(join(tmpdir(), "wardheat-browser-"));
  await run(folder, [
    "init", "--name", "Stockton-on-Tees",
    "--areas", join(data, "boundaries/stockton_wards_2024.geojson"), join(data, "boundaries/stockton_lsoa_2021_simplified.geojson"),
    "--population", join(data, "demographics/ward24_population_households_bestfit_DERIVED.csv"),
    "--incidents", join(data, "police_stockton/2025-*.csv.gz"),
    "--venues", join(data, "venues/libraries_selected_authorities.csv"),
    "--meetings", join(root, "tests/data/meetings/stockton_diary.csv"),
  ]);
  await run(folder, ["import"]);
  return serve(folder, folder);
}

async function serve(folder, workspace, given) {
  const binary = program();
  const port = given ?? (await freePort());
  const server = spawn(binary, ["serve", "--workspace", workspace, "--port", String(port)], {
    cwd: folder, stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  server.stderr.on("data", (chunk) => (log += chunk));
  const base = `http://127.0.0.1:${port}`;
  const halt = async () => {
    if (server.exitCode !== null) return;
    const ended = new Promise((done) => server.once("exit", done));
    server.kill("SIGTERM");
    await ended;
  };
  const stop = async () => {
    await halt();
    await rm(folder, { recursive: true, force: true });
  };
  for (let tries = 0; ; tries++) {
    try {
      if ((await fetch(`${base}/healthz`)).ok) break;
    } catch {
      // not up yet
    }
    if (server.exitCode !== null || tries > 300) {
      await stop();
      throw new Error(`wardheat serve did not start:\n${log}`);
    }
    await new Promise((soon) => setTimeout(soon, 100));
  }
  return { base, workspace, halt, stop };
}

/** A page that records everything it should not do. */
export async function openPage(browser, base, path, options = {}) {
  const { ready = "map", ...context } = options;
  const own = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...context });
  const page = await own.newPage();
  const trouble = [];
  page.on("console", (message) => {
    if (message.type() === "error") trouble.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => trouble.push(`script: ${error.message}`));
  const requests = [];
  page.on("request", (request) => {
    requests.push(request.url());
    const { protocol, origin } = new URL(request.url());
    if (protocol !== "data:" && origin !== base) trouble.push(`outside request: ${request.url()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  await page.goto(base + path);
  if (ready === "map") await mapReady(page);
  return { page, trouble, requests, close: () => own.close() };
}

/** Waits until the live map has drawn all it has. */
export async function mapReady(page) {
  await page.waitForFunction(() => window.wardheat !== undefined, null, { timeout: 60_000 });
  await mapIdle(page);
}

/** Waits until nothing moves or loads. */
export function mapIdle(page) {
  return page.evaluate(
    () =>
      new Promise((done) => {
        const { map } = window.wardheat;
        const quiet = () => (map.loaded() && !map.isMoving() ? done() : map.once("idle", quiet));
        map.triggerRepaint();
        map.once("idle", quiet);
      }),
  );
}

/** Number of distinct colours in a picture. */
export async function colours(browser, png) {
  const page = await browser.newPage();
  try {
    return await page.evaluate(async (data) => {
      const picture = new Image();
      picture.src = `data:image/png;base64,${data}`;
      await picture.decode();
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      const pen = canvas.getContext("2d");
      pen.drawImage(picture, 0, 0);
      const pixels = new Uint32Array(pen.getImageData(0, 0, picture.width, picture.height).data.buffer);
      return new Set(pixels).size;
    }, png.toString("base64"));
  } finally {
    await page.close();
  }
}

/** Ways to look at one page; axe looks at each of them. */
export const LOOKS = {
  light: { colorScheme: "light" }, dark: { colorScheme: "dark" }, "forced colours": { colorScheme: "light", forcedColors: "active" },
};

/** What axe finds wrong on a page, as lines. */
export async function axe(page) {
  await page.evaluate(require("axe-core").source);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      // What holds is not listed: the list takes as long as the rules.
      resultTypes: ["violations"],
    }),
  );
  return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")})`);
}

/** Saves a picture of the page. */
export async function screenshot(page, name, options = {}) {
  const path = join(SCREENSHOTS, `${name}.png`);
  await mkdir(dirname(path), { recursive: true });
  return page.screenshot({ path, ...options });
}

/** Number of pages of a PDF. */
export function pages(pdf) {
  return pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}

const tests = [];

/** Names a claim and how it is checked: on the demo, or on all `sites` there are. */
export function test(name, check, { sites = "demo", seconds = 120 } = {}) {
  tests.push({ name, check, sites, seconds });
}

/** Checks one claim; gives the lines to print of it and whether it holds. */
async function checked({ name, check, context, seconds }) {
  const started = Date.now();
  const noted = [];
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${seconds} s`)), seconds * 1000);
  });
  try {
    await Promise.race([check({ ...context, note: (words) => noted.push(words) }), late]);
    return { holds: true, lines: [`ok    ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`, ...noted] };
  } catch (error) {
    return { holds: false, lines: [`FAIL  ${name}`, ...noted, ...String(error.stack ?? error).split("\n").slice(0, 12)] };
  } finally {
    clearTimeout(timer);
  }
}

/** Checks every claim, as many at a time as there are browsers; prints what came of each and the sum, and
 * gives the number that failed. */
export async function runAll({ browsers, sites }) {
  const only = process.argv[2];
  const left = tests.flatMap((one) =>
    sites.filter((_, i) => i === 0 || one.sites === "all").map((site, i) => ({
      ...one, name: i === 0 ? one.name : `${one.name} (${site.site})`, context: site,
    }))).filter(({ name }) => !only || name.includes(only));
  let failed = 0;
  let passed = 0;
  await Promise.all(browsers.map(async (browser) => {
    for (let one = left.shift(); one; one = left.shift()) {
      const { holds, lines } = await checked({ ...one, context: { browser, ...one.context } });
      if (holds) passed += 1;
      else failed += 1;
      console.log(lines.join("\n      "));
    }
  }));
  console.log(`${passed} passed, ${failed} failed`);
  return failed;
}
