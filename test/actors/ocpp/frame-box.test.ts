import { expect, test } from 'vitest'
import { type FrameBox, FrameJudge } from '../../../actors/ocpp/frame-box.ts'
import { systemClock } from '../../../src/clock.ts'

test('a card that is sent as a number is kept as a card, so that it is sealed and can be erased', async () => {
  const kept: Parameters<FrameBox['keep']>[0][] = []
  const judge = new FrameJudge({ keep: (frame) => void kept.push(frame) }, 'CP-1', systemClock)
  const payload = { connectorId: 1, idTag: 4711471147, meterStart: 0 }
  await judge.judge(
    'StartTransaction',
    payload,
    () => JSON.stringify([2, 'a', 'StartTransaction', payload]),
    async () => judge.mended(1),
  )
  expect(kept).toMatchObject([{ idToken: '4711471147' }])
})
