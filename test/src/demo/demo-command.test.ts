import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { demo } from '../../../src/commands/demo.ts'
import { plateKeyText, REGULARS } from '../../../src/demo/cast.ts'
import { parkedPose } from '../../../src/demo/scene.ts'
import { developPicture, renderPixels } from '../../../src/demo/scene-picture.ts'
import { vehicleLength } from '../../../src/demo/vehicle-body.ts'

let out: string
let errors: string
let folder: string
beforeEach(async () => {
  ;[out, errors] = ['', '']
  folder = await mkdtemp(join(tmpdir(), 'demo-command-'))
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text)
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    errors += String(text)
    return true
  })
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true, force: true })
})

describe('berth demo', () => {
  test('locks the first bay to the account of the plate that it read from pixels', async () => {
    expect(await demo(['--port', '0', '--data', folder, '--until', 'locked', '--timeout', '60'])).toBe(0)
    expect(out).toMatch(/^Open http:\/\/127\.0\.0\.1:\d+ to watch; Ctrl-C stops it\.\n/)
    expect(out).toMatch(/\d\d:\d\d:\d\d {2}bay-2 {2}AB12 CDE arrives\n/)
    expect(out).toMatch(/bay-2 {2}charging-locked \(\S+\) {2}(\d\S+ A {2})?AB12CDE {2}Anna's fleet\n/)
    expect(out).toMatch(/bay-2: locked \d+\.\d s after the server listened\.\n$/)
    expect((await readdir(folder)).includes('site.yaml')).toBe(true)
  }, 180_000)

  test('says what is missing where the time runs out, with exit code 1', async () => {
    expect(await demo(['--port', '0', '--data', folder, '--until', 'vacated', '--timeout', '1'])).toBe(1)
    expect(errors).toBe('Within 1 s no bay locked.\n')
  }, 180_000)

  test('names a port that is taken, and what to do', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    expect(await demo(['--port', String(port), '--data', folder])).toBe(1)
    expect(errors).toBe(
      `Port ${port} on 127.0.0.1 is taken; stop what listens there, or choose another with --port (0 = any free one).\n`,
    )
    other.close()
  })

  test('refuses words that it does not understand', async () => {
    expect(await demo(['--until', 'tomorrow'])).toBe(2)
    expect(errors).toContain('--until "tomorrow" is not locked or vacated.')
    expect(await demo(['--port', '99999'])).toBe(2)
    expect(errors).toContain('--port "99999" is not a whole number from 0 to 65535.')
  })
})

describe('berth demo --photos', () => {
  test('starts registered plates for their own accounts and no stranger, and counts them', async () => {
    for (const [place, visitor] of REGULARS.slice(0, 5).entries()) {
      const vehicles = [{ look: visitor.look, pose: parkedPose(1, vehicleLength(visitor.look)) }]
      const pixels = await renderPixels({ light: 'day', bayNumbers: ['', '', ''], vehicles })
      await writeFile(
        join(folder, `${place}.jpg`),
        await developPicture(pixels, { seed: place + 1, noise: 3, blur_px: 0.4 }),
      )
      await writeFile(join(folder, `${place}.txt`), `${place}.jpg\t0\t0\t10\t10\t${plateKeyText(visitor.look.plate)}\n`)
    }
    expect(await demo(['--photos', folder, '--register', '300', '--json'])).toBe(0)
    const { duration_s, ...counts } = JSON.parse(out) as { [count: string]: number }
    expect(counts).toMatchObject({ photos: 5, registered: 4, refused: 1, wrongAccount: 0 })
    // One of the four has look-alikes so near in the register that two frames may not be enough for it.
    expect(Number(counts['rightAccount'])).toBeGreaterThanOrEqual(3)
    expect(Number(counts['rightAccount']) + Number(counts['fallback'])).toBe(4)
    expect(duration_s).toBeGreaterThan(0)
  }, 180_000)
})
