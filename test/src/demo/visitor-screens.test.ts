import { afterEach, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { systemChance } from '../../../src/chance.ts'
import { systemClock } from '../../../src/clock.ts'
import { apiClient } from '../../../src/demo/api-client.ts'
import { demoOperator } from '../../../src/demo/operator.ts'
import { openPaymentPage } from '../../../src/demo/payment-page.ts'
import { isSignedReturn, paymentAddress } from '../../../src/driver/door/payment-link.ts'
import { openArrayDesk } from '../server/array-desk.ts'
import { startServer } from '../server/running-server.ts'

afterEach(() => vi.restoreAllMocks())

/** A review that waits, the demo's operator at a clock that runs twenty times as fast, and what came of it. */
async function reviewed() {
  const site = openArrayDesk({ clock: systemClock })
  const { server } = await startServer({ site })
  const row = { reviewId: 'r-1', bayId: 'bay-1', visitId: 'v-1', since: new Date().toISOString(), by: null }
  site.reviews.push({ ...row, reason: 'reads disagree', candidates: [] })
  const ending = new AbortController()
  const began = Date.now()
  const quick = {
    ...systemClock,
    now: () => began + (Date.now() - began) * 20,
    after: (ms: number, act: () => void) => systemClock.after(ms / 20, act),
  }
  const said: string[] = []
  const api = apiClient(server.url, null, ending.signal)
  const operator = demoOperator(
    api,
    quick,
    systemChance,
    () => null,
    (line) => said.push(line),
  )
  const answering = operator.answerReviews(ending.signal)
  const end = async () => {
    ending.abort(new Error('over'))
    await answering
  }
  return { server, said, end }
}

const answered = (said: readonly string[]): boolean => said.some((line) => line.includes('the operator answers'))

describe('the demo leaves to the person at the screen', () => {
  test('a review, while a page of the inspector is open; once nobody looks it is answered', async () => {
    const { server, said, end } = await reviewed()
    const page = new WebSocket(`${server.url.replace('http', 'ws')}/api/live`)
    await new Promise((resolve) => page.once('message', resolve))
    expect(await (await fetch(`${server.url}/metrics`)).text()).toMatch(/^berth_live_pages 1$/m)
    await expect.poll(() => said.length).toBeGreaterThan(0)
    // Forty seconds of the operator's clock.
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    expect(answered(said)).toBe(false)
    page.close()
    await expect.poll(() => answered(said), { timeout: 60_000 }).toBe(true)
    await end()
  }, 180_000)

  test('a payment: its page holds play money for what the car park signed, and sends the driver back with what the car park believes', async () => {
    const { payment, close } = await openPaymentPage('a secret of the demo', () => 'play-1')
    const asked = { site: 'demo', bay: 'bay-3', ref: 'a'.repeat(24), hold: '20.00', currency: 'EUR' }
    const address = paymentAddress(payment, {
      ...asked,
      back: 'http://127.0.0.1:1/b/CODE/paid',
      until: 'x',
      language: 'en',
    })
    const page = await (await fetch(address)).text()
    const links = [...page.matchAll(/href="([^"]+)"/g)].map(([, href = '']) => new URL(href.replaceAll('&amp;', '&')))
    expect(links.map(({ searchParams }) => searchParams.get('status'))).toEqual(['held', 'refused'])
    for (const { href, searchParams } of links) {
      expect(href.startsWith('http://127.0.0.1:1/b/CODE/paid?')).toBe(true)
      expect(Object.fromEntries(searchParams)).toMatchObject(asked)
      expect(isSignedReturn(payment.secret, Object.fromEntries(searchParams))).toBe(true)
    }
    const forged = await fetch(address.replace('20.00', '0.01'))
    expect([forged.status, (await forged.text()).includes('href')]).toEqual([403, false])
    await close()
  }, 180_000)
})
