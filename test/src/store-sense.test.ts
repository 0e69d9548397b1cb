import { expect, test } from 'vitest'
import { readPostgresAddress, shownAddress } from '../../src/journal/postgres-address.ts'
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

test('a store on a PostgreSQL needs its address: user, host, database, and only what is understood', () => {
  expect(said('{ kind: postgres }')).toEqual(['store: `url` is missing'])
  for (const [url, says] of [
    ['https://host/berth', 'this is no address of PostgreSQL'],
    ['postgres://ann:secret@host', 'it does not name user, host and database'],
    ['postgres://host/berth', 'it does not name user, host and database'],
    ['postgres://ann@host/berth?sslmod=disable', 'there is no option "sslmod"'],
    [
      'postgres://ann@host/berth?sslmode=require',
      'sslmode is "require", which is none of disable, verify-full, no-verify',
    ],
    ['postgres://ann@host/berth?host=elsewhere', '`host` names the folder of a socket; a server stands before the /'],
    ['postgres://ann@host/berth?sslmode=verify-full&sslrootcert=/etc/ca.pem', null],
    ['postgresql://ann:%40%2F@[::1]:5433/berth', null],
  ])
    expect(said(`{ kind: postgres, url: "${url}" }`)).toEqual(says === null ? [] : [`store.url: ${says}`])
})

test('a line to PostgreSQL that leaves this machine is TLS to a server whose certificate fits, unless the address says otherwise', () => {
  const tls = (text: string) => {
    const address = readPostgresAddress(`postgres://ann:secret@${text}`)
    if (typeof address === 'string' || address.tls === false) return typeof address === 'string' ? address : 'plain'
    return address.tls.isChecked ? 'checked' : 'unchecked'
  }
  expect(['localhost/b', '127.0.0.1:5433/b', '[::1]/b', 'far/b?host=/run/postgresql'].map(tls)).toEqual(
    Array(4).fill('plain'),
  )
  expect(['db.example/b', '10.0.0.3/b', 'localhost/b?sslmode=verify-full'].map(tls)).toEqual(Array(3).fill('checked'))
  expect(tls('db.example/b?sslmode=no-verify')).toBe('unchecked')
  expect(tls('db.example/b?sslmode=disable')).toBe('plain')
  expect(shownAddress('postgres://ann:sec%40ret@db.example/b?sslmode=disable')).toBe('postgres://db.example:5432/b')
  for (const broken of ['postgres://ann:sec@ret@host:x/b', 'postgres:/ann:secret@/b', 'ann:secret@host'])
    expect(shownAddress(broken)).not.toMatch(/secret|sec|ret/)
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
