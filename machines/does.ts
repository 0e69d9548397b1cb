import * as acts from './acts.ts'
import { calm, type Deeds } from './deeds.ts'

/** What a rule of the chart may do, by name: each is one or a few acts in order. */
export const DOES = {
  note: () => {},
  open: acts.open,
  openAtPlug: acts.openAtPlug,
  openAndClaim: (deeds: Deeds) => {
    acts.open(deeds)
    acts.claim(deeds)
  },
  claim: acts.claim,
  claimAgain: acts.claimAgain,
  waitForPlug: (deeds: Deeds) => acts.tell(deeds, 'plug-in', 'authorized'),
  askSecond: acts.askSecond,
  askReview: acts.askReview,
  ask: acts.ask,
  refuse: acts.refuse,
  refuseClaim: acts.refuseClaim,
  yieldPlate: (deeds: Deeds) => {
    acts.cancelStarts(deeds, 'claim-lost')
    acts.close(deeds, 'exit-inferred')
  },
  offerAnonymous: (deeds: Deeds) => acts.offer(deeds, 'no-plate'),
  offerUnread: (deeds: Deeds) => acts.offer(deeds, 'not-identified'),
  offerTimeout: (deeds: Deeds) => {
    acts.cancelStarts(deeds, 'timeout')
    acts.offer(deeds, 'timeout')
  },
  offerConfirm: (deeds: Deeds) => acts.offer(deeds, 'a person confirms'),
  offerAmbiguous: (deeds: Deeds) => {
    acts.cancelStarts(deeds, 'plug-ambiguous')
    acts.offer(deeds, 'plug-ambiguous')
  },
  byCard: (deeds: Deeds) => acts.tell(deeds, 'plug-in', 'card'),
  start: acts.start,
  startAgain: acts.startAgain,
  askReplug: acts.askReplug,
  startFailed: (deeds: Deeds) => acts.startFailed(deeds, 'rejected'),
  startExpired: (deeds: Deeds) => acts.startFailed(deeds, 'charge point not reached'),
  lock: acts.lock,
  swapForCard: acts.swapForCard,
  swapForPlate: acts.swapForPlate,
  swapAtPlug: (deeds: Deeds) => {
    acts.close(deeds, 'exit-inferred')
    acts.openAtPlug(deeds)
  },
  revive: (deeds: Deeds) => {
    acts.revive(deeds)
    acts.lock(deeds)
  },
  unlock: acts.unlock,
  contradict: acts.contradict,
  leaveSeen: (deeds: Deeds) => acts.close(deeds, 'exit-seen'),
  leaveInferred: (deeds: Deeds) => acts.close(deeds, 'exit-inferred'),
  leaveUnconfirmed: (deeds: Deeds) => acts.close(deeds, 'exit-unconfirmed'),
  release: (deeds: Deeds) => {
    acts.declareDead(deeds)
    acts.close(deeds, 'exit-unconfirmed')
    calm(deeds, 'orphan')
  },
} as const satisfies Record<string, (deeds: Deeds) => void>

export type DoesName = keyof typeof DOES
