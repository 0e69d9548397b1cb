import { expect, test } from 'vitest'
import { ToySite, type ToySiteOptions } from '../../simulations/toy-site.ts'

// What simulated worlds broke, told again in a few steps.

const ONE: ToySiteOptions = { bays: [{ bayId: 'bay-1', connectors: [{ chargePointId: 'CP-1', evse: 1 }] }] }
const CABLES = [
  { chargePointId: 'CP-1', evse: 1 },
  { chargePointId: 'CP-1', evse: 2 },
]
const SHARED: ToySiteOptions = {
  bays: [
    { bayId: 'bay-1', connectors: CABLES },
    { bayId: 'bay-2', connectors: CABLES },
  ],
}

const status = (site: ToySite, evse: number, word: string) =>
  site.hear({ type: 'status', chargePointId: 'CP-1', evse, status: word, errorCode: null, happenedAt: null })
const starts = (site: ToySite, evse: number, idToken: string, register_Wh: number) =>
  site.hear({ type: 'started', chargePointId: 'CP-1', evse, idToken, register_Wh, happenedAt: site.clock.now() })

async function opened(options: ToySiteOptions): Promise<ToySite> {
  const site = await new ToySite(options).open()
  await site.hear({ type: 'online', chargePointId: 'CP-1' })
  await site.registers('AB12CDE', 'acc-1')
  await site.registers('XY98ZWV', 'acc-2')
  await site.registersCard('CARD1', 'acc-1')
  return site
}

/** Two bays within reach of two cables, both hanging at the charge point. */
async function free(): Promise<ToySite> {
  const site = await opened(SHARED)
  for (const evse of [1, 2]) await status(site, evse, 'Available')
  return site
}

const ends = (site: ToySite, transactionId: string, register_Wh: number, reason: string) =>
  site.hear({
    type: 'ended',
    chargePointId: 'CP-1',
    transactionId,
    idToken: null,
    register_Wh,
    reason,
    happenedAt: null,
    samples: [],
  })

/** The same pictures a few times: plates where they stand, and nobody else. */
async function sees(
  site: ToySite,
  plates: { readonly [bayId: string]: string },
  occupied: readonly string[] = [],
): Promise<void> {
  for (let picture = 0; picture < 3; picture++) {
    await site.camera('cam-1', {
      plates: Object.entries(plates).map(([bayId, plate]) => ({ bayId, plate })),
      occupied: [...Object.keys(plates), ...occupied],
    })
    await site.pass(500)
  }
}

test('a charge point that says Available once more after its link came back begins the proof that its transaction is dead', async () => {
  const site = await opened(ONE)
  await starts(site, 1, 'CARD1', 1000)
  await status(site, 1, 'Available')
  await site.pass(20_000)
  await site.hear({ type: 'offline', chargePointId: 'CP-1' })
  await site.hear({ type: 'online', chargePointId: 'CP-1' })
  await status(site, 1, 'Available')
  await site.pass(61_000)
  await status(site, 1, 'Available')
  await site.pass(10)
  expect(site.decisions('bay-1', 'TransactionEnded')).toHaveLength(1)
})

test('what a refused transaction drew is on nobody’s bill, though the charge point then measures without naming one', async () => {
  const site = await opened(ONE)
  const first = await starts(site, 1, 'CARD1', 1000)
  await starts(site, 1, 'NOBODYS', 1200)
  const sample = {
    happenedAt: site.clock.now(),
    when: 'live' as const,
    current_A: 0,
    power_W: 0,
    register_Wh: 7200,
    verdict: 'valid' as const,
  }
  await site.hear({ type: 'meter', chargePointId: 'CP-1', evse: 1, transactionId: null, samples: [sample] })
  await status(site, 1, 'Available')
  await site.pass(61_000)
  await status(site, 1, 'Available')
  const [ended] = site.decisions('bay-1', 'TransactionEnded')
  expect(ended?.['transactionId']).toBe(first.transactionId)
  expect(ended?.['energy_Wh']).toBe(0)
})

