import type { Credentials } from '../cameras/device-login.ts'
import type { Check } from '../site-sense.ts'
import type { Path } from '../site-source.ts'

type RawReceiver = {
  readonly id: string
  readonly url: string
  readonly types?: readonly string[]
  readonly bays?: readonly string[]
  readonly from: 'now' | 'start'
}
/** `news` of the site file as it is written. */
export type RawNews = {
  readonly webhooks: readonly (RawReceiver & { readonly secret: string })[]
  readonly mqtt: readonly (RawReceiver & {
    readonly secret?: string
    readonly topic: string
    readonly login?: Credentials
  })[]
}

/** Who is told of the site, written out; null = all types, all bays. */
export type SiteNewsFile = ReturnType<typeof siteNews>

/** Its short forms written out. */
export const siteNews = ({ webhooks, mqtt }: RawNews) => ({
  webhooks: webhooks.map((one) => ({ ...one, types: one.types ?? null, bays: one.bays ?? null })),
  mqtt: mqtt.map((one) => ({
    ...one,
    types: one.types ?? null,
    bays: one.bays ?? null,
    secret: one.secret ?? null,
    login: one.login ?? null,
  })),
})

/** What the schema cannot say of `news`: names that meet, bays that are not there, addresses that are none. */
export const newsSense: Check = (raw, error) => {
  const bays = new Set(raw.bays.map(({ id }) => id))
  const ids = new Set<string>()
  for (const kind of ['webhooks', 'mqtt'] as const)
    for (const [place, one] of raw.news[kind].entries()) {
      const path: Path = ['news', kind, place]
      if (ids.has(one.id))
        error(
          [...path, 'id'],
          `\`${one.id}\` is another receiver already`,
          'a name of its own: its position is kept by it',
        )
      ids.add(one.id)
      const address = URL.parse(one.url)
      if (address === null) error([...path, 'url'], 'this is no address', 'one like https://billing.example/berth')
      else if (address.username !== '' || address.password !== '')
        error([...path, 'url'], 'the address holds a user or password', 'one without')
      for (const [at, id] of (one.bays ?? []).entries())
        if (!bays.has(id)) error([...path, 'bays', at], `there is no bay ${id} in this file`, 'a bay of this file')
    }
}
