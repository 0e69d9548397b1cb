import type { Bay } from '../machines/knowledge.ts'

/** What people should know of a bay that the site file names no more, with what of it is still open. */
export function saysGone(bay: Bay): string {
  const transactions = Object.values(bay.connectors).flatMap((one) => one.transaction?.transactionId ?? [])
  const open = [
    ...(bay.visit ? [`its visit ${bay.visit.visitId} is still open`] : []),
    ...transactions.map((transactionId) => `its transaction ${transactionId} is still open`),
  ]
  const left = open.length > 0 ? `; ${open.join(' and ')}. Name it again to close that` : ''
  return `The site file names ${bay.bayId} no more: nothing reaches it, its past stays readable${left}.`
}
