/** Hours and days chosen on the clock itself, by dragging or by keys; the lists of days and hours do the same. */

import { announce } from "./announce.ts";
import { days, words as say } from "./strings.ts";

/** Days from..to and hours from..to, ends inside. */
interface Block { day: [number, number]; hour: [number, number] }

const HOURS = 24;
const NAMES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const sorted = (a: number, b: number): [number, number] => (a < b ? [a, b] : [b, a]);
const clock = (): HTMLElement | null => document.getElementById("clock");

/** The block between two cells, each `day * 24 + hour`. */
function between(a: number, b: number): Block {
  return {
    day: sorted(Math.floor(a / HOURS), Math.floor(b / HOURS)),
    hour: sorted(a % HOURS, b % HOURS),
  };
}

/** The cell under the pointer. */
function cellAt(event: PointerEvent): number | null {
  const rects = [...(clock()?.querySelectorAll("svg > rect") ?? [])];
  const under = document.elementsFromPoint(event.clientX, event.clientY).find((one) => rects.includes(one));
  return under ? rects.indexOf(under) : null;
}

/** Draws the frame of a block over the clock. */
function frame(block: Block): void {
  const box = clock();
  const svg = box?.querySelector("svg");
  if (!box || !svg) return;
  const [left, side] = [Number(box.dataset["left"]), Number(box.dataset["cell"])];
  svg.querySelector(".clock__chosen")?.remove();
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const [x, y] = [left + block.hour[0] * side, block.day[0] * side];
  const [w, h] = [(block.hour[1] - block.hour[0] + 1) * side, (block.day[1] - block.day[0] + 1) * side];
  path.setAttribute("class", "clock__chosen");
  path.setAttribute("d", `M${x} ${y}h${w}v${h}h${-w}z`);
  svg.append(path);
}

function inWords(block: Block): string {
  const [from, to] = block.day;
  const hour = (n: number): string => `${String(n).padStart(2, "0")}:00`;
  const records = sum(block).toLocaleString("en-GB", { maximumFractionDigits: 0 });
  return say.hours(from === to ? days[from]! : say.span(days[from]!, days[to]!), hour(block.hour[0]), hour(block.hour[1] + 1), records);
}

function sum(block: Block): number {
  const weights = (clock()?.dataset["weights"] ?? "").split(",").map(Number);
  let total = 0;
  for (let day = block.day[0]; day <= block.day[1]; day++) {
    for (let hour = block.hour[0]; hour <= block.hour[1]; hour++) total += weights[day * HOURS + hour] ?? 0;
  }
  return total;
}

/** Puts a value into a list that may not hold it yet. */
function choose(select: HTMLSelectElement, value: string): void {
  if (![...select.options].some((option) => option.value === value)) select.add(new Option(value, value));
  select.value = value;
}

/** Sets the lists to the block, or to all hours, and tells the form. */
function apply(form: HTMLFormElement, block: Block | null): void {
  const [day, hour] = ["day", "hour"].map((name) => form.querySelector<HTMLSelectElement>(`select[name="${name}"]`));
  if (!day || !hour) return;
  const whole = (range: [number, number], most: number): boolean => range[0] === 0 && range[1] === most;
  choose(day, !block || whole(block.day, 6) ? "" : NAMES.slice(block.day[0], block.day[1] + 1).join(","));
  choose(hour, !block || whole(block.hour, 23) ? "" : `${block.hour[0]}-${block.hour[1] + 1}`);
  day.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Makes the clock of a page one stop of the keyboard. */
export function readyClock(page: Document): void {
  const box = page.getElementById("clock");
  if (!box) return;
  box.tabIndex = 0;
  box.setAttribute("role", "application");
  box.setAttribute("aria-label", say.clock);
}

/** Listens for choices on the clock, whichever drawing of it is on the page. */
export function startClock(form: HTMLFormElement): void {
  let start: number | null = null;
  let [anchor, cursor] = [0, 0];
  document.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !clock()?.contains(event.target as Node)) return;
    start = cellAt(event);
    if (start !== null) {
      event.preventDefault();
      [anchor, cursor] = [start, start];
      frame(between(start, start));
    }
  });
  document.addEventListener("pointermove", (event) => {
    const over = start === null ? null : cellAt(event);
    if (start !== null && over !== null) frame(between(start, (cursor = over)));
  });
  document.addEventListener("pointerup", (event) => {
    if (start === null) return;
    const block = between(start, cellAt(event) ?? cursor);
    start = null;
    apply(form, block);
  });
  document.addEventListener("pointercancel", () => {
    if (start === null) return;
    start = null;
    clock()?.querySelector(".clock__chosen")?.remove();
  });
  const steps: Record<string, [number, number]> = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  document.addEventListener("keydown", (event) => {
    if (document.activeElement !== clock() || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = steps[event.key];
    if (step) {
      event.preventDefault();
      const day = Math.min(6, Math.max(0, Math.floor(cursor / HOURS) + step[0]));
      const hour = Math.min(23, Math.max(0, (cursor % HOURS) + step[1]));
      cursor = day * HOURS + hour;
      if (!event.shiftKey) anchor = cursor;
      frame(between(anchor, cursor));
      announce(inWords(between(anchor, cursor)));
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      apply(form, between(anchor, cursor));
    } else if (event.key === "Escape") {
      event.preventDefault();
      apply(form, null);
    }
  });
}
