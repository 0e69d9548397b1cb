import type { CommandType } from './events.ts'
import { type Bay, connectorsOf } from './knowledge.ts'
import { flowsFresh, isHeld, openConnector } from './lock.ts'

/** Why a person's command cannot be taken now, as a sentence; null where it can. `at` is ms since 1970. */
export function refusal(bay: Bay, command: CommandType, at: number): string | null {
  switch (command) {
    case 'authorize':
    case 'correct-plate':
      return bay.visit ? null : 'No vehicle is in this bay; authorize it once one has arrived.'
    case 'deny':
      if (!bay.visit) return 'No vehicle is in this bay; there is nobody to deny.'
      return isHeld(bay) ? 'The vehicle is charging; stop it with remote-stop first.' : null
    case 'release-lock':
      if (!bay.visit && connectorsOf(bay).every((connector) => connector.orphan === null))
        return 'The bay is vacant; there is no lock to release.'
      return flowsFresh(bay, at) ? 'Current flows right now; stop the charge with remote-stop, then release.' : null
    case 'remote-stop':
      return openConnector(bay) ? null : 'No transaction is open in this bay; there is nothing to stop.'
    case 'learn-empty':
      return bay.visit ? 'A vehicle is in this bay; learn the empty bay once it has left.' : null
    default:
      return null
  }
}
