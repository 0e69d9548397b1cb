import type { Json } from './events.ts'
import { enough_Wh, PHASE_V } from './learn-signals.ts'

/**
 * What a charge point's traffic says of its family: a pure fold of what it sends, as it was sent. It proposes traits with the evidence
 * counted and never applies one: a person names the profile in the site file. `at` = arrival, ms since 1970.
 */
export type TraitNews = { readonly at: number } & (
  | { readonly type: 'booted'; readonly vendor: string; readonly model: string; readonly alike: readonly string[] }
  | { readonly type: 'status'; readonly evse: number; readonly status: string }
  | ({ readonly type: 'sample'; readonly evse: number } & RawFlow)
  | { readonly type: 'started'; readonly evse: number }
  | { readonly type: 'ended'; readonly evse: number | null }
  /** A token came in. `sent`: the newest ones of berth's that were sent there. */
  | { readonly type: 'token'; readonly given: string; readonly sent: readonly string[] }
)

/** One live sample before any profile, in A, W and Wh; null = not sent. */
export type RawFlow = {
  readonly import_A: number | null
  readonly export_A: number | null
  readonly neutral_A: number | null
  readonly power_W: number | null
  readonly register_Wh: number | null
}

/** One trait that the traffic suggests: `trait` and `value` as a profile has them, `profile` the name that brings it. */
export type TraitProposal = {
  readonly trait: string
  readonly value: Json
  readonly profile: string
  readonly says: string
  readonly evidence: { readonly [count: string]: number | string }
}

/** Seen in `times` of `of` cases. */
type Tally = { readonly times: number; readonly of: number; readonly Wh: number }
const NONE: Tally = { times: 0, of: 0, Wh: 0 }
const tallied = (tally: Tally, yes: boolean, Wh = 0): Tally => ({
  times: tally.times + (yes ? 1 : 0),
  of: tally.of + 1,
  Wh: tally.Wh + (yes ? Wh : 0),
})

type ConnectorClues = {
  readonly status: string | null
  readonly statusAt: number
  readonly open: boolean
  /** A transaction began since it said Preparing. */
  readonly began: boolean
  readonly sample: (RawFlow & { readonly at: number }) | null
  /** Samples with a flow: only as Current.Export; only on N, beside lines. */
  readonly exported: Tally
  readonly neutral: Tally
  /** Samples in SuspendedEVSE: with a flow. */
  readonly suspended: Tally
  /** Energy by power, by current and by register over the same times, Wh. */
  readonly power_Wh: number
  readonly powered_Wh: number
  /** Claimed since the register moved last; windows in which it had to move and did not. */
  readonly claimed_Wh: number
  readonly frozen: Tally
  readonly jumps: number
  /** Ends of Preparing: in Finishing without a start; seconds that it took, together. */
  readonly gaveUp: Tally
  readonly gaveUp_s: number
  /** Available while a transaction was open: it never ended. */
  readonly available: boolean
  readonly silentEnd: Tally
}

/** Everything folded of one charge point: plain data. */
export type TraitClues = {
  readonly booted: { readonly vendor: string; readonly model: string; readonly alike: readonly string[] } | null
  readonly connectors: { readonly [evse: string]: ConnectorClues }
  readonly cut: Tally & { readonly length: number }
}

export const NO_CLUES: TraitClues = { booted: null, connectors: {}, cut: { ...NONE, length: 0 } }

const FRESH: ConnectorClues = {
  status: null,
  statusAt: 0,
  open: false,
  began: false,
  sample: null,
  exported: NONE,
  neutral: NONE,
  suspended: NONE,
  power_Wh: 0,
  powered_Wh: 0,
  claimed_Wh: 0,
  frozen: NONE,
  jumps: 0,
  gaveUp: NONE,
  gaveUp_s: 0,
  available: false,
  silentEnd: NONE,
}

/** Less is a meter's own noise, A. */
const FLOWS_A = 0.5
/** Samples further apart are no interval, ms. */
const GAP_ms = 300_000
/** A register that moved by more between two samples began anew or slipped, Wh. */
const STEP_Wh = 30_000

/** Folds one piece of news. */
export function foldTraits(clues: TraitClues, news: TraitNews): TraitClues {
  switch (news.type) {
    case 'booted':
      return { ...clues, booted: { vendor: news.vendor, model: news.model, alike: news.alike } }
    case 'token':
      return { ...clues, cut: foldToken(clues.cut, news.given, news.sent) }
    case 'ended': {
      const open = Object.entries(clues.connectors).filter(([, one]) => one.open)
      const evse = news.evse ?? (open.length === 1 ? Number(open[0]?.[0]) : null)
      return evse === null ? clues : at(clues, evse, (one) => ({ ...settle(one, false), open: false, sample: null }))
    }
    case 'started':
      return at(clues, news.evse, (one) => ({ ...settle(one, one.open), open: true, began: true, sample: null }))
    case 'status':
      return at(clues, news.evse, (one) => foldStatus(one, news.status, news.at))
    case 'sample':
      return at(clues, news.evse, (one) => foldSample(one, news))
  }
}

