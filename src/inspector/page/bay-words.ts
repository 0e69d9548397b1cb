/** What states, events and values of a bay are called on the screen. */
import type { BayView } from '../../../projections/bay-view.ts'
import { guardWord, placeWord, toldWord } from './guard-words.ts'
import { decimal, language, words } from './language.ts'
import { inWords, nameWord } from './told-words.ts'

type State = BayView['state']
type Seen = Pick<BayView, 'state' | 'service'>

const WORDS = words({
  en: {
    states: {
      vacant: 'free',
      detecting: 'seeing',
      authorizing: 'asking',
      'charging-locked': 'charging',
      exiting: 'leaving',
    },
    service: { 'out-of-service': 'out of service', faulted: 'faulted' },
    shortService: { 'out-of-service': 'off', faulted: 'fault' },
    blind: (camera: string) => `${camera} blind`,
    offline: (chargePoint: string) => `${chargePoint} offline`,
    blocked: (why: string) => `blocked: ${why}`,
    noStarts: 'automatic starts off',
    autonomy: { observe: 'observes only', suggest: 'suggests only', act: 'acts by itself' },
    forgotten: 'to be forgotten when the visit ends',
    nothingYet: 'nothing decided yet',
    timePassed: 'time passed',
    timeOver: (what: string) => `time over: ${what}`,
    noted: 'noted',
    nothing: 'nothing',
    yes: 'true',
    no: 'false',
    disagree: 'witnesses disagree',
    by: (rank: string, source: string) => `${rank} by ${source}`,
    against: (list: string) => `against it ${list}`,
  },
  de: {
    states: {
      vacant: 'frei',
      detecting: 'erkennt',
      authorizing: 'fragt an',
      'charging-locked': 'lädt',
      exiting: 'fährt ab',
    },
    service: { 'out-of-service': 'außer Betrieb', faulted: 'gestört' },
    shortService: { 'out-of-service': 'aus', faulted: 'gestört' },
    blind: (camera) => `${camera} sieht nichts`,
    offline: (chargePoint) => `${chargePoint} offline`,
    blocked: (why) => `blockiert: ${why}`,
    noStarts: 'startet nichts von selbst',
    autonomy: { observe: 'beobachtet nur', suggest: 'schlägt nur vor', act: 'handelt von selbst' },
    forgotten: 'wird nach dem Besuch vergessen',
    nothingYet: 'noch nichts entschieden',
    timePassed: 'Zeit verging',
    timeOver: (what) => `Zeit abgelaufen: ${what}`,
    noted: 'vermerkt',
    nothing: 'nichts',
    yes: 'ja',
    no: 'nein',
    disagree: 'Zeugen widersprechen sich',
    by: (rank, source) => `${rank} von ${source}`,
    against: (list) => `dagegen ${list}`,
  },
})

/** What witnesses can disagree about, by kind. */
const CONTRADICTIONS: { readonly [kind: string]: string } = words({
  en: {
    'camera-empty': 'camera sees it empty',
    'other-plate': 'camera reads another plate',
    'plug-without-vehicle': 'plug, and nobody seen',
    'available-with-transaction': 'Available, and a transaction open',
    'other-token': 'another card was shown',
    'register-still': 'meter disagrees with itself',
    'register-runs': 'meter disagrees with itself',
    'suspended-but-drawing': 'meter disagrees with the status',
    'charging-but-idle': 'meter disagrees with the status',
  },
  de: {
    'camera-empty': 'Kamera sieht ihn leer',
    'other-plate': 'Kamera liest ein anderes Kennzeichen',
    'plug-without-vehicle': 'Stecker, aber niemand gesehen',
    'available-with-transaction': 'Available bei offener Transaktion',
    'other-token': 'eine andere Karte wurde gezeigt',
    'register-still': 'Zähler widerspricht sich',
    'register-runs': 'Zähler widerspricht sich',
    'suspended-but-drawing': 'Zähler widerspricht dem Status',
    'charging-but-idle': 'Zähler widerspricht dem Status',
  },
})

/** The word of a state. */
export const stateWord = (state: State): string => WORDS.states[state]

/** The word for what a bay is. */
export const bayWord = ({ state, service }: Seen): string =>
  service === 'in-service' ? stateWord(state) : WORDS.service[service]

/** The same where there is room for one short word. */
export const shortWord = ({ state, service }: Seen): string =>
  service === 'in-service' ? stateWord(state) : WORDS.shortService[service]

/** The substate where it says more than the word of the state, else nothing. */
export function detailWord({ state, detail }: Pick<BayView, 'state' | 'detail'>): string {
  const last = detail.split('.').at(-1) ?? ''
  const name = placeWord(last)
  const isSaid = name === stateWord(state) || last === state || last.replaceAll('-', ' ') === stateWord(state)
  return isSaid || (state === 'charging-locked' && last === 'charging') ? '' : name
}

