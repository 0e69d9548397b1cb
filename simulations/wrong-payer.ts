import { type Authorizer, authorizer } from '../actors/authorizer.ts'
import { type PlateNewsPorts, plateNews, weigh } from '../actors/plate-news.ts'
import type { Keys } from '../actors/ports.ts'
import type { Policy } from '../machines/events.ts'
import { leads, trustworthy } from '../machines/identity.ts'
import { fold } from '../machines/plate.ts'
import { emptyRegister, foldRegister, type Register } from '../machines/register.ts'
import { startTrack, type TrackRead, trackReads } from '../machines/track.ts'
import type { FrameText } from './frame-text.ts'
import { type MisreadOptions, openMisreads } from './misreads.ts'
import { type Draw, pick, type ToyFormat, toyPlate } from './toy-plates.ts'

/**
 * Who pays for a visit: a vehicle arrives, the reader says what it says, and the production track, vote, trust, handle and authorizer
 * decide. The answer that matters is how often somebody else pays.
 */

/** A register as a site holds it: every vehicle has an account of its own. */
export type PayerRegister = {
  readonly register: Register
  readonly keys: Pick<Keys, 'vehicle' | 'findVehicle'>
  /** Registered plates by handle, as the site's texts hold them. */
  readonly plates: ReadonlyMap<string, string>
  readonly list: readonly string[]
}

/** What of a candidate's weight lies outside of the machines: production's own, or null and 0 to leave it out. */
export type TrustPorts = Pick<PlateNewsPorts, 'chance' | 'crowd'>

/** What one visit came to. `wrong` = started for the account of another vehicle; `fallback` = registered and not started. */
export type Outcome = 'right' | 'fallback' | 'refused' | 'wrong'

/** What stays the same over many visits. */
export type PayerSite = {
  readonly garage: PayerRegister
  readonly trust: TrustPorts
  readonly policy: Policy
  /** Formats of strangers: those of the register, or more. */
  readonly formats: readonly ToyFormat[]
  /** Share of arriving vehicles that are registered, 0..1. */
  readonly registered: number
  /** Frames that are read of each vehicle, and their distance in ms. */
  readonly frames: number
  readonly frame_ms: number
  readonly misreads?: MisreadOptions
}

const AT = Date.parse('2026-11-22T10:00:00Z')

/** Registers plates, each for an account of its own. */
export function payerRegister(list: readonly string[]): PayerRegister {
  const register = emptyRegister()
  const handles = new Map<string, string>()
  const plates = new Map<string, string>()
  let version = 0
  const tell = (type: string, more: { readonly [field: string]: string }): void => {
    version += 1
    foldRegister(register, { version, cause: { type, ...more } })
  }
  for (const [place, plate] of list.entries()) {
    const [handle, accountId] = [`veh-${place}`, `acc-${place}`]
    handles.set(fold(plate), handle)
    plates.set(handle, plate)
    tell('account.changed', { accountId, status: 'active', confirm: 'never' })
    tell('vehicle.registered', { handle, accountId })
  }
  const findVehicle = (folded: string): string | null => handles.get(folded) ?? null
  return {
    register,
    keys: { findVehicle, vehicle: (folded) => findVehicle(folded) ?? `seen-${folded}` },
    plates,
    list,
  }
}

/** A vehicle that arrives: its plate, and the account that must pay (null = nobody's). */
export type Arriving = { readonly plate: string; readonly accountId: string | null }

/** The next vehicle: a registered one, or a stranger of the same formats. A stranger's plate may look alike a registered one, never be it. */
export function nextArrival({ garage, formats, registered }: PayerSite, draw: Draw): Arriving {
  if (draw() < registered) {
    const plate = pick(draw, garage.list)
    return { plate, accountId: accountOf(garage, fold(plate)) }
  }
  for (;;) {
    const plate = toyPlate(pick(draw, formats), draw)
    const handle = garage.keys.findVehicle(fold(plate))
    if (handle === null || garage.plates.get(handle) !== plate) return { plate, accountId: null }
  }
}

const accountOf = ({ keys, register }: PayerRegister, folded: string): string | null => {
  const handle = keys.findVehicle(folded)
  return handle === null ? null : (register.vehicles.get(handle)?.accountId ?? null)
}

/** One simulated visit, before it is judged. */
export type PayerVisit = { readonly arriving: Arriving; readonly frames: readonly (readonly FrameText[])[] }

/** Draws a vehicle and all that is read of it. */
export function drawVisit(site: PayerSite, draw: Draw): PayerVisit {
  const arriving = nextArrival(site, draw)
  const misreads = openMisreads(arriving.plate, draw, site.misreads)
  return { arriving, frames: Array.from({ length: site.frames }, () => misreads.frame()) }
}

