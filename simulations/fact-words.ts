import type { Json } from '../machines/events.ts'
import type { Cause, Decision, Effect } from '../machines/record.ts'

/** The plate or card of a handle. */
export type NameOf = (handle: Json | undefined) => string

type Fields = { readonly [field: string]: Json | undefined }
type Words = { readonly [type: string]: (fields: Fields, nameOf: NameOf) => string }

const accepted = ({ accepted }: Fields): string => (accepted === true ? 'accepted' : 'refused')

function tally({ tally }: Fields, nameOf: NameOf): string {
  const list = (Array.isArray(tally) ? tally : []) as readonly { readonly handle: string; readonly witnesses: number }[]
  return list.map(({ handle, witnesses }) => `${nameOf(handle)} ×${witnesses}`).join(', ')
}

const whose = ({ token, ...said }: Fields, nameOf: NameOf): string => {
  // What no bay was told is kept beside them without the name of the card.
  if (token === undefined) {
    const standing = said['standing'] === undefined ? '' : ` (${said['standing']})`
    return `${said['kind'] === 'start' ? 'the token of a start' : 'a card'}${standing}, told to no bay`
  }
  const { kind, handle, standing } = (token ?? {}) as { kind?: string; handle?: string; standing?: string }
  return kind === 'start' ? 'the token of a start' : `the card ${nameOf(handle)} (${standing})`
}

const CAUSES: Words = {
  'plate.seen': (fields, nameOf) => `${fields['cameraId']} reads ${tally(fields, nameOf)}`,
  'plate.agreed': (fields, nameOf) =>
    `${fields['cameraId']} agrees on ${tally(fields, nameOf)}${fields['fresh'] === false ? ', too old to act on' : ''}`,
  'plate.contested': (fields, nameOf) => `${fields['cameraId']} cannot decide: ${tally(fields, nameOf)}`,
  'plate.lost': (fields) => `${fields['cameraId']} sees its plate no more`,
  'vehicle.seen': (fields) => `${fields['cameraId']} sees a vehicle`,
  'zone.empty': (fields) => `${fields['cameraId']} sees the bay empty`,
  'zone.unknown': (fields) => `${fields['cameraId']} cannot tell whether the bay is empty`,
  'camera.lost': (fields) => `${fields['cameraId']} is silent`,
  'camera.back': (fields) => `${fields['cameraId']} is back`,
  'charger.online': (fields) => `${fields['chargePointId']} is online`,
  'charger.offline': (fields) => `${fields['chargePointId']} is offline`,
  'connector.status': (fields) => `${fields['connector']} is ${fields['status']}`,
  'token.presented': (fields, nameOf) => `${fields['chargePointId']} is shown ${whose(fields, nameOf)}`,
  'transaction.started': (fields, nameOf) =>
    `a transaction begins on ${fields['connector']} with ${whose(fields, nameOf)}: ${accepted(fields)}`,
  'transaction.ended': (fields) =>
    `the transaction on ${fields['connector'] ?? 'no connector'} ends at ${fields['register_Wh']} Wh`,
  'transaction.updated': (fields) => `the transaction is ${fields['ongoing'] === true ? 'still open' : 'gone'}`,
  'meter.values': (fields) =>
    `${fields['connector']} meters ${fields['current_A'] ?? '?'} A, ${fields['register_Wh'] ?? '?'} Wh${fields['when'] === 'past' ? ' (of the past)' : ''}`,
  'authorization.granted': (fields) => `the register says yes: ${fields['accountId']} pays`,
  'authorization.refused': (fields) => `the register says no: ${fields['reason']}`,
  'start.accepted': () => 'the charge point accepts the start',
  'start.rejected': () => 'the charge point rejects the start',
  'start.unanswered': () => 'the charge point does not answer the start',
  'start.expired': () => 'the start was too late to be sent',
  'claim.granted': (fields, nameOf) => `the plate ${nameOf(fields['handle'])} is this visit's`,
  'claim.lost': (fields, nameOf) => `the plate ${nameOf(fields['handle'])} goes to ${fields['rival']}`,
  'claim.doubled': (fields, nameOf) => `the plate ${nameOf(fields['handle'])} is read at ${fields['rival']} too`,
  'claim.alone': (fields, nameOf) => `the plate ${nameOf(fields['handle'])} is here alone`,
  'claim.contested': (fields, nameOf) => `the plate ${nameOf(fields['handle'])} is at ${fields['rival']} too`,
  'operator.commanded': (fields) => `an operator orders ${fields['command']}`,
  'review.answered': (fields, nameOf) =>
    `the reviewer answers: ${fields['handle'] ? nameOf(fields['handle']) : fields['verdict']}`,
  'second.read': (fields) => `the second reader answers: ${fields['outcome']}`,
  'site.resumed': () => 'berth is back',
  'plug.ambiguous': (fields) =>
    `the plug in ${fields['connector']} may belong to ${String(fields['rivals']).replaceAll(',', ' or ')}`,
  'bay.wake': () => 'time passed',
}

