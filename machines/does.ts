import { alarm, calm, change, type Deeds } from './deeds.ts'
import { offer, tell } from './driver-words.ts'
import {
  ask,
  askReview,
  askSecond,
  claim,
  claimAgain,
  closeReview,
  refuse,
  refuseClaim,
  reviewReads,
} from './identity-acts.ts'
import { openConnector } from './lock.ts'
import { contradict, declareDead, lock, offerAgain, swapForCard, unlock } from './lock-acts.ts'
import { askReplug, cancelStarts, start, startAgain, startFailed } from './start-acts.ts'
import { close, open, revive, swapForPlate } from './visit-acts.ts'

/** What a rule of the chart may do, by name: each is one or a few acts in order. */
export const DOES = {
  note: () => {},
  open: open,
  openAndClaim: (deeds: Deeds) => {
    open(deeds)
    claim(deeds)
  },
  claim: claim,
  claimAgain,
  claimCorrected: (deeds: Deeds) => {
    cancelStarts(deeds, 'corrected')
    claim(deeds)
  },
  waitForPlug: (deeds: Deeds) => tell(deeds, 'plug-in', 'authorized'),
  askSecond: askSecond,
  askReview: askReview,
  ask: ask,
  refuse: refuse,
  refuseClaim: refuseClaim,
  yieldPlate: (deeds: Deeds) => {
    cancelStarts(deeds, 'claim-lost')
    close(deeds, 'exit-inferred')
  },
  offerAnonymous: (deeds: Deeds) => offer(deeds, 'no-plate'),
  offerUnread: (deeds: Deeds) => offer(deeds, 'not-identified'),
  offerTimeout: (deeds: Deeds) => {
    cancelStarts(deeds, 'timeout')
    offer(deeds, 'timeout')
  },
  offerConfirm: (deeds: Deeds) => {
    reviewReads(deeds, 'a person confirms')
    offer(deeds, 'a person confirms')
  },
  offerAmbiguous: (deeds: Deeds) => {
    cancelStarts(deeds, 'plug-ambiguous')
    offer(deeds, 'plug-ambiguous')
  },
  offerSwitchedOff: (deeds: Deeds) => {
    cancelStarts(deeds, 'automatic starts are off')
    offer(deeds, 'automatic starts are off')
  },
  offerDisputed: (deeds: Deeds) => {
    cancelStarts(deeds, 'disputed')
    alarm(
      deeds,
      'disputed',
      'The camera read a second plate before the charge began; nothing is started by itself.',
      'Look at the bay and authorize the right vehicle, or let the driver present a card.',
    )
    // Nothing starts for this visit until somebody says whose it is.
    change(deeds, { confirm: true })
    reviewReads(deeds, 'reads disagree')
    offer(deeds, 'reads disagree')
  },
  byCard: (deeds: Deeds) => {
    closeReview(deeds)
    tell(deeds, 'plug-in', 'card')
  },
  start: start,
  startAgain: startAgain,
  askReplug: askReplug,
  startFailed: (deeds: Deeds) => startFailed(deeds, 'rejected'),
  startExpired: (deeds: Deeds) => startFailed(deeds, 'charge point not reached'),
  lock: lock,
  swapForCard: swapForCard,
  swapForPlate: swapForPlate,
  swapAtPlug: (deeds: Deeds) => {
    close(deeds, 'exit-inferred')
    // Its end is the moment from which reads count: what was read before this plug identifies nobody.
    open(deeds)
  },
  revive: (deeds: Deeds) => {
    const locked = openConnector(deeds.bay) !== null
    revive(deeds)
    if (!locked) lock(deeds)
  },
  unlock: unlock,
  offerAgain: offerAgain,
  contradict: contradict,
  leaveSeen: (deeds: Deeds) => close(deeds, 'exit-seen'),
  leaveInferred: (deeds: Deeds) => close(deeds, 'exit-inferred'),
  leaveUnconfirmed: (deeds: Deeds) => close(deeds, 'exit-unconfirmed'),
  release: (deeds: Deeds) => {
    declareDead(deeds)
    close(deeds, 'exit-unconfirmed')
    calm(deeds, 'orphan')
  },
} as const satisfies Record<string, (deeds: Deeds) => void>

export type DoesName = keyof typeof DOES
