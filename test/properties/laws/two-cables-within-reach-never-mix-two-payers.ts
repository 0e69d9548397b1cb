import { ok } from 'node:assert/strict'
import { ToySite, type ToySiteOptions } from '../../../simulations/toy-site.ts'
import { fc } from '../../seeded-check.ts'
import type { BayRun } from '../bay-run.ts'
import type { Law } from '../law.ts'
import { connectors, isSame, ordered } from '../plain-facts.ts'
import { PLATES } from '../two-bays.ts'

const SHARED = { chargePointId: 'CP-1', evse: 1 }
/** `early`: bay-2's charge point takes a start before the plug. */
const onePost = (early: boolean): ToySiteOptions => ({
  bays: [
    { bayId: 'bay-1', connectors: [SHARED, { chargePointId: 'CP-1', evse: 2 }] },
    { bayId: 'bay-2', connectors: [early ? { ...SHARED, startOn: 'validation' } : SHARED] },
  ],
})

/** Car one, car two, a plug, another plug: some of them, in any order. */
const order = fc.shuffledSubarray([0, 1, 2, 3] as const, { minLength: 1, maxLength: 4 })
const gap_ms = fc.integer({ min: 0, max: 4000 })
const word = fc.constantFrom('Preparing', 'Charging', 'Preparing')

/** A start that did go out was for the one visit that could be meant, and its token pays only there. */
function startsMixed(site: ToySite): string | null {
  for (const start of site.starts()) {
    const bayId = site.keys.findStart(start.idToken as string)?.visitId.replace(/-\d+$/, '') as string
    const payer = site.bay(bayId)?.visit?.payer?.accountId
    if (payer !== (bayId === 'bay-1' ? 'acc-1' : 'acc-2')) return `a start of ${bayId}, and ${payer} pays there`
  }
  return site.starts().filter((start) => start.evse === 1).length > 1 ? 'two starts for one plug' : null
}

/** The charge point begins with a start's token: the transaction is in the bay whose start it is, whoever else waits at the post. */
async function startedElsewhere(site: ToySite): Promise<string | null> {
  const start = site.starts().at(-1)
  if (!start?.idToken) return null
  const told = { chargePointId: 'CP-1', evse: start.evse ?? 1, idToken: start.idToken, register_Wh: 0 }
  const { status, transactionId } = await site.hear({ type: 'started', ...told, happenedAt: site.clock.now() })
  const bayId = site.keys.findStart(start.idToken)?.visitId.replace(/-\d+$/, '') as string
  const open = Object.values(site.bay(bayId)?.connectors ?? {}).map((one) => one.transaction?.transactionId)
  return status === 'accepted' && !open.includes(transactionId ?? '') ? `a start of ${bayId} runs in another bay` : null
}

async function crossed(
  story: readonly (0 | 1 | 2 | 3)[],
  gap: number,
  status: string,
  early: boolean,
): Promise<string | null> {
  const site = await new ToySite(onePost(early)).open()
  await site.registers(PLATES[0], 'acc-1')
  await site.registers(PLATES[1], 'acc-2')
  const arrived = new Set<string>()
  let plugged = false
  for (const move of story) {
    const bayId = `bay-${move + 1}`
    if (move < 2) {
      for (let frame = 0; frame < 2; frame += 1) {
        await site.camera('cam-1', { plates: [{ bayId, plate: PLATES[move as 0 | 1] }] })
        await site.pass(100)
      }
      arrived.add(bayId)
      continue
    }
    const eitherCouldBeMeant = arrived.size === 2 && !plugged
    const before = site.starts().length
    await site.hear({ type: 'status', ...SHARED, status, errorCode: null, happenedAt: null })
    await site.pass(gap)
    plugged = true
    if (eitherCouldBeMeant && site.starts().length !== before) return 'a plug that could be of either was started'
  }
  return startsMixed(site) ?? (await startedElsewhere(site))
}

/** Two plugs in one bay: whose is whose is not for a machine to guess. */
function twoPlugsStartNothing({ lived }: BayRun): string | null {
  for (const { now, draft } of lived)
    for (const start of ordered(draft, 'start.charging')) {
      const free = connectors(now).filter((one) => one.transaction === null && one.cable === 'in')
      if (start['reason'] !== 'after-restart' && free.filter((one) => one.status !== 'finishing').length > 1)
        return `${start['reason']} although ${free.length} plugs are in`
    }
  return null
}

/** Somebody charges here already: a card at the other cable says nothing of him. */
function cardPaysItsOwn({ lived }: BayRun): string | null {
  for (const { was, now, event } of lived) {
    if (event.type !== 'transaction.started' || event.token.kind !== 'card' || !event.accepted) continue
    const runs = connectors(was).some((one) => one.connector !== event.connector && one.transaction !== null)
    if (!runs || was.visit?.visitId !== now.visit?.visitId) continue
    if (!isSame(was.visit?.payer, now.visit?.payer))
      return `a card at the other cable pays for all: ${event.token.handle}`
  }
  return null
}

/** Law 10. Between two bays on one post a cable crosses easily; the wrong start is the wrong bill. */
export const law: Law = {
  number: 10,
  promise: 'two cables within reach never mix two payers',
  matters: 'Between two bays on one post a cable crosses easily; the wrong start is the wrong bill.',
  bay: [
    { says: 'with two plugs in one bay nothing is started', breach: twoPlugsStartNothing },
    { says: 'a card that starts beside a running charge pays for its own alone', breach: cardPaysItsOwn },
  ],
  own: [
    {
      says: 'a plug that could belong to either of two waiting visits starts nothing unattended',
      share: 0.5,
      property: () =>
        fc.asyncProperty(order, gap_ms, word, fc.boolean(), async (...told) => {
          const broken = await crossed(...told)
          ok(broken === null, broken ?? '')
        }) as fc.IRawProperty<unknown>,
    },
  ],
}
