import type { Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'

/** berth's HTTP API as any operator's script uses it. Calls throw Fault COMMAND_REFUSED with the server's own words on an error answer. */
export type ApiClient = {
  get(path: string): Promise<Json>
  /** What is no JSON, such as the metrics. */
  getText(path: string): Promise<string>
  put(path: string, body: Json): Promise<Json>
  post(path: string, body: Json): Promise<Json>
  /** Posts text of a type of its own, such as CSV. */
  postText(path: string, type: string, text: string): Promise<Json>
  /** Posts one picture to a camera's address; answers the HTTP status. */
  postPicture(path: string, picture: Uint8Array): Promise<number>
}

const PATIENCE_MS = 30_000

/** Another token, once the server takes the one before no more. */
export type NewerToken = (signal: AbortSignal) => Promise<string>

/** A client of the server at `url`; `token` null where the server asks for none; `newer`: where it may ask for one later. Calls end when `signal` does. */
export function apiClient(
  url: string,
  token: string | null,
  signal: AbortSignal,
  newer: NewerToken | null = null,
): ApiClient {
  let held = token
  const headers = (type: string | null): Record<string, string> => ({
    ...(type === null ? {} : { 'content-type': type }),
    ...(held === null ? {} : { authorization: `Bearer ${held}` }),
  })
  const send = (method: string, path: string, type: string | null, body: string | null): Promise<Response> => {
    const ends = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)])
    return fetch(new URL(path, url), { method, headers: headers(type), body, signal: ends })
  }
  const told = async (method: string, path: string, type: string | null, body: string | null): Promise<string> => {
    let response = await send(method, path, type, body)
    if (response.status === 401 && newer !== null) {
      await response.arrayBuffer()
      held = await newer(signal)
      response = await send(method, path, type, body)
    }
    const text = await response.text()
    if (!response.ok) throw refusal(method, path, response.status, text)
    return text
  }
  const call = async (...asked: Parameters<typeof told>): Promise<Json> => {
    const text = await told(...asked)
    return text === '' ? null : (JSON.parse(text) as Json)
  }
  const json =
    (method: string) =>
    (path: string, body: Json): Promise<Json> =>
      call(method, path, 'application/json', JSON.stringify(body))
  return {
    get: (path) => call('GET', path, null, null),
    getText: (path) => told('GET', path, null, null),
    put: json('PUT'),
    post: json('POST'),
    postText: (path, type, text) => call('POST', path, type, text),
    async postPicture(path, picture) {
      const ends = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)])
      const response = await fetch(new URL(path, url), {
        method: 'POST',
        headers: { 'content-type': 'image/jpeg' },
        body: new Blob([picture as Uint8Array<ArrayBuffer>]),
        signal: ends,
      })
      await response.arrayBuffer()
      return response.status
    },
  }
}

/** The fault of an error answer: problem details where they came, else the status. */
function refusal(method: string, path: string, status: number, text: string): Fault {
  let says = `The server answered ${status} to ${method} ${path}.`
  let code = ''
  try {
    const problem = JSON.parse(text) as { readonly detail?: unknown; readonly title?: unknown; readonly code?: unknown }
    code = typeof problem.code === 'string' ? problem.code : ''
    const words = [problem.detail, problem.title].find((word) => typeof word === 'string' && word !== '')
    if (words !== undefined) says = `The server answered ${status} to ${method} ${path}: ${String(words)}`
  } catch {
    // Not problem details: the status says enough.
  }
  return new Fault('COMMAND_REFUSED', { status, code }, { says })
}
