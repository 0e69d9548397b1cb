import type { Json } from '../../machines/events.ts'
import type { FactRecord } from '../../machines/record.ts'
import type { Roll } from './invented-plates.ts'

/** What names of one kind become, in the order of the originals: who comes first by name still does. */
const KINDS = {
  bay: (at: string) => `bay-${at}`,
  chargePoint: (at: string) => `CP-${at}`,
  camera: (at: string) => `cam-${at}`,
  account: (at: string) => `acc-${at}`,
  vehicle: (at: string) => `veh-${at.padStart(16, '0')}`,
  card: (at: string) => `card-${at.padStart(16, '0')}`,
} as const
type Kind = keyof typeof KINDS

/** Members of causes that hold a name, and of what. Handles are known by their form wherever they stand. */
const NAMED: { readonly [member: string]: Kind } = {
  bayId: 'bay',
  rival: 'bay',
  rivals: 'bay',
  bays: 'bay',
  chargePointId: 'chargePoint',
  cameraId: 'camera',
  cameras: 'camera',
  accountId: 'account',
  fromAccount: 'account',
}
const VEHICLE = /^veh-/
const CARD = /^card-/

/** Members whose text is what somebody is called, or said: never kept, whatever it is. */
const PEOPLES: ReadonlySet<string> = new Set([
  'name',
  'note',
  'plate',
  'text',
  'says',
  'comment',
  'idToken',
  'userName',
])
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/
/** Whole ms since 1970 between 2014 and 2052: a time that stands as a number. */
const isMoment = (value: number): boolean => Number.isInteger(value) && value > 1.4e12 && value < 2.6e12

/** Why a charge point says that it stopped, or what is wrong with it (OCPP 1.6 and 2): words of the specification. */
const SPECIFIED = new Set(
  `DeAuthorized EmergencyStop EVDisconnected HardReset Local Other PowerLoss Reboot Remote SoftReset UnlockCommand EnergyLimitReached
   GroundFault ImmediateReset MasterPass OvercurrentFault PowerQuality SOCLimitReached StoppedByEV TimeLimitReached Timeout
   ConnectorLockFailure EVCommunicationError GroundFailure HighTemperature InternalError LocalListConflict NoError OtherError
   OverCurrentFailure OverVoltage PowerMeterFailure PowerSwitchFailure ReaderFailure ResetFailure UnderVoltage WeakSignal`.split(
    /\s+/,
  ),
)

/** Members whose text is one of a few words that berth's own code puts there, whatever a device or a person sent. */
const OF_CODE: ReadonlySet<string> = new Set(
  `type verdict phase outcome when standing kind rank status command level confirm autonomy drawingBy startOn suspendedEvse finishing
   availableMay`.split(/\s+/),
)
const CODE_WORD = /^[a-z][a-z.-]{0,63}$/i

/** A member's name as the code writes them: no plate, number or person is spelled so. */
const MEMBER = /^[a-z]+(?:[A-Z][a-z]+|_[A-Za-z]{1,2})*$/
/** Ids that berth makes: what comes after the word is random, or counted. */
const COUNTED = /^(observation|track|review|erasure|frame)-(.+)$/

/** Who of berth itself said it. */
const SOURCES: ReadonlySet<string> = new Set(['operator', 'register', 'site', 'site-file', 'timer'])

/** Where a version of a bay's stream went: `visitId` and `startId` are made of it. */
export type NewVersion = (bayId: string, version: number) => number

/** Other names, texts and times for those of causes: the same for the same, and nothing kept that is not a word of the machines. */
export class InventedNames {
  readonly #names = new Map<string, string>()
  readonly #bays: readonly string[]
  readonly #words: Words
  readonly #roll: Roll
  readonly #shift_ms: number
  readonly #made = new Set<string>()

