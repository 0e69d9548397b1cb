import type { AuthorizerLink } from '../../actors/authorizer-chain.ts'
import type { ChargePointDesk, ChargePoints, Clock, Ids, StartOrder } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import { readAccountId } from '../../machines/register-fields.ts'
import type { Listening } from '../charge-point-door.ts'
import { keepNewest } from '../newest-kept.ts'
import { readWord } from './remote-answers.ts'
import { type RemoteCall, RemoteConnector } from './remote-connector.ts'

export type RemoteParts = {
  readonly siteId: string
  readonly clock: Clock
  readonly ids: Ids
  readonly desk: ChargePointDesk
  readonly chargePoints: readonly { readonly id: string; readonly evses: readonly number[] }[]
  readonly post: (name: RemoteCall, id: string, body: object) => Promise<unknown>
  readonly tokenOf: (startId: string) => string | null
  /** Who pays for a start, and what the back end knows the vehicle by; null where the start is gone. */
  readonly payerOf: (startId: string) => { readonly accountId: string; readonly alias: string | null } | null
  readonly poll_ms: number
  /** The newest time that berth knows of from before, ms since 1970. */
  readonly since: number
  readonly log: (line: string) => void
}

/** Charge points behind the operator's back end. `close` ends what is under way. */
export type RemoteChargePoints = Listening & { close(): Promise<void> }

type Remote = {
  readonly id: string
  readonly connectors: ReadonlyMap<number, RemoteConnector>
  online: boolean
  failed: number
  disarm: () => void
  polling: Promise<void>
}

/** The same start sent again is the same start: so long a pause lies between. */
const AGAIN_ms = 2_000
/** So many rounds in a row must fail before its charge points count as offline. */
const MOST_FAILED = 3

/** Charge points whose address cannot be changed: started, stopped and watched through five calls of the operator's back end. */
export function openRemoteChargePoints(parts: RemoteParts): RemoteChargePoints {
  const { clock, ids, siteId, log } = parts
  const counts: { [name: string]: number } = { remote_calls: 0, remote_failed: 0 }
  const foreign = new Map<string, string>()
  let closed = false
  const call = async <T>(name: RemoteCall, body: object, read: (said: unknown, id: string) => T): Promise<T> => {
    const id = ids.next('call')
    counts['remote_calls'] = (counts['remote_calls'] ?? 0) + 1
    try {
      return read(await parts.post(name, id, { id, at: new Date(clock.now()).toISOString(), siteId, ...body }), id)
    } catch (cause) {
      counts['remote_failed'] = (counts['remote_failed'] ?? 0) + 1
      throw cause
    }
  }
  const keepForeign = (idToken: string, accountId: string | null): void => {
    if (accountId !== null) keepNewest(foreign, idToken, accountId)
  }
  const remotes = new Map(parts.chargePoints.map((one) => [one.id, remoteOf(parts, one, call, keepForeign)]))
  const round = async (remote: Remote): Promise<void> => {
    const error = await pollOnce(remote, parts.desk)
    if (error !== null && remote.failed === MOST_FAILED) log(`${remote.id} cannot be seen: ${error}`)
    if (closed) return
    remote.disarm = clock.after(parts.poll_ms, () => {
      remote.polling = round(remote)
    })
  }
  for (const remote of remotes.values()) remote.polling = round(remote)
  return {
    chargePoints: orders(parts, remotes, call),
    counters: () => ({ ...counts }),
    authorizers: [foreignCards(foreign)],
    close: async () => {
      closed = true
      for (const remote of remotes.values()) remote.disarm()
      await Promise.all([...remotes.values()].map((remote) => remote.polling))
    },
  }
}

type Call = <T>(name: RemoteCall, body: object, read: (said: unknown, id: string) => T) => Promise<T>

function remoteOf(
  parts: RemoteParts,
  { id, evses }: { readonly id: string; readonly evses: readonly number[] },
  call: Call,
  foreign: (idToken: string, accountId: string | null) => void,
): Remote {
  const { clock, desk, tokenOf, since } = parts
  const open = desk.open?.(id) ?? []
  const connectors = evses.map((evse): [number, RemoteConnector] => {
    const known = open.find((one) => one.evse === evse)?.transactionId
    const name = known?.startsWith(`${id}/`) ? known.slice(id.length + 1) : null
    return [evse, new RemoteConnector({ chargePointId: id, evse, clock, desk, call, tokenOf, since, foreign }, name)]
  })
  return {
    id,
    connectors: new Map(connectors),
    online: false,
    failed: 0,
    disarm: () => undefined,
    polling: Promise.resolve(),
  }
}

