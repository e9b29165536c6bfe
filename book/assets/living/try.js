"use strict";
// "Try the model": type a review, see the probability and what each word does, strike words out.

(function (book) {
  const LONGEST = 4000; // characters
  const NOTED = 0.01; // a smaller change is not shown
  const STEPS = [0.15, 0.05]; // from here on, the third and the second tint
  const DECIDING = 8;
  book.mount("try", () => book.loadModel()).then((part) => part && start(part));

  function start(part) {
    const { root, say, out } = part;
    const area = root.querySelector("textarea");
    const struck = new Set();
    const announce = book.later(600, (text) => book.write(out.status, text));
    let now = { probability: 0.5, tokens: [] };

    root.querySelectorAll("[data-example]").forEach((button) => {
      button.addEventListener("click", () => begin(button.querySelector("span").textContent));
    });
    root.querySelector('[data-do="copy"]').addEventListener("click", copy);
    out.restore.addEventListener("click", () => {
      restore();
      (out.text.querySelector('[tabindex="0"]') || area).focus(); // the button is gone
    });
    area.addEventListener("input", show);
    out.text.addEventListener("click", (event) => strike(event.target.dataset.word));
    out.text.addEventListener("keydown", move);
    for (const event of ["focusin", "mouseover"]) out.text.addEventListener(event, explain);
    out.deciding.addEventListener("click", (event) => strike(event.target.dataset.word));
    window.addEventListener("hashchange", fromHash);

    if (!fromHash()) begin(firstExample());

    function firstExample() {
      return root.querySelector("[data-example] span").textContent;
    }

    function begin(text, words = []) {
      struck.clear();
      words.forEach((word) => struck.add(word));
      area.value = text;
      show();
    }

    function fromHash() {
      try {
        const values = book.readHash("try");
        if (!values) return false;
        const words = (values.get("x") || "").split(" ").filter(Boolean);
        begin((values.get("t") || "").slice(0, LONGEST), words);
      } catch {
        begin(firstExample());
        part.note(say("bad-link"));
      }
      return true;
    }

    function copy() {
      book.copyLink("try", { x: [...struck].join(" "), t: area.value.slice(0, LONGEST) }, part);
    }

    function restore() {
      struck.clear();
      show();
    }

    function strike(word) {
      if (word === undefined) return;
      if (!struck.delete(word)) struck.add(word);
      show();
    }

    function explain(event) {
      const token = now.tokens.find(({ word }) => word === event.target.dataset.word);
      if (!token || token.kind !== "known" || struck.has(token.word)) return;
      const values = { word: token.word, percent: percent(now.probability - token.change) };
      book.write(out.word, say("without", values));
    }

    function show() {
      const text = area.value.slice(0, LONGEST);
      now = book.predict(text, struck);
      const { probability, tokens } = now;
      const said = answer(probability, tokens);
      book.write(out.answer, said);
      out.bar.style.inlineSize = `${100 * probability}%`;
      part.note(area.value.length > LONGEST ? say("cut") : "");
      out.restore.hidden = !struck.size;
      showText(book.pieces(text), new Map(tokens.map((token) => [token.word, token])));
      showDeciding(probability, tokens);
      showOthers(tokens);
      book.write(out.word, "");
      announce(said);
    }

    function percent(p) {
      if (p > 0.99) return say("over");
      return p < 0.01 ? say("under") : say("percent", { number: Math.round(100 * p) });
    }

    function answer(p, tokens) {
      const left = tokens.filter((token) => !struck.has(token.word));
      const values = { percent: percent(p) };
      if (!left.length) return say("empty", values);
      if (left.every((token) => token.kind === "unknown")) return say("none", values);
      if (p >= 0.45 && p <= 0.55) return say("unsure", values);
      return say(p > 0.5 ? "positive" : "negative", values);
    }

    // Elements are kept and changed only where they must be: a key press costs little then.
    function showText(pieces, tokens) {
      const inReach = out.text.querySelector('[tabindex="0"]');
      const place = Math.max(0, [...out.text.children].indexOf(inReach));
      pieces.forEach((piece, i) => {
        const name = piece.word === null ? "SPAN" : "BUTTON";
        let node = out.text.children[i];
        if (!node || node.tagName !== name) {
          const made = book.element(name.toLowerCase());
          if (name === "BUTTON") made.type = "button";
          if (node) node.replaceWith(made);
          else out.text.append(made);
          node = made;
        }
        book.write(node, piece.text);
        if (name === "BUTTON") mark(node, piece.word, tokens.get(piece.word));
      });
      while (out.text.children.length > pieces.length) out.text.lastChild.remove();
      const buttons = [...out.text.querySelectorAll("button")];
      const reach = buttons.includes(out.text.children[place]) ? out.text.children[place] : buttons[0];
      buttons.forEach((button) => setTab(button, button === reach));
    }

    function setTab(button, inReach) {
      const value = inReach ? 0 : -1;
      if (button.tabIndex !== value || !button.hasAttribute("tabindex")) button.tabIndex = value;
    }

    function mark(button, word, token) {
      const gone = struck.has(word);
      const strength = Math.abs(token.change);
      const step = strength > STEPS[0] ? 3 : strength > STEPS[1] ? 2 : 1;
      let look = token.kind === "known" ? "" : "imdb-unknown";
      if (strength >= NOTED) look = `imdb-${token.change > 0 ? "up" : "down"} imdb-${step}`;
      const wanted = gone ? "imdb-struck" : look;
      if (button.className !== wanted) button.className = wanted;
      button.dataset.word = word;
      const pressed = String(gone);
      if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
    }

    function showDeciding(probability, tokens) {
      const ranked = tokens
        .filter((token) => Math.abs(token.change) >= NOTED || struck.has(token.word))
        .sort((a, b) => struck.has(b.word) - struck.has(a.word) || Math.abs(b.change) - Math.abs(a.change))
        .slice(0, DECIDING);
      const rows = ranked.map((token) => {
        const gone = struck.has(token.word);
        const row = document.createElement("tr");
        const points = Math.round(100 * token.change);
        const signed = `${points > 0 ? "+" : points < 0 ? "−" : ""}${Math.abs(points)}`;
        row.append(
          book.element("th", token.word, { scope: "row" }),
          book.element("td", percent(gone ? probability : probability - token.change)),
          book.element("td", gone ? "" : signed),
        );
        const what = say(gone ? "back" : "strike");
        const label = say("strike-word", { what, word: token.word });
        const button = book.element("button", what, { type: "button", "aria-label": label });
        button.dataset.word = token.word;
        const cell = document.createElement("td");
        cell.append(button);
        row.append(cell);
        return row;
      });
      const focused = document.activeElement?.dataset?.word;
      const inTable = out.deciding.contains(document.activeElement);
      out.deciding.replaceChildren(...rows);
      out.decides.hidden = !rows.length;
      if (inTable) {
        const again = [...out.deciding.querySelectorAll("button")];
        (again.find((button) => button.dataset.word === focused) || again[0] || area).focus();
      }
    }

    function showOthers(tokens) {
      const named = (kind) => tokens.filter((token) => token.kind === kind).map((token) => token.word);
      const sentences = ["rare", "unknown"]
        .filter((kind) => named(kind).length)
        .map((kind) => say(kind, { words: named(kind).slice(0, 20).join(", ") }));
      book.write(out.others, sentences.join(" "));
    }

    // One word is reached by Tab; arrows, Home and End go from there.
    function move(event) {
      const buttons = [...out.text.querySelectorAll("button")];
      const at = buttons.indexOf(document.activeElement);
      const last = buttons.length - 1;
      const goals = {
        ArrowRight: at + 1,
        ArrowDown: at + 1,
        ArrowLeft: at - 1,
        ArrowUp: at - 1,
        Home: 0,
        End: last,
      };
      if (event.key === "Escape") restore();
      if (at < 0 || !(event.key in goals)) return;
      event.preventDefault();
      const goal = buttons[Math.min(Math.max(goals[event.key], 0), last)];
      buttons.forEach((button) => setTab(button, button === goal));
      goal.focus();
    }
  }
})(window.imdbBook);
