import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { exportJournal } from '../../src/commands/export.ts'
import { replay } from '../../src/commands/replay.ts'
import { serve } from '../../src/compose.ts'
import { openRoom } from '../../src/open-room.ts'
import { readSiteFile } from '../../src/site-file.ts'
import { MODEL_FILES } from '../../src/vision/model-files.ts'
import { READER_MODEL } from '../../src/vision/reader-model.ts'
import { DEFAULT_PLAN, type ReaderPlan } from '../../src/vision/reader-plan.ts'
import { runCommand } from './journal/run-command.ts'
import { writeSite } from './serve/serving-line.ts'

const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex')

/** Starts the site of a file, lets its reader be this one, ends it, and answers all that the journal says of readers. */
async function readBy(path: string, plan: ReaderPlan) {
  const room = await openRoom(await readSiteFile(path, {}), systemClock, () => {}, {})
  try {
    await room.start()
    await room.senses.reader.adopt(plan)
    const records = await room.journal.readSite(0, 1000)
    return records.filter(({ cause }) => cause.type === 'reader.adopted')
  } finally {
    await room.close()
  }
}

test('the journal says which reader reads, by profile and by the hash of every model, once and then at every change', async () => {
  const { path, folder } = await writeSite(1)
  await (await serve(path)).stop()
  const [first, ...others] = await readBy(path, DEFAULT_PLAN)
  expect(others).toEqual([])
  expect(first).toMatchObject({ stream: 'site', bayId: null, personal: {} })
  expect(first?.cause['reader']).toMatchObject({
    name: READER_MODEL,
    profile: 'default',
    recogniser: { from: 'berth', sha256: hashOf(MODEL_FILES.plates) },
    secondRecogniser: { from: 'berth', sha256: hashOf(MODEL_FILES.textRecogniser) },
    detector: { from: 'berth', sha256: hashOf(MODEL_FILES.textDetector) },
  })
  expect(await readBy(path, DEFAULT_PLAN), 'the same reader is not said again').toHaveLength(1)
  const sha256 = 'AB'.repeat(32)
  const detector = { file: '/models/plates.onnx', sha256, confidence: 0.4, size: 640 }
  const supplied = await readBy(path, { ...DEFAULT_PLAN, profile: 'fast', detector })
  expect(supplied.at(-1)?.cause['reader']).toMatchObject({
    profile: 'fast',
    detector: { from: 'site', sha256: sha256.toLowerCase() },
  })
  expect(await readBy(path, DEFAULT_PLAN), 'back again is a change too').toHaveLength(3)
  const out = join(folder, 'export.jsonl')
  expect((await runCommand(exportJournal, '--site', path, '--out', out)).code).toBe(0)
  expect(await runCommand(replay, out)).toMatchObject({ code: 0, out: expect.stringContaining('no difference') })
})
