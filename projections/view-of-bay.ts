import { causeOf, type Standing, serviceOf } from '../machines/bay-standing.ts'
import { iso } from '../machines/deeds.ts'
import { type Policy, RANKS } from '../machines/events.ts'
import { QUESTIONS, type QuestionName } from '../machines/guards.ts'
import { isPresented } from '../machines/identity.ts'
import { autonomyOf, type Bay, type Camera, type Connector, connectorsOf, type Visit } from '../machines/knowledge.ts'
import { isHeld, lockReasons, openConnector } from '../machines/lock.ts'
import type { FactRecord } from '../machines/record.ts'
import type {
  AlarmView,
  BayView,
  CameraBlindness,
  ConnectorView,
  EvidenceView,
  NotedView,
  SecondReadView,
  SessionView,
  WhyView,
} from './bay-view.ts'
import { contradictionsOf } from './contradictions.ts'
import { nextOf } from './next-step.ts'

/** What a bay's view is made of: the state after its newest record. `timers` are deadlines in ms since 1970 by name. */
export type ViewParts = {
  readonly bay: Bay
  readonly state: string
  readonly detail: string
  /** Null where it has no record. */
  readonly standing: Standing | null
  readonly timers: ReadonlyMap<string, number>
  readonly alarms: readonly AlarmView[]
  /** Seconds that a device's clock is behind ours; absent = nobody looks (a bay as it was). */
  readonly skew_s?: (kind: 'camera' | 'charge-point', device: string) => number | null
  /** Why a camera says nothing of its bays now, null where it does; absent = nobody looks. */
  readonly blindness?: (cameraId: string) => CameraBlindness | null
}

/** The bay as people see it. The plate is the vehicle's handle, the token its start's id or the card's handle: the edge fills in texts. */
export function viewOf(parts: ViewParts): BayView {
  const { bay, standing } = parts
  const record = standing?.record ?? null
  const visit = bay.visit
  const contradictions = contradictionsOf(bay)
  const service = serviceOf(bay)
  const cause = standing && causeOf(standing)
  return {
    bayId: bay.bayId,
    version: bay.version,
    state: parts.state as BayView['state'],
    detail: parts.detail,
    since: iso(standing?.since ?? 0),
    visit: visit && {
      visitId: visit.visitId,
      plate: isPresented(visit.payer)
        ? (visit.agreed?.handle ?? null)
        : (visit.payer?.handle ?? visit.agreed?.handle ?? null),
      identifiedBy: visit.payer?.rank ?? null,
      accountId: visit.payer?.accountId ?? null,
      startedAt: iso(visit.openedAt),
      evidence: evidenceOf(visit),
      erasurePending: visit.erasures.length > 0,
      ...secondReadOf(visit),
    },
    session: sessionOf(bay),
    lock: { locked: isHeld(bay), reasons: lockReasons(bay) },
    chargers: connectorViews(bay, parts.skew_s),
    cameras: Object.entries(bay.cameras).map(([cameraId, camera]) => cameraView(cameraId, camera, parts)),
    service,
    autonomy: autonomyOf(bay),
    why: cause && whyOf(cause.record, bay.policy, cause.rule),
    noted: record === null || record === cause?.record ? null : notedIn(record),
    next: nextOf({ ...parts, service, at: record ? Date.parse(record.at) : 0 }),
    blocked: visit?.blocked ? { why: visit.blocked.why, since: iso(visit.blocked.since) } : null,
    contradiction: visit?.contradiction
      ? { kind: visit.contradiction.kind, since: iso(visit.contradiction.since) }
      : (contradictions[0] ?? null),
    contradictions,
    automatic: bay.automatic,
    alarms: parts.alarms,
  }
}

function secondReadOf({ secondRead, tally }: Visit): { readonly secondRead?: SecondReadView } {
  if (secondRead == null || secondRead.outcome === null) return {}
  const { outcome, handle: plate } = secondRead
  const first = tally[0]?.handle ?? null
  const read = plate === null ? 'akin' : plate === first ? 'same' : 'other'
  return { secondRead: { says: outcome === 'read' ? read : outcome, plate, first } }
}

