import { isSpace, withoutEnds } from './message-bounds.ts'

/** One part of a multipart body, or a whole body that is none. */
export type Part = {
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string }
  /** `name` and `filename` of its Content-Disposition; null where it has none. */
  readonly name: string | null
  readonly filename: string | null
  readonly body: Buffer
}

export type SplitterOptions = {
  /** The Content-Type of the whole; what it says of the boundary is a hint: the body's own first delimiter counts where they differ. */
  readonly contentType: string | null
  /** Larger parts are left out, bytes. */
  readonly largest: number
  readonly onPart: (part: Part) => void
}

/** Headers of one part may be so long, and so may a line before the first delimiter. */
const LONGEST_HEADERS = 16_384
/** A delimiter's line may be so long: RFC 2046 allows 70 characters, devices add dashes and spaces. */
const LONGEST_DELIMITER = 256
/** A chunk of any size goes through in pieces, so that what is held never grows with it. */
const PIECE = 65_536
const LF = 0x0a
const DASH = 0x2d
/** First bytes of a line that may be a delimiter: a dash, space before it, or a byte order mark. */
const MAY_BEGIN = new Set([DASH, 0x20, 0x09, 0xef])
/** The line break before a delimiter, bytes. */
const BREAK = 2
const HEADER = /^[A-Za-z][\w-]*[ \t]*:/

/**
 * Takes multipart apart as cameras write it, chunk by chunk: form-data, mixed and x-mixed-replace, parts in any order, CRLF or bare LF, a
 * Content-Length that is right, wrong or missing, junk before the first delimiter, a boundary whose quotes or dashes differ from its header's.
 * What it gives does not depend on how the bytes are cut. Holds one part at most.
 */
export class PartSplitter {
  readonly #options: SplitterOptions
  /** The boundary without dashes around it; null until the body has shown it. */
  #core: string | null
  #bytes = Buffer.alloc(4_096)
  /** What is held: from..to. In a body, `from` is its beginning. */
  #from = 0
  #to = 0
  /** Where the line that is not whole yet begins, and how far it was searched for its end. */
  #line = 0
  #searched = 0
  /** That line is longer than any that matters; its beginning may be gone. */
  #isLong = false
  #state: 'between' | 'headers' | 'body' = 'between'
  /** A line that may be the delimiter, if a header follows. */
  #candidate: string | null = null
  #headers: { [name: string]: string } = {}
  #headerBytes = 0
  #promised: number | null = null
  #isTooLarge = false
  #dropped = 0
  #looked = 0

  constructor(options: SplitterOptions) {
    this.#options = options
    this.#core = coreOf(boundaryOf(options.contentType) ?? '')
  }

  /** Parts that were left out, since they were too large. */
  get dropped(): number {
    return this.#dropped
  }

