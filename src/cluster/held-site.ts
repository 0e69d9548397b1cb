import type { Serving } from '../compose.ts'
import type { HostedFile } from './hosted-file.ts'
import type { Claim } from './roster.ts'

/** A site here: being opened, served, or on its way out. */
export type Held = {
  readonly claim: Claim
  readonly file: HostedFile
  serving: Serving | null
  opening: Promise<void>
  leaving: boolean
}

/** Why a node lets go of all its sites. */
export type WhyAll = 'this node is drained' | 'this node stops'

/** Why sites leave a node in order. */
export function whyLeft(leaves: WhyAll | null, isAside: boolean): string {
  if (leaves !== null) return leaves
  return isAside ? 'another node has this address' : 'this node has more than its share'
}

/** What the log says of a site that left in order. */
export const letGoSays = (siteId: string, why: string): string =>
  `${siteId} is served here no more: ${why}. Another node may take it.`

/** What the log says of a site that was lost; `isHosted`: nodes serve it still. */
export const lostSays = (siteId: string, isHosted: boolean): string =>
  isHosted ? `${siteId} is served by another node now.` : `${siteId} was taken out; no node serves it any more.`
