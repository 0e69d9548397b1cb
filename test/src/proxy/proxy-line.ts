import { onTestFinished } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { RelayClient } from '../../../src/relay/relay-client.ts'
import type { RelayState } from '../../../src/relay/relay-news.ts'
import { channelOf } from '../../../src/relay/relay-spawn.ts'
import { openToyUpstream, type ToyUpstream } from '../relay/toy-upstream.ts'
import { type LineSite, readsBody, type ServingProcess, serveSite, until, writeSite } from '../serve/serving-line.ts'

export const PLATE = 'AB12CDE'
/** What the vehicle is known by at the back end, and cards there. */
export const ALIAS = 'FLEET-0001'
export const CARD = 'CARD-0001'

/** A site in proxy mode, its back end, and `berth serve` as a process; all ended when the test ends. */
export type ProxyLine = {
  readonly site: LineSite
  readonly upstream: ToyUpstream
  serving: ServingProcess
  /** How the relay stands by its own word. */
  relay(): Promise<RelayState>
  /** Two pictures of this plate before the bay. */
  see(bay: number, plate: string): Promise<void>
}

let frames = 0

/** Opens one with `bays` bays. */
export async function openProxyLine(
  bays = 1,
  { ocpp = {}, policy = {} }: { readonly ocpp?: object; readonly policy?: object } = {},
): Promise<ProxyLine> {
  const upstream = await openToyUpstream([CARD, ALIAS])
  onTestFinished(() => upstream.close())
  const site = await writeSite(bays, {
    policy: { voteWindow_s: 2, ...policy },
    ocpp: { mode: 'proxy', upstream: upstream.url, ...ocpp },
  })
  onTestFinished(() => endRelay(site))
  const line: ProxyLine = {
    site,
    upstream,
    serving: await serveSite(site),
    relay: () => withRelay(site, (client) => client.state()),
    see: async (bay, plate) => {
      for (let i = 0; i < 2; i++) {
        frames += 1
        await line.serving.post(readsBody(site, [{ bay, plate }], { frame: `f${frames}` }))
      }
    },
  }
  return line
}

/** Registers a plate with the alias that the back end knows it by. */
export async function registerAlias(
  serving: ServingProcess,
  plate: string,
  accountId: string,
  alias: string | null = ALIAS,
): Promise<void> {
  const { status, body } = await serving.ask('PUT', `/api/vehicles/${plate}`, {
    accountId,
    ...(alias === null ? {} : { alias }),
  })
  if (status >= 300) throw new Error(`the register said ${status}: ${JSON.stringify(body)}`)
}

async function withRelay<T>(site: LineSite, use: (client: RelayClient) => Promise<T>): Promise<T> {
  const channel = channelOf(`${site.store}.relay`)
  const client = new RelayClient({ channel, clock: systemClock, hear: () => undefined, redial_ms: 20 })
  try {
    await until(
      () => client.connected,
      10_000,
      () => `a relay listens at ${channel}`,
    )
    return await use(client)
  } finally {
    client.close()
  }
}

/** Whatever the test did to the site, no relay stays behind. */
async function endRelay(site: LineSite): Promise<void> {
  const channel = channelOf(`${site.store}.relay`)
  const client = new RelayClient({ channel, clock: systemClock, hear: () => undefined, redial_ms: 20 })
  await until(() => client.connected, 1_500).catch(() => undefined)
  if (client.connected) await client.stop().catch(() => undefined)
  client.close()
}