  /** `words`: what the machines' own texts may be; `shift_ms` is added to every time. */
  constructor(records: readonly FactRecord[], words: Words, roll: Roll, shift_ms: number) {
    this.#words = words
    this.#roll = roll
    this.#shift_ms = shift_ms
    const found = namesIn(records)
    this.#bays = [...found.bay].sort((one, other) => other.length - one.length)
    for (const kind of Object.keys(KINDS) as Kind[]) {
      const width = String(found[kind].size).length
      for (const [at, name] of [...found[kind]].sort(inOrder).entries()) {
        if (!this.#names.has(name)) this.#names.set(name, KINDS[kind](String(at + 1).padStart(width, '0')))
      }
    }
    for (const made of this.#names.values()) this.#made.add(made)
  }

  /** The new name of a bay, a handle, an account … that the records named. */
  nameOf(name: string): string {
    return this.#names.get(name) ?? this.#invented(name)
  }

  /** Everything that stands otherwise in the bundle, and that no invented name happens to be. */
  *originals(): Generator<string> {
    for (const name of this.#names.keys()) if (!this.#made.has(name)) yield name
  }

  /** Every name and text that was invented. */
  invented(): ReadonlySet<string> {
    return this.#made
  }

  /** A time as ISO 8601, moved. */
  time(text: string): string {
    return new Date(Date.parse(text) + this.#shift_ms).toISOString()
  }

  /** A cause with everything in it that is not the machines' own word told otherwise. */
  told<T extends Json>(cause: T, version: NewVersion): T {
    return this.#value('', cause, version) as T
  }

  #value(member: string, value: Json, version: NewVersion): Json {
    if (typeof value === 'string') return this.#text(member, value, version)
    if (typeof value === 'number') return isMoment(value) ? value + this.#shift_ms : value
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map((one: Json) => this.#value(member, one, version))
    const told: { [member: string]: Json } = {}
    for (const [name, one] of Object.entries(value as { readonly [name: string]: Json | undefined }))
      if (one !== undefined) told[this.#member(name, version)] = this.#value(name, one, version)
    return told
  }

  /** Some maps are kept by the name of a connector, or of a vehicle. */
  #member(name: string, version: NewVersion): string {
    const isKnown = this.#words.members.has(name) || MEMBER.test(name)
    return isKnown && !this.#names.has(name) ? name : this.#text('', name, version)
  }

  #text(member: string, text: string, version: NewVersion): string {
    if (text === '' || /^-?[01]$/.test(text)) return text
    const named = this.#names.get(text)
    if (named !== undefined) return named
    if (TIME.test(text)) return this.time(text)
    const timer = /^timer-(\d{13})$/.exec(text)
    if (timer) return `timer-${Number(timer[1]) + this.#shift_ms}`
    return this.#composed(text, version) ?? (this.#isWord(member, text) ? text : this.#invented(text))
  }

  #isWord(member: string, text: string): boolean {
    if (OF_CODE.has(member)) return CODE_WORD.test(text)
    return (
      (member === 'source' && SOURCES.has(text)) ||
      (!PEOPLES.has(member) && (this.#words.said.has(text) || SPECIFIED.has(text)))
    )
  }

  /** `ask-bay-1-9`, `bay-1/17/0`: made of a bay and a version of its stream; `CP-1/2`: of a charge point. */
  #composed(text: string, version: NewVersion): string | null {
    for (const bay of this.#bays) {
      const at = text.indexOf(bay)
      const [before, after] = [text.slice(0, at), text.slice(at + bay.length)]
      const rest = /^([-/])(\d+)((?:\/\d+)?)$/.exec(after)
      if (at >= 0 && rest && /^(?:[a-z]{1,12}-)*$/.test(before))
        return `${before}${this.#names.get(bay)}${rest[1]}${version(bay, Number(rest[2]))}${rest[3]}`
    }
    const counted = COUNTED.exec(text)
    if (counted) return `${counted[1]}-${this.#invented(counted[2] as string)}`
    const slash = text.lastIndexOf('/')
    const first = slash < 0 ? undefined : this.#names.get(text.slice(0, slash))
    if (first === undefined) return null
    const rest = text.slice(slash + 1)
    return `${first}/${/^\d{1,2}$/.test(rest) ? rest : this.#invented(rest)}`
  }

  /** Another text of the same shape, the same each time. */
  #invented(text: string): string {
    const known = this.#names.get(text)
    if (known !== undefined) return known
    let made = this.#shaped(text)
    for (let tries = 0; (this.#made.has(made) || made === text) && tries < 50; tries++) made = this.#shaped(text)
    while (this.#made.has(made) || made === text) made += String(this.#roll(10))
    this.#made.add(made)
    this.#names.set(text, made)
    return made
  }

  #shaped(text: string): string {
    const pick = (from: string): string => from[this.#roll(from.length)] as string
    return text
      .replace(/\d/g, () => pick('23456789'))
      .replace(/\p{Lu}/gu, () => pick('ABCDEFGHJKLMNPQRSTUVWXYZ'))
      .replace(/[\p{Ll}\p{Lo}\p{Lt}\p{M}]/gu, () => pick('abcdefghijkmnopqrstuvwxyz'))
  }
}

/** Names in their natural order: `bay-2` before `bay-10`. */
function inOrder(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function namesIn(records: readonly FactRecord[]): { readonly [kind in Kind]: Set<string> } {
  const found = {
    bay: new Set<string>(),
    chargePoint: new Set<string>(),
    camera: new Set<string>(),
    account: new Set<string>(),
    vehicle: new Set<string>(),
    card: new Set<string>(),
  }
  const look = (member: string, value: unknown): void => {
    if (typeof value === 'string') {
      const kind = VEHICLE.test(value) ? 'vehicle' : CARD.test(value) ? 'card' : NAMED[member]
      if (kind) found[kind].add(value)
    } else if (Array.isArray(value)) for (const one of value) look(member, one)
    else if (typeof value === 'object' && value !== null)
      for (const [name, one] of Object.entries(value)) {
        if (VEHICLE.test(name) || CARD.test(name)) look('', name)
        look(name, one)
      }
  }
  for (const { bayId, cause, personal } of records) {
    if (bayId !== null) found.bay.add(bayId)
    look('', cause)
    for (const subject of Object.keys(personal ?? {})) if (VEHICLE.test(subject)) found.vehicle.add(subject)
  }
  return found
}

/** What the machines say themselves (`said`), and members that they know. */
export type Words = { readonly said: ReadonlySet<string>; readonly members: ReadonlySet<string> }

const read = new Map<string, Words>()

/** The words in the text of machines of this name, comments left out; read once a process. */
function wordsOf(name: string, source: string): Words {
  const known = read.get(name)
  if (known !== undefined) return known
  const code = source.replace(/\/\*[\s\S]*?\*\/|(^|[^:'"`\\])\/\/[^\n]*/g, '$1')
  const said = new Set([...code.matchAll(/'([^'\\\n]{1,200})'/g)].map(([, text]) => text as string))
  const members = new Set([...code.matchAll(/[A-Za-z_$][\w$]*/g)].map(([text]) => text))
  const words = { said, members }
  read.set(name, words)
  return words
}

/** The words of all of these. */
export const wordsOfAll = (machines: ReadonlyMap<string, string>): Words => {
  const all = [...machines].map(([name, source]) => wordsOf(name, source))
  return {
    said: new Set(all.flatMap(({ said }) => [...said])),
    members: new Set(all.flatMap(({ members }) => [...members])),
  }
}