/** No charge point has more connectors: what a broken one says of others is not kept. */
const MOST_CONNECTORS = 32

function at(clues: TraitClues, evse: number, change: (one: ConnectorClues) => ConnectorClues): TraitClues {
  const known = clues.connectors[evse]
  if (!known && Object.keys(clues.connectors).length >= MOST_CONNECTORS) return clues
  return { ...clues, connectors: { ...clues.connectors, [evse]: change(known ?? FRESH) } }
}

/** What Available said of an open transaction is known now: it never ended, or it went on or ended later. */
const settle = (one: ConnectorClues, neverEnded: boolean): ConnectorClues =>
  one.available ? { ...one, available: false, silentEnd: tallied(one.silentEnd, neverEnded) } : one

function foldToken(cut: TraitClues['cut'], given: string, sent: readonly string[]): TraitClues['cut'] {
  const token = given.toUpperCase()
  if (sent.includes(token)) return { ...cut, of: cut.of + 1 }
  const whole = sent.find(
    (one) => token.length >= 8 && one !== token && (one.startsWith(token) || token.startsWith(one)),
  )
  return whole === undefined ? cut : { ...tallied(cut, true), length: token.length }
}

function foldStatus(one: ConnectorClues, status: string, now: number): ConnectorClues {
  if (status === one.status) return one
  const left = one.status === 'Preparing' && !one.began
  const gaveUp = left && status === 'Finishing'
  const next = {
    ...one,
    status,
    statusAt: now,
    began: status === 'Preparing' ? one.open : one.began,
    gaveUp: left ? tallied(one.gaveUp, gaveUp) : one.gaveUp,
    gaveUp_s: one.gaveUp_s + (gaveUp ? (now - one.statusAt) / 1_000 : 0),
  }
  return status === 'Available' && one.open ? { ...next, available: true } : next
}

function foldSample(one: ConnectorClues, sample: RawFlow & { readonly at: number }): ConnectorClues {
  const imported = sample.import_A ?? 0
  const exported = sample.export_A ?? 0
  const neutral = sample.neutral_A ?? 0
  const flow_A = Math.max(imported, exported, neutral)
  const { moved_Wh, passed_h, slipped } = interval(one.sample, sample)
  const lines = imported >= FLOWS_A || exported >= FLOWS_A
  const beside = sample.import_A !== null && neutral >= FLOWS_A
  const claims_Wh = flow_A * PHASE_V * passed_h
  const claimed_Wh = moved_Wh > 0 || slipped ? 0 : one.claimed_Wh + claims_Wh
  const still = sample.register_Wh !== null && claimed_Wh >= enough_Wh(sample.register_Wh)
  const measured = sample.power_W !== null && moved_Wh !== 0
  // Energy flows on after an Available: that was no end.
  return settleBy(flow_A >= FLOWS_A && moved_Wh > 0, {
    ...one,
    sample: { ...sample, register_Wh: sample.register_Wh ?? one.sample?.register_Wh ?? null },
    exported: lines ? tallied(one.exported, imported < FLOWS_A, moved_Wh) : one.exported,
    neutral: beside ? tallied(one.neutral, !lines, moved_Wh) : one.neutral,
    suspended: one.status === 'SuspendedEVSE' ? tallied(one.suspended, flow_A >= FLOWS_A, moved_Wh) : one.suspended,
    power_Wh: one.power_Wh + (measured ? (sample.power_W ?? 0) * passed_h : 0),
    powered_Wh: one.powered_Wh + (measured ? moved_Wh : 0),
    claimed_Wh: still ? 0 : claimed_Wh,
    frozen: still ? tallied(one.frozen, true, claimed_Wh) : one.frozen,
    jumps: one.jumps + (slipped ? 1 : 0),
  })
}

const settleBy = (goesOn: boolean, one: ConnectorClues): ConnectorClues => (goesOn ? settle(one, false) : one)

/** From one sample to the next: what the register moved, and whether it slipped by a thousand. */
function interval(
  before: ConnectorClues['sample'],
  now: RawFlow & { readonly at: number },
): { readonly moved_Wh: number; readonly passed_h: number; readonly slipped: boolean } {
  const none = { moved_Wh: 0, passed_h: 0, slipped: false }
  if (!before || now.at - before.at > GAP_ms) return none
  const passed_h = Math.max(0, now.at - before.at) / 3_600_000
  if (before.register_Wh === null || now.register_Wh === null) return { ...none, passed_h }
  const ratio = before.register_Wh > 0 ? now.register_Wh / before.register_Wh : 1
  const slipped = Math.max(before.register_Wh, now.register_Wh) > 500 && (near(ratio, 1_000) || near(ratio, 0.001))
  const moved = now.register_Wh - before.register_Wh
  return { moved_Wh: !slipped && moved > 0 && moved < STEP_Wh ? moved : 0, passed_h, slipped }
}

