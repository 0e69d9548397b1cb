import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SessionRow } from '../../../projections/bay-view.ts'
import { seededDice } from '../../../src/demo/dice.ts'
import { openFilm } from '../../../src/demo/photo-frames.ts'
import { readPhotos } from '../../../src/demo/photo-set.ts'
import { chooseRegistered, countUp } from '../../../src/demo/photos.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photos-'))
  const picture = await sharp({ create: { width: 1600, height: 900, channels: 3, background: '#456' } })
    .jpeg()
    .toBuffer()
  await mkdir(join(folder, 'eu'))
  await writeFile(join(folder, 'eu', 'b.jpg'), picture)
  await writeFile(join(folder, 'eu', 'b.txt'), 'b.jpg\t10\t20\t30\t12\tRK-755 aj\n')
  await writeFile(join(folder, 'a.JPG'), picture)
  await writeFile(join(folder, 'a.txt'), 'a.JPG\t10\t20\t30\t12\tAB12CDE\n')
  await writeFile(join(folder, 'alone.jpg'), picture)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const photo = (plate: string) => ({ file: `${plate}.jpg`, plate, key: plate })

describe('photographs', () => {
  test('are found with their true plates, also in folders below; one without a text is left out', async () => {
    const list = await readPhotos(folder)
    expect(list.map(({ plate, key }) => [plate, key])).toEqual([
      ['AB12CDE', 'A812C0E'],
      ['RK755AJ', 'RK755AJ'],
    ])
    await expect(readPhotos(join(folder, 'none'))).rejects.toThrow('There is no folder')
  })

  test("come as frames that differ a little and are never larger than a camera's picture", async () => {
    const film = await openFilm(join(folder, 'a.JPG'), seededDice(3))
    const [first, second] = [await film.frame(), await film.frame()]
    const { width, height } = await sharp(first).metadata()
    expect([width, height]).toEqual([1265, 712])
    expect(first.equals(second)).toBe(false)
    const again = await openFilm(join(folder, 'a.JPG'), seededDice(3))
    expect((await again.frame()).equals(first)).toBe(true)
  })

  test('are registered for four plates of five, photos of one plate together', () => {
    const list = Array.from({ length: 40 }, (_, place) => photo(`PLATE${place % 20}`))
    const registry = chooseRegistered(list)
    expect(registry.size).toBe(16)
    expect(new Set(registry.values()).size).toBe(16)
    expect(list.filter(({ key }) => registry.has(key))).toHaveLength(32)
  })
})

describe('the counts', () => {
  const registry = new Map([['OWN', 'photo-1']])
  const started = (startedFor: string | null) => ({ started: true, startedFor, visitIds: ['v1'] })
  const idle = { started: false, startedFor: null, visitIds: ['v1'] }
  const session = (accountId: string): SessionRow => ({ visitId: 'v1', accountId }) as SessionRow
  const one = (plate: string, arrival: typeof idle | ReturnType<typeof started>, sessions: SessionRow[] = []) => {
    const { photos: _photos, ...counts } = countUp([photo(plate)], registry, [arrival], sessions)
    return Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([name]) => name)
  }

  test('put each photo in one place: right, fallback, refused or wrong', () => {
    expect(one('OWN', started('photo-1'))).toEqual(['registered', 'rightAccount'])
    expect(one('OWN', idle)).toEqual(['registered', 'fallback'])
    expect(one('STRANGER', idle)).toEqual(['refused'])
    expect(one('STRANGER', started('other-7'))).toEqual(['wrongAccount'])
    expect(one('OWN', started('other-7'))).toEqual(['registered', 'wrongAccount'])
  })

  test('believe the bill over what was seen: a session for somebody else is wrong, a late one for the right account is right', () => {
    expect(one('OWN', idle, [session('photo-1')])).toEqual(['registered', 'rightAccount'])
    expect(one('STRANGER', idle, [session('photo-1')])).toEqual(['wrongAccount'])
    expect(one('OWN', started('photo-1'), [session('photo-1'), session('other-3')])).toEqual([
      'registered',
      'wrongAccount',
    ])
  })
})
