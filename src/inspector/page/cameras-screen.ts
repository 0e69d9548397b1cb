/** Every camera: whether it sees, what keeps it from seeing with what follows and what to do, and what its own figures are worth. */
import type { CameraView, FaultView } from '../../cameras/camera-sights.ts'
import { CAMERA_WORDS as WORDS } from './camera-words.ts'
import { arrange, make, mark, say, show, wantStyle } from './dom.ts'
import { LOCALE, percent } from './language.ts'
import { bayAddress } from './need-list.ts'
import { type Orders, type Screen, type Site, sinceFields, tickButtons, tickTimes } from './screen.ts'
import { address, ask, NOT_SENT, send } from './server-call.ts'
import { atSite } from './server-time.ts'
import { icon } from './state-icon.ts'
import { zoneOf } from './store.ts'
import { asSentence, inWords, nameWord } from './told-words.ts'

/** Asked anew so often: what a camera gives in a second is in no record. */
const EVERY_MS = 5_000

/** The screen of cameras. */
export function camerasScreen({ shown, orders }: Site): Screen {
  wantStyle(new URL('./cameras.css', import.meta.url))
  const cards = new Map<string, ReturnType<typeof cameraCard>>()
  const list = make('div', { class: 'cameras' })
  const note = make('p', { class: 'card' }, WORDS.asking)
  const root = make('div', {}, make('h2', {}, WORDS.title), note, list)
  let askedAt = Number.NEGATIVE_INFINITY
  let isAsking = false
  const askAll = async () => {
    if (isAsking) return
    isAsking = true
    askedAt = performance.now()
    const told = await ask<{ readonly items: readonly CameraView[] }>(address('cameras'))
    isAsking = false
    if (told.ok) fill(told.body.items)
    else unknown(told.status === 0 ? WORDS.silent : told.status === 401 ? WORDS.signedOut : WORDS.saysNot)
  }
  const unknown = (why: string) => {
    note.hidden = false
    say(note, `${why}${cards.size > 0 ? WORDS.isOld : ''}`)
  }
  /** Who is blind comes first. */
  const fill = (cameras: readonly CameraView[]) => {
    note.hidden = cameras.length > 0
    say(note, WORDS.none)
    const sorted = cameras.toSorted((a, b) => urgency(a) - urgency(b))
    const roots = sorted.map((camera) => {
      const card = cards.get(camera.cameraId) ?? cameraCard(camera.cameraId, orders, askAll)
      cards.set(camera.cameraId, card)
      card.update(camera, zoneOf(shown))
      return card.root
    })
    arrange(list, roots)
  }
  return {
    root,
    title: WORDS.title,
    update() {
      // Something changed at the site: perhaps a camera did.
      if (performance.now() - askedAt > 1_000) void askAll()
    },
    tick(now) {
      if (orders !== null) tickButtons(root, orders)
      if (now !== null && performance.now() - askedAt > EVERY_MS) void askAll()
      tickTimes(root, now)
    },
  }
}

const urgency = ({ blind, faults }: CameraView): number => (blind !== null ? 0 : faults.length > 0 ? 1 : 2)

function cameraCard(cameraId: string, orders: Orders | null, askAgain: () => Promise<void>) {
  const word = make('strong', { class: 'word standing' })
  const bays = make('p', { class: 'faint' })
  const faults = make('div', { class: 'faults' })
  const facts = make('dl', { class: 'camera-facts' })
  const says = make('p', { class: 'says', role: 'alert' })
  const title = make('h3', { class: 'camera-name' }, cameraId)
  const root = make('section', { class: 'card', 'aria-label': WORDS.camera(cameraId), 'data-camera': cameraId })
  root.append(make('p', { class: 'camera-head' }, title, word), bays, faults, facts, says)
  const confirm = async () => {
    if (orders === null || !orders.may()) return say(says, NOT_SENT)
    say(says, WORDS.sending)
    const told = await send(address('cameras', cameraId, 'confirm-view'), {})
    say(says, told.ok ? WORDS.onRecord : told.status === 0 ? WORDS.confirmAgain : told.says)
    await askAgain()
  }
  return {
    root,
    update(camera: CameraView, zone: string) {
      mark(root, 'class', camera.faults.length > 0 ? 'card need camera-card' : 'card camera-card')
      say(word, standing(camera))
      show(bays, camera.bays.join(' '), () => bayLinks(camera.bays))
      show(faults, JSON.stringify(camera.faults), () =>
        camera.faults.map((fault) => faultBox(fault, orders === null ? null : confirm)),
      )
      const rows = factRows(camera, zone)
      show(facts, JSON.stringify(rows), () =>
        rows.flatMap(([name, text]) => [make('dt', {}, name), make('dd', {}, text)]),
      )
    },
  }
}

function bayLinks(bays: readonly string[]) {
  if (bays.length === 0) return [WORDS.noBay]
  const links = bays.flatMap((bayId, at) => [at > 0 && ', ', make('a', { href: bayAddress(bayId) }, bayId)])
  return [WORDS.seesBays, ...links]
}

function standing({ blind, status, faults }: CameraView): string {
  if (blind !== null || status === 'lost') return WORDS.standing.blind
  if (status === 'unknown') return WORDS.standing.unheard
  return faults.length > 0 ? WORDS.standing.badly : WORDS.standing.sees
}

function faultBox({ cause, since, says, means, do: todo }: FaultView, confirm: (() => unknown) | null): HTMLElement {
  const head = make('strong', {}, asSentence(says))
  const time = make('time', { class: 'fault-since', ...sinceFields(since) })
  const body = make(
    'div',
    { class: 'fault-says' },
    make('p', {}, head, WORDS.since, time),
    make('p', {}, inWords(means)),
    make('p', {}, inWords(todo)),
    cause === 'moved' && confirm !== null && make('button', { type: 'button', onclick: confirm }, WORDS.fit),
  )
  return make('div', { class: 'fault' }, icon('alarm'), body)
}

/** As many decimals as it came with. */
const plain = (value: number): string => value.toLocaleString(LOCALE)

function factRows(camera: CameraView, zone: string): readonly (readonly [name: string, text: string])[] {
  const { fps, usual_fps, readRate, skew_s, lastSeenAt, lastReadAt, calibration, kind } = camera
  const { facts, clock } = WORDS
  const at = (time: string | null) => (time === null ? WORDS.never : atSite(time, zone, true))
  const used = (usual: string | null) => (usual === null ? '' : WORDS.usedTo(usual))
  const { cases, needed, steps } = calibration
  const surest = steps?.at(-1)
  const pictures =
    fps === null ? WORDS.notKnown : `${WORDS.aSecond(plain(fps))}${used(usual_fps === null ? null : plain(usual_fps))}`
  const reads =
    readRate === null
      ? WORDS.noVehicle
      : `${WORDS.readOf(readRate.read, readRate.of)}${used(readRate.usual === null ? null : percent(readRate.usual))}`
  const off = Math.abs(skew_s ?? 0)
  const time =
    skew_s === null
      ? clock.unknown
      : off === 0
        ? clock.right
        : skew_s > 0
          ? clock.behind(plain(off))
          : clock.ahead(plain(off))
  return [
    [facts.kind, nameWord('kinds', kind)],
    [facts.pictures, pictures],
    [facts.reads, reads],
    [facts.heard, at(lastSeenAt)],
    [facts.read, at(lastReadAt)],
    [facts.clock, time],
    [
      facts.figures,
      surest === undefined
        ? WORDS.worthNothing(cases, needed)
        : WORDS.worth(percent(surest.chance), plain(surest.from), cases),
    ],
  ]
}
