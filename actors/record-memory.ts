/**
 * What a part remembers by the journal's records alone. `say` names all of it, without a copy: nothing may happen before it is written down. `take` puts
 * what another one of the same code said into a part that has heard nothing yet. What is said is data alone, as `structuredClone` copies it.
 */
export type Memory = { say(): unknown; take(said: unknown): void }

/** Hears records, and says what it remembers of them. */
export type Rememberer<Told extends readonly unknown[]> = { hear(...told: Told): void; readonly memory: Memory }

/** What is filled in place: who holds it goes on holding it. */
type Filled = Map<never, unknown> | Set<never> | unknown[] | { readonly [member: string]: unknown }
type Part = Memory | Filled

const isMemory = (part: object): part is Memory => 'say' in part && 'take' in part

/** A memory of several parts: collections and folds that are changed in place, values by `cell`, and parts' own memories. */
export function memory(parts: { readonly [name: string]: object }): Memory {
  const all = Object.entries(parts) as [string, Part][]
  return {
    say: () => Object.fromEntries(all.map(([name, part]) => [name, isMemory(part) ? part.say() : part])),
    take(said) {
      const told = said as { readonly [name: string]: unknown }
      for (const [name, part] of all) {
        if (!(name in told)) throw new Error(`Nothing is said of ${name}.`)
        if (isMemory(part)) part.take(told[name])
        else refill(part, told[name])
      }
    },
  }
}

/** A value that is replaced as a whole. */
export function cell<Value>(say: () => Value, take: (value: Value) => void): Memory {
  return { say, take: (said) => take(said as Value) }
}

/** Makes a collection, or a fold's own value, hold what was said. */
function refill(target: object, said: unknown): void {
  if (target instanceof Map) {
    target.clear()
    for (const [key, value] of said as Map<unknown, unknown>) target.set(key, value)
  } else if (target instanceof Set) {
    target.clear()
    for (const value of said as Set<unknown>) target.add(value)
  } else if (Array.isArray(target)) {
    // One by one: a call takes only so many arguments.
    target.length = 0
    for (const entry of said as unknown[]) target.push(entry)
  } else
    for (const [name, value] of Object.entries(said as object)) {
      const held = (target as { [name: string]: unknown })[name]
      if (held instanceof Map || held instanceof Set || Array.isArray(held)) refill(held, value)
      else (target as { [name: string]: unknown })[name] = value
    }
}
