/** The colours of the style sheet as a canvas takes them: by theme, and the system's own where a person has forced those. */

/** What tiles are drawn with; the names are variables of `page.css`. */
const NAMES = ['ground', 'sheet', 'ink', 'faint', 'line', 'strong', 'charge', 'need', 'need-ground'] as const
export type Palette = { readonly [name in (typeof NAMES)[number]]: string }

/** Reads the colours that hold now, by an element that is shown nowhere; within `main`, which is greyed where it is old. */
export function readPalette(): Palette {
  const probe = document.createElement('span')
  const shown = document.querySelector('main') ?? document.body
  probe.hidden = true
  shown.append(probe)
  const entries = NAMES.map((name) => {
    probe.style.color = `var(--${name})`
    return [name, getComputedStyle(probe).color] as const
  })
  probe.remove()
  return Object.fromEntries(entries) as Palette
}

/** Calls when the colours may be others: light and dark, contrast, forced colours, live or not. Answers the end of it. */
export function whenPaletteChanges(changed: () => void): () => void {
  const queries = ['(prefers-color-scheme: dark)', '(forced-colors: active)', '(prefers-contrast: more)'].map((query) =>
    matchMedia(query),
  )
  for (const query of queries) query.addEventListener('change', changed)
  const phases = new MutationObserver(changed)
  phases.observe(document.body, { attributeFilter: ['class'] })
  return () => {
    phases.disconnect()
    for (const query of queries) query.removeEventListener('change', changed)
  }
}
