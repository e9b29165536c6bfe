"use strict";
// Charts as SVG, coloured by the style sheet, so that a page's switch to dark needs no script.

window.imdbBook = window.imdbBook || {};

(function (book) {
  const NAMESPACE = "http://www.w3.org/2000/svg";
  const [WIDTH, HEIGHT] = [360, 240];
  const BOX = { left: 42, right: 348, top: 26, bottom: 200 };

  function svg(name, attributes = {}, text = "") {
    const made = document.createElementNS(NAMESPACE, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text) made.textContent = text;
    return made;
  }

  /**
   * Draw curves over epochs.
   *
   * @param {Element} place what the chart replaces the content of.
   * @param {{title: string, x: string, y: string, epochs: number, limits: [number, number],
   *   ticks: number[], curves: {kind: string, values: number[], thin?: boolean}[],
   *   band?: [number[], number[]], marks?: {epoch: number, text: string}[]}} what `kind` is "training"
   *   or "validation"; between the curves of `band` it is shaded. A curve ends before its first value
   *   that is no number.
   */
  book.drawCurves = function (place, what) {
    const [low, high] = what.limits;
    const x = (epoch) => BOX.left + ((BOX.right - BOX.left) * (epoch - 1)) / (what.epochs - 1);
    const y = (value) =>
      BOX.bottom - ((BOX.bottom - BOX.top) * (Math.min(Math.max(value, low), high) - low)) / (high - low);
    const chart = svg("svg", { role: "img", viewBox: `0 0 ${WIDTH} ${HEIGHT}` });
    chart.append(svg("title", {}, what.title));
    for (const tick of what.ticks) {
      const at = { x1: BOX.left, x2: BOX.right, y1: y(tick), y2: y(tick), class: "imdb-grid" };
      chart.append(svg("line", at));
      chart.append(svg("text", { x: BOX.left - 6, y: y(tick) + 4, class: "imdb-tick-y" }, `${tick}`));
    }
    for (const epoch of [1, 5, 10, 15, what.epochs]) {
      chart.append(svg("text", { x: x(epoch), y: BOX.bottom + 16, class: "imdb-tick-x" }, `${epoch}`));
    }
    const middle = (BOX.left + BOX.right) / 2;
    chart.append(svg("text", { x: middle, y: HEIGHT - 4, class: "imdb-tick-x" }, what.x));
    chart.append(svg("text", { x: BOX.left, y: 12, class: "imdb-label" }, what.y));
    const pointsOf = (values) => numbersOf(values).map((value, i) => `${x(i + 1)},${y(value)}`);
    if (what.band) {
      const [upper, lower] = what.band.map(pointsOf);
      const shared = Math.min(upper.length, lower.length);
      const points = [...upper.slice(0, shared), ...lower.slice(0, shared).reverse()].join(" ");
      chart.append(svg("polygon", { points, class: "imdb-band" }));
    }
    for (const { kind, values, thin } of what.curves) {
      const points = pointsOf(values);
      const weight = thin ? " imdb-thin" : "";
      chart.append(svg("polyline", { points: points.join(" "), class: `imdb-curve imdb-${kind}${weight}` }));
      if (thin) continue;
      numbersOf(values).forEach((value, i) => chart.append(markOf(kind, x(i + 1), y(value))));
    }
    (what.marks || []).forEach(({ epoch, text }, i) => {
      const at = x(epoch);
      chart.append(svg("line", { x1: at, x2: at, y1: BOX.top, y2: BOX.bottom, class: "imdb-best" }));
      const right = epoch > 0.7 * what.epochs;
      const place = { x: at + (right ? -5 : 5), y: BOX.top + 16 * (i + 1) };
      chart.append(svg("text", { ...place, class: right ? "imdb-label imdb-end" : "imdb-label" }, text));
    });
    place.replaceChildren(chart);
  };

  function numbersOf(values) {
    const end = values.findIndex((value) => !Number.isFinite(value));
    return end < 0 ? values : values.slice(0, end);
  }

  function markOf(kind, x, y) {
    if (kind === "training") return svg("circle", { cx: x, cy: y, r: 3, class: "imdb-mark-training" });
    return svg("rect", { x: x - 2.5, y: y - 2.5, width: 5, height: 5, class: "imdb-mark-validation" });
  }

  /**
   * Draw words as dots on one axis, each on a line of its own, in the order given.
   *
   * @param {Element} place
   * @param {{title: string, limit: number, words: [string, number][]}} what `limit`: the axis goes
   *   from minus this to this.
   */
  book.drawWords = function (place, { title, limit, words }) {
    const step = 17;
    const height = words.length * step + 24;
    const [left, right] = [90, WIDTH - 14];
    const x = (value) => left + ((right - left) * (Math.min(Math.max(value / limit, -1), 1) + 1)) / 2;
    const chart = svg("svg", { role: "img", viewBox: `0 0 ${WIDTH} ${height}` });
    chart.append(svg("title", {}, title));
    const bottom = words.length * step + 4;
    chart.append(svg("line", { x1: x(0), x2: x(0), y1: 0, y2: bottom, class: "imdb-best" }));
    for (const tick of [-limit, 0, limit]) {
      const text = `${tick}`.replace("-", "−");
      chart.append(svg("text", { x: x(tick), y: height - 4, class: "imdb-tick-x" }, text));
    }
    words.forEach(([word, value], i) => {
      const y = (i + 0.6) * step;
      const side = value > 0 ? "imdb-dot-up" : "imdb-dot-down";
      chart.append(svg("text", { x: left - 8, y: y + 4, class: "imdb-tick-y" }, word));
      if (!Number.isFinite(value)) return;
      chart.append(svg("line", { x1: x(0), x2: x(value), y1: y, y2: y, class: `imdb-stem ${side}` }));
      chart.append(svg("circle", { cx: x(value), cy: y, r: 4, class: side }));
    });
    place.replaceChildren(chart);
  };
})(window.imdbBook);
