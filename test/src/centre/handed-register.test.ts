import { appendFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { handedRegisters, putRegister, registerFor, removeRegister } from '../../../src/centre/handed-registers.ts'
import { signRegister } from '../../../src/register-source/signed-register.ts'
import { callSource } from '../../../src/register-source/source-call.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { newSigner, registerOf, sourcedRoom } from '../register-source/register-server.ts'
import { until, writeSite } from '../serve/serving-line.ts'
import { openStage } from './link-stage.ts'

vi.setConfig({ testTimeout: 120_000 })
const NEVER = new AbortController().signal
const AT = '2026-11-23T10:00:00.000Z'

withPostgres('a signed register at a centre', (cluster) => {
  test('is handed to the gateway of its site alone, by the token of its link, and not again while it is the same', async () => {
    const { centre, line, add } = await openStage(cluster().url(await cluster().newDatabase()))
    const [one, two] = [await add('depot'), await add('other')]
    const signer = newSigner()
    const text = signRegister(
      registerOf(1, { sites: ['depot'], vehicles: [{ plate: 'AB12CDE', accountId: 'acc-1' }] }),
      signer,
    )
    const get = (token: string, more = {}) =>
      fetch(`${centre.pageUrl}/register`, { headers: { authorization: `Bearer ${token}`, ...more } })
    expect((await get(one.token)).status).toBe(404)
    await expect(putRegister(line, text, ['depot', 'other'], AT)).rejects.toThrow(/is for depot, and not for other/)
    await expect(putRegister(line, text.replace('AB12', 'AB13'), ['depot'], AT)).rejects.toThrow(/was altered/)
    await expect(putRegister(line, signRegister(registerOf(1), signer), ['nowhere'], AT)).rejects.toThrow(
      /No site "nowhere" ships here/,
    )
    expect(await handedRegisters(line)).toEqual([])
    expect(await putRegister(line, text, ['depot'], AT)).toBe(1)
    const whole = await get(one.token)
    expect([whole.status, await whole.text()]).toEqual([200, text])
    const etag = whole.headers.get('etag') as string
    expect((await get(one.token, { 'if-none-match': etag })).status).toBe(304)
    expect((await get(two.token)).status).toBe(404)
    for (const token of ['nobody-knows-it', '']) expect((await get(token)).status).toBe(401)
    await expect(putRegister(line, text, ['depot'], AT)).rejects.toThrow(/Version 1 lies here for depot already/)
    await putRegister(line, signRegister(registerOf(2), signer), ['depot', 'other'], AT)
    expect((await get(one.token, { 'if-none-match': etag })).status).toBe(200)
    expect((await handedRegisters(line)).map(({ site, version, key }) => [site, version, key])).toEqual([
      ['depot', 2, signer.publicKey],
      ['other', 2, signer.publicKey],
    ])
    expect([await removeRegister(line, 'other'), await removeRegister(line, 'other')]).toEqual([true, false])
    expect((await get(two.token)).status).toBe(404)
  })

  test('is not read at all where the gateway has it already', async () => {
    const { line, add } = await openStage(cluster().url(await cluster().newDatabase()))
    await add('depot')
    await putRegister(line, signRegister(registerOf(1), newSigner()), ['depot'], AT)
    const has = await registerFor(line, 'depot', undefined)
    const asked: string[] = []
    const listening = Object.assign(Object.create(line) as typeof line, {
      read(...call: Parameters<typeof line.read>) {
        asked.push(call[0])
        return line.read(...call)
      },
    })
    expect(await registerFor(listening, 'depot', typeof has === 'object' ? has?.etag : '')).toBe('same')
    expect(asked.join()).toContain('berth_centre.register')
    expect(asked.join()).not.toContain('body')
  })

  test('comes into the register of a site that names no address of its own', async () => {
    const { centre, line, add } = await openStage(cluster().url(await cluster().newDatabase()))
    const { token } = await add('depot-north')
    const signer = newSigner()
    await putRegister(
      line,
      signRegister(registerOf(1, { vehicles: [{ plate: 'AB12CDE', accountId: 'acc-1' }] }), signer),
      ['depot-north'],
      AT,
    )
    const site = await writeSite(1)
    appendFileSync(
      site.path,
      `centre: { url: "${centre.url}", token: ${token} }\nregister: { source: { key: ${signer.publicKey} } }\n`,
    )
    const { room, log } = await sourcedRoom(site.path)
    await until(() => log.some((line) => /version 1 of the register is in force/.test(line)))
    expect(room.register.vehicle('AB12CDE')).toMatchObject({ accountId: 'acc-1' })
  })

  test('that does not lie ready is no fault of anybody: one quiet line, no alarm, and it is taken once it lies there', async () => {
    const { centre, line, add } = await openStage(cluster().url(await cluster().newDatabase()))
    const { token } = await add('depot-north')
    const signer = newSigner()
    const site = await writeSite(1)
    appendFileSync(
      site.path,
      `centre: { url: "${centre.url}", token: ${token} }\nregister: { source: { key: ${signer.publicKey}, every_min: 1 } }\n`,
    )
    const { log, alarms } = await sourcedRoom(site.path)
    const host = new URL(centre.url).host
    await until(() => log.some((says) => /register/i.test(says)))
    expect(log.filter((says) => /register/i.test(says))).toEqual([
      `No register lies ready at ${host}; the site goes on with the one that it has.`,
    ])
    expect(alarms().filter(({ type }) => type.startsWith('register'))).toEqual([])
    // Another address than a centre's that answers 404 is a wrong address.
    const wrong = callSource({ url: `${centre.pageUrl}/nothing`, token, ca: null, isCentre: false }, null, NEVER)
    await expect(wrong).rejects.toThrow('answers 404')
    await putRegister(line, signRegister(registerOf(1), signer), ['depot-north'], AT)
    expect(
      await callSource({ url: `${centre.pageUrl}/register`, token, ca: null, isCentre: true }, null, NEVER),
    ).toMatchObject({ etag: expect.any(String) })
  })
})
