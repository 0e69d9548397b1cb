import { randomBytes } from 'node:crypto'
import type { Look } from '../../../actors/looks.ts'
import type { Clock, Scribe } from '../../../actors/ports.ts'
import type { CommandType } from '../../../machines/events.ts'
import { Fault } from '../../../machines/faults.ts'
import type { Cause, Draft } from '../../../machines/record.ts'
import type { AlarmView, BayView, ReviewDetail, ReviewRow, SessionRow } from '../../../projections/bay-view.ts'
import { openMemoryJournal } from '../../../src/journal/memory.ts'
import { ReceivedCheckpoints } from '../../../src/journal/received-checkpoints.ts'
import { SecondPerson } from '../../../src/second-person.ts'
import { SiteAlarms } from '../../../src/site-alarms.ts'
import type { Command, CommandAnswer, SiteChange, SiteDesk } from '../../../src/site-desk.ts'
import { arrayRegister } from './array-register.ts'
import { arrayReviews } from './array-reviews.ts'
import { noPrivacy } from './no-privacy.ts'
import { quietBay } from './quiet-bay.ts'

/** A site desk that keeps everything in arrays, and a hand that makes things happen on it. */
export type ArrayDesk = {
  readonly desk: SiteDesk
  /** Records this cause in the bay and shows the changed view; `more`: what else the record says. */
  change(bayId: string, cause: Cause, view: Partial<BayView>, more?: Partial<Draft>): Promise<number>
  /** Records something outside bays, and tells nobody. */
  note(stream: string, cause: Cause): Promise<void>
  readonly plates: Map<string, string>
  readonly alarms: AlarmView[]
  readonly reviews: ReviewRow[]
  readonly details: Map<string, Partial<ReviewDetail>>
  readonly crops: Map<string, readonly Uint8Array[]>
  /** Who looked at which crop. */
  readonly looks: string[]
  readonly sessions: SessionRow[]
  /** Who was shown whom in clear. */
  readonly seen: Look[]
  readonly missing: string[]
  /** How often a command took effect. */
  readonly effects: Command[]
  /** Orders that wait for a second person. */
  readonly second: SecondPerson
  /** The next writes fail as if the disk were full. */
  failing: boolean
}

const plainSealer = {
  storeId: 'test',
  seal: (_subject: string, fields: unknown) => Buffer.from(JSON.stringify(fields)).toString('base64'),
  open: (_subject: string, sealed: string) => JSON.parse(Buffer.from(sealed, 'base64').toString()),
  salt: () => randomBytes(16).toString('base64'),
  flush: () => undefined,
}

