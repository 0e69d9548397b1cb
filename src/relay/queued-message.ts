import type { CallReading } from './frame-reading.ts'
import { spansAt, textAt } from './frame-scan.ts'

/** Who waits for an answer: a connection of the charge point, and the message id as it wrote it there. */
export type Waiter = { readonly connection: number; readonly idText: string; readonly id: string }

/** One message on its way up. */
export type QueuedMessage = {
  /** Its place, and its row where it is durable. */
  readonly seq: number
  /** `billed`: durable, answered, never lost; `told`: durable, for news of no transaction; `passing`: forgotten with its socket. */
  readonly kind: 'billed' | 'told' | 'passing'
  readonly reading: CallReading | null
  /** As it goes up, but for ids that the relay gave: those are replaced when it is sent. */
  readonly text: string
  readonly content: string
  /** The start of berth's that it bears an alias of. */
  readonly startId: string | null
  /** As it came, for what is not text. */
  readonly binary: Buffer | null
  waiter: Waiter | null
  /** What the charge point is answered with (all after the message id); null = not yet known. */
  answer: string | null
  /** The connection that heard that answer; 0 = none. */
  answeredOn: number
  /** The transaction id that the relay gave. */
  given: number | null
  /** The back end has answered. */
  done: boolean
  /** Its row is written, or the disk failed. */
  written: boolean
  durable: boolean
  /** It could not leave when it came: from now on one at a time. */
  late: boolean
  /** The upstream connection that it was sent on; 0 = none. */
  sentOn: number
  attempts: number
  /** How often the back end, though there, has not answered it in time or with an error. */
  failures: number
  /** When it came, ms since 1970. */
  readonly at: number
  /** A passing one is dropped after this, ms since 1970. */
  readonly expires: number
}

/** A message that has just come. */
export function blank(seq: number): QueuedMessage {
  return {
    seq,
    kind: 'billed',
    reading: null,
    text: '',
    content: '',
    startId: null,
    binary: null,
    waiter: null,
    answer: null,
    answeredOn: 0,
    given: null,
    done: false,
    written: false,
    durable: false,
    late: false,
    sentOn: 0,
    attempts: 0,
    failures: 0,
    at: 0,
    expires: 0,
  }
}

/** Everything but the message id, which is new when a charge point says something again. */
export function contentOf(text: string, reading: CallReading): string {
  return reading.action + text.slice(reading.head.rest)
}

/** A sample between two others. */
export function isSample(message: QueuedMessage): boolean {
  const { reading, text } = message
  if (reading?.role === 'meter') return true
  return reading?.role === 'event' && !reading.begins && text.includes('"Updated"')
}

/** The transaction id that a start of 1.6 was answered with; null for every other message. */
export function idGiven({ reading, answer }: QueuedMessage): string | null {
  if (reading?.role !== 'start' || answer === null) return null
  const id = spansAt(answer, 0, ['transactionId']).at(-1)
  return id ? (textAt(answer, id) ?? answer.slice(id.start, id.end)) : null
}
