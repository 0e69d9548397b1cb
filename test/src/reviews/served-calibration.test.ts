import { readFileSync, writeFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { parse, stringify } from 'yaml'
import type { Clock } from '../../../actors/ports.ts'
import { LEAST_CASES } from '../../../machines/calibration.ts'
import { serve } from '../../../src/compose.ts'
import { readsBody, until, writeSite } from '../serve/serving-line.ts'

const BAYS = 10
/** Ten times as fast: visits come and go in a second. */
const began = Date.now()
const fast: Clock = {
  now: () => began + (Date.now() - began) * 10,
  after(delay, run) {
    const timer = setTimeout(run, Math.min(delay / 10, 2 ** 31 - 1))
    return () => clearTimeout(timer)
  },
}
// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the server sent; tests say what it must be
type Json = any

/** A served site of ten bays before one camera that sends its own reads and figures. */
async function served() {
  const policy = { voteWindow_s: 2, absence_s: 3_000, reviewTimeout_s: 600 }
  const site = await writeSite(BAYS, { policy })
  const file = parse(readFileSync(site.path, 'utf8'))
  writeFileSync(site.path, stringify({ ...file, review: { blindShare: 0 } }))
  const serving = await serve(site.path, { clock: fast, env: {}, readerFollows: true })
  onTestFinished(() => serving.stop())
  const ask = async (method: string, path: string, body?: object): Promise<Json> => {
    const answer = await fetch(`http://127.0.0.1:${site.httpPort}${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return text === '' ? null : JSON.parse(text)
  }
  let frames = 0
  /** One message: these plates in their bays, with this figure each, in so many frames. */
  const frame = async (seen: readonly { bay: number; plate: string }[], confidence = 1, times = 1): Promise<void> => {
    frames += 1
    const body: Json = readsBody(site, seen, { frame: `f-${frames}` })
    body.reads = Array.from({ length: times }, (_, time) =>
      body.reads.map((read: Json) => ({ ...read, confidence, frame: `f-${frames}-${time}` })),
    ).flat()
    await ask('POST', '/in/cam-1-secret/reads', body)
  }
  const states = async (): Promise<readonly string[]> =>
    (await ask('GET', '/api/bays')).items.map(({ state }: Json) => state)
  const leave = () =>
    until(async () => {
      await frame([])
      return (await states()).every((state) => state === 'vacant')
    })
  return { ask, frame, states, leave, camera: () => ask('GET', '/api/cameras/cam-1') }
}
type Site = Awaited<ReturnType<typeof served>>

const plateOf = (round: number, bay: number): string => `KX${10 + round}${'ABCDEFGHJK'[bay - 1]}YP`

/** Ten vehicles of one frame each, all of the same figure: a person says what each plate is. */
async function judged({ ask, frame, leave }: Site, round: number, figure: number, isRight: (bay: number) => boolean) {
  const seen = Array.from({ length: BAYS }, (_, at) => ({ bay: at + 1, plate: plateOf(round, at + 1) }))
  await frame(seen, figure)
  let items: readonly Json[] = []
  await until(async () => {
    items = (await ask('GET', '/api/reviews')).items
    return items.length === BAYS
  })
  for (const { reviewId, bayId } of items) {
    const bay = Number(bayId.slice(4))
    const plate = plateOf(isRight(bay) ? round : round + 50, bay)
    await ask('POST', `/api/reviews/${encodeURIComponent(reviewId)}/answer`, { plate })
  }
  await leave()
}

/** Two frames that agree on a registered plate with this figure, in bay 1; whether its driver's account is to pay. */
async function isTaken({ ask, frame, leave }: Site, figure: number): Promise<boolean> {
  await frame([{ bay: 1, plate: 'MV73 QRT' }], figure, 3)
  let account: string | null = null
  await until(async () => {
    account = (await ask('GET', '/api/bays/bay-1')).visit?.accountId ?? null
    return account !== null || (await ask('GET', '/api/reviews')).items.length > 0
  })
  for (const { reviewId } of (await ask('GET', '/api/reviews')).items)
    await ask('POST', `/api/reviews/${encodeURIComponent(reviewId)}/answer`, { unreadable: true })
  await leave()
  return account === 'acc-1'
}

test('people’s answers to reviews calibrate their camera: too few change nothing, enough cut down a camera that boasts, with the number of cases shown and never falling', async () => {
  const site = await served()
  const { ask, camera } = site
  await ask('PUT', '/api/vehicles/MV73QRT', { accountId: 'acc-1' })
  expect(await isTaken(site, 0.99)).toBe(true)
  expect((await camera()).calibration).toEqual({ cases: 0, needed: LEAST_CASES, steps: null })
  // Figure, and how many of the ten are right.
  const rounds = [
    [0.6, 3],
    [0.7, 5],
    [0.8, 4],
    [0.95, 7],
    [0.99, 6],
  ] as const
  for (const [at, [figure, right]] of rounds.entries()) {
    expect((await camera()).calibration).toMatchObject({ cases: at * BAYS, steps: null })
    await judged(site, at, figure, (bay) => bay <= right)
  }
  const { cases, steps } = (await camera()).calibration
  expect(cases).toBe(rounds.length * BAYS)
  const chances = steps.map(({ chance }: Json) => chance)
  expect(chances).toEqual([...chances].sort((a, b) => a - b))
  expect(chances.at(-1)).toBeGreaterThan(0.4)
  expect(chances.at(-1)).toBeLessThan(0.65)
  // The same frames, the same figure: its word is no longer enough.
  expect(await isTaken(site, 0.99)).toBe(false)
}, 180_000)
