import {
  type ActorScope,
  type AnyActorLogic,
  type AnyStateMachine,
  createActor,
  type EventFromLogic,
  type SnapshotFrom,
} from 'xstate'

/** An action as XState hands it to whoever carries actions out. */
export type DoneAction = { readonly type: string; readonly params?: unknown }

/** A scope in which XState steps and carries nothing out: what it would do goes to `hear`. XState's own `transition()` builds an actor and an initial snapshot on every call. */
export function inertScope<Machine extends AnyStateMachine>(
  machine: Machine,
  hear: (action: DoneAction) => void,
): ActorScope<SnapshotFrom<Machine>, EventFromLogic<Machine>> {
  const self = createActor(machine as AnyActorLogic, { input: { bayId: '' } })
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
  } as unknown as ActorScope<SnapshotFrom<Machine>, EventFromLogic<Machine>>
}
