/** The page of meetings made live: each change of the form or of a hall asks for the plan again. */

import { announce, tell, trouble } from "./announce.ts";
import * as api from "./api.ts";
import { swapParts } from "./parts.ts";
import { words as say } from "./strings.ts";

/** Milliseconds that a dragged slider must rest before the plan is asked for. */
const DRAG_WAIT = 120;

/** Wires the page, where the document is one. */
export function startMeetings(): void {
  const main = document.querySelector<HTMLElement>('main[data-live="meetings"]');
  const form = document.querySelector<HTMLFormElement>("#plan");
  if (!main || !form) return;
  main.classList.add("meet--live");
  const slider = addSlider(form);
  const line = document.createElement("p");
  line.className = "note meet__say";
  form.after(line);
  let pending: AbortController | undefined;
  let dragged: ReturnType<typeof setTimeout> | undefined;
  /** Key of a link that was followed while a plan was being made: it is followed once that is shown. */
  let queued: string | undefined;

  /** The address that the form asks for, without what is left alone. */
  const asked = (): string => {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && value !== "") query.append(name, value);
    }
    return `${form.getAttribute("action") ?? location.pathname}?${query.toString()}`;
  };

  /** Shows the plan at `target` without leaving the page; falls back to going there. */
  const go = async (target: string, history: "push" | "keep"): Promise<void> => {
    pending?.abort();
    pending = new AbortController();
    const { signal } = pending;
    main.classList.add("meet--busy");
    const open = openDetails(main);
    try {
      const fresh = await api.page(target, {
        signal,
        onWait: (seconds) => tell(line, say.stillWorking(say.thePlan, seconds)),
      });
      if (signal.aborted) return;
      tell(line, "");
      if (history === "push") window.history.pushState(null, "", target);
      fillForm(form, fresh);
      swapParts(fresh);
      for (const key of open) detailsOf(main, key)?.setAttribute("open", "");
      if (slider) slider.value = numberField(form)?.value ?? slider.value;
      announce(document.querySelector(".meet__verdict")?.textContent ?? "");
    } catch (error) {
      if (signal.aborted || (error instanceof DOMException && error.name === "AbortError")) return;
      if (error instanceof api.ApiError && error.status < 500) location.assign(target);
      else trouble(line, say.planFailed, { words: say.retry, go: () => void go(target, history) });
    } finally {
      if (!signal.aborted) {
        main.classList.remove("meet--busy");
        followQueued();
      }
    }
  };

  const followQueued = (): void => {
    const link = queued && main.querySelector(`a[data-key="${CSS.escape(queued)}"]`);
    queued = undefined;
    const target = link ? link.getAttribute("href") : null;
    if (target) void go(target, "push");
  };

  form.addEventListener("change", (event) => {
    const field = event.target as HTMLInputElement;
    const number = numberField(form);
    clearTimeout(dragged);
    if (field === slider && number) number.value = slider.value;
    keepMonthsInOrder(form, field);
    if (form.checkValidity()) void go(asked(), "push");
    else form.reportValidity();
  });
  slider?.addEventListener("input", () => {
    const number = numberField(form);
    if (number) number.value = slider.value;
    // While it is dragged the plan follows; the address is set where it is let go.
    clearTimeout(dragged);
    dragged = setTimeout(() => void go(asked(), "keep"), DRAG_WAIT);
  });
  // Choices in the list of halls belong to the form, but lie outside it.
  main.addEventListener("change", (event) => {
    const field = event.target as HTMLSelectElement;
    if (field.form === form && !form.contains(field)) void go(asked(), "push");
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void go(asked(), "push");
  });
  main.addEventListener("click", (event) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest("a[data-soft]");
    const target = link?.getAttribute("href");
    if (!target) return;
    event.preventDefault();
    // The address of a link that is shown now lacks what has been asked for since.
    if (main.classList.contains("meet--busy")) queued = link?.getAttribute("data-key") ?? undefined;
    else void go(target, "push");
  });
  window.addEventListener("popstate", () => void go(location.href, "keep"));
}

const numberField = (form: HTMLFormElement): HTMLInputElement | null =>
  form.querySelector<HTMLInputElement>('input[name="k"]');

/** A slider under the number of meetings: the same choice, quicker to change. */
function addSlider(form: HTMLFormElement): HTMLInputElement | null {
  const number = numberField(form);
  if (!number) return null;
  const slider = document.createElement("input");
  slider.type = "range";
  for (const name of ["min", "max"]) slider.setAttribute(name, number.getAttribute(name) ?? "1");
  slider.value = number.value;
  slider.dataset["key"] = "k-slider";
  slider.setAttribute("aria-label", say.meetings);
  number.closest("label")?.after(slider);
  const field = document.createElement("div");
  field.className = "meet__k";
  number.closest("label")?.replaceWith(field);
  field.append(labelOf(number), slider);
  return slider;
}

/** The number's label, made anew: a label may name one field only. */
function labelOf(number: HTMLInputElement): HTMLLabelElement {
  const label = document.createElement("label");
  label.className = "fld";
  const words = document.createElement("span");
  words.textContent = say.meetings;
  label.append(words, number);
  return label;
}

/** Sets the fields of the form to those of `fresh`: a link may have changed them. */
function fillForm(form: HTMLFormElement, fresh: Document): void {
  const twins = fresh.querySelector<HTMLFormElement>("#plan");
  for (const field of form.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input[name], select[name]")) {
    if (field.closest("[data-part]")) continue;
    const twin = twins?.querySelector<HTMLInputElement | HTMLSelectElement>(`[name="${CSS.escape(field.name)}"]`);
    if (twin) field.value = twin.value;
  }
}

/** A later first month moves the last one along, and the other way round. */
function keepMonthsInOrder(form: HTMLFormElement, changed: HTMLElement): void {
  const month = (name: string): HTMLSelectElement | null => form.querySelector(`select[name="${name}"]`);
  const [from, to] = [month("from"), month("to")];
  if (!from || !to || from.value <= to.value) return;
  if (changed === from) to.value = from.value;
  else from.value = to.value;
}

/** Lists that are folded out stay so over a change. */
function openDetails(main: HTMLElement): string[] {
  const open = [...main.querySelectorAll<HTMLDetailsElement>("details[open]")];
  return open.map((details) => keyOf(details));
}

function keyOf(details: HTMLDetailsElement): string {
  const part = details.closest<HTMLElement>("[data-part]");
  const own = part ? [...part.querySelectorAll("details")].indexOf(details) : 0;
  return `${part?.dataset["part"] ?? ""}:${own}`;
}

function detailsOf(main: HTMLElement, key: string): HTMLDetailsElement | undefined {
  const all = [...main.querySelectorAll<HTMLDetailsElement>("details")];
  return all.find((details) => keyOf(details) === key);
}
