"use strict";
// From a data script to arrays: base64, then gzip. A page opened from a folder can fetch nothing.

window.imdbBook = window.imdbBook || {};

(function (book) {
  const TYPES = { int8: Int8Array, uint8: Uint8Array, uint16: Uint16Array, float32: Float32Array };

  /** Whether this browser has what the living parts need (all current ones have, since 2023). */
  book.isSupported = () => "DecompressionStream" in window && "toWellFormed" in String.prototype;

  /**
   * @param {{layout: [string, string, number][], data: string}} packed name, type and length of each
   *   array, in the order of the bytes.
   * @returns {Promise<Object<string, TypedArray>>} the arrays by their names.
   */
  book.unpack = async function (packed) {
    const zipped = Uint8Array.from(atob(packed.data), (character) => character.charCodeAt(0));
    const stream = new Blob([zipped]).stream().pipeThrough(new DecompressionStream("gzip"));
    const buffer = await new Response(stream).arrayBuffer();
    const arrays = {};
    let start = 0;
    for (const [name, type, length] of packed.layout) {
      const end = start + length * TYPES[type].BYTES_PER_ELEMENT;
      arrays[name] = new TYPES[type](buffer.slice(start, end));
      start = end;
    }
    return arrays;
  };
})(window.imdbBook);