test('a vehicle that has charged and stands here still may take the neighbour’s cable: its plug starts nobody', async () => {
  const site = await opened(SHARED)
  await sees(site, {})
  await starts(site, 2, 'CARD1', 1000)
  await sees(site, {}, ['bay-1'])
  const bay = ['bay-1', 'bay-2'].find((one) => site.state(one).startsWith('charging-locked'))
  expect(bay).toBe('bay-1')
  await site.hear({
    type: 'ended',
    chargePointId: 'CP-1',
    transactionId: '1',
    idToken: null,
    register_Wh: 2000,
    reason: 'EVDisconnected',
    happenedAt: null,
    samples: [],
  })
  await status(site, 2, 'Available')
  await sees(site, { 'bay-2': 'XY98ZWV' }, ['bay-1'])
  expect(site.state('bay-2')).toBe('authorizing.awaiting-plug')
  await status(site, 1, 'Preparing')
  await site.pass(1000)
  expect(site.starts()).toEqual([])
})

test('a plug on a shared cable starts the one waiting visit only while the other bay is seen empty', async () => {
  for (const known of [true, false]) {
    const site = await free()
    if (known) await sees(site, { 'bay-2': 'XY98ZWV' })
    else
      for (let picture = 0; picture < 3; picture++) {
        await site.camera('cam-1', { plates: [{ bayId: 'bay-2', plate: 'XY98ZWV' }] })
        await site.pass(500)
      }
    expect(site.state('bay-2')).toBe('authorizing.awaiting-plug')
    await status(site, 1, 'Preparing')
    await site.pass(1000)
    expect(site.starts()).toHaveLength(known ? 1 : 0)
  }
})

test('a plug that was in before a vehicle came is not taken for that vehicle’s where bays share cables', async () => {
  const site = await opened(SHARED)
  await sees(site, { 'bay-1': 'ZZ77ZZZ' })
  await status(site, 1, 'Preparing')
  await site.pass(1000)
  expect(site.state('bay-1')).toBe('authorizing.denied')
  await site.pass(20_000)
  await sees(site, { 'bay-1': 'AB12CDE' })
  await site.pass(1000)
  expect(site.bay('bay-1')?.visit?.payer?.accountId).toBe('acc-1')
  expect(site.starts()).toEqual([])
})

test('a cable that came in while the charge point was away starts nobody where bays share it', async () => {
  for (const away of [false, true]) {
    const site = await free()
    await sees(site, {}, ['bay-1'])
    await starts(site, 2, 'CARD1', 1000)
    await sees(site, { 'bay-2': 'XY98ZWV' }, ['bay-1'])
    expect(site.state('bay-2')).toBe('authorizing.awaiting-plug')
    if (away) {
      await site.hear({ type: 'offline', chargePointId: 'CP-1' })
      await site.hear({ type: 'online', chargePointId: 'CP-1' })
    }
    await status(site, 1, 'Preparing')
    await site.pass(1000)
    expect(site.starts()).toHaveLength(away ? 0 : 1)
  }
})

test('a cable in a bay that is then seen empty is not the next vehicle’s where bays share it', async () => {
  for (const seenEmpty of [false, true]) {
    const site = await free()
    await sees(site, {}, ['bay-1'])
    await status(site, 1, 'Preparing')
    if (seenEmpty) await sees(site, {})
    await sees(site, { 'bay-1': 'AB12CDE' })
    await site.pass(1000)
    expect(site.bay('bay-1')?.visit?.payer?.accountId).toBe('acc-1')
    expect(site.starts()).toHaveLength(seenEmpty ? 0 : 1)
  }
})

test('while a charge may be the neighbour’s, a second plug within reach of both bays starts nobody', async () => {
  for (const doubtful of [false, true]) {
    const site = await free()
    await sees(site, { 'bay-1': 'AB12CDE' })
    await status(site, 1, 'Preparing')
    await starts(site, 1, site.starts().at(-1)?.idToken ?? '', 1000)
    expect(site.state('bay-1').startsWith('charging-locked')).toBe(true)
    await site.pass(20_000)
    await sees(site, { 'bay-1': doubtful ? 'ZZ77ZZZ' : 'AB12CDE', 'bay-2': 'XY98ZWV' })
    await status(site, 2, 'Preparing')
    await site.pass(1000)
    expect(site.starts()).toHaveLength(doubtful ? 1 : 2)
  }
})

