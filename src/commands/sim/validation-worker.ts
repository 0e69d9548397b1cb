import { parentPort } from 'node:worker_threads'
import { type BothBusy, bothBusy, type SiteSession } from '../../../simulations/design/both-busy.ts'
import { designQueue } from '../../../simulations/design/design-queue.ts'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { plainQueue, type QueueRun } from '../../../simulations/design/queue-run.ts'
import { type CheckEffort, checkCase, type TheoryCheck } from '../../../simulations/design/theory-checks.ts'

/** A part of a validation: one case of theory, or the sites of a file. `base` is the scenario whose machines are asked. */
export type ValidationOrder =
  | {
      readonly kind: 'case'
      readonly base: DesignScenario
      readonly number: number
      readonly plain: CheckEffort
      readonly whole: CheckEffort
    }
  | {
      readonly kind: 'sites'
      readonly base: DesignScenario
      readonly sessions: readonly SiteSession[]
      readonly seed: number
      readonly replications: number
    }

/** One case: the queue alone, and the whole simulation. `otherwise`: visits that were let in by one and turned away by the other. */
export type CaseAnswer = {
  readonly plain: readonly TheoryCheck[]
  readonly whole: readonly TheoryCheck[]
  readonly visits: number
  readonly compared: number
  readonly otherwise: number
}

/** Answers an order. The same order gives the same answer. */
export function validate(order: ValidationOrder): CaseAnswer | BothBusy | null {
  const whole = designQueue(order.base)
  return order.kind === 'sites' ? bothBusy(order.sessions, whole, order) : caseOf(order, whole)
}

/** The same visits go through both: where nobody waits and nothing is shared, not one may come out otherwise. */
function caseOf(order: Extract<ValidationOrder, { kind: 'case' }>, whole: QueueRun): CaseAnswer {
  let [visits, compared, otherwise] = [0, 0, 0]
  const compare: QueueRun = (question) => {
    const rows = whole(question)
    visits += rows.length
    if (question.grid !== null || question.queuePlaces > 0) return rows
    const beside = plainQueue(question)
    compared += rows.length
    for (const [at, row] of rows.entries())
      if ((row.enteredMs === null) !== (beside[at]?.enteredMs === null)) otherwise += 1
    return rows
  }
  return {
    plain: checkCase(order.number, plainQueue, order.plain),
    whole: checkCase(order.number, compare, order.whole),
    visits,
    compared,
    otherwise,
  }
}

parentPort?.on('message', (order: ValidationOrder) => parentPort?.postMessage(validate(order)))