/** One round over a charge point's EVSEs; its coming and going is news. Answers why not, or null. */
async function pollOnce(remote: Remote, desk: ChargePointDesk): Promise<string | null> {
  try {
    let online = false
    for (const connector of remote.connectors.values()) online = (await connector.poll()) || online
    remote.failed = 0
    await turn(remote, online, desk)
    return null
  } catch (cause) {
    remote.failed += 1
    if (remote.failed >= MOST_FAILED) await turn(remote, false, desk).catch(() => undefined)
    return cause instanceof Error ? cause.message : String(cause)
  }
}

async function turn(remote: Remote, online: boolean, desk: ChargePointDesk): Promise<void> {
  if (online === remote.online) return
  await desk.hear({ type: online ? 'online' : 'offline', chargePointId: remote.id })
  remote.online = online
  if (!online) for (const connector of remote.connectors.values()) connector.forget()
}

function orders(parts: RemoteParts, remotes: ReadonlyMap<string, Remote>, call: Call): ChargePoints {
  const of = (chargePointId: string): Remote => {
    const remote = remotes.get(chargePointId)
    if (!remote) throw new Fault('NOT_FOUND', { chargePointId })
    return remote
  }
  return {
    online: (chargePointId) => remotes.get(chargePointId)?.online ?? false,
    start: async (order) => start(parts, of(order.chargePointId), call, order),
    stop: async ({ chargePointId, transactionId }) => {
      const name = transactionId.startsWith(`${chargePointId}/`)
        ? transactionId.slice(chargePointId.length + 1)
        : transactionId
      return call('stop', { chargePointId: of(chargePointId).id, transactionId: name }, readWord).catch(asFault)
    },
    ask: async ({ chargePointId, evse }) => {
      const connector = of(chargePointId).connectors.get(evse)
      if (!connector) return 'rejected'
      await connector.poll().catch(asFault)
      return 'accepted'
    },
  }
}

/** The port's own words for a back end that fails. */
function asFault(cause: unknown): never {
  if (!(cause instanceof Fault)) throw cause
  if (cause.code === 'BACK_END_SILENT') throw new Fault('CHARGE_POINT_SILENT', {}, { cause, says: cause.message })
  if (cause.code === 'BACK_END_REFUSED') throw new Fault('CHARGE_POINT_REFUSED', {}, { cause, says: cause.message })
  throw cause
}

/** Sent again until it is answered, since the back end takes the same start only once; never after its deadline or once it is withdrawn. */
async function start(
  parts: RemoteParts,
  remote: Remote,
  call: Call,
  order: StartOrder,
): Promise<'accepted' | 'rejected'> {
  const { clock, payerOf } = parts
  const { chargePointId, evse, startId, idToken, deadline } = order
  let isSent = false
  for (;;) {
    if (order.withdrawn()) throw new Fault('CALL_CANCELLED', { chargePointId })
    if (clock.now() >= deadline)
      throw new Fault(isSent ? 'CHARGE_POINT_SILENT' : 'CHARGE_POINT_OFFLINE', { chargePointId })
    if (remote.online) {
      try {
        const until = new Date(deadline).toISOString()
        const body = { chargePointId, evse, startId, idToken, deadline: until, ...(payerOf(startId) ?? {}) }
        return await call('start', body, readWord)
      } catch (cause) {
        if (!(cause instanceof Fault) || cause.code !== 'BACK_END_SILENT') return asFault(cause)
        isSent = true
      }
    }
    await new Promise<void>((resolve) => void clock.after(AGAIN_ms, resolve))
  }
}

/** Cards of sessions that the back end let start: it said itself who pays. */
function foreignCards(accounts: ReadonlyMap<string, string>): AuthorizerLink {
  return {
    name: 'upstream',
    offline: 'fallback',
    knownFor_ms: 0,
    ask: async ({ idToken }) => {
      const accountId = idToken === null ? undefined : accounts.get(idToken)
      return accountId === undefined
        ? { standing: 'unknown' }
        : { standing: 'accepted', accountId: readAccountId(accountId), confirm: 'never' }
    },
  }
}
