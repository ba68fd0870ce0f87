/** One polite line for those who do not see the map change. */
export function announce(words: string): void {
  const line = document.getElementById("status");
  if (line) line.textContent = words;
}

/** `1 hotspot`, `4 hotspots`. */
export function counted(n: number, one: string, many: string): string {
  return `${n.toLocaleString("en-GB")} ${n === 1 ? one : many}`;
}