test('the plug of a vehicle that stands across two bays starts nobody in the bay beside', async () => {
  const site = await free()
  await sees(site, {}, ['bay-1'])
  await starts(site, 1, 'CARD1', 1000)
  await ends(site, '1', 2000, 'EVDisconnected')
  await status(site, 1, 'Available')
  await sees(site, { 'bay-2': 'XY98ZWV' })
  await site.tells('bay-1', { type: 'zone.unknown', id: 'o-1', source: 'cam-1', cameraId: 'cam-1', happenedAt: null })
  expect(site.state('bay-2')).toBe('authorizing.awaiting-plug')
  await status(site, 1, 'Preparing')
  await site.pass(1000)
  expect(site.starts()).toEqual([])
})

test('what a connector says once its charge is over is about the bay that charged, not about its waiting neighbour', async () => {
  const site = await free()
  await sees(site, {}, ['bay-1'])
  await starts(site, 1, 'CARD1', 1000)
  await status(site, 1, 'Charging')
  expect(site.state('bay-1').startsWith('charging-locked')).toBe(true)
  await sees(site, { 'bay-2': 'XY98ZWV' }, ['bay-1'])
  expect(site.state('bay-2')).toBe('authorizing.awaiting-plug')
  await ends(site, '1', 2000, 'Local')
  await status(site, 1, 'Finishing')
  await site.pass(1000)
  expect(site.starts()).toEqual([])
  expect(site.state('bay-1')).toBe('exiting.still-plugged')
})

test('a charge that is owed does not begin when the cable comes out: who plugs in next may be another', async () => {
  const site = await opened(ONE)
  await sees(site, { 'bay-1': 'AB12CDE' })
  await site.camera('cam-1', { plates: [{ bayId: 'bay-1', plate: 'XY98ZWV' }] })
  const token = site.starts().at(-1)?.idToken ?? ''
  for (let picture = 0; picture < 3; picture++) {
    await site.camera('cam-1', { plates: [{ bayId: 'bay-1', plate: 'XY98ZWV' }] })
    await site.pass(500)
  }
  await starts(site, 1, token, 1000)
  await ends(site, '1', 1002, 'DeAuthorized')
  await status(site, 1, 'Finishing')
  await site.pass(100)
  const before = site.starts().length
  await status(site, 1, 'Available')
  await site.pass(1000)
  expect(site.starts()).toHaveLength(before)
})

test('a plug after an Available is not taken for that of the transaction that was never closed where bays share it', async () => {
  const site = await free()
  await sees(site, {}, ['bay-1'])
  await starts(site, 1, 'CARD1', 1000)
  expect(site.state('bay-1').startsWith('charging-locked')).toBe(true)
  await status(site, 1, 'Available')
  await sees(site, { 'bay-2': 'XY98ZWV' }, ['bay-1'])
  expect(site.state('bay-2')).toBe('authorizing.awaiting-plug')
  await status(site, 1, 'Preparing')
  await site.pass(1000)
  expect(site.bay('bay-1')?.connectors['CP-1/1']?.cable).not.toBe('in')
  expect(site.state('bay-2')).toBe('authorizing.fallback')
})

test('a card in mid-charge takes over no bill where the charge may be over, or the bay was seen empty since', async () => {
  for (const when of ['charging', 'over', 'seen empty']) {
    const site = await opened(ONE)
    await site.registersCard('CARD2', 'acc-2')
    await sees(site, { 'bay-1': 'AB12CDE' })
    await status(site, 1, 'Preparing')
    await starts(site, 1, site.starts().at(-1)?.idToken ?? '', 1000)
    await status(site, 1, when === 'over' ? 'Preparing' : 'Charging')
    await site.pass(20_000)
    if (when === 'seen empty') await sees(site, {})
    await sees(site, {}, ['bay-1'])
    await site.hear({ type: 'authorize', chargePointId: 'CP-1', idToken: 'CARD2' })
    expect(site.bay('bay-1')?.visit?.payer?.accountId).toBe(when === 'charging' ? 'acc-2' : 'acc-1')
  }
})

test('a plug is not taken for that of a charge whose end was said after Available', async () => {
  const site = await free()
  await sees(site, {}, ['bay-1'])
  await starts(site, 1, 'CARD1', 1000)
  await status(site, 1, 'Available')
  await ends(site, '1', 2000, 'Local')
  await sees(site, {})
  await site.pass(60_000)
  expect(site.state('bay-1')).toBe('vacant')
  await sees(site, { 'bay-2': 'XY98ZWV' })
  expect(site.state('bay-2')).toBe('authorizing.awaiting-plug')
  await status(site, 1, 'Preparing')
  await site.pass(1000)
  expect(site.starts()).toHaveLength(1)
})
