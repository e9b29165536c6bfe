"use strict";
// How the data set's makers turned a text into words; `words_of` in imdb_helpers/text.py in JavaScript.

window.imdbBook = window.imdbBook || {};

(function (book) {
  // What became a space. The apostrophe is not among them.
  const SEPARATORS = new Set("!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n ");

  /**
   * Cut a text into pieces, in reading order; together they are the text.
   *
   * @param {string} text
   * @returns {{text: string, word: ?string}[]} `word` is in lower case (ASCII letters only, since the
   *   recipe ran on bytes), or null for what lies between two words.
   */
  book.pieces = function (text) {
    const pieces = [];
    let start = 0;
    for (let end = 1; end <= text.length; end += 1) {
      const between = SEPARATORS.has(text[start]);
      if (end < text.length && SEPARATORS.has(text[end]) === between) continue;
      const piece = text.slice(start, end);
      pieces.push({ text: piece, word: between ? null : lowerASCII(piece) });
      start = end;
    }
    return pieces;
  };

  function lowerASCII(word) {
    return word.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  }
})(window.imdbBook);
