import type { Clock } from '../../actors/ports.ts'
import { KEPT_MS, type RelayStore } from './relay-store.ts'

/** What a token of berth's stands for. */
export type TokenEntry = {
  readonly token: string
  /** What the back end knows the vehicle by: its fleet card or contract. */
  readonly alias: string
  readonly startId: string
  /** Whose vehicle or card it was, by the site's handle: who asks to be forgotten is named by it. Empty = nobody's. */
  readonly subject: string
  /** False once its start is over: then it opens nothing any more. */
  readonly live: boolean
  /** Where alone it means anything. Empty = everywhere: of before tokens were bound. */
  readonly chargePointId: string
  /** The EVSEs (1.6: connectors) there that its vehicle can reach; none = not known, so all. */
  readonly evses: readonly number[]
  /** The one start that it pays for, by its occasion (frame-reading.ts); null = none yet, '' = one that has ended. */
  readonly spent: string | null
  /** When it was made, ms since 1970; 0 = not known. */
  readonly made_at: number
  /** When its start was over, ms since 1970; null while it lives. */
  readonly died_at: number | null
}

/** OCPP 1.6 says that case does not matter. */
const fold = (token: string): string => token.toUpperCase()

/** Berth's tokens and their aliases: durable, and complete without the logic. */
export class TokenTable {
  readonly #store: RelayStore
  readonly #clock: Clock
  readonly #tokens = new Map<string, TokenEntry>()
  readonly #living = new Set<string>()
  readonly #remote = new Map<string, string>()
  readonly #put
  readonly #note
  readonly #forget
  readonly #erase
  readonly #eraseStarts

