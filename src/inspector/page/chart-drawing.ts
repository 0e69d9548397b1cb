/** Drawings of statecharts, each fetched once: that of today lies beside the page, those of machines of another time with their store. */
import { address } from './server-call.ts'

/** All that a drawing is made of. What else stands in a file that somebody altered is left out. */
const ELEMENTS = new Set(['svg', 'title', 'defs', 'marker', 'path', 'g', 'rect', 'text'])

const fetched = new Map<string, Promise<SVGSVGElement | null>>()

/** The drawing of machines by their name, null = of today. A copy of one's own; null where it does not come. */
export async function chartDrawing(name: string | null): Promise<SVGSVGElement | null> {
  const url =
    name === null ? new URL('./bay-chart.svg', import.meta.url).pathname : address('machines', name, 'chart.svg')
  const known = fetched.get(url) ?? fetchDrawing(url)
  fetched.set(url, known)
  const root = await known
  // What did not come is asked for again with the next state.
  if (root === null) fetched.delete(url)
  return root && document.importNode(root, true)
}

async function fetchDrawing(url: string): Promise<SVGSVGElement | null> {
  try {
    const answer = await fetch(url)
    if (!answer.ok) return null
    const root = new DOMParser().parseFromString(await answer.text(), 'image/svg+xml').documentElement
    if (!(root instanceof SVGSVGElement)) return null
    for (const element of [root, ...root.querySelectorAll('*')]) clean(element)
    return root
  } catch {
    return null
  }
}

function clean(element: Element): void {
  if (!ELEMENTS.has(element.localName)) return element.remove()
  for (const { name } of [...element.attributes]) if (/^on|href|^style$/i.test(name)) element.removeAttribute(name)
}