/**
 * As `drawVisit`; null for a vehicle of which nothing is read but its own plate and what nobody has registered: whatever decides, no
 * other account can pay.
 */
export function drawDoubtful(site: PayerSite, draw: Draw): PayerVisit | null {
  const arriving = nextArrival(site, draw)
  const misreads = openMisreads(arriving.plate, draw, site.misreads)
  const strayAccount = misreads.stray === null ? null : accountOf(site.garage, fold(misreads.stray))
  const isOwn = accountOf(site.garage, fold(arriving.plate)) === arriving.accountId
  if (misreads.isPlain && isOwn && strayAccount === null) return null
  return { arriving, frames: Array.from({ length: site.frames }, () => misreads.frame()) }
}

/** Whether any text that was read is the plate of an account that must not pay: without one nobody is wronged. */
export const canBeWrong = ({ garage }: PayerSite, { arriving, frames }: PayerVisit): boolean =>
  frames.some((texts) =>
    texts.some(({ text }) => {
      const account = accountOf(garage, fold(text))
      return account !== null && account !== arriving.accountId
    }),
  )

/** Lets production decide, frame by frame. The first grant is the payer: later frames that contradict it are not waited for. */
export function judgeVisit(site: PayerSite, { arriving, frames }: PayerVisit): Outcome {
  const { garage, trust, policy } = site
  const ports: PlateNewsPorts = { keys: garage.keys, ids: { next: (kind) => kind }, ...trust }
  const decide: Authorizer = authorizer({ register: () => garage.register, timezone: 'UTC', clock: { now: () => AT } })
  let track = startTrack('track')
  let asked: string | null = null
  for (const [number, texts] of frames.entries()) {
    const reads = texts.map((text) => trackRead(text, number, AT + number * site.frame_ms))
    const tracked = trackReads(track, reads, policy, (candidate) =>
      trustworthy(weigh(ports, 'camera', candidate), policy),
    )
    track = tracked.track
    if (tracked.news?.type !== 'agreed' || !tracked.news.fresh || !tracked.news.clear) continue
    const { observation } = plateNews(ports, 'camera', 'bay', track.trackId, tracked.news)
    const handle = leads(observation, policy)
    if (handle === null || handle === asked) continue
    // A vehicle that was refused and is then agreed on as another one counts as that other one: a silent swap.
    asked = handle
    const answer = decide({ handle })
    if (answer.granted) return answer.accountId === arriving.accountId ? 'right' : 'wrong'
  }
  return arriving.accountId === null ? 'refused' : 'fallback'
}

const trackRead = ({ text, characters, confidence, agreed }: FrameText, frame: number, at: number): TrackRead => ({
  id: null,
  text,
  confidence,
  characters,
  frame: String(frame),
  reader: 'berth',
  box: null,
  at,
  capturedAt: null,
  clear: true,
  fresh: true,
  agreed,
})

/** Counts of many visits. `right` and `fallback` are of `judged` visits, drawn without choosing; `wrong` is of all `visits`. */
export type PayerCounts = {
  readonly visits: number
  readonly wrong: number
  readonly wrongStrangers: number
  readonly judged: { readonly [outcome in Outcome]: number }
}

/**
 * Simulates `visits` visits. The first `judged` of them are judged whatever they are; of the rest only those in which another
 * account's plate was read at all, for the others cannot be wrong: the same counts in a tenth of the time.
 */
export function countPayers(site: PayerSite, visits: number, judged: number, draw: Draw): PayerCounts {
  const outcomes = { right: 0, fallback: 0, refused: 0, wrong: 0 }
  let wrong = 0
  let wrongStrangers = 0
  for (let visit = 0; visit < visits; visit += 1) {
    const isJudged = visit < judged
    const drawn = isJudged ? drawVisit(site, draw) : drawDoubtful(site, draw)
    if (drawn === null || !(isJudged || canBeWrong(site, drawn))) continue
    const outcome = judgeVisit(site, drawn)
    if (isJudged) outcomes[outcome] += 1
    if (outcome !== 'wrong') continue
    wrong += 1
    if (drawn.arriving.accountId === null) wrongStrangers += 1
  }
  return { visits, wrong, wrongStrangers, judged: outcomes }
}

/** Upper end of the exact one-sided 95 % interval for a rate of which `wrong` of `visits` were seen (Poisson; 3.0 over visits for none). */
export function upperBound(wrong: number, visits: number): number {
  let [low, high] = [wrong, wrong + 4 * Math.sqrt(wrong + 1) + 4]
  for (let step = 0; step < 60; step += 1) {
    const mean = (low + high) / 2
    let term = Math.exp(-mean)
    let atMost = term
    for (let k = 1; k <= wrong; k += 1) {
      term *= mean / k
      atMost += term
    }
    if (atMost > 0.05) low = mean
    else high = mean
  }
  return high / visits
}