/** Why a record is, in plain words. */
export function causeWords(cause: Cause, nameOf: NameOf): string {
  const { type } = cause
  if (type.startsWith('xstate.after.')) return `time is up: ${type.split('.')[2]}`
  return CAUSES[type]?.(cause, nameOf) ?? plain(type)
}

/** `vehicle.registered` reads `vehicle registered`. */
const plain = (type: string): string => type.replaceAll('.', ' ').replaceAll('-', ' ')

const SHOWN = [
  'accountId',
  'energy_Wh',
  'exit',
  'reason',
  'by',
  'kind',
  'connector',
  'from',
  'to',
  'witnesses',
  'disputed',
]

/** A decision with what an auditor asks of it first: `SessionBilled acc-a, 600 Wh, exit-seen`. */
export function decisionWords(decision: Decision, nameOf: NameOf): string {
  const said = SHOWN.flatMap((key) => {
    const value = decision[key]
    if (value === undefined || (value === null && key !== 'accountId')) return []
    if (key === 'accountId') return [value === null ? 'nobody pays' : String(value)]
    return [key === 'energy_Wh' ? `${value} Wh` : key === 'witnesses' ? `${value} witnesses` : String(value)]
  })
  const vehicle = decision['handle'] ? [nameOf(decision['handle'])] : []
  return [decision.type, [...vehicle, ...said].join(', ')].join(' ').trimEnd()
}

const EFFECTS: Words = {
  'tell.driver': (fields) => `tells the driver: ${fields['message']} (${fields['reason']})`,
  'raise.alarm': (fields) => `raises the alarm ${fields['alarmId']}: ${fields['says']}`,
  'clear.alarm': (fields) => `clears the alarm ${fields['alarmId']}`,
  'ask.authorizer': (fields, nameOf) => `asks the register about ${nameOf(fields['handle'])}`,
  'ask.second-reader': () => 'asks a second reader',
  'ask.charger': (fields) => `asks ${fields['chargePointId']}/${fields['evse']} for ${fields['about']}`,
  'start.charging': (fields) => `orders a start at ${fields['chargePointId']}/${fields['evse']}`,
  'cancel.start': (fields) => `takes its start back: ${fields['reason']}`,
  'stop.charging': (fields) => `orders a stop at ${fields['chargePointId']}: ${fields['reason']}`,
  'claim.plate': (fields, nameOf) => `claims the plate ${nameOf(fields['handle'])}`,
  'release.plate': (fields, nameOf) => `gives the plate ${nameOf(fields['handle'])} back`,
  'open.review': () => 'asks a person to look',
  'close.review': () => 'needs no person any more',
  'tell.bay': (fields) => `tells ${fields['bayId']}: ${plain(String(fields['news']))}`,
}

/** What a record asks of the world, in plain words. */
export function effectWords(effect: Effect, nameOf: NameOf): string {
  const kept = effect['leaves'] === false ? ' (kept back: berth may not act here)' : ''
  return `${EFFECTS[effect.type]?.(effect, nameOf) ?? plain(effect.type)}${kept}`
}
