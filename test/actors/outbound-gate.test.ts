import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { gated, mayLeave, REACH } from '../../actors/outbound-gate.ts'
import type { Autonomy } from '../../machines/events.ts'
import { autonomyOf, type Bay } from '../../machines/knowledge.ts'
import { emptyBay } from '../../machines/new-bay.ts'
import type { Effect, FactRecord } from '../../machines/record.ts'
import { systemClock } from '../../src/clock.ts'
import { openRoom } from '../../src/open-room.ts'
import type { Room } from '../../src/room.ts'
import type { Caller } from '../../src/site-desk.ts'
import { readSiteFile } from '../../src/site-file.ts'
import { livedThrough } from '../properties/bay-commands.ts'
import { moves } from '../properties/bay-moves.ts'
import { BayRun } from '../properties/bay-run.ts'
import { fc } from '../seeded-check.ts'
import { until, writeSite } from '../src/serve/serving-line.ts'
import { cameraMessage, cameraRead } from './camera-reads.ts'

/** Stories of each law. */
const LAW_RUNS = 300

const BY: Caller = { name: 'the operator', role: 'operator' }

test('every effect that a machine can order has its place, and one that has none counts as acting', () => {
  const machines = new URL('../../machines/', import.meta.url)
  const ordered = new Set<string>()
  for (const file of readdirSync(machines).filter((name) => name.endsWith('.ts')))
    for (const [, type = ''] of readFileSync(new URL(file, machines), 'utf8').matchAll(
      /order\(\s*deeds,\s*'([a-z.-]+)'/g,
    ))
      ordered.add(type)
  expect(ordered.size).toBeGreaterThan(10)
  expect([...ordered].filter((type) => !(type in REACH))).toEqual([])
  const observing: Bay = { ...emptyBay('bay-1'), autonomy: 'observe' }
  const news = { cause: { type: 'meter.values' } }
  expect(mayLeave({ id: 'e', type: 'open.barrier' }, news, observing)).toBe(false)
  expect(mayLeave({ id: 'e', type: 'ask.charger' }, news, observing)).toBe(true)
  expect(mayLeave({ id: 'e', type: 'open.barrier' }, news, { ...observing, autonomy: 'act' })).toBe(true)
})

test('law: whatever happens to a bay that observes, nothing that acts on the world leaves it without a person’s word', () => {
  let held = 0
  let persons = 0
  fc.assert(
    fc.property(moves, (story) => {
      for (const { was, now, event, draft } of livedThrough(story, new BayRun({ autonomy: 'observe' })).lived) {
        if (autonomyOf(was) !== 'observe' || autonomyOf(now) !== 'observe') continue
        const record = { cause: { type: event.type } }
        for (const effect of draft.effects.filter(({ type }) => REACH[type] === 'acts')) {
          const flagged = effect.type === 'stop.charging' || effect['leaves'] === true
          const leaves = flagged && mayLeave(effect, record, now)
          if (!leaves) held += 1
          if (!leaves) continue
          persons += 1
          const person =
            effect['reason'] === 'operator' || event.type === 'operator.commanded' || now.visit?.payer?.person === true
          if (!person) throw new Error(`${effect.type} left an observing bay after ${event.type}`)
        }
      }
    }),
    { numRuns: LAW_RUNS, seed: 20_261_122 },
  )
  expect(held).toBeGreaterThan(100)
  expect(persons).toBeGreaterThan(0)
})

test('law: in suggest a start leaves only by a person’s word, and words to the driver may leave', () => {
  let held = 0
  let words = 0
  fc.assert(
    fc.property(moves, (story) => {
      for (const { was, now, event, draft } of livedThrough(story, new BayRun({ autonomy: 'suggest' })).lived) {
        if (autonomyOf(was) !== 'suggest' || autonomyOf(now) !== 'suggest') continue
        for (const effect of draft.effects) {
          if (effect.type === 'tell.driver' && effect['leaves'] === true) words += 1
          if (effect.type !== 'start.charging') continue
          if (effect['leaves'] !== true) held += 1
          else if (effect['reason'] !== 'operator' && now.visit?.payer?.person !== true)
            throw new Error(`a start left a suggesting bay after ${event.type}`)
        }
      }
    }),
    { numRuns: LAW_RUNS, seed: 20_261_122 },
  )
  expect(held).toBeGreaterThan(20)
  expect(words).toBeGreaterThan(20)
})

/** A site of one bay at this level whose charge point notes every order, and whose sign every word. */
async function opens(autonomy: Autonomy): Promise<{ room: Room; orders: string[] }> {
  const file = await readSiteFile((await writeSite(1, { policy: { autonomy } })).path, {})
  const room = await openRoom(file, systemClock, () => {}, {})
  onTestFinished(() => room.close())
  const orders: string[] = []
  const note = async (what: string): Promise<'accepted'> => {
    orders.push(what)
    return 'accepted'
  }
  room.connect({
    counters: () => ({}),
    clocks: () => [],
    chargePoints: {
      online: () => true,
      start: () => note('start'),
      stop: () => note('stop'),
      ask: ({ about }) => note(`ask ${about}`),
    },
  })
  await room.start()
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  return { room, orders }
}

const hear = (room: Room, news: Parameters<Room['chargePointDesk']['hear']>[0]) => room.chargePointDesk.hear(news)

/** A listed vehicle parks, a card that nobody knows starts a transaction, and a person stops it. */
async function aBadDay(room: Room): Promise<void> {
  await hear(room, { type: 'online', chargePointId: 'CP-1' })
  for (const frame of ['1', '2']) await room.feed.see(cameraMessage([cameraRead('AB12CDE', { frame })]))
  await until(() => room.desk.bay('bay-1')?.visit?.accountId === 'acc-1')
  const started = await hear(room, {
    type: 'started',
    chargePointId: 'CP-1',
    evse: 1,
    idToken: 'STRANGER',
    register_Wh: 0,
    happenedAt: null,
  })
  expect(started.status).toBe('invalid')
  await room.site.idle()
}

describe('a site as it runs', () => {
  test('that observes sends nothing: no start, no stop; it only asks, and what it held back is counted', async () => {
    const { room, orders } = await opens('observe')
    await aBadDay(room)
    expect(orders.filter((order) => !order.startsWith('ask'))).toEqual([])
    expect(room.desk.counters()).toMatchObject({ 'effect_held_stop.charging': 1 })
    expect(room.desk.alarms().map(({ type }) => type)).toContain('dead-token')
    await room.desk.command('bay-1', { id: 'c-1', type: 'remote-stop' }, BY)
    await until(() => orders.includes('stop'))
  })

  test('that acts starts by itself, and stops what nobody pays for', async () => {
    const { room, orders } = await opens('act')
    await aBadDay(room)
    await until(() => orders.includes('stop'))
    expect(orders.filter((order) => order === 'start')).toHaveLength(1)
  })
})

test('what the gate holds is not carried out, and what it lets through is, once', () => {
  const out: string[] = []
  const kept: string[] = []
  const bays: { readonly [bayId: string]: Bay } = {
    'bay-1': { ...emptyBay('bay-1'), autonomy: 'observe' },
    'bay-2': { ...emptyBay('bay-2'), autonomy: 'act' },
  }
  const carryOut = gated(
    (effect) => out.push(effect.id),
    (bayId) => bays[bayId],
    (effect) => kept.push(effect.id),
  )
  const record = (bayId: string | null) => ({ bayId, cause: { type: 'meter.values' } }) as unknown as FactRecord
  const stop = (id: string): Effect => ({ id, type: 'stop.charging', reason: 'nobody-pays' })
  carryOut(stop('one'), record('bay-1'))
  carryOut(stop('two'), record('bay-2'))
  carryOut({ id: 'three', type: 'tell.bay' }, record(null))
  expect([out, kept]).toEqual([['two', 'three'], ['one']])
})
