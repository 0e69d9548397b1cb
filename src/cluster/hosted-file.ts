import type { Log } from '../room-parts.ts'
import { type KeepFile, refused } from '../zones/zone-file.ts'
import type { Claim, Claimed, Roster } from './roster.ts'
import { SiteFolder, stampOf } from './site-folder.ts'

/**
 * The site file of one claim, in the database and on this machine. What stands on this machine is what is served; a version that somebody
 * else put into the database is newer and wins.
 */
export class HostedFile {
  readonly folder: SiteFolder
  readonly #claimed: Claim
  readonly #roster: Pick<Roster, 'wrote' | 'newest'>
  readonly #log: Log
  #version: number
  /** Of the text that the database has, as far as it answered. */
  #stamp: string
  /** Of texts that it may have taken without an answer. */
  readonly #unsure = new Set<string>()
  /** One after the other: nobody sees the new text in the one place and the old one in the other. */
  #turn: Promise<unknown> = Promise.resolve()

  /** `data`: the node's folder. */
  constructor(
    claimed: Claimed,
    roster: Pick<Roster, 'wrote' | 'newest'>,
    { data, log }: { readonly data: string; readonly log: Log },
  ) {
    this.folder = new SiteFolder(data, claimed.siteId)
    this.#claimed = claimed
    this.#roster = roster
    this.#log = log
    this.#version = claimed.version
    this.#stamp = stampOf(claimed.file)
  }

  /** Into the database under this claim, then by `write` into the file here. Rejects with Fault COMMAND_REFUSED where it cannot be kept there; the file here is then as it was. */
  replace: KeepFile = (text, write) =>
    this.#inTurn(async () => {
      const { siteId } = this.#claimed
      const kept = await this.#keep(text).catch((cause: unknown) => {
        const why = cause instanceof Error ? cause.message : String(cause)
        throw refused(
          `The site file of ${siteId} cannot be kept in the database of the nodes, so nothing was published; try again once it can. ${why}`,
        )
      })
      if (kept === 'lost')
        throw refused(`${siteId} is served by another node now, so nothing was published; ask again in a few seconds.`)
      if (kept === 'newer')
        throw refused(
          `Somebody put a newer site file of ${siteId} in (berth node put), so nothing was published; it is served within seconds: look at its zones, then draw.`,
        )
      await write()
    })

  /** True where the database has a newer file than the one served here, as of this beat; else what was changed here is passed on. */
  follow(claim: Claim): Promise<boolean> {
    return this.#inTurn(async () => {
      if (claim.version > this.#version && !(await this.#isOwn(claim))) return true
      await this.#passOn()
      return false
    })
  }

  /** What was changed here goes into the database, unless the site is another's or a newer file stands there. */
  passOn(): Promise<void> {
    return this.#inTurn(() => this.#passOn())
  }

  async #passOn(): Promise<void> {
    const text = this.folder.text()
    if (stampOf(text) === this.#stamp) return
    if ((await this.#keep(text)) === 'newer')
      this.#log(
        `${this.#claimed.siteId}: what was changed in ${this.folder.file} gives way to the newer file that was put in.`,
      )
  }

  async #keep(text: string): Promise<'kept' | 'newer' | 'lost'> {
    const stamp = stampOf(text)
    this.#unsure.add(stamp)
    const kept = await this.#roster.wrote({ ...this.#claimed, version: this.#version }, text)
    if (typeof kept === 'string') return kept
    this.#took(kept, stamp)
    return 'kept'
  }

  /** Whether the newer version is one of this node's own, whose answer was lost. */
  async #isOwn(claim: Claim): Promise<boolean> {
    if (this.#unsure.size === 0) return false
    const newest = await this.#roster.newest(claim)
    const stamp = stampOf(newest?.file ?? '')
    if (newest === null || !this.#unsure.has(stamp)) return false
    this.#took(newest.version, stamp)
    return true
  }

  #took(version: number, stamp: string): void {
    this.#version = version
    this.#stamp = stamp
    this.#unsure.clear()
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(act)
    this.#turn = done.catch(() => {})
    return done
  }
}
