import { Fault } from '../../machines/faults.ts'

/** A copy that was cut off is nobody's to own. `more`: what else it may be there. */
export function halfCopied(siteId: string, shown: string, more = ''): Fault {
  const says = `A copy of ${siteId} to ${shown} was cut off; run the same \`berth copy\` again, it goes on where it stood.${more}`
  return new Fault('STORE_CORRUPT', {}, { says })
}

/** On PostgreSQL a copy may also be one that is never whole. */
export const OR_SHIPPED = ' Or a gateway ships it there (`berth centre list`): then nobody else may own it.'

/** Another key store than the one at `path` sealed what stands there. */
export function sealedElsewhere(siteId: string, shown: string, path: string): Fault {
  const says = `The records of ${siteId} on ${shown} were sealed with another key store than ${path}.keys; put the right one back.`
  return new Fault('KEY_UNAVAILABLE', {}, { says })
}

/** Nobody ever owned a log of this site there. */
export function nowhere(siteId: string, shown: string): Fault {
  const says = `There is no journal of ${siteId} on ${shown}; check \`store.url\` and the site's id, or start berth once to make it.`
  return new Fault('NOT_FOUND', {}, { says })
}

/** Who has a log that was to be copied; `since` ISO 8601. */
type Owner = { readonly pid: number; readonly host: string; readonly since: string }

/** A log that cannot be copied: half a copy itself, or its owner did not go in order. */
export function notFree(siteId: string, shown: string, isHalf: boolean, { pid, host, since }: Owner): Fault {
  const says = isHalf
    ? `The log of ${siteId} on ${shown} is itself half a copy; end that one first. Where it is the copy at a centre, \`berth centre takeover\` lets it go.`
    : `Process ${pid} on ${host} has owned the log of ${siteId} on ${shown} since ${since} and did not let it go; stop it, or start it again and stop it in order.`
  return new Fault('STORE_OWNED', {}, { says })
}