/** Strongest first, then newest. Whether it agrees is judged by the vehicle where it names one, else by the account. */
function evidenceOf(visit: Visit): EvidenceView[] {
  const vehicle = visit.agreed?.handle ?? (isPresented(visit.payer) ? null : (visit.payer?.handle ?? null))
  const payer = visit.payer
  return visit.evidence
    .toSorted((a, b) => RANKS.indexOf(b.rank) - RANKS.indexOf(a.rank) || b.last - a.last)
    .map(({ rank, source, accountId, handle, at, last, times }) => ({
      rank,
      source,
      accountId,
      agrees:
        (handle !== null && (handle === vehicle || handle === payer?.handle)) ||
        (accountId !== null && accountId === payer?.accountId),
      since: iso(at),
      last: iso(last),
      times,
    }))
}

function sessionOf(bay: Bay): SessionView | null {
  const visit = bay.visit
  const open = openConnector(bay)?.transaction ?? null
  const last = visit?.closed.at(-1) ?? null
  if (!visit || (!open && !last)) return null
  const running = open === null || open.first_Wh === null || open.last_Wh === null ? 0 : open.last_Wh - open.first_Wh
  return {
    sessionId: `ses-${visit.visitId}`,
    transactionId: open?.transactionId ?? last?.transactionId ?? null,
    idToken: open ? (open.startId ?? open.card) : (last?.startId ?? last?.card ?? null),
    energy_Wh: Math.round(visit.closed.reduce((sum, line) => sum + line.energy_Wh, running) * 1000) / 1000,
    startedAt: iso(
      Math.min(open?.startedAt ?? Number.POSITIVE_INFINITY, ...visit.closed.map((line) => line.startedAt)),
    ),
  }
}

/** OCPP 1.6's words for people who know them. */
const WORDS: { readonly [status: string]: string } = {
  'suspended-ev': 'SuspendedEV',
  'suspended-evse': 'SuspendedEVSE',
}
const wordOf = (status: string | null): string =>
  status === null ? 'Unknown' : (WORDS[status] ?? `${status[0]?.toUpperCase()}${status.slice(1)}`)

/** The connectors that reach a bay. */
export const connectorViews = (bay: Bay, skew_s: ViewParts['skew_s']): readonly ConnectorView[] =>
  connectorsOf(bay).map((connector) => connectorView(connector, skew_s))

function connectorView(connector: Connector, skew_s: ViewParts['skew_s']): ConnectorView {
  const { flow } = connector
  const at = Math.max(flow.at ?? 0, connector.statusAt ?? 0)
  return {
    chargePointId: connector.chargePointId,
    evse: connector.evse,
    online: connector.link === 'online',
    status: wordOf(connector.status),
    current_A: flow.current_A,
    power_W: flow.power_W,
    at: at === 0 ? null : iso(at),
    ...(skew_s && { skew_s: skew_s('charge-point', connector.chargePointId) }),
  }
}

/** Policy keys in a need become the values they have here. */
function inNumbers(need: string, policy: Policy): string {
  return need
    .replace('lock.on_A', `${policy.lock.on_A} A`)
    .replace('exitGrace_s', `${policy.exitGrace_s} s`)
    .replace('absence_s', `${policy.absence_s} s`)
    .replace('quorum', `${policy.quorum}`)
}

const notedIn = ({ cause, seq, at, rule }: FactRecord): NotedView => ({ event: cause.type, seq, at, rule: rule ?? '' })

/** What a record says of why: what happened, by which rule, what was asked with what it saw and needs. */
export function whyOf(record: FactRecord, policy: Policy, rule = record.rule ?? ''): WhyView {
  return {
    event: record.cause.type,
    seq: record.seq,
    at: record.at,
    rule,
    guards: record.guards.map(({ name, ok, value }) => ({
      name,
      ok,
      value: value ?? ok,
      need: inNumbers(QUESTIONS[name as QuestionName]?.need ?? '', policy),
    })),
    evidence: [`${record.stream}@${record.version}`, ...record.decisions.map((decision) => decision.type)],
  }
}

/** A camera of the bay. Who is on record as blind is lost, heard or not: the site's cameras say the same. */
function cameraView(cameraId: string, camera: Camera, { skew_s, blindness }: ViewParts): BayView['cameras'][number] {
  const blind = blindness?.(cameraId) ?? null
  const unheard = camera.at === 0 && camera.lastReadAt === null
  return {
    cameraId,
    status: blind !== null ? 'lost' : camera.live ? 'live' : unheard ? 'unknown' : 'lost',
    lastReadAt: camera.lastReadAt === null ? null : iso(camera.lastReadAt),
    ...(skew_s && { skew_s: skew_s('camera', cameraId) }),
    ...(blindness && { blind }),
  }
}
