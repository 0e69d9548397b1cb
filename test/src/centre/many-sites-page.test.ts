import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { checkCentreFile } from '../../../src/centre/centre-file.ts'
import { checkSiteFile } from '../../../src/site-file.ts'

const PAGE = readFileSync(new URL('../../../docs/many-sites.md', import.meta.url), 'utf8')
const BLOCKS = [...PAGE.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text)
const isOf = (section: string) => (text: string) => new RegExp(`^(?:#.*\\n)*${section}:`).test(text)

/** What the page tells to set, and keys that a group or a provider would give. */
const ENV = {
  CAM_1_TOKEN: 'a-token-of-a-camera',
  BERTH_CENTRE_TOKEN: 'a-token-of-a-gateway-as-printed',
  BERTH_GROUP_KEY: 'f'.repeat(64),
  BERTH_OIDC_SECRET: 'a-secret-of-the-provider',
}

const troubleOf = (text: string): readonly string[] =>
  checkSiteFile(text, 'site.yaml', ENV, { served: false }).errors.map(({ path, says }) => `${path}: ${says}`)

test('the whole site file of the page on many sites checks as it stands, and every part of one in its place', () => {
  const [whole = '', ...more] = BLOCKS.filter(isOf('site'))
  expect([whole === '', more.length]).toEqual([false, 0])
  expect(troubleOf(whole)).toEqual([])
  const parts = BLOCKS.filter((text) => ['centre', 'register'].some((section) => isOf(section)(text)))
  expect(parts.length).toBeGreaterThan(5)
  for (const part of parts) {
    // A key in hexadecimals is shown by its beginning alone.
    const text = part.replaceAll('1f0c…', 'a1'.repeat(32))
    expect([part, troubleOf(stringify({ ...parse(whole), ...parse(text) }))]).toEqual([part, []])
  }
  // Were a key wrong, this would say so.
  expect(troubleOf(whole.replace('crops: false', 'crop: false')).length).toBeGreaterThan(0)
})

test('each file of a centre on the page checks, and every block of YAML there is one of these', () => {
  const files = BLOCKS.filter(isOf('url'))
  expect(files.length).toBe(2)
  for (const text of files) expect(checkCentreFile(text, ENV).problems).toEqual([])
  const known = ['site', 'centre', 'register', 'url'].map(isOf)
  expect(BLOCKS.filter((text) => !known.some((is) => is(text)))).toEqual([])
})
