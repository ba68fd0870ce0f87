/** Two windows side by side: a second map over the first, cut off at the slider. */

import { Map as LiveMap } from "maplibre-gl";
import type { RasterTileSource } from "maplibre-gl";
import type { View } from "./state.ts";
import { words as say } from "./strings.ts";
import { buildStyle, type Drawn } from "./style.ts";

/** The second map; it exists only while two windows are compared. */
export class Twin {
  #map: LiveMap | undefined;
  #stage: HTMLElement | undefined;
  readonly #under: HTMLElement;
  readonly #first: LiveMap;
  readonly #onSwipe: (percent: string) => void;
  readonly #follow = (): void => {
    const { lng, lat } = this.#first.getCenter();
    this.#map?.jumpTo({ center: [lng, lat], zoom: this.#first.getZoom() });
  };

  constructor(under: HTMLElement, first: LiveMap, onSwipe: (percent: string) => void) {
    this.#under = under;
    this.#first = first;
    this.#onSwipe = onSwipe;
  }

  /** Shows heat of `tiles` right of the slider; takes it away where there is none. */
  show(tiles: string | null, drawn: Drawn, view: View): void {
    const box = document.getElementById("swipe");
    const slider = document.querySelector<HTMLInputElement>("#swipe-at");
    if (!tiles || !box || !slider) {
      this.#end();
      if (box) box.hidden = true;
      return;
    }
    box.hidden = false;
    if (this.#map) {
      this.#map.getSource<RasterTileSource>("heat")?.setTiles([tiles]);
    } else {
      this.#stage = document.createElement("div");
      this.#stage.className = "map__twin";
      this.#stage.setAttribute("aria-hidden", "true");
      this.#under.after(this.#stage);
      const { lng, lat } = this.#first.getCenter();
      this.#map = new LiveMap({
        container: this.#stage,
        style: buildStyle({ ...drawn, heatTiles: tiles }, { ...view, hotspots: false }),
        center: [lng, lat], zoom: this.#first.getZoom(),
        interactive: false, attributionControl: false, renderWorldCopies: false,
      });
      this.#map.getCanvas().setAttribute("tabindex", "-1");
      this.#first.on("move", this.#follow);
    }
    const cut = (): void => this.#cut(Number(slider.value));
    slider.oninput = cut;
    slider.onchange = () => this.#onSwipe(slider.value);
    cut();
  }

  /** Shows the second map right of this share of the width. */
  #cut(percent: number): void {
    this.#stage?.style.setProperty("clip-path", `inset(0 0 0 ${percent}%)`);
    const box = document.getElementById("swipe");
    box?.style.setProperty("--at", `${percent}%`);
    const [left = "", right = ""] = [...(box?.querySelectorAll("span") ?? [])].map((one) => one.textContent ?? "");
    document.getElementById("swipe-at")?.setAttribute("aria-valuetext", say.swiped(percent, left, right));
  }

  #end(): void {
    this.#first.off("move", this.#follow);
    this.#map?.remove();
    this.#stage?.remove();
    this.#map = undefined;
    this.#stage = undefined;
  }
}
