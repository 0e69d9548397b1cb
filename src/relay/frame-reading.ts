import { type FrameHead, type Span, scanHead, spansAt, splice, textAt } from './frame-scan.ts'

/** What a call of a charge point is to the relay; `call` is every other one. */
type CallRole = 'authorize' | 'start' | 'stop' | 'meter' | 'event' | 'boot' | 'status' | 'heartbeat' | 'notice' | 'call'

/** A token or transaction id in a frame: each place where it is written, and what it says (the last one counts, as for every JSON reader). */
export type Written = { readonly spans: readonly Span[]; readonly value: string }

/** A call of a charge point, as far as the relay must know it. */
export type CallReading = {
  readonly head: FrameHead
  readonly action: string
  readonly role: CallRole
  readonly token: Written | null
  readonly transaction: Written | null
  /** 2.x: the number of the remote start that this transaction answers. */
  readonly remoteStartId: number | null
  /** Which of several statuses it is: a newer one with the same mark replaces it. */
  readonly mark: string | null
  /** A transaction begins with it. */
  readonly begins: boolean
  /** A 2.x transaction ends with it. */
  readonly ends: boolean
  /** Why an event of 2.x is sent; null for every other call. */
  readonly trigger: string | null
  /** When a start or event happened, as the charge point says, ms since 1970; null where it does not say. */
  readonly happened: number | null
  /** Where a start or event happened (1.6: the connector); null where it does not say. */
  readonly evse: number | null
  /** What tells one start of a token from another: the same start has the same when it is said again. Null where it says nothing. */
  readonly occasion: string | null
}

const ROLES = new Map<string, CallRole>([
  ['Authorize', 'authorize'],
  ['StartTransaction', 'start'],
  ['StopTransaction', 'stop'],
  ['MeterValues', 'meter'],
  ['TransactionEvent', 'event'],
  ['BootNotification', 'boot'],
  ['StatusNotification', 'status'],
  ['Heartbeat', 'heartbeat'],
  // Told once, answered with nothing: they can be told later.
  ['SecurityEventNotification', 'notice'],
  ['FirmwareStatusNotification', 'notice'],
  ['DiagnosticsStatusNotification', 'notice'],
  ['LogStatusNotification', 'notice'],
  ['NotifyEvent', 'notice'],
  ['NotifyReport', 'notice'],
  ['NotifyMonitoringReport', 'notice'],
])

const NOTHING = {
  token: null,
  transaction: null,
  remoteStartId: null,
  mark: null,
  ends: false,
  trigger: null,
  happened: null,
  evse: null,
  occasion: null,
}

/** Messages that a transaction is billed by: never lost, never reordered. */
export function isBilled(reading: CallReading): boolean {
  const { role, transaction } = reading
  return role === 'start' || role === 'stop' || role === 'event' || (role === 'meter' && transaction !== null)
}

/** Reads a charge point's call; null for every other frame. All OCPP versions: their actions and shapes do not collide. */
export function readCallFrame(text: string, head: FrameHead | null = scanHead(text)): CallReading | null {
  if (head?.type !== 2 || head.action === null) return null
  const role = ROLES.get(head.action) ?? 'call'
  const plain = { ...NOTHING, head, action: head.action, role }
  const at = head.rest
  const find = (...path: string[]): Written | null => written(text, spansAt(text, at, path))
  switch (role) {
    case 'authorize':
      return { ...plain, token: find('idTag') ?? find('idToken', 'idToken'), begins: false }
    case 'start': {
      const at = find('timestamp')
      const evse = find('connectorId')
      const occasion = [evse, find('meterStart'), at].map((one) => one?.value ?? '').join('/')
      return { ...plain, token: find('idTag'), begins: true, happened: timeOf(at), evse: wholeOf(evse), occasion }
    }
    case 'stop':
      return { ...plain, token: find('idTag'), transaction: find('transactionId'), begins: false }
    case 'meter':
      return { ...plain, transaction: find('transactionId'), begins: false }
    case 'event': {
      const transaction = find('transactionInfo', 'transactionId')
      const eventType = find('eventType')?.value
      return {
        ...plain,
        token: find('idToken', 'idToken'),
        transaction,
        remoteStartId: wholeOf(find('transactionInfo', 'remoteStartId')),
        evse: wholeOf(find('evse', 'id')),
        occasion: transaction?.value ?? null,
        begins: eventType === 'Started',
        ends: eventType === 'Ended',
        trigger: find('triggerReason')?.value ?? null,
        happened: timeOf(find('timestamp')),
      }
    }
    case 'status':
      return { ...plain, mark: statusMark(find('evseId'), find('connectorId')), begins: false }
    default:
      return { ...plain, begins: false }
  }
}

