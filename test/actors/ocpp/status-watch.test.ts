import { expect, it } from 'vitest'
import { StatusWatch } from '../../../actors/ocpp/status-watch.ts'
import { toyClock } from '../../../simulations/toy-clock.ts'

it('asks while a connector is busy, is silent once it is Available or the connection is gone, and asks again when it speaks', async () => {
  const clock = toyClock(0)
  const asked: number[] = []
  const watch = new StatusWatch({ clock, evses: [1, 2], every_s: 30, ask: (evse) => void asked.push(evse) })
  watch.heard(1, 'Available')
  watch.heard(2, 'Charging')
  watch.heard(7, 'Charging')
  await clock.pass(65_000)
  expect(asked).toEqual([2, 2])
  watch.rest()
  await clock.pass(65_000)
  expect(asked).toHaveLength(2)
  watch.heard(2, 'Finishing')
  await clock.pass(31_000)
  expect(asked).toEqual([2, 2, 2])
  watch.heard(2, 'Available')
  await clock.pass(120_000)
  expect(asked).toHaveLength(3)
  expect([watch.of(1), watch.of(2), watch.of(7)]).toEqual(['Available', 'Available', undefined])
})

it('asks nobody by itself where the profile does not say so', async () => {
  const clock = toyClock(0)
  const asked: number[] = []
  const watch = new StatusWatch({ clock, evses: [1], every_s: null, ask: (evse) => void asked.push(evse) })
  watch.heard(1, 'Charging')
  watch.stirred(null)
  await clock.pass(600_000)
  expect(asked).toEqual([])
})
