import type { ToyFrame } from '../../../simulations/toy-wire.ts'
import type { HeardCommand } from './site-laws.ts'

/** Says where the site's log ends now; rejects where the database cannot be asked. */
export type HeadNow = () => Promise<number>

type Heard = Omit<HeardCommand, 'about'> & { readonly token: string }

/** What a charge point saw: commands as they arrived, and what each of its transactions took by its own meter. */
export class HeardChargePoint {
  /** Starts by the token that came with them, stops by their transaction. */
  readonly commands: Promise<Heard>[] = []
  readonly drawn = new Map<string, number>()
  /** Tokens of starts that arrived. */
  readonly tokens = new Set<string>()
  readonly #headNow: HeadNow
  readonly #begun = new Map<string, number>()
  readonly #from = new Map<string, number>()

  constructor(headNow: HeadNow) {
    this.#headNow = headNow
  }

  /** Each frame as it comes and goes. */
  note(way: 'in' | 'out', frame: ToyFrame): void {
    const [kind, callId, third, payload] = frame as unknown as [number, string, unknown, { [field: string]: unknown }]
    if (way === 'in' && kind === 2) this.#command(callId, String(third), payload)
    if (way === 'in' && kind === 3) this.#answer(callId, third as { transactionId?: unknown })
    if (way === 'out' && kind === 2) this.#told(callId, String(third), payload)
  }

  #command(callId: string, action: string, payload: { readonly [field: string]: unknown }): void {
    if (action === 'RemoteStartTransaction') {
      this.tokens.add(String(payload['idTag']))
      this.#arrived({ action: 'start', token: String(payload['idTag']), callId })
    }
    if (action === 'RemoteStopTransaction')
      this.#arrived({ action: 'stop', token: String(payload['transactionId']), callId })
  }

  #arrived(heard: Omit<Heard, 'headThen'>): void {
    this.commands.push(
      this.#headNow().then(
        (headThen) => ({ ...heard, headThen }),
        () => ({ ...heard, headThen: Number.POSITIVE_INFINITY }),
      ),
    )
  }

  #told(callId: string, action: string, payload: { readonly [field: string]: unknown }): void {
    if (action === 'StartTransaction') this.#from.set(callId, Number(payload['meterStart']))
    if (action !== 'StopTransaction') return
    const transactionId = String(payload['transactionId'])
    const from = this.#begun.get(transactionId)
    if (from !== undefined) this.drawn.set(transactionId, Number(payload['meterStop']) - from)
  }

  #answer(callId: string, { transactionId }: { readonly transactionId?: unknown }): void {
    const from = this.#from.get(callId)
    if (from === undefined || transactionId === undefined) return
    this.#begun.set(String(transactionId), from)
  }
}
