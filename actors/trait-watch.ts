import type { Json } from '../machines/events.ts'
import type { FactRecord } from '../machines/record.ts'
import {
  foldTraits,
  NO_CLUES,
  proposedTraits,
  type TraitClues,
  type TraitNews,
  type TraitProposal,
} from '../machines/traits.ts'
import type { ChargePointProfile } from './ocpp/profiles/charge-point-profile.ts'
import { FAMILIES, familiesLike } from './ocpp/profiles/default.ts'
import type { ChargePointNews, Entry, Scribe } from './ports.ts'
import { type Memory, memory } from './record-memory.ts'

export type TraitWatchPorts = {
  readonly scribe: () => Scribe
  /** ms since 1970. */
  readonly now: () => number
  readonly profile: (chargePointId: string) => ChargePointProfile
  /** A proposal could not be written; it comes again. */
  readonly failed: (cause: unknown) => void
}

/** Hears all traffic of charge points and proposes profiles, each trait once; a person names the profile in the site file, berth never takes one. */
export type TraitWatch = {
  /** `evse`: where the transaction of a stop ran; `sent`: the tokens that berth sent there. */
  hear(news: ChargePointNews, evse: number | null, sent: readonly string[]): void
  /** Every record of the journal: what was proposed is not proposed again after a restart. */
  replay(record: FactRecord): void
  /** After a start of the site: proposals that the site file now follows are settled, and those of charge points that it names no more. */
  settle(chargePointIds: Iterable<string>): void
  /** What is remembered by records alone. */
  readonly memory: Memory
}

/** A proposal with the place in the site file where a person would follow it. */
type Proposed = TraitProposal & { readonly chargePointId: string }

const keyOf = ({ chargePointId, trait, profile }: Pick<Proposed, 'chargePointId' | 'trait' | 'profile'>): string =>
  `${chargePointId}/${trait}/${profile}`

export function traitWatch(ports: TraitWatchPorts): TraitWatch {
  const clues = new Map<string, TraitClues>()
  /** Proposed and not settled, by key: the trait and its value. */
  const open = new Map<string, { readonly chargePointId: string; readonly trait: string; readonly value: Json }>()

  const write = (entry: Entry, undo: () => void): void => {
    ports
      .scribe()
      .write([entry])
      .catch((cause: unknown) => {
        undo()
        ports.failed(cause)
      })
  }
  const propose = (proposed: Proposed): void => {
    const key = keyOf(proposed)
    if (open.has(key)) return
    open.set(key, proposed)
    write(proposalEntry(proposed, ports.profile(proposed.chargePointId)), () => open.delete(key))
  }

  return {
    memory: memory({ open }),
    hear(news, evse, sent) {
      const { chargePointId } = news
      const before = clues.get(chargePointId) ?? NO_CLUES
      const after = told(news, evse, sent, ports.now()).reduce(foldTraits, before)
      clues.set(chargePointId, after)
      if (after === before) return
      const has = ports.profile(chargePointId)
      const found = [...proposedTraits(after), ...(news.type === 'booted' ? familyTraits(after) : [])]
      for (const one of found) if (!follows(has, one)) propose({ ...one, chargePointId })
    },
    replay(record) {
      const { cause } = record
      if (record.stream !== 'site' || (cause.type !== 'trait.proposed' && cause.type !== 'trait.settled')) return
      const about = {
        chargePointId: String(cause['chargePointId']),
        trait: String(cause['trait']),
        value: cause['value'] ?? null,
      }
      const key = keyOf({ ...about, profile: String(cause['profile']) })
      if (cause.type === 'trait.settled') open.delete(key)
      else open.set(key, about)
    },
    settle(chargePointIds) {
      const named = new Set(chargePointIds)
      for (const [key, proposal] of open) {
        const isGone = !named.has(proposal.chargePointId)
        if (!isGone && !follows(ports.profile(proposal.chargePointId), proposal)) continue
        open.delete(key)
        write(settledEntry(key, proposal, isGone ? 'charge-point-gone' : 'followed'), () => open.set(key, proposal))
      }
    },
  }
}

