import { alarm, change, type Deeds, order } from './deeds.ts'
import { isPresented, vehicleOf } from './identity.ts'
import { openReview } from './identity-acts.ts'
import { isHeld } from './lock.ts'

/** Nobody is replaced by what the camera reads now: a charge runs, a card was shown, or a person said who it is. Else the chart asks again by itself. */
const staysPayer = ({ bay }: Deeds): boolean =>
  isHeld(bay) ||
  isPresented(bay.visit?.payer) ||
  bay.visit?.payer?.person === true ||
  bay.visit?.agreed?.person === true

/** Another plate than the visit's is read, and the payer stays (E06): shown at once, and the register is asked whose it is. */
export function noticeOtherPlate(deeds: Deeds): void {
  const second = deeds.bay.visit?.contradiction
  if (second?.kind !== 'other-plate' || !staysPayer(deeds)) return
  if (second.shown) return askAgain(deeds)
  alarm(
    deeds,
    'other-plate',
    'The camera reads another plate than the one that this visit goes by.',
    'Look at the bay; correct the plate if the first one was wrong. Who pays is not changed by itself.',
  )
  change(deeds, { contradiction: { ...second, shown: true } })
  // Whoever showed a card pays whatever the plate.
  if (!isPresented(deeds.bay.visit?.payer)) askWhose(deeds)
}

function askWhose(deeds: Deeds): void {
  const second = deeds.bay.visit?.contradiction
  if (!second) return
  const ask = `other-${deeds.bay.bayId}-${deeds.event.version}`
  change(deeds, { contradiction: { ...second, ask } })
  order(deeds, 'ask.authorizer', { ask, handle: second.handle, rivals: [] })
}

/** The answer may have been lost with the process. */
function askAgain(deeds: Deeds): void {
  const second = deeds.bay.visit?.contradiction
  if (deeds.event.type === 'site.resumed' && second?.ask && second.accountId === null) askWhose(deeds)
}

/** The register said that the second plate is somebody else's to pay: a person looks at both, and nobody is billed anew by itself. */
export function noticeOtherAccount(deeds: Deeds): void {
  const visit = deeds.bay.visit
  const second = visit?.contradiction
  if (!visit || !second?.accountId || deeds.was.visit?.contradiction?.accountId === second.accountId) return
  if (second.accountId === visit.payer?.accountId || isPresented(visit.payer) || visit.review?.verdict === null) return
  const ours = vehicleOf(visit)
  const candidates = [ours, second.handle].filter((handle) => handle !== null)
  openReview(deeds, {
    reason: 'another account’s plate is read in a visit that is paid for',
    candidates: candidates.map((handle) => ({ handle, witnesses: witnessesOf(deeds, handle) })),
  })
}

const witnessesOf = (deeds: Deeds, handle: string): number =>
  deeds.bay.visit?.tally.find((one) => one.handle === handle)?.witnesses ?? 0
