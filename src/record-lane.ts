import type { FactRecord } from '../machines/record.ts'

/** Who a record heard: what stands side by side when a journal is walked through. */
export const LANES = ['camera', 'meter', 'ocpp', 'operator', 'site'] as const
export type RecordLane = (typeof LANES)[number]

const CAMERA = /^(plate|vehicle|zone|camera|second|placing|presence|reader)\b/
const OCPP = /^(charger|connector|token|transaction|start|plug|authori)/
const OPERATOR = /^(operator|review|switch|erasure|dispute|zones\.ordered)\b/

/** The lane of a record, by its cause. What decided besides stands in its decisions, whoever was heard. */
export function laneOf({ cause, stream }: Pick<FactRecord, 'cause' | 'stream'>): RecordLane {
  const { type } = cause
  if (type.startsWith('meter.')) return 'meter'
  if (CAMERA.test(type)) return 'camera'
  if (OCPP.test(type)) return 'ocpp'
  return OPERATOR.test(type) || stream === 'register' || stream === 'audit' ? 'operator' : 'site'
}
