import type { BayRun } from '../bay-run.ts'
import type { Law } from '../law.ts'
import { decided, isSame, mustLock, outranks } from '../plain-facts.ts'

function yieldsToTheStronger({ lived }: BayRun): string | null {
  for (const { was, now, event } of lived) {
    const [before, after] = [was.visit?.payer ?? null, now.visit?.payer ?? null]
    if (before === null || was.visit?.visitId !== now.visit?.visitId || isSame(before, after)) continue
    const byPerson =
      event.type === 'operator.commanded' || (event.type === 'review.answered' && event.verdict === 'plate')
    // The register takes its own word back before a charge: nobody pays then, and nobody else does.
    const takenBack =
      event.type === 'authorization.refused' && after === null && before.rank === 'plate' && !mustLock(was)
    const upgraded = after !== null && (after.person || outranks(after.rank, before.rank))
    if (!byPerson && !takenBack && !upgraded) return `${event.type}: ${before.rank} became ${after?.rank ?? 'nobody'}`
    if (upgraded && !after.person && before.person && after.rank === 'plate') return 'a plate replaced a person’s word'
  }
  return null
}

/** Nobody pays silently: the first payer and each change stand on record, with both names. */
function bothOnRecord({ lived }: BayRun): string | null {
  for (const { was, now, draft } of lived) {
    const [before, after] = [was.visit?.payer ?? null, now.visit?.payer ?? null]
    if (!now.visit || was.visit?.visitId !== now.visit.visitId) continue
    const same =
      before?.accountId === after?.accountId && before?.rank === after?.rank && before?.handle === after?.handle
    const upgrade = decided(draft, 'IdentityUpgraded')[0]
    const first = decided(draft, 'VisitAuthorized')[0]
    if (same && (upgrade || first)) return 'a change on record that did not happen'
    if (same) continue
    const said = before === null ? first : upgrade
    if (said?.['accountId'] !== (after?.accountId ?? null))
      return `${after?.accountId} pays, on record ${said?.['accountId']}`
    if (before !== null && said?.['fromAccount'] !== before.accountId) return 'who paid before is not on record'
  }
  return null
}

/** What is shown at the charge point and valid wins over whoever is weaker: over a plate, and a card over a person's word. */
function strongerIsTaken({ lived }: BayRun): string | null {
  for (const { was, now, event } of lived) {
    if (event.type !== 'token.presented' || event.token.kind !== 'card' || event.token.standing !== 'accepted') continue
    const before = was.visit?.payer
    if (was.visit?.visitId !== now.visit?.visitId || !was.visit || event.token.accountId === null) continue
    const wins = before == null || outranks(event.token.rank ?? 'card', before.rank)
    if (wins && now.visit?.payer?.handle !== event.token.handle)
      return `a valid card was shown and ${now.visit?.payer?.rank ?? 'nobody'} pays`
  }
  return null
}

/** The register may answer late, when somebody else has been asked about since. */
function lateAnswersAreVoid({ lived }: BayRun): string | null {
  for (const { was, now, event } of lived) {
    if (event.type !== 'authorization.granted' && event.type !== 'authorization.refused') continue
    const visit = was.visit
    if (!visit || visit.asked?.ask === event.ask || now.visit?.visitId !== visit.visitId) continue
    if (!isSame(visit.payer, now.visit?.payer)) return `an answer to ${event.ask} counts, asked was ${visit.asked?.ask}`
  }
  return null
}

/** Law 8. A bill must never move to somebody else because a weaker witness spoke last. */
export const law: Law = {
  number: 8,
  promise: 'an identity yields only to a stronger one',
  matters: 'A bill must never move to somebody else because a weaker witness spoke last.',
  own: [],
  bay: [
    { says: 'within a visit who pays changes only to a stronger identity or by a person', breach: yieldsToTheStronger },
    { says: 'who pays, and who paid before, stands on record', breach: bothOnRecord },
    { says: 'an answer of the register to what is no longer asked changes nothing', breach: lateAnswersAreVoid },
    { says: 'a valid card wins over a plate, and over a person’s word', breach: strongerIsTaken },
  ],
}
