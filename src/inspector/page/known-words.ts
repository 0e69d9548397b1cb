/** What a bay knew, in words: names of places in its knowledge, and what stands there. */
import type { Json } from '../../../machines/events.ts'
import { placeWord } from './guard-words.ts'
import { language, words } from './language.ts'
import { atSite } from './server-time.ts'
import { inWords } from './told-words.ts'

const WORDS = words({
  en: { yes: 'yes', no: 'no', nothing: 'nothing', never: 'never', none: 'none' },
  de: { yes: 'ja', no: 'nein', nothing: 'nichts', never: 'nie', none: 'keine' },
})

type Names = { readonly [name: string]: string }

/** Names that do not say themselves. */
const ENGLISH: Names = {
  at: 'heard',
  saw: 'saw',
  last: 'last time',
  here: 'zone',
  link: 'connection',
  linkAt: 'connection since',
  flow: 'current',
  current_A: 'amperes',
  power_W: 'watts',
  first_Wh: 'register at its start, Wh',
  last_Wh: 'register, Wh',
  low: 'low samples',
  tally: 'reads that agree',
  stateAt: 'state since',
  wakeAt: 'next deadline',
  version: 'record of the bay',
}
const GERMAN: Names = {
  at: 'gehört',
  saw: 'sah',
  last: 'zuletzt',
  here: 'Zone',
  link: 'Verbindung',
  linkAt: 'Verbindung seit',
  flow: 'Strom',
  current_A: 'Ampere',
  power_W: 'Watt',
  first_Wh: 'Zählerstand am Anfang, Wh',
  last_Wh: 'Zählerstand, Wh',
  low: 'niedrige Werte',
  tally: 'Lesungen, die übereinstimmen',
  stateAt: 'Zustand seit',
  wakeAt: 'nächste Frist',
  version: 'Eintrag des Platzes',
  cameras: 'Kamera',
  connectors: 'Anschluss',
  visit: 'Besuch',
  evidence: 'Beleg',
  presence: 'Fahrzeug',
  since: 'seit',
  live: 'sieht',
  lastReadAt: 'zuletzt gelesen',
  status: 'Status',
  statusAt: 'Status seit',
  cable: 'Kabel',
  transaction: 'Transaktion',
  drawing: 'zieht Strom',
  state: 'Zustand',
  detail: 'Stand darin',
  service: 'Betrieb',
  autonomy: 'Selbständigkeit',
  automatic: 'Starts von selbst',
  agreed: 'einig über',
  contested: 'umstritten',
  unclear: 'unklar',
  claim: 'Anspruch',
  asked: 'gefragt',
  answer: 'Antwort',
  secondRead: 'zweiter Leser',
  review: 'Prüfung',
  payer: 'Zahler',
  starts: 'Start',
  closed: 'beendet',
  lastSign: 'letztes Zeichen',
  pluggedAt: 'angesteckt',
  unpluggedAt: 'abgesteckt',
  openedAt: 'begonnen',
  openedBy: 'begonnen durch',
  startedAt: 'begonnen',
  endedAt: 'beendet',
  idle: 'untätig',
  blocked: 'blockiert',
  contradiction: 'Widerspruch',
  doubts: 'Zweifel',
  alarms: 'Alarm',
  word: 'Wort an den Fahrer',
  times: 'Mal',
  confirm: 'bestätigen lassen',
  chargedUntil: 'geladen bis',
  accountId: 'Konto',
  visitId: 'Name',
  handle: 'Fahrzeug',
  source: 'Quelle',
  rank: 'Art',
  reason: 'Grund',
  lastAt: 'zuletzt',
  denied: 'abgelehnt',
  zones: 'Zone',
  policy: 'Regeln',
}

/** `lastReadAt` is `last read at`, `current_A` says its unit. */
function nameWord(name: string): string {
  const known = (language === 'de' ? GERMAN : ENGLISH)[name]
  if (known !== undefined) return known
  const [text = '', unit] = name.split('_')
  const spaced = /^[a-z]+[A-Z]/.test(text) ? text.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase() : text
  return unit === undefined ? spaced : `${spaced}, ${unit}`
}

/** `cameras.cam-2.lastReadAt` is `cameras, cam-2, last read at`; a place of a list is counted from 1. */
export const knownPlace = (path: string): string =>
  path
    .split('.')
    .map((part) => {
      const [, name = part, at] = /^(.*)\[(\d+)\]$/.exec(part) ?? []
      return at === undefined ? nameWord(part) : `${nameWord(name)} ${Number(at) + 1}`
    })
    .join(', ')

/** Numbers from here on are moments: no register counts so far, and nothing happened before 2001. */
const MOMENTS_ms = 1e12
const isMoment = (name: string): boolean => /(^|[a-z])(at|since|until|last|from|sign)$/i.test(name)

/** What stands at a place, in the site's zone: moments as times, never as a number of milliseconds. */
export function knownThing(thing: Json | undefined, path: string, zone: string): string {
  const name = path.split('.').at(-1) ?? ''
  if (thing === null || thing === undefined) return WORDS.nothing
  if (typeof thing === 'boolean') return thing ? WORDS.yes : WORDS.no
  if (typeof thing === 'number') {
    if (thing >= MOMENTS_ms) return atSite(thing, zone, true)
    return thing === 0 && isMoment(name) ? WORDS.never : numberText(thing)
  }
  if (typeof thing === 'string')
    return name === 'state' || name === 'detail' ? inWords(placeWord(thing)) : inWords(thing)
  const inner = Array.isArray(thing)
    ? thing.map((each) => knownThing(each, name, zone))
    : Object.entries(thing).flatMap(([part, each]) => (isNothing(each) ? [] : [pair(part, each, zone)]))
  return inner.length === 0 ? WORDS.none : inner.join(Array.isArray(thing) ? '; ' : ', ')
}

const numberText = (one: number): string => (language === 'de' ? String(one).replace('.', ',') : String(one))

const isNothing = (thing: Json | undefined): boolean =>
  thing === null || thing === undefined || (Array.isArray(thing) && thing.length === 0)

function pair(name: string, thing: Json | undefined, zone: string): string {
  const text = knownThing(thing, name, zone)
  return typeof thing === 'object' && thing !== null ? `${nameWord(name)} (${text})` : `${nameWord(name)} ${text}`
}
