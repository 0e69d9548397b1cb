import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { paymentSignature, type SitePayment } from '../driver/door/payment-link.ts'
import { escaped } from '../escaped-text.ts'

/** The demo's stand-in for an operator's payment page: a server of its own, which holds play money. */
export type PaymentPage = { readonly payment: Omit<SitePayment, 'valid_min'>; readonly close: () => Promise<void> }

/** What goes back unchanged. */
const SAME = ['site', 'bay', 'ref', 'hold', 'currency'] as const

/** Opens it on a free port of this machine. `secret`: what it and the site sign with; `name`: makes a name for each payment. */
export async function openPaymentPage(secret: string, name: () => string): Promise<PaymentPage> {
  const server = createServer((request, response) => {
    const asked = Object.fromEntries(URL.parse(request.url ?? '/', 'http://page')?.searchParams ?? [])
    const isAsked = asked['sig'] === paymentSignature(secret, 'ask', asked)
    response.writeHead(isAsked ? 200 : 403, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
    response.end(isAsked ? pageFor(asked, secret, name()) : page('<p>This address was not made by the car park.</p>'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Nothing waits for it: the demo ends when its site does.
  server.unref()
  const { port } = server.address() as AddressInfo
  return {
    payment: { kind: 'webhook', url: `http://127.0.0.1:${port}/pay`, secret, hold: '20.00', currency: 'EUR' },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Members = { readonly [name: string]: string }

function pageFor(asked: Members, secret: string, payment: string): string {
  const { hold = '', currency = '', bay = '', back = '' } = asked
  const same = Object.fromEntries(SAME.map((member) => [member, asked[member] ?? '']))
  const way = (members: Members): string => {
    const address = new URL(back)
    const whole = { ...same, ...members }
    const signed = { ...whole, sig: paymentSignature(secret, 'return', whole) }
    for (const [member, value] of Object.entries(signed)) address.searchParams.set(member, value)
    return escaped(address.href)
  }
  return page(
    `<p>Hold ${escaped(hold)} ${escaped(currency)} for ${escaped(bay)}? It is play money.</p>
<p><a id="hold" href="${way({ status: 'held', payment })}">Hold it</a></p><p><a id="refuse" href="${way({ status: 'refused' })}">No</a></p>`,
  )
}

const page = (inner: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Demo payment page</title>
<style>body{font:20px system-ui;max-width:30rem;margin:2rem auto;padding:0 1rem}a{display:block;padding:.8rem;border:2px solid;border-radius:.5rem;text-align:center}</style>
<h1>Demo payment page</h1>${inner}</html>`
