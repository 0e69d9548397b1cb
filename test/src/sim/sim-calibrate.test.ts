import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { curveOf } from '../../../simulations/design/design-cameras.ts'
import { blurOf, degraded, drawDamage, motionKernel } from '../../../src/commands/sim/degraded-plate.ts'
import { openDesign } from '../../../src/commands/sim/open-design.ts'
import { drawSubject, renderSubject } from '../../../src/commands/sim/plate-subject.ts'
import { EXAMPLE_SITE, scenarioText } from '../../../src/commands/sim/scenario-template.ts'
import { simCalibrate } from '../../../src/commands/sim-calibrate.ts'
import { seededDice } from '../../../src/demo/dice.ts'
import { fc } from '../../seeded-check.ts'
import { saidBy } from '../journal/run-command.ts'

const folder = await mkdtemp(join(tmpdir(), 'berth-calibrate-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs the command; answers its code and what it wrote. */
const calibrated = (...argv: string[]) => saidBy(simCalibrate, ...argv)

test('a wrong call, a folder that is not there and one without photographs get a sentence, and nothing is read', async () => {
  expect(await calibrated('a', 'b')).toMatchObject({ code: 2 })
  expect(await calibrated('--plates', '5')).toMatchObject({
    code: 2,
    said: '--plates takes a whole number from 20 to 5000; "5" is none.\n',
  })
  expect(await calibrated('--seed', 'x')).toMatchObject({ code: 2 })
  expect((await calibrated(join(folder, 'nowhere'))).code).toBe(1)
  const empty = await calibrated(folder)
  expect(empty.code).toBe(1)
  expect(empty.said).toContain('0 pictures with a .txt beside them; it takes 20 or more')
})

test('what is drawn stays within its bounds, and no photograph is made larger', () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 25, max: 400, noNaN: true }), (seed, most_px) => {
      const damage = drawDamage(seededDice(seed), most_px)
      expect(damage.plate_px).toBeGreaterThanOrEqual(20)
      expect(damage.plate_px).toBeLessThanOrEqual(Math.min(170, most_px) + 1e-9)
      expect(blurOf(damage) / (damage.plate_px * (0.014 / 0.52))).toBeLessThanOrEqual(4 + 1e-9)
      expect(damage.quality).toBeGreaterThanOrEqual(60)
      expect(damage.quality).toBeLessThanOrEqual(92)
    }),
  )
})

test('movement spreads light along its way and neither makes nor loses any', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 20, noNaN: true }),
      fc.double({ min: -1.5, max: 1.5, noNaN: true }),
      (length_px, direction_rad) => {
        const { width, height, kernel } = motionKernel(length_px, direction_rad)
        expect(kernel).toHaveLength(width * height)
        expect(kernel.every((weight) => weight >= 0)).toBe(true)
        expect(kernel.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9)
        const middle = (width - 1) / 2
        const along = kernel.reduce((sum, weight, at) => {
          const [x, y] = [(at % width) - middle, Math.floor(at / width) - middle]
          return sum + weight * (x * Math.cos(direction_rad) + y * Math.sin(direction_rad))
        }, 0)
        expect(Math.abs(along)).toBeLessThan(0.01)
      },
    ),
  )
})

test('the same seed makes the same picture, five plates wide', async () => {
  const picture = async (): Promise<Buffer> => {
    const dice = seededDice('one')
    const subject = drawSubject(dice)
    const damage = drawDamage(dice)
    const pixels = await renderSubject(subject, damage.plate_px)
    expect(pixels.width).toBe(Math.round(5 * damage.plate_px))
    return degraded(pixels, damage)
  }
  expect((await picture()).equals(await picture())).toBe(true)
})

test('rendered plates are read and a curve comes out, which a scenario names', async () => {
  const out = join(folder, 'reader.curve.json')
  const { code, said } = await calibrated('--plates', '24', '--out', out)
  expect(said).toContain('Rendered plates: 24 plates, 96 reads.')
  expect(code).toBe(0)
  const file = JSON.parse(await readFile(out, 'utf8')) as { name: string; rendered: { perLnPixel: number } }
  const scenario = join(folder, 'scenario.yaml')
  await writeFile(scenario, scenarioText(EXAMPLE_SITE).replace('curve: default', 'curve: reader.curve.json'))
  const { design, complaints } = openDesign(scenario)
  expect(complaints).toEqual([])
  expect(design && curveOf(design.scenario)).toMatchObject({ name: file.name, perLnPixel: file.rendered.perLnPixel })
  await writeFile(scenario, scenarioText(EXAMPLE_SITE).replace('curve: default', 'curve: missing.json'))
  expect(openDesign(scenario).complaints[0]).toContain('missing.json')
}, 180_000)
