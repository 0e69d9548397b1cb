import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Scribe } from '../actors/ports.ts'
import { cell } from '../actors/record-memory.ts'
import type { Json } from '../machines/events.ts'
import type { FactRecord } from '../machines/record.ts'
import { berthVersion } from './version.ts'
import { MODEL_FILES } from './vision/model-files.ts'
import { READER_MODEL } from './vision/reader-model.ts'
import type { ReaderPlan, SuppliedModel } from './vision/reader-plan.ts'

const ADOPTED = 'reader.adopted'

/** Says in the journal which reader the reads come from that follow: its profile, and every model by the hash of its file. */
export class ReaderRecord {
  readonly #scribe: Scribe
  #newest: string | undefined
  /** What is remembered by records alone. */
  readonly memory = cell(
    () => this.#newest,
    (newest) => {
      this.#newest = newest
    },
  )

  constructor(scribe: Scribe) {
    this.#scribe = scribe
  }

  /** Every record of the journal, oldest first. */
  hear({ stream, cause }: Pick<FactRecord, 'stream' | 'cause'>): void {
    if (stream === 'site' && cause.type === ADOPTED) this.#newest = JSON.stringify(cause['reader'])
  }

  /** Writes the reader of a plan down, where it is another than the journal's newest; before its first read. Rejects with Fault STORE_UNWRITABLE. */
  async adopt(plan: ReaderPlan): Promise<void> {
    const reader = await readerOf(plan)
    if (JSON.stringify(reader) === this.#newest) return
    await this.#scribe.write([{ stream: 'site', cause: { type: ADOPTED, reader }, decisions: [], personal: {} }])
  }
}

/** What reads by a plan. In the order of their names, as the journal keeps them. */
async function readerOf({ profile, recogniser, detector }: ReaderPlan): Promise<{ readonly [name: string]: Json }> {
  const [own, found, text] = await Promise.all(
    [MODEL_FILES.plates, MODEL_FILES.textDetector, MODEL_FILES.textRecogniser].map(hashOf),
  )
  return {
    berth: berthVersion(),
    detector: supplied(detector) ?? { from: 'berth', sha256: found ?? null },
    name: READER_MODEL,
    profile,
    recogniser: supplied(recogniser) ?? { from: 'berth', sha256: own ?? null },
    secondRecogniser: { from: 'berth', sha256: text ?? null },
  }
}

/** Another file than the one that the site file names by its hash is never run. */
const supplied = (model: SuppliedModel | null): Json => model && { from: 'site', sha256: model.sha256.toLowerCase() }

/** Null for a file that cannot be read: the reader says so when it loads it. */
async function hashOf(file: string): Promise<string | null> {
  return readFile(file).then(
    (bytes) => createHash('sha256').update(bytes).digest('hex'),
    () => null,
  )
}