  /** Lines that were looked at as text so far. */
  get looked(): number {
    return this.#looked
  }

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; at += PIECE) {
      this.#hold(chunk.subarray(at, at + PIECE))
      this.#work()
    }
  }

  /** No more comes: a last part without its closing delimiter counts, if there is anything in it. */
  end(): void {
    if (this.#line < this.#to && !this.#isLong) this.#takeLine(this.#to)
    if (this.#state === 'body' && this.#to > this.#from) this.#emit(this.#to)
    this.#from = this.#to
    this.#rest('between')
  }

  #hold(piece: Uint8Array): void {
    if (this.#to + piece.length > this.#bytes.length) {
      const held = this.#to - this.#from
      const needed = 2 * (held + piece.length)
      const room = needed > this.#bytes.length ? Buffer.alloc(needed) : this.#bytes
      this.#bytes.copy(room, 0, this.#from, this.#to)
      this.#line -= this.#from
      this.#searched -= this.#from
      this.#bytes = room
      this.#to = held
      this.#from = 0
    }
    this.#bytes.set(piece, this.#to)
    this.#to += piece.length
  }

  #work(): void {
    while (true) {
      const found = this.#bytes.subarray(this.#searched, this.#to).indexOf(LF)
      const end = found < 0 ? null : this.#searched + found + 1
      const whole = this.#wholeBy(end)
      if (whole !== null) {
        this.#emit(whole)
        this.#from = whole
        this.#rest('between')
        continue
      }
      if (end === null) break
      if (this.#isLong) this.#line = end
      this.#isLong = false
      this.#searched = end
      if (this.#line < end) this.#takeLine(end)
      // A body that has just ended begins again behind its promised length, or at this line's end.
      this.#line = Math.max(this.#line, end)
      if (this.#state !== 'body') this.#from = this.#line
    }
    this.#searched = this.#to
    this.#bound()
  }

  /** The end of a body that is whole by its promised length, once no line before `end` ends it. Live streams send the next delimiter seconds later. */
  #wholeBy(end: number | null): number | null {
    if (this.#state !== 'body' || this.#promised === null) return null
    const promised = this.#from + this.#promised
    // A line that ends exactly there is still looked at: it may be the delimiter, and the length wrong.
    if (end === null ? promised > this.#to : promised >= end) return null
    this.#promised = null
    return looksWhole(this.#headers['content-type'] ?? '', this.#bytes.subarray(this.#from, promised)) ? promised : null
  }

  #takeLine(end: number): void {
    if (end - this.#line > this.#longest) return this.#skipLong()
    // Most lines are neither: they are passed over without a look at their text.
    const first = this.#bytes[this.#line] ?? 0
    if (this.#state === 'body' && first !== DASH) return
    if (this.#state === 'between' && this.#candidate === null && !MAY_BEGIN.has(first)) return
    this.#looked += 1
    const line = this.#bytes.subarray(this.#line, end).toString('utf8')
    const text = line.replace(/^\ufeff/, '').trim()
    const isDelimiter = text.startsWith('--') && this.#core !== null && coreOf(text) === this.#core
    if (this.#state === 'body') {
      if (isDelimiter) this.#endBody(text)
    } else if (this.#state === 'headers') this.#takeHeader(text, isDelimiter, end)
    else this.#begin(text, isDelimiter)
  }

  get #longest(): number {
    return this.#state === 'body' ? LONGEST_DELIMITER : LONGEST_HEADERS
  }

  /** A line that is too long is no delimiter, and no header either. */
  #skipLong(): void {
    if (this.#state === 'headers') this.#state = 'between'
    this.#candidate = null
  }

  #endBody(text: string): void {
    this.#emit(this.#line)
    this.#state = 'between'
    this.#begin(text, true)
  }

  /** Between parts: a delimiter begins the next; a line like one does if a header follows; what is not one is junk. */
  #begin(text: string, isDelimiter: boolean): void {
    const candidate = this.#candidate
    this.#candidate = null
    if (isDelimiter && !text.endsWith('--')) return this.#beginHeaders()
    if (text.startsWith('--') && text.length <= LONGEST_DELIMITER) {
      this.#candidate = coreOf(text)
      return
    }
    if (candidate === null || !HEADER.test(text)) return
    this.#core = candidate
    this.#beginHeaders()
    this.#addHeader(text)
  }

  #beginHeaders(): void {
    this.#state = 'headers'
    this.#headers = {}
    this.#headerBytes = 0
  }

  #takeHeader(text: string, isDelimiter: boolean, end: number): void {
    this.#headerBytes += end - this.#line
    if (isDelimiter) {
      this.#state = 'between'
      return this.#begin(text, true)
    }
    // Headers without an end are no part.
    if (this.#headerBytes > LONGEST_HEADERS) this.#state = 'between'
    else if (text !== '') this.#addHeader(text)
    else this.#beginBody(end)
  }

  #addHeader(text: string): void {
    const colon = text.indexOf(':')
    if (colon > 0) this.#headers[text.slice(0, colon).trim().toLowerCase()] = text.slice(colon + 1).trim()
  }

  #beginBody(at: number): void {
    const { largest } = this.#options
    const length = this.#headers['content-length'] ?? ''
    this.#state = 'body'
    this.#from = at
    this.#isTooLarge = false
    this.#promised = /^\d{1,9}$/.test(length) && Number(length) > 0 && Number(length) <= largest ? Number(length) : null
  }

  /** Lets go what cannot matter any more, so that memory stays bounded whatever comes. */
  #bound(): void {
    if (this.#to - this.#line > this.#longest) this.#isLong = true
    if (this.#state === 'body') {
      const sure = this.#isLong ? this.#to : this.#line
      if (sure - this.#from <= this.#options.largest + BREAK) return
      this.#isTooLarge = true
      this.#from = sure
    } else if (this.#isLong) {
      this.#skipLong()
      this.#from = this.#to
    }
    this.#line = Math.max(this.#line, this.#from)
  }

  /** Goes on at `from`, as at the beginning of a line. */
  #rest(state: 'between'): void {
    this.#state = state
    this.#candidate = null
    this.#line = this.#from
    this.#searched = this.#from
    this.#isLong = false
  }

  #emit(end: number): void {
    const raw = this.#bytes.subarray(this.#from, end)
    const isPromised = this.#headers['content-length'] === String(raw.length)
    const body = isPromised ? raw : withoutBreak(raw)
    if (this.#isTooLarge || raw.length > this.#options.largest + BREAK) this.#dropped += 1
    else this.#options.onPart(partOf(this.#headers, Buffer.from(body)))
  }
}

/** The line break before a delimiter belongs to the delimiter. */
function withoutBreak(body: Buffer): Buffer {
  if (body.at(-1) !== LF) return body
  return body.subarray(0, body.at(-2) === 0x0d ? -2 : -1)
}

/** Whether a body of the promised length ends as its kind does: only then the promise is believed before the next delimiter shows. */
function looksWhole(type: string, body: Buffer): boolean {
  if (/^image\/jpe?g/i.test(type)) return body.at(-2) === 0xff && body.at(-1) === 0xd9
  const tail = body.subarray(-128).toString('latin1').trimEnd()
  return /xml/i.test(type)
    ? /<\/[\w:.-]+\s*>$/.test(tail)
    : /json|text\/plain/i.test(type) && /[}\]]$|^Heartbeat$/i.test(tail)
}

/** The boundary that a Content-Type names, with or without quotes; null where it names none. */
export function boundaryOf(contentType: string | null): string | null {
  const found = /boundary\s*=\s*(?:"([^"]*)"?|'([^']*)'?|([^;,\s]+))/i.exec(contentType ?? '')
  return found ? (found[1] ?? found[2] ?? found[3] ?? null) : null
}

/** A boundary, or a delimiter's line, without the dashes around it; null where nothing else is in it. */
function coreOf(text: string): string | null {
  const core = withoutEnds(text, (letter) => letter === '-' || isSpace(letter))
  return core === '' ? null : core
}

/** Words of a Content-Disposition. */
const NAMED = {
  name: /(?:^|[;\s])name\s*=\s*(?:"([^"]*)"?|([^;\s]+))/i,
  filename: /(?:^|[;\s])filename\s*=\s*(?:"([^"]*)"?|([^;\s]+))/i,
}

/** A part by its headers and its body. */
export function partOf(headers: { readonly [name: string]: string }, body: Buffer): Part {
  const disposition = headers['content-disposition'] ?? ''
  const field = (name: keyof typeof NAMED): string | null => {
    const found = NAMED[name].exec(disposition)
    return found ? (found[1] ?? found[2] ?? null) : null
  }
  return { headers, name: field('name'), filename: field('filename'), body }
}
