"use strict";
// A run in the page: one network, the reviews that it learns from and is watched on, and its scores.

window.imdbBook = window.imdbBook || {};

(function (book) {
  /**
   * Make reviews of the unpacked arrays.
   *
   * A review is stored as steps from one column to the next; 255 goes on with the next byte.
   *
   * @param {{steps: Uint8Array, sizes: Uint16Array, labels: Uint8Array}} arrays
   * @returns {{learn: Uint16Array[], learnLabels: Uint8Array, held: Uint16Array[],
   *   heldLabels: Uint8Array}} each review as the columns of its words.
   */
  book.unfold = function ({ steps, sizes, labels }) {
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
  };

  book.Run = class {
    /**
     * @param {Object<string, string>} set settings, as `checkedSettings` gives them.
     * @param {number} seed
     * @param {Object} reviews as `unfold` gives them.
     */
    constructor(set, seed, reviews) {
      this.network = new book.Network({
        inputs: book.data.reviews.columns,
        hidden: Array.from({ length: Number(set.l) }, () => Number(set.u)),
        learningRate: Number(set.r),
        dropout: Number(set.d),
        loss: set.f,
        seed,
      });
      this.reviews = { ...reviews, learn: reviews.learn.slice(0, Number(set.n)) };
      this.scores = []; // of each epoch
    }

    /** Train until so many epochs are done. @returns {Run} */
    upTo(epochs) {
      const { learn, learnLabels, held, heldLabels } = this.reviews;
      while (this.scores.length < epochs) {
        const { loss, accuracy } = this.network.epoch(learn, learnLabels);
        const { loss: heldLoss, accuracy: heldAccuracy } = this.network.evaluate(held, heldLabels);
        this.scores.push({ loss, accuracy, heldLoss, heldAccuracy });
      }
      return this;
    }

    /** @returns {[string, number][]} how far some words alone push the sum before the last sigmoid. */
    pushes() {
      const empty = this.network.logit([]);
      return book.data.reviews.words.map(([word, column]) => [
        word,
        this.network.logit([column]) - empty,
      ]);
    }
  };
})(window.imdbBook);