  constructor(store: RelayStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
    this.#put = store.prepare(
      'INSERT OR REPLACE INTO token (token, alias, start_id, subject, live, changed_at, charge_point, made_at, evses, spent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    )
    this.#note = store.prepare(
      'INSERT OR REPLACE INTO remote_start (charge_point, remote_start_id, token) VALUES (?, ?, ?)',
    )
    this.#forget = store.prepare('DELETE FROM remote_start WHERE charge_point = ? AND remote_start_id = ?')
    this.#erase = store.prepare('DELETE FROM token WHERE token = ?')
    this.#eraseStarts = store.prepare('DELETE FROM remote_start WHERE token = ?')
    for (const row of store.prepare('SELECT * FROM token').all()) {
      const token = String(row['token'])
      const [alias, startId, subject] = [String(row['alias']), String(row['start_id']), String(row['subject'])]
      const chargePointId = String(row['charge_point'])
      const [live, made_at] = [row['live'] === 1, Number(row['made_at'])]
      const died_at = live ? null : Number(row['changed_at'])
      const evses = JSON.parse(String(row['evses'])) as readonly number[]
      const spent = row['spent'] === null ? null : String(row['spent'])
      const entry = { token, alias, startId, subject, live, chargePointId, evses, spent, made_at, died_at }
      this.#tokens.set(token, entry)
      if (live) this.#living.add(token)
    }
    for (const row of store.prepare('SELECT * FROM remote_start').all())
      this.#remote.set(remoteKey(String(row['charge_point']), Number(row['remote_start_id'])), String(row['token']))
  }

  /** The entry of a token at its charge point, alive or dead; null for every other token (a card), and for one that was made for another place. */
  find(chargePointId: string, token: string): TokenEntry | null {
    const entry = this.#tokens.get(fold(token))
    return entry && (entry.chargePointId === chargePointId || entry.chargePointId === '') ? entry : null
  }

  /** Tokens that start something now. */
  live(): { readonly token: string; readonly startId: string }[] {
    return [...this.#living].flatMap((token) => {
      const entry = this.#tokens.get(token)
      return entry ? { token, startId: entry.startId } : []
    })
  }

  /** The tokens of this subject. */
  of(subject: string): readonly string[] {
    return [...this.#tokens.values()].flatMap((entry) => (entry.subject === subject ? entry.token : []))
  }

  /** What the file forgets after 90 days is not remembered here either. `now`: ms since 1970. */
  forgetOld(now: number): void {
    for (const { token, died_at } of this.#tokens.values())
      if (died_at !== null && died_at < now - KEPT_MS) this.#tokens.delete(token)
    for (const [key, token] of this.#remote) if (!this.#tokens.has(token)) this.#remote.delete(key)
  }

  /** The token that a remote start of berth's own was made with; null for one of the back end's. */
  startedBy(chargePointId: string, remoteStartId: number): TokenEntry | null {
    const token = this.#remote.get(remoteKey(chargePointId, remoteStartId))
    return token === undefined ? null : this.find(chargePointId, token)
  }

  /** A token is alive from now on. `durable` tells when it will outlive this process and the power. */
  put(
    entry: Pick<TokenEntry, 'token' | 'alias' | 'startId' | 'chargePointId'> & {
      readonly subject?: string
      readonly evses?: readonly number[]
    },
    durable: (ok: boolean) => void,
  ): void {
    const { token, alias, startId, subject = '', chargePointId, evses = [] } = entry
    const made_at = this.#clock.now()
    const known = this.#tokens.get(fold(token))
    // Put again it is the same token: what it has paid for stays paid for.
    const spent = known?.startId === startId ? known.spent : null
    const place = { chargePointId, evses, spent }
    this.#set({ token: fold(token), alias, startId, subject, ...place, live: true, made_at, died_at: null }, durable)
  }

  /** A start of this occasion goes up with the token's alias: from now on the token pays for no other. Durable with the next commit. */
  spend({ token }: TokenEntry, occasion: string): void {
    const known = this.#tokens.get(token)
    if (known?.spent === null) this.#set({ ...known, spent: occasion }, () => undefined)
  }

  /** What this start began has ended: even the same occasion would be another one. */
  exhaust(startId: string): void {
    for (const known of this.#tokens.values())
      if (known.startId === startId && known.spent) this.#set({ ...known, spent: '' }, () => undefined)
  }

  /** A token is dead from now on; one that was never put stays unknown. */
  bury(token: string, durable: (ok: boolean) => void): void {
    const known = this.#tokens.get(fold(token))
    if (known?.live) this.#set({ ...known, live: false, died_at: this.#clock.now() }, durable)
    else this.#store.afterCommit(() => durable(true))
  }

  /** Every token of this subject is unknown from now on; answers its aliases. To be called within the store's `forget`. */
  forget(subject: string): readonly string[] {
    const gone = [...this.#tokens.values()].filter((entry) => entry.subject === subject)
    for (const { token } of gone) {
      this.#tokens.delete(token)
      this.#living.delete(token)
      this.#erase.run(token)
      this.#eraseStarts.run(token)
    }
    for (const [key, token] of this.#remote) if (!this.#tokens.has(token)) this.#remote.delete(key)
    return [...new Set(gone.map(({ alias }) => alias))]
  }

  /** Berth asks for a 2.x start: its remote start id belongs to the token from now on. */
  noteStart(chargePointId: string, remoteStartId: number, token: string): void {
    this.#remote.set(remoteKey(chargePointId, remoteStartId), fold(token))
    this.#store.write(() => void this.#note.run(chargePointId, remoteStartId, fold(token)))
  }

  /** The back end asks for a start with the same number: the number is its own again. */
  forgetStart(chargePointId: string, remoteStartId: number): void {
    if (!this.#remote.delete(remoteKey(chargePointId, remoteStartId))) return
    this.#store.write(() => void this.#forget.run(chargePointId, remoteStartId))
  }

  #set(entry: TokenEntry, durable: (ok: boolean) => void): void {
    this.#tokens.set(entry.token, entry)
    if (entry.live) this.#living.add(entry.token)
    else this.#living.delete(entry.token)
    const { token, alias, startId, subject, live, chargePointId, made_at, evses, spent } = entry
    const at = entry.died_at ?? made_at
    const life = [live ? 1 : 0, at, chargePointId, made_at, JSON.stringify(evses), spent]
    const put = (): void => void this.#put.run(token, alias, startId, subject, ...life)
    this.#store.write(put, true)
    this.#store.afterCommit(durable)
  }
}

const remoteKey = (chargePointId: string, remoteStartId: number): string => `${remoteStartId}/${chargePointId}`
