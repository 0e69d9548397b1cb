import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemChance } from '../../../src/chance.ts'
import { openKeyStore } from '../../../src/privacy/key-store.ts'
import { CropVault } from '../../../src/reviews/crop-vault.ts'
import { deepText, tracesIn, tracesUnder } from '../../clear-traces.ts'
import { codeOf, scratchFolder, stillClock } from '../../contracts/journal-drafts.ts'
import { renderedPlate } from '../vision/rendered-plate.ts'

function opened() {
  const folder = scratchFolder()
  const keys = openKeyStore({
    path: join(folder, 'keys'),
    siteId: 'depot',
    clock: stillClock(),
    chance: systemChance,
    env: {},
  })
  onTestFinished(() => keys.close())
  const names = Array.from({ length: 9 }, (_, index) => `crop-${index + 1}`)
  const vault = new CropVault({ folder: join(folder, 'crops'), keys, newRef: () => names.shift() ?? '' })
  return { folder, keys, vault, files: () => readdirSync(join(folder, 'crops')) }
}

test('a crop comes back as it was kept, and stands nowhere in clear', async () => {
  const { folder, vault } = opened()
  const picture = await renderedPlate('KX19 TYP')
  const kept = await vault.keep('review-1', picture)
  expect(kept).toMatchObject({ ref: 'crop-1', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
  if (kept === null) return
  expect(Buffer.from((await vault.open('review-1', kept)) ?? [])).toEqual(picture)
  expect(tracesUnder(folder, { plates: ['KX19TYP', 'KX19 TYP'], pictures: [picture] })).toEqual([])
})

test('without its key a crop is gone for ever, and its file with it', async () => {
  const { vault, files } = opened()
  const kept = await vault.keep('review-1', await renderedPlate('KX19 TYP'))
  if (kept === null) return expect(kept).not.toBeNull()
  vault.destroy('review-1', [kept.ref])
  expect(files()).toEqual([])
  expect(await vault.open('review-1', kept)).toBeNull()
  expect(await vault.keep('review-1', new Uint8Array([1])), 'a destroyed subject keeps nothing any more').toBeNull()
})

test('a crop that was altered, swapped or named by a stranger is refused, and the refusal shows nothing of it', async () => {
  const { folder, vault } = opened()
  const picture = await renderedPlate('KX19 TYP')
  const kept = await vault.keep('review-1', picture)
  const other = await vault.keep('review-2', picture)
  if (kept === null || other === null) return expect(kept).not.toBeNull()
  writeFileSync(join(folder, 'crops/crop-1.sealed'), readFileSync(join(folder, 'crops/crop-2.sealed')))
  expect(await codeOf(() => vault.open('review-1', kept))).toBe('STORE_CORRUPT')
  expect(await codeOf(() => vault.open('review-1', other)), 'sealed for another review').toBe('STORE_CORRUPT')
  expect(await codeOf(() => vault.open('review-1', { ref: '../keys', sha256: kept.sha256 }))).toBe('STORE_CORRUPT')
  const refusal = await vault.open('review-1', kept).catch((fault: unknown) => fault)
  expect(tracesIn('the fault', deepText(refusal), { plates: ['KX19TYP'], pictures: [picture] })).toEqual([])
})

test('another crop of the same review in its place is refused too: its key opens it, what was kept does not fit', async () => {
  const { folder, vault } = opened()
  const kept = await vault.keep('review-1', await renderedPlate('KX19 TYP'))
  const later = await vault.keep('review-1', await renderedPlate('MV73 QRT'))
  if (kept === null || later === null) return expect(kept).not.toBeNull()
  writeFileSync(join(folder, 'crops/crop-1.sealed'), readFileSync(join(folder, 'crops/crop-2.sealed')))
  expect(await vault.open('review-1', later)).not.toBeNull()
  expect(await codeOf(() => vault.open('review-1', kept))).toBe('STORE_CORRUPT')
})

test('what no record names is swept away after a start: half files, and crops whose record never came', async () => {
  const { folder, vault, files } = opened()
  vault.sweep(new Set())
  mkdirSync(join(folder, 'crops'))
  const kept = await vault.keep('review-1', new Uint8Array([1]))
  await vault.keep('review-2', new Uint8Array([2]))
  writeFileSync(join(folder, 'crops/crop-9.part'), 'half')
  vault.sweep(new Set([kept?.ref ?? '']))
  expect(files()).toEqual(['crop-1.sealed'])
})

test('a disk that takes nothing is one clear sentence', async () => {
  const { folder, vault } = opened()
  writeFileSync(join(folder, 'crops'), 'a file where the folder should be')
  await expect(vault.keep('review-1', new Uint8Array([1]))).rejects.toThrow(
    /cannot be written; free disk space or mend/,
  )
})
