import { type IncomingHttpHeaders, request } from 'node:http'

type Answer = {
  readonly status: number
  readonly body: string
  readonly to: string
  readonly cookies: readonly string[]
  readonly headers: IncomingHttpHeaders
}

/** A browser: it keeps cookies by host, as browsers do, and goes nowhere by itself. */
export class Browser {
  readonly #port: number
  readonly #kept = new Map<string, Map<string, string>>()

  constructor(port: number) {
    this.#port = port
  }

  cookies(host: string): string {
    return [...(this.#kept.get(host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  open(url: string, more: { readonly method?: string; readonly headers?: object; readonly body?: string } = {}) {
    const { hostname, host, pathname, search } = new URL(url)
    const kept = this.cookies(hostname)
    const headers = { host, accept: 'text/html', ...(kept && { cookie: kept }), ...more.headers }
    return new Promise<Answer>((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port: this.#port, path: `${pathname}${search}`, method: more.method ?? 'GET', headers },
        (response) => {
          const parts: Buffer[] = []
          response.on('data', (part: Buffer) => parts.push(part))
          response.on('end', () => {
            const cookies = response.headers['set-cookie'] ?? []
            this.#keep(hostname, cookies)
            const body = Buffer.concat(parts).toString()
            resolve({
              status: response.statusCode ?? 0,
              body,
              to: response.headers.location ?? '',
              cookies,
              headers: response.headers,
            })
          })
        },
      )
      asked.on('error', reject)
      asked.end(more.body)
    })
  }

  #keep(host: string, lines: readonly string[]): void {
    const kept = this.#kept.get(host) ?? new Map<string, string>()
    this.#kept.set(host, kept)
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/Max-Age=0/.test(line)) kept.delete(name)
      else kept.set(name, value)
    }
  }
}
