"use strict";
// "Watch it happen": a network trains in the page, epoch by epoch, and its curves are drawn.

(function (book) {
  const EPOCHS = 20;
  const PACE = 200; // milliseconds for an epoch
  const SEEDS = 10;
  const WORD_LIMITS = { 0.001: 0.6, 0.01: 3 }; // of the sum before the last sigmoid
  let reviews = null;

  async function load() {
    reviews = book.unfold(await book.unpack(book.data.reviews));
  }

  book.mount("watch", load).then((part) => part && start(part));

  function start(part) {
    const { root, say, out, note } = part;
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    const named = (key) =>
      Object.fromEntries([...root.querySelectorAll(`[data-${key}]`)].map((node) => [node.dataset[key], node]));
    const [controls, buttons] = [named("set"), named("do")];
    let set = null;
    let run = null;
    let timer = 0;
    let others = []; // scores of other seeds

    book.fillMenus(controls, say);
    for (const control of Object.values(controls)) control.addEventListener("change", fromControls);
    root.querySelectorAll("[data-question]").forEach((button) => {
      button.addEventListener("click", () => {
        change(new URLSearchParams(button.dataset.question));
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
    buttons.copy.addEventListener("click", () => book.copyLink("watch", set, part));
    out.guess.addEventListener("input", show);
    window.addEventListener("hashchange", fromHash);
    if (!fromHash()) begin([]);

    function fromHash() {
      try {
        const values = book.readHash("watch");
        if (!values) return false;
        begin(values);
      } catch {
        begin([]);
        note(say("bad-link"));
      }
      return true;
    }

    function fromControls() {
      change(Object.entries(controls).map(([key, { value }]) => [key, value]));
    }

    // What a reader has set stands in the address, so that a class can be sent there.
    function change(values) {
      begin(values);
      book.writeHash("watch", set);
    }

    function begin(values) {
      const checked = book.checkedSettings(values);
      set = checked.set;
      for (const [key, control] of Object.entries(controls)) control.value = set[key];
      renew(EPOCHS);
      note(checked.bad ? say("bad-link") : "");
      const real = book.storedRun(set);
      const best = book.bestEpoch(real.scores);
      const said = say("real", {
        reviews: real.reviews.toLocaleString("en"),
        best: real.scores[best - 1].heldLoss.toFixed(3),
        epoch: best,
        last: real.scores.at(-1).heldLoss.toFixed(3),
        accuracy: real.scores[best - 1].heldAccuracy.toFixed(3),
      });
      book.write(out.real, said);
      book.drawLoss(out.realloss, real.scores, { say, set, epochs: EPOCHS, said });
      book.drawAccuracy(out.realaccuracy, real.scores, { say, epochs: EPOCHS });
    }

    function newRun(seed) {
      return new book.Run(set, seed, reviews);
    }

    function renew(epochs) {
      stop();
      others = [];
      note("");
      run = newRun(Number(set.s)).upTo(epochs);
      show();
    }

    function repeat(call, pace) {
      stop();
      book.write(buttons.play, say("pause"));
      timer = setInterval(call, pace);
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

    function play() {
      if (run.scores.length >= EPOCHS) renew(0);
      if (calm.matches) goOn(EPOCHS);
      else repeat(() => goOn(document.hidden ? EPOCHS : run.scores.length + 1), PACE);
    }

    function step() {
      stop();
      if (run.scores.length >= EPOCHS) renew(0);
      goOn(run.scores.length + 1);
    }

    function goOn(epochs) {
      run.upTo(epochs);
      show();
      if (epochs < EPOCHS) return;
      stop();
      book.write(out.status, say("finished", { finding: book.finding(run.scores, say) }));
    }

    // One network for each turn of the timer, so that the page answers in between.
    function tenSeeds() {
      run.upTo(EPOCHS);
      const runs = [run];
      repeat(() => {
        runs.push(newRun(Number(set.s) + runs.length).upTo(EPOCHS));
        others = runs.slice(1).map(({ scores }) => scores);
        show();
        if (runs.length < SEEDS) return;
        stop();
        const said = book.findingOfSeeds(runs, say);
        note(said);
        book.write(out.status, said);
      }, 0);
    }

    function show() {
      const { scores } = run;
      const said = book.finding(scores, say);
      const guess = out.guess.checkValidity() ? Number(out.guess.value) : 0;
      book.write(out.finding, said);
      book.write(out.epoch, say("epoch", { epoch: scores.length, of: EPOCHS }));
      book.drawLoss(out.loss, scores, { say, set, epochs: EPOCHS, said, others, guess });
      book.write(out.shade, say(others.length ? "band" : "gap"));
      book.drawAccuracy(out.accuracy, scores, { say, epochs: EPOCHS });
      book.writeTable(out.table, scores);
      const words = run.pushes();
      const places = words.map(([word, value]) => `${word} ${value.toFixed(2)}`).join(", ");
      const title = say("chart-words", { words: places });
      book.drawWords(out.words, { title, limit: WORD_LIMITS[set.r], words });
    }
  }
})(window.imdbBook);
