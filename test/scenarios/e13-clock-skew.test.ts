import { expect, test } from 'vitest'
import { replaysTheSame, Scene } from './steps.ts'

const HOURS_ms = 3_600_000

for (const hours of [-3, 3])
  test(`E13 clock skew: a camera whose clock is ${hours} hours off starts nothing until its offset is learnt, and works then; device times stay as evidence`, async () => {
    const scene = await Scene.open()
    await scene.site.registers('AB12CDE', 'acc-1')
    const off = (): number => scene.site.clock.now() + hours * HOURS_ms
    scene.parked.set('bay-1', 'AB12CDE')
    for (let second = 0; second < 4; second += 1) {
      await scene.picture({ capturedAt: off() })
      await scene.site.pass(1000)
    }
    expect(scene.orders('start')).toBe(0)
    for (let second = 0; second < 20; second += 1) {
      await scene.picture({ capturedAt: off() })
      await scene.site.pass(1000)
    }
    expect(scene.orders('start')).toBe(1)
    expect(scene.payer()).toBe('acc-1')
    expect(scene.site.feed.cameras()[0]?.offset_ms).toBe(-hours * HOURS_ms)
    const agreed = scene.site.journal.records.find((record) => record.cause.type === 'plate.agreed')
    expect(Date.parse(String(agreed?.cause.happenedAt)) - Date.parse(String(agreed?.at))).toBeCloseTo(
      hours * HOURS_ms,
      -4,
    )
    const order = scene.site.journal.records.map((record) => Date.parse(record.at))
    expect(order).toEqual([...order].sort((a, b) => a - b))
    await replaysTheSame(scene.site)
  })
