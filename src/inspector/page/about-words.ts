/** What a person or the site file decided, in words: the fields that rows of the audit carry. */
import type { BayEvent } from '../../../machines/learn.ts'
import type { Confirm } from '../../../machines/register.ts'
import { value } from './bay-words.ts'
import { words } from './language.ts'
import { ORDER_FORM_WORDS } from './order-form-words.ts'
import { ORDER_WORDS } from './order-words.ts'
import { VEHICLE_WORDS } from './vehicle-words.ts'
import { ZONE_WORDS } from './zone-words.ts'

type Commanded = Extract<BayEvent, { readonly type: 'operator.commanded' }>
type Answered = Extract<BayEvent, { readonly type: 'review.answered' }>

const WORDS = words({
  en: {
    autonomy: 'How far it acts by itself',
    zones: 'Publish zones',
    levels: { observe: 'observes only', suggest: 'suggests only', act: 'acts by itself' } satisfies {
      readonly [level in NonNullable<Commanded['level']>]: string
    },
    verdicts: {
      plate: 'the plate was named',
      unreadable: 'cannot be read',
      'not-a-plate': 'no plate',
      'no-reviewer': 'nobody reviews',
    } satisfies { readonly [verdict in Answered['verdict']]: string },
    statuses: { active: 'active', blocked: 'blocked' },
    confirms: {
      never: 'never confirmed',
      'first-visit': 'confirmed at the first visit',
      always: 'always confirmed',
    } satisfies {
      readonly [confirm in Confirm]: string
    },
    whys: {
      'time-over': 'its time was over',
      'bay-changed': 'the bay changed',
      'payer-changed': 'another would pay',
      'zones-changed': 'the zones changed',
      'giver-gone': 'who gave it may not any more',
    },
    automatic: (isOn: boolean) => (isOn ? 'automatic starts on' : 'automatic starts off'),
    blocked: (isBlocked: boolean) => (isBlocked ? 'blocked' : 'not blocked'),
    deleted: (isGone: boolean) => (isGone ? 'removed' : 'kept'),
    zonesVersion: (version: string) => `zones, version ${version}`,
    policyVersion: (version: string) => `policy, version ${version}`,
    putBack: (version: string) => `as in version ${version}`,
  },
  de: {
    autonomy: 'Wie weit er von selbst handelt',
    zones: 'Zonen veröffentlichen',
    levels: { observe: 'beobachtet nur', suggest: 'schlägt nur vor', act: 'handelt von selbst' },
    verdicts: {
      plate: 'das Kennzeichen wurde genannt',
      unreadable: 'nicht lesbar',
      'not-a-plate': 'kein Kennzeichen',
      'no-reviewer': 'niemand prüft',
    },
    statuses: { active: 'aktiv', blocked: 'gesperrt' },
    confirms: {
      never: 'nie zu bestätigen',
      'first-visit': 'beim ersten Besuch zu bestätigen',
      always: 'immer zu bestätigen',
    },
    whys: {
      'time-over': 'ihre Zeit war um',
      'bay-changed': 'der Platz hat sich geändert',
      'payer-changed': 'ein anderer würde zahlen',
      'zones-changed': 'die Zonen haben sich geändert',
      'giver-gone': 'wer sie gab, darf es nicht mehr',
    },
    automatic: (isOn) => (isOn ? 'automatische Starts an' : 'automatische Starts aus'),
    blocked: (isBlocked) => (isBlocked ? 'gesperrt' : 'nicht gesperrt'),
    deleted: (isGone) => (isGone ? 'entfernt' : 'behalten'),
    zonesVersion: (version) => `Zonen, Fassung ${version}`,
    policyVersion: (version) => `Regeln, Fassung ${version}`,
    putBack: (version) => `wie in Fassung ${version}`,
  },
})

type Names = { readonly [name: string]: string | undefined }
const COMMANDS: Names = { ...ORDER_WORDS.labels, autonomy: WORDS.autonomy, 'publish-zones': WORDS.zones }
/** Fields whose values are words of a list. */
const LISTS: { readonly [field: string]: Names | undefined } = {
  command: COMMANDS,
  level: WORDS.levels,
  verdict: WORDS.verdicts,
  status: WORDS.statuses,
  confirm: WORDS.confirms,
  why: WORDS.whys,
}
const FLAGS: { readonly [field: string]: ((isSo: boolean) => string) | undefined } = {
  automatic: WORDS.automatic,
  blocked: WORDS.blocked,
  deleted: WORDS.deleted,
}
const VERSIONS: { readonly [field: string]: ((version: string) => string) | undefined } = {
  zonesVersion: WORDS.zonesVersion,
  policyVersion: WORDS.policyVersion,
  putBack: WORDS.putBack,
}
const REASONS: Names = { ...ZONE_WORDS.reasons, ...VEHICLE_WORDS.reasons, ...ORDER_FORM_WORDS.reasons }

/** One field of a row: what it says in words, or the name of a thing as it is. */
export function aboutWord(field: string, thing: unknown): string {
  if (typeof thing === 'boolean') return FLAGS[field]?.(thing) ?? value(thing)
  if (typeof thing === 'number') return VERSIONS[field]?.(value(thing)) ?? value(thing)
  return LISTS[field]?.[String(thing)] ?? value(thing)
}

/** A reason of one of the lists from which people choose; any other as it is. */
export const reasonWord = (reason: string): string => REASONS[reason] ?? reason
