/** The card of a cell, an area, a cluster or a hall: its figures as the layer gives them. */

import { root } from "./root.ts";
import { labels, words as say } from "./strings.ts";

function shown(value: unknown): string {
  if (value === null || value === undefined) return say.notKnown;
  if (typeof value === "boolean") return value ? say.yes : say.no;
  if (typeof value !== "number") return String(value);
  const digits = Number.isInteger(value) ? 0 : Math.abs(value) < 0.1 ? 4 : 2;
  return value.toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Fills the card; says so where there is no such place. */
export function showUnitCard(id: string, properties: Record<string, unknown> | null): void {
  const card = document.getElementById("pick");
  if (!card) return;
  card.hidden = false;
  const head = document.createElement("div");
  head.className = "hd";
  const title = document.createElement(properties ? "h2" : "p");
  title.className = properties ? "h3" : "pick__none";
  title.textContent = properties ? String(properties["name"] || properties["id"] || properties["number"] || "") : say.notThere(id);
  const close = document.createElement("a");
  close.className = "pick__close";
  close.href = root;
  close.dataset["pick"] = "";
  close.setAttribute("aria-label", say.close);
  close.textContent = "×";
  head.append(title, close);
  const list = document.createElement("dl");
  list.className = "facts";
  for (const [id, label] of Object.entries(labels)) {
    if (!properties || !(id in properties) || id === "name") continue;
    const row = document.createElement("div");
    const [what, value] = [document.createElement("dt"), document.createElement("dd")];
    what.textContent = label;
    value.textContent = shown(properties[id]);
    row.append(what, value);
    list.append(row);
  }
  card.replaceChildren(head, list);
}
