import { constants, setPriority } from 'node:os'
import { Fault, type FaultCode } from '../../machines/faults.ts'
import { FOLDING_CODE } from './folding-code.ts'
import { makeState, type StateOrder } from './state-making.ts'

// The process that lives a site's records a second time: its memory, as much as the site's own, goes with it. It writes nothing.

/** What the site asks for. `code`: of the process that asks; files may have been replaced under it. */
export type StateAsked = StateOrder & { readonly code: string }

/** The sealed state, or why there is none. */
export type StateAnswer =
  | { readonly sealed: Uint8Array }
  | { readonly code: FaultCode | null; readonly about: Record<string, unknown>; readonly says: string }

// Who asked decides when this ends: a Ctrl-C for the whole group is for that one.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
process.on('disconnect', () => process.exit(0))

process.once('message', async (asked: StateAsked) => {
  const answer = await answerTo(asked)
  process.send?.(answer, () => process.exit(0))
})

async function answerTo({ code, ...order }: StateAsked): Promise<StateAnswer> {
  try {
    // Bays go first.
    setPriority(constants.priority.PRIORITY_LOW)
    if (code !== FOLDING_CODE)
      throw new Error('the files of berth were replaced while it runs; start it again to run what is there now')
    return { sealed: await makeState(order, process.env) }
  } catch (cause) {
    const says = cause instanceof Error ? cause.message : String(cause)
    return cause instanceof Fault ? { code: cause.code, about: cause.about, says } : { code: null, about: {}, says }
  }
}
