import { Session } from 'node:inspector'

type Remote = {
  readonly type: string
  readonly className?: string
  readonly description?: string
  readonly value?: unknown
  readonly unserializableValue?: string
  readonly objectId?: string
}
type Property = { readonly name: string; readonly value?: Remote; readonly symbol?: Remote }
type Properties = {
  readonly result: readonly Property[]
  readonly internalProperties?: readonly Property[]
  readonly privateProperties?: readonly Property[]
}
type Members = ReadonlyMap<string, Remote>

/** Paths that are not compared, by name and by the class of what stands there. */
type Skips = (path: string, className: string) => boolean

/** Ids of objects as long as they live: the engine gives another one each time that it is asked. */
const NUMBERED = `function () {
  const all = (globalThis.numberedThings ??= { ids: new WeakMap(), next: 1 })
  if (!all.ids.has(this)) all.ids.set(this, all.next++)
  return all.ids.get(this)
}`

/**
 * What two objects hold otherwise: own and private fields, entries of maps and sets in their order, and the variables that their functions close over. Asked
 * of the engine itself, so that nothing has to say by itself what it holds. Answers paths and both sides; how much was compared stands beside.
 */
export function heldOtherwise(one: object, other: object, skips: Skips) {
  const engine = new Engine()
  const differences: string[] = []
  const met = new Set<string>()
  const queue: (readonly [path: string, one: Remote | undefined, other: Remote | undefined])[] = [
    ['', engine.remote(one), engine.remote(other)],
  ]
  for (let place = 0; place < queue.length; place++) {
    const [path, a, b] = queue[place] as (typeof queue)[number]
    if (skips(path, a?.className ?? b?.className ?? '')) continue
    if (a === undefined || b === undefined || shown(a) !== shown(b)) {
      differences.push(`${path}: ${a && shown(a)} / ${b && shown(b)}`)
      continue
    }
    if (!isOpen(a) || !isOpen(b)) continue
    const pair = `${engine.id(a.objectId)} ${engine.id(b.objectId)}`
    if (met.has(pair)) continue
    met.add(pair)
    const [mine, its] = [engine.members(a), engine.members(b)]
    for (const name of new Set([...mine.keys(), ...its.keys()]))
      queue.push([`${path}.${name}`, mine.get(name), its.get(name)])
  }
  engine.close()
  return { differences, compared: queue.length }
}

/** A value, or the kind of an object. */
const shown = (one: Remote): string =>
  isOpen(one)
    ? (one.className ?? one.type)
    : (one.unserializableValue ?? `${one.type} ${JSON.stringify(one.value ?? one.description)}`)

/** Something stands in it. */
const isOpen = (one: Remote): one is Remote & { readonly objectId: string } =>
  one.objectId !== undefined && (one.type === 'object' || one.type === 'function')

class Engine {
  readonly #session = new Session()

  constructor() {
    this.#session.connect()
  }

  remote(object: object): Remote {
    const place = globalThis as { shownThing?: unknown }
    place.shownThing = object
    const { result } = this.#post<{ result: Remote }>('Runtime.evaluate', { expression: 'globalThis.shownThing' })
    delete place.shownThing
    return result
  }

  id(objectId: string): number {
    const asked = { objectId, functionDeclaration: NUMBERED, returnByValue: true }
    return Number(this.#post<{ result: Remote }>('Runtime.callFunctionOn', asked).result.value)
  }

  members({ objectId }: Remote): Members {
    const told = this.#properties(objectId)
    const members = new Map<string, Remote>()
    for (const { name, value, symbol } of [...told.result, ...(told.privateProperties ?? [])])
      if (value && name !== '__proto__' && symbol === undefined) members.set(name, value)
    for (const { name, value } of told.internalProperties ?? []) {
      if (value && (name === '[[Entries]]' || name.startsWith('[[Bound'))) members.set(name, value)
      if (value && name === '[[Scopes]]') for (const [each, held] of this.#closures(value)) members.set(each, held)
    }
    return members
  }

  close(): void {
    this.#session.disconnect()
  }

  /** The variables of the functions around a function; those of its module are everybody's. */
  *#closures(scopes: Remote): Generator<readonly [string, Remote]> {
    for (const { value } of this.#properties(scopes.objectId).result) {
      if (!value?.objectId || !/^(Closure|Block)\b/.test(value.description ?? '')) continue
      for (const { name, value: held } of this.#properties(value.objectId).result)
        if (held && held.type !== 'function' && !name.startsWith('__vite')) yield [`<${name}>`, held]
    }
  }

  #properties = (objectId: string | undefined): Properties =>
    this.#post<Properties>('Runtime.getProperties', { objectId, ownProperties: true })

  #post<Answer>(method: string, params: object): Answer {
    let told: { readonly error: Error | null; readonly answer: unknown } | undefined
    this.#session.post(method, params, (error: Error | null, answer?: object) => {
      told = { error, answer }
    })
    if (told === undefined || told.error) throw told?.error ?? new Error(`${method} was not answered at once`)
    return told.answer as Answer
  }
}
