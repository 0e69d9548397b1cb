import { fileURLToPath } from 'node:url'
import { types } from 'node:util'
import { type Context, constants, createContext, Script } from 'node:vm'
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
/** Longest time for strange machines to answer one question, ms. */
const CALL_ms = 5_000

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
  const ask = opened<keyof ReturnType<typeof relivedTexts>>(source, name)
  return {
    take(record) {
      const answer = ask('take', JSON.stringify(record))
      return answer === '' ? null : (JSON.parse(answer) as { recorded: Json; now: Json })
    },
    lines: () => JSON.parse(ask('lines')) as string[],
  }
}

/** Bays in two lives, by machines of some time. Throws as `openMachines`. */
export function openTwins(source: string, name: string): Pick<TwinBays, TwinCall> {
  const ask = opened<keyof ReturnType<typeof twinTexts>>(withEntry(source, TWINS, 'twinTexts'), name)
  const call =
    (method: TwinCall) =>
    (...args: readonly unknown[]) =>
      JSON.parse(ask('call', method, JSON.stringify(args))) as never
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

/** Asks a bundle something by a name of its own: texts in, a text out. Throws what it throws, or Fault STORE_CORRUPT where it never answers. */
type Ask<Method extends string> = (method: Method, ...texts: readonly string[]) => string

/** What a bundle answers, in its own world. */
function opened<Method extends string>(source: string, name: string): Ask<Method> {
  try {
    if (REACHES_OUT.test(source)) throw new Error('they import something')
    // What they leave to do later is done before they have answered, within their time.
    const later = isStrange() ? ({ microtaskMode: 'afterEvaluate' } as const) : {}
    const world = createContext(constants.DONT_CONTEXTIFY, {
      codeGeneration: { strings: false, wasm: false },
      ...later,
    })
    new Script(PRELUDE).runInContext(world)
    const filename = `machines-${name.slice(0, 12)}.js`
    const open = new Script(source, { filename }).runInContext(world, { timeout: LOAD_ms }) as () => unknown
    return isStrange() ? askWithin(world, open, name) : askFreely(open() as Texts<Method>)
  } catch (cause) {
    const says = `The machines ${name} cannot be opened: ${wordsOf(cause)}`
    // What they threw stays behind the wall: it may be an object that runs when it is printed.
    throw new Fault('STORE_CORRUPT', { machines: name }, { says })
  }
}

/** Machines that berth does not know run only in a process of their own, under Node's permission model (`--strange-machines`). */
const isStrange = (): boolean => process.permission !== undefined

type Texts<Method extends string> = { readonly [method in Method]: (...texts: readonly string[]) => string }

function askFreely<Method extends string>(answers: Texts<Method>): Ask<Method> {
  return (method, ...texts) => answers[method](...texts)
}

/** The same within a time, the objects of the bundle never touched from here: a watched script asks them, and nothing but a text comes back. */
function askWithin<Method extends string>(world: Context, open: unknown, name: string): Ask<Method> {
  const put = (at: string, value: unknown) => Object.defineProperty(world, at, { value, configurable: true })
  const run = (code: string): unknown => new Script(code).runInContext(world, { timeout: CALL_ms })
  put('berthOpen', open)
  put('berthTexts', run('berthOpen()'))
  return (method, ...texts) => {
    put('berthAsked', JSON.stringify(texts))
    const told = watched(name, () =>
      run(
        `(() => { try { return '+' + berthTexts.${method}(...JSON.parse(berthAsked)) } catch (wrong) { return '-' + wrong } })()`,
      ),
    )
    if (told.startsWith('+')) return told.slice(1)
    throw new Error(told.slice(1))
  }
}

function watched(name: string, work: () => unknown): string {
  try {
    const told = work()
    if (typeof told === 'string') return told
  } catch (cause) {
    if (fieldOf(cause, 'code') !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') return `-${wordsOf(cause)}`
    const says = `The machines ${name} did not answer within ${CALL_ms / 1_000} s; nothing more of them is run.`
    throw new Fault('STORE_CORRUPT', { machines: name }, { says })
  }
  return '-they answer something that is no text'
}

/** What was thrown behind the wall may be anything, also something that runs when it is looked at: only plain fields of true errors are read. */
const fieldOf = (cause: unknown, field: string): unknown =>
  types.isNativeError(cause) ? Object.getOwnPropertyDescriptor(cause, field)?.value : undefined

function wordsOf(cause: unknown): string {
  const message = fieldOf(cause, 'message')
  return typeof message === 'string' ? message : 'they threw something that is no error'
}
