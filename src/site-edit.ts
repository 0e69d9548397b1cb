import { isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument, type Scalar, type YAMLMap } from 'yaml'

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
