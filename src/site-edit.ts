import {
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'

/** A site file with one password in its place, and the line where it stands. */
export type EditedFile = { readonly text: string; readonly line: number }

/**
 * Puts a password into the entry of one charge point and leaves every other character of the file as it was. Null where the file has no
 * such entry, or one that is written in a way that only a person should change (aliases, an id that comes from the environment).
 */
export function withPassword(text: string, chargePointId: string, password: string): EditedFile | null {
  const lines = new LineCounter()
  // Braces of ${…} would end a flow mapping; every position stays true.
  const document = parseDocument(text.replaceAll(/\$\{(\w*)\}/g, '$<$1>'), { lineCounter: lines, logLevel: 'silent' })
  const list = document.get('chargePoints')
  if (document.errors.length > 0 || !isSeq(list)) return null
  const entry = list.items.find((one) => isMap(one) && one.get('id') === chargePointId)
  return isMap(entry) ? inEntry(text, entry, `"${password}"`, lines) : null
}

/** The file as it would be if every charge point without a password had this one: what else is wrong with it. */
export function withEveryPassword(text: string, password: string): string {
  const document = parseDocument(text.replaceAll(/\$\{(\w*)\}/g, '$<$1>'), { logLevel: 'silent' })
  const list = document.get('chargePoints')
  const items = isSeq(list) ? list.items.filter(isMap) : []
  return items
    .filter((entry) => !entry.has('password') && !entry.has('security'))
    .reduce((all, entry) => withPassword(all, String(entry.get('id')), password)?.text ?? all, text)
}

/** A zone as it stands in a site file. */
export type ZoneEntry = { readonly camera: string } & { readonly [key: string]: unknown }

/**
 * Puts zones into the entries of these bays, one line a zone, and leaves every other character of the file as it was. Null where the file
 * has no such bay, or writes it in a way that only a person should change.
 */
export function withZones(text: string, zones: ReadonlyMap<string, readonly ZoneEntry[]>): string | null {
  // Braces of ${…} would end a flow mapping; every position stays true.
  const document = parseDocument(text.replaceAll(/\$\{(\w*)\}/g, '$<$1>'), { logLevel: 'silent' })
  const list = document.get('bays')
  if (document.errors.length > 0 || !isSeq(list)) return null
  const edits = [...zones].map(([bayId, all]) => {
    const entry = list.items.find((one) => isMap(one) && one.get('id') === bayId)
    return isMap(entry) ? zonesEdit(text, entry, all) : null
  })
  // From the end, so that every place stays true.
  const sorted = edits.toSorted((a, b) => (b?.from ?? 0) - (a?.from ?? 0))
  return sorted.reduce<string | null>(
    (all, edit) => (all === null || edit === null ? null : all.slice(0, edit.from) + edit.put + all.slice(edit.to)),
    text,
  )
}

type Edit = { readonly from: number; readonly to: number; readonly put: string }

function zonesEdit(text: string, entry: YAMLMap, zones: readonly ZoneEntry[]): Edit | null {
  const pair = pairOf(entry, 'zones')
  if (pair === undefined) return zonesInserted(text, entry, zones)
  const { key, value } = pair
  if (!isSeq(value) || !value.range || !isScalar(key) || !key.range) return null
  const [from] = value.range
  const to = endOf(text, value)
  if (zones.length === 0) return { from: text.indexOf(':', key.range[1]) + 1, to, put: ' []' }
  if (value.flow === true) return { from, to, put: inlineOf(zones) }
  return { from, to, put: linesOf(zones, columnOf(text, from)) }
}

/** A bay that had no zones yet gets them behind its id. */
function zonesInserted(text: string, entry: YAMLMap, zones: readonly ZoneEntry[]): Edit | null {
  const after = scalarOf(entry, 'id')?.range?.[1]
  const key = pairOf(entry, 'id')?.key
  if (after === undefined || !isScalar(key) || !key.range) return null
  if (entry.flow) return { from: after, to: after, put: `, "zones": ${inlineOf(zones)}` }
  const end = text.indexOf('\n', after)
  const at = end === -1 ? text.length : end
  const column = columnOf(text, key.range[0])
  const lines = zones.length === 0 ? ' []' : `\n${' '.repeat(column + 2)}${linesOf(zones, column + 2)}`
  const put = `\n${' '.repeat(column)}zones:${lines}`
  return { from: at, to: at, put }
}

/** Where a list ends, without the blank lines and comments behind it. */
function endOf(text: string, list: YAMLSeq): number {
  const last = list.items.at(-1)
  const end = (list.flow || !isNode(last) ? list.range : last.range)?.[1] ?? 0
  return text.slice(0, end).trimEnd().length
}

const columnOf = (text: string, place: number): number => place - (text.lastIndexOf('\n', place - 1) + 1)
const inlineOf = (zones: readonly ZoneEntry[]): string => `[${zones.map((zone) => JSON.stringify(zone)).join(', ')}]`
const linesOf = (zones: readonly ZoneEntry[], column: number): string =>
  zones.map((zone) => `- ${flowOf(zone)}`).join(`\n${' '.repeat(column)}`)

/** `{ camera: "cam-1", polygon: [[0.05, 0.3], …] }` */
const flowOf = (zone: ZoneEntry): string =>
  `{ ${Object.entries(zone)
    .map(([key, value]) => `${key}: ${JSON.stringify(value).replaceAll(',', ', ')}`)
    .join(', ')} }`

function inEntry(text: string, entry: YAMLMap, quoted: string, lines: LineCounter): EditedFile | null {
  const known = scalarOf(entry, 'password')
  const id = scalarOf(entry, 'id')
  if (known?.type?.startsWith('BLOCK')) return null
  if (known?.range) {
    const [from, to] = known.range
    return { text: text.slice(0, from) + quoted + text.slice(to), line: lines.linePos(from).line }
  }
  if (entry.has('password') || !id?.range) return null
  const [, after] = id.range
  const line = lines.linePos(after).line
  if (entry.flow) return { text: `${text.slice(0, after)}, password: ${quoted}${text.slice(after)}`, line }
  const key = pairOf(entry, 'id')?.key
  const from = isScalar(key) ? key.range?.[0] : undefined
  if (from === undefined) return null
  const end = text.indexOf('\n', after)
  const at = end === -1 ? text.length : end
  const indent = ' '.repeat(lines.linePos(from).col - 1)
  return { text: `${text.slice(0, at)}\n${indent}password: ${quoted}${text.slice(at)}`, line: line + 1 }
}

const pairOf = (entry: YAMLMap, name: string): Pair | undefined =>
  entry.items.find(({ key }) => isScalar(key) && key.value === name)

function scalarOf(entry: YAMLMap, name: string): Scalar | null {
  const value = pairOf(entry, name)?.value
  return isScalar(value) ? value : null
}
