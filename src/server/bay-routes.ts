import type { FastifyInstance, FastifyReply } from 'fastify'
import { Fault } from '../../machines/faults.ts'
import type { Command, CommandAnswer } from '../site-desk.ts'
import type { ZoneVersion } from '../zones/zone-versions.ts'
import { type Dresser, mask, type Sight } from './plate-mask.ts'
import { PROBLEM_TYPE, problem } from './problem.ts'
import { demandCommand, demandOrder, isConcerned } from './roles.ts'
import type { Serving } from './serving.ts'
import { type Asked, found, serve } from './serving.ts'

/** The bays and what can be ordered of them. */
export function bayRoutes(app: FastifyInstance, serving: Serving): void {
  const { desk, dresser } = serving
  serve(app, serving, 'bays', ({ sight }) => ({
    items: desk.bays().map((bay) => dresser.bay(bay, sight)),
    next: null,
  }))
  serve(app, serving, 'bay', ({ params, sight }) =>
    dresser.bay(found(desk.bay(params['bayId'] ?? ''), 'bay', params['bayId']), sight),
  )
  serve(app, serving, 'command', async ({ params, body, caller, reply, sight }) => {
    const command = body as Command
    demandCommand(caller, command.type)
    const { bayId } = found(desk.bay(params['bayId'] ?? ''), 'bay', params['bayId'])
    checkCommand(command)
    return sendAnswer(reply, await desk.command(bayId, command, caller), dresser, sight)
  })
  waitingRoutes(app, serving)
}

/** Orders that wait for a second person: agreed to, or taken back. */
function waitingRoutes(app: FastifyInstance, serving: Serving): void {
  const { desk, dresser, callers } = serving
  desk.orders.heed((by) => callers.stands(by))
  const idOf = ({ params }: Asked): string => params['orderId'] ?? ''
  const typeOf = (id: string) => desk.orders.waiting().find((order) => order.id === id)?.type
  serve(app, serving, 'orders', ({ sight, caller }) => ({
    items: desk.orders
      .waiting()
      .filter(({ type }) => isConcerned(caller, type))
      .map((order) => {
        const { plate } = order
        if (plate === null || !sight.clear) return { ...order, plate: plate && mask(plate) }
        sight.saw(desk.handleOf(plate) ?? order.bayId ?? order.id)
        return order
      }),
    next: null,
  }))
  serve(app, serving, 'agreeOrder', async (asked) => {
    const type = typeOf(idOf(asked))
    if (type !== undefined) demandOrder(asked.caller, type)
    return sendAnswer(asked.reply, await desk.orders.agree(idOf(asked), asked.caller), dresser, asked.sight)
  })
  serve(app, serving, 'withdrawOrder', async (asked) => {
    const type = typeOf(idOf(asked))
    if (type !== undefined && !isConcerned(asked.caller, type)) demandOrder(asked.caller, type)
    found((await desk.orders.withdraw(idOf(asked), asked.caller)) || null, 'order that waits', idOf(asked))
  })
}

/** What a type of command cannot do without. */
function checkCommand({ type, plate, accountId, idToken, level }: Command): void {
  const missing =
    type === 'authorize' && accountId === undefined && idToken === undefined && plate === undefined
      ? 'authorize needs a plate, an accountId or an idToken'
      : type === 'correct-plate' && plate === undefined
        ? 'correct-plate needs the plate as it should be'
        : type === 'autonomy' && level === undefined
          ? 'autonomy needs a level: observe, suggest or act'
          : null
  if (missing !== null) throw new Fault('BODY_INVALID', { type }, { says: `The command is not whole: ${missing}.` })
}

/** 202 with the record's seq, or the problem that says why not. */
export function sendAnswer(reply: FastifyReply, answer: CommandAnswer, dresser: Dresser, sight: Sight): FastifyReply {
  switch (answer.outcome) {
    case 'done':
      return reply.code(202).send({ seq: answer.seq })
    case 'conflict':
      return sendProblem(
        reply,
        problem('VERSION_CONFLICT', 'The bay changed meanwhile; look at it again and decide again.', {
          bay: dresser.bay(answer.bay, sight),
        }),
      )
    case 'newer-zones':
      return sendNewer(reply, answer.newer)
    case 'refused':
      return sendProblem(reply, problem('COMMAND_REFUSED', answer.why))
    case 'held':
      return sendProblem(
        reply,
        problem('VERSION_CONFLICT', `${answer.by} is at this review until ${answer.until}; take another, or wait.`),
      )
    case 'second-person':
      return sendWaiting(reply, answer.until)
    case 'unknown-bay':
      return sendProblem(reply, problem('NOT_FOUND'))
  }
}

/** Somebody else must agree, until then (ISO 8601). */
export function sendWaiting(reply: FastifyReply, until: string): FastifyReply {
  const says = `Somebody else must agree before ${until}; nothing was done yet.`
  return sendProblem(reply, problem('SECOND_PERSON', says, { until }))
}

/** Other zones count meanwhile. */
export function sendNewer(reply: FastifyReply, newer: ZoneVersion | null): FastifyReply {
  const who = newer?.by ?? 'a changed site file'
  const says = `Version ${newer?.version ?? 0} of the zones is in force meanwhile, by ${who}; look at it, and draw over it.`
  return sendProblem(reply, problem('VERSION_CONFLICT', says, { newer }))
}

/** Sends problem details. */
export function sendProblem(reply: FastifyReply, what: ReturnType<typeof problem>): FastifyReply {
  return reply.code(what.status).type(PROBLEM_TYPE).send(JSON.stringify(what))
}
