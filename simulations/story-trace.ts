import type { FactRecord } from '../machines/record.ts'
import { causeWords, decisionWords, effectWords, type NameOf } from './fact-words.ts'
import { orderWords } from './outcome.ts'
import type { ToyOrder } from './toy-order.ts'
import type { Note, Scene } from './toy-scene.ts'

/** A line and how often it came in a row. */
type Line = { readonly text: string; times: number }

/**
 * What happened in a scene, a line each: `▸` what the world did, a bay's records with what they decided and ordered, `→` what reached a
 * charge point, `✓` what was promised and held. Times count from the site's opening; its first `openedWith` records are one line.
 */
export function traceOf(scene: Scene, openedWith: number): string[] {
  const { records } = scene.site.journal
  const start = Date.parse(records[openedWith - 1]?.at ?? records[0]?.at ?? '')
  const nameOf = namesIn(records)
  const places = new Map<string, string>()
  const lines: Line[] = []
  const add = (at: number, who: string, text: string): void => {
    const line = `${since(at - start)}  ${who.padEnd(10)}${text}`
    const last = lines.at(-1)
    if (last?.text.slice(10) === line.slice(10) && who === '▸') last.times += 1
    else lines.push({ text: line, times: 1 })
  }
  const under = (text: string): void => void lines.push({ text: `${' '.repeat(22)}${text}`, times: 1 })
  const tell = (record: FactRecord): void => {
    add(
      Date.parse(record.at),
      record.bayId ?? record.stream,
      `${causeWords(record.cause, nameOf)}${moved(places, record)}`,
    )
    for (const decision of record.decisions) under(`decides ${decisionWords(decision, nameOf)}`)
    for (const effect of record.effects) under(effectWords(effect, nameOf))
  }
  for (const record of records.slice(0, openedWith)) moved(places, record)
  add(start, 'site', `opens with ${openedWith} records: policy, zones, charge points online and available`)
  for (const item of inOrder(scene, openedWith)) {
    if ('stream' in item) tell(item)
    else if ('kind' in item) add(item.at, item.kind === 'act' ? '▸' : '✓', item.says)
    else add(item.at, '→', `${item.chargePointId} is sent: ${orderWords(item)}`)
  }
  return lines.map(({ text, times }) => (times === 1 ? text : `${text} (${times} times)`))
}

/** Records, notes and orders as they came: a note stands before the records that it caused, an order after the one that ordered it. */
function inOrder(scene: Scene, openedWith: number): (FactRecord | Note | ToyOrder)[] {
  const { journal, orders } = scene.site
  const ranked = [
    ...journal.records.slice(openedWith).map((record) => ({ item: record, rank: record.seq, kind: 0 })),
    ...orders.filter(({ after }) => after >= openedWith).map((order) => ({ item: order, rank: order.after, kind: 1 })),
    ...scene.notes.map((note) => ({ item: note, rank: note.after, kind: 2 })),
  ]
  return ranked.sort((a, b) => a.rank - b.rank || a.kind - b.kind).map(({ item }) => item)
}

/** `+01:02:03.4`, from ms. */
function since(ms: number): string {
  const tenths = Math.round(ms / 100)
  const part = (count: number, digits = 2): string => String(count).padStart(digits, '0')
  const minutes = Math.floor(tenths / 600)
  return `${minutes >= 60 ? `${Math.floor(minutes / 60)}:${part(minutes % 60)}` : `  ${part(minutes)}`}:${part(Math.floor(tenths / 10) % 60)}.${tenths % 10}`
}

/** Where the record moved its bay, by which rule; empty where it changed nothing. */
function moved(places: Map<string, string>, { bayId, state, detail, rule }: FactRecord): string {
  if (bayId === null || state === null) return ''
  const now = state === detail ? state : `${state}.${detail}`
  const before = places.get(bayId) ?? 'vacant'
  places.set(bayId, now)
  const by = rule === null || rule === undefined || rule === 'note' ? '' : ` [${rule}]`
  return before === now ? by : `${by}: ${before} → ${now}`
}

/**
 * Plates and cards by handle, as the records' personal fields say them; anything else is its own name. What is listed goes by the
 * register's spelling, however a camera misread it (E01).
 */
function namesIn(records: readonly FactRecord[]): NameOf {
  const names = new Map<string, string>()
  const listed = new Set<string>()
  for (const { stream, personal } of records)
    for (const [handle, fields] of Object.entries(personal ?? {})) {
      const { plate, idToken } = fields as unknown as { readonly plate?: string; readonly idToken?: string }
      const name = plate ?? idToken
      if (name === undefined || (listed.has(handle) && stream !== 'register')) continue
      if (stream === 'register') listed.add(handle)
      names.set(handle, name)
    }
  return (handle) => (typeof handle === 'string' ? (names.get(handle) ?? handle) : 'nobody')
}
