// Builds web/dist: the script of the page, the map as a part loaded only where it can run, its
// worker (which must come from our own origin) and its style sheet. Names carry no hash: the server
// adds the version to the address.
import { build } from "esbuild";
import { appendFile, copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";

const dist = new URL("dist/", import.meta.url);
const library = new URL("node_modules/maplibre-gl/", import.meta.url);

await mkdir(dist, { recursive: true });
for (const name of await readdir(dist)) {
  if (name !== ".gitignore") await rm(new URL(name, dist), { recursive: true });
}

const bundled = {
  absWorkingDir: new URL(".", import.meta.url).pathname,
  outdir: "dist",
  bundle: true,
  format: "esm",
  target: ["es2022"],
  minify: true,
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
};
await build({
  ...bundled,
  entryPoints: { main: "src/main.ts", map: "src/map.ts", basemap: "src/basemap.ts" },
  splitting: true,
  chunkNames: "shared",
});
// A published site has no server: its one script goes with it.
await build({ ...bundled, entryPoints: { site: "src/site.ts" } });

for (const [from, to] of [
  ["dist/maplibre-gl-worker.mjs", "maplibre-gl-worker.mjs"],
  // Whole, for a published site: it has the library's own buttons.
  ["dist/maplibre-gl.css", "site-map.css"],
  ["LICENSE.txt", "maplibre-gl-LICENSE.txt"],
]) {
  await copyFile(new URL(from, library), new URL(to, dist));
}
// Of the library's style sheet only what the map itself needs: our own buttons and cards stand round it.
const OURS = /maplibregl-(map|canvas|canvas-container|interactive|track-pointer|touch|cooperative)/;
const sheet = await readFile(new URL("dist/maplibre-gl.css", library), "utf8");
const rules = sheet.replace(/\/\*[\s\S]*?\*\//g, "").match(/@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\}|[^{}@]+\{[^{}]*\}/g) ?? [];
const own = (selector) => OURS.test(selector) && !/ctrl|popup|marker/.test(selector);
const kept = rules.flatMap((rule) => {
  if (rule.startsWith("@")) return own(rule) ? [rule] : [];
  const [selectors = "", body = ""] = rule.split(/(?=\{)/);
  const ours = selectors.split(",").filter(own);
  return ours.length > 0 ? [ours.join(",") + body] : [];
});
await writeFile(new URL("maplibre-gl.css", dist), kept.join("\n"));
// The package comes without its licence; the other that it brings, fflate, has its own.
const site = new URL("pmtiles-LICENSE.txt", dist);
await copyFile(new URL("licences/pmtiles-LICENSE.txt", import.meta.url), site);
await appendFile(site, `\nfflate\n\n${await readFile(new URL("node_modules/fflate/LICENSE", import.meta.url), "utf8")}`);
console.log(`web/dist: ${(await readdir(dist)).filter((name) => name !== ".gitignore").join(", ")}`);
