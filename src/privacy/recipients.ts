import { targetName } from '../journal/checkpoint-courier.ts'
import { serverDoor } from '../journal/server-store.ts'
import type { SiteFile } from '../site-file.ts'

/** Everybody whom a site's file lets anything out to, one line each: who, and what of people they get. */
export function recipients(site: SiteFile): readonly string[] {
  const lines = [...backEnds(site), ...readers(site), ...hearers(site), ...keepers(site)]
  return lines.length === 0 ? ['nobody: everything stays on this machine'] : lines
}

const backEnds = ({ authorizer, ocpp, payment }: SiteFile): string[] => [
  ...(authorizer ? [`the operator’s back end at ${hostOf(authorizer.url)}: plate ${authorizer.plate}`] : []),
  ...(ocpp.remote ? [`the back end at ${hostOf(ocpp.remote.url)}, which drives the charge points: tokens`] : []),
  ...(ocpp.mode === 'proxy' ? ['the back end behind the charge points: tokens and transactions, no plate'] : []),
  ...(payment ? [`the payment page at ${hostOf(payment.url)}: bay, time and what to hold, no plate`] : []),
]

const readers = ({ secondReader }: SiteFile): string[] =>
  secondReader ? [`a second reader at ${hostOf(secondReader.url)}: crops of plates in doubt`] : []

/** What is told by itself: account ids are of people where an account is one person. */
const hearers = ({ tell, news }: SiteFile): string[] => [
  ...tell.webhooks.map(({ url }) => `a sign at ${hostOf(url)}: words for drivers, no plate`),
  ...news.webhooks.map(({ id, url, types, bays }) => `the receiver \`${id}\` at ${hostOf(url)}: ${told(types, bays)}`),
  ...news.mqtt.map(
    ({ id, url, topic, types, bays }) =>
      `the broker \`${id}\` at ${hostOf(url)}, and whoever it lets read \`${topic}\`: ${told(types, bays)}`,
  ),
]

function told(types: readonly string[] | null, bays: readonly string[] | null): string {
  const what = types === null ? 'every kind of news' : types.join(', ')
  return `${what}${bays === null ? '' : ` of ${bays.join(', ')}`} (times, bays, visits and charges with their account ids; no plate, no token)`
}

const SEALED = 'the whole journal; plates, tokens and names in it sealed under keys that stay on this machine'
const TYPED = ', and in clear the plates and PINs that are typed on driver pages, with addresses of phones'

const LOOKED =
  ', and in its memory, while somebody there looks, crops of plates under review with the plates of their candidates'

const keepers = ({ store, checkpoints, centre }: SiteFile): string[] => [
  ...(store.kind !== 'sqlite' ? [`the ${serverDoor(store.kind).product} at ${serversOf(store.url)}: ${SEALED}`] : []),
  ...(centre
    ? [`the centre at ${hostOf(centre.url)}: ${SEALED}${centre.driverPages ? TYPED : ''}${centre.crops ? LOOKED : ''}`]
    : []),
  ...(centre?.plausibility
    ? ['the same centre, in its memory alone: which agreed plate stands here or left, as a keyed hash of the day']
    : []),
  ...checkpoints.to.map((target) => `${targetName(target)}: signed checkpoints of the journal, nothing of people`),
]

const hostOf = (url: string): string => new URL(url).host

/** The servers in a store's address, without user and password. */
const serversOf = (url: string): string =>
  url
    .replace(/^[^:]+:\/\//, '')
    .replace(/^[^@/?]*@/, '')
    .replace(/[/?].*$/, '') || 'this machine'
