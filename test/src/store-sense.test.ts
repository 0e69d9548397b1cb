import { expect, test } from 'vitest'
import { checkSiteFile } from '../../src/site-file.ts'

const site = (store: string): string => `site: { id: depot }
store: ${store}
bays:
  - { id: bay-1, chargePoint: CP-1, evse: 1 }
chargePoints:
  - { id: CP-1 }
`

const said = (store: string, env: NodeJS.ProcessEnv = {}) =>
  checkSiteFile(site(store), '/srv/site.yaml', env).errors.map(({ path, says }) => `${path}: ${says}`)

test('a store on a server needs its address, in KurrentDB’s own words', () => {
  expect(said('{ kind: kurrentdb }')).toEqual(['store: `url` is missing'])
  expect(said('{ kind: kurrentdb, url: "https://host:2113" }')).toEqual(['store.url: this is no address of KurrentDB'])
  expect(said('{ kind: kurrentdb, url: "esdb://host:2113" }')).toEqual([
    'store.url: esdb is the name that KurrentDB had as EventStoreDB',
  ])
  expect(said('{ kind: kurrentdb, url: "kurrentdb://ann:secret@host?tsl=false" }')).toEqual([
    'store.url: there is no option "tsl"',
  ])
  expect(said('{ kind: sqlite, url: "kurrentdb://host" }')).toEqual(['store.url: a file has no address'])
})

test('the password comes from the environment, and what stays local lies beside the site file', () => {
  const url = ['kurrentdb+discover://berth:$', '{DB_PASSWORD}@a:2113,b:2113?tls=true&tlsVerifyCert=false'].join('')
  const { errors, site: read } = checkSiteFile(
    site(`{ kind: kurrentdb, url: "${url}", path: ./local/depot }`),
    '/srv/site.yaml',
    {
      DB_PASSWORD: 'hunter2',
    },
  )
  expect(errors).toEqual([])
  expect(read?.store).toEqual({
    kind: 'kurrentdb',
    url: 'kurrentdb+discover://berth:hunter2@a:2113,b:2113?tls=true&tlsVerifyCert=false',
    path: '/srv/local/depot',
  })
})
