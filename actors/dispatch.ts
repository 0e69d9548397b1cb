import type { Observation } from '../machines/events.ts'
import { Fault } from '../machines/faults.ts'
import type { Effect, FactRecord } from '../machines/record.ts'
import type { Authorizer, AuthorizerAnswer } from './authorizer.ts'
import type { ChainAnswer, PayerQuestion } from './authorizer-chain.ts'
import { driverWord } from './driver-word.ts'
import type { ChargePoints, DriverSigns, Ids, Keys } from './ports.ts'
import { startLives } from './routing.ts'
import type { SecondAnswer } from './second-reader.ts'
import type { Site } from './site.ts'

/** What effects need of the world. `failed` is told what went wrong, for logs and counters. */
export type DispatchPorts = {
  readonly site: () => Site
  readonly ids: Ids
  readonly keys: Pick<Keys, 'startToken'>
  readonly chargePoints: ChargePoints
  /** What is known of a payer without asking anybody. */
  readonly authorize: Authorizer
  /** Asks the whole chain; absent where `authorize` is all there is. Never rejects. */
  readonly askPayer?: (question: PayerQuestion) => Promise<ChainAnswer>
  readonly tokenLength: (chargePointId: string) => number
  readonly firstVisit: (accountId: string, handle: string) => boolean
  /** Asks the second reader about what was seen in a bay; absent = there is none. Never rejects. */
  readonly askSecond?: (bayId: string, leader: string | null) => Promise<SecondAnswer> | undefined
  /** Somebody who may review is there now; absent = nobody can tell. */
  readonly reviewerPresent?: () => boolean
  /** Forgets a subject, once nothing that runs needs it. */
  readonly erase: (effect: Effect) => Promise<void>
  /** Absent where nothing shows words to drivers. */
  readonly signs?: DriverSigns
  readonly failed: (effect: Effect, cause: unknown) => void
}

const text = (effect: Effect, key: string): string => String(effect[key])

/** Carries out effects of durable records; every outcome comes back as an observation. Effects that only people see do nothing here. */
export function dispatcher(ports: DispatchPorts): (effect: Effect, record: FactRecord) => void {
  const answer = (bayId: string, told: Observation): Promise<unknown> => ports.site().tell(bayId, told)
  const origin = (source: string): { id: string; source: string } => ({ id: ports.ids.next('observation'), source })

  const run = async (effect: Effect, record: FactRecord): Promise<unknown> => {
    const bayId = record.bayId ?? ''
    switch (effect.type) {
      case 'claim.plate':
        return ports.site().claim({ handle: text(effect, 'handle'), bayId, visitId: text(effect, 'visitId') })
      case 'release.plate':
        return ports.site().release({ handle: text(effect, 'handle'), bayId, visitId: text(effect, 'visitId') })
      case 'tell.bay':
        return answer(text(effect, 'bayId'), {
          type: text(effect, 'news') as 'claim.granted',
          ...origin('site'),
          handle: text(effect, 'handle'),
          visitId: text(effect, 'visitId'),
          rival: (effect['rival'] ?? null) as string | null,
        })
      case 'ask.authorizer':
        return answer(bayId, await asked(ports, bayId, effect, origin))
      case 'ask.second-reader':
        return askSecond(ports, bayId, text(effect, 'ask'), origin)
      case 'open.review':
        if (hasReviewer(ports, bayId, effect)) return
        return answer(bayId, {
          type: 'review.answered',
          ...origin('site'),
          review: text(effect, 'review'),
          verdict: 'no-reviewer',
          handle: null,
          by: 'site',
        })
      case 'start.charging':
        return start(
          ports,
          bayId,
          effect,
          (type) => answer(bayId, { type, ...origin(text(effect, 'chargePointId')), startId: text(effect, 'startId') }),
          (no) => answer(bayId, { type: 'authorization.refused', ...origin('register'), ...no }),
        )
      case 'erase.subject':
        return ports.erase(effect)
      case 'stop.charging':
        return ports.chargePoints.stop({
          chargePointId: text(effect, 'chargePointId'),
          transactionId: text(effect, 'transactionId'),
        })
      case 'ask.charger':
        return ports.chargePoints.ask({
          chargePointId: text(effect, 'chargePointId'),
          evse: Number(effect['evse']),
          about: effect['about'] === 'meter' ? 'meter' : 'status',
        })
      case 'tell.driver': {
        const word = driverWord(effect, record, ports.site().bay(bayId))
        return word && ports.signs?.tell(word)
      }
      default:
        return
    }
  }
  return (effect, record) => {
    run(effect, record).catch((cause: unknown) => ports.failed(effect, cause))
  }
}

/** The same frames also spoke for a listed vehicle of another account (E04): which of the two it is, a person says. */
const listedRival = (ports: DispatchPorts, effect: Effect, accountId: string): boolean =>
  (Array.isArray(effect['rivals']) ? effect['rivals'] : []).some((handle) => {
    const stand = ports.authorize({ handle: String(handle) })
    return stand.granted && stand.accountId !== accountId
  })

type Origin = (source: string) => { id: string; source: string }

