"use strict";
// "Watch it happen": a network trains in the page, epoch by epoch, and its curves are drawn.

(function (book) {
  const EPOCHS = 20;
  const PACE = 200; // milliseconds for an epoch
  // Exactly the settings of the stored runs on the real reviews.
  const CHOICES = {
    l: ["1", "2", "3"],
    u: ["4", "16", "32"],
    r: ["0.001", "0.01"],
    d: ["0", "0.5"],
    f: ["bce", "mse"],
    n: ["1000", "2000"],
  };
  const USUAL = { l: "2", u: "16", r: "0.001", d: "0", f: "bce", n: "2000", s: "1" };
  // By loss and rate: fixed while it runs, and high enough for the stored curves.
  const AXES = {
    "bce 0.001": { limits: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1] },
    "bce 0.01": { limits: [0, 2], ticks: [0, 0.5, 1, 1.5, 2] },
    "mse 0.001": { limits: [0, 0.3], ticks: [0, 0.1, 0.2, 0.3] },
    "mse 0.01": { limits: [0, 0.3], ticks: [0, 0.1, 0.2, 0.3] },
  };
  const WORD_LIMITS = { 0.001: 0.6, 0.01: 3 }; // of the sum before the last sigmoid
  const ACCURACY = { limits: [0.5, 1], ticks: [0.5, 0.6, 0.7, 0.8, 0.9, 1] };
  const part = book.mount("watch");
  if (part) start(part);

  async function start({ root, say, out }) {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    const controls = Object.fromEntries(
      [...root.querySelectorAll("[data-set]")].map((control) => [control.dataset.set, control]),
    );
    const buttons = Object.fromEntries(
      [...root.querySelectorAll("[data-do]")].map((button) => [button.dataset.do, button]),
    );
    let set = { ...USUAL };
    let run = null; // the network, and the scores of its epochs
    let timer = 0;
    let others = []; // validation losses of other seeds
    let reviews = null;

    for (const [key, values] of Object.entries(CHOICES)) {
      const options = values.map((value) => {
        const text = key === "f" ? say(value) : Number(value).toLocaleString("en");
        return book.element("option", text, { value });
      });
      controls[key].append(...options);
    }
    for (const control of Object.values(controls)) control.addEventListener("change", fromControls);
    root.querySelectorAll("[data-question]").forEach((button) => {
      button.addEventListener("click", () => {
        begin(new URLSearchParams(button.dataset.question));
        play();
      });
    });
    buttons.play.addEventListener("click", () => (timer ? pause() : play()));
    buttons.step.addEventListener("click", step);
    buttons.reset.addEventListener("click", () => renew(0));
    buttons.seeds.addEventListener("click", tenSeeds);
    buttons.another.addEventListener("click", () => {
      controls.s.value = String((Number(set.s) % 9999) + 1);
      fromControls();
    });
    buttons.copy.addEventListener("click", async () => {
      const copied = await book.copyLink("watch", set);
      showNote(say(copied ? "copied" : "address"));
      book.write(out.status, say(copied ? "copied" : "address"));
    });
    window.addEventListener("hashchange", fromHash);

    try {
      reviews = unfold(await book.unpack(book.data.reviews));
    } catch {
      showNote(say("damaged"));
      return;
    }
    if (!fromHash()) begin(new URLSearchParams());

    function fromHash() {
      try {
        const values = book.readHash("watch");
        if (!values) return false;
        begin(values);
      } catch {
        begin(new URLSearchParams());
        showNote(say("bad-link"));
      }
      return true;
    }

    // Each setting against its list; another one is replaced by the usual, and that is said.
    function begin(values) {
      set = { ...USUAL };
      let bad = false;
      for (const [key, value] of values) {
        if (!(key in USUAL)) continue;
        const fits = key === "s" ? /^\d{1,4}$/.test(value) : CHOICES[key].includes(value);
        if (fits) set[key] = value;
        else bad = true;
      }
      for (const [key, control] of Object.entries(controls)) control.value = set[key];
      renew(EPOCHS);
      showNote(bad ? say("bad-link") : "");
    }

    function fromControls() {
      begin(new URLSearchParams(Object.entries(controls).map(([key, { value }]) => [key, value])));
    }

    function renew(epochs) {
      stop();
      others = [];
      run = newRun(Number(set.s));
      while (run.scores.length < epochs) oneEpoch(run);
      showReal();
      show();
    }

    function newRun(seed) {
      const network = new book.Network({
        inputs: book.data.reviews.columns,
        hidden: Array.from({ length: Number(set.l) }, () => Number(set.u)),
        learningRate: Number(set.r),
        dropout: Number(set.d),
        loss: set.f,
        seed,
      });
      return { network, scores: [] };
    }

    function oneEpoch({ network, scores }) {
      const count = Number(set.n);
      const learned = network.epoch(reviews.learn.slice(0, count), reviews.learnLabels);
      const held = network.evaluate(reviews.held, reviews.heldLabels);
      scores.push({
        loss: learned.loss,
        accuracy: learned.accuracy,
        heldLoss: held.loss,
        heldAccuracy: held.accuracy,
      });
    }

    function play() {
      if (run.scores.length >= EPOCHS) renew(0);
      if (calm.matches || document.hidden) {
        while (run.scores.length < EPOCHS) oneEpoch(run);
        finish();
        return;
      }
      book.write(buttons.play, say("pause"));
      timer = setInterval(() => {
        oneEpoch(run);
        if (run.scores.length >= EPOCHS || document.hidden) finish();
        else show();
      }, PACE);
    }

    function stop() {
      clearInterval(timer);
      timer = 0;
      book.write(buttons.play, say("play"));
    }

    function pause() {
      stop();
      book.write(out.status, say("paused", { epoch: run.scores.length }));
    }

    function step() {
      stop();
      if (run.scores.length >= EPOCHS) renew(0);
      oneEpoch(run);
      if (run.scores.length >= EPOCHS) finish();
      else show();
    }

    function finish() {
      stop();
      while (run.scores.length < EPOCHS) oneEpoch(run);
      show();
      book.write(out.status, say("finished", { finding: finding() }));
    }

    // One network for each turn of the timer, so that the page answers in between.
    function tenSeeds() {
      if (run.scores.length < EPOCHS) renew(EPOCHS);
      stop();
      const runs = [run];
      timer = setInterval(() => {
        const next = newRun(Number(set.s) + runs.length);
        while (next.scores.length < EPOCHS) oneEpoch(next);
        runs.push(next);
        others = runs.slice(1).map(({ scores }) => scores);
        show();
        if (runs.length < 10) return;
        stop();
        const bests = runs.map(({ scores }) => 1 + lowest(scores.map((score) => score.heldLoss)));
        const ends = runs.map(({ scores }) => scores.at(-1).heldAccuracy);
        const said = say("seeds", {
          from: Math.min(...bests),
          to: Math.max(...bests),
          low: Math.min(...ends).toFixed(3),
          high: Math.max(...ends).toFixed(3),
        });
        showNote(said);
        book.write(out.status, said);
      }, 0);
    }

    function showNote(text) {
      out.note.hidden = !text;
      book.write(out.note, text);
    }

    function finding() {
      const { scores } = run;
      if (!scores.length) return say("start");
      const held = scores.map((score) => score.heldLoss);
      if (!held.every(Number.isFinite)) return say("diverged");
      const epoch = lowest(held);
      const last = held.at(-1);
      return say("finding", {
        best: held[epoch].toFixed(3),
        epoch: epoch + 1,
        last: last.toFixed(3),
        gap: (last - scores.at(-1).loss).toFixed(3),
      });
    }

    function show() {
      const { network, scores } = run;
      const said = finding();
      book.write(out.finding, said);
      book.write(out.epoch, say("epoch", { epoch: scores.length, of: EPOCHS }));
      drawLoss(out.loss, scores, said, others);
      drawAccuracy(out.accuracy, scores);
      const empty = network.logit([]);
      const words = book.data.reviews.words.map(([word, column]) => [
        word,
        network.logit([column]) - empty,
      ]);
      const places = words.map(([word, value]) => `${word} ${value.toFixed(2)}`).join(", ");
      const limit = WORD_LIMITS[set.r];
      book.drawWords(out.words, { title: say("chart-words", { words: places }), limit, words });
      const rows = scores.map((score, i) => {
        const row = document.createElement("tr");
        row.append(book.element("th", String(i + 1), { scope: "row" }));
        for (const value of [score.loss, score.heldLoss, score.accuracy, score.heldAccuracy]) {
          row.append(book.element("td", value.toFixed(3)));
        }
        return row;
      });
      out.table.replaceChildren(...rows);
    }

    function drawLoss(place, scores, said, more = []) {
      const [loss, held] = ["loss", "heldLoss"].map((key) => scores.map((score) => score[key]));
      const thin = more.map((other) => other.map((score) => score.heldLoss));
      const best = held.length > 1 ? lowest(held) + 1 : 0;
      book.drawCurves(place, {
        title: say("chart-loss", { epochs: scores.length, finding: said }),
        x: say("epochs"),
        y: say("loss"),
        epochs: EPOCHS,
        ...AXES[`${set.f} ${set.r}`],
        curves: [
          ...thin.map((values) => ({ kind: "validation", values, thin: true })),
          { kind: "training", values: loss },
          { kind: "validation", values: held },
        ],
        gap: held.length > 1 ? [held, loss] : undefined,
        mark: best ? { epoch: best, text: say("best", { epoch: best }) } : undefined,
      });
    }

    function drawAccuracy(place, scores) {
      const [training, held] = ["accuracy", "heldAccuracy"].map((key) => scores.map((score) => score[key]));
      const last = (values) => (values.length ? values.at(-1).toFixed(3) : "–");
      book.drawCurves(place, {
        title: say("chart-accuracy", {
          epochs: scores.length,
          training: last(training),
          validation: last(held),
        }),
        x: say("epochs"),
        y: say("accuracy"),
        epochs: EPOCHS,
        ...ACCURACY,
        curves: [
          { kind: "training", values: training },
          { kind: "validation", values: held },
        ],
      });
    }

    function showReal() {
      const { runs, reviews: counts } = book.data.curves;
      const stored = runs[[set.l, set.u, set.r, set.d, set.f, set.n].join(" ")];
      const [loss, accuracy, heldLoss, heldAccuracy] = stored;
      const scores = loss.map((value, i) => ({
        loss: value,
        accuracy: accuracy[i],
        heldLoss: heldLoss[i],
        heldAccuracy: heldAccuracy[i],
      }));
      const best = lowest(heldLoss);
      const said = say("real", {
        reviews: counts[set.n].toLocaleString("en"),
        best: heldLoss[best].toFixed(3),
        epoch: best + 1,
        last: heldLoss.at(-1).toFixed(3),
        accuracy: heldAccuracy[best].toFixed(3),
      });
      book.write(out.real, said);
      drawLoss(out.realloss, scores, said);
      drawAccuracy(out.realaccuracy, scores);
    }
  }

  // A review is stored as steps from one column to the next; 255 goes on with the next byte.
  function unfold({ steps, sizes, labels }) {
    const every = [];
    let at = 0;
    for (const size of sizes) {
      const review = new Uint16Array(size);
      let column = -1;
      for (let i = 0; i < size; i += 1) {
        for (; steps[at] === 255; at += 1) column += 255;
        column += steps[at];
        at += 1;
        review[i] = column;
      }
      every.push(review);
    }
    const { learn } = book.data.reviews;
    return {
      learn: every.slice(0, learn),
      learnLabels: labels.slice(0, learn),
      held: every.slice(learn),
      heldLabels: labels.slice(learn),
    };
  }

  function lowest(values) {
    return values.indexOf(Math.min(...values));
  }
})(window.imdbBook);
