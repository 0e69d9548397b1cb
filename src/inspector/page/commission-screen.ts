/** A bay is shown to work, step by step, on the phone of whoever stands in it. The journal says what was shown; a person says the rest. */
import type { CommissionStep, StepSeen } from '../../commissioning/commission-check.ts'
import { COMMISSION_WORDS as WORDS } from './commission-words.ts'
import { make, say, wantStyle } from './dom.ts'
import { type Screen, type Site, tickButtons } from './screen.ts'
import { address, ask, NOT_SENT, send } from './server-call.ts'

const STEPS = ['plate', 'plug', 'start', 'stop', 'night'] as const satisfies readonly CommissionStep[]
const EVERY_MS = 1_500
/** A reload begins nothing anew: where it began is kept in this tab. */
const KEPT_AS = 'commissioning'

type Told = { readonly bayId: string; readonly since: number; readonly steps: readonly StepSeen[] }

/** The screen of commissioning. */
export function commissionScreen({ orders }: Site): Screen {
  wantStyle(new URL('./commission.css', import.meta.url))
  const bays = make('select', { id: 'commission-bay' })
  const note = make('p', { role: 'status' })
  const begin = make('button', { type: 'button' }, WORDS.begin)
  const close = make('button', { type: 'button' }, WORDS.close)
  const cards = STEPS.map(stepCard)
  const list = make('ol', { class: 'steps' }, ...cards.map(({ root }) => root))
  const work = make('div', { class: 'commission-work' }, list, close)
  work.hidden = true
  const head = make('p', { class: 'card' }, make('label', { for: 'commission-bay' }, WORDS.bay), bays, begin)
  const root = make('div', { class: 'commission' }, make('h2', {}, WORDS.title), head, note, work)
  let begun: { readonly bayId: string; readonly since: number } | null = null
  let askedAt = Number.NEGATIVE_INFINITY
  const fill = (told: Told) => {
    begun = { bayId: told.bayId, since: told.since }
    sessionStorage.setItem(KEPT_AS, JSON.stringify(begun))
    bays.value = told.bayId
    work.hidden = false
    for (const card of cards) card.update(told.steps)
  }
  const look = async (bayId: string, since: number | null) => {
    askedAt = performance.now()
    const told = await ask<Told>(`${address('bays', bayId, 'commissioning')}${since === null ? '' : `?since=${since}`}`)
    // What was signed, or begun anew, meanwhile is not brought back by an older answer.
    if (since !== null && since !== begun?.since) return
    if (!told.ok) return say(note, told.says)
    if (since === null) say(note, WORDS.began(told.body.since))
    fill(told.body)
  }
  begin.addEventListener('click', () => void look(bays.value, null))
  close.addEventListener('click', async () => {
    if (begun === null) return
    if (orders === null || !orders.may()) return say(note, NOT_SENT)
    const skipped = Object.fromEntries(cards.flatMap(({ step, why }) => (why() === '' ? [] : [[step, why()]])))
    const nightSeen = cards.some(({ looked }) => looked())
    const signing = begun
    // One press, one record: a second one finds nothing begun.
    begun = null
    const word = { since: signing.since, skipped, nightSeen }
    const told = await send<{ readonly seq: number }>(address('bays', signing.bayId, 'commissioning'), word)
    say(note, told.ok ? WORDS.done(told.body.seq) : told.says)
    if (!told.ok) {
      begun = signing
      return
    }
    sessionStorage.removeItem(KEPT_AS)
    work.hidden = true
  })
  void listBays(bays).then(() => {
    const kept = JSON.parse(sessionStorage.getItem(KEPT_AS) ?? 'null') as typeof begun
    if (kept === null) return
    begun = kept
    void look(kept.bayId, kept.since)
  })
  return {
    root,
    title: WORDS.title,
    update() {},
    tick(now) {
      if (orders !== null) tickButtons(root, orders)
      const isDue = performance.now() - askedAt > EVERY_MS
      if (begun !== null && now !== null && isDue) void look(begun.bayId, begun.since)
    },
  }
}

async function listBays(select: HTMLSelectElement): Promise<void> {
  const told = await ask<{ readonly items: readonly { readonly bayId: string }[] }>(address('bays'))
  if (told.ok) select.append(...told.body.items.map(({ bayId }) => make('option', { value: bayId }, bayId)))
}

function stepCard(step: CommissionStep) {
  const standing = make('p', { class: 'standing' }, WORDS.waits)
  const why = make('input', { id: `skip-${step}`, maxlength: '200' })
  const looked = make('input', { id: 'night-looked', type: 'checkbox' })
  const night =
    step === 'night'
      ? make('p', { class: 'looked' }, looked, make('label', { for: 'night-looked' }, WORDS.looked))
      : null
  const skip = make('p', { class: 'skip' }, make('label', { for: `skip-${step}` }, WORDS.skip), why)
  const root = make(
    'li',
    { class: 'card', 'data-step': step },
    make('h3', {}, WORDS.steps[step]),
    standing,
    night,
    skip,
  )
  const update = (steps: readonly StepSeen[]) => {
    const seen = steps.find((one) => one.step === step)
    if (seen === undefined) return
    root.classList.toggle('is-shown', seen.seq !== null && seen.others.length === 0)
    root.classList.toggle('is-wrong', seen.others.length > 0)
    say(standing, standingOf(seen))
  }
  return { step, root, update, why: () => why.value.trim(), looked: () => looked.checked }
}

function standingOf({ step, seq, by, others, witnesses }: StepSeen): string {
  const doubt = step === 'plug' ? WORDS.cable : WORDS.others
  const shown = seq === null ? WORDS.waits : WORDS.shown(by.join(', '), seq)
  const reads = witnesses === null ? '' : WORDS.reads(witnesses)
  return `${shown}${reads}${others.length > 0 ? `. ${doubt(others.join(', '))}` : ''}`
}
