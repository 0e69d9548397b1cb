import { describe, expect, test } from 'vitest'
import { plateFeed } from '../../actors/plate-feed.ts'
import type { PlateReader } from '../../actors/ports.ts'
import { DEFAULT_POLICY } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { CameraDialect, DeviceMessage } from '../../src/cameras/camera-dialect.ts'
import { cameraLine } from '../../src/cameras/camera-line.ts'
import { partsOf } from '../../src/cameras/multipart-body.ts'
import { randomIds } from '../../src/ids.ts'
import { deepText, tracesIn } from '../clear-traces.ts'
import type { Sample } from '../src/cameras/device-samples.ts'

/** A message of a device, and what any reader of its dialect must make of it. */
export type DialectStage = {
  readonly dialect: CameraDialect
  readonly sample: Sample
  /** The plate exactly as the device wrote it. */
  readonly plate: string
  /** x, y, width, height in 0..1 of the picture. */
  readonly box: readonly [number, number, number, number]
  /** The device's figure as a share; null where it gives none. */
  readonly confidence: number | null
  /** UTC at a site in London, and at one in Bangkok. */
  readonly times: readonly [london: string, bangkok: string]
  readonly reads: CameraDialect['reads']
  readonly presence: CameraDialect['presence']
  readonly samplesFrom: CameraDialect['samplesFrom']
}

const WHOLE = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const

type Site = { readonly timezone?: string; readonly arrivedAt?: number; readonly pictureSize?: [number, number] }

/** What a dialect makes of a message at a site. */
export function heardBy(dialect: CameraDialect, { headers, body, path = '', query = {} }: Sample, site: Site = {}) {
  const { timezone = 'Europe/London', arrivedAt = Date.UTC(2026, 10, 22), pictureSize = null } = site
  const parts = partsOf(headers, body, 8 << 20)
  return dialect.read({ parts, query, path, arrivedAt, timezone, pictureSize })
}

const utc = ({ capturedAt }: DeviceMessage): string | null =>
  capturedAt === null ? null : new Date(capturedAt).toISOString()

/** What the bay of a camera hears of its plates when these messages come 3 s apart: news and the witnesses of each plate. Nothing is enclosed or fetched. */
export async function newsOf(
  dialect: CameraDialect,
  messages: readonly DeviceMessage[],
): Promise<readonly (readonly [type: string, witnesses: readonly number[]])[]> {
  const told: [string, number[]][] = []
  const clock = { at: Date.UTC(2026, 10, 22), now: () => clock.at, after: () => () => {} }
  const feed = plateFeed({
    clock,
    ids: randomIds,
    keys: { vehicle: (folded) => `v-${folded}`, findVehicle: (folded) => `v-${folded}` },
    zones: () => [{ cameraId: 'cam-1', bayId: 'bay-1', polygon: WHOLE }],
    policy: () => DEFAULT_POLICY,
    deliver: async (_, news) => {
      if ('tally' in news) told.push([news.type, news.tally.map(({ witnesses }) => witnesses)])
    },
    count: () => {},
  })
  const busy = () => Promise.reject(new Fault('READER_BUSY'))
  const reader: PlateReader = { read: busy, close: async () => {} }
  const line = cameraLine({ cameraDesk: feed, reader, judge: () => 'unknown' })
  const zones = { 'bay-1': WHOLE }
  for (const message of messages) {
    clock.at += 3_000
    // As young as it arrives: what the samples' clocks say is years old.
    const now = { capturedAt: clock.at, reads: message.reads.map((read) => ({ ...read, capturedAt: clock.at })) }
    await line.hear(
      { cameraId: 'cam-1', zones },
      dialect,
      { ...message, ...now, pictures: [] },
      { receivedAt: clock.at },
    )
  }
  return told
}

/** What every dialect of cameras promises, held against one message of the device. */
export function promisesOfDialect(stage: DialectStage): void {
  const { dialect, sample, plate, box, confidence, times } = stage
  const pictureSize: [number, number] = [1920, 1080]
  const heard = (site?: Site): DeviceMessage => heardBy(dialect, sample, site)

  describe(dialect.name, () => {
    test('its plate is as the device wrote it, its box within 0.002, its figure a share', () => {
      const { reads } = heard({ pictureSize })
      expect(reads.map((read) => read.plate)).toEqual([plate])
      expect(reads[0]?.box).toHaveLength(4)
      for (const [at, side] of (reads[0]?.box ?? []).entries())
        expect(Math.abs(side - (box[at] ?? 0))).toBeLessThan(0.002)
      if (confidence === null) expect(reads[0]?.confidence).toBeNull()
      else expect(reads[0]?.confidence).toBeCloseTo(confidence, 2)
    })

    test('its time is right at a site in London and at one in Bangkok', () => {
      expect(['Europe/London', 'Asia/Bangkok'].map((timezone) => utc(heard({ timezone })))).toEqual(times)
    })

    test('sent again it has the same id and is the same witness, whenever it comes', () => {
      const [first, second] = [1, 2].map((hour) => heard({ arrivedAt: Date.UTC(2026, 10, 22, hour) }).reads[0])
      expect([second?.id, second?.frame]).toEqual([first?.id, first?.frame])
      expect(first?.id).not.toBe('')
    })

    test('a second event of the same vehicle is no second witness, whatever new names and times it has', async () => {
      const first = heard({ pictureSize })
      const renamed = (name: string): DeviceMessage => ({
        ...first,
        reads: first.reads.map((read) => ({ ...read, id: `${read.id} ${name}`, frame: `${read.frame} ${name}` })),
      })
      const told = await newsOf(dialect, [first, renamed('b'), renamed('c')])
      expect(told).toEqual([['plate.seen', [1]]])
    })

    test('what it says beyond the plate is kept as evidence, what nobody knows too, without pictures', () => {
      const told = JSON.stringify(heard().reads[0]?.told)
      expect(told.length).toBeGreaterThan(20)
      expect(told.length).toBeLessThanOrEqual(2_000)
      expect(told).not.toMatch(/[A-Za-z0-9+/]{200}/)
    })

    test('it says what it is: one result a frame or a vehicle, presence or none, and where its samples are from', () => {
      expect([dialect.reads, dialect.presence, dialect.samplesFrom]).toEqual([
        stage.reads,
        stage.presence,
        stage.samplesFrom,
      ])
      expect(heard().vehicles === null).toBe(stage.presence === 'no')
    })

    test('a message cut off or bent is read or refused with one sentence, which holds no plate and no picture', () => {
      const { body } = sample
      const bent = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((part) => {
        const cut = body.subarray(0, Math.floor((body.length * part) / 8))
        const hole = Buffer.concat([cut, Buffer.from('{"<'), body.subarray(cut.length + 3)])
        return [cut, hole]
      })
      for (const broken of bent) {
        try {
          heardBy(dialect, { ...sample, body: broken })
        } catch (fault) {
          expect(fault).toBeInstanceOf(Fault)
          expect(fault).toMatchObject({ code: 'BODY_INVALID', message: expect.stringMatching(/^This .*\.$/) })
          expect(tracesIn('the refusal', deepText(fault), { plates: [plate], pictures: [] })).toEqual([])
        }
      }
    })
  })
}
