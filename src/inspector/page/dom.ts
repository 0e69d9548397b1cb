/** Makes elements from text and attributes only: nothing that came over the wire is ever read as HTML. */

/** What an element may hold; what is nothing is left out. */
export type Child = Node | string | null | undefined | false
/** Attributes by name; null, undefined and false are left out, and `on…` functions are listeners. */
export type Fields = {
  readonly [name: string]: string | number | boolean | null | undefined | ((event: Event) => unknown)
}

const present = (children: readonly Child[]): (Node | string)[] =>
  children.filter((child) => child !== null && child !== undefined && child !== false)

/** An element with its attributes, listeners and children. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  fields: Fields = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(fields)) {
    if (value === null || value === undefined || value === false) continue
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(...present(children))
  return element
}

/** Sets a text only where it differs, so that a screen reader and the painter are left in peace. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}

/** Sets an attribute only where it differs. */
export function mark(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value)
}

const keys = new WeakMap<Element, string>()

/** Shows children only where they differ from those before, by `key`. */
export function show(element: Element, key: string, children: () => readonly Child[]): void {
  if (keys.get(element) === key) return
  keys.set(element, key)
  element.replaceChildren(...present(children()))
}

/** Makes these the children, in this order, without touching those that stay in place. */
export function arrange(parent: Element, children: readonly Element[]): void {
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

/** An SVG element with its attributes and children. */
export function makeSvg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  fields: { readonly [name: string]: string | number },
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(fields)) element.setAttribute(name, String(value))
  element.append(...present(children))
  return element
}

/** The element of the document with this id; it is in the HTML. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id)
  if (element === null) throw new Error(`The document has no element ${id}.`)
  return element
}

/** The style of a screen that is loaded only when it is opened: `wantStyle(new URL('./audit.css', import.meta.url))`. */
export function wantStyle(address: URL): void {
  if (document.querySelector(`link[href="${address.pathname}"]`) !== null) return
  document.head.append(make('link', { rel: 'stylesheet', href: address.pathname }))
}
