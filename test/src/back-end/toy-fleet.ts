import { openToyBackEnd, type ToyBackEnd } from './toy-back-end.ts'

/** One session as the operator's back end keeps it. */
export type ToySession = {
  transactionId: string
  startId: string | null
  idToken: string | null
  accountId: string | null
  startedAt: string
  register_Wh: number
  endedAt: string | null
  endRegister_Wh: number | null
  reason: string | null
}

/** An operator's back end that drives one EVSE by itself: written from docs/back-end.md alone. */
export type ToyFleet = {
  readonly back: ToyBackEnd
  /** Whether the charge point is online, what it says of its connector, and its meter. */
  online: boolean
  status: string
  current_A: number
  register_Wh: number
  readonly sessions: ToySession[]
  /** Starts and stops that were taken. */
  readonly starts: { readonly startId: string; readonly accountId: string | null; readonly alias: string | null }[]
  readonly stops: string[]
  /** The plug goes in: a start that waits becomes a session. */
  plug(): void
  /** A card of the back end's own customer. */
  tap(idToken: string, accountId: string | null): void
  /** The session ends, by the vehicle or by anybody. */
  end(reason: string): void
  /** Calls that it does not answer. */
  readonly mute: Set<string>
}

/** Opens it on a free port; closed when the test ends. */
export async function openToyFleet(): Promise<ToyFleet> {
  let waiting: string | null = null
  let isPlugged = false
  const now = (): string => new Date().toISOString()
  const begin = (startId: string | null, idToken: string | null, accountId: string | null): void => {
    const { register_Wh } = fleet
    fleet.sessions.push({
      transactionId: `s-${fleet.sessions.length + 1}`,
      startId,
      idToken,
      accountId,
      startedAt: now(),
      register_Wh,
      endedAt: null,
      endRegister_Wh: null,
      reason: null,
    })
    fleet.status = 'Charging'
    fleet.current_A = 10
  }
  const fleet: ToyFleet = {
    back: await openToyBackEnd(),
    online: true,
    status: 'Available',
    current_A: 0,
    register_Wh: 1_000,
    sessions: [],
    starts: [],
    stops: [],
    mute: new Set(),
    plug: () => {
      isPlugged = true
      fleet.status = 'Preparing'
      if (waiting !== null) begin(waiting, null, null)
      waiting = null
    },
    tap: (idToken, accountId) => {
      isPlugged = true
      begin(null, idToken, accountId)
    },
    end: (reason) => {
      const session = fleet.sessions.at(-1)
      if (!session || session.endedAt !== null) return
      Object.assign(session, { endedAt: now(), endRegister_Wh: fleet.register_Wh, reason })
      Object.assign(fleet, { status: 'Available', current_A: 0 })
      isPlugged = false
    },
  }
  fleet.back.answers = (body, _response, path) => {
    const name = path.split('/').at(-1) ?? ''
    if (fleet.mute.has(name)) return null
    switch (name) {
      case 'start': {
        const { startId, accountId = null, alias = null } = body
        if (fleet.starts.some((one) => one.startId === startId)) return { status: 'accepted' }
        fleet.starts.push({ startId, accountId, alias })
        if (isPlugged) begin(startId, null, null)
        else waiting = startId
        return { status: 'accepted' }
      }
      case 'stop':
        fleet.stops.push(body.transactionId)
        fleet.end('Remote')
        return { status: 'accepted' }
      case 'status':
        return { online: fleet.online, status: fleet.status, errorCode: null, at: now() }
      case 'meter':
        return {
          at: now(),
          current_A: fleet.current_A,
          power_W: null,
          register_Wh: fleet.register_Wh,
          transactionId: null,
        }
      default:
        return {
          sessions: fleet.sessions.filter(({ endedAt }) => endedAt === null || endedAt >= body.since),
        }
    }
  }
  return fleet
}
