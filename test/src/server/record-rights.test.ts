import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { GENESIS, recordContent, sha256 } from '../../../src/journal/chain.ts'
import { openArrayDesk } from './array-desk.ts'
import { ROLE_TOKENS, startServer } from './running-server.ts'

type Shown = {
  readonly seq: number
  readonly cause: { readonly type: string }
  readonly decisions: readonly { readonly type: string }[]
  readonly withheld?: readonly string[]
  readonly prev: string
  readonly hash: string
  readonly contentHash: string
  readonly personalHash: string
}

const BILLED = { type: 'SessionBilled', sessionId: 'ses-1', accountId: 'acc-1', energy_Wh: 600 }
/** What may stand in no answer, by the record that holds it. */
const SECRETS: { readonly [seq: number]: string } = {
  1: 'energy_Wh',
  2: 'Vera Verifier',
  3: 'shown-to-anna',
  4: 'police',
  5: 'acc-secret',
  6: 'ses-1',
  7: 'not-yet-invented',
  8: 'perKwh',
}
/** Records that the role sees by name only; everybody sees the others whole. */
const SHUT: { readonly [role: string]: readonly number[] } = {
  viewer: [1, 2, 3, 4, 5, 6, 7, 8],
  installer: [1, 2, 3, 4, 5, 6, 7, 8],
  fleet: [2, 3, 4, 5, 6, 7, 8],
  'fleet-without-accounts': [1, 2, 3, 4, 5, 6, 7, 8],
  operator: [2, 3, 4, 7],
  supervisor: [2, 3],
  auditor: [],
  admin: [],
}

async function started() {
  const site = openArrayDesk({ clock: systemClock })
  await site.change('bay-1', { type: 'exit.seen' }, {}, { decisions: [BILLED, { type: 'BayFreed' }] })
  await site.note('audit', { type: 'erasure.asked', handle: 'v-1', verified: { by: 'Vera Verifier' } })
  await site.note('audit', { type: 'personal.seen', by: 'anna', subjects: ['shown-to-anna'] })
  await site.note('audit', { type: 'hold.placed', holdId: 'h-1', reason: 'police' })
  await site.note('register', { type: 'account.put', accountId: 'acc-secret' })
  await site.note('audit', { type: 'session.disputed', sessionId: 'ses-1' })
  await site.note('audit', { type: 'driver.tomorrow', word: 'not-yet-invented' })
  await site.note('site', { type: 'tariff.adopted', tariff: { perKwh: 0.5 } })
  await site.note('site', { type: 'clock.learnt', source: 'cam-1' })
  const fleet = { token: 'fleet-without-accounts-token', name: 'a fleet', role: 'fleet' } as const
  return startServer({ site, tokens: [...ROLE_TOKENS, fleet] })
}

test('each role sees of the journal what the table gives it, whichever call lists the records, and the rest by name', async () => {
  const { ask } = await started()
  for (const role of Object.keys(SHUT)) {
    const headers = { authorization: `Bearer ${role}-token` }
    const list = async (path: string): Promise<readonly Shown[]> =>
      ((await (await ask(path, { headers })).json()) as { items: Shown[] }).items
    const all = await list('/api/journal')
    expect(all.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    const shut = all.filter(({ withheld }) => withheld !== undefined).map(({ seq }) => seq)
    expect([role, shut]).toEqual([role, SHUT[role]])
    for (const record of [
      ...all,
      ...(await list('/api/bays/bay-1/journal')),
      ...(await list('/api/journal?stream=audit')),
    ]) {
      const secret = SECRETS[record.seq] ?? 'cam-1'
      expect([role, record.seq, JSON.stringify(record).includes(secret)]).toEqual([
        role,
        record.seq,
        !shut.includes(record.seq),
      ])
      expect(record.cause.type).toMatch(/^[a-z]+\.[a-z-]+$/)
    }
    expect(all[0]?.decisions.map(({ type }) => type)).toEqual(['SessionBilled', 'BayFreed'])
  }
}, 180_000)

test('an auditor can check every hash of what is shown, and who sees less can follow the chain all the same', async () => {
  const { ask } = await started()
  for (const role of ['auditor', 'viewer']) {
    const headers = { authorization: `Bearer ${role}-token` }
    const { items } = (await (await ask('/api/journal', { headers })).json()) as { items: Shown[] }
    for (const [at, record] of items.entries()) {
      const { prev, hash, contentHash, personalHash } = record
      expect(prev).toBe(items[at - 1]?.hash ?? GENESIS)
      expect(sha256(prev + contentHash + personalHash)).toBe(hash)
      if (role === 'auditor') expect(sha256(recordContent(record))).toBe(contentHash)
    }
  }
}, 180_000)
