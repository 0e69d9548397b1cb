import { execFile } from 'node:child_process'
import { appendFileSync, cpSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { siteText } from '../../bench/long-site.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'

const TOP = join(import.meta.dirname, '../../..')
const run = promisify(execFile)

/** A berth of its own, whose files can be replaced. */
function ownBerth(): string {
  const folder = scratchFolder()
  for (const room of ['machines', 'actors', 'projections', 'src', 'package.json'])
    cpSync(join(TOP, room), join(folder, room), { recursive: true })
  symlinkSync(join(TOP, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

/** One process of that berth: it has its code, then a file is replaced (`change`), then it keeps a state (`keep`) or takes it back (`take`). */
const PROCESS = `
  const [, does, folder, text, change] = process.argv
  const { appendFileSync, readFileSync, writeFileSync } = await import('node:fs')
  const [{ openState, sealState }, { openMemoryKeys }, { checkSiteFile }] = await Promise.all(
    ['kept/kept-state', 'privacy/key-store', 'site-file'].map((name) => import(folder + '/src/' + name + '.ts')),
  )
  const clock = { now: () => 0, after: () => () => {} }
  let made = 0
  const chance = { hex: (length) => (made++).toString(16).padStart(length, '0') }
  const { site: file } = checkSiteFile(text, folder + '/site.yaml')
  const keys = openMemoryKeys({ siteId: file.site.id, clock, chance })
  const path = folder + '/kept'
  if (change) appendFileSync(folder + '/' + change, '\\n// Of the next version.\\n')
  const link = { seq: 1, hash: 'a' }
  if (does === 'keep') writeFileSync(path, await sealState({ link, said: { site: { bays: [] } } }, file, keys))
  else console.log(JSON.stringify(await openState(readFileSync(path), file, keys)))
`

async function berth(folder: string, does: 'keep' | 'take', change = ''): Promise<string> {
  const text = siteText(['bay-1'], join(folder, 'site.db'))
  const args = ['--input-type=module', '-e', PROCESS, does, folder, text, change]
  return (await run(process.execPath, args)).stdout.trim()
}

test('what a berth kept whose files were replaced while it ran is not taken by the berth that they make', async () => {
  const folder = ownBerth()
  await berth(folder, 'keep')
  expect(await berth(folder, 'take')).toContain('"seq":1')
  await berth(folder, 'keep', 'machines/bay.ts')
  expect(await berth(folder, 'take')).toBe('"other"')
  await berth(folder, 'keep')
  expect(await berth(folder, 'take')).toContain('"seq":1')
  appendFileSync(join(folder, 'src/desk.ts'), '\n// Of yet another.\n')
  expect(await berth(folder, 'take')).toBe('"other"')
}, 180_000)
