/** Drawings of statecharts, fetched once: that of today lies beside the page, those of machines of another time with their store. */
import { address } from './server-call.ts'

/** All that a drawing is made of. What else stands in a file that somebody altered is left out. */
const ELEMENTS = new Set(['svg', 'title', 'defs', 'marker', 'path', 'g', 'rect', 'text'])

/** Texts, the newest ones: a parsed drawing would be a thousand nodes that no screen shows. */
const MOST = 8
const texts = new Map<string, string>()

/** The drawing of machines by their name, null = of today. One of one's own; null where it does not come. */
export async function chartDrawing(name: string | null): Promise<SVGSVGElement | null> {
  const url =
    name === null ? new URL('./bay-chart.svg', import.meta.url).pathname : address('machines', name, 'chart.svg')
  // What did not come is asked for again with the next state.
  const text = texts.get(url) ?? (await fetchDrawing(url))
  if (text === null) return null
  texts.delete(url)
  texts.set(url, text)
  for (const oldest of texts.keys()) if (texts.size > MOST) texts.delete(oldest)
  const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement
  if (!(root instanceof SVGSVGElement)) return null
  for (const element of [root, ...root.querySelectorAll('*')]) clean(element)
  return document.adoptNode(root)
}

async function fetchDrawing(url: string): Promise<string | null> {
  try {
    const answer = await fetch(url)
    return answer.ok ? await answer.text() : null
  } catch {
    return null
  }
}

function clean(element: Element): void {
  if (!ELEMENTS.has(element.localName)) return element.remove()
  for (const { name } of [...element.attributes]) if (/^on|href|^style$/i.test(name)) element.removeAttribute(name)
}
