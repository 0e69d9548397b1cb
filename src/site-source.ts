import {
  type Document,
  type ErrorCode,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml'

/** One thing wrong with a site file. `line` and `column` count from 1; `path` like `bays[0].zones[1].camera`. */
export type Problem = {
  readonly line: number
  readonly column: number
  readonly path: string
  readonly says: string
  readonly expected: string
}

/** Steps from the top of the file to a value. */
export type Path = readonly (string | number)[]

/** A parsed file that still knows where each value stands. `hides` is true for values that must not be printed. */
export type Source = {
  readonly value: unknown
  /** What is no YAML at all: nothing more can be checked. */
  readonly problems: readonly Problem[]
  /** `${NAME}` that the environment does not hold: everything else is checked all the same. */
  readonly unset: readonly Problem[]
  /** Names that stand in it as `${NAME}`. */
  readonly variables: readonly string[]
  problem(path: Path, says: string, expected: string, at?: 'key' | 'value'): Problem
  hides(path: Path): boolean
}

/** Aliases a file may resolve to: a handful of shared polygons, not a bomb. */
const MOST_ALIASES = 100
/** Deepest nesting that a site file needs is 6. */
const DEEPEST = 40
/**
 * `${ENV_NAME}`. YAML ends an unquoted text at `}` inside { … }, so the braces become private characters (as many, so
 * that every position stays true) before the parser sees them.
 */
const SECRET_PLACE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g
const HIDDEN_PLACE = /\$\uE000([A-Za-z_][A-Za-z0-9_]*)\uE001/g
const TOO_DEEP = 'this nests too deep'

/** Reads YAML and puts the environment's secrets in. Never throws: what is wrong is in `problems`, and `value` is then undefined. */
export function parseSource(text: string, env: NodeJS.ProcessEnv): Source {
  const lines = new LineCounter()
  try {
    const parsed = parseDocument(text.replace(SECRET_PLACE, '$\uE000$1\uE001'), {
      lineCounter: lines,
      uniqueKeys: false,
      stringKeys: true,
      logLevel: 'error',
    })
    const document: Document = parsed
    const secrets = new Set<string>()
    const place = placeIn(document, lines)
    if (parsed.errors.some((error) => /call stack|overflow/.test(error.message))) return unreadable(TOO_DEEP)
    const problems = brokenYaml(parsed.errors, lines)
    if (problems.length === 0) problems.push(...repeatedKeys(document.contents, lines))
    const raw: unknown = problems.length === 0 ? document.toJS({ maxAliasCount: MOST_ALIASES }) : undefined
    const unset: Problem[] = []
    const variables = new Set<string>()
    const variable = (name: string): string | undefined => {
      variables.add(name)
      return env[name]
    }
    const missing = (path: Path, says: string, expected: string) => unset.push(place(path, says, expected))
    const value = withSecrets(raw, [], variable, secrets, missing)
    const hides = (path: Path): boolean => secrets.has(join(path)) || SECRET.has(String(path.at(-1)))
    const read = problems.length === 0 ? value : undefined
    return { value: read, problems, unset, variables: [...variables], problem: place, hides }
  } catch (broken) {
    return unreadable(broken instanceof RangeError ? TOO_DEEP : firstLine(String((broken as Error).message)))
  }
}

/** The first thing that is no YAML: what the parser says of the lines after it mostly follows from it. */
function brokenYaml(errors: Document['errors'], lines: LineCounter): Problem[] {
  const [first] = [...errors].sort((one, other) => one.pos[0] - other.pos[0])
  if (first === undefined) return []
  const { line, col } = lines.linePos(first.pos[0])
  const unclosed = first.code === 'BAD_INDENT' && first.message.startsWith('Flow')
  const [says, expected] = unclosed ? UNCLOSED : (YAML_WORDS[first.code] ?? [firstLine(first.message), 'valid YAML'])
  return [{ line, column: col, path: '', says, expected }]
}

const UNCLOSED = ['a [ or { before this is not closed', '`]` or `}` where it ends'] as const

/** What the parser's words leave open: what is wrong, and what to write. */
const YAML_WORDS: { readonly [code in ErrorCode]?: readonly [says: string, expected: string] } = {
  MULTIPLE_DOCS: ['a second document begins here', 'one document, without `---` between its parts'],
  TAB_AS_INDENT: ['a tab stands before the key', 'spaces'],
  BAD_INDENT: ['this is not as far in as what stands beside it', 'as many spaces before each key of one mapping'],
  BLOCK_AS_IMPLICIT_KEY: [
    'a second `: ` follows a value, on this line or further in on the next',
    'keys beside each other as far in as each other, and a text with `: ` in quotes',
  ],
  BLOCK_IN_FLOW: UNCLOSED,
  NON_STRING_KEY: ['a key is no word', '`key: value`, with one { around several'],
}

/** `bays[0].zones[1].camera`; the top of the file is an empty text. */
function join(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '')
}

