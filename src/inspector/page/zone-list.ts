/** The bays of a camera beside its picture: what is drawn, what is new, what does not work, and what is known of the chosen one. */
import type { CheckedDraft } from '../../zones/zone-desk.ts'
import type { ZoneProblem } from '../../zones/zone-file.ts'
import type { WrittenZone } from '../../zones/zone-versions.ts'
import { arrange, make, mark, say, show } from './dom.ts'
import { asSentence, inWords } from './told-words.ts'
import { ZONE_WORDS as WORDS } from './zone-words.ts'

/** One bay of the list. */
export type ListedBay = {
  readonly bayId: string
  readonly zone: WrittenZone | null
  readonly isChanged: boolean
  readonly problems: readonly ZoneProblem[]
}
type Standing = keyof typeof WORDS.standing

/** How a bay stands, the worst first. */
export function standingOf({ zone, isChanged, problems }: ListedBay): Standing {
  if (problems.some(({ bars }) => bars)) return 'bad'
  if (zone === null) return isChanged ? 'changed' : 'none'
  if (problems.length > 0) return 'warned'
  return isChanged ? 'changed' : 'drawn'
}

/** The list of bays; a press chooses one. */
export function bayList(choose: (bayId: string) => void) {
  const buttons = new Map<string, { readonly root: HTMLButtonElement; readonly word: HTMLElement }>()
  const list = make('div', { class: 'zone-bays', role: 'group', 'aria-label': WORDS.bays })
  const buttonOf = (bayId: string) => {
    const known = buttons.get(bayId)
    if (known) return known
    const word = make('span', { class: 'zone-standing' })
    const root = make(
      'button',
      { type: 'button', class: 'zone-bay', 'data-zone-bay': bayId },
      make('span', {}, bayId),
      word,
    )
    root.addEventListener('click', () => choose(bayId))
    buttons.set(bayId, { root, word })
    return { root, word }
  }
  return {
    root: list,
    paint(bays: readonly ListedBay[], chosen: string | null) {
      const roots = bays.map((bay) => {
        const { root, word } = buttonOf(bay.bayId)
        const standing = standingOf(bay)
        mark(root, 'aria-pressed', String(bay.bayId === chosen))
        mark(root, 'data-standing', standing)
        say(word, WORDS.standing[standing])
        return root
      })
      arrange(list, roots)
    },
    focus: (bayId: string) => buttons.get(bayId)?.root.focus(),
  }
}

/** What is known of the chosen zone. */
export function zoneFacts() {
  const facts = make('ul', { class: 'zone-facts faint' })
  const problems = make('ul', { class: 'zone-problems', 'aria-live': 'polite' })
  return {
    root: make('div', { class: 'zone-told' }, facts, problems),
    paint(bay: ListedBay | null, cameraId: string, { used }: Pick<CheckedDraft, 'used'>) {
      const lines = bay?.zone
        ? factLines(
            bay.zone,
            used.find((one) => one.bayId === bay.bayId && one.cameraId === cameraId),
          )
        : []
      show(facts, lines.join('\n'), () => lines.map((line) => make('li', {}, line)))
      const all = bay?.problems ?? []
      show(problems, JSON.stringify(all), () =>
        all.map(({ says, expected, bars }) =>
          make(
            'li',
            { class: bars ? 'zone-bars' : 'zone-warns' },
            make('strong', {}, `${asSentence(says)}. `),
            WORDS.expected,
            `${inWords(expected)}.`,
          ),
        ),
      )
    },
  }
}

function factLines(zone: WrittenZone, used: CheckedDraft['used'][number] | undefined): readonly string[] {
  const isGround = 'ground' in zone
  const corners = isGround ? zone.ground : zone.polygon
  const beside = used === undefined ? [] : [besideWords(used)]
  return [
    `${isGround ? WORDS.isGround : WORDS.isPlates}: ${WORDS.corners(corners.length)}`,
    ...(used?.plate_px ? [WORDS.plates(used.plate_px.near, used.plate_px.far)] : []),
    ...beside,
    ...(isGround ? [WORDS.lift] : []),
  ]
}

/** Nearer than a fraction of a pixel is the same line. */
const TOUCH = 0.0005

function besideWords({ nearest }: CheckedDraft['used'][number]): string {
  if (nearest === null) return WORDS.alone
  const { bayId, gap } = nearest
  if (Math.abs(gap) < TOUCH) return WORDS.touches(bayId)
  return gap > 0 ? WORDS.apart(bayId, gap) : WORDS.into(bayId, -gap)
}
