import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { DRIVER_LANGUAGES, type DriverLanguage } from '../../actors/card-words.ts'
import { driverText } from '../../actors/driver-words-table.ts'
import type { BayView } from '../../projections/bay-view.ts'
import { browserScript } from '../browser-script.ts'
import { escaped } from '../escaped-text.ts'
import { type DoorOffer, doorForms, doorSays, elsewhere } from './door/door-form.ts'
import { DOOR_WORDS } from './door/door-words.ts'
import { SIGNS, TONES } from './page-signs.ts'
import { isDark, type WordNow } from './word-now.ts'

/** What a page is made of: nothing of who stands there. */
export type DriverPageParts = {
  readonly siteName: string
  /** IANA zone of the site: whoever stands at the bay is in it. */
  readonly timezone: string
  readonly bay: Pick<BayView, 'bayId' | 'detail' | 'since' | 'session' | 'chargers'>
  readonly word: WordNow
  readonly language: DriverLanguage
  /** What may be pressed there; absent = the page only tells. */
  readonly door?: DoorOffer
}

const read = (name: string): string => readFileSync(new URL(`./page/${name}`, import.meta.url), 'utf8').trim()
const STYLE = read('driver.css')
const SCRIPT = browserScript(read('driver-live.ts')).trim()
const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** The page is one document: its own style and script are allowed by their hashes, and nothing else is loaded. */
const policy = (forms: string): string =>
  [
    "default-src 'none'",
    `style-src ${hashOf(STYLE)}`,
    `script-src ${hashOf(SCRIPT)}`,
    "connect-src 'self'",
    "base-uri 'none'",
    `form-action ${forms}`,
    "frame-ancestors 'none'",
  ].join('; ')

/** Of a page that only tells. */
export const DRIVER_PAGE_POLICY = policy("'none'")

/** Of a page with forms; they may lead to the payment page's origin, and nowhere else. */
export const driverPagePolicy = (payOrigin: string | null): string =>
  policy(payOrigin === null ? "'self'" : `'self' ${payOrigin}`)

/** The page's own labels. */
const LABELS: {
  readonly [language in DriverLanguage]: {
    readonly name: string
    readonly bay: string
    readonly charged: string
    readonly since: string
    readonly always: string
    /** Instead of it where the charge point is away. */
    readonly staff: string
    readonly old: string
    readonly lastKnown: string
    readonly unknownBay: string
    readonly lookAgain: string
    readonly busy: string
    readonly waitABit: string
    /** In the place of the words of a charge that can be stopped on this page: `press` is what stands on the fold. */
    readonly stopHere: (press: string) => string
    /** Behind them where nobody pays yet. */
    readonly stopToo: (press: string) => string
    /** Behind the words that ask for a card where a charge can begin on this page: by paying, or by plate and PIN alone. */
    readonly beginHere: { readonly paying: string; readonly account: string }
  }
} = {
  en: {
    name: 'English',
    bay: 'Bay',
    charged: 'charged',
    since: 'since',
    always: 'A card at the charge point always works, and so does asking the staff.',
    staff: 'Another bay always works, and so does asking the staff.',
    old: 'No connection just now: what you see may be out of date.',
    lastKnown: 'The charge point is not connected just now. This is what it said last; the bay stays yours.',
    unknownBay: 'There is no such bay',
    lookAgain: 'Look at the sign of your bay and scan its code again.',
    busy: 'One moment, please',
    waitABit: 'Too many pages were asked for at once. This one comes back by itself.',
    stopHere: (press) => `Your vehicle is charging. To leave earlier, press “${press}” below, then unplug.`,
    stopToo: (press) => `To stop it, press “${press}” below.`,
    beginHere: {
      paying: 'No card? Pay below, or begin with your plate and PIN.',
      account: 'No card? Begin below with your plate and PIN.',
    },
  },
  de: {
    name: 'Deutsch',
    bay: 'Platz',
    charged: 'geladen',
    since: 'seit',
    always: 'Eine Karte an der Ladesäule geht immer, und das Personal hilft auch.',
    staff: 'Ein anderer Platz geht immer, und das Personal hilft auch.',
    old: 'Gerade keine Verbindung: Die Anzeige kann veraltet sein.',
    lastKnown: 'Die Ladesäule ist gerade nicht verbunden. Das ist ihr letzter Stand; der Platz bleibt Ihrer.',
    unknownBay: 'Diesen Platz gibt es nicht',
    lookAgain: 'Sehen Sie auf das Schild Ihres Platzes und scannen Sie den Code noch einmal.',
    busy: 'Einen Moment, bitte',
    waitABit: 'Es wurden zu viele Seiten auf einmal gefragt. Diese kommt von selbst wieder.',
    stopHere: (press) =>
      `Ihr Fahrzeug lädt. Wenn Sie früher fahren wollen, drücken Sie unten „${press}“ und ziehen dann das Kabel.`,
    stopToo: (press) => `Zum Beenden drücken Sie unten „${press}“.`,
    beginHere: {
      paying: 'Keine Karte? Bezahlen Sie unten, oder starten Sie mit Kennzeichen und PIN.',
      account: 'Keine Karte? Starten Sie unten mit Kennzeichen und PIN.',
    },
  },
}

/** The page of one bay, whole. */
export function driverPage(parts: DriverPageParts): string {
  const { bay, word } = parts
  const { short, long } = driverText(word.message, word.reason, parts.language)
  const note = bay.detail === 'frozen' ? `<p class="note">${LABELS[parts.language].lastKnown}</p>` : ''
  return page({
    ...parts,
    name: bay.bayId,
    short,
    long: longWords(parts, long),
    sign: SIGNS[word.message] ?? SIGNS['present-card'] ?? '',
    tone: TONES[word.message] ?? 'ask',
    facts: facts(parts) + note,
    ...(parts.door ? { door: parts.door } : {}),
    isAway: isDark(bay),
  })
}

