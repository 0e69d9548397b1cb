import { CallQueue } from '../actors/ocpp/call-queue.ts'
import { ChargePointVoice, OCPP_VERSIONS, type OcppVersion } from '../actors/ocpp/charge-point-voice.ts'
import { OcppCounters } from '../actors/ocpp/ocpp-counters.ts'
import { DEFAULT_PROFILE } from '../actors/ocpp/profiles/default.ts'
import type { Scene } from './toy-scene.ts'
import type { Payload } from './toy-wire.ts'

/** Says a call of the charge point's and answers the payload of the result; an error or no answer says its kind. */
export type Said = (action: string, payload: Payload) => Promise<Payload>

/**
 * CP-1 with one EVSE, heard through the production dialect of a version instead of told to the desk: what it says are OCPP's own calls.
 * `autochargePrefix`: what its family puts before a vehicle's own address.
 */
export function spokenAt(scene: Scene, version: OcppVersion, autochargePrefix: string | null = null): Said {
  const { clock, desk } = scene.site
  const counters = new OcppCounters()
  const profile = { ...DEFAULT_PROFILE, autochargePrefix }
  const parts = { chargePointId: 'CP-1', clock, desk, counters, log: () => {} }
  const queue = new CallQueue(clock, 'CP-1', counters)
  const voice = new ChargePointVoice({ ...parts, queue, evses: [1], profile, answerWithin_ms: 30_000 }, OCPP_VERSIONS)
  const dialect = voice.speak(version)
  return async (action, payload) => {
    scene.does(`CP-1 calls ${action}${wordOf(payload)}`)
    const answering = dialect.hear(action, payload)
    await clock.settle()
    const answer = await answering
    return answer.kind === 'result' ? (answer.payload as Payload) : { kind: answer.kind }
  }
}

/** What of a call a trace shows: tokens of berth's own differ with every seed. */
function wordOf(payload: Payload): string {
  const idToken = payload['idToken'] as { readonly idToken?: string; readonly type?: string } | undefined
  const words = [payload['eventType'], payload['connectorStatus'], payload['status']].filter((one) => one !== undefined)
  if (idToken?.type !== undefined && idToken.type !== 'Central') words.push(`${idToken.type} ${idToken.idToken}`)
  if (typeof payload['idTag'] === 'string' && payload['idTag'].length < 16) words.push(payload['idTag'])
  return words.length === 0 ? '' : ` (${words.join(', ')})`
}
