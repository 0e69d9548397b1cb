import { Fault } from '../../../machines/faults.ts'
import type { PrivacyDesk } from '../../../src/privacy/privacy-desk.ts'

const refused = async (): Promise<never> => {
  throw new Fault('NOT_FOUND')
}

/** A privacy desk of a site that knows nobody. */
export const noPrivacy: PrivacyDesk = {
  erase: refused,
  erasures: () => [],
  subject: refused,
  object: refused,
  hold: refused,
  lift: async () => false,
  holds: () => [],
}
