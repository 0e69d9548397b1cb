// @ts-check
/** Every camera: whether it sees, what keeps it from seeing with what follows and what to do, and what its own figures are worth. */
import { arrange, make, mark, say, show } from './dom.js'
import { atSite, serverNow, span } from './server-time.js'
import { icon } from './words.js'

/** Asked anew so often: what a camera gives in a second is in no record. */
const EVERY_MS = 5_000

/** @param {import('./wire.js').Store} store @param {() => boolean} mayOrder */
export function camerasView(store, mayOrder) {
  /** @type {Map<string, ReturnType<typeof cameraCard>>} */
  const cards = new Map()
  const list = make('div', { class: 'cameras' })
  const note = make('p', { class: 'card' }, 'Asking how the cameras see…')
  const root = make(
    'div',
    {},
    make('p', { class: 'back' }, make('a', { href: '#/' }, 'All bays')),
    make('h2', {}, 'Cameras'),
    note,
    list,
  )
  let askedAt = Number.NEGATIVE_INFINITY
  let isAsking = false
  const ask = async () => {
    if (isAsking) return
    isAsking = true
    askedAt = performance.now()
    try {
      const told = await fetch('/api/cameras', { signal: AbortSignal.timeout(10_000) })
      if (told.ok) fill((await told.json()).items)
      else unknown(told.status === 401 ? 'This screen is signed out.' : 'The server does not say how the cameras see.')
    } catch {
      unknown('No answer came; this page asks again by itself.')
    } finally {
      isAsking = false
    }
  }
  /** @param {string} why */
  const unknown = (why) => {
    note.hidden = false
    say(note, `${why}${cards.size > 0 ? ' What stands below is old.' : ''}`)
  }
  /** Who is blind comes first. @param {any[]} cameras */
  const fill = (cameras) => {
    note.hidden = cameras.length > 0
    say(note, 'This site has no camera.')
    const sorted = [...cameras].sort((a, b) => urgency(a) - urgency(b))
    for (const camera of sorted) {
      const card = cards.get(camera.cameraId) ?? cameraCard(camera.cameraId, mayOrder, ask)
      cards.set(camera.cameraId, card)
      card.update(camera, store.hello?.timezone ?? 'UTC')
    }
    arrange(
      list,
      sorted.map(({ cameraId }) => /** @type {ReturnType<typeof cameraCard>} */ (cards.get(cameraId)).root),
    )
  }
  return {
    root,
    update() {
      // Something changed at the site: perhaps a camera did.
      if (performance.now() - askedAt > 1_000) void ask()
    },
    tick() {
      const now = serverNow()
      if (now === null || document.body.className !== 'live') return
      if (performance.now() - askedAt > EVERY_MS) void ask()
      const may = mayOrder()
      for (const button of root.querySelectorAll('button')) button.disabled = !may
      for (const time of root.querySelectorAll('[data-since]')) say(time, span(now - Date.parse(time.dataset.since)))
    },
  }
}

/** @param {any} camera */
const urgency = ({ blind, faults }) => (blind !== null ? 0 : faults.length > 0 ? 1 : 2)

