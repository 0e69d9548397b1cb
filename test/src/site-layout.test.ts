import { expect, test } from 'vitest'
import { checkSiteFile } from '../../src/site-file.ts'

const siteWith = (more: string) =>
  checkSiteFile(
    `site: { id: depot, timezone: Europe/London }
bays: [{ id: bay-1, chargePoint: CP-1 }, { id: bay-2, chargePoint: CP-2 }]
chargePoints: [{ id: CP-1 }, { id: CP-2 }]
${more}`,
    '/sites/depot.yaml',
    {},
  )

test('a layout names bays of the file once each, with gaps and lanes; without one nothing is said of how they lie', () => {
  const { site, errors } = siteWith('layout: [[bay-1, ~], [], [bay-2]]')
  expect(errors).toEqual([])
  expect(site?.layout).toEqual([['bay-1', null], [], ['bay-2']])
  expect(siteWith('').site?.layout).toBeNull()
})

test('a bay of the layout that is not there, or lies in two places, is said with its place', () => {
  const { errors } = siteWith('layout: [[bay-1, nowhere], [bay-1]]')
  expect(errors.map(({ line, path, says }) => `${line} ${path}: ${says}`)).toEqual([
    '4 layout[0][1]: no bay of this file is called nowhere',
    '4 layout[1][0]: bay-1 lies in two places',
  ])
})
