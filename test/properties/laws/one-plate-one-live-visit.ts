import { ok } from 'node:assert/strict'
import { type ClaimRuling, foldClaims, noClaims, ruleClaim, ruleRelease } from '../../../machines/claims.ts'
import type { ToySite } from '../../../simulations/toy-site.ts'
import { fc } from '../../seeded-check.ts'
import type { Law } from '../law.ts'
import { BOTH, handleOf, onTwoBays, PLATES } from '../two-bays.ts'

function heldOnce(site: ToySite): string | null {
  for (const plate of PLATES) {
    const handle = handleOf(site, plate)
    const holders = BOTH.filter((bayId) => {
      const claim = site.bay(bayId)?.visit?.claim
      return claim?.handle === handle && claim.state === 'granted'
    })
    if (holders.length > 1) return `${plate} is held by ${holders.join(' and ')}`
  }
  return null
}

function paysOnce(site: ToySite): string | null {
  const payers = BOTH.flatMap((bayId) => {
    const payer = site.bay(bayId)?.visit?.payer
    return payer?.rank === 'plate' ? [payer.handle] : []
  })
  return new Set(payers).size === payers.length ? null : 'one vehicle pays at two bays'
}

const asks = fc.array(
  fc.record({ asks: fc.boolean(), bay: fc.integer({ min: 0, max: 3 }), holderHolds: fc.boolean() }),
  { maxLength: 30, size: 'max' },
)

/** Four bays ask for one vehicle and give it back, in any order: by what they are told never two hold it, and who waits for it gets it. */
const fourBaysOneVehicle = () =>
  fc.property(asks, (story) => {
    const claims = noClaims()
    const visits = [1, 1, 1, 1]
    const holders = new Set<string>()
    const waiting = new Set<string>()
    const hear = (ruling: ClaimRuling): void => {
      foldClaims(claims, { cause: { type: 'claim', id: '', source: 'site' }, decisions: ruling.decisions })
      for (const { news, visitId } of ruling.told) {
        // A holder that is told of a rival goes on to hold.
        if (news === 'claim.doubled' || news === 'claim.alone') {
          ok(holders.has(visitId), `${visitId} is told of a rival and holds nothing`)
          continue
        }
        waiting.delete(visitId)
        if (news === 'claim.granted') holders.add(visitId)
        else if (news === 'claim.contested') waiting.add(visitId)
        else holders.delete(visitId)
      }
    }
    for (const { asks: asked, bay, holderHolds } of story) {
      const one = { handle: 'veh-a', bayId: `bay-${bay}`, visitId: `bay-${bay}-${visits[bay]}` }
      if (asked) hear(ruleClaim(claims, one, holderHolds))
      else {
        holders.delete(one.visitId)
        waiting.delete(one.visitId)
        visits[bay] = (visits[bay] ?? 0) + 1
        hear(ruleRelease(claims, one))
      }
      ok(holders.size <= 1, `${[...holders].join(' and ')} hold one vehicle`)
      ok(waiting.size === 0 || holders.size === 1, `${[...waiting].join(' and ')} wait for a vehicle that nobody holds`)
    }
  })

/** Law 3. A cloned or misread plate must not let one account pay for two cars. */
export const law: Law = {
  number: 3,
  promise: 'one plate has at most one live visit',
  matters: 'A cloned or misread plate must not let one account pay for two cars.',
  bay: [],
  own: [
    {
      says: 'by what bays are told never two hold one vehicle, and who waits for it gets it',
      share: 0.5,
      property: fourBaysOneVehicle,
    },
    {
      says: 'whatever is read where, one vehicle is held by at most one live visit and pays at one bay',
      share: 0.5,
      property: () => onTwoBays((site) => heldOnce(site) ?? paysOnce(site)),
    },
  ],
}
