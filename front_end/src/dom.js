/* Make and find the elements of the page. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Return an element that the page is sure to have.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function byId(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) {
    throw new Error(`the page has no ${kind.name} called ${id}`);
  }
  return found;
}

/**
 * Make an element; text of users is only ever set as text.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string | null} [content]
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, className = "", content = null) {
  const made = document.createElement(tag);
  if (className) {
    made.className = className;
  }
  if (content !== null) {
    made.textContent = content;
  }
  return made;
}

/**
 * @param {string | null} content
 * @param {() => void} work
 */
export function button(content, work, className = "") {
  const made = element("button", className, content);
  made.type = "button";
  made.addEventListener("click", work);
  return made;
}

/**
 * @param {string} value
 * @param {string} title
 */
export function option(value, title) {
  const made = element("option", "", title);
  made.value = value;
  return made;
}

/**
 * Make a drawing that is no more than decoration; each part is a tag and its attributes.
 * @param {string} viewBox
 * @param {[width: number, height: number]} size
 * @param {[tag: string, attributes: Record<string, unknown>][]} parts
 */
export function drawing(viewBox, [width, height], parts, className = "") {
  const root = svg("svg", { viewBox, width, height, "aria-hidden": "true" });
  if (className) {
    root.setAttribute("class", className);
  }
  root.append(...parts.map(([tag, attributes]) => svg(tag, attributes)));
  return root;
}

/**
 * @param {string} tag
 * @param {Record<string, unknown>} attributes
 */
function svg(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, String(value));
  }
  return made;
}

/** @param {number} count */
export function counted(count) {
  return count.toLocaleString("en");
}
