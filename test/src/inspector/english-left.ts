import type { Page } from 'playwright-core'

/** Words that stand in nearly every English sentence, or name what the page is about, and that no German text holds. */
const ENGLISH = new Set(
  `the of and is are by to not with for from this that yes no it its which who whose where when than then does been have without within until
  since what there here nobody somebody anybody other another each every before after again never always over under at if you your they their
  can may must shall would should could because more less some any both none two free seeing asking leaving charge charging charger plate bay bays
  vehicle vehicles lock locked open closed started ended accepted rejected connected current values available expected nothing refused billed
  card operator running unbilled viewer supervisor installer auditor unknown preparing finishing reason record records review reviews`.split(
    /\s+/,
  ),
)
/** Proper terms: of OCPP, of the site file and of products, and a name of a test’s site. What is written like `validTo` or `AB12` is a name by itself. */
const TERMS =
  /Plug and Charge|(?:plate|accountId|fleet|alias|validFrom|validTo|hours|blocked)(?:, |$)|`[^`]*`|Current\.Export|Available|Preparing|Finishing|\(the desk\)/g

/** A text of a page, and where it stands. */
export type Shown = { readonly where: string; readonly text: string }

/** Every text of a page that a person reads or hears, but for plates, for what is code, and for what is kept in the server's own words. */
export const textsOf = (page: Page): Promise<readonly Shown[]> =>
  page.evaluate(() => {
    const skipped = 'script, style, code, pre, noscript, .plate, svg title, #site, #who, [lang=en]'
    const found: { where: string; text: string }[] = [{ where: 'the title', text: document.title }]
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement
      const text = (node.textContent ?? '').trim()
      if (text === '' || parent === null || parent.closest(skipped)) continue
      found.push({ where: parent.outerHTML.slice(0, 90), text })
    }
    for (const one of document.body.querySelectorAll('*'))
      for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext']) {
        const text = one.getAttribute(name)
        if (text && !one.closest(skipped)) found.push({ where: `${name} of ${one.outerHTML.slice(0, 90)}`, text })
      }
    return found
  })

/** What of a text is English: a text of the English catalogue as it stands there, or a word of English sentences. Null where nothing is. */
export function englishOf(text: string, catalogue: ReadonlySet<string>): string | null {
  if (catalogue.has(text)) return text
  const words = text.replaceAll(TERMS, ' ').split(/[^\p{L}\p{N}_.@/•-]+/u)
  const found = words.map((word) => word.replaceAll(/^\W+|\W+$/g, '')).find((word) => ENGLISH.has(word.toLowerCase()))
  return found ?? null
}

type Texts = { readonly [name: string]: unknown }

/** Texts that the English half of a catalogue has and the German one has not, where nothing is filled in. */
export function englishOnly(english: Texts, german: Texts): readonly string[] {
  return Object.entries(english).flatMap(([name, text]) => {
    const other = german[name]
    if (typeof text === 'string') return text === other || text.trim().length < 3 ? [] : [text.trim()]
    const isFold = typeof text === 'object' && text !== null && typeof other === 'object' && other !== null
    return isFold ? englishOnly(text as Texts, other as Texts) : []
  })
}

/** All texts of a catalogue where nothing is filled in. */
export const textsIn = (texts: Texts): readonly string[] =>
  Object.values(texts).flatMap((text) =>
    typeof text === 'string' ? [text.trim()] : typeof text === 'object' && text !== null ? textsIn(text as Texts) : [],
  )
