/** Dragging over the months chooses a window; From and To do the same without dragging. */

/** Calls `chosen` with the first and last month dragged over. */
export function brush(chosen: (from: string, to: string) => void): void {
  let start: string | null = null;
  const month = (event: PointerEvent): string | null => {
    const bar = document.elementsFromPoint(event.clientX, event.clientY).find((one) => one.hasAttribute("data-month"));
    return bar?.getAttribute("data-month") ?? null;
  };
  const mark = (from: string, to: string): void => {
    const [low, high] = from < to ? [from, to] : [to, from];
    for (const bar of document.querySelectorAll("[data-month]")) {
      const own = bar.getAttribute("data-month") ?? "";
      bar.classList.toggle("c-slot--on", own >= low && own <= high);
    }
  };
  document.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    start = month(event);
    if (start) {
      event.preventDefault();
      mark(start, start);
    }
  });
  document.addEventListener("pointermove", (event) => {
    const over = start && month(event);
    if (start && over) mark(start, over);
  });
  const end = (): void => {
    start = null;
    for (const bar of document.querySelectorAll(".c-slot--on")) bar.classList.remove("c-slot--on");
  };
  document.addEventListener("pointercancel", end);
  document.addEventListener("pointerup", (event) => {
    if (!start) return;
    const [from, to] = [start, month(event) ?? start].sort();
    end();
    if (from && to) chosen(from, to);
  });
}
