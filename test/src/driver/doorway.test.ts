import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { heldFor, openDoorScene, signedReturn } from './door-scene.ts'

const kinds = async (scene: { records(): Promise<readonly { cause: { type: string } }[]> }) =>
  (await scene.records()).map(({ cause }) => cause.type).filter((type) => /^(driver|payment)\./.test(type))

test('a driver whose plate nobody knows pays in three taps, the hold is on record before the start, and this phone alone stops it', async () => {
  const scene = await openDoorScene()
  const [code = ''] = scene.codes
  await scene.arrives(1)
  const phone = scene.phone()
  const first = await phone.ask(`/b/${code}`, undefined, { 'accept-language': 'de' })
  expect(first.page).toMatch(/Bezahlen und laden: 40\s€ vormerken/)
  expect(first.page).not.toMatch(/ZZ9|ZZZ/)
  expect(gzipSync(first.page).length).toBeLessThan(25_000)
  const away = await phone.ask(`/b/${code}/pay`, {})
  expect(away.to).toContain(scene.provider.url)
  const paid = await (await fetch(away.to, { redirect: 'manual' })).headers.get('location')
  const done = await phone.ask(paid ?? '')
  expect([done.status, done.to]).toEqual([303, `/b/${code}?lang=en&said=starting`])
  await scene.until(() => scene.bay(1)?.session?.transactionId != null)
  expect(scene.bay(1)?.visit).toMatchObject({ accountId: expect.stringMatching(/^pay-[0-9a-f]{24}$/) })
  expect(await kinds(scene)).toEqual(['payment.asked', 'payment.held', 'driver.began'])
  const held = (await scene.records()).find(({ cause }) => cause.type === 'payment.held')
  const told = (await scene.bayRecords(1)).find(({ cause }) => cause.type === 'operator.commanded')
  expect(held?.seq).toBeLessThan(told?.seq ?? 0)

  // Whoever scans it meanwhile learns nothing, and stops nothing.
  const stranger = scene.phone()
  const seen = (await stranger.ask(`/b/${code}`)).page
  expect(seen).not.toMatch(/ZZ9|ZZZ|pay-|pi_4711|This phone began/)
  expect(seen).toMatch(/ is bay-2\./)
  expect((await stranger.ask(`/b/${code}/stop`, {})).to).toContain('said=not-yours')
  expect(scene.bay(1)?.state).toBe('charging-locked')

  // Its own phone does, also after berth was started anew.
  await scene.restart()
  await scene.until(async () => (await phone.ask(`/b/${code}`)).page.includes('This phone began the charge'))
  expect((await phone.ask(`/b/${code}/stop`, {})).to).toContain('said=stopping')
  await scene.until(() => scene.bay(1)?.session === null || scene.bay(1)?.state !== 'charging-locked')
  expect(await kinds(scene)).toContain('driver.ended')
  // What has ended can be stopped by nobody.
  const after = await phone.ask(`/b/${code}`)
  expect(after.page).not.toMatch(/\/stop\?/)
  expect((await phone.ask(`/b/${code}/stop`, {})).to).toContain('said=changed')
}, 180_000)

test('a cookie that somebody planted in the phone stops nothing: not one made up, and not one that the site gave to somebody else', async () => {
  const scene = await openDoorScene()
  const [code = ''] = scene.codes
  await scene.arrives(1)
  const planter = scene.phone()
  await planter.ask(`/b/${code}`)
  const phone = scene.phone()
  const made = `berth_driver=${'x'.repeat(32)}`
  for (const planted of [made, `${made}.${'0'.repeat(64)}`]) {
    phone.cookie = planted
    await phone.ask(`/b/${code}`)
    // The site gives one of its own instead.
    expect(phone.cookie).not.toBe(planted)
  }
  phone.cookie = planter.cookie
  const away = await phone.ask(`/b/${code}/pay`, {})
  expect(phone.cookie).not.toBe(planter.cookie)
  const paid = (await fetch(away.to, { redirect: 'manual' })).headers.get('location')
  expect((await phone.ask(paid ?? '')).to).toContain('said=starting')
  await scene.until(() => scene.bay(1)?.session?.transactionId != null)
  expect((await planter.ask(`/b/${code}`)).page).not.toContain('This phone began')
  expect((await planter.ask(`/b/${code}/stop`, {})).to).toContain('said=not-yours')
  // Beside a planted one the phone's own counts still.
  phone.cookie = `${made}; ${phone.cookie}`
  expect((await phone.ask(`/b/${code}/stop`, {})).to).toContain('said=stopping')
}, 180_000)