/** Who pays for the vehicle that the bay agreed on, by everybody who may know. */
function asked(
  ports: DispatchPorts,
  bayId: string,
  effect: Effect,
  origin: Origin,
): Observation | Promise<Observation> {
  const handle = text(effect, 'handle')
  if (!ports.askPayer) return authorized(ports, effect, ports.authorize({ handle }), origin('register'))
  const [connector] = Object.values(ports.site().bay(bayId)?.connectors ?? {})
  const question: PayerQuestion = {
    id: text(effect, 'ask'),
    handle,
    presented: 'plate',
    idToken: null,
    bayId,
    chargePointId: connector?.chargePointId ?? null,
    evse: connector?.evse ?? null,
  }
  return ports.askPayer(question).then((said) => {
    const told = authorized(ports, effect, said, origin(said.by))
    if (said.by === 'register') return told
    return { ...told, by: said.by, ...(said.granted && said.kept ? { kept: true } : {}) } as Observation
  })
}

function authorized(
  ports: DispatchPorts,
  effect: Effect,
  answer: AuthorizerAnswer | ChainAnswer,
  origin: { id: string; source: string },
): Observation {
  const handle = text(effect, 'handle')
  const ask = text(effect, 'ask')
  if (!answer.granted) return { type: 'authorization.refused', ...origin, ask, reason: answer.reason }
  const confirm =
    listedRival(ports, effect, answer.accountId) ||
    answer.confirm === 'always' ||
    (answer.confirm === 'first-visit' && ports.firstVisit(answer.accountId, handle))
  return { type: 'authorization.granted', ...origin, ask, handle, accountId: answer.accountId, confirm }
}

/** The second reader's answer, with where it is from; nobody's where none is set up. */
async function askSecond(
  ports: DispatchPorts,
  bayId: string,
  ask: string,
  origin: (source: string) => { id: string; source: string },
): Promise<unknown> {
  const leader = ports.site().bay(bayId)?.visit?.tally[0]?.handle ?? null
  const said = (await ports.askSecond?.(bayId, leader)) ?? null
  const told = said?.told ?? { outcome: 'unavailable' as const, handle: null }
  const news = {
    type: 'second.read' as const,
    ...origin(told.by === undefined ? 'site' : 'second-reader'),
    ask,
    ...told,
  }
  return ports.site().tell(bayId, news, said?.personal ?? {})
}

/** Whether a review may wait for somebody. One without a deadline keeps nobody waiting: where there are reviewers at all, they find it later. */
function hasReviewer(ports: DispatchPorts, bayId: string, effect: Effect): boolean {
  const reviewers = ports.site().bay(bayId)?.policy.reviewers
  if (reviewers !== 'present') return reviewers !== false
  return effect['by'] === undefined || ports.reviewerPresent?.() !== false
}

type No = {
  readonly ask: string
  readonly reason: Extract<Observation, { type: 'authorization.refused' }>['reason']
}

/** A start may have waited: who pays by plate is looked up once more at the moment of sending (E16). Null where nothing changed. */
function registerSaysNo(ports: DispatchPorts, bayId: string): No | null {
  const visit = ports.site().bay(bayId)?.visit
  const payer = visit?.payer
  if (!visit?.asked || payer?.rank !== 'plate' || payer.handle === null) return null
  const answer = ports.authorize({ handle: payer.handle })
  if (!answer.granted) return { ask: visit.asked.ask, reason: answer.reason }
  return answer.accountId === payer.accountId ? null : { ask: visit.asked.ask, reason: 'unknown' }
}

/** Sends one start: its token is durable before it leaves, and it never leaves once its visit is gone or its payer may not charge. */
async function start(
  ports: DispatchPorts,
  bayId: string,
  effect: Effect,
  say: (type: 'start.accepted' | 'start.rejected' | 'start.unanswered' | 'start.expired') => Promise<unknown>,
  sayNo: (no: No) => Promise<unknown>,
): Promise<void> {
  if (effect['leaves'] !== true) return
  const chargePointId = text(effect, 'chargePointId')
  const startId = text(effect, 'startId')
  const idToken = ports.keys.startToken(startId, text(effect, 'visitId'), ports.tokenLength(chargePointId))
  const withdrawn = (): boolean =>
    !startLives(ports.site().bay(bayId), startId) || registerSaysNo(ports, bayId) !== null
  try {
    const word = await ports.chargePoints.start({
      chargePointId,
      evse: Number(effect['evse']),
      startId,
      idToken,
      deadline: Date.parse(text(effect, 'deadline')),
      withdrawn,
    })
    await say(word === 'accepted' ? 'start.accepted' : 'start.rejected')
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'CALL_CANCELLED') {
      const no = startLives(ports.site().bay(bayId), startId) ? registerSaysNo(ports, bayId) : null
      if (no) await sayNo(no)
      return
    }
    const never = cause instanceof Fault && cause.code === 'CHARGE_POINT_OFFLINE'
    const refused = cause instanceof Fault && cause.code === 'CHARGE_POINT_REFUSED'
    await say(never ? 'start.expired' : refused ? 'start.rejected' : 'start.unanswered')
  }
}
