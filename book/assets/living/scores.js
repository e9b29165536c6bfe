"use strict";
// What scores mean: sentences, charts and a table, all from the same numbers.
// A score is {loss, accuracy, heldLoss, heldAccuracy} after an epoch; "held" is of validation.

window.imdbBook = window.imdbBook || {};

(function (book) {
  // By loss and rate: fixed while it runs, and high enough for the stored curves.
  const LOSS = {
    "bce 0.001": { limits: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1] },
    "bce 0.01": { limits: [0, 2], ticks: [0, 0.5, 1, 1.5, 2] },
    "mse 0.001": { limits: [0, 0.3], ticks: [0, 0.1, 0.2, 0.3] },
    "mse 0.01": { limits: [0, 0.3], ticks: [0, 0.1, 0.2, 0.3] },
  };
  const ACCURACY = { limits: [0.5, 1], ticks: [0.5, 0.6, 0.7, 0.8, 0.9, 1] };
  const column = (scores, key) => scores.map((score) => score[key]);

  /** @returns {number} the epoch with the lowest validation loss, from 1 on; 0 if there is none. */
  book.bestEpoch = function (scores) {
    const held = column(scores, "heldLoss");
    return 1 + held.indexOf(Math.min(...held));
  };

  /** @returns {string} what a run shows, in a sentence. */
  book.finding = function (scores, say) {
    if (!scores.length) return say("start");
    const epoch = book.bestEpoch(scores);
    const last = scores.at(-1);
    if (!epoch) return say("diverged"); // no number is the lowest
    return say("finding", {
      best: scores[epoch - 1].heldLoss.toFixed(3),
      epoch,
      last: last.heldLoss.toFixed(3),
      gap: (last.heldLoss - last.loss).toFixed(3),
    });
  };

  /** @returns {string} what ten runs show, in a sentence. */
  book.findingOfSeeds = function (runs, say) {
    const bests = runs.map(({ scores }) => book.bestEpoch(scores));
    const ends = runs.map(({ scores }) => scores.at(-1).heldAccuracy);
    return say("seeds", {
      from: Math.min(...bests),
      to: Math.max(...bests),
      low: Math.min(...ends).toFixed(3),
      high: Math.max(...ends).toFixed(3),
    });
  };

  /**
   * Draw the losses of a run, and the validation losses of others behind it.
   *
   * @param {Element} place
   * @param {Object[]} scores
   * @param {{say: function, set: Object, epochs: number, said: string, others?: Object[][],
   *   guess?: number}} how `said`: what the chart shows, for those who do not see it; `others`: the
   *   scores of other seeds; `guess`: an epoch.
   */
  book.drawLoss = function (place, scores, { say, set, epochs, said, others = [], guess = 0 }) {
    const [loss, held] = [column(scores, "loss"), column(scores, "heldLoss")];
    const more = others.map((other) => column(other, "heldLoss"));
    const best = scores.length > 1 ? book.bestEpoch(scores) : 0;
    const extremes = (pick) => held.map((value, i) => pick(value, ...more.map((values) => values[i])));
    const band = more.length ? [extremes(Math.max), extremes(Math.min)] : [held, loss];
    const marks = [
      { epoch: best, text: say("best", { epoch: best }) },
      { epoch: guess, text: say("guess", { epoch: guess }) },
    ];
    book.drawCurves(place, {
      title: say("chart-loss", { epochs: scores.length, finding: said }),
      x: say("epochs"),
      y: say("loss"),
      epochs,
      ...LOSS[`${set.f} ${set.r}`],
      curves: [
        ...more.map((values) => ({ kind: "validation", values, thin: true })),
        { kind: "training", values: loss },
        { kind: "validation", values: held },
      ],
      band,
      marks: marks.filter(({ epoch }) => epoch),
    });
  };

  /** Draw the accuracies of a run. */
  book.drawAccuracy = function (place, scores, { say, epochs }) {
    const [training, validation] = [column(scores, "accuracy"), column(scores, "heldAccuracy")];
    const last = (values) => (values.length ? values.at(-1).toFixed(3) : "–");
    const values = { epochs: scores.length, training: last(training), validation: last(validation) };
    book.drawCurves(place, {
      title: say("chart-accuracy", values),
      x: say("epochs"),
      y: say("accuracy"),
      epochs,
      ...ACCURACY,
      curves: [
        { kind: "training", values: training },
        { kind: "validation", values: validation },
      ],
    });
  };

  /** Write a row for each epoch. */
  book.writeTable = function (body, scores) {
    const rows = scores.map((score, i) => {
      const row = book.element("tr");
      row.append(book.element("th", String(i + 1), { scope: "row" }));
      for (const value of [score.loss, score.heldLoss, score.accuracy, score.heldAccuracy]) {
        row.append(book.element("td", Number.isFinite(value) ? value.toFixed(3) : "–"));
      }
      return row;
    });
    body.replaceChildren(...rows);
  };
})(window.imdbBook);
