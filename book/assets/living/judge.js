"use strict";
// The package's trained network, and `judge` of imdb_helpers/shipped.py, in JavaScript.

window.imdbBook = window.imdbBook || {};

(function (book) {
  // The rows of the kernel: the start of a review, the unknown word, the most frequent word.
  const [START, UNKNOWN, FIRST_WORD] = [1, 2, 4];
  const UNITS = 16;
  const HASHES = 6;
  let model = null;

  /** Unpack the network. @returns {Promise<void>} */
  book.loadModel = async function () {
    const arrays = await book.unpack(book.data.model);
    const vocabulary = new TextDecoder().decode(arrays.vocabulary).split("\n");
    const rows = new Map(vocabulary.map((word, i) => [word, i + FIRST_WORD]));
    model = { ...arrays, rows };
  };

  /** Whether the network knows a word by itself ("known"), as "rare", or not at all ("unknown"). */
  function kindOf(word) {
    if (model.rows.has(word)) return "known";
    return mightBeRare(word) ? "rare" : "unknown";
  }

  // A Bloom filter: it knows all rare words of the index, and takes 2 in 100 other strings for one.
  function mightBeRare(word) {
    const digest = book.sha256(word);
    for (let i = 0; i < HASHES; i += 1) {
      const place = digest[i] % (8 * model.rare.length);
      if (!((model.rare[place >> 3] >> (7 - (place & 7))) & 1)) return false;
    }
    return true;
  }

  const kinds = new Map(); // hashing is slow, and people type the same words again

  function remembered(word) {
    if (kinds.size > 50000) kinds.clear();
    if (!kinds.has(word)) kinds.set(word, kindOf(word));
    return kinds.get(word);
  }

  /**
   * Judge a text.
   *
   * @param {string} text
   * @param {Set<string>} [struck] words that are to be left out.
   * @returns {{probability: number, tokens: {word: string, kind: string, change: number}[]}} the
   *   probability of "positive", and every word of the text once, in order of first appearance;
   *   `change` is what the probability loses without it, 0 for words that are not known or are struck.
   */
  book.predict = function (text, struck = new Set()) {
    const words = [...new Set(book.pieces(text).map((piece) => piece.word))];
    const tokens = words
      .filter((word) => word !== null)
      .map((word) => ({ word, kind: remembered(word), change: 0 }));
    const counted = tokens.filter((token) => !struck.has(token.word));
    const whole = Float64Array.from(model.weight_1);
    add(whole, START, 1);
    if (counted.some((token) => token.kind === "rare")) add(whole, UNKNOWN, 1);
    const known = counted.filter((token) => token.kind === "known");
    for (const token of known) add(whole, model.rows.get(token.word), 1);
    const probability = fromFirstLayer(whole);
    for (const token of known) {
      const without = whole.slice();
      add(without, model.rows.get(token.word), -1);
      token.change = probability - fromFirstLayer(without);
    }
    return { probability, tokens };
  };

  function add(sums, row, sign) {
    const scale = sign * model.scale[row];
    for (let unit = 0; unit < UNITS; unit += 1) sums[unit] += model.kernel[row * UNITS + unit] * scale;
  }

  function fromFirstLayer(sums) {
    let z = model.weight_5[0];
    for (let unit = 0; unit < UNITS; unit += 1) {
      let sum = model.weight_3[unit];
      for (let i = 0; i < UNITS; i += 1) sum += Math.max(sums[i], 0) * model.weight_2[i * UNITS + unit];
      z += Math.max(sum, 0) * model.weight_4[unit];
    }
    return 1 / (1 + Math.exp(-z));
  }
})(window.imdbBook);