/** `AB•••DE`; a masked one stays as it is. */
export function masked(plate: string): string
export function masked(plate: string | null): string | null
export function masked(plate: string | null): string | null {
  if (plate === null || plate.includes('•')) return plate
  const kept = plate.length >= 7 ? 2 : 1
  return plate.length <= 2 ? '•••' : `${plate.slice(0, kept)}•••${plate.slice(-kept)}`
}

/** Amperes of the connector that draws most, null where none says. */
export function amperes({ chargers }: Pick<BayView, 'chargers'>): number | null {
  const values = chargers.map(({ current_A }) => current_A).filter((value) => value !== null)
  return values.length === 0 ? null : Math.max(...values)
}

/** `6.1 A`, `? A` where nobody says. */
export const ampereText = (current: number | null): string => `${current === null ? '?' : decimal(current, 1)} A`

/** What speaks for and against an identity: `plate by cam-1 (5×), against it guess by cam-2`. */
export function evidenceWords(visit: BayView['visit']): string {
  const of = (agrees: boolean) =>
    (visit?.evidence ?? [])
      .filter((one) => one.agrees === agrees)
      .map(
        ({ rank, source, times }) =>
          `${WORDS.by(nameWord('ranks', rank), nameWord('sources', source))}${times > 1 ? ` (${times}×)` : ''}`,
      )
      .join(', ')
  const [speaks, against] = [of(true), of(false)]
  // Before anybody is named there is nothing to be against.
  if (visit?.identifiedBy === null && visit.plate === null && !visit.plateForgotten) return against
  return [speaks, against && WORDS.against(against)].filter((part) => part !== '').join('; ')
}

/** How far the bay acts by itself. */
export const autonomyWord = (autonomy: BayView['autonomy']): string => WORDS.autonomy[autonomy]

/** What is not as it should be, beside the state: in words. */
export function overlays(bay: BayView): string[] {
  const contradicted = bay.contradictions.map(({ kind }) => CONTRADICTIONS[kind] ?? WORDS.disagree)
  return [
    ...new Set(contradicted),
    ...(bay.blocked ? [WORDS.blocked(nameWord('blocked', bay.blocked.why).replaceAll('-', ' '))] : []),
    ...bay.cameras.filter(({ status }) => status === 'lost').map(({ cameraId }) => WORDS.blind(cameraId)),
    ...bay.chargers.filter(({ online }) => !online).map(({ chargePointId }) => WORDS.offline(chargePointId)),
    ...(bay.automatic ? [] : [WORDS.noStarts]),
    ...(bay.autonomy === 'act' ? [] : [WORDS.autonomy[bay.autonomy]]),
    ...(bay.visit?.erasurePending ? [WORDS.forgotten] : []),
  ]
}

/** Why the bay is as it is, from longer to shorter, where there is little room: what happened, and the rule that it met. */
export function shortWhys({ why }: Pick<BayView, 'why'>): readonly string[] {
  if (why === null) return [WORDS.nothingYet]
  const rule = ruleWord(why.rule)
  const isOver = why.event.startsWith('xstate.after.') && why.rule !== 'note'
  const event = isOver ? WORDS.timePassed : eventWord(why.event)
  return event === rule ? [rule] : [`${event}: ${rule}`, rule]
}

/** What happened. */
export const eventWord = (type: string): string =>
  type === 'bay.wake'
    ? WORDS.timePassed
    : type.startsWith('xstate.after.')
      ? WORDS.timeOver(guardWord(type.split('.')[2] ?? ''))
      : toldWord(type)

/** The rule that fired, or what a bay that cannot be used is; where none did the news is kept and nothing else. */
export const ruleWord = (rule: string): string =>
  rule === 'note'
    ? WORDS.noted
    : rule === 'out-of-service' || rule === 'faulted'
      ? WORDS.service[rule]
      : guardWord(rule)

/** A value as a guard saw it. */
export function value(thing: unknown): string {
  if (thing === null || thing === undefined) return WORDS.nothing
  if (typeof thing === 'boolean') return thing ? WORDS.yes : WORDS.no
  if (typeof thing === 'number') return language === 'de' ? String(thing).replace('.', ',') : String(thing)
  return typeof thing === 'object' ? JSON.stringify(thing) : inWords(String(thing))
}

/** Where a record came from. */
export type Source = 'camera' | 'charger' | 'person' | 'site'

/** Where a record came from, by its cause. */
export function sourceOf(type: string): Source {
  if (/^(plate|vehicle|zone|camera|second)\b/.test(type)) return 'camera'
  if (/^(charger|connector|token|transaction|meter|start|plug)\b/.test(type)) return 'charger'
  if (/^(operator|review)\b/.test(type)) return 'person'
  return 'site'
}
