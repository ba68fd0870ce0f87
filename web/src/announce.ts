/** What the page says of itself: one polite line for those who do not see it change, and lines for all. */

/** Says words to those who do not see the page change. */
export function announce(words: string): void {
  const line = document.getElementById("status");
  if (line) line.textContent = words;
}

/** Shows words in a line of the page; no words empty it. */
export function tell(line: HTMLElement | null, words: string): void {
  if (line && line.textContent !== words) replace(line, words);
}

/** Shows in a line what went wrong, and says it once; where it can be tried again, with a button for that. */
export function trouble(line: HTMLElement | null, words: string, retry?: { words: string; go: () => void }): void {
  if (!line) return;
  const before = line.firstChild?.textContent?.trim();
  const button = document.createElement("button");
  button.type = "button";
  button.className = "again";
  button.textContent = retry?.words ?? "";
  button.addEventListener("click", () => retry?.go());
  replace(line, ...(retry ? [`${words} `, button] : [words]));
  if (before !== words) announce(words);
}

/** Puts parts into a line; the keyboard stays there, or goes to the answer where nothing is left to press. */
function replace(line: HTMLElement, ...parts: (string | HTMLElement)[]): void {
  const inside = line.contains(document.activeElement);
  line.replaceChildren(...parts);
  if (inside) (line.querySelector("button") ?? document.getElementById("answer"))?.focus({ preventScroll: true });
}
