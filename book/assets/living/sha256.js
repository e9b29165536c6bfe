"use strict";
// SHA-256 of a word, for the filter of rare words. The browser's own digest answers later, not at once.

window.imdbBook = window.imdbBook || {};

(function (book) {
  const primes = [];
  for (let n = 2; primes.length < 64; n += 1) if (primes.every((p) => n % p)) primes.push(n);
  const fraction = (x) => Math.floor((x - Math.floor(x)) * 2 ** 32) | 0;
  const ROUNDS = primes.map((p) => fraction(Math.cbrt(p)));
  const START = primes.slice(0, 8).map((p) => fraction(Math.sqrt(p)));

  /**
   * @param {string} text
   * @returns {Uint32Array} the digest, eight numbers of 32 bits.
   */
  book.sha256 = function (text) {
    const bytes = utf8(text);
    const length = bytes.length;
    bytes.push(0x80);
    while (bytes.length % 64 !== 56) bytes.push(0);
    const view = new DataView(new Uint8Array([...bytes, 0, 0, 0, 0, 0, 0, 0, 0]).buffer);
    view.setUint32(bytes.length, Math.floor(length / 2 ** 29));
    view.setUint32(bytes.length + 4, length * 8);
    const state = Int32Array.from(START);
    for (let block = 0; block < view.byteLength; block += 64) mix(state, view, block);
    return Uint32Array.from(state);
  };

  function mix(state, view, block) {
    const w = new Int32Array(64);
    for (let i = 0; i < 16; i += 1) w[i] = view.getInt32(block + 4 * i);
    for (let i = 16; i < 64; i += 1) {
      const [x, y] = [w[i - 15], w[i - 2]];
      const s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
      const s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
      w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i += 1) {
      const choice = (e & f) ^ (~e & g);
      const t1 = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + choice + ROUNDS[i] + w[i]) | 0;
      const majority = (a & b) ^ (a & c) ^ (b & c);
      const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + majority) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => (state[i] += value));
  }

  const turn = (x, by) => (x >>> by) | (x << (32 - by));

  // Half a surrogate pair is encoded as any other number, as Python's "surrogatepass" does.
  function utf8(text) {
    const bytes = [];
    for (const character of text) {
      const code = character.codePointAt(0);
      if (code < 0x80) bytes.push(code);
      else if (code < 0x800) bytes.push(0xc0 | (code >> 6), tail(code));
      else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), tail(code >> 6), tail(code));
      else bytes.push(0xf0 | (code >> 18), tail(code >> 12), tail(code >> 6), tail(code));
    }
    return bytes;
  }

  const tail = (code) => 0x80 | (code & 0x3f);
})(window.imdbBook);
