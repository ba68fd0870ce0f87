// Builds web/dist: the script of the page, the map as a part loaded only where it can run, its
// worker (which must come from our own origin) and its style sheet. Names carry no hash: the server
// adds the version to the address.
import { build } from "esbuild";
import { copyFile, mkdir, readdir, rm } from "node:fs/promises";

const dist = new URL("dist/", import.meta.url);
const library = new URL("node_modules/maplibre-gl/", import.meta.url);

await mkdir(dist, { recursive: true });
for (const name of await readdir(dist)) {
  if (name !== ".gitignore") await rm(new URL(name, dist), { recursive: true });
}

await build({
  absWorkingDir: new URL(".", import.meta.url).pathname,
  entryPoints: { main: "src/main.ts", map: "src/map.ts", basemap: "src/basemap.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022"],
  minify: true,
  charset: "utf8",
  legalComments: "none",
  chunkNames: "shared",
  logLevel: "warning",
});

for (const [from, to] of [
  ["dist/maplibre-gl-worker.mjs", "maplibre-gl-worker.mjs"],
  ["dist/maplibre-gl.css", "maplibre-gl.css"],
  ["LICENSE.txt", "maplibre-gl-LICENSE.txt"],
]) {
  await copyFile(new URL(from, library), new URL(to, dist));
}
console.log(`web/dist: ${(await readdir(dist)).filter((name) => name !== ".gitignore").join(", ")}`);
