import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Polygon } from '../../../actors/ports.ts'
import { serve } from '../../../src/compose.ts'
import { tokenHash, writeTokens } from '../../../src/server/token-book.ts'
import type { ZonesNow } from '../../../src/zones/zone-desk.ts'
import type { WrittenBays } from '../../../src/zones/zone-versions.ts'
import { type LineSite, writeSite } from '../serve/serving-line.ts'

export const ADMIN = 'admin-token-of-the-test'

/** A site of three strips that really runs, and a hand that calls it. */
export async function zoneScene({
  site,
  bays = 3,
  token = ADMIN,
  twoPeople,
}: {
  site?: LineSite
  bays?: number
  token?: string
  /** So many seconds a second person has to agree to zones: `ann` and `ben` install, `eve` operates, each with a token of that name. */
  twoPeople?: number
} = {}) {
  const line = site ?? (await writeSite(bays))
  if (!site) appendFileSync(line.path, '# a comment of the owner\n')
  if (twoPeople !== undefined) askForTwo(line, twoPeople)
  const serving = await serve(line.path, { readerFollows: true, env: { ...process.env, BERTH_ADMIN_TOKEN: token } })
  let isOpen = true
  const stop = async () => {
    if (isOpen) await serving.stop()
    isOpen = false
  }
  onTestFinished(stop)
  const ask = async (method: string, path: string, body?: unknown, as = token) => {
    const answer = await fetch(serving.url + path, {
      method,
      headers: {
        ...(as === '' ? {} : { authorization: `Bearer ${as}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    // biome-ignore lint/suspicious/noExplicitAny: what the server answered
    return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as any }
  }
  let frames = 0
  const scene = {
    line,
    url: serving.url,
    stop,
    ask,
    file: () => readFileSync(line.path, 'utf8'),
    write: (text: string) => writeFileSync(line.path, text),
    zones: async (): Promise<ZonesNow> => (await ask('GET', '/api/zones')).body,
    publish: (bays: WrittenBays, more: object = {}, as = token) =>
      ask('POST', '/api/zones', { id: `order-${Math.random()}`, expectVersion: 1, reason: 'other', bays, ...more }, as),
    /** Causes of these types since the beginning, oldest first. */
    async causes(...types: readonly string[]) {
      const { items } = (await ask('GET', '/api/journal?after=0&limit=500')).body
      const causes = items.map(({ cause }: { cause: { type: string } }) => cause)
      return causes.filter(({ type }: { type: string }) => types.includes(type))
    },
    /** A plate whose middle is there, read in one frame. */
    async read(plate: string, [x, y]: readonly [number, number]) {
      frames += 1
      const reads = [{ plate, confidence: 0.97, box: [x - 0.02, y - 0.01, 0.04, 0.02] }]
      await ask('POST', '/in/cam-1-secret/reads', { reads, frame: `frame-${frames}` })
    },
    /** Bays that heard of a plate since the record `after`. */
    async heard(after: number): Promise<readonly string[]> {
      const { items } = (await ask('GET', `/api/journal?after=${after}&limit=500`)).body
      const plates = items.filter(({ cause }: { cause: { type: string } }) => cause.type.startsWith('plate.'))
      return [...new Set<string>(plates.map(({ bayId }: { bayId: string }) => bayId))]
    },
    seq: async (): Promise<number> => (await ask('GET', '/api/site')).body.seq,
  }
  return scene
}

function askForTwo({ path, store }: LineSite, within_s: number): void {
  appendFileSync(path, `twoPeople: { zones: true, within_s: ${within_s} }\n`)
  const people = { ann: 'installer', ben: 'installer', eve: 'operator' } as const
  const tokens = Object.entries(people).map(([name, role]) => {
    return { name, role, sha256: tokenHash(`token-of-${name}`), madeAt: '2026-11-22T10:00:00.000Z' }
  })
  mkdirSync(dirname(store), { recursive: true })
  writeTokens(`${store}.tokens`, tokens)
}

/** One bay with one polygon before cam-1. */
export const drawn = (bayId: string, polygon: Polygon): WrittenBays => [
  { bayId, zones: [{ cameraId: 'cam-1', polygon }] },
]

/** A rectangle of the picture. */
export const box = (left: number, top: number, right: number, bottom: number): Polygon => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
]
