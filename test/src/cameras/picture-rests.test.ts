import { expect, test } from 'vitest'
import { Fault } from '../../../machines/faults.ts'
import { PictureRests } from '../../../src/cameras/picture-rests.ts'

/** Rests with a clock of their own, and what was told of them. */
function rests() {
  let now = 1_000
  const told: string[] = []
  const all = new PictureRests(
    () => now,
    (cameraId, { times, rest_ms }) => told.push(`${cameraId} ${times} times, ${rest_ms} ms`),
  )
  const look = (cameraId: string, fault: Fault | null): Promise<string> =>
    all
      .look(cameraId, async () => {
        if (fault) throw fault
        return 'read'
      })
      .catch((cause: Fault) => cause.code)
  const pass = (ms: number): void => {
    now += ms
  }
  return { look, pass, told }
}
const stopped = new Fault('READER_FAILED', { why: 'no answer in time' })
const slow = new Fault('PICTURE_UNREADABLE', { slow: true })

test('a camera whose pictures stop the reader rests ever longer, and the others go on', async () => {
  const { look, pass, told } = rests()
  expect(await look('cam-1', stopped)).toBe('READER_FAILED')
  expect(await look('cam-1', slow)).toBe('PICTURE_UNREADABLE')
  expect(await look('cam-1', null)).toBe('READER_BUSY')
  expect(await look('cam-2', null)).toBe('read')
  pass(10_001)
  // Good pictures between the bad ones do not help.
  expect(await look('cam-1', null)).toBe('read')
  expect(await look('cam-1', stopped)).toBe('READER_FAILED')
  pass(10_001)
  expect(await look('cam-1', null)).toBe('READER_BUSY')
  pass(10_001)
  expect(await look('cam-1', null)).toBe('read')
  expect(told).toEqual(['cam-1 2 times, 10000 ms', 'cam-1 3 times, 20000 ms'])
  pass(600_000)
  expect(await look('cam-1', stopped)).toBe('READER_FAILED')
  expect(await look('cam-1', null)).toBe('read')
})

test('pictures that are none, a reader that is busy or was closed are no reason to rest', async () => {
  const { look, told } = rests()
  for (const fault of [new Fault('PICTURE_UNREADABLE'), new Fault('READER_BUSY'), new Fault('READER_FAILED')])
    for (let times = 0; times < 3; times += 1) expect(await look('cam-1', fault)).toBe(fault.code)
  expect(await look('cam-1', null)).toBe('read')
  expect(told).toEqual([])
})
