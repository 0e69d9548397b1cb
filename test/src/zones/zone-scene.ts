import { appendFileSync, readFileSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import type { Polygon } from '../../../actors/ports.ts'
import { serve } from '../../../src/compose.ts'
import type { ZonesNow } from '../../../src/zones/zone-desk.ts'
import type { WrittenBays } from '../../../src/zones/zone-versions.ts'
import { type LineSite, writeSite } from '../serve/serving-line.ts'

export const ADMIN = 'admin-token-of-the-test'

/** A site of three strips that really runs, and a hand that calls it. */
export async function zoneScene({
  site,
  bays = 3,
  token = ADMIN,
}: {
  site?: LineSite
  bays?: number
  token?: string
} = {}) {
  const line = site ?? (await writeSite(bays))
  if (!site) appendFileSync(line.path, '# a comment of the owner\n')
  const serving = await serve(line.path, { readerFollows: true, env: { ...process.env, BERTH_ADMIN_TOKEN: token } })
  let isOpen = true
  const stop = async () => {
    if (isOpen) await serving.stop()
    isOpen = false
  }
  onTestFinished(stop)
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(serving.url + path, {
      method,
      headers: {
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
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
    zones: async (): Promise<ZonesNow> => (await ask('GET', '/api/zones')).body,
    publish: (bays: WrittenBays, more: object = {}) =>
      ask('POST', '/api/zones', { id: `order-${Math.random()}`, expectVersion: 1, reason: 'redrawn', bays, ...more }),
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