/** @param {string} cameraId @param {() => boolean} mayOrder @param {() => Promise<void>} ask */
function cameraCard(cameraId, mayOrder, ask) {
  const word = make('strong', { class: 'word standing' })
  const bays = make('p', { class: 'faint' })
  const faults = make('div', { class: 'faults' })
  const facts = make('dl', { class: 'camera-facts' })
  const says = make('p', { class: 'says', role: 'alert' })
  const title = make('h3', { class: 'camera-name' }, cameraId)
  const root = make('section', { class: 'card', 'aria-label': `Camera ${cameraId}`, 'data-camera': cameraId })
  root.append(make('p', { class: 'camera-head' }, title, word), bays, faults, facts, says)
  const confirm = async () => {
    if (!mayOrder()) return say(says, 'NOT LIVE: nothing was sent.')
    say(says, 'Sending…')
    try {
      const told = await fetch(`/api/cameras/${encodeURIComponent(cameraId)}/confirm-view`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
        signal: AbortSignal.timeout(10_000),
      })
      say(says, told.ok ? 'On record.' : (await told.json()).detail)
      await ask()
    } catch {
      say(says, 'No answer came; look whether the fault is still here, then press again.')
    }
  }
  return {
    root,
    /** @param {any} camera @param {string} zone */
    update(camera, zone) {
      mark(root, 'class', camera.faults.length > 0 ? 'card need camera-card' : 'card camera-card')
      say(word, standing(camera))
      show(bays, camera.bays.join(' '), () => [
        camera.bays.length === 0 ? 'no bay has a zone of it' : 'sees ',
        ...camera.bays.flatMap((/** @type {string} */ bayId, /** @type {number} */ at) => [
          at > 0 && ', ',
          make('a', { href: `#/bays/${encodeURIComponent(bayId)}` }, bayId),
        ]),
      ])
      show(faults, JSON.stringify(camera.faults), () =>
        camera.faults.map((/** @type {any} */ fault) => faultBox(fault, confirm)),
      )
      const rows = factRows(camera, zone)
      show(facts, JSON.stringify(rows), () =>
        rows.flatMap(([name, text]) => [make('dt', {}, name), make('dd', {}, text)]),
      )
    },
  }
}

/** @param {any} camera */
function standing({ blind, status, faults }) {
  if (blind !== null || status === 'lost') return 'BLIND'
  if (status === 'unknown') return 'not heard yet'
  return faults.length > 0 ? 'sees badly' : 'sees'
}

/** @param {any} fault @param {() => unknown} confirm */
function faultBox({ cause, since, says, means, do: todo }, confirm) {
  const head = make('strong', {}, `${says.charAt(0).toUpperCase()}${says.slice(1)}`)
  const body = make(
    'div',
    { class: 'fault-says' },
    make('p', {}, head, ', for ', make('time', { class: 'fault-since', 'data-since': since, datetime: since })),
    make('p', {}, means),
    make('p', {}, todo),
    cause === 'moved' && make('button', { type: 'button', onclick: confirm }, 'Its zones fit as they are'),
  )
  return make('div', { class: 'fault' }, icon('alarm'), body)
}

const share = (/** @type {number} */ part) => `${Math.round(part * 100)} %`

/** @param {any} camera @param {string} zone @returns {[string, string][]} */
function factRows({ fps, usual_fps, readRate, skew_s, lastSeenAt, lastReadAt, calibration, kind }, zone) {
  const at = (/** @type {string | null} */ time) => (time === null ? 'never' : atSite(time, zone, true))
  const { cases, needed, steps } = calibration
  const surest = steps?.at(-1)
  return [
    ['comes by', kind],
    ['pictures', fps === null ? 'not known' : `${fps} a second${usual_fps === null ? '' : `, used to ${usual_fps}`}`],
    [
      'reads',
      readRate === null
        ? 'no vehicle yet'
        : `${readRate.read} of its newest ${readRate.of === 1 ? 'vehicle' : `${readRate.of} vehicles`}${readRate.usual === null ? '' : `, used to ${share(readRate.usual)}`}`,
    ],
    ['heard', at(lastSeenAt)],
    ['read', at(lastReadAt)],
    [
      'clock',
      skew_s === null
        ? 'not learnt'
        : skew_s === 0
          ? 'right'
          : `${Math.abs(skew_s)} s ${skew_s > 0 ? 'behind' : 'ahead'}`,
    ],
    [
      'its own figures',
      surest === undefined
        ? `say nothing yet: ${cases} of ${needed} plates judged by people`
        : `at most ${share(surest.chance)} right from ${surest.from} on, by ${cases} plates that people judged`,
    ],
  ]
}
