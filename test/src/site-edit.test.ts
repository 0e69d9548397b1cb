import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { withZones, type ZoneEntry } from '../../src/site-edit.ts'

const ZONE: ZoneEntry = {
  camera: 'cam-1',
  polygon: [
    [0.1, 0.2],
    [0.3, 0.2],
    [0.3, 0.9],
  ],
}
const GROUND: ZoneEntry = {
  camera: 'cam-2',
  ground: [
    [482, 814],
    [960, 814],
    [960, 524],
    [678, 524],
  ],
  side_m: 2.5,
}
const put = (text: string, zones: readonly ZoneEntry[], bay = 'bay-1') => withZones(text, new Map([[bay, zones]]))

const HEAD = 'site: { id: a } # the owner’s\n'
const FILES: readonly (readonly [string, string])[] = [
  [
    'zones below each other',
    `${HEAD}bays:\n  - id: bay-1 # left\n    chargePoint: CP-1\n    zones:\n      - { camera: cam-1, polygon: [[0, 0], [1, 0], [1, 1]] } # old\n      - camera: cam-2\n        polygon:\n          - [0, 0]\n          - [1, 0]\n          - [0, 1]\n\n  # the next one\n  - id: bay-2\n    zones: []\n`,
  ],
  [
    'zones in one line',
    `${HEAD}bays:\n  - id: bay-1\n    zones: [{ camera: cam-1, polygon: [[0, 0], [1, 0], [1, 1]] }] # old\n  - id: bay-2\n`,
  ],
  [
    'a list that is not set in',
    `${HEAD}bays:\n- id: bay-1\n  zones:\n  - camera: cam-1\n    polygon: [[0, 0], [1, 0], [1, 1]]\n  evse: 1\n- id: bay-2\n`,
  ],
  [
    'a bay in one line',
    `${HEAD}bays:\n  - { id: bay-1, zones: [{ camera: cam-1, polygon: [[0, 0], [1, 0], [1, 1]] }], evse: 1 }\n  - { id: bay-2 }\n`,
  ],
  ['a bay without zones', `${HEAD}bays:\n  - id: bay-1\n    evse: 1\n  - { id: bay-2 }\n`],
  ['a bay in one line without zones', `${HEAD}bays: [{ id: bay-1, evse: 1 }, { id: bay-2 }]\n`],
  [
    'JSON',
    JSON.stringify(
      {
        site: { id: 'a' },
        bays: [
          {
            id: 'bay-1',
            zones: [
              {
                camera: 'cam-1',
                polygon: [
                  [0, 0],
                  [1, 0],
                  [1, 1],
                ],
              },
            ],
          },
          { id: 'bay-2' },
        ],
      },
      null,
      2,
    ),
  ],
  [
    'secrets from the environment',
    `token: "\${CAM_TOKEN}"\nother: { token: \${CAM_2} }\nbays:\n  - id: bay-1\n    zones:\n      - { camera: cam-1, polygon: [[0, 0], [1, 0], [1, 1]] }\n`,
  ],
]

describe('zones put into a site file', () => {
  for (const [name, text] of FILES)
    test(`into ${name}: these and nothing else, and again out of it`, () => {
      const before = parse(text.replaceAll(/\$\{(\w*)\}/g, '$<$1>'))
      for (const zones of [[ZONE, GROUND], [ZONE], []]) {
        const edited = put(text, zones) ?? ''
        const after = parse(edited.replaceAll(/\$\{(\w*)\}/g, '$<$1>'))
        expect(after.bays[0]).toEqual({ ...before.bays[0], zones })
        expect({ ...after, bays: after.bays.slice(1) }).toEqual({ ...before, bays: before.bays.slice(1) })
        const twice = put(edited, [GROUND]) ?? ''
        expect(parse(twice.replaceAll(/\$\{(\w*)\}/g, '$<$1>')).bays[0].zones).toEqual([GROUND])
      }
    })

  test('keep every comment and line of other bays, several bays at once', () => {
    const [, text = ''] = FILES[0] ?? []
    const edited =
      withZones(
        text,
        new Map([
          ['bay-1', [ZONE]],
          ['bay-2', [GROUND]],
        ]),
      ) ?? ''
    for (const kept of [
      'site: { id: a } # the owner’s',
      '- id: bay-1 # left',
      '# the next one',
      '    chargePoint: CP-1\n',
    ])
      expect(edited).toContain(kept)
    expect(parse(edited).bays.map(({ zones }: { zones: unknown }) => zones)).toEqual([[ZONE], [GROUND]])
    expect(edited).toContain('- { camera: "cam-1", polygon: [[0.1, 0.2], [0.3, 0.2], [0.3, 0.9]] }')
  })

  test('not into a file without the bay, one that is no YAML, or one whose zones are an alias', () => {
    expect(put('bays: []', [ZONE])).toBeNull()
    expect(put('bays: [', [ZONE])).toBeNull()
    expect(put('a: &z [{ camera: cam-1 }]\nbays: [{ id: bay-1, zones: *z }]', [ZONE])).toBeNull()
  })
})
