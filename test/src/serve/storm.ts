import type { ChargePointClient } from '../../../src/demo/charge-point-client.ts'
import { type Answer, type LineSite, readsBody, type ServingProcess, until } from './serving-line.ts'
import { callsOf } from './wire-calls.ts'

const LETTERS = 'CDEFHJKLMNPRTUVWXY'

/** Whoever waits here waits through several starts of a server that is killed a second after each: on a busy machine most of a minute each. */
const PATIENCE_ms = 300_000

/** What clients were promised. */
type Promised = {
  readonly commands: Map<string, number>
  readonly vehicles: Map<string, string>
  /** Plate by bay whose two frames were both acknowledged. */
  readonly seen: { readonly bay: number; readonly plate: string }[]
}

/** One visit as its driver knows it. */
type Visit = {
  readonly bay: number
  readonly plate: string
  readonly accountId: string
  readonly meterStart: number
  readonly meterStop: number
}

/** A car park under load whose server is killed again and again. */
export class Storm {
  readonly promised: Promised = { commands: new Map(), vehicles: new Map(), seen: [] }
  readonly parked = new Map<number, { readonly plate: string; acknowledged: number }>()
  readonly visits: Visit[] = []
  readonly clients = new Map<number, ChargePointClient>()
  serving: ServingProcess
  readonly site: LineSite
  /** Drivers, office and operator end what they are at; the camera looks on until all is dark. */
  over = false
  dark = false
  #count = 0

  constructor(site: LineSite, serving: ServingProcess) {
    this.site = site
    this.serving = serving
  }

  number(): number {
    return ++this.#count
  }

  /** Asks until the server says something better than 503; null once the storm is over. Rejects, with the last answer, where nothing comes for minutes. */
  async insist(method: string, path: string, body?: unknown, once = false): Promise<Answer | null> {
    let [last, asked] = ['nothing', performance.now()]
    while (!this.over || once) {
      if (performance.now() - asked > PATIENCE_ms)
        throw new Error(`no answer to ${method} ${path} in minutes, but ${last}`)
      const answer = await this.serving.ask(method, path, body).catch((cause: unknown) => {
        last = String(cause)
        return null
      })
      if (answer !== null && answer.status < 500) return answer
      if (answer !== null) last = `${answer.status} ${JSON.stringify(answer.body)}`
      await pause(40)
    }
    return null
  }

  async camera(): Promise<void> {
    while (!this.dark) {
      const here = [...this.parked]
      const body = readsBody(
        this.site,
        here.map(([bay, { plate }]) => ({ bay, plate })),
        { frame: `frame-${this.number()}` },
      )
      const status = await this.serving.post(body).catch(() => 0)
      if (status === 200)
        for (const [bay, car] of here) {
          car.acknowledged += 1
          if (car.acknowledged === 2) this.promised.seen.push({ bay, plate: car.plate })
        }
      await pause(120)
    }
  }

  /** An office that writes the register: a new account with each vehicle, in one piece. */
  async office(): Promise<void> {
    while (!this.over) {
      const number = this.number()
      const plate = `GB${String(number).padStart(5, '2')}`
      const answer = await this.serving
        .ask('PUT', `/api/vehicles/${plate}`, { accountId: `new-${number}` })
        .catch(() => null)
      if (answer !== null && answer.status < 300) this.promised.vehicles.set(plate, `new-${number}`)
      await pause(30)
    }
  }

  /** An operator who sends each command until it is answered, with the same id. */
  async operator(bay: number): Promise<void> {
    while (!this.over) {
      const id = `cmd-${this.number()}`
      const answer = await this.insist('POST', `/api/bays/bay-${bay}/commands`, { id, type: 'autonomy', level: 'act' })
      if (answer?.status === 202) this.promised.commands.set(id, answer.body.seq)
      await pause(25)
    }
  }

  plateFor(bay: number): string {
    const number = this.number()
    const letter = (place: number): string =>
      LETTERS[Math.floor(number / LETTERS.length ** place) % LETTERS.length] as string
    return `KL4${bay}${letter(2)}${letter(1)}${letter(0)}`
  }

  /** Drives in, waits for the start, plugs in. */
  async arrive(bay: number): Promise<{ plate: string; accountId: string; meterStart: number }> {
    const client = this.clients.get(bay) as ChargePointClient
    const plate = this.plateFor(bay)
    const accountId = `acc-${plate}`
    await this.insist('PUT', `/api/vehicles/${plate}`, { accountId }, true)
    const before = callsOf(client, 'RemoteStartTransaction', 'in').length
    this.parked.set(bay, { plate, acknowledged: 0 })
    await until(
      () => callsOf(client, 'RemoteStartTransaction', 'in').length > before,
      PATIENCE_ms,
      () => `bay-${bay} starts ${plate}`,
    )
    await pause(Math.random() * 700)
    client.plug(1)
    await until(
      () => client.connector(1).transactionId !== null,
      PATIENCE_ms,
      () => `CP-${bay} has its transaction`,
    )
    return { plate, accountId, meterStart: Number(callsOf(client, 'StartTransaction').at(-1)?.['meterStart']) }
  }

  /** Pulls the cable and drives away. */
  async leave(
    bay: number,
    { plate, accountId, meterStart }: { plate: string; accountId: string; meterStart: number },
  ): Promise<void> {
    const client = this.clients.get(bay) as ChargePointClient
    client.unplug(1)
    this.parked.delete(bay)
    await until(
      () => callsOf(client, 'StopTransaction').length > this.visits.filter((visit) => visit.bay === bay).length,
      PATIENCE_ms,
    )
    this.visits.push({
      bay,
      plate,
      accountId,
      meterStart,
      meterStop: Number(callsOf(client, 'StopTransaction').at(-1)?.['meterStop']),
    })
    await until(
      async () => (await this.insist('GET', `/api/bays/bay-${bay}`, undefined, true))?.body.state === 'vacant',
      PATIENCE_ms,
      () => `bay-${bay} is vacant again`,
    )
  }

  async drivers(bay: number): Promise<void> {
    while (!this.over) {
      const visit = await this.arrive(bay)
      await pause(200 + Math.random() * 900)
      await this.leave(bay, visit)
    }
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