/** The profile has what is proposed; a whole family (`trait` profile) where it has all of its traits. */
function follows(has: ChargePointProfile, { trait, value }: { readonly trait: string; readonly value: Json }): boolean {
  if (trait !== 'profile') return sameJson((has as { readonly [trait: string]: unknown })[trait], value)
  const family = FAMILIES.find((one) => one.name === value)
  return Object.entries(family?.traits ?? {}).every(([name, wanted]) =>
    sameJson((has as { readonly [trait: string]: unknown })[name], wanted),
  )
}

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** A charge point that boots with a family's words: the family is proposed where it has traits of its own. */
function familyTraits({ booted }: TraitClues): TraitProposal[] {
  return FAMILIES.filter((family) => booted?.alike.includes(family.name) && Object.keys(family.traits).length > 0).map(
    ({ name, family, because }) => ({
      trait: 'profile',
      value: name,
      profile: name,
      says: `it boots as ${booted?.vendor} ${booted?.model}; ${family} ${because}`,
      evidence: { vendor: booted?.vendor ?? '', model: booted?.model ?? '' },
    }),
  )
}

/** What a charge point's news says to those who learn its traits. */
function told(news: ChargePointNews, evse: number | null, sent: readonly string[], at: number): TraitNews[] {
  switch (news.type) {
    case 'booted': {
      const { vendor, model } = news
      const alike = familiesLike(vendor, model).map(({ name }) => name)
      return [{ type: 'booted', at, vendor: vendor.slice(0, 50), model: model.slice(0, 50), alike }]
    }
    case 'status':
      return news.evse === 0 ? [] : [{ type: 'status', at, evse: news.evse, status: news.status }]
    case 'authorize':
      return [{ type: 'token', at, given: news.idToken, sent }]
    case 'started':
      return [
        { type: 'token', at, given: news.idToken, sent },
        { type: 'started', at, evse: news.evse },
      ]
    case 'ended':
      return [{ type: 'ended', at, evse }]
    case 'meter':
      return news.samples.flatMap(({ when, raw }) =>
        when === 'live' && raw ? [{ type: 'sample' as const, at, evse: news.evse, ...raw }] : [],
      )
    default:
      return []
  }
}

/** The name that the site file would have: the family's own, or the present one with the trait's beside it. */
const nameFor = ({ trait, profile }: Proposed, has: ChargePointProfile): string =>
  trait === 'profile' || has.name === 'default' ? profile : `${has.name}+${profile}`

function proposalEntry(proposed: Proposed, has: ChargePointProfile): Entry {
  const { chargePointId, trait, value, profile, says, evidence } = proposed
  const name = nameFor(proposed, has)
  return {
    stream: 'site',
    cause: { type: 'trait.proposed', chargePointId, trait, value, profile, evidence: { ...evidence }, says },
    decisions: [],
    effects: [
      {
        type: 'raise.alarm',
        alarmId: `site/profile/${keyOf(proposed)}`,
        alarm: 'profile-proposed',
        says: `${chargePointId}: ${says}.`,
        do: `If that is right, write \`profile: ${name}\` at chargePoints \`id: ${chargePointId}\` of the site file and start again; berth changes nothing by itself.`,
      },
    ],
    personal: {},
  }
}

const settledEntry = (
  key: string,
  { chargePointId, trait, value }: { readonly chargePointId: string; readonly trait: string; readonly value: Json },
  why: 'followed' | 'charge-point-gone',
): Entry => ({
  stream: 'site',
  cause: { type: 'trait.settled', chargePointId, trait, value, profile: key.slice(key.lastIndexOf('/') + 1), why },
  decisions: [],
  effects: [{ type: 'clear.alarm', alarmId: `site/profile/${key}` }],
  personal: {},
})
