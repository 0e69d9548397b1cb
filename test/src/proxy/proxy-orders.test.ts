import { afterAll, beforeAll, describe, test, vi } from 'vitest'
import { TOY_PERSONALITIES, type ToyHabits } from '../../../simulations/toy-habits.ts'
import { STATION_PERSONALITIES, type StationHabits } from '../../../simulations/toy-station-habits.ts'
import type { ChargePointClient } from '../../../src/demo/charge-point-client.ts'
import type { ToyUpstream } from '../relay/toy-upstream.ts'
import { journalOf, until, untilState } from '../serve/serving-line.ts'
import { openCentralLine, openProxyLine, type PlateLine, registerAlias } from './proxy-line.ts'
import { plateOf } from './proxy-scene.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000, maxConcurrency: 8 })

const QUICK = { meterInterval_s: 0.3, callTimeout_s: 5 }
/** The orders of messages in the field: who says Preparing, Charging and the start when. */
const ORDERS: readonly ({ readonly habits: ToyHabits } | { readonly station: StationHabits })[] = [
  { habits: { ...TOY_PERSONALITIES.plain, ...QUICK } },
  { habits: { ...TOY_PERSONALITIES.thorough, ...QUICK } },
  { habits: { ...TOY_PERSONALITIES.eager, ...QUICK } },
  { habits: { ...TOY_PERSONALITIES.hasty, ...QUICK } },
  { station: { ...STATION_PERSONALITIES.plain, ...QUICK } },
  { station: { ...STATION_PERSONALITIES.thorough, ...QUICK } },
  { station: { ...STATION_PERSONALITIES.eager, ...QUICK } },
  { station: { ...STATION_PERSONALITIES.newest, ...QUICK } },
  { station: { ...STATION_PERSONALITIES.plain, ...QUICK, name: 'cable-first', startsOn: 'cable' } },
  { station: { ...STATION_PERSONALITIES.plain, ...QUICK, name: 'token-first', startsOn: 'token' } },
]
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const SITUATIONS = ['before the plug', 'after the plug', 'with a card first'] as const
const BAYS = ORDERS.length * SITUATIONS.length

// What the server answered.
// biome-ignore lint/suspicious/noExplicitAny: tests say what it must be
type Json = any

const cleanups: (() => unknown)[] = []
const lines: PlateLine[] = []
let upstream: ToyUpstream

beforeAll(async () => {
  const finish = (clean: () => unknown): void => void cleanups.unshift(clean)
  const cards = Array.from({ length: BAYS }, (_, i) => `FLEET-${i + 1}`)
  const proxy = await openProxyLine(BAYS, { finish, cards })
  upstream = proxy.upstream
  lines.push(await openCentralLine(BAYS, { finish }), proxy)
})
afterAll(async () => {
  for (const clean of cleanups) await clean()
})

/** What a bay went through, and what it was billed; what depends on the clock alone is held against what its charge point said. */
type Account = { readonly states: readonly string[]; readonly bills: readonly Json[] }

/** Plays one arrival to its end: read, plugged in, charged, driven off. */
async function arrives(line: PlateLine, bay: number, situation: (typeof SITUATIONS)[number]): Promise<Account> {
  const { serving } = line
  const [plate, card, account] = [plateOf(bay), `FLEET-${bay}`, `acc-${bay}`]
  await registerAlias(serving, plate, account, card)
  await serving.ask('PUT', `/api/tokens/${card}`, { accountId: account })
  const box = serving.charge(bay, ORDERS[Math.floor((bay - 1) / SITUATIONS.length)])
  const view = async (): Promise<Json> => (await serving.ask('GET', `/api/bays/bay-${bay}`)).body
  await until(async () => box.online && (await view()).chargers[0].online === true)
  const asked = (): boolean =>
    box.frames.some(({ way, frame }) => way === 'in' && /^Re\w+StartTransaction$/.test(String(frame[2])))
  if (situation === 'before the plug') {
    await line.see(bay, plate)
    await until(asked)
    box.plug(1)
  } else {
    box.plug(1)
    if (situation === 'with a card first') {
      box.tapCard(1, card)
      await untilState(serving, bay, 'charging-locked')
    }
    await line.see(bay, plate)
  }
  await untilState(serving, bay, 'charging-locked')
  await pause(1_500)
  box.unplug(1)
  await until(async () => !(await view()).lock.reasons.includes('transaction-open'))
  await line.leave(bay)
  await untilState(serving, bay, 'vacant')
  const records = (await journalOf(serving)).filter(({ bayId }) => bayId === `bay-${bay}`)
  const states = records.map(({ state }) => String(state)).filter((state, i, all) => state !== all[i - 1])
  const { items } = (await serving.ask('GET', '/api/sessions?limit=500')).body
  const bills = items
    .filter(({ bayId }: Json) => bayId === `bay-${bay}`)
    .map(({ accountId, identifiedBy, transactions, exit, disputed, corrections, energy_Wh }: Json) => {
      const drawn = drawnBy(box)
      // How long it drew is the clock's; that it is billed what its register says is not.
      const energy = drawn === null ? 'not told' : energy_Wh === drawn ? 'as told' : `${energy_Wh} for ${drawn}`
      return { accountId, identifiedBy, transactions: transactions.length, exit, disputed, corrections, energy }
    })
  return { states, bills }
}

/** What a charge point of 1.6 has said that it drew, Wh; null for others. */
function drawnBy(box: ChargePointClient): number | null {
  const said = (action: string): Json =>
    box.frames.find(({ way, frame }) => way === 'out' && frame[0] === 2 && frame[2] === action)?.frame[3]
  const [start, stop] = [said('StartTransaction'), said('StopTransaction')]
  return start && stop ? stop.meterStop - start.meterStart : null
}

describe.concurrent('before a back end as without one', () => {
  for (const [index, order] of ORDERS.entries())
    for (const [n, situation] of SITUATIONS.entries()) {
      const name = 'habits' in order ? `${order.habits.name} 1.6` : `${order.station.name} 2.x`
      const bay = index * SITUATIONS.length + n + 1
      test(`${name}, a plate ${situation}: the same bay states and the same bill`, async ({ expect }) => {
        const [central, proxied] = await Promise.all(lines.map((line) => arrives(line, bay, situation)))
        expect(proxied).toEqual(central)
        expect(proxied?.bills).toHaveLength(1)
        expect(proxied?.states).toContain('charging-locked')
        expect(upstream.bills.filter(({ chargePointId }) => chargePointId === `CP-${bay}`)).toMatchObject([
          { payer: `FLEET-${bay}`, ended: true },
        ])
      })
    }
})
