import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { cropsPage, reviewsPage } from '../../../src/centre/reviews-page.ts'
import { openPage, PHONE, there } from '../inspector/opened-page.ts'

vi.setConfig({ testTimeout: 90_000 })

const review = {
  ...{ site: 'depot-north', reviewId: 'review-1', bayId: 'bay-1', visitId: 'visit-1', by: null, reason: 'few' },
  ...{ since: '2026-11-23T10:00:00.000Z', candidates: [{ plate: 'veh-1', witnesses: 2 }] },
}
const around = { language: 'en', who: null, path: '/reviews' } as const
const crop = {
  jpeg: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0]).toString('base64'),
  handle: 'veh-1',
  at: '2026-11-23T10:00:01.000Z',
}

/** The desk, and one of its reviews with three pictures, as the centre serves them; and the forms that came. */
async function served() {
  const forms: string[] = []
  const desk = reviewsPage({
    ...{ reviews: [review], answers: [], newId: () => 'id-1', around },
    rightsAt: () => ({ answer: true, look: 'now' }),
  })
  const shown = { crops: [crop, crop, crop], candidates: [{ handle: 'veh-1', plate: 'KX19TYP' }] }
  const one = cropsPage({ review, shown, mayAnswer: true, newId: () => 'id-2', around })
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += String(part)
    if (request.method === 'POST') forms.push(body)
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(request.url === '/reviews/depot-north/review-1' ? one : desk)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { forms, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/reviews` }
}

test.skipIf(!there)(
  'the keys that the desk names lead to the plate, and answer there, with its pictures in sight',
  async () => {
    const { forms, url } = await served()
    const { page, complaints } = await openPage(url, PHONE)
    await page.keyboard.press('p')
    await page.waitForURL('**/reviews/depot-north/review-1', { timeout: 60_000 })
    expect(await page.evaluate(() => window.scrollY)).toBe(0)
    await page.keyboard.press('1')
    await expect.poll(() => forms.length, { timeout: 60_000 }).toBe(1)
    expect(Object.fromEntries(new URLSearchParams(forms[0]))).toEqual({
      ...{ id: 'id-2', site: 'depot-north', reviewId: 'review-1', answer: 'candidate veh-1' },
    })
    expect(complaints).toEqual([])
  },
)
