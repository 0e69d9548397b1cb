import type { Journal } from '../../actors/ports.ts'
import { iso } from '../../machines/deeds.ts'
import type { Json } from '../../machines/events.ts'
import type { FactRecord } from '../../machines/record.ts'
import type { ReaderOpinion, ReviewRead } from '../../projections/bay-view.ts'

/** Reads shown of one review, and records looked through for them. */
const MOST_READS = 32
const MOST_RECORDS = 400
/** A review may open late in a long visit: records before it that still matter. */
const BEFORE = 200

/** What was read in a visit: single reads, newest last, and what the second reader said. */
export type VisitReads = { readonly reads: readonly ReviewRead[]; readonly second: ReaderOpinion | null }

/** Where in its bay's stream a review opened, and its visit. */
export type ReviewPlace = { readonly bayId: string; readonly version: number; readonly visitVersion: number }

/** The reads behind a review, from the journal: of whoever was forgotten since, nothing can be opened any more. */
export async function visitReads(journal: Journal, place: ReviewPlace): Promise<VisitReads> {
  const after = Math.max(place.visitVersion, place.version - BEFORE) - 1
  const records = await journal.readStream(`bay:${place.bayId}`, after, MOST_RECORDS)
  const reads = new Map<string, ReviewRead>()
  let second: ReaderOpinion | null = null
  for (const record of records) {
    if (record.version > place.version && record.decisions.some(({ type }) => type === 'VisitOpened')) break
    const opened =
      record.cause.type.startsWith('plate.') || record.cause.type === 'second.read' ? journal.open(record) : {}
    for (const read of Object.values(opened).flatMap((fields) => readsOf(fields, record)))
      reads.set(JSON.stringify([read.reader, read.frame, read.text]), read)
    if (record.cause.type === 'second.read') second = secondOf(record, opened)
  }
  const sorted = [...reads.values()].toSorted((a, b) => a.at.localeCompare(b.at))
  return { reads: sorted.slice(-MOST_READS), second }
}

/** What each reader makes of its own frames: the text that most of them say. */
export function opinionsOf({ reads, second }: VisitReads): readonly ReaderOpinion[] {
  const own = reads.filter(({ reader }) => reader !== second?.reader)
  const opinions = [...new Set(own.map(({ reader }) => reader))].map((reader) => opinionOf(reader, own))
  return second === null ? opinions : [...opinions, second]
}

function opinionOf(reader: string, all: readonly ReviewRead[]): ReaderOpinion {
  const reads = all.filter((read) => read.reader === reader)
  const frames = (text: string): number =>
    new Set(reads.filter((read) => read.text === text).map(({ frame }) => frame)).size
  const [text = null] = [...new Set(reads.map((read) => read.text))].toSorted((a, b) => frames(b) - frames(a))
  const said = reads.filter((read) => read.text === text)
  const confidence = said.reduce((sum, read) => sum + read.confidence, 0) / Math.max(1, said.length)
  const of = new Set(reads.map(({ frame }) => frame)).size
  return { reader, text, witnesses: text === null ? 0 : frames(text), of, confidence, outcome: 'read' }
}

function secondOf({ cause }: FactRecord, opened: { readonly [subject: string]: Json }): ReaderOpinion | null {
  const outcome = String(cause['outcome'])
  // Where no second reader is set up there is no second opinion.
  if (outcome === 'unavailable' && cause['by'] === undefined) return null
  const fields = Object.values(opened)[0] as { readonly plate?: unknown } | undefined
  const text = typeof fields?.plate === 'string' ? fields.plate : null
  const confidence = typeof cause['confidence'] === 'number' ? cause['confidence'] : null
  const reader = typeof cause['by'] === 'string' ? cause['by'] : 'second reader'
  return { reader, text, witnesses: text === null ? 0 : 1, of: 1, confidence, outcome }
}

function readsOf(fields: Json, { cause }: FactRecord): ReviewRead[] {
  if (fields === null || typeof fields !== 'object' || Array.isArray(fields)) return []
  const { reads } = fields as { readonly reads?: unknown }
  const cameraId = typeof cause['cameraId'] === 'string' ? cause['cameraId'] : null
  return (Array.isArray(reads) ? reads : []).flatMap(
    (read: Partial<{ readonly [key in keyof ReviewRead]: unknown }>) =>
      typeof read.text !== 'string' || typeof read.at !== 'number'
        ? []
        : [
            {
              text: read.text,
              cameraId,
              reader: String(read.reader),
              frame: String(read.frame),
              at: iso(read.at),
              confidence: Number(read.confidence),
              characters: Array.isArray(read.characters) ? read.characters.map(Number) : [],
            },
          ],
  )
}
