import { beforeAll, expect, test } from 'vitest'
import { seededDice } from '../../../src/demo/dice.ts'
import type { Picture } from '../../../src/vision/picture.ts'
import { lookAtZone } from '../../../src/vision/zone-crop.ts'
import { EMPTY_FROM, likeness } from '../../../src/vision/zone-presence.ts'
import { carPark, type Place } from '../../bench/presence-grounds.ts'
import { emptyHour, lookOf, type Stand, standAt, stay } from '../../bench/presence-hours.ts'
import { CONDITIONS, SIZE } from '../../bench/presence-weather.ts'

let places: readonly Place[]
let stands: readonly Stand[]
beforeAll(async () => {
  places = await carPark()
  stands = [1, 4, 6, 11].map((place) => standAt(places[place] as Place, `${place}`))
}, 180_000)

test('in no light and weather is a bay with a vehicle in it told to be empty, dark vehicles on bare ground least of all', async () => {
  for (const [name, condition] of Object.entries(CONDITIONS)) {
    const dice = seededDice(`few hours ${name}`)
    for (let hours = 0; hours < 12; hours += condition.hours) {
      const { falseHours } = await stay(stands[hours % stands.length] as Stand, condition, dice)
      expect([name, hours, falseHours]).toEqual([name, hours, 0])
    }
  }
}, 120_000)

test('a dark vehicle on bare ground at night, of which headlights show little but the lines beside it, is never told to be an empty bay', async () => {
  const condition = CONDITIONS['headlights'] as (typeof CONDITIONS)[string]
  for (const seed of [16, 59]) {
    const { falseHours, falseLooks } = await stay(stands[1] as Stand, condition, seededDice(`dark ${seed}`))
    expect([seed, falseHours, falseLooks]).toEqual([seed, 0, 0])
  }
})

test('an empty bay is known for empty by day, at dusk, at night and in snow', () => {
  for (const name of ['day', 'dusk', 'night', 'snow']) {
    const dice = seededDice(`few empty hours ${name}`)
    const condition = CONDITIONS[name] as (typeof CONDITIONS)[string]
    const known = stands.filter((stand) => emptyHour(stand, condition, dice).known_min !== null)
    expect([name, known.length >= 2]).toEqual([name, true])
  }
})

test('the measure notices a false word: a bay that was learnt with the vehicle in it is told to be empty', async () => {
  const condition = CONDITIONS['night'] as (typeof CONDITIONS)[string]
  const [stand] = stands as [Stand]
  const shown = await stay(stand, condition, seededDice('a vehicle'))
  expect(shown.falseHours).toBe(0)
  const taught = standAt({ ...stand.place, empty: { ...stand.place.empty, night: shown.shown } }, 'taught')
  const again = await stay(taught, condition, seededDice('a vehicle'))
  expect(again).toMatchObject({ falseHours: 1 })
  expect(again.picture).not.toBeNull()
})

test('the measure sees what the reader sees: its look of a picture is as good as the reader’s', async () => {
  const { empty, seen } = places[0] as Place
  const grey = empty.day
  const rgb = Uint8Array.from({ length: 3 * grey.length }, (_, i) => grey[Math.floor(i / 3)] ?? 0)
  const whole = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ] as const
  const [own, readers] = [
    lookOf(grey, { seen: seen.map(() => true) }, () => undefined, seededDice(1)),
    await lookAtZone({ ...SIZE, rgb } satisfies Picture, whole),
  ] as const
  expect(likeness(own, readers)).toBeGreaterThan(EMPTY_FROM)
})
