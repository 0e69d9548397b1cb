/** Where a JSON value stands in a text: `text.slice(start, end)`. */
export type Span = { readonly start: number; readonly end: number }

/** The first elements of an OCPP-J frame, read without parsing the rest. */
export type FrameHead = {
  /** 2 call, 3 result, 4 error; 2.1 also 5 and 6. */
  readonly type: number
  /** The message id as it is written: `"a-1"`, but also `17`. */
  readonly idText: string
  /** The message id without its quotes. */
  readonly id: string
  /** Of a call or a SEND; null for answers. */
  readonly action: string | null
  /** Where what follows begins: a call's payload, an answer's payload or error code. */
  readonly rest: number
}

const QUOTE = 34
const COMMA = 44
const COLON = 58
const BACKSLASH = 92
const OPEN_LIST = 91
const CLOSE_LIST = 93
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125

const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9

function skipSpace(text: string, from: number): number {
  let at = from
  while (isSpace(text.charCodeAt(at))) at += 1
  return at
}

/** The head of a frame; null where the text is none (it is forwarded all the same). */
export function scanHead(text: string): FrameHead | null {
  const open = skipSpace(text, 0)
  if (text.charCodeAt(open) !== OPEN_LIST) return null
  const type = element(text, open + 1)
  const id = type && element(text, type.next)
  if (!type || !id) return null
  const number = Number(text.slice(type.span.start, type.span.end))
  const idText = text.slice(id.span.start, id.span.end)
  const head = { type: number, idText, id: textAt(text, id.span) ?? idText }
  if (!Number.isInteger(number)) return null
  if (number !== 2 && number !== 6) return { ...head, action: null, rest: id.next }
  const action = element(text, id.next)
  return action ? { ...head, action: textAt(text, action.span), rest: action.next } : null
}

/** One element of a list that others follow: where it stands, and where the next one begins. */
function element(text: string, from: number): { readonly span: Span; readonly next: number } | null {
  const start = skipSpace(text, from)
  const end = skipValue(text, start)
  if (end < 0) return null
  const comma = skipSpace(text, end)
  return text.charCodeAt(comma) === COMMA ? { span: { start, end }, next: skipSpace(text, comma + 1) } : null
}

/**
 * Where the value at `path` stands in the object that begins at `at`. A key that is written twice gives two spans, in order: readers
 * take the last, and nothing may hide in the first. Empty where there is none, or where the text ends too early.
 */
export function spansAt(text: string, at: number, path: readonly string[]): readonly Span[] {
  const [key, ...deeper] = path
  const start = skipSpace(text, at)
  if (key === undefined || text.charCodeAt(start) !== OPEN_OBJECT) return []
  const found: Span[] = []
  let next = skipSpace(text, start + 1)
  while (text.charCodeAt(next) === QUOTE) {
    const keyEnd = skipText(text, next)
    const colon = keyEnd < 0 ? -1 : skipSpace(text, keyEnd)
    if (colon < 0 || text.charCodeAt(colon) !== COLON) return []
    const from = skipSpace(text, colon + 1)
    const end = skipValue(text, from)
    if (end < 0) return []
    if (isKey(text, next, keyEnd, key)) found.push({ start: from, end })
    next = skipSpace(text, end)
    if (text.charCodeAt(next) !== COMMA) break
    next = skipSpace(text, next + 1)
  }
  if (text.charCodeAt(next) !== CLOSE_OBJECT) return []
  return deeper.length === 0 ? found : found.flatMap((span) => spansAt(text, span.start, deeper))
}

function isKey(text: string, start: number, end: number, key: string): boolean {
  if (end - start === key.length + 2 && text.startsWith(key, start + 1)) return true
  return text.slice(start, end).includes('\\') && textAt(text, { start, end }) === key
}

/** The string that stands there, without quotes and escapes; null for anything else. */
export function textAt(text: string, span: Span): string | null {
  if (text.charCodeAt(span.start) !== QUOTE) return null
  const inner = text.slice(span.start + 1, span.end - 1)
  if (!inner.includes('\\')) return inner
  try {
    return String(JSON.parse(text.slice(span.start, span.end)))
  } catch {
    return null
  }
}

/** The text with each of the spans (in order, apart) replaced; every other character stays. */
export function splice(text: string, spans: readonly Span[], put: string): string {
  let out = ''
  let from = 0
  for (const span of spans) {
    out += text.slice(from, span.start) + put
    from = span.end
  }
  return out + text.slice(from)
}

/** The text with a field put first into the object that begins at `at`. `field` is JSON: `"key":value`. */
export function insertField(text: string, at: number, field: string): string {
  const open = skipSpace(text, at)
  const first = skipSpace(text, open + 1)
  const comma = text.charCodeAt(first) === CLOSE_OBJECT ? '' : ','
  return `${text.slice(0, open + 1)}${field}${comma}${text.slice(open + 1)}`
}

/** The text without a field of the object that begins at `at`, each time that it is written there: in one walk, however often that is. */
export function cutField(text: string, at: number, key: string): string {
  let out = ''
  let from = 0
  for (const span of spansAt(text, at, [key])) {
    const name = text.lastIndexOf('"', text.lastIndexOf('"', text.lastIndexOf(':', span.start)) - 1)
    const after = skipSpace(text, span.end)
    // One comma goes with it: the one behind it, or where it stands last the one before it.
    const isLast = text.charCodeAt(after) !== COMMA
    out += text.slice(from, name)
    if (isLast) out = out.replace(/,\s*$/, '')
    from = isLast ? span.end : after + 1
  }
  return out + text.slice(from)
}

/** Where the value ends; -1 where the text ends first. Lenient inside, and without recursion: depth costs nothing. */
function skipValue(text: string, start: number): number {
  const code = text.charCodeAt(start)
  if (code === QUOTE) return skipText(text, start)
  if (code === OPEN_OBJECT || code === OPEN_LIST) return skipNest(text, start)
  let at = start
  while (at < text.length && isBare(text.charCodeAt(at))) at += 1
  return at === start || at >= text.length ? -1 : at
}

function isBare(code: number): boolean {
  if (isSpace(code)) return false
  return code !== COMMA && code !== CLOSE_LIST && code !== CLOSE_OBJECT && code !== COLON && code !== QUOTE
}

function skipNest(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = skipText(text, at) - 1
      if (at < 0) return -1
    } else if (code === OPEN_OBJECT || code === OPEN_LIST) depth += 1
    else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return -1
}

function skipText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1
    if (slashes % 2 === 0) return end + 1
  }
  return -1
}
