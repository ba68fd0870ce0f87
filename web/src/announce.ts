/** One polite line for those who do not see the map change. */
export function announce(words: string): void {
  const line = document.getElementById("status");
  if (line) line.textContent = words;
}
