/**
 * The path that this server is seen under, with a slash at its end: `/`, or `/wardheat/` where a
 * proxy shows it below another. The scripts lie in `assets/` under it.
 */
export const root = new URL("..", import.meta.url).pathname;