const near = (ratio: number, wanted: number): boolean => ratio > wanted * 0.8 && ratio < wanted * 1.25

/** Samples before a measurand is believed to be missing, with at least this much energy flowing meanwhile (Wh). */
const SAMPLES = 10
const FLOWED_Wh = 200
/** Cases before a habit is believed. */
const CASES = 3

const kWh = (Wh: number): string => `${Math.round(Wh / 100) / 10} kWh`

/** What the traffic suggests so far, strongest evidence of each kind; the order is fixed. */
export function proposedTraits({ connectors, cut }: TraitClues): readonly TraitProposal[] {
  const all = Object.values(connectors)
  const found = all.flatMap((one) => [...flowTraits(one), ...meterTraits(one), ...habitTraits(one)])
  const firsts = found.filter((one, index) => found.findIndex((other) => other.trait === one.trait) === index)
  if (cut.times === 0) return firsts
  const says = `a token that berth sent came back with ${cut.length} characters, ${cut.times} of ${cut.of} times`
  return [
    ...firsts,
    { trait: 'tokenLength', value: 14, profile: 'short-token', says, evidence: { ...count(cut), length: cut.length } },
  ]
}

const count = ({ times, of }: Tally): { readonly times: number; readonly of: number } => ({ times, of })
const shows = (tally: Tally): boolean => tally.times >= SAMPLES && tally.Wh >= FLOWED_Wh
const always = (tally: Tally): boolean => tally.times === tally.of

function flowTraits({ exported, neutral, suspended }: ConnectorClues): TraitProposal[] {
  const list: TraitProposal[] = []
  const push = (tally: Tally, trait: string, value: Json, profile: string, what: string): void => {
    const says = `${what} in ${tally.times} of ${tally.of} samples while the register rose ${kWh(tally.Wh)}`
    list.push({ trait, value, profile, says, evidence: { ...count(tally), register_Wh: Math.round(tally.Wh) } })
  }
  if (shows(exported) && always(exported))
    push(exported, 'currentFrom', 'export', 'export-current', 'current came only as Current.Export')
  if (shows(neutral) && always(neutral))
    push(neutral, 'currentOn', 'neutral', 'neutral-current', 'current came on N while the lines said 0')
  if (shows(suspended))
    push(suspended, 'suspendedEvse', 'may-draw', 'suspended-draws', 'current flowed in SuspendedEVSE')
  return list
}

function meterTraits({ power_Wh, powered_Wh, frozen, jumps }: ConnectorClues): TraitProposal[] {
  const list: TraitProposal[] = []
  if (powered_Wh >= FLOWED_Wh && near(power_Wh / powered_Wh, 0.001)) {
    const says = `power said ${Math.round(power_Wh * 100) / 100} Wh while the register rose ${kWh(powered_Wh)}: a thousandth`
    const evidence = { power_Wh: Math.round(power_Wh * 1000) / 1000, register_Wh: Math.round(powered_Wh) }
    list.push({ trait: 'powerTimes', value: 1_000, profile: 'kilowatts', says, evidence })
  }
  if (frozen.times >= CASES) {
    const says = `current said ${kWh(frozen.Wh)} while the register stood still, in ${frozen.times} stretches`
    const evidence = { times: frozen.times, claimed_Wh: Math.round(frozen.Wh) }
    list.push({ trait: 'drawingBy', value: 'register', profile: 'by-register', says, evidence })
  }
  if (jumps >= 2) {
    const says = `the register jumped by a thousand ${jumps} times`
    list.push({ trait: 'registerSlips', value: true, profile: 'register-slips', says, evidence: { times: jumps } })
  }
  return list
}

function habitTraits({ gaveUp, gaveUp_s, silentEnd }: ConnectorClues): TraitProposal[] {
  const list: TraitProposal[] = []
  if (gaveUp.times >= CASES && always(gaveUp)) {
    const mean_s = Math.round(gaveUp_s / gaveUp.times)
    const says = `fell from Preparing to Finishing without a start ${gaveUp.times} of ${gaveUp.of} times, after ${mean_s} s`
    const evidence = { ...count(gaveUp), mean_s }
    list.push({ trait: 'startOn', value: 'plug', profile: 'start-on-plug', says, evidence })
  }
  if (silentEnd.times >= CASES && always(silentEnd)) {
    const says = `said Available with an open transaction that was never ended, ${silentEnd.times} of ${silentEnd.of} times`
    list.push({ trait: 'availableMay', value: 'ended', profile: 'silent-end', says, evidence: count(silentEnd) })
  }
  return list
}
