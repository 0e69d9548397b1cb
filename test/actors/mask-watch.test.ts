import { expect, test } from 'vitest'
import { MaskWatch } from '../../actors/mask-watch.ts'
import type { Polygon } from '../../actors/ports.ts'
import { fold } from '../../machines/plate.ts'
import type { FactRecord } from '../../machines/record.ts'
import type { TrackRead } from '../../machines/track.ts'
import type { Rectangle } from '../../machines/zone.ts'

/** A watch and what it wrote; what it writes it hears again. */
function watched(records: readonly FactRecord[] = []) {
  const log: FactRecord[] = [...records]
  const watch = new MaskWatch({
    mark: (text) => `mark of ${text.length} ${text.charCodeAt(0)}`,
    scribe: () => ({
      write: async (entries) => {
        for (const entry of entries) {
          const record = { bayId: null, effects: [], ...entry } as unknown as FactRecord
          log.push(record)
          watch.hear(record)
        }
        return []
      },
    }),
    failed: (cause) => log.push({ cause: { type: String(cause) } } as unknown as FactRecord),
  })
  for (const record of records) watch.hear(record)
  return { watch, log, told: () => new Promise<void>((done) => setImmediate(done)).then(() => log) }
}

const SIGN: Rectangle = [0.7, 0.2, 0.1, 0.05]
const PLATE: Rectangle = [0.4, 0.6, 0.1, 0.05]
const read = (text: string, box: Rectangle): TrackRead => ({
  id: null,
  text,
  confidence: 0.9,
  characters: [],
  frame: 'f',
  reader: 'berth',
  box,
  at: 0,
  capturedAt: null,
  clear: true,
  fresh: true,
})
const MINUTE = 60_000

test('text that is read beside the plates of three vehicles is proposed as a mask, once, with what speaks for it', async () => {
  const { watch, told } = watched()
  for (let look = 0; look < 40; look += 1) {
    const agreed = ['AB12CDE', 'XY99ZZZ7', 'K4'][Math.floor(look / 10) % 3] ?? ''
    const reads = [read(agreed, PLATE), read('EV0NLY', SIGN)]
    watch.read({ cameraId: 'cam-1', at: look * MINUTE, reads, agreed: fold(agreed), looksEmpty: false })
  }
  const [first, ...others] = await told()
  expect(others).toEqual([])
  expect(first?.cause).toMatchObject({ type: 'mask.proposed', cameraId: 'cam-1', beside: 3, box: SIGN })
  expect(first?.effects[0]).toMatchObject({ type: 'raise.alarm', alarm: 'mask-proposed' })
  expect(JSON.stringify(first?.effects)).toContain('[[0.675,0.188],[0.825,0.188],[0.825,0.263],[0.675,0.263]]')
  expect(JSON.stringify(first)).not.toContain('EV0NLY')
})

test('text that is read while the bay looks empty, on several occasions, is proposed too', async () => {
  const { watch, told } = watched()
  for (let look = 0; look < 30; look += 1)
    watch.read({ cameraId: 'cam-1', at: look * MINUTE, reads: [read('P4RK1', SIGN)], agreed: null, looksEmpty: true })
  expect((await told())[0]?.cause).toMatchObject({ type: 'mask.proposed', beside: 0, empty: 3 })
})

test('a regular’s plate, a sticker beside it, and parts of a plate are never proposed', async () => {
  const { watch, told } = watched()
  for (let day = 0; day < 50; day += 1) {
    const at = day * 1440 * MINUTE
    const both = [read('AB12CDE', PLATE), read('DEALER1', SIGN), read('CDE', [0.44, 0.6, 0.06, 0.05])]
    watch.read({ cameraId: 'cam-1', at, reads: both, agreed: fold('AB12CDE'), looksEmpty: false })
    watch.read({ cameraId: 'cam-1', at: at + 1, reads: [read('AB12CDE', PLATE)], agreed: null, looksEmpty: false })
  }
  expect(await told()).toEqual([])
})

test('after a restart it is not proposed again, and a mask of the site file over it ends the alarm', async () => {
  const first = watched()
  for (let look = 0; look < 30; look += 1)
    first.watch.read({
      cameraId: 'cam-1',
      at: look * MINUTE,
      reads: [read('P4RK1', SIGN)],
      agreed: null,
      looksEmpty: true,
    })
  const again = watched(await first.told())
  for (let look = 0; look < 30; look += 1)
    again.watch.read({
      cameraId: 'cam-1',
      at: look * MINUTE,
      reads: [read('P4RK1', SIGN)],
      agreed: null,
      looksEmpty: true,
    })
  again.watch.begin(() => [])
  expect((await again.told()).map(({ cause }) => cause.type)).toEqual(['mask.proposed'])
  const over: Polygon = [
    [0.6, 0.1],
    [0.9, 0.1],
    [0.9, 0.4],
    [0.6, 0.4],
  ]
  again.watch.begin(() => [over])
  const [, settled] = await again.told()
  expect(settled?.cause.type).toBe('mask.settled')
  expect(settled?.effects[0]).toMatchObject({ type: 'clear.alarm', alarmId: 'site/mask/cam-1/700-200-100-50' })
})
