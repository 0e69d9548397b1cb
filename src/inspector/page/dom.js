// @ts-check
/** Makes elements from text and attributes only: nothing that came over the wire is ever read as HTML. */

/**
 * @typedef {Node | string | null | undefined | false} Child
 * @param {string} tag @param {{ [name: string]: any }} [fields] attributes; `on…` functions are listeners; null and false are left out
 * @param {...Child} children @returns {any}
 */
export function make(tag, fields = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(fields)) {
    if (value === null || value === undefined || value === false) continue
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(
    ...children
      .filter((child) => child !== null && child !== undefined && child !== false)
      .map((child) => /** @type {Node | string} */ (child)),
  )
  return element
}

/** Sets a text only where it differs, so that a screen reader and the painter are left in peace. @param {Element} element @param {string} text */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text
}

/** Sets an attribute only where it differs. @param {Element} element @param {string} name @param {string} value */
export function mark(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value)
}

/** Shows children only where they differ from those before, by `key`. @param {Element & { key?: string }} element @param {string} key @param {() => Child[]} children */
export function show(element, key, children) {
  if (element.key === key) return
  element.key = key
  element.replaceChildren(
    ...children()
      .filter((child) => child !== null && child !== undefined && child !== false)
      .map((child) => /** @type {Node | string} */ (child)),
  )
}

/** Makes these the children, in this order, without touching those that stay in place. @param {Element} parent @param {Element[]} children */
export function arrange(parent, children) {
  let at = parent.firstElementChild
  for (const child of children) {
    if (child === at) at = at.nextElementSibling
    else parent.insertBefore(child, at)
  }
  while (at !== null) {
    const next = at.nextElementSibling
    at.remove()
    at = next
  }
}

const SVG = 'http://www.w3.org/2000/svg'

/** @param {string} tag @param {{ [name: string]: string }} fields */
export function makeSvg(tag, fields) {
  const element = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(fields)) element.setAttribute(name, value)
  return element
}
