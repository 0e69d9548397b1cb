import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { openPaymentPage } from '../../../src/demo/payment-page.ts'

test('an address that is none is refused by the demo’s payment page, which goes on', { timeout: 180_000 }, async () => {
  const { payment, close } = await openPaymentPage('a secret of the demo', () => 'one')
  onTestFinished(close)
  const { port } = new URL(payment.url)
  for (const target of ['//[', 'http://[', '/pay?back=nowhere']) {
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(`GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
    expect([target, (await text(socket)).split('\r\n')[0]]).toEqual([target, 'HTTP/1.1 403 Forbidden'])
  }
})
