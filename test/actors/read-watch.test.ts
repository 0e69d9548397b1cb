import { describe, expect, test } from 'vitest'
import { ReadWatch } from '../../actors/read-watch.ts'
import type { Cause, FactRecord } from '../../machines/record.ts'

/** A watch and the log that it hears; what it writes it hears again. */
function watched(records: readonly FactRecord[] = []) {
  const log: FactRecord[] = []
  const told: string[] = []
  const hear = (record: object, live = true): void => {
    log.push(record as FactRecord)
    watch.hear(record as FactRecord, live)
  }
  const watch = new ReadWatch({
    scribe: () => ({
      write: async (entries) => {
        for (const { cause, effects } of entries) {
          told.push(`${cause.type} ${cause['cameraId']} ${effects?.[0]?.type ?? 'nothing'}`)
          hear({ stream: 'site', bayId: null, cause, decisions: [], effects: effects ?? [] })
        }
        return []
      },
    }),
    failed: (cause) => told.push(String(cause)),
  })
  for (const record of records) hear(record, false)
  const says = (type: string, cameraId: string, ...decisions: string[]): void => {
    const cause: Cause = { type, cameraId }
    hear({ stream: 'bay:b', bayId: 'b', cause, decisions: decisions.map((one) => ({ type: one })), effects: [] })
  }
  /** A vehicle comes, is read by these cameras or not, and goes. */
  const visit = (seenBy: readonly string[], readBy: readonly string[]): void => {
    for (const cameraId of seenBy) says('vehicle.seen', cameraId)
    for (const cameraId of readBy) says('plate.agreed', cameraId)
    says('zone.empty', seenBy[0] ?? '', 'VisitEnded')
  }
  const settle = () => new Promise<void>((done) => setImmediate(done))
  return { watch, log, told, says, visit, settle }
}

/** A camera that read one vehicle of eleven: its alarm is up. */
async function snowed() {
  const scene = watched()
  scene.visit(['cam-1'], ['cam-1'])
  for (let count = 0; count < 10; count += 1) scene.visit(['cam-1'], [])
  await scene.settle()
  return scene
}

describe('a camera that reads too few of the vehicles that it sees', () => {
  test('is told once, also after a restart, and its alarm ends when it reads again', async () => {
    const { told, visit, log, settle } = await snowed()
    expect(told).toEqual(['reads.few cam-1 raise.alarm'])
    const again = watched(log)
    again.watch.begin(['cam-1'])
    await again.settle()
    expect(again.told).toEqual([])
    for (let count = 0; count < 20; count += 1) visit(['cam-1'], ['cam-1'])
    await settle()
    expect(told.at(-1)).toBe('reads.enough cam-1 clear.alarm')
  })

  test('says that it read a vehicle while that one still stands there, and counts no unread one before it is gone', () => {
    const { watch, says } = watched()
    says('vehicle.seen', 'cam-1')
    expect(watch.of('cam-1')).toBe(null)
    says('plate.agreed', 'cam-1')
    expect(watch.of('cam-1')).toEqual({ read: 1, of: 1, usual: null })
    says('zone.empty', 'cam-1', 'VisitEnded')
    expect(watch.of('cam-1')).toEqual({ read: 1, of: 1, usual: null })
    says('vehicle.seen', 'cam-1')
    expect(watch.of('cam-1')).toEqual({ read: 1, of: 1, usual: null })
    says('zone.empty', 'cam-1', 'VisitEnded')
    expect(watch.of('cam-1')).toEqual({ read: 1, of: 2, usual: null })
  })

  test('loses its alarm when the site file names it no more, once', async () => {
    const { log } = await snowed()
    const after = watched(log)
    after.watch.begin(['cam-2'])
    await after.settle()
    expect(after.told).toEqual(['reads.forgotten cam-1 clear.alarm'])
    const later = watched(after.log)
    later.watch.begin(['cam-2'])
    await later.settle()
    expect(later.told).toEqual([])
  })
})

test('a camera that only watches who is there is never judged by plates', async () => {
  const { told, visit, settle } = watched()
  for (let count = 0; count < 30; count += 1) visit(['overview', 'anpr'], ['anpr'])
  await settle()
  expect(told).toEqual([])
})

test('a plate that takes the place of another vehicle is the new visit’s, not the one’s that it ended', async () => {
  const { told, says, visit, settle } = watched()
  visit(['cam-1'], ['cam-1'])
  // Of each two vehicles one is read: the first is not, the second takes its place silently.
  for (let count = 0; count < 12; count += 1) {
    says('vehicle.seen', 'cam-1', ...(count > 0 ? ['VisitEnded'] : []))
    says('vehicle.seen', 'cam-1')
  }
  says('plate.agreed', 'cam-1', 'VisitEnded')
  says('plate.lost', 'cam-1', 'VisitEnded')
  await settle()
  // 14 vehicles, the first and the last of them read.
  expect(told).toEqual(['reads.few cam-1 raise.alarm'])
})

describe('a camera’s own habit', () => {
  /** So many vehicles, of which each `every`th is not read. */
  const lives = async ({ visit, settle }: ReturnType<typeof watched>, count: number, every: number) => {
    for (let number = 1; number <= count; number += 1) visit(['cam-1'], number % every === 0 ? [] : ['cam-1'])
    await settle()
  }

  test('one that used to read nearly all is alarmed when it reads three in five, with both figures, and calm again near its habit', async () => {
    const scene = watched()
    await lives(scene, 120, 30)
    expect(scene.told).toEqual([])
    for (let number = 0; number < 30; number += 1) scene.visit(['cam-1'], number % 5 < 3 ? ['cam-1'] : [])
    await scene.settle()
    expect(scene.told).toEqual(['reads.few cam-1 raise.alarm'])
    const [raised] = scene.log.flatMap((record) => record.effects)
    expect(raised).toMatchObject({ says: expect.stringMatching(/newest 20 vehicles; it used to read 9\d %/) })
    await lives(scene, 20, 30)
    expect(scene.told.at(-1)).toBe('reads.enough cam-1 clear.alarm')
  })

  test('one that never read more than three in five is used to it, and a bad month does not become a habit', async () => {
    const modest = watched()
    for (let number = 0; number < 200; number += 1) modest.visit(['cam-1'], number % 5 < 3 ? ['cam-1'] : [])
    await modest.settle()
    expect(modest.told).toEqual([])
    const fallen = watched()
    await lives(fallen, 120, 30)
    for (let number = 0; number < 400; number += 1) fallen.visit(['cam-1'], number % 5 < 3 ? ['cam-1'] : [])
    await fallen.settle()
    expect(fallen.told).toEqual(['reads.few cam-1 raise.alarm'])
  })
})
