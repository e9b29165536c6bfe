"use strict";
// What can be set in "Watch it happen": exactly the settings of the stored runs on the real reviews.

window.imdbBook = window.imdbBook || {};

(function (book) {
  const CHOICES = {
    l: ["1", "2", "3"],
    u: ["4", "16", "32"],
    r: ["0.001", "0.01"],
    d: ["0", "0.5"],
    f: ["bce", "mse"],
    n: ["1000", "2000"],
  };
  const USUAL = { l: "2", u: "16", r: "0.001", d: "0", f: "bce", n: "2000", s: "1" };
  const SEED = /^\d{1,4}$/;

  /**
   * Check settings, each against its list; what is not on it is replaced by the usual one.
   *
   * @param {Iterable<[string, string]>} values
   * @returns {{set: Object<string, string>, bad: boolean}} `bad`: whether one was replaced.
   */
  book.checkedSettings = function (values) {
    const set = { ...USUAL };
    let bad = false;
    for (const [key, value] of values) {
      if (!(key in USUAL)) continue;
      if (key === "s" ? SEED.test(value) : CHOICES[key].includes(value)) set[key] = value;
      else bad = true;
    }
    return { set, bad };
  };

  /** Fill the menus with the choices. */
  book.fillMenus = function (controls, say) {
    for (const [key, values] of Object.entries(CHOICES)) {
      for (const value of values) {
        const text = key === "f" ? say(value) : Number(value).toLocaleString("en");
        controls[key].append(book.element("option", text, { value }));
      }
    }
  };

  /** @returns {{scores: Object[], reviews: number}} the stored run of settings on so many real reviews. */
  book.storedRun = function (set) {
    const { runs, reviews } = book.data.curves;
    const [loss, accuracy, heldLoss, heldAccuracy] = runs[Object.keys(CHOICES).map((key) => set[key]).join(" ")];
    const scores = loss.map((value, i) => ({
      loss: value,
      accuracy: accuracy[i],
      heldLoss: heldLoss[i],
      heldAccuracy: heldAccuracy[i],
    }));
    return { scores, reviews: reviews[set.n] };
  };
})(window.imdbBook);
