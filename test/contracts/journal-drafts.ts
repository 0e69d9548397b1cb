import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Chance, Clock, Journal } from '../../actors/ports.ts'
import type { Json } from '../../machines/events.ts'
import type { Fault } from '../../machines/faults.ts'
import type { Draft } from '../../machines/record.ts'
import { systemChance } from '../../src/chance.ts'
import { openSqliteJournal } from '../../src/journal/sqlite.ts'
import { type KeyStore, openKeyStore } from '../../src/privacy/key-store.ts'

/** 10:00 on the day of the examples, in ms since 1970. */
const TEN = Date.parse('2026-11-22T10:00:00.000Z')

/** A clock that stands. */
export function stillClock(now = TEN): Clock {
  return { now: () => now, after: () => () => undefined }
}

/** Chance that repeats with its seed (a linear congruence: for tests only). */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return '0123456789ABCDEF'[state >>> 28] as string
  }
  return { hex: (length) => Array.from({ length }, next).join('') }
}

/** A record of a charging bay before it has its place. */
export function draftOf(
  stream: string,
  version: number,
  personal: Draft['personal'] = {},
  cause: { [field: string]: Json } = {},
): Draft {
  return {
    schema: 1,
    stream,
    bayId: stream.startsWith('bay:') ? stream.slice(4) : null,
    version,
    at: new Date(TEN + version * 1_000).toISOString(),
    machine: 'bay-1',
    cause: { type: 'meter.values', id: `obs-${version}`, source: 'CP-1', current_A: 6.1, ...cause },
    rule: 'drawing',
    decisions: [{ type: 'DrawResumed', visitId: 'visit-1' }],
    guards: [{ name: 'drawing', ok: true, value: 6.1 }],
    effects: [],
    timers: { set: [{ id: 'bay.stale', due: '2026-11-22T10:01:30.000Z' }], cleared: [] },
    state: 'charging-locked',
    detail: 'charging',
    personal,
  }
}

/** In memory where the system has it: what these tests promise does not depend on the disk, their time does. */
const SCRATCH = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** A new empty folder; the caller removes it. */
export function newFolder(): string {
  return mkdtempSync(join(SCRATCH, 'berth-test-'))
}

/** A folder that goes when the test does. */
export function scratchFolder(): string {
  const folder = newFolder()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A site's journal and keys on disk. */
export type Store = {
  readonly path: string
  readonly journal: Journal
  readonly keys: KeyStore
  readonly close: () => Promise<void>
}

/** Opens (or makes) the store `name` in `folder`. */
export async function openStore(folder: string, name = 'site.db', siteId = 'depot'): Promise<Store> {
  const path = join(folder, name)
  const clock = stillClock()
  const keys = openKeyStore({ path: `${path}.keys`, siteId, clock, chance: systemChance, env: {} })
  try {
    const journal = await openSqliteJournal({ path, siteId, clock, keys })
    const close = async () => {
      await journal.close()
      keys.close()
    }
    return { path, journal, keys, close }
  } catch (error) {
    keys.close()
    throw error
  }
}

/** The fault's code, or what else came of it. */
export async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work()
    return 'no fault'
  } catch (error) {
    return (error as Fault).code ?? String(error)
  }
}
