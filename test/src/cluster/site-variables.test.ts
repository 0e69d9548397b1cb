import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { demandSiteVariables, siteVariables } from '../../../src/cluster/site-variables.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { berth } from '../serve/serving-line.ts'
import { hostedFile } from './node-line.ts'

const env = { SITE_TOKEN: 'ours', BERTH_MASTER_KEY: 'k', BERTH_ADMIN_TOKEN: 't', PGPASSWORD: 'p', site_x: 'x' }

test('site files on nodes see variables of one prefix, and a comment is no use of one', () => {
  expect(siteVariables(env)).toEqual({ SITE_TOKEN: 'ours' })
  const place = (name: string) => `\${${name}}`
  expect(() => demandSiteVariables(`a: "${place('SITE_TOKEN')}" # ${place('HOME')}\n`)).not.toThrow()
  // As a file may write it that knows how places are hidden from the parser.
  for (const name of [place('BERTH_ADMIN_TOKEN'), '$\uE000BERTH_ADMIN_TOKEN\uE001'])
    expect(() => demandSiteVariables(`a: [{ url: "https://x/${name}" }]\n`)).toThrow(/takes \$\{BERTH_ADMIN_TOKEN\}/)
})

test('`berth node put` refuses a site file that names another variable, and says which', async () => {
  const path = join(scratchFolder(), 'site.yaml')
  writeFileSync(path, (await hostedFile('site-1')).replace('cam-1-secret', '$' + '{CAM_1_TOKEN}'))
  // Refused before the database is asked.
  const { code, err } = await berth('node', 'put', path, '--cluster', 'postgres://nobody@127.0.0.1:1/none')
  expect([code === 0, err]).toEqual([false, expect.stringMatching(/takes \$\{CAM_1_TOKEN\}.* begin with SITE_/)])
})
