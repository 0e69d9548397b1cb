import { CallQueue } from '../actors/ocpp/call-queue.ts'
import { type CallAnswer, ChargePointLink } from '../actors/ocpp/charge-point-link.ts'
import { OcppCounters } from '../actors/ocpp/ocpp-counters.ts'
import { Ocpp16 } from '../actors/ocpp/ocpp16.ts'
import { DEFAULT_PROFILE } from '../actors/ocpp/profiles/default.ts'
import type { ChargePoints } from '../actors/ports.ts'
import type { ToySite } from './toy-site.ts'
import type { Payload } from './toy-wire.ts'

/** One call that berth sent over a socket and the charge point has not answered yet. */
export type SentCall = { readonly action: string; readonly payload: Payload; answer(payload: Payload): Promise<void> }

/** One WebSocket of a charge point, without the network. */
export type ToySocket = {
  /** The charge point says something; answers what berth answers, `none` where nothing. */
  says(action: string, payload: Payload): Promise<CallAnswer>
  /** Everything that berth sent over it, oldest first. */
  readonly sent: SentCall[]
  /** Why berth closed it (`4001`); null while it did not. */
  readonly closedBy: () => number | null
  /** Its end is noticed. */
  breaks(): Promise<void>
}

/** The production link, queue and OCPP 1.6 dialect of one charge point, on a toy site’s clock. */
export type ToyLink = {
  dial(): Promise<ToySocket>
  readonly online: () => boolean
  readonly counters: OcppCounters
  readonly behind_ms: () => number | null
}

const links = new WeakMap<ToySite, ToyLink>()

/** The link of a site that was made with `linked`. */
export function linkOf(site: ToySite): ToyLink {
  const link = links.get(site)
  if (!link) throw new TypeError('this toy site was made without `chargePoints: linked`')
  return link
}

/** What a toy site takes as its charge points: orders leave over the production link of CP-1, and stand in `site.orders` once they are sent. */
export function linked(site: ToySite): ChargePoints {
  const chargePointId = 'CP-1'
  const { clock } = site
  const counters = new OcppCounters()
  const queue = new CallQueue(clock, chargePointId, counters)
  const desk = { hear: (news: Parameters<ToySite['desk']['hear']>[0]) => site.desk.hear(news) }
  const log = (): void => {}
  const dialect = new Ocpp16({
    chargePointId,
    evses: [1],
    profile: DEFAULT_PROFILE,
    clock,
    desk,
    queue,
    counters,
    log,
    answerWithin_ms: 30_000,
  })
  const link = new ChargePointLink({ chargePointId, clock, desk, queue, dialect, counters, log })
  links.set(site, {
    dial: () => dial(site, link),
    online: () => link.online,
    counters,
    behind_ms: () => dialect.behind_ms,
  })
  return {
    online: () => link.online,
    start: (order) => dialect.start(order),
    stop: (order) => dialect.stop(order.transactionId),
    ask: (order) => dialect.ask(order.evse, order.about),
  }
}

async function dial(site: ToySite, link: ChargePointLink): Promise<ToySocket> {
  const sent: SentCall[] = []
  const waiting = new Set<(reason: Error) => void>()
  let closed: number | null = null
  const ends = link.connect({
    buffered: () => 0,
    send(action, payload) {
      note(site, action, payload as Payload)
      return new Promise((resolve, reject) => {
        waiting.add(reject)
        const answer = async (answered: Payload): Promise<void> => {
          waiting.delete(reject)
          resolve(answered)
          await site.clock.settle()
        }
        sent.push({ action, payload: payload as Payload, answer })
      })
    },
    close: (code) => {
      closed = code
    },
    destroy: () => {
      closed = 1006
    },
  })
  await site.clock.settle()
  return {
    sent,
    closedBy: () => closed,
    async says(action, payload) {
      const answered = ends.hear(action, payload)
      await site.clock.settle()
      return answered
    },
    async breaks() {
      for (const reject of waiting) reject(new Error('the socket closed'))
      ends.gone()
      await site.clock.settle()
    },
  }
}

/** Orders as every toy site lists them. */
function note(site: ToySite, action: string, payload: Payload): void {
  const order = { chargePointId: 'CP-1', at: site.clock.now(), after: site.journal.records.length }
  const { idTag, connectorId, transactionId } = payload
  if (action === 'RemoteStartTransaction')
    site.orders.push({ type: 'start', ...order, idToken: String(idTag), evse: Number(connectorId) })
  if (action === 'RemoteStopTransaction')
    site.orders.push({ type: 'stop', ...order, transactionId: String(transactionId) })
}
