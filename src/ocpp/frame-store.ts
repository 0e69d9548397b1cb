import type { FrameBox, FrameVerdict, KeptFrame } from '../../actors/ocpp/frame-box.ts'
import type { Json } from '../../machines/events.ts'
import { type Database, openDatabase, type Statement, transaction } from '../journal/sqlite-file.ts'
import type { KeyStore } from '../privacy/key-store.ts'

/** A kept frame, as people read it. */
export type StoredFrame = {
  readonly seq: number
  /** ISO 8601 UTC. */
  readonly at: string
  readonly chargePointId: string
  readonly action: string
  readonly verdict: FrameVerdict
  readonly signed: boolean
  /** Its size as it was sent, bytes. */
  readonly bytes: number
  /** Its text, cut where it was very long; null where its subject was forgotten. */
  readonly frame: string | null
}

/** Which frames of a charge point: newest first, before the frame `before`. */
export type FramesAsked = {
  readonly chargePointId: string
  readonly before?: number
  readonly verdict?: FrameVerdict
  readonly signed?: boolean
  readonly limit: number
}

/** A page of a charge point's frames, newest first. */
export type Frames = { read(asked: FramesAsked): readonly StoredFrame[] }

type FrameStoreParts = {
  /** `<store path>.frames`. */
  readonly path: string
  readonly keys: Pick<KeyStore, 'card' | 'findStart' | 'seal' | 'open' | 'flush'>
  readonly failed: (cause: unknown) => void
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS frame (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, charge_point TEXT NOT NULL, action TEXT NOT NULL, verdict TEXT NOT NULL,
    signed INTEGER NOT NULL, kind INTEGER NOT NULL, bytes INTEGER NOT NULL, subject TEXT, body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS frame_of ON frame (charge_point, seq);
  CREATE INDEX IF NOT EXISTS frame_kind ON frame (kind, seq);
`
/** Frames of each kind that are kept, newest first, and how much room they may take: what is plain never drives out what is not. */
const BOUNDS = [
  { kind: 0, frames: 20_000, bytes: 64 << 20 },
  { kind: 1, frames: 20_000, bytes: 64 << 20 },
  { kind: 2, frames: 50_000, bytes: 256 << 20 },
  { kind: 3, frames: 100_000, bytes: 128 << 20 },
] as const
const kindOf = ({ signed, verdict, sampled }: KeptFrame): number =>
  signed ? 2 : verdict !== 'valid' ? 1 : sampled ? 3 : 0

/** A frame that is not signed is cut here: it says by then what it is. */
const LONGEST = 16_384
const FLUSH_ms = 500
const MOST_WAITING = 500
/** A kind is cut back each time that so much of its bound was written. */
const PRUNE_SHARE = 0.05

/** Subjects of frames that no card stands in: their keys live as long as the store. */
const OWN_TOKEN = 'frames-own'
const SIGNED = 'frames-signed'

/**
 * Frames of charge points, kept beside the journal in a file of its own: newest first, bounded, and sealed where they carry a token or a
 * signature. They are evidence, not state: nothing is decided by them, and up to half a second of them may be lost when the power goes.
 */
export class FrameStore implements FrameBox, Frames {
  readonly #parts: FrameStoreParts
  readonly #database: Database
  readonly #insert: Statement
  #waiting: KeptFrame[] = []
  #timer: NodeJS.Timeout | null = null
  /** Written since the last cut, by kind. */
  readonly #written = new Map<number, number>()

  /** Throws Fault STORE_UNWRITABLE or STORE_CORRUPT. */
  constructor(parts: FrameStoreParts) {
    this.#parts = parts
    this.#database = openDatabase(parts.path, SCHEMA)
    this.#insert = this.#database.prepare(
      'INSERT INTO frame (at, charge_point, action, verdict, signed, kind, bytes, subject, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    )
    for (const bound of BOUNDS) this.#prune(bound)
  }

  keep(frame: KeptFrame): void {
    this.#waiting.push(frame)
    if (this.#waiting.length >= MOST_WAITING) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_ms).unref()
  }

  /** Writes what waits. A frame that cannot be written is lost, and `failed` is told. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    const frames = this.#waiting.splice(0)
    if (frames.length === 0) return
    try {
      const rows = frames.map((frame) => this.#row(frame)).filter((row) => row !== null)
      this.#parts.keys.flush()
      transaction(this.#database, this.#parts.path, () => {
        for (const row of rows) this.#insert.run(...row)
      })
      for (const frame of frames) this.#written.set(kindOf(frame), (this.#written.get(kindOf(frame)) ?? 0) + 1)
      for (const bound of BOUNDS)
        if ((this.#written.get(bound.kind) ?? 0) >= bound.frames * PRUNE_SHARE) this.#prune(bound)
    } catch (cause) {
      this.#parts.failed(cause)
    }
  }

  read(asked: FramesAsked): readonly StoredFrame[] {
    this.flush()
    return readFrames(this.#database, this.#parts.keys, asked)
  }

  close(): void {
    if (!this.#database.isOpen) return
    this.flush()
    this.#database.close()
  }

  #row(frame: KeptFrame): (string | number | null)[] | null {
    const { chargePointId, at, action, verdict, signed, text } = frame
    const kept = (signed ? text : text.slice(0, LONGEST)).toWellFormed()
    const subject = this.#subjectOf(frame)
    const body = subject === null ? kept : this.#parts.keys.seal(subject, { frame: kept })
    // Its subject was forgotten: nothing may be kept about it.
    if (body === null) return null
    return [at, chargePointId, action.toWellFormed(), verdict, asBit(signed), kindOf(frame), text.length, subject, body]
  }

  #subjectOf({ idToken, signed }: KeptFrame): string | null {
    if (idToken === null) return signed ? SIGNED : null
    const name = idToken.toUpperCase().toWellFormed()
    return this.#parts.keys.findStart(name) ? OWN_TOKEN : this.#parts.keys.card(name)
  }

  #prune({ kind, frames, bytes }: (typeof BOUNDS)[number]): void {
    this.#written.set(kind, 0)
    this.#database
      .prepare(
        `DELETE FROM frame WHERE kind = ?1 AND seq <= (SELECT COALESCE(MAX(seq), -1) FROM
           (SELECT seq, ROW_NUMBER() OVER newest AS place, SUM(LENGTH(body)) OVER newest AS room FROM frame WHERE kind = ?1
            WINDOW newest AS (ORDER BY seq DESC)) WHERE place > ?2 OR room > ?3)`,
      )
      .run(kind, frames, bytes)
  }
}

/** Frames as they lie in the file, newest first; `keys` opens what is sealed. */
export function readFrames(
  database: Database,
  keys: Pick<KeyStore, 'open'>,
  { chargePointId, before, verdict, signed, limit }: FramesAsked,
): readonly StoredFrame[] {
  const rows = database
    .prepare(
      `SELECT * FROM frame WHERE charge_point = ? AND seq < ? AND (? IS NULL OR verdict = ?) AND (? IS NULL OR signed = ?)
       ORDER BY seq DESC LIMIT ?`,
    )
    .all(chargePointId, before ?? Number.MAX_SAFE_INTEGER, ...twice(verdict ?? null), ...twice(asBit(signed)), limit)
  return rows.map((row) => frameOf(row as Row, keys))
}

function frameOf(row: Row, keys: Pick<KeyStore, 'open'>): StoredFrame {
  const { seq, at, charge_point, action, verdict, signed, bytes, subject, body } = row
  const opened: Json | undefined = subject === null ? { frame: body } : keys.open(subject, body)
  const isFields = typeof opened === 'object' && opened !== null && !Array.isArray(opened)
  const frame = isFields ? (opened as { readonly [key: string]: Json })['frame'] : null
  return {
    seq,
    at: new Date(at).toISOString(),
    chargePointId: charge_point,
    action,
    verdict,
    signed: signed === 1,
    bytes,
    frame: typeof frame === 'string' ? frame : null,
  }
}

type Row = {
  readonly seq: number
  readonly at: number
  readonly charge_point: string
  readonly action: string
  readonly verdict: FrameVerdict
  readonly signed: number
  readonly bytes: number
  readonly subject: string | null
  readonly body: string
}

const twice = <T>(value: T): [T, T] => [value, value]
const asBit = (value: boolean | undefined): number | null => (value === undefined ? null : value ? 1 : 0)
