"use strict";
// What a link can say: settings in the address's hash, each checked, and a button that copies it.

window.imdbBook = window.imdbBook || {};

(function (book) {
  /**
   * Read the hash, if it is for one of the living parts.
   *
   * @param {string} kind the key that the hash begins with, such as "try".
   * @returns {?URLSearchParams} null if the hash is something else, such as a heading; a hash that
   *   cannot be decoded raises a URIError.
   */
  book.readHash = function (kind) {
    const hash = window.location.hash.slice(1);
    if (!hash.startsWith(`${kind}=1`)) return null;
    decodeURIComponent(hash.replaceAll("+", " "));
    return new URLSearchParams(hash);
  };

  /**
   * Put values into the address, without a new entry in the history.
   *
   * @param {string} kind
   * @param {Object<string, string>} values
   */
  book.writeHash = function (kind, values) {
    const parts = Object.entries(values).map(([key, value]) => `${key}=${encoded(value)}`);
    // A fixed end: programs that find links in a text drop a last bracket or full stop.
    const hash = `#${[`${kind}=1`, ...parts, "v=1"].join("&")}`;
    try {
      window.history.replaceState(null, "", hash);
    } catch {
      window.location.hash = hash; // some browsers limit how often the history may be changed
    }
  };

  /**
   * Put values into the address, copy the address, and say so.
   *
   * @param {string} kind
   * @param {Object<string, string>} values
   * @param {{say: function, out: Object<string, Element>, note: function}} part as `mount` gives it.
   */
  book.copyLink = async function (kind, values, { say, out, note }) {
    book.writeHash(kind, values);
    let said = say("copied");
    try {
      await navigator.clipboard.writeText(window.location.href);
    } catch {
      said = say("address"); // the browser did not let it be copied
    }
    note(said);
    book.write(out.status, said);
  };

  // A lone half of a surrogate pair cannot be written into an address.
  const encoded = (value) => encodeURIComponent(String(value).toWellFormed());
})(window.imdbBook);