test('a bad signature starts nothing and leaves no word of a hold', async () => {
  const scene = await openDoorScene()
  const [code = ''] = scene.codes
  await scene.arrives(1)
  const phone = scene.phone()
  const asked = new URL((await phone.ask(`/b/${code}/pay`, {})).to).searchParams
  const back = asked.get('back') ?? ''
  const forged = signedReturn(back, heldFor(asked), 'a secret that somebody made up')
  const more = new URL(signedReturn(back, heldFor(asked)))
  more.searchParams.set('hold', '999.00')
  // What was signed for the way there is no good for the way back.
  const echoed = new URL(back)
  for (const [name, value] of asked) echoed.searchParams.set(name, value)
  for (const to of [forged, more.href, echoed.href, back])
    expect((await phone.ask(to)).to).toContain('said=payment-unknown')
  expect(await kinds(scene)).toEqual(['payment.asked'])
  expect(scene.bay(1)?.visit?.accountId).toBeNull()
}, 180_000)

test('a return that comes twice, one after the other or at once, starts once', async () => {
  const scene = await openDoorScene()
  const [code = ''] = scene.codes
  await scene.arrives(1)
  const phone = scene.phone()
  const asked = new URL((await phone.ask(`/b/${code}/pay`, {})).to).searchParams
  const to = signedReturn(asked.get('back') ?? '', heldFor(asked))
  const both = await Promise.all([phone.ask(to), phone.ask(to), phone.ask(to)])
  expect(both.map((one) => one.to.split('said=')[1]).toSorted()).toEqual(['payment-used', 'payment-used', 'starting'])
  expect((await phone.ask(to)).to).toContain('said=payment-used')
  expect((await kinds(scene)).filter((type) => type === 'driver.began')).toHaveLength(1)
  await scene.restart()
  expect((await phone.ask(to)).to).toContain('said=payment-used')
}, 180_000)

test('a return to another bay starts nothing there, and is still good at its own', async () => {
  const scene = await openDoorScene()
  const [code = '', other = ''] = scene.codes
  await scene.arrives(1)
  const phone = scene.phone()
  const asked = new URL((await phone.ask(`/b/${code}/pay`, {})).to).searchParams
  const to = signedReturn(asked.get('back') ?? '', heldFor(asked))
  expect((await phone.ask(to.replace(code, other))).to).toContain('said=payment-unknown')
  expect(scene.bay(2)?.visit ?? null).toBeNull()
  expect((await phone.ask(to)).to).toContain('said=starting')
}, 180_000)

test('a late return, and one that holds too little, start nothing and are on record as unused', async () => {
  const scene = await openDoorScene()
  const [code = ''] = scene.codes
  await scene.arrives(1)
  const phone = scene.phone()
  const once = async (change: (held: Record<string, string>) => void) => {
    const asked = new URL((await phone.ask(`/b/${code}/pay`, {})).to).searchParams
    const held = heldFor(asked)
    change(held)
    return (await phone.ask(signedReturn(asked.get('back') ?? '', held))).to.split('said=')[1]
  }
  expect(await once((held) => (held['hold'] = '39.99'))).toBe('payment-refused')
  expect(await once((held) => (held['currency'] = 'SEK'))).toBe('payment-refused')
  expect(await once((held) => (held['status'] = 'refused'))).toBe('payment-refused')
  expect(await once(() => (scene.clock.later_ms = 11 * 60_000))).toBe('payment-late')
  scene.clock.later_ms = 0
  expect(await kinds(scene)).not.toContain('driver.began')
  const unused = (await scene.records()).filter(({ cause }) => cause.type === 'payment.unused')
  expect(unused.map(({ cause }) => cause['why'])).toEqual(['too little is held', 'too little is held', 'late'])
}, 180_000)

