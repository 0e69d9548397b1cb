import { PROFILES, unknownProfiles } from '../actors/ocpp/profiles/default.ts'
import { PLATE_COUNTRIES } from '../machines/plate-formats.ts'
import { backEndSense } from './back-end/back-end-sense.ts'
import { sourceSense } from './cameras/source-sense.ts'
import { checkpointSense } from './checkpoint-sense.ts'
import { newsSense } from './news/site-news-file.ts'
import { billSense } from './ocpi/bill-sense.ts'
import { doorSense } from './ocpp/door-sense.ts'
import { proxySense } from './proxy-sense.ts'
import { registerSourceSense } from './register-source/register-source-sense.ts'
import { secondReaderSense } from './second-reader/second-reader-sense.ts'
import { isLoopback } from './server/callers.ts'
import { signSense } from './sign-sense.ts'
import { readerSense } from './site-models.ts'
import type { RawSite } from './site-schema.ts'
import { senders } from './site-senders.ts'
import type { Path, Problem, Source } from './site-source.ts'
import { storeSense } from './store-sense.ts'
import { uplinkSense } from './uplink/uplink-sense.ts'
import { overlaps, zones, zonesThatWork } from './zone-sense.ts'

type SenseCheck = { readonly errors: readonly Problem[]; readonly warnings: readonly Problem[] }
type Say = (path: Path, says: string, expected: string) => void
/** Looks at one part of the file. `hasToken`: somebody may prove to the API who they are. */
export type Check = (raw: RawSite, error: Say, warn: Say, hasToken: () => boolean) => void

/**
 * What the schema cannot say: names that must meet, shapes, what this version can do, what cannot work. Where the
 * schema found errors (`broken`), it says what is wrong beside them and nothing about the broken places again.
 */
export function checkSense(
  raw: RawSite,
  source: Source,
  hasToken: () => boolean,
  broken: readonly Problem[],
): SenseCheck {
  const errors: Problem[] = []
  const warnings: Problem[] = []
  const known = broken.map((problem) => problem.path)
  const error: Say = (...says) => {
    const problem = source.problem(...says)
    if (!known.some((path) => problem.path.startsWith(path) || path.startsWith(problem.path))) errors.push(problem)
  }
  const warn: Say = (...says) => warnings.push(source.problem(...says))
  for (const check of CHECKS) {
    try {
      check(raw, error, warn, hasToken)
    } catch (cause) {
      // A check trips only over a shape that the schema has already named.
      if (broken.length === 0) throw cause
    }
  }
  return { errors, warnings: broken.length === 0 ? warnings : [] }
}

/** Every bay of the layout is one of the file's, and lies in one place. */
const layout: Check = (raw, error) => {
  const ids = new Set(raw.bays.map(({ id }) => id))
  const laid = new Set<string>()
  for (const [i, row] of (raw.layout ?? []).entries())
    for (const [j, bayId] of row.entries()) {
      if (bayId === null) continue
      if (!ids.has(bayId))
        error(['layout', i, j], `no bay of this file is called ${bayId}`, 'a bay of `bays`, or ~ for a gap')
      else if (laid.has(bayId)) error(['layout', i, j], `${bayId} lies in two places`, 'each bay once')
      laid.add(bayId)
    }
}

const names: Check = (raw, error) => {
  onlyOnce(
    raw.bays.map((bay) => bay.id),
    (i) => ['bays', i, 'id'],
    'bay',
    error,
  )
  onlyOnce(
    raw.cameras.map((camera) => camera.id),
    (i) => ['cameras', i, 'id'],
    'camera',
    error,
  )
  onlyOnce(
    raw.chargePoints.map((one) => one.id),
    (i) => ['chargePoints', i, 'id'],
    'charge point',
    error,
  )
  const tokens = new Set<string>()
  for (const [i, { token }] of raw.cameras.entries()) {
    if (token === undefined) continue
    if (tokens.has(token)) error(['cameras', i, 'token'], 'another camera has the same token', 'a token of its own')
    tokens.add(token)
  }
}

const countries: Check = (raw, error) => {
  raw.site.countries.forEach((code, i) => {
    if (!PLATE_COUNTRIES.some(({ country }) => country === code))
      error(
        ['site', 'countries', i],
        `berth knows no plates of ${JSON.stringify(code)}`,
        `one of ${PLATE_COUNTRIES.map(({ country }) => country).join(', ')}`,
      )
  })
}

const timezone: Check = (raw, error) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: raw.site.timezone })
  } catch {
    error(
      ['site', 'timezone'],
      `there is no time zone ${JSON.stringify(raw.site.timezone)}`,
      'an IANA name like Europe/London',
    )
  }
}

