import { chmodSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { exportJournal } from '../../../src/commands/export.ts'
import { serve } from '../../../src/compose.ts'
import { openDatabase } from '../../../src/journal/sqlite-file.ts'
import { readSiteFile } from '../../../src/site-file.ts'
import { writeSite } from '../serve/serving-line.ts'
import { runCommand } from './run-command.ts'

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8)

test('what a served site makes beside its store is its owner’s alone, whatever the umask; what was there keeps its mode', async () => {
  const { path } = await writeSite(1)
  const file = await readSiteFile(path, {})
  const serving = await serve(path, { env: {}, readerFollows: true })
  const folder = dirname(file.store.path)
  const found = readdirSync(folder).map((name) => [name, mode(join(folder, name))])
  await serving.stop()
  expect(found.map(([name]) => name)).toEqual(
    expect.arrayContaining(
      ['', '.keys', '.frames', '.views', '.lock'].map((end) => `${file.store.path.split('/').at(-1)}${end}`),
    ),
  )
  expect(mode(folder)).toBe('700')
  const open = found.filter(([name = '', bits]) => bits !== '600' && bits !== '700' && !/\.checkpoints\./.test(name))
  expect(open).toEqual([])

  const out = join(folder, 'all.jsonl')
  expect((await runCommand(exportJournal, '--site', path, '--out', out)).code).toBe(0)
  expect(mode(out)).toBe('600')
  chmodSync(file.store.path, 0o640)
  openDatabase(file.store.path, '').close()
  expect(mode(file.store.path)).toBe('640')
}, 180_000)
