import { expect, test } from 'vitest'
import { replaysTheSame, Scene } from './steps.ts'

async function inFlight(): Promise<Scene> {
  const scene = await Scene.open()
  await scene.site.registers('AB12CDE', 'acc-plate')
  await scene.site.registersCard('CARD1', 'acc-card')
  await scene.arrives('AB12CDE')
  expect(scene.orders('start')).toBe(1)
  await scene.plugsIn()
  return scene
}

async function endsVisit(scene: Scene, transactionId: string | null, register_Wh: number): Promise<void> {
  await scene.ends(transactionId, register_Wh)
  await scene.unplugs()
  await scene.leaves()
  expect(scene.state()).toBe('vacant')
  await replaysTheSame(scene.site)
}

test('E19 double start: a card tapped while our start is in flight pays, our start’s transaction carries it, and no second command is sent', async () => {
  const scene = await inFlight()
  expect((await scene.taps('CARD1')).status).toBe('accepted')
  const { status, transactionId } = await scene.begins()
  expect(status).toBe('accepted')
  expect(scene.decided('IdentityUpgraded')).toMatchObject([
    { from: 'plate', fromAccount: 'acc-plate', to: 'card', accountId: 'acc-card' },
  ])
  expect(scene.payer()).toBe('acc-card')
  expect(scene.orders('start')).toBe(1)
  await endsVisit(scene, transactionId, 1900)
  expect(scene.bills()).toMatchObject([{ accountId: 'acc-card', energy_Wh: 900 }])
})

test('E19 double start: the card’s StartTransaction comes first; ours, late, is refused and does not touch it', async () => {
  const scene = await inFlight()
  const ours = scene.token()
  await scene.taps('CARD1')
  const first = await scene.begins({ idToken: 'CARD1' })
  expect(first.status).toBe('accepted')
  await scene.draws(6, 1200, { transactionId: first.transactionId })
  const late = await scene.begins({ idToken: ours, register_Wh: 1200 })
  expect(late.status).toBe('invalid')
  expect(late.transactionId).not.toBe(first.transactionId)
  expect(scene.site.bay('bay-1')?.connectors['CP-1/1']?.transaction?.transactionId).toBe(first.transactionId)
  expect(scene.site.orders.filter((order) => order.type === 'stop').map((order) => order.transactionId)).not.toContain(
    first.transactionId,
  )
  await scene.draws(6, 1900, { transactionId: first.transactionId })
  expect(scene.payer()).toBe('acc-card')
  expect(scene.orders('start')).toBe(1)
  await endsVisit(scene, first.transactionId, 2000)
  expect(scene.bills()).toMatchObject([{ accountId: 'acc-card', energy_Wh: 1000 }])
})

test('E19 double start: ours starts first and the card’s StartTransaction replaces it: each payer gets its own energy', async () => {
  const scene = await inFlight()
  const ours = await scene.begins()
  await scene.draws(6, 1300, { transactionId: ours.transactionId })
  const card = await scene.begins({ idToken: 'CARD1', register_Wh: 1300 })
  expect(card.status).toBe('accepted')
  expect(scene.payer()).toBe('acc-card')
  await scene.draws(6, 1500, { transactionId: card.transactionId })
  expect(scene.orders('start')).toBe(1)
  await endsVisit(scene, card.transactionId, 1700)
  const owed = Object.fromEntries(scene.bills().map((bill) => [String(bill['accountId']), bill['energy_Wh']]))
  expect(owed).toEqual({ 'acc-plate': 300, 'acc-card': 400 })
})

test('E19 double start: a card of the same account taps while ours starts: one session, one account', async () => {
  const scene = await inFlight()
  await scene.site.registersCard('CARD2', 'acc-plate')
  await scene.taps('CARD2')
  const { transactionId } = await scene.begins()
  await endsVisit(scene, transactionId, 1500)
  expect(scene.bills()).toMatchObject([{ accountId: 'acc-plate', energy_Wh: 500 }])
})

test('E19 double start: a card that pays after its first charge gets only what it drew', async () => {
  const scene = await inFlight()
  const ours = await scene.begins()
  await scene.says('Charging')
  await scene.draws(6, 1500, { transactionId: ours.transactionId })
  await scene.ends(ours.transactionId, 1600)
  await scene.says('Finishing')
  const card = await scene.begins({ idToken: 'CARD1', register_Wh: 1600 })
  expect(card.status).toBe('accepted')
  await endsVisit(scene, card.transactionId, 1700)
  const owed = Object.fromEntries(scene.bills().map((bill) => [String(bill['accountId']), bill['energy_Wh']]))
  expect(owed).toEqual({ 'acc-plate': 600, 'acc-card': 100 })
})

test('E19 double start: a card tapped after the first charge and then used gets only what it drew', async () => {
  const scene = await inFlight()
  const ours = await scene.begins()
  await scene.says('Charging')
  await scene.ends(ours.transactionId, 1600)
  await scene.says('Finishing')
  await scene.taps('CARD1')
  const card = await scene.begins({ idToken: 'CARD1', register_Wh: 1600 })
  expect(card.status).toBe('accepted')
  await endsVisit(scene, card.transactionId, 1700)
  const owed = Object.fromEntries(scene.bills().map((bill) => [String(bill['accountId']), bill['energy_Wh']]))
  expect(owed).toEqual({ 'acc-plate': 600, 'acc-card': 100 })
})