test('a vehicle that left while its driver paid: nothing starts for whoever stands there now, and the hold is on record as unused', async () => {
  const scene = await openDoorScene()
  const [code = ''] = scene.codes
  await scene.arrives(1)
  const phone = scene.phone()
  const asked = new URL((await phone.ask(`/b/${code}/pay`, {})).to).searchParams
  await scene.leaves(1)
  const says = await phone.ask(signedReturn(asked.get('back') ?? '', heldFor(asked)))
  expect(says.to).toContain('said=payment-gone')
  expect(await kinds(scene)).toEqual(['payment.asked', 'payment.held', 'payment.unused'])
}, 180_000)

test('a driver who paid and drives off without charging: the hold is on record as unused, told as news, and an alarm for operators', async () => {
  const scene = await openDoorScene()
  const [code = ''] = scene.codes
  await scene.arrives(1)
  scene.points[0]?.unplug(1)
  const phone = scene.phone()
  const { to } = await phone.ask(`/b/${code}/pay`, {})
  const asked = new URL(to).searchParams
  const says = await phone.ask(signedReturn(asked.get('back') ?? '', heldFor(asked)))
  expect(says.to).toContain('said=starting')
  expect(await kinds(scene)).toEqual(['payment.asked', 'payment.held', 'driver.began'])
  await scene.leaves(1)
  await expect.poll(() => kinds(scene)).toEqual(['payment.asked', 'payment.held', 'driver.began', 'payment.unused'])
  const ref = asked.get('ref') ?? ''
  const alarms = (await (await scene.api('GET', '/api/alarms')).json()) as { items: object[] }
  expect(alarms.items).toMatchObject([{ type: 'payment', bayId: 'bay-1', says: expect.stringContaining(ref) }])
  const news = (await (await scene.api('GET', '/api/news')).json()) as { items: { type: string }[] }
  expect(news.items.filter(({ type }) => type === 'payment.unused')).toMatchObject([
    { bayId: 'bay-1', ref, accountId: `pay-${ref}`, why: 'nothing was charged' },
  ])
}, 180_000)

test('plate and PIN begin a charge whose plate was not read; wrong ones all answer alike, and after five nobody gets in for a while', async () => {
  const scene = await openDoorScene()
  const [code = ''] = scene.codes
  await scene.api('PUT', '/api/vehicles/AB12CDE', { accountId: 'acc-1' })
  expect((await scene.api('PUT', '/api/accounts/acc-1/pin', { pin: '12' })).status).toBe(400)
  expect((await scene.api('PUT', '/api/accounts/nobody/pin', { pin: '4711' })).status).toBe(404)
  expect((await scene.api('PUT', '/api/accounts/acc-1/pin', { pin: '4711' })).status).toBe(204)
  expect(JSON.stringify(await scene.records())).not.toContain('4711')
  await scene.arrives(1)
  const phone = scene.phone()
  const type = async (plate: string, secret: string) =>
    (await phone.ask(`/b/${code}/start`, { plate, secret })).to.split('said=')[1]
  expect(await type('QQ11QQQ', '4711')).toBe('wrong')
  for (const guess of ['0000', '1111', '2222', '3333', '4444']) expect(await type('ab12 cde', guess)).toBe('wrong')
  expect(await type('AB12CDE', '4711')).toBe('pause')
  scene.clock.later_ms = 16 * 60_000
  expect(await type('ab12 cde', '4711')).toBe('starting')
  expect(scene.bay(1)?.visit).toMatchObject({ accountId: 'acc-1' })
}, 180_000)

test('who tries one account’s PIN by one plate after another is stopped, and not told that the plates belong together', async () => {
  const scene = await openDoorScene()
  const [code = ''] = scene.codes
  const plates = ['AB12CDE', 'XY34ZZZ', 'KD68KXF']
  for (const plate of plates) await scene.api('PUT', `/api/vehicles/${plate}`, { accountId: 'acc-1' })
  await scene.api('PUT', '/api/accounts/acc-1/pin', { pin: '4711' })
  await scene.arrives(1)
  const phone = scene.phone()
  const type = async (plate: string, secret: string) =>
    (await phone.ask(`/b/${code}/start`, { plate, secret })).to.split('said=')[1]
  for (const plate of plates.slice(0, 2))
    for (const guess of ['0000', '1111', '2222', '3333', '4444']) expect(await type(plate, guess)).toBe('wrong')
  expect(await type('KD68KXF', '4711')).toBe('wrong')
  scene.clock.later_ms = 60 * 60_000
  expect(await type('AB12CDE', '4711')).toBe('wrong')
  const made = (await (await scene.api('POST', '/api/accounts/acc-1/driver-code')).json()) as { code: string }
  expect(await type('AB12CDE', made.code)).toBe('starting')
}, 180_000)

