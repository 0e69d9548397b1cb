import { Fault } from '../../machines/faults.ts'

/** A token of fewer characters can be guessed. */
export const SHORT_TOKEN = 20

/** For what opens every site. Throws Fault SITE_FILE_INVALID where BERTH_ADMIN_TOKEN can be guessed. */
export function demandLongToken(adminToken: string): void {
  if (adminToken.length >= SHORT_TOKEN) return
  const says = `BERTH_ADMIN_TOKEN has fewer than ${SHORT_TOKEN} characters and can be guessed; make another (\`openssl rand -hex 24\`).`
  throw new Fault('SITE_FILE_INVALID', {}, { says })
}
