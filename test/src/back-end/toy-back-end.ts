import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { CALL_HEADERS, signatureOf } from '../../../src/back-end/signed-caller.ts'

/** The secret of the tests' back end. */
export const SECRET = 'a secret of this back end'

// biome-ignore lint/suspicious/noExplicitAny: a question is whatever berth sent; tests say what it must be
type Body = any
type Asked = {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Body
  readonly signed: boolean
}
type Answers = (body: Body, response: ServerResponse, path: string) => unknown

/** A real back end on a free port: answers with the object that it is told to, or leaves the answer to the test (anything else). */
export type ToyBackEnd = { readonly url: string; readonly asked: Asked[]; answers: Answers; close(): Promise<void> }

/** Opens it; closed when the test ends. */
export async function openToyBackEnd(answers: Answers = () => ({ status: 'unknown' })): Promise<ToyBackEnd> {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const part of request) text += String(part)
    const { headers, url: path = '' } = request
    const [id, timestamp] = [String(headers[CALL_HEADERS.id]), String(headers[CALL_HEADERS.timestamp])]
    const body = JSON.parse(text)
    const signed = headers[CALL_HEADERS.signature] === signatureOf(SECRET, id, timestamp, text) && body.id === id
    asked.push({ path, headers, body, signed })
    const answer = toy.answers(body, response, path)
    if (typeof answer === 'object' && answer !== null)
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id: body.id, ...answer }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  onTestFinished(() => close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const toy: ToyBackEnd = { url, asked, answers, close }
  return toy
}
