"use strict";
// What a living part says stands in the page, in a template; the scripts fill in words and numbers.

window.imdbBook = window.imdbBook || {};

(function (book) {
  /**
   * Put a part's template into its container, in the place of what stands there without scripts,
   * as soon as its data are unpacked.
   *
   * @param {string} part "try" or "watch".
   * @param {function(): Promise} load unpacks the data.
   * @returns {Promise<?{root: Element, say: function(string, Object=): string,
   *   out: Object<string, Element>, note: function(string)}>} null if the page has no such part, the
   *   browser is too old for it, or the data are damaged, which the page says then.
   */
  book.mount = async function (part, load) {
    const container = document.querySelector(`div.imdb-${part}`);
    const template = document.getElementById(`imdb-${part}-words`);
    if (!container || !template || !book.isSupported()) return null;
    const content = template.content.cloneNode(true);
    const says = {};
    for (const item of content.querySelectorAll("[data-says] > li")) {
      says[item.dataset.name] = item.textContent;
    }
    try {
      await load();
    } catch {
      container.append(book.element("p", says.damaged));
      return null;
    }
    const root = content.firstElementChild;
    container.replaceChildren(root);
    const out = {};
    for (const element of root.querySelectorAll("[data-out]")) out[element.dataset.out] = element;
    const say = (name, values = {}) =>
      says[name].replace(/\{(\w+)\}/g, (_, key) => String(values[key]));
    const note = (text) => {
      out.note.hidden = !text;
      book.write(out.note, text);
    };
    return { root, say, out, note };
  };

  /** Write a text where it is another one: what has not changed is not drawn again. */
  book.write = function (element, text) {
    if (element.textContent !== text) element.textContent = text;
  };

  /** Make an element with a text. @returns {Element} */
  book.element = function (name, text = "", attributes = {}) {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  /** Call a function when nothing has called for it for some milliseconds. */
  book.later = function (wait, call) {
    let timer = 0;
    return (...values) => {
      clearTimeout(timer);
      timer = setTimeout(() => call(...values), wait);
    };
  };
})(window.imdbBook);
