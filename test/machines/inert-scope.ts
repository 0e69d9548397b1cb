import { type ActorScope, type AnyStateMachine, createActor } from 'xstate'
import type { DoneAction } from '../../machines/compiled.ts'

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
