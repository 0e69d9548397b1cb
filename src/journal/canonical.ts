import { Fault } from '../../machines/faults.ts'

/**
 * Canonical JSON (RFC 8785's form): members sorted by UTF-16 code units, no white space, strings and numbers as JSON.stringify
 * writes them, undefined members dropped. Throws Fault BODY_INVALID for what JSON cannot hold: NaN, infinities,
 * unpaired surrogates, functions, undefined in a list.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quote(value)
    case 'number':
      if (Number.isFinite(value)) return String(value)
      break
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value) ? listText(value) : membersText(value as Record<string, unknown>)
  }
  throw unfit(value)
}

/** Printable ASCII that JSON writes as it is. Most texts of a record are short and such. */
const PLAIN = /^[ !#-[\]-~]{0,64}$/

/** A text in quotes as JSON writes it. Throws Fault BODY_INVALID for an unpaired surrogate. */
export function quote(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`
  if (text.isWellFormed()) return JSON.stringify(text)
  throw unfit(text)
}

function listText(list: readonly unknown[]): string {
  let text = '['
  for (let i = 0; i < list.length; i++) text += (i === 0 ? '' : ',') + canonicalJson(list[i])
  return `${text}]`
}

function membersText(members: Record<string, unknown>): string {
  let text = '{'
  for (const { name, head } of orderOf(Object.keys(members))) {
    const value = members[name]
    if (value !== undefined) text += (text === '{' ? head : `,${head}`) + canonicalJson(value)
  }
  return `${text}}`
}

/** A member's name, and how its text begins: `"name":`. */
type MemberHead = { readonly name: string; readonly head: string }

/** Lists of names seen before, as a tree by first name, second name, …: the same few shapes come back in every record. */
type Shape = { readonly next: Map<string, Shape>; order: readonly MemberHead[] | null }

/** Bounds the tree, since a device may send any names. */
const MOST_SHAPES = 5_000
const root: Shape = { next: new Map(), order: null }
let shapes = 0

function orderOf(names: string[]): readonly MemberHead[] {
  let shape = root
  for (const name of names) {
    let next = shape.next.get(name)
    if (next === undefined) {
      if (shapes >= MOST_SHAPES) return sorted(names)
      shapes++
      next = { next: new Map(), order: null }
      shape.next.set(name, next)
    }
    shape = next
  }
  shape.order ??= sorted(names)
  return shape.order
}

/** JavaScript sorts texts by UTF-16 code units unless told otherwise. */
function sorted(names: string[]): MemberHead[] {
  return names.sort().map((name) => ({ name, head: `${quote(name)}:` }))
}

function unfit(value: unknown): Fault {
  const what =
    typeof value === 'string'
      ? 'a text with half a character (an unpaired surrogate)'
      : typeof value === 'number'
        ? `the number ${value}`
        : `a value of type ${typeof value}`
  return new Fault('BODY_INVALID', {}, { says: `A record cannot hold ${what}: it has no JSON form.` })
}
