/** A file of vehicles: judged line by line by the server before anything of it is taken. */
import type { VehicleCheck, VehicleNote } from '../../vehicle-check.ts'
import { make, say } from './dom.ts'
import type { Orders } from './screen.ts'
import { address, NOT_SENT, sendText } from './server-call.ts'
import { inWords } from './told-words.ts'
import { VEHICLE_WORDS } from './vehicle-words.ts'

const WORDS = VEHICLE_WORDS.file

/** `taken` is called once a file is in the register. */
export function vehicleFilePanel(orders: Orders, taken: () => void) {
  const says = make('p', { role: 'status' })
  const findings = make('div', {})
  const input = make('input', { id: 'vehicle-file', type: 'file', accept: '.csv,text/csv,text/plain' })
  const root = make(
    'section',
    { class: 'card vehicle-file', 'aria-label': WORDS.title },
    make('h3', {}, WORDS.title),
    make('p', {}, make('label', { for: 'vehicle-file' }, WORDS.choose), input),
    says,
    findings,
  )
  let chosen = 0
  const forget = (why: string) => {
    chosen += 1
    input.value = ''
    findings.replaceChildren()
    say(says, why)
  }
  const take = async (text: string, button: HTMLButtonElement) => {
    if (!orders.may()) return say(says, NOT_SENT)
    button.disabled = true
    say(says, WORDS.taking)
    const told = await sendText<{ readonly imported: number }>(address('vehicles', 'import'), text, 'text/csv')
    if (!told.ok) return say(says, told.says)
    forget(WORDS.taken(told.body.imported))
    taken()
  }
  input.addEventListener('change', async () => {
    const file = input.files?.[0]
    if (file === undefined) return
    chosen += 1
    const mine = chosen
    findings.replaceChildren()
    say(says, WORDS.judging(file.name))
    const text = await textOf(file)
    if (text === null) return forget(WORDS.notText)
    const told = await sendText<VehicleCheck>(address('vehicles', 'check'), text, 'text/csv')
    // Another file was chosen meanwhile.
    if (mine !== chosen) return
    if (!told.ok) return say(says, told.says)
    say(says, told.body.vehicles === 0 && told.body.refused.length === 0 ? WORDS.nothing : countsOf(told.body))
    findings.replaceChildren(
      ...findingsOf(
        told.body,
        (button) => void take(text, button),
        () => forget(''),
      ),
    )
  })
  return { root }
}

const countsOf = ({ vehicles, added, changed, same }: VehicleCheck): string =>
  WORDS.counts(vehicles, added, changed, same)

/** A spreadsheet's own encoding would spoil names without a word. */
async function textOf(file: File): Promise<string | null> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer())
  } catch {
    return null
  }
}

function findingsOf(
  { refused, notes, pairs, vehicles }: VehicleCheck,
  take: (button: HTMLButtonElement) => void,
  forget: () => void,
): readonly HTMLElement[] {
  const isClean = refused.length === 0
  const button = make('button', { type: 'button', disabled: !isClean || vehicles === 0 }, WORDS.take(vehicles))
  button.addEventListener('click', () => take(button))
  const lines = refused.map(({ line, says }) =>
    make('li', {}, make('strong', {}, WORDS.line(line)), make('span', {}, inWords(says))),
  )
  const looks = notes.map((note) => make('li', {}, make('strong', {}, WORDS.line(note.line)), noteText(note)))
  const more = pairs > 100 ? make('li', {}, WORDS.morePairs(pairs)) : null
  const parts = [
    make('p', { class: isClean ? '' : 'warns' }, isClean ? WORDS.clean : WORDS.refused(refused.length)),
    isClean ? null : box(WORDS.refusedList, make('ol', { class: 'refused-lines' }, ...lines)),
    looks.length === 0
      ? null
      : make(
          'details',
          { open: true },
          make('summary', {}, WORDS.notes(looks.length)),
          box(WORDS.noteList, make('ul', { class: 'note-lines' }, ...looks, more)),
        ),
    make('div', { class: 'buttons' }, button, make('button', { type: 'button', onclick: forget }, WORDS.forget)),
  ]
  return parts.filter((part) => part !== null)
}

const box = (label: string, inner: HTMLElement): HTMLElement =>
  make('div', { class: 'scroll vehicle-lines', tabindex: '0', role: 'group', 'aria-label': label }, inner)

const noteText = ({ note, other }: VehicleNote): string =>
  note === 'one-character' ? WORDS[note](other ?? 0) : WORDS[note]