function statusMark(evse: Written | null, connector: Written | null): string {
  return `${evse?.value ?? ''}/${connector?.value ?? ''}`
}

function wholeOf(said: Written | null): number | null {
  const number = Number(said?.value ?? Number.NaN)
  return Number.isInteger(number) ? number : null
}

function timeOf(said: Written | null): number | null {
  const at = Date.parse(said?.value ?? '')
  return Number.isNaN(at) ? null : at
}

/** A string or a number at these places. */
function written(text: string, spans: readonly Span[]): Written | null {
  const last = spans.at(-1)
  if (!last) return null
  return { spans, value: textAt(text, last) ?? text.slice(last.start, last.end) }
}

/** Where a call of the back end names a transaction of 1.6. */
const NAMED_DOWN = new Map<string, readonly string[]>([
  ['RemoteStopTransaction', ['transactionId']],
  ['SetChargingProfile', ['csChargingProfiles', 'transactionId']],
])

/** The transaction that a call of the back end is about; null where it names none by number. */
export function transactionNamed(text: string, head: FrameHead): Written | null {
  const path = NAMED_DOWN.get(head.action ?? '')
  return path ? written(text, spansAt(text, head.rest, path)) : null
}

/** The remote start id of a RequestStartTransaction; null for any other call. */
export function remoteStartNamed(text: string, head: FrameHead): number | null {
  if (head.action !== 'RequestStartTransaction') return null
  const id = Number(written(text, spansAt(text, head.rest, ['remoteStartId']))?.value ?? Number.NaN)
  return Number.isInteger(id) ? id : null
}

/** What a result says of a start: the transaction's id (1.6), and whether the token was liked. */
export function readStartResult(
  text: string,
  head: FrameHead,
): { readonly id: number | null; readonly status: string | null } {
  const find = (...path: string[]): string | null => written(text, spansAt(text, head.rest, path))?.value ?? null
  const id = Number(find('transactionId') ?? Number.NaN)
  return {
    id: Number.isInteger(id) ? id : null,
    status: find('idTagInfo', 'status') ?? find('idTokenInfo', 'status'),
  }
}

/** The transaction that a station has for a remote start that it accepts; null where it names none. */
export function readAcceptedStart(text: string): string | null {
  const head = scanHead(text)
  if (head?.type !== 3) return null
  const find = (key: string): string | null => written(text, spansAt(text, head.rest, [key]))?.value ?? null
  return find('status') === 'Accepted' ? find('transactionId') : null
}

/** A result that says Accepted of its token where it said something else; null where it said so, or nothing. */
export function acceptedInstead(text: string, head: FrameHead): string | null {
  const { status } = readStartResult(text, head)
  if (status === null || status === 'Accepted') return null
  const spans = [
    ...spansAt(text, head.rest, ['idTagInfo', 'status']),
    ...spansAt(text, head.rest, ['idTokenInfo', 'status']),
  ].sort((a, b) => a.start - b.start)
  return splice(text, spans, '"Accepted"')
}

/** What a result says of a boot: the interval in s where it was accepted, else null. */
export function readBootResult(text: string, head: FrameHead): number | null {
  const find = (key: string): string | null => written(text, spansAt(text, head.rest, [key]))?.value ?? null
  const interval = Number(find('interval') ?? Number.NaN)
  return find('status') === 'Accepted' ? (Number.isInteger(interval) && interval > 0 ? interval : 300) : null
}
