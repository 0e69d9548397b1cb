import { beforeAll, expect, test } from 'vitest'
import { Dice } from '../../simulations/world-chance.ts'
import { ALL_FAULTS } from '../../simulations/world-faults.ts'
import {
  calmDay,
  killedAt,
  playWorld,
  playWorlds,
  replayCommand,
  shrinkWorld,
  type WorldsSummary,
  WRONG_PAYER_BOUND,
} from '../../simulations/world-run.ts'
import { WORLD_PORTS } from '../../src/commands/worlds.ts'

// Days of whole sites under every fault at once. What the laws of one bay cannot show: sites, sockets, disks, people.

const SEEDS = Number(process.env['BERTH_SEEDS'] ?? 50)
const SIZE = { days: 0.06, bays: 12, without: [] }

/** Days of a site that is killed, and how often each is. */
const KILL_SEEDS = Number(process.env['BERTH_SEEDS'] ?? 5)
const KILLS = 4
/** The register is written by then. */
const REGISTERED = 150

let summary: WorldsSummary

beforeAll(async () => {
  summary = await playWorlds({ ...SIZE, from: 1, seeds: SEEDS }, WORLD_PORTS)
}, 240_000)

test('no law breaks in fifty worlds under every fault at once', () => {
  expect(
    summary.failures.map(
      ({ seed, violation }) => `${replayCommand({ ...SIZE, seed })}: ${violation.law}: ${violation.says}`,
    ),
  ).toEqual([])
})

test('vehicles charge and are billed in these worlds, and hardly ever to whom a misread names', () => {
  expect(summary.sessions).toBeGreaterThan(SEEDS * 5)
  expect(summary.undisputed_Wh).toBeGreaterThan(3 * summary.disputed_Wh)
  expect(summary.wrongByMisread).toBeLessThanOrEqual(WRONG_PAYER_BOUND * summary.sessions)
})

test('fifty worlds reach every state of a bay, and nearly every kind of fault', () => {
  expect(summary.missing.filter((one) => one.startsWith('state '))).toEqual([])
  expect(summary.coverage.faults.size).toBeGreaterThan(ALL_FAULTS.length - 6)
})

test('one seed is one run, byte for byte', async () => {
  const size = { ...SIZE, days: 0.04, seed: 7 }
  const [one, other] = [await playWorld(size, WORLD_PORTS), await playWorld(size, WORLD_PORTS)]
  expect(one.records).toBeGreaterThan(300)
  expect(other.hash).toBe(one.hash)
  const next = await playWorld({ ...size, seed: 8 }, WORLD_PORTS)
  expect(next.hash).not.toBe(one.hash)
})

test.for(['patient', 'hasty'] as const)(
  'a site of %s drivers, killed at records picked by chance and started again, gives the same bills',
  { timeout: 240_000 },
  async (fixed) => {
    const differences: string[] = []
    for (let seed = 1; seed <= KILL_SEEDS; seed++) {
      const day = { seed, bays: 12, fixed }
      const whole = await calmDay(day, WORLD_PORTS)
      expect(whole.violation).toBeNull()
      expect(whole.audit.tally.undisputed_Wh).toBeGreaterThan(20_000)
      const dice = new Dice(seed).fork('kills')
      for (let kill = 0; kill < KILLS; kill++) {
        const at = { atRecord: dice.whole(REGISTERED, whole.records - 1), durable: dice.chance(0.5) }
        const no = await killedAt(day, at, WORLD_PORTS, whole)
        if (no !== null) differences.push(no)
      }
    }
    expect(differences).toEqual([])
  },
)

test('a world that fails is made smaller until little more than its cause is left', { timeout: 240_000 }, async () => {
  // Planted: a world in which a law is said to be broken whenever a connection breaks.
  const planted = { seed: 3, days: 0.15, bays: 12, without: [] }
  const plant = { ...WORLD_PORTS, plant: 'connection-reset' as const }
  const found = await playWorld(planted, plant)
  expect(found.violation?.law).toBe('planted')
  const shrunk = await shrinkWorld(planted, 'planted', plant, 40)
  const left = ALL_FAULTS.filter((kind) => !shrunk?.size.without.includes(kind))
  expect(left).toContain('connection-reset')
  expect(left.length).toBeLessThan(6)
  expect(shrunk?.size.bays).toBeLessThan(12)
  expect(replayCommand(shrunk?.size ?? planted)).toContain('--only')
})
