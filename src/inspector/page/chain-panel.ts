/** Whether the journal is whole: the hash chain followed on request, the newest checkpoint, its key, and what can be taken away. */
import { AUDIT_WORDS as WORDS } from './audit-words.ts'
import { make, say } from './dom.ts'
import { address, ask } from './server-call.ts'
import { atSite } from './server-time.ts'
import { type Shown, zoneOf } from './store.ts'
import { inWords } from './told-words.ts'

type ChainTold = { readonly from: number; readonly checked: number; readonly of: number; readonly wrong: string | null }
type Checkpoints = {
  readonly key: string | null
  readonly newest: { readonly seq: number; readonly time: string } | null
}

/** The chain of the site that is shown. */
export function chainPanel(shown: Shown) {
  const says = make('p', { role: 'status', class: 'audit-chain' })
  const newest = make('p', {})
  const key = make('p', { class: 'faint audit-key' })
  const button = make('button', { type: 'button', class: 'small', onclick: () => void check() }, WORDS.check)
  const file = (name: string, text: string) => {
    return make('a', { href: `/api/reports/audit/${name}`, download: '', class: 'queue-link' }, text)
  }
  const files = make(
    'p',
    { class: 'audit-exports' },
    WORDS.exports,
    file('rows.jsonl', WORDS.asLines),
    file('rows.csv', WORDS.asCsv),
  )
  const title = make('h3', {}, WORDS.chain)
  const root = make('section', { class: 'card', 'aria-label': WORDS.chain }, title, says, button, newest, key, files)
  const check = async () => {
    button.disabled = true
    for (let going = true; going; ) {
      const told = await ask<ChainTold>(address('audit', 'chain'))
      if (!told.ok) say(says, told.says)
      if (!told.ok || !root.isConnected) break
      const { from, checked, of, wrong } = told.body
      going = wrong === null && checked < of
      if (wrong !== null) say(says, WORDS.chainBroken(inWords(wrong)))
      else say(says, going ? WORDS.chainGoes(checked, of) : WORDS.chainHolds(from, checked))
    }
    button.disabled = false
  }
  const showNewest = async () => {
    const told = await ask<Checkpoints>(address('checkpoints'))
    if (!told.ok) return
    const { newest: last } = told.body
    say(newest, last === null ? WORDS.noCheckpoint : WORDS.checkpoint(last.seq, atSite(last.time, zoneOf(shown), true)))
    say(key, told.body.key === null ? '' : WORDS.publicKey(told.body.key))
  }
  // Checkpoints are for witnesses; who is none follows the chain without them.
  if (shown.hello?.rights.includes('witness')) void showNewest()
  return { root }
}