/** Charge points by names and profiles that this version has. */
const thisVersion: Check = (raw, error) => {
  for (const [i, chargePoint] of raw.chargePoints.entries()) {
    // Every client takes these for a way through folders.
    if (['.', '..'].includes(chargePoint.id))
      error(
        ['chargePoints', i, 'id'],
        `no charge point can connect as ${JSON.stringify(chargePoint.id)}`,
        'the identity that it is set to',
      )
    const unknown = unknownProfiles(chargePoint.profile)
    if (unknown.length > 0) {
      error(
        ['chargePoints', i, 'profile'],
        `there is no profile ${unknown.map((name) => JSON.stringify(name)).join(' and no profile ')}`,
        `one of: ${Object.keys(PROFILES).join(', ')}; or several with + between them`,
      )
    }
  }
}

const connectors: Check = (raw, error) => {
  const known = new Set(raw.chargePoints.map((one) => String(one.id)))
  const expected = known.size === 0 ? 'charge points listed under `chargePoints`' : `one of: ${[...known].join(', ')}`
  const meets = (id: string, path: Path): void => {
    if (!known.has(id)) error(path, `there is no charge point ${id} in this file`, expected)
  }
  for (const [i, bay] of raw.bays.entries()) {
    if (bay.connectors && (bay.chargePoint !== undefined || bay.evse !== undefined)) {
      error(['bays', i], 'it gives its connector twice', 'either `chargePoint` (and `evse`) or `connectors`')
    } else if (!bay.connectors && bay.chargePoint === undefined) {
      error(['bays', i], 'no connector reaches it', '`chargePoint` (and `evse`), or `connectors`')
    }
    if (bay.chargePoint !== undefined) meets(bay.chargePoint, ['bays', i, 'chargePoint'])
    const seen = new Set<string>()
    for (const [j, one] of (bay.connectors ?? []).entries()) {
      meets(one.chargePoint, ['bays', i, 'connectors', j, 'chargePoint'])
      const key = `${one.chargePoint}/${one.evse}`
      if (seen.has(key))
        error(['bays', i, 'connectors', j], `the connector ${key} stands here more than once`, 'each connector once')
      seen.add(key)
    }
  }
}

const listeners: Check = (raw, error, _warn, hasToken) => {
  if (!isLoopback(raw.http.host) && !hasToken()) {
    error(
      ['http', 'host'],
      `${raw.http.host} is open to the network and no token is configured`,
      'a token (`berth token add NAME --role admin`, or BERTH_ADMIN_TOKEN in the environment), or host: 127.0.0.1',
    )
  }
  if (raw.http.port === raw.ocpp.port && raw.http.port !== 0)
    error(['ocpp', 'port'], `http listens on ${raw.http.port} already`, 'a port of its own')
}

const rules: Check = (raw, error, warn) => {
  const { lock, quorum } = raw.policy
  if (lock.off_A >= lock.on_A)
    error(
      ['policy', 'lock', 'off_A'],
      `off_A ${lock.off_A} is not below on_A ${lock.on_A}`,
      'a lower current: between them a noisy meter changes nothing',
    )
  if (!lock.by.includes('transaction'))
    warn(['policy', 'lock', 'by'], 'a car that pauses at 0 A loses its bay', '`transaction` among them')
  if (quorum === 1) warn(['policy', 'quorum'], 'one read is believed, however wrong', 'at least 2 witnesses')
}

/** What checks, starts, and then never works. */
const neverWorks: Check = (raw, _error, warn) => {
  const used = new Set(raw.bays.flatMap((bay) => bay.zones.map((zone) => zone.camera)))
  for (const [i, camera] of raw.cameras.entries()) {
    if (!used.has(camera.id))
      warn(
        ['cameras', i],
        `no bay has a zone of ${camera.id}: what it sends is counted and thrown away`,
        'a zone that names it',
      )
  }
  const reached = new Set(
    raw.bays.flatMap((bay) => [bay.chargePoint, ...(bay.connectors ?? []).map((one) => one.chargePoint)]),
  )
  for (const [i, chargePoint] of raw.chargePoints.entries()) {
    if (!reached.has(chargePoint.id))
      warn(['chargePoints', i], `no bay is reached by ${chargePoint.id}`, 'a bay that names it')
  }
}

const CHECKS: readonly Check[] = [
  names,
  layout,
  senders,
  sourceSense,
  timezone,
  countries,
  thisVersion,
  storeSense,
  connectors,
  zones,
  listeners,
  doorSense,
  signSense,
  billSense,
  newsSense,
  proxySense,
  backEndSense,
  readerSense,
  secondReaderSense,
  checkpointSense,
  uplinkSense,
  registerSourceSense,
  rules,
  neverWorks,
  zonesThatWork,
  overlaps,
]

function onlyOnce(ids: readonly (string | undefined)[], path: (i: number) => Path, what: string, error: Say): void {
  const seen = new Set<string | undefined>()
  for (const [i, id] of ids.entries()) {
    if (id !== undefined && seen.has(id)) error(path(i), `another ${what} is called ${id}`, `one ${what} of this name`)
    seen.add(id)
  }
}
