// Tables in narrow windows: what is asked first lies in sight, and no name is cut within a word.

import assert from "node:assert/strict";
import { openPage, test } from "./support.mjs";

/** Regions whose table is wider than they are. */
const scrolled = (page, within = "main") => page.locator(`${within} .tw:visible`).evaluateAll((regions) =>
  regions.filter((region) => region.scrollWidth > region.clientWidth).map((region) => region.getAttribute("aria-label")));

/** Words of the rows' names that run over two lines. */
const cut = (page) => page.locator("tbody th:visible").evaluateAll((cells) => cells.flatMap((cell) => {
  const texts = [...cell.childNodes].map((node) => (node.nodeName === "A" ? node.firstChild : node));
  return texts.filter((text) => text?.nodeType === Node.TEXT_NODE).flatMap((text) => {
    const word = document.createRange();
    return [...text.textContent.matchAll(/\S+/g)].filter(({ 0: letters, index }) => {
      word.setStart(text, index);
      word.setEnd(text, index + letters.length);
      return new Set([...word.getClientRects()].map(({ top }) => top)).size > 1;
    }).map(([letters]) => letters);
  });
}));

test("on a phone the wards, their counts, rates and changes lie within the window", async ({ base, browser }) => {
  const { page, close } = await openPage(browser, base, "/wards", { ready: "page", viewport: { width: 390, height: 844 } });
  assert.deepEqual(await scrolled(page), []);
  assert.deepEqual(await cut(page), []);
  const first = await page.locator("tbody tr").first().innerText();
  for (const words of [/residents/, /rank \d/, /higher|lower|as usual|too few/]) assert.match(first, words);
  assert.equal(await page.locator("tbody tr").first().locator(":is(th, td):visible").count(), 4);
  await close();
});

test("tables of need, of the chair and of data need no sideways scrolling in a narrow window", async ({ base, browser }) => {
  const need = ".meet__need";
  for (const [path, width, within] of [
    ["/meetings", 390, need], ["/meetings", 320, need], ["/meetings/chair", 390], ["/data", 768],
  ]) {
    const { page, close } = await openPage(browser, base, path, { ready: "page", viewport: { width, height: 900 } });
    assert.deepEqual(await scrolled(page, within), [], `${path} at ${width}`);
    if (path !== "/data") assert.deepEqual(await cut(page), [], `${path} at ${width}`);
    await close();
  }
});
