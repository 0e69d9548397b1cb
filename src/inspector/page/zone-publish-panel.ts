/** Publishing a draft, after a question, and the versions that were published before. */
import type { ZoneVersion } from '../../zones/zone-versions.ts'
import { make, say, show } from './dom.ts'
import { bayAddress } from './need-list.ts'
import { reasonChoice } from './reason-choice.ts'
import { SECOND_WORDS as SECOND } from './second-words.ts'
import { address, ask, NOT_SENT, newId, send } from './server-call.ts'
import { atSite } from './server-time.ts'
import type { ZoneDraft } from './zone-draft.ts'
import { ZONE_WORDS as WORDS } from './zone-words.ts'

type Parts = {
  readonly draft: () => ZoneDraft
  readonly zone: () => string
  readonly may: () => boolean
  /** Warnings that stand, and what the trial came to. */
  readonly told: () => { readonly warnings: number; readonly trial: string | null }
  /** The zones in force are others now. */
  readonly changed: (isPublished: boolean) => Promise<void>
  readonly took: () => void
  /** What was sent waits for a second person. */
  readonly waits: () => Promise<void>
}

/** The panel of publishing and of versions. */
export function zonePublishPanel(parts: Parts) {
  const says = make('p', { class: 'zone-tried', role: 'status' })
  const button = make('button', { type: 'button', 'data-zones': 'publish' })
  const dialog = make('dialog', { 'aria-labelledby': 'zone-publish-title' })
  const list = make('ol', { class: 'zone-versions' })
  /** Answers the newest version. */
  const readVersions = async (): Promise<number | null> => {
    const told = await ask<{ readonly items: readonly ZoneVersion[] }>(address('zones', 'versions'))
    if (!told.ok) return null
    show(list, JSON.stringify([told.body.items, parts.may()]), () =>
      told.body.items.map((one, at) => versionRow(one, at === 0, putBack, parts)),
    )
    return told.body.items[0]?.version ?? 0
  }
  const putBack = async (version: number) => {
    const told = await ask<{ readonly bays: Parameters<ZoneDraft['takeVersion']>[1] }>(
      address('zones', 'versions', String(version)),
    )
    if (!told.ok) return say(says, told.says)
    parts.draft().takeVersion(version, told.body.bays)
    say(says, WORDS.tookBack(version))
    parts.took()
  }
  const done = async (version: number, bays: readonly string[]) => {
    await parts.changed(true)
    const links = bays.flatMap((bayId, at) => [at > 0 && ', ', make('a', { href: bayAddress(bayId) }, bayId)])
    says.replaceChildren(`${WORDS.published(version)} ${WORDS.learnAgain}`)
    says.append(...links.filter((one) => one !== false))
    await readVersions()
  }
  const waits = async (until: string) => {
    say(says, SECOND.waits(atSite(until, parts.zone())))
    await parts.waits()
  }
  const refused = async () => {
    await parts.changed(false)
    await readVersions()
  }
  const open = () => {
    if (parts.draft().bays.length === 0) return
    dialog.replaceChildren(question(parts, { done, waits, refused }))
    dialog.showModal()
  }
  button.addEventListener('click', open)
  return {
    root: make('div', { class: 'zone-publish' }, button, says, dialog),
    versions: make('section', { class: 'card', 'aria-label': WORDS.versions }, make('h3', {}, WORDS.versions), list),
    open,
    readVersions,
    paint(mayPublish: boolean) {
      say(button, WORDS.publish(parts.draft().now.version + 1))
      button.disabled = !mayPublish
    },
  }
}

type Outcome = {
  readonly done: (version: number, bays: readonly string[]) => Promise<void>
  /** Somebody else must agree until then. */
  readonly waits: (until: string) => Promise<void>
  readonly refused: () => Promise<void>
}

function question({ draft, may, told }: Parts, { done, waits, refused }: Outcome): HTMLElement {
  const { bays, now, base, putBack } = draft()
  const order = { id: newId(), expectVersion: base, bays, ...(putBack === null ? {} : { putBack }) }
  const { warnings, trial } = told()
  // That an old version is put back is plain from what was done.
  const reason = reasonChoice('zone-reason', WORDS.reason, WORDS.reasons, putBack === null ? '' : 'put-back')
  const says = make('p', { class: 'says', role: 'alert' })
  const publish = make('button', { type: 'submit', 'data-zones': 'send' }, WORDS.send)
  const cancel = make('button', { type: 'button' }, WORDS.cancel)
  cancel.addEventListener('click', () => cancel.closest('dialog')?.close())
  const close = () => cancel.closest('dialog')?.close()
  const onsubmit = async (event: Event) => {
    event.preventDefault()
    if (!may()) return say(says, NOT_SENT)
    const why = reason.chosen(says)
    if (why === null) return
    publish.disabled = true
    say(says, WORDS.sending)
    const answer = await send<{ readonly version: number }>(address('zones'), { ...order, reason: why })
    publish.disabled = false
    if (answer.ok) {
      close()
      return done(
        answer.body.version,
        bays.map(({ bayId }) => bayId),
      )
    }
    if (answer.status === 423) {
      close()
      return waits(String((answer.body as { readonly until?: unknown }).until))
    }
    if (answer.status !== 409) return say(says, answer.status === 0 ? WORDS.noAnswer : answer.says)
    close()
    return refused()
  }
  const lines = bays.map(({ bayId, zones }) => {
    const before = now.bays.find((one) => one.bayId === bayId)?.zones.length ?? 0
    return make(
      'li',
      {},
      before === zones.length ? WORDS.publishRedrawn(bayId) : WORDS.publishBay(bayId, before, zones.length),
    )
  })
  return make(
    'form',
    { onsubmit },
    make('h3', { id: 'zone-publish-title' }, WORDS.publishTitle(now.version + 1)),
    make('p', {}, WORDS.publishSays),
    make('ul', { class: 'ways' }, ...lines),
    make(
      'p',
      { class: 'warns' },
      [warnings > 0 ? WORDS.warnings(warnings) : '', trial ?? WORDS.untried].join(' ').trim(),
    ),
    ...reason.parts,
    says,
    make('div', { class: 'buttons' }, publish, cancel),
  )
}

function versionRow(
  version: ZoneVersion,
  isNewest: boolean,
  putBack: (version: number) => unknown,
  { zone, may }: Parts,
): HTMLElement {
  const { by, second, at, reason, changed, tried } = version
  const who = `${by ?? WORDS.byFile}${second === null ? '' : SECOND.secondName(second)}`
  const what = [
    ...(reason === null ? [] : [WORDS.reasons[reason]]),
    ...(version.putBack === null ? [] : [WORDS.putBackOf(version.putBack)]),
    changed.join(', '),
    ...(tried === null ? [] : [WORDS.triedAs(tried.changed, tried.visits)]),
  ]
  const press = make(
    'button',
    { type: 'button', class: 'small', onclick: () => putBack(version.version) },
    WORDS.putBack,
  )
  return make(
    'li',
    { 'data-version': version.version },
    make('p', {}, make('strong', {}, WORDS.version(version.version)), isNewest ? ` ${WORDS.inForce}` : ''),
    make('p', { class: 'faint' }, `${atSite(at, zone(), true)} · ${who}`),
    make('p', {}, what.join(' · ')),
    isNewest || !may() ? null : press,
  )
}