/** A source that could not be parsed at all. */
export function unreadable(says: string, expected = 'a YAML file'): Source {
  const problem = (path: Path, what: string, wanted: string): Problem => ({
    line: 1,
    column: 1,
    path: join(path),
    says: what,
    expected: wanted,
  })
  return {
    value: undefined,
    problems: [problem([], says, expected)],
    unset: [],
    variables: [],
    problem,
    hides: () => false,
  }
}

const SECRET = new Set(['token', 'password', 'secret', 'clientSecret', 'url', 'upstream'])
const firstLine = (text: string): string => (text.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')

/** Makes problems whose place is the value's (or its key's), or that of the nearest parent which is there. */
function placeIn(document: Document, lines: LineCounter): Source['problem'] {
  return (path, says, expected, at = 'value') => {
    const { line, col } = lines.linePos(offsetOf(document, path, at))
    return { line: Math.max(line, 1), column: Math.max(col, 1), path: join(path), says, expected }
  }
}

/** Where in the text the value (or its key) at `path` begins. */
function offsetOf(document: Document, path: Path, at: 'key' | 'value'): number {
  let node: unknown = document.contents
  let offset = startOf(node) ?? 0
  for (const [depth, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document)
    const last = depth === path.length - 1
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step)
      if (!pair) return offset
      node = last && at === 'key' ? pair.key : (pair.value ?? pair.key)
    } else if (isSeq(node) && typeof step === 'number') node = node.items[step]
    else return offset
    offset = startOf(node) ?? offset
  }
  return offset
}

const startOf = (node: unknown): number | undefined => (node as Node | null | undefined)?.range?.[0]

/** Keys that stand twice in one mapping: the second would silently win. Linear, unlike the parser's own check. */
function repeatedKeys(top: unknown, lines: LineCounter): Problem[] {
  const found: Problem[] = []
  const walk = (node: unknown, path: Path): void => {
    if (path.length > DEEPEST) throw new RangeError('deep')
    if (isSeq(node)) for (const [i, item] of node.items.entries()) walk(item, [...path, i])
    if (!isMap(node)) return
    const seen = new Set<unknown>()
    for (const pair of node.items) {
      if (!isPair(pair) || !isScalar(pair.key)) continue
      const here = [...path, String(pair.key.value)]
      if (seen.has(pair.key.value)) {
        const { line, col } = lines.linePos(startOf(pair.key) ?? 0)
        const says = `the key \`${here.at(-1)}\` stands here more than once`
        found.push({ line, column: col, path: join(here), says, expected: 'each key once' })
      }
      seen.add(pair.key.value)
      walk(pair.value, here)
    }
  }
  walk(top, [])
  return found
}

/** A copy of `value` with `${NAME}` replaced in every string; the paths so filled are added to `secrets`. */
function withSecrets(
  value: unknown,
  path: Path,
  variable: (name: string) => string | undefined,
  secrets: Set<string>,
  missing: (path: Path, says: string, expected: string) => void,
): unknown {
  if (typeof value === 'string') {
    return value.replace(HIDDEN_PLACE, (whole, name: string) => {
      secrets.add(join(path))
      const secret = variable(name)
      if (secret !== undefined && secret !== '') return secret
      missing(path, `the environment has no ${name}`, `${name} set before berth starts`)
      return whole
    })
  }
  if (Array.isArray(value)) return value.map((item, i) => withSecrets(item, [...path, i], variable, secrets, missing))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withSecrets(item, [...path, key], variable, secrets, missing)]),
  )
}

const MOST_PROBLEMS = 100

/** By line, and no more than a person reads: the rest mostly follows from the first, or waits for the next check. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  const sorted = [...problems].sort((a, b) => a.line - b.line || a.column - b.column)
  const last = sorted[MOST_PROBLEMS]
  if (!last) return sorted
  const more = {
    ...last,
    path: '',
    says: `and ${sorted.length - MOST_PROBLEMS} more from here on`,
    expected: 'fewer after these are mended',
  }
  return [...sorted.slice(0, MOST_PROBLEMS), more]
}
