import { Fault } from '../../machines/faults.ts'
import type { CameraDialect, DeviceMessage, Envelope } from './camera-dialect.ts'
import { unclear } from './device-fields.ts'

/**
 * Reads one message by its dialect. Throws Fault BODY_INVALID, whatever the dialect stumbled over: a message of a shape that nobody
 * thought of is the device's fault, not berth's.
 */
export function readMessage(dialect: CameraDialect, envelope: Envelope): DeviceMessage {
  try {
    return dialect.read(envelope)
  } catch (cause) {
    throw cause instanceof Fault ? cause : unclear(dialect.name, 'has a shape that cannot be taken apart')
  }
}
