import { expect, test } from 'vitest'
import { heldFor, openDoorScene, signedReturn } from './door-scene.ts'

const OWN = 'This phone began the charge'

test('of two who begin at one moment one begins, and the phone of the other stops nothing', async () => {
  const scene = await openDoorScene()
  const [code = ''] = scene.codes
  for (const [plate, account, pin] of [
    ['AB12CDE', 'acc-1', '1111'],
    ['XY34ZZZ', 'acc-2', '2222'],
  ] as const) {
    await scene.api('PUT', `/api/vehicles/${plate}`, { accountId: account })
    await scene.api('PUT', `/api/accounts/${account}/pin`, { pin })
  }
  await scene.arrives(1)
  const phones = [scene.phone(), scene.phone()] as const
  const says = await Promise.all([
    phones[0].ask(`/b/${code}/start`, { plate: 'AB12CDE', secret: '1111' }),
    phones[1].ask(`/b/${code}/start`, { plate: 'XY34ZZZ', secret: '2222' }),
  ])
  const words = says.map(({ to }) => to.split('said=')[1])
  expect(words.toSorted()).toEqual(['changed', 'starting'])
  await scene.until(() => scene.bay(1)?.session?.transactionId != null)
  const first = words[0] === 'starting'
  expect(scene.bay(1)?.visit?.accountId).toBe(first ? 'acc-1' : 'acc-2')
  const [his, other] = first ? phones : [phones[1], phones[0]]
  expect((await other.ask(`/b/${code}`)).page).not.toContain(OWN)
  expect((await other.ask(`/b/${code}/stop`, {})).to).toContain('said=not-yours')
  expect((await his.ask(`/b/${code}`)).page).toContain(OWN)
}, 180_000)

test('a phone that begins at a second bay still stops what it began at the first', async () => {
  const scene = await openDoorScene()
  const [code = '', other = ''] = scene.codes
  await scene.api('PUT', '/api/vehicles/AB12CDE', { accountId: 'acc-1' })
  await scene.api('PUT', '/api/vehicles/XY34ZZZ', { accountId: 'acc-1' })
  await scene.api('PUT', '/api/accounts/acc-1/pin', { pin: '1111' })
  await scene.arrives(1)
  await scene.arrives(2)
  const phone = scene.phone()
  const begin = async (at: string, plate: string) =>
    (await phone.ask(`/b/${at}/start`, { plate, secret: '1111' })).to.split('said=')[1]
  expect(await begin(code, 'AB12CDE')).toBe('starting')
  expect(await begin(other, 'XY34ZZZ')).toBe('starting')
  for (const bay of [1, 2]) await scene.until(() => scene.bay(bay)?.session?.transactionId != null)
  for (const at of [code, other]) expect((await phone.ask(`/b/${at}`)).page).toContain(OWN)
}, 180_000)

test('a phone that asked to pay twice, and paid the first time, stops what it paid', async () => {
  const scene = await openDoorScene()
  const [code = ''] = scene.codes
  await scene.arrives(1)
  const phone = scene.phone()
  const asked = new URL((await phone.ask(`/b/${code}/pay`, {})).to).searchParams
  await phone.ask(`/b/${code}/pay`, {})
  expect((await phone.ask(signedReturn(asked.get('back') ?? '', heldFor(asked)))).to).toContain('said=starting')
  await scene.until(() => scene.bay(1)?.session?.transactionId != null)
  expect((await phone.ask(`/b/${code}`)).page).toContain(OWN)
}, 180_000)
