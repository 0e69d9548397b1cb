import { type ActorScope, type AnyStateMachine, createActor } from 'xstate'
import type { Hears } from '../../machines/compiled.ts'

/** An action as XState hands it to whoever carries actions out. */
export type DoneAction = { readonly type: string; readonly params?: unknown }

/** A scope in which XState steps and carries nothing out: what it would do goes to `hear`. */
export function inertScope(machine: AnyStateMachine, hear: (action: DoneAction) => void): ActorScope<never, never> {
  const self = createActor(machine, { input: { bayId: '' } } as never)
  return {
    self,
    system: self.system,
    id: '',
    sessionId: '',
    logger() {},
    defer() {},
    emit() {},
    stopChild() {},
    actionExecutor: hear,
  } as unknown as ActorScope<never, never>
}

/** Hears from tables what XState would have handed over. */
export const asActions = (into: DoneAction[]): Hears => ({
  emit: (event) => into.push({ type: 'xstate.emit', params: { event } }),
  raise: (event, id, delay) => into.push({ type: 'xstate.raise', params: { event, id, delay } }),
  cancel: (sendId) => into.push({ type: 'xstate.cancel', params: { sendId } }),
  act: (type, params) => into.push({ type, params }),
})
