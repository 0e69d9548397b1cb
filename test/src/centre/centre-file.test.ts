import { expect, test } from 'vitest'
import { checkCentreFile, readCentreFile } from '../../../src/centre/centre-file.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'

const FILE = `
url: https://centre.example/
login:
  oidc:
    issuer: https://id.example/realms/berth
    clientId: berth-centre
    clientSecret: \${OIDC_SECRET}
    roles: { claim: groups, map: { berth-ops: operator } }
`
const ENV = { OIDC_SECRET: 'secret-of-the-client' }
const problems = (text: string, env: NodeJS.ProcessEnv = ENV) =>
  checkCentreFile(text, env).problems.map(({ path, says }) => `${path}: ${says}`)

test('a centre’s file says where people sign in, with the secret from the environment', () => {
  expect(checkCentreFile(FILE, ENV).file).toEqual({
    home: 'https://centre.example',
    login: {
      url: 'https://centre.example',
      oidc: {
        ...{ issuer: 'https://id.example/realms/berth', clientId: 'berth-centre', clientSecret: ENV.OIDC_SECRET },
        ...{ scopes: ['openid', 'profile'], name: 'preferred_username', session_h: 8, sites: null },
        roles: { claim: 'groups', map: { 'berth-ops': 'operator' } },
      },
    },
  })
  expect(checkCentreFile('{}', {}).file).toEqual({ login: null, home: null })
  expect(checkCentreFile('url: https://centre.example', {}).file).toEqual({
    login: null,
    home: 'https://centre.example',
  })
  const { file } = checkCentreFile(FILE.replace('    clientSecret', '    scopes: [groups]\n    clientSecret'), ENV)
  expect(file?.login?.oidc.scopes).toEqual(['openid', 'groups'])
})

test('what cannot work is said, with its line, and no secret with it', async () => {
  expect(problems(FILE, {})).toEqual([expect.stringMatching(/^login\.oidc\.clientSecret: /)])
  expect(problems(FILE.replace('clientId', 'clientID'))).toContain('login.oidc.clientID: unknown key `clientID`')
  expect(problems(FILE.replace('operator', 'boss'))).toEqual([
    expect.stringContaining('login.oidc.roles.map.berth-ops'),
  ])
  expect(problems(FILE.replace('operator', 'fleet'))).toHaveLength(1)
  expect(problems(FILE.replace('map: { berth-ops: operator }', 'map: {}'))).toHaveLength(1)
  expect(problems(FILE.replace('url: https://centre.example/', ''))).toEqual([
    'url: a provider must know where it sends people back to',
  ])
  for (const plain of [FILE.replace('https://id', 'http://id'), FILE.replace('https://centre', 'http://centre')])
    expect(problems(plain)).toEqual([expect.stringContaining('who is on the way could sign in as anybody')])
  expect(problems(FILE.replace('centre.example/', 'centre.example/berth'))).toHaveLength(1)
  expect(problems(FILE.replace('https://id.example', 'http://127.0.0.1:8080'))).toEqual([])
  expect(problems('[')).toHaveLength(1)
  const none = readCentreFile(`${scratchFolder()}/none.yaml`, {})
  await expect(none).rejects.toThrow(/none\.yaml:1:1 there is no such file/)
})
