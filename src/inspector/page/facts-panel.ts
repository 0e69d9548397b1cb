/** Who and what stands at a bay: visit, plate, lock, amperes, energy, charge points, cameras. */
import type { BayView } from '../../../projections/bay-view.ts'
import { BAY_WORDS as WORDS } from './bay-screen-words.ts'
import { amperes, ampereText, autonomyWord, evidenceWords, masked } from './bay-words.ts'
import { make, mark, say, show } from './dom.ts'
import { decimal } from './language.ts'
import { inWords, lockWord, nameWord } from './told-words.ts'

/** A plate that was shown hides itself again after so long. */
const REVEAL_MS = 30_000

/** The facts of the bay that it is told of. */
export function factsPanel() {
  const plate = make('span', { class: 'plate', dir: 'ltr' })
  const list = make('dl', {})
  let shown = false
  let bay: BayView | null = null
  const fields = { type: 'button', class: 'small', 'aria-pressed': 'false', onclick: () => reveal(!shown) }
  const button = make('button', fields, WORDS.showPlate)
  const plateOf = () => {
    if (bay === null || bay.visit === null) return ''
    return (
      (shown ? bay.visit.plate : masked(bay.visit.plate)) ??
      (bay.visit.plateForgotten ? WORDS.plateForgotten : WORDS.noPlate)
    )
  }
  const reveal = (on: boolean) => {
    shown = on
    say(button, on ? WORDS.hidePlate : WORDS.showPlate)
    mark(button, 'aria-pressed', String(on))
    say(plate, plateOf())
    if (on) setTimeout(() => shown && reveal(false), REVEAL_MS)
  }
  const plateLine = make('p', { class: 'plate-line' }, plate, ' ', button)
  return {
    root: make('section', { class: 'card', 'aria-label': WORDS.here }, make('h3', {}, WORDS.here), plateLine, list),
    update(newer: BayView) {
      const another = bay?.visit?.visitId !== newer.visit?.visitId
      bay = newer
      if (another) reveal(false)
      plateLine.hidden = newer.visit === null
      button.hidden = newer.visit?.plate === null || (newer.visit?.plate ?? '').includes('•')
      say(plate, plateOf())
      const rows = factRows(newer)
      show(list, JSON.stringify(rows), () =>
        rows.flatMap(([name, text]) => [make('dt', {}, name), make('dd', {}, text)]),
      )
    },
  }
}

type Camera = BayView['cameras'][number]

function cameraWord({ status, blind }: Camera): string {
  if (blind) return WORDS.blindBecause(inWords(blind.says), inWords(blind.do))
  if (status === 'lost') return WORDS.camera.blind
  return status === 'live' ? WORDS.camera.sees : WORDS.camera.unheard
}

type Row = readonly [name: string, text: string]

const accountWords = (by: string, { accountId, accountHidden }: NonNullable<BayView['visit']>): string =>
  accountHidden ? WORDS.anotherAccount(by) : WORDS.account(by, accountId ?? WORDS.none)

function sessionWords({ energy_Wh, transactionId }: NonNullable<BayView['session']>): string {
  const transaction = transactionId ?? WORDS.none
  return energy_Wh === null ? WORDS.noEnergy(transaction) : WORDS.energy(decimal(energy_Wh / 1000, 2), transaction)
}

function factRows(bay: BayView): readonly Row[] {
  const { facts, none } = WORDS
  const { visit, lock, session } = bay
  const by =
    visit?.identifiedBy == null ? WORDS.notIdentified : WORDS.identifiedBy(nameWord('ranks', visit.identifiedBy))
  const current = amperes(bay)
  const evidence = evidenceWords(visit)
  return [
    [facts.visit, visit === null ? none : accountWords(by, visit)],
    ...(evidence === '' ? [] : [[facts.evidence, evidence] as const]),
    ...bay.contradictions.map(
      ({ says, connector }): Row => [
        facts.contradiction,
        `${inWords(says)}${connector === null ? '' : ` (${connector})`}`,
      ],
    ),
    [facts.lock, lock.locked ? lock.reasons.map(lockWord).join(', ') : WORDS.notLocked],
    [facts.current, current === null ? WORDS.notKnown : ampereText(current)],
    [facts.session, session === null ? none : sessionWords(session)],
    ...bay.chargers.map(({ chargePointId, evse, online, status, power_W }): Row => {
      const power = power_W === null ? '' : `, ${decimal(power_W / 1000, 1)} kW`
      return [
        `${chargePointId}/${evse}`,
        `${online ? nameWord('statuses', status) : WORDS.wasOffline(nameWord('statuses', status))}${power}`,
      ]
    }),
    ...bay.cameras.map((camera): Row => [camera.cameraId, cameraWord(camera)]),
    [facts.autonomy, autonomyWord(bay.autonomy)],
  ]
}
