/** Whether the site is shown as it is or as it was: the address says which. Only what lives can be ordered of. */
import { byId } from './dom.ts'
import type { ReplayBar } from './replay-bar.ts'
import type { Key, Site } from './screen.ts'
import { emptyReplay, type LiveStore } from './store.ts'
import { recordWords } from './told-words.ts'

/** What an address says of when: a record (`?at=seq:48211`), now (`?at=live`), or nothing, which is now as well. */
export function whenOf(hash: string): number | 'live' | null {
  const at = /[?&]at=(live|seq:(\d{1,15}))$/.exec(hash)
  if (at === null) return null
  return at[1] === 'live' ? 'live' : Number(at[2])
}

const pathOf = (hash: string): string => hash.replace(/^#/, '').replace(/\?.*$/, '')

/** The bay whose screen an address is. */
function bayOf(hash: string): string | null {
  const part = /^\/bays\/([^/]+)$/.exec(pathOf(hash))?.[1] ?? null
  try {
    return part === null ? null : decodeURIComponent(part)
  } catch {
    return part
  }
}

/** Screens that show a site at any time: the board and its bays. Every other one is about now. */
const isOfAnyTime = (hash: string): boolean => /^\/?$|^\/replay$|^\/bays\/[^/]+$/.test(pathOf(hash))

/** Shows the site that lives, or a replay of it under a bar; a recording is a replay and nothing else. */
export function replayMode(living: Site, live: LiveStore, changed: (bays: Iterable<string>) => void) {
  let site = living
  let bar: ReplayBar | null = null
  const isRecording = () => live.hello?.recording === true
  const wants = (hash: string): boolean => {
    if (isRecording()) return true
    const when = whenOf(hash)
    if (!isOfAnyTime(hash) || when === 'live') return false
    return when !== null || pathOf(hash) === '/replay'
  }
  const end = () => {
    bar?.walk.end()
    bar?.root.remove()
    bar = null
    site = living
    delete document.body.dataset['replay']
  }
  const leave = () => {
    end()
    const path = pathOf(location.hash)
    location.hash = path === '/replay' ? '#/' : `#${path}`
  }
  const enter = async (hash: string): Promise<void> => {
    const { hello } = live
    if (hello === null) return
    const [{ replayBar }] = await Promise.all([import('./replay-bar.ts'), recordWords()])
    if (bar !== null) return
    const replay = emptyReplay(hello)
    const lastReviews = () => (isRecording() ? live.reviews : null)
    bar = replayBar({ replay, lastReviews, changed, leave: isRecording() ? null : leave })
    byId('main').before(bar.root)
    document.body.dataset['replay'] = ''
    site = { shown: replay, orders: null }
    bar.about(bayOf(hash))
    const when = whenOf(hash)
    // A screen need not wait for what it will be told.
    void (typeof when !== 'number' && isRecording()
      ? bar.walk.begin()
      : bar.walk.go(typeof when === 'number' ? when : live.seq))
  }
  return {
    site: (): Site => site,
    keys: (): readonly Key[] => bar?.keys ?? [],
    isOn: (): boolean => bar !== null,
    /** The address wants a replay that could not be opened before the server had said who it is. */
    isDue: (): boolean => bar === null && live.hello !== null && wants(location.hash),
    /** The address changed: afterwards `site` is what it asks for. */
    async follow(hash: string): Promise<void> {
      if (!wants(hash)) return end()
      const when = whenOf(hash)
      if (bar === null) return enter(hash)
      bar.about(bayOf(hash))
      if (typeof when === 'number') void bar.walk.go(when)
    },
  }
}
