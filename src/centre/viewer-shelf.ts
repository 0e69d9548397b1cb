import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { Clock } from '../../actors/ports.ts'
import type { CallerToken } from '../server/callers.ts'
import type { ViewedPlace } from './viewed-site.ts'
import type { ViewerSays } from './viewer-process.ts'

/** Where one site's copy is shown, or why not. */
export type Shown = { readonly url: string } | { readonly says: string } | 'opening'

type Viewer = { readonly child: ChildProcess; shown: Shown; readonly openedAt: number; usedAt: number }

export type ViewerShelfParts = {
  readonly store: string
  /** The token that viewers ask for. */
  readonly token: string
  /** Further tokens, one a role. */
  readonly roles?: readonly CallerToken[]
  readonly clock: Pick<Clock, 'now'>
  /** Viewers at once; default 4. */
  readonly most?: number
}

const PROCESS = join(import.meta.dirname, 'viewer-process.ts')
const MOST = 4
/** A viewer that nobody looked at for so long is closed, ms; and one that was opened so long ago shows too old a copy. */
const IDLE_MS = 10 * 60_000
const OLD_MS = 60 * 60_000
/** What went wrong is tried again after so long, ms. */
const AGAIN_MS = 10_000

/** Processes that show sites' copies, each opened when somebody looks, the longest unused closed for the next. */
export class ViewerShelf {
  readonly #parts: ViewerShelfParts
  readonly #open = new Map<string, Viewer>()

  constructor(parts: ViewerShelfParts) {
    this.#parts = parts
  }

  /** Where a site is shown; opens it where it is not. */
  at(site: string): Shown {
    const now = this.#parts.clock.now()
    const known = this.#open.get(site)
    if (known !== undefined && !isOver(known, now)) {
      known.usedAt = now
      return known.shown
    }
    this.#end(site)
    const most = this.#parts.most ?? MOST
    while (this.#open.size >= most) this.#end(this.#longestUnused())
    this.#open.set(site, this.#start(site, now))
    return 'opening'
  }

  /** Where a site is shown already; null where it is not. */
  peek(site: string): Shown | null {
    const known = this.#open.get(site)
    if (known === undefined) return null
    known.usedAt = this.#parts.clock.now()
    return known.shown
  }

  /** Closes those that nobody looks at; now and then. */
  tick(): void {
    const now = this.#parts.clock.now()
    for (const [site, { usedAt }] of this.#open) if (now - usedAt > IDLE_MS) this.#end(site)
  }

  close(): void {
    for (const site of [...this.#open.keys()]) this.#end(site)
  }

  #start(site: string, now: number): Viewer {
    const { store, token, roles = [] } = this.#parts
    const child = fork(PROCESS, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const viewer: Viewer = { child, shown: 'opening', openedAt: now, usedAt: now }
    child.once('message', (told: ViewerSays) => {
      viewer.shown = 'port' in told ? { url: `http://127.0.0.1:${told.port}` } : told
    })
    child.on('error', () => {})
    child.once('exit', () => {
      if (this.#open.get(site) === viewer && !(typeof viewer.shown === 'object' && 'says' in viewer.shown))
        viewer.shown = { says: 'What showed it stopped; it is opened again in a moment.' }
    })
    child.send({ store, site, token, roles } satisfies ViewedPlace)
    return viewer
  }

  #longestUnused(): string {
    const [site = ''] = [...this.#open].sort(([, a], [, b]) => a.usedAt - b.usedAt)[0] ?? []
    return site
  }

  #end(site: string): void {
    this.#open.get(site)?.child.kill('SIGKILL')
    this.#open.delete(site)
  }
}

function isOver({ shown, openedAt }: Viewer, now: number): boolean {
  const age = Math.abs(now - openedAt)
  return age > OLD_MS || (typeof shown === 'object' && 'says' in shown && age > AGAIN_MS)
}
