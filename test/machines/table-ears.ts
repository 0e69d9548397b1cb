import type { DoneAction } from '../../machines/inert-scope.ts'
import type { Hears } from '../../machines/table-acts.ts'

/** Hears from tables what XState would have handed over. */
export const asActions = (into: DoneAction[]): Hears => ({
  emit: (event) => into.push({ type: 'xstate.emit', params: { event } }),
  raise: (event, id, delay) => into.push({ type: 'xstate.raise', params: { event, id, delay } }),
  cancel: (sendId) => into.push({ type: 'xstate.cancel', params: { sendId } }),
  act: (type, params) => into.push({ type, params }),
})
