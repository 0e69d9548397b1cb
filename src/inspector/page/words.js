// @ts-check
/** What states, events and numbers are called on the screen. */
import { makeSvg } from './dom.js'

/** Word and picture of each state; the shape tells them apart without colour. */
const STATES = /** @type {{ [state: string]: { word: string, paths: string[] } }} */ ({
  vacant: { word: 'free', paths: ['M12 4a8 8 0 1 0 .01 0'] },
  detecting: { word: 'seeing', paths: ['M12 4a8 8 0 1 0 .01 0', 'M12 12V4a8 8 0 0 1 8 8z'] },
  authorizing: { word: 'asking', paths: ['M12 4a8 8 0 1 0 .01 0', 'M12 4a8 8 0 0 1 0 16z'] },
  'charging-locked': { word: 'charging', paths: ['M4 4h16v16H4z', 'M13 6l-5 7h4l-1 5 5-7h-4z'] },
  exiting: { word: 'leaving', paths: ['M4 4h10v16H4z', 'M12 12h9m-3-3 3 3-3 3'] },
})
const ALARM = ['M12 3 22 21H2z', 'M12 10v5m0 2v1']

/** @param {string} state */
export const stateWord = (state) => STATES[state]?.word ?? state

/** The word for what a bay is, with its detail where that says more. @param {any} bay */
export function bayWord(bay) {
  if (bay.service === 'out-of-service') return 'out of service'
  if (bay.service === 'faulted') return 'faulted'
  return stateWord(bay.state)
}

/** @param {any} bay */
export const detailWord = (bay) => {
  const detail = bay.detail.split('.').at(-1).replaceAll('-', ' ')
  return [stateWord(bay.state), bay.state.replaceAll('-', ' ')].includes(detail) ? '' : detail
}

/** @param {string} state a state, or `alarm` @returns {Element} */
export function icon(state) {
  const svg = makeSvg('svg', {
    viewBox: '0 0 24 24',
    class: `icon icon-${state}`,
    'aria-hidden': 'true',
    focusable: 'false',
  })
  const paths = state === 'alarm' ? ALARM : (STATES[state]?.paths ?? [])
  svg.append(...paths.map((d, at) => makeSvg('path', { d, class: at === 0 ? 'outline' : 'inner' })))
  return svg
}

/** `AB•••DE`. @param {string | null} plate */
export function masked(plate) {
  if (plate === null || plate.includes('•')) return plate
  const kept = plate.length >= 7 ? 2 : 1
  return plate.length <= 2 ? '•••' : `${plate.slice(0, kept)}•••${plate.slice(-kept)}`
}

/** Amperes of the connector that draws most, null where none says. @param {any} bay @returns {number | null} */
export function amperes(bay) {
  const values = bay.chargers
    .map((/** @type {any} */ charger) => charger.current_A)
    .filter((/** @type {any} */ value) => value !== null)
  return values.length === 0 ? null : Math.max(...values)
}

/** What witnesses can disagree about, in words. */
const CONTRADICTIONS = /** @type {{ [kind: string]: string }} */ ({
  'camera-empty': 'camera sees it empty',
  'other-plate': 'camera reads another plate',
  'plug-without-vehicle': 'plug, and nobody seen',
  'available-with-transaction': 'Available, and a transaction open',
  'other-token': 'another card was shown',
  'register-still': 'meter disagrees with itself',
  'register-runs': 'meter disagrees with itself',
  'suspended-but-drawing': 'meter disagrees with the status',
  'charging-but-idle': 'meter disagrees with the status',
})

/** What disagrees now, each in a word. @param {any} bay @returns {string[]} */
const contradicted = (bay) => [
  ...new Set(
    (bay.contradictions ?? []).map((/** @type {any} */ one) => CONTRADICTIONS[one.kind] ?? 'witnesses disagree'),
  ),
]

/** What speaks for and against an identity: `plate by cam-1 (5×), against it guess by cam-2`. @param {any} visit */
export function evidenceWords(visit) {
  const words = (/** @type {any} */ one) => `${one.rank} by ${one.source}${one.times > 1 ? ` (${one.times}×)` : ''}`
  const by = (/** @type {boolean} */ agrees) =>
    (visit?.evidence ?? []).filter((/** @type {any} */ one) => one.agrees === agrees).map(words)
  const [speaks, against] = [by(true), by(false)]
  return [
    ...(speaks.length > 0 ? [speaks.join(', ')] : []),
    ...(against.length > 0 ? [`against it ${against.join(', ')}`] : []),
  ].join('; ')
}

/** What is not as it should be, beside the state: in words. @param {any} bay @returns {string[]} */
export function overlays(bay) {
  const lost = bay.cameras
    .filter((/** @type {any} */ camera) => camera.status === 'lost')
    .map((/** @type {any} */ camera) => `${camera.cameraId} blind`)
  const offline = bay.chargers
    .filter((/** @type {any} */ charger) => !charger.online)
    .map((/** @type {any} */ charger) => `${charger.chargePointId} offline`)
  return [
    ...contradicted(bay),
    ...(bay.blocked ? [`blocked: ${bay.blocked.why.replaceAll('-', ' ')}`] : []),
    ...lost,
    ...offline,
    ...(bay.automatic === false ? ['automatic starts off'] : []),
    ...(bay.autonomy === 'act' ? [] : [`${bay.autonomy}s only`]),
    ...(bay.visit?.erasurePending ? ['to be forgotten when the visit ends'] : []),
  ]
}

/** Why the bay is as it is, in one line: what happened, and the rule that it met with what it saw. @param {any} bay */
export function whyLine(bay) {
  if (bay.why === null) return 'nothing has happened yet'
  const met = bay.why.guards.find((/** @type {any} */ guard) => guard.ok && guard.name === bay.why.rule)
  const saw = met === undefined || typeof met.value === 'boolean' ? '' : ` (${value(met.value)}, needs ${met.need})`
  return `${eventWord(bay.why.event)}: ${ruleWord(bay.why.rule)}${saw}`
}

/** @param {string} type */
export const eventWord = (type) =>
  type === 'bay.wake'
    ? 'time passed'
    : type.startsWith('xstate.after.')
      ? `time over: ${guardWord(type.split('.')[2] ?? '')}`
      : type.replaceAll('.', ' ').replaceAll('-', ' ')

/** `hasQuorum` gives `has quorum`. @param {string} name */
export const guardWord = (name) =>
  name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('-', ' ')
    .toLowerCase()

/** The rule that fired; where none did the news is kept and nothing else. @param {string} rule */
export const ruleWord = (rule) => (rule === 'note' ? 'noted' : guardWord(rule))

/** @param {any} thing */
export const value = (thing) =>
  thing === null || thing === undefined ? 'nothing' : typeof thing === 'object' ? JSON.stringify(thing) : String(thing)

/** Where a record came from: camera, charger, person or site. @param {string} type */
export function sourceOf(type) {
  if (/^(plate|vehicle|zone|camera|second)\b/.test(type)) return 'camera'
  if (/^(charger|connector|token|transaction|meter|start|plug)\b/.test(type)) return 'charger'
  if (/^(operator|review)\b/.test(type)) return 'person'
  return 'site'
}
