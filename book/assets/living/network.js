"use strict";
// imdb_helpers/network.py in JavaScript: a network that learns in the page.

window.imdbBook = window.imdbBook || {};

(function (book) {
  /**
   * Make a source of random numbers from 0 to 1, the same ones for the same seed (mulberry32).
   *
   * @param {number} seed
   * @returns {function(): number}
   */
  book.luck = function (seed) {
    let state = seed | 0;
    return function () {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    };
  };

  /**
   * Hidden layers with relu and one sigmoid unit, trained by rmsprop.
   *
   * A review is an array of the columns that hold a one. All computing is done in float64.
   */
  book.Network = class {
    /**
     * @param {{inputs: number, hidden?: number[], learningRate?: number, dropout?: number,
     *   loss?: string, seed?: number}} settings `loss` is "bce" or "mse".
     */
    constructor(settings) {
      const defaults = { hidden: [16, 16], learningRate: 0.001, dropout: 0, loss: "bce", seed: 0 };
      Object.assign(this, defaults, settings);
      // Three kinds of luck, kept apart: change one, and the others stay as they are.
      const starts = book.luck(3 * this.seed);
      this.orders = book.luck(3 * this.seed + 1);
      this.drops = book.luck(3 * this.seed + 2);
      const widths = [this.inputs, ...this.hidden, 1];
      this.layers = widths.slice(1).map((units, i) => startedLayer(widths[i], units, starts));
    }

    /**
     * Go through the reviews once, in batches.
     *
     * @param {ArrayLike<number>[]} reviews
     * @param {ArrayLike<number>} labels
     * @param {{order?: number[], batchSize?: number}} [how] `order` replaces the shuffled one.
     * @returns {{loss: number, accuracy: number}} means over the batches, while the weights changed.
     */
    epoch(reviews, labels, { order = shuffled(reviews.length, this.orders), batchSize = 512 } = {}) {
      const score = { loss: 0, accuracy: 0 };
      for (let first = 0; first < order.length; first += batchSize) {
        const batch = order.slice(first, first + batchSize);
        const passes = batch.map((i) => this.forward(reviews[i], this.dropout));
        batch.forEach((i, k) => addScore(score, passes[k].p, labels[i], this.loss, order.length));
        batch.forEach((i, k) => this.backward(passes[k], labels[i], batch.length));
        this.step();
      }
      return score;
    }

    /** @returns {{loss: number, accuracy: number}} of reviews that are not learned from. */
    evaluate(reviews, labels) {
      const score = { loss: 0, accuracy: 0 };
      reviews.forEach((review, i) =>
        addScore(score, this.forward(review).p, labels[i], this.loss, reviews.length),
      );
      return score;
    }

    /** @returns {number} the sum that goes into the last sigmoid. */
    logit(review) {
      return this.forward(review).z;
    }

    forward(review, dropout = 0) {
      const outputs = [review]; // what each layer hands on
      const slopes = []; // of each hidden unit's relu; 0 where it was off or dropped
      let sums = sumRows(this.layers[0], review);
      for (const layer of this.layers.slice(1)) {
        const h = new Float64Array(sums.length);
        const slope = new Float64Array(sums.length);
        for (let unit = 0; unit < h.length; unit += 1) {
          const kept = !dropout || this.drops() >= dropout ? 1 / (1 - dropout) : 0;
          slope[unit] = sums[unit] > 0 ? kept : 0;
          h[unit] = sums[unit] * slope[unit];
        }
        outputs.push(h);
        slopes.push(slope);
        sums = product(layer, h);
      }
      return { outputs, slopes, z: sums[0], p: 1 / (1 + Math.exp(-sums[0])) };
    }

    // Add one review's gradients, by the chain rule, from the last layer to the first.
    backward({ outputs, slopes, p }, y, size) {
      let first = (p - y) / size;
      if (this.loss === "mse") first *= 2 * p * (1 - p);
      let ofSum = Float64Array.of(first);
      for (let depth = this.layers.length - 1; depth > 0; depth -= 1) {
        const { units, kernel, kernelGradient, biasGradient } = this.layers[depth];
        const input = outputs[depth];
        const before = new Float64Array(input.length);
        for (let i = 0; i < input.length; i += 1) {
          for (let unit = 0; unit < units; unit += 1) {
            kernelGradient[i * units + unit] += input[i] * ofSum[unit];
            before[i] += kernel[i * units + unit] * ofSum[unit];
          }
          before[i] *= slopes[depth - 1][i];
        }
        for (let unit = 0; unit < units; unit += 1) biasGradient[unit] += ofSum[unit];
        ofSum = before;
      }
      const { units, kernelGradient, biasGradient } = this.layers[0];
      for (const column of outputs[0]) {
        const row = column * units;
        for (let unit = 0; unit < units; unit += 1) kernelGradient[row + unit] += ofSum[unit];
      }
      for (let unit = 0; unit < units; unit += 1) biasGradient[unit] += ofSum[unit];
    }

    // Move each weight against its gradient: rmsprop, as in Keras.
    step() {
      for (const layer of this.layers) {
        move(layer.kernel, layer.kernelGradient, layer.kernelSquares, this.learningRate);
        move(layer.bias, layer.biasGradient, layer.biasSquares, this.learningRate);
      }
    }
  };

  function startedLayer(rows, units, luck) {
    const limit = Math.sqrt(6 / (rows + units)); // Glorot's start
    const kernel = Float64Array.from({ length: rows * units }, () => limit * (2 * luck() - 1));
    const [bias, size] = [new Float64Array(units), kernel.length];
    return {
      units,
      kernel,
      bias,
      kernelGradient: new Float64Array(size),
      kernelSquares: new Float64Array(size),
      biasGradient: new Float64Array(units),
      biasSquares: new Float64Array(units),
    };
  }

  // One input after the other is a one or a zero: the rows of the ones are added.
  function sumRows({ units, kernel, bias }, review) {
    const sums = Float64Array.from(bias);
    for (const column of review) {
      const row = column * units;
      for (let unit = 0; unit < units; unit += 1) sums[unit] += kernel[row + unit];
    }
    return sums;
  }

  function product({ units, kernel, bias }, h) {
    const sums = Float64Array.from(bias);
    for (let i = 0; i < h.length; i += 1) {
      if (h[i] === 0) continue;
      for (let unit = 0; unit < units; unit += 1) sums[unit] += h[i] * kernel[i * units + unit];
    }
    return sums;
  }

  function move(weights, gradients, squares, rate) {
    for (let i = 0; i < weights.length; i += 1) {
      const gradient = gradients[i];
      squares[i] = 0.9 * squares[i] + 0.1 * gradient * gradient;
      if (gradient === 0) continue;
      weights[i] -= (rate * gradient) / Math.sqrt(squares[i] + 1e-7);
      gradients[i] = 0;
    }
  }

  function addScore(score, p, y, loss, of) {
    // The logarithm of 0 is infinite; Keras draws the same line at 1e-7.
    const one = loss === "mse" ? (p - y) ** 2 : -Math.log(Math.max(y === 1 ? p : 1 - p, 1e-7));
    score.loss += one / of;
    score.accuracy += (p > 0.5 === (y === 1)) / of;
  }

  function shuffled(count, luck) {
    const order = Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i -= 1) {
      const other = Math.floor(luck() * (i + 1));
      [order[i], order[other]] = [order[other], order[i]];
    }
    return order;
  }
})(window.imdbBook);