/** A desk with `count` vacant bays: bay-1, bay-2, … `epoch` as if the store had been taken over so often. */
export function openArrayDesk({
  count = 3,
  clock,
  epoch = 1,
  twoPeople = [],
  twoForZones = false,
}: {
  count?: number
  clock: Clock
  epoch?: number
  twoPeople?: readonly CommandType[]
  twoForZones?: boolean
}): ArrayDesk {
  const journal = openMemoryJournal({ siteId: 'depot-north', clock, keys: plainSealer })
  const bays = new Map(Array.from({ length: count }, (_, at) => [`bay-${at + 1}`, quietBay(`bay-${at + 1}`)]))
  const history: { seq: number; at: string; bay: BayView }[] = []
  const listeners = new Set<(change: SiteChange) => void>()
  const answers = new Map<string, CommandAnswer>()
  const write = async (
    stream: string,
    bayId: string | null,
    cause: Cause,
    view: BayView | null,
    more: Partial<Draft> = {},
  ) => {
    if (self.failing) throw new Fault('STORE_UNWRITABLE')
    const at = new Date(clock.now()).toISOString()
    const draft: Draft = {
      schema: 1,
      stream,
      bayId,
      version: journal.version(stream) + 1,
      at,
      machine: 'bay-test',
      cause,
      decisions: [],
      guards: (view?.why?.guards ?? []).map(({ name, ok, value }) => ({ name, ok, value })),
      effects: [],
      timers: { set: [], cleared: [] },
      state: view?.state ?? null,
      detail: view?.detail ?? null,
      personal: {},
      ...more,
    }
    await journal.append([draft])
    return { at, version: draft.version, seq: journal.head().seq }
  }
  const change: ArrayDesk['change'] = async (bayId, cause, fields, more) => {
    const before = bays.get(bayId) ?? quietBay(bayId)
    const { at, version, seq } = await write(`bay:${bayId}`, bayId, cause, { ...before, ...fields }, more)
    const moved = fields.state !== undefined && fields.state !== before.state
    const bay: BayView = { ...before, ...(moved && { since: at }), ...fields, version }
    bays.set(bayId, bay)
    history.push({ seq, at, bay })
    for (const listener of listeners) listener({ seq, bays: [bay], alarmsChanged: fields.alarms !== undefined })
    return seq
  }
  const scribe: Scribe = {
    write: async (entries) => {
      for (const { stream, cause, decisions } of entries) {
        await write(stream, null, cause, null)
        received.hear({ cause, decisions })
      }
      return []
    },
  }
  const told = new SiteAlarms(() => {
    for (const tell of listeners) tell({ seq: journal.head().seq, bays: [], alarmsChanged: true })
  })
  const rule = { commands: twoPeople, zones: twoForZones, within_s: 600 }
  const heard = { now: () => clock.now(), scribe: () => scribe, alarms: told }
  const second = new SecondPerson({ rule, timezone: 'Europe/London', ...heard })
  const received = new ReceivedCheckpoints('depot-north', () => scribe, journal)
  const rows: ReviewRow[] = []
  const shown = { details: new Map(), crops: new Map(), looks: [] }
  const reviews = arrayReviews({
    rows,
    clock,
    ...shown,
    claimed: () => {
      for (const tell of listeners) tell({ seq: 0, bays: [], alarmsChanged: false, reviewsChanged: true })
    },
    write: (bayId) => change(bayId, { type: 'review.answered' }, {}),
  })
  const self: ArrayDesk = {
    ...shown,
    plates: new Map(),
    alarms: [],
    reviews: rows,
    sessions: [],
    seen: [],
    missing: [],
    effects: [],
    failing: false,
    second,
    change,
    note: async (stream, cause) => void (await write(stream, null, cause, null)),
    desk: {
      siteId: 'depot-north',
      name: 'Depot North',
      timezone: 'Europe/London',
      epoch,
      journal,
      machine: 'bay-test',
      seq: () => journal.head().seq,
      missing: () => self.missing,
      bays: () => [...bays.values()],
      bay: (bayId) => bays.get(bayId) ?? null,
      connectors: () => [...bays.values()].flatMap(({ chargers }) => chargers),
      at: async (bayId, when) =>
        history.findLast(
          (past) => past.bay.bayId === bayId && ('seq' in when ? past.seq <= when.seq : past.at <= when.time),
        )?.bay ?? null,
      siteAt: async (seq, from = 0) => {
        const then = (place: number) =>
          new Map(history.filter((past) => past.seq <= place).map((past) => [past.bay.bayId, past]))
        const [was, known] = [then(seq), then(from)]
        return {
          at: history.findLast((past) => past.seq <= seq)?.at ?? new Date(clock.now()).toISOString(),
          bays: [...was.values()].filter((past) => known.get(past.bay.bayId) !== past).map(({ bay }) => bay),
          gone: [...known.keys()].filter((bayId) => !was.has(bayId)),
          alarms: self.alarms,
          reviews: rows.flatMap((row) => (was.has(row.bayId) ? [{ ...row, blind: false, crops: 0, claim: null }] : [])),
        }
      },
      knew: async (bayId, seq) => {
        const past = history.findLast((one) => one.bay.bayId === bayId && one.seq <= seq)
        if (past?.bay.why == null) return null
        const { event, rule, guards } = past.bay.why
        return {
          told: { seq: past.seq, at: past.at, event, rule, guards },
          knows: { state: past.bay.state, version: past.bay.version },
        }
      },
      command: async (bayId, command, by) => {
        const known = answers.get(command.id)
        if (known !== undefined) return known
        if (second.isAsked(command.type)) return second.ask(bayId, command, by)
        const answer = await obey(self, bayId, command)
        answers.set(command.id, answer)
        return answer
      },
      orders: {
        waiting: () => second.all(),
        agree: async (id, by) => {
          const asked = second.agreed(id, by)
          if ('outcome' in asked) return asked
          if (asked.bayId === null) {
            second.back(id, asked)
            return { outcome: 'refused', why: 'No zones are drawn here.' }
          }
          const answer = await obey(self, asked.bayId, asked.command)
          if (answer.outcome === 'refused') second.back(id, asked)
          else second.over(id, asked)
          return answer
        },
        withdraw: (id, by) => second.withdraw(id, by),
        heed: (stands) => second.heed(stands),
      },
      privacy: noPrivacy,
      checkpoints: {
        own: () => ({ siteId: 'depot-north', key: null, newest: null, to: [] }),
        received,
      },
      automaticStarts: {
        state: () => ({ on: true, since: null, by: null }),
        order: async ({ on }, by) => {
          if (self.failing) throw new Fault('STORE_UNWRITABLE')
          return {
            outcome: 'done',
            seq: (await write('site', null, { type: 'switch.ordered', automatic: on, by: by.name }, null)).seq,
          }
        },
      },
      register: arrayRegister(() => self.failing),
      reviews,
      sessions: {
        billed: async ({ from, to, bay, account, accounts }, after, limit) =>
          self.sessions
            .slice(self.sessions.findIndex((row) => row.sessionId === after) + 1)
            .filter(
              (row) =>
                (!from || row.startedAt >= from) &&
                (!to || row.startedAt < to) &&
                (!bay || row.bayId === bay) &&
                (!account || row.accountId === account) &&
                (!accounts || accounts.includes(row.accountId ?? '')),
            )
            .slice(0, limit),
        one: async (sessionId) => self.sessions.find((row) => row.sessionId === sessionId) ?? null,
        worded: async (row) => row,
      },
      dispute: async (sessionId, reason) => {
        const at = self.sessions.findIndex((row) => row.sessionId === sessionId)
        const row = self.sessions[at]
        if (row) self.sessions[at] = { ...row, disputed: reason }
        return row !== undefined
      },
      settle: async (sessionId, reason) => {
        const at = self.sessions.findIndex((row) => row.sessionId === sessionId)
        const row = self.sessions[at] ?? null
        if (row === null || row.disputed === null || row.settled !== null) return row ? 'not-disputed' : 'unknown'
        self.sessions[at] = { ...row, settled: reason }
        return 'settled'
      },
      orphans: () => [],
      alarms: () => [...self.alarms, ...told.open()],
      plateOf: (handle) => self.plates.get(handle) ?? null,
      handleOf: (plate) => [...self.plates].find(([, text]) => text === plate)?.[0] ?? null,
      looks: {
        saw: async (look) => {
          if (look.subjects.length === 0 && look.about === undefined) return
          if (self.failing) throw new Fault('STORE_UNWRITABLE')
          self.seen.push(look)
        },
      },
      subscribe: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      definition: {
        id: 'bay',
        initial: 'vacant',
        states: { vacant: {}, 'charging-locked': { states: { charging: {} } } },
      },
      counters: () => ({ 'reads-seen': 7 }),
    },
  }
  return self
}

async function obey(self: ArrayDesk, bayId: string, command: Command): Promise<CommandAnswer> {
  const bay = self.desk.bay(bayId)
  if (bay === null) return { outcome: 'unknown-bay' }
  if (command.expectVersion !== undefined && command.expectVersion !== bay.version) return { outcome: 'conflict', bay }
  if (command.type === 'release-lock' && bay.lock.locked)
    return { outcome: 'refused', why: '6.1 A flow in the cable; stop the transaction first.' }
  self.effects.push(command)
  const service =
    command.type === 'out-of-service' ? 'out-of-service' : command.type === 'in-service' ? 'in-service' : bay.service
  return {
    outcome: 'done',
    seq: await self.change(bayId, { type: 'operator.commanded', command: command.type }, { service }),
  }
}
