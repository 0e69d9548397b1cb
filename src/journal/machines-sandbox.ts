import { fileURLToPath } from 'node:url'
import { constants, createContext, Script } from 'node:vm'
import type { Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import type { FactRecord } from '../../machines/record.ts'
import type { Evidence, relivedTexts } from '../../machines/relived.ts'
import type { TwinBays, TwinCall, twinTexts } from '../../projections/twin-bays.ts'
import { withEntry } from './machines-bundle.ts'

/** Machines of some time, living records again: `take` answers what they decide otherwise, `lines` how the bays stand. */
export type Reliving = { take(record: FactRecord): Evidence | null; lines(): readonly string[] }

/** Longest time for the bundle to be read, ms. */
const LOAD_ms = 10_000

/**
 * `import(…)` is the one word that reaches out of a script; machines have none. Between the word and its bracket comments of every kind may
 * stand (also `<!--` and `-->`): where one begins, the word is refused too.
 */
const REACHES_OUT = /\bimport\s*(?:[(./<]|--)/

/** Nothing that differs from one run to the next: no clock, no chance, no shared memory, no code from texts. */
const PRELUDE = `
'use strict';
(() => {
  const refuse = (what) => { throw new Error('machines may not ask for ' + what); };
  const Real = Date;
  const Fixed = function Date(...parts) {
    if (new.target === undefined || parts.length === 0) refuse('the time');
    return Reflect.construct(Real, parts, new.target);
  };
  Fixed.prototype = Real.prototype;
  Fixed.prototype.constructor = Fixed;
  Fixed.parse = Real.parse;
  Fixed.UTC = Real.UTC;
  Fixed.now = () => refuse('the time');
  globalThis.Date = Fixed;
  Math.random = () => refuse('chance');
  for (const name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'FinalizationRegistry', 'WeakRef', 'Intl', 'gc'])
    delete globalThis[name];
  // XState binds it when it is read, and says nothing by it.
  globalThis.console = { log() {}, warn() {}, error() {} };
})()`

/**
 * Opens a bundle in a world of its own: no require, no import, no file, no network, no clock, no chance; only texts pass in and out.
 * Throws Fault STORE_CORRUPT where it is no bundle of machines. It is no prison for code that means harm: see docs/journal-format.md.
 */
export function openMachines(source: string, name: string): Reliving {
  const texts = opened<ReturnType<typeof relivedTexts>>(source, name)
  return {
    take(record) {
      const answer = texts.take(JSON.stringify(record))
      return answer === '' ? null : (JSON.parse(answer) as { recorded: Json; now: Json })
    },
    lines: () => JSON.parse(texts.lines()) as string[],
  }
}

/** Bays in two lives, by machines of some time. Throws as `openMachines`. */
export function openTwins(source: string, name: string): Pick<TwinBays, TwinCall> {
  const texts = opened<ReturnType<typeof twinTexts>>(withEntry(source, TWINS, 'twinTexts'), name)
  const call =
    (method: TwinCall) =>
    (...args: readonly unknown[]) =>
      JSON.parse(texts.call(method, JSON.stringify(args))) as never
  return {
    tell: call('tell'),
    join: call('join'),
    standing: call('standing'),
    claimed: call('claimed'),
    claimsOf: call('claimsOf'),
    rule: call('rule'),
  }
}

const TWINS = fileURLToPath(new URL('../../projections/twin-bays.ts', import.meta.url))

/** What a bundle answers, in its own world. */
function opened<Texts>(source: string, name: string): Texts {
  try {
    if (REACHES_OUT.test(source)) throw new Error('they import something')
    const world = createContext(constants.DONT_CONTEXTIFY, { codeGeneration: { strings: false, wasm: false } })
    new Script(PRELUDE).runInContext(world)
    const open = new Script(source, { filename: `machines-${name.slice(0, 12)}.js` }).runInContext(world, {
      timeout: LOAD_ms,
    }) as () => Texts
    return open()
  } catch (cause) {
    const says = `The machines ${name} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`
    // What they threw stays behind the wall: it may be an object that runs when it is printed.
    throw new Fault('STORE_CORRUPT', { machines: name }, { says })
  }
}