/** What to do, at length: of a charge that can begin or be stopped here, how; the vehicle's own way is not everybody's to find. */
function longWords({ word, door, language }: DriverPageParts, long: string): string {
  const { paying, account } = LABELS[language].beginHere
  if (word.message === 'present-card' && door?.begin) return `${long} ${door.pay === null ? account : paying}`
  const stop = door?.stop ?? null
  if (word.message !== 'charging' || stop === null) return long
  const { stopHere, stopToo } = LABELS[language]
  const press = stop === 'own' ? DOOR_WORDS[language].stop : DOOR_WORDS[language].stopOther
  return word.reason === 'nobody pays' ? `${long} ${stopToo(press)}` : stopHere(press)
}

/** The page for an address that names no bay. */
export function unknownBayPage(siteName: string, language: DriverLanguage): string {
  const { unknownBay, lookAgain } = LABELS[language]
  return page({ ...EMPTY, siteName, language, short: unknownBay, long: lookAgain, sign: SIGNS['closed'] ?? '' })
}

/** The page for an address that asked too often. */
export function busyPage(siteName: string, language: DriverLanguage): string {
  const { busy, waitABit } = LABELS[language]
  return page({ ...EMPTY, siteName, language, short: busy, long: waitABit, sign: SIGNS['wait'] ?? '' })
}

const EMPTY = { name: null, tone: 'rest', facts: '' } as const

/** Energy while it is charged, and since when: what everybody at the bay can see on the charge point as well. */
function facts({ bay, word, language, timezone }: DriverPageParts): string {
  if (!['charging', 'paused', 'finished'].includes(word.message)) return ''
  const { charged, since } = LABELS[language]
  const energy =
    bay.session?.energy_Wh == null || word.message === 'finished'
      ? ''
      : fact(charged, kilowattHours(bay.session.energy_Wh, language))
  return `<dl>${energy}${fact(since, clockTime(bay.since, timezone, language))}</dl>`
}

const fact = (name: string, value: string): string => `<div><dt>${name}</dt><dd>${escaped(value)}</dd></div>`

function kilowattHours(energy_Wh: number, language: DriverLanguage): string {
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 }
  return `${new Intl.NumberFormat(language, digits).format(energy_Wh / 1000)} kWh`
}

const clockTime = (at: string, timeZone: string, language: DriverLanguage): string =>
  new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(at))

type Whole = {
  readonly siteName: string
  readonly language: DriverLanguage
  /** The bay's name, null where there is none. */
  readonly name: string | null
  readonly short: string
  readonly long: string
  readonly tone: string
  /** Markup, already escaped. */
  readonly sign: string
  readonly facts: string
  /** The charge point is not connected. */
  readonly isAway?: boolean
  readonly door?: DoorOffer
}

function page({ siteName, language, name, short, long, tone, sign, facts: told, isAway = false, door }: Whole): string {
  const { bay, always, staff, old } = LABELS[language]
  const forms = door === undefined ? '' : doorForms(door, language)
  const beside = door === undefined || name === null ? '' : elsewhere(door, name, language)
  const said = door === undefined ? '' : doorSays(door, language)
  const others = DRIVER_LANGUAGES.filter((other) => other !== language).map(
    (other) => `<a href="?lang=${other}" hreflang="${other}" lang="${other}">${LABELS[other].name}</a>`,
  )
  const heading = name === null ? '' : `<span>${bay} <strong>${escaped(name)}</strong></span>`
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="robots" content="noindex">
<title>${escaped(name === null ? short : `${short} – ${name}`)}</title>
<noscript><meta http-equiv="refresh" content="${forms === '' ? 5 : 60}"></noscript>
<style>${STYLE}</style>
</head>
<body data-tone="${tone}">
<header><span>${escaped(siteName)}</span>${heading}</header>
<main>
<div id="word" role="status">${sign}<h1>${escaped(short)}</h1><p>${escaped(long)}</p></div>
<div id="facts">${told}</div>
<div id="said">${said}</div>
<div id="door">${forms}</div>
<div id="elsewhere">${beside}</div>
</main>
<footer><p id="old" hidden>${old}</p><p id="always">${isAway ? staff : always}</p>${others.join('')}</footer>
<script type="module">${SCRIPT}</script>
</body>
</html>
`
}

/** The language that a driver reads: the one asked for, else the best of the browser's list (`de-AT;q=0.9, en;q=0.5`), else English. */
export function languageOf(asked: string | undefined, accepts: string | undefined): DriverLanguage {
  const known = (tag: string): DriverLanguage | null =>
    DRIVER_LANGUAGES.find((language) => tag.trim().toLowerCase().split('-')[0] === language) ?? null
  const own = asked === undefined ? null : known(asked)
  if (own !== null) return own
  const wanted = (accepts ?? '')
    .slice(0, 500)
    .split(',')
    .flatMap((part) => {
      const [tag = '', ...more] = part.split(';')
      const language = known(tag)
      const weight = more.map((one) => /^\s*q=([\d.]+)\s*$/i.exec(one)?.[1]).find((q) => q !== undefined)
      const q = weight === undefined ? 1 : Number(weight)
      return language === null || !(q > 0) ? [] : [{ language, q }]
    })
  return wanted.toSorted((a, b) => b.q - a.q)[0]?.language ?? DRIVER_LANGUAGES[0]
}