test('a one-time code works once, and another phone stops with plate and PIN what the account pays', async () => {
  const scene = await openDoorScene()
  const [code = '', other = ''] = scene.codes
  await scene.api('PUT', '/api/vehicles/AB12CDE', { accountId: 'acc-1' })
  await scene.api('PUT', '/api/vehicles/XY34ZZZ', { accountId: 'acc-2' })
  await scene.api('PUT', '/api/accounts/acc-2/pin', { pin: '2222' })
  await scene.api('PUT', '/api/accounts/acc-1/pin', { pin: '1111' })
  const made = (await (await scene.api('POST', '/api/accounts/acc-1/driver-code')).json()) as { code: string }
  expect(made.code).toMatch(/^\d{6}$/)
  await scene.arrives(1)
  await scene.arrives(2)
  const says = async (path: string, plate: string, secret: string) =>
    (await scene.phone().ask(path, { plate, secret })).to.split('said=')[1]
  expect(await says(`/b/${code}/start`, 'AB12CDE', made.code)).toBe('starting')
  expect(await says(`/b/${other}/start`, 'AB12CDE', made.code)).toBe('wrong')
  await scene.until(() => scene.bay(1)?.session?.transactionId != null)
  expect(await says(`/b/${code}/stop`, 'XY34ZZZ', '2222')).toBe('not-yours')
  // Who asks while the charge moves on is told that it changed, and asks again.
  let word: string | undefined
  do word = await says(`/b/${code}/stop`, 'AB12CDE', '1111')
  while (word === 'changed')
  expect(word).toBe('stopping')
}, 180_000)

test('a form of another site’s page presses nothing, and a made-up code is no bay’s', async () => {
  const scene = await openDoorScene()
  const [code = ''] = scene.codes
  await scene.arrives(1)
  const phone = scene.phone()
  for (const origin of ['https://evil.example', 'null'])
    expect((await phone.ask(`/b/${code}/pay`, {}, { origin })).status).toBe(403)
  expect((await phone.ask(`/b/${code}/pay`, {}, { origin: scene.publicUrl })).status).toBe(303)
  for (const path of [`/b/${code.slice(0, -1)}_`, '/b/bay-1', '/b/__proto__'])
    expect((await phone.ask(path)).status).toBe(404)
  expect((await phone.ask(`/b/bay-1/pay`, {})).status).toBe(404)
}, 180_000)

test('who asks to pay again and again takes paying away from nobody else at the bay, and hears why', async () => {
  const scene = await openDoorScene()
  const [code = ''] = scene.codes
  await scene.arrives(1)
  const from = (address: string) => ({ 'x-forwarded-for': address })
  const asks = async (address: string, phone = scene.phone()) =>
    (await phone.ask(`/b/${code}/pay`, {}, from(address))).to.split('said=')[1] ?? 'away'
  const scanner: string[] = []
  for (let n = 0; n < 30; n += 1) scanner.push(await asks('203.0.113.7'))
  expect(scanner.filter((said) => said === 'away')).toHaveLength(20)
  expect(new Set(scanner)).toEqual(new Set(['away', 'payment-many']))
  // One phone that wanders through networks is one phone, though each payment gives it a new cookie.
  const wanderer = scene.phone()
  const wandered: string[] = []
  for (let n = 0; n < 5; n += 1) wandered.push(await asks(`203.0.113.${20 + n}`, wanderer))
  expect(wandered).toEqual(['away', 'away', 'away', 'payment-many', 'payment-many'])
  const said = await scene.phone().ask(`/b/${code}?lang=de&said=payment-many`)
  expect(said.page).toContain('Zahlungen')
  expect(await asks('203.0.113.8')).toBe('away')
  scene.clock.later_ms = 11 * 60_000
  expect(await asks('203.0.113.7')).toBe('away')
}, 180_000)
