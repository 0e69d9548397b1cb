import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { until } from '../serve/serving-line.ts'
import type { FaultStage } from './fault-stage.ts'

/** Beyond a lease, so that the sites change hands, ms. */
const LONG_MS = 6_500
/** Within a lease, ms. */
const SHORT_MS = 2_000
const SLOW_MS = 4_000
/** What each packet to a slow database waits, ms, and what each of its commits takes, µs: as much as PostgreSQL can be told. */
const DELAY_MS = 250
const COMMIT_US = 100_000
/** So far a machine's clock is set, ms. */
const STEP_MS = 15_000

/** What befalls the first of the stage's members, until it is over. */
export type Befalls = (stage: FaultStage) => Promise<void>

const frozen =
  (ms: number): Befalls =>
  async ({ member: { node } }) => {
    node.child.kill('SIGSTOP')
    await sleep(ms)
    node.child.kill('SIGCONT')
  }

const cutOff =
  (ms: number): Befalls =>
  async ({ member: { line } }) => {
    line.isAway = true
    line.cut()
    await sleep(ms)
    line.isAway = false
  }

const stepped =
  (ms: number): Befalls =>
  async ({ member: { clock } }) => {
    writeFileSync(clock, String(ms))
    await sleep(SHORT_MS)
    writeFileSync(clock, '0')
  }

/** The server's clock is set: everything that nodes wrote by it is off by as much. */
const serverStepped =
  (by: string): Befalls =>
  async ({ line }) => {
    await line.read(`UPDATE berth.node SET until = until + interval '${by}'`)
    await line.read(`UPDATE berth.hosted SET rests = rests + interval '${by}' WHERE rests > '-infinity'`)
  }

/** Needs a disk that can be filled. */
export const FULL_DISK = 'the disk of the database is full'

/** Every kind of fault by its name, in the order in which they come. */
export const FAULTS: readonly (readonly [what: string, befalls: Befalls])[] = [
  [
    'a node is killed',
    async (stage) => {
      await stage.settled()
      const { member } = stage
      stage.gaps.push(...(await stage.killed(member)))
      await stage.replace(member)
    },
  ],
  ['a node is frozen beyond its lease', frozen(LONG_MS)],
  ['a node is cut off from the database beyond its lease', cutOff(LONG_MS)],
  [
    'the database is killed',
    async ({ cluster, settings }) => {
      await cluster.kill()
      await cluster.start(...settings)
    },
  ],
  [
    'a node is told to drain, and then to serve again',
    async (stage) => {
      const { member } = stage
      await member.node.ask('POST', '/cluster/drain')
      await until(
        async () => (await stage.sitesOf(member)).length === 0,
        60_000,
        () => stage.said(),
      )
      await member.node.ask('DELETE', '/cluster/drain')
    },
  ],
  ['a node is frozen for a moment', frozen(SHORT_MS)],
  [
    'the line to the database is slow',
    async ({ member: { line } }) => {
      line.delay_ms = DELAY_MS
      await sleep(SLOW_MS)
      line.delay_ms = 0
    },
  ],
  ['the clock of a node is set forward, and back', stepped(STEP_MS)],
  [
    FULL_DISK,
    async ({ disk }) => {
      disk?.fill()
      await sleep(SLOW_MS)
      disk?.empty()
    },
  ],
  [
    'a node is ended in order',
    async (stage) => {
      const { member } = stage
      expect(await member.node.stop(), member.node.said()).toBe(0)
      await stage.replace(member)
    },
  ],
  [
    'the disk of the database is slow',
    async ({ line }) => {
      await line.read(`ALTER SYSTEM SET commit_delay = ${COMMIT_US}`)
      await line.read('SELECT pg_reload_conf()')
      await sleep(SLOW_MS)
      await line.read('ALTER SYSTEM RESET commit_delay')
      await line.read('SELECT pg_reload_conf()')
    },
  ],
  ['the clock of the database is set back an hour', serverStepped('1 hour')],
  ['a node is cut off from the database for a moment', cutOff(SHORT_MS)],
  [
    'a second node is started under the address of one that serves',
    async (stage) => {
      const { member } = stage
      const words = ['--url', `http://127.0.0.1:${member.node.port}`]
      const folder = { ...member, data: `${member.data}-twin` }
      await expect(stage.startNode(folder, words)).rejects.toThrow(/is reached at .* already/)
    },
  ],
  ['the clock of a node is set back, and forward', stepped(-STEP_MS)],
  [
    'the database is restarted in order',
    async ({ cluster, settings }) => {
      await cluster.stop()
      await cluster.start(...settings)
    },
  ],
  [
    'a second node is started in the folder of one that serves',
    async (stage) => {
      await expect(stage.startNode(stage.member)).rejects.toThrow(/Another node of this machine works in/)
    },
  ],
  ['the clock of the database is set forward an hour', serverStepped('-1 hour')],
]
