import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMPILE, FINE, LINT } from './canary-texts.ts'
import { deepText, tracesIn, tracesUnder } from './clear-traces.ts'
import * as tidy from './tidy-rules.ts'

/**
 * A guard that objects to nothing looks like a clean house. So each guard is shown a text that it must refuse, and a
 * text beside it that it must let pass: the real settings, in a copy of the house that holds nothing else.
 */
const HOUSE = join(import.meta.dirname, '..')
const SETTINGS = ['.biome.json', '.gitignore', 'package.json', 'tsconfig.json', 'machines/pure.grit']
let copy = ''
let linted = ''
let compiled = ''
let unused = ''

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'berth-canaries-'))
  const configs = tidy.ROOMS.map((room) => `${room}/tsconfig.json`)
  // What a room's configuration names must be there, else its compiler looks at nothing.
  const { files } = JSON.parse(readFileSync(join(HOUSE, 'src/tsconfig.json'), 'utf8')) as { files: readonly string[] }
  const named = files.map((file) => join('src', file))
  for (const file of [...SETTINGS, ...configs, ...named]) cpSync(join(HOUSE, file), join(copy, file))
  symlinkSync(join(HOUSE, 'node_modules'), join(copy, 'node_modules'))
  for (const [, file, text] of [...LINT, ...COMPILE]) write(file, text)
  for (const [file, text] of Object.entries(FINE)) write(file, text)
  linted = said('biome', ['lint', '--colors=off', '--reporter=github', '--max-diagnostics=none', '.'])
  compiled = said('tsc', ['-b', '--pretty', 'false'])
  unused = said('knip', ['--no-progress', '--no-config-hints'])
}, 180_000)

afterAll(() => rmSync(copy, { recursive: true }))

function write(file: string, text: string): void {
  mkdirSync(join(copy, dirname(file)), { recursive: true })
  writeFileSync(join(copy, file), text)
}

/** What a tool prints about the copy; it has to fail, there is enough in it. */
function said(tool: string, args: readonly string[]): string {
  try {
    execFileSync(join(HOUSE, 'node_modules/.bin', tool), args, {
      cwd: copy,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
      encoding: 'utf8',
      stdio: 'pipe',
      maxBuffer: 2 ** 26,
    })
  } catch (refused) {
    return String((refused as { stdout?: string }).stdout)
  }
  throw new Error(`${tool} found nothing wrong in a house full of canaries`)
}

describe('the linter refuses', () => {
  test.each(LINT)('%s', (_what, file, _text, rule) => {
    const lines = linted.split('\n').filter((line) => line.includes(`/${file},`))
    expect(lines.filter((line) => line.startsWith('::error') && line.includes(rule))).not.toEqual([])
  })

  test('nothing of what a room may do', () => {
    const fine = Object.keys(FINE).filter((file) => file !== 'src/cycle-two.ts')
    expect(linted.split('\n').filter((line) => fine.some((file) => line.includes(`/${file},`)))).toEqual([])
  })
})

describe('the compiler refuses', () => {
  test.each(COMPILE)('%s', (_what, file, _text, error) => {
    expect(
      compiled.split('\n').filter((line) => line.startsWith(`${file}(`) && line.includes(`error ${error}`)),
    ).not.toEqual([])
  })

  test('nothing of what a room may do', () => {
    expect(
      compiled.split('\n').filter((line) => Object.keys(FINE).some((file) => line.startsWith(`${file}(`))),
    ).toEqual([])
  })
})

describe('the search for what nobody uses refuses', () => {
  test('a file that nobody imports, and no other', () => {
    expect(unused).toMatch(/^src\/barrel\.ts\s*$/m)
    expect(unused).not.toMatch(/^src\/(cli|plug-thing)\.ts\s*$/m)
  })

  test('an export that nobody imports', () => {
    expect(unused).toMatch(/^files +src\/plug-thing\.ts/m)
    expect(unused).not.toMatch(/^now +src\/plug-thing\.ts/m)
  })

  test('a package that nobody imports', () => {
    expect(unused).toMatch(/^fastify +package\.json/m)
  })
})

describe('the tidy rules refuse', () => {
  const files = (...entries: [string, string][]): tidy.Files => new Map(entries)

  test('a file of 301 lines, and one that outgrew its ratchet', () => {
    const two = files(
      ['src/a.ts', `${'\n'.repeat(300)}x`],
      ['src/b.ts', `${'\n'.repeat(299)}x`],
      ['src/c.ts', `${'\n'.repeat(310)}x`],
    )
    expect(tidy.tooLong(two, { 'src/c.ts': 310 })).toEqual([
      expect.stringContaining('src/a.ts has 301 lines'),
      expect.stringContaining('src/c.ts has 311 lines, at most 310'),
    ])
  })

  test('a file that is not on its door sign, and a sign without its file', () => {
    const house = files(
      ...tidy.ROOMS.map((room): [string, string] => [`${room}/README.md`, '- `a.ts` one\n']),
      ['src/a.ts', ''],
      ['src/x/b.ts', ''],
    )
    const found = tidy.doorSigns(house)
    expect(found).toContain('src/README.md does not say what x/b.ts is')
    expect(found).toContain('machines/README.md names a.ts, which is not there')
    expect(found).not.toContain('src/README.md does not say what a.ts is')
    expect(tidy.doorSigns(files())).toContain('machines/README.md is missing')
  })

  test('a file on the door sign below the heading of another folder', () => {
    const sign = '- `a.ts`: here\n- `x/b.ts`: lost\n\n## x\n\n- `x/y/c.ts`: here\n- `z/d.ts`: lost\n'
    expect(tidy.strayedSigns(files(['src/README.md', sign]))).toEqual([
      'src/README.md names x/b.ts below "", not below "x"',
      'src/README.md names z/d.ts below "x", not below ""',
    ])
  })

  test('two files of one name', () => {
    expect(
      tidy.sameNames(files(['src/a.ts', ''], ['actors/a.ts', ''], ['src/README.md', ''], ['test/README.md', ''])),
    ).toEqual(['src/a.ts and actors/a.ts have the same name'])
  })

  test.each(['utils.ts', 'helper.ts', 'types.ts', 'index.ts', 'session-manager.ts'])('the name %s', (name) => {
    expect(tidy.emptyNames(files([`src/${name}`, ''], ['src/bay.ts', '']))).toHaveLength(1)
  })

  test.each([
    ['const parkingSpot = 1', 'bay'],
    ['function resetStation() {}', 'charge point'],
    ['type Roi = 1', 'zone'],
    ['const idTag = 1', 'idToken'],
  ])('the words of %s', (text, word) => {
    expect(tidy.otherWords(files(['src/a.ts', text]))).toEqual([expect.stringContaining(`→ ${word}`)])
  })

  test('no word of the field in prose or quotes', () => {
    expect(
      tidy.otherWords(files(['src/a.ts', "// the charger\n/** a spot */\nconst bay = 'charger.online'\n"])),
    ).toEqual([])
  })

  test.each([['see /home/me/notes'], ['// FIXME later'], ['test.only("a")']])('the stray text %s', (text) => {
    expect(tidy.strayTexts(files(['src/a.ts', text]))).toHaveLength(1)
  })

  test('a table that lacks a row, and one that has one too many', () => {
    const rows = tidy.tableBelow(
      '# A\n\n## Faults\n\n| code | says |\n| --- | --- |\n| `ONE` | a |\n| `TWO` | b |\n\n## B\n',
      'Faults',
    )
    expect(rows).toEqual([
      ['ONE', 'a'],
      ['TWO', 'b'],
    ])
    expect(
      tidy.unequal(
        rows.map(([code]) => code ?? ''),
        ['TWO', 'THREE'],
        ['the README', 'the catalogue'],
      ),
    ).toEqual(['the catalogue lacks ONE', 'the README lacks THREE'])
  })

  test('a path that is not there', () => {
    const text = 'See `machines/bay.ts`, `src/ocpp/` and `src/gone.ts`.'
    expect(tidy.lostPaths(files(['README.md', text], ['machines/bay.ts', ''], ['src/ocpp/a.ts', '']))).toEqual([
      'README.md names src/gone.ts, which is not there',
    ])
  })

  test('a link to a page, a heading or a picture that is not there', () => {
    const text =
      '[a](docs/a.md#one-two) [b](docs/a.md#three) [c](#top) [d](docs/gone.md) ![e](docs/e.png) [f](docs/f.png) `[g](gone)`'
    const pages = files(['README.md', `# Top\n\n${text}\n`], ['docs/a.md', '# One, two…\n\n```\n# three\n```\n'])
    expect(tidy.lostLinks(pages, (path) => path === 'docs/e.png')).toEqual([
      'README.md links to docs/a.md#three, which is not there',
      'README.md links to docs/gone.md, which is not there',
      'README.md links to docs/f.png, which is not there',
    ])
  })

  test('a page to which nothing leads', () => {
    const pages = files(['README.md', '[a](docs/a.md#one)'], ['docs/a.md', ''], ['docs/b.md', ''])
    expect(tidy.hiddenPages(pages)).toEqual(['the README does not lead to docs/b.md'])
  })

  test('an environment variable that nobody can know of', () => {
    const text = "process.env['BERTH_X'] ?? process.env.BERTH_Y ?? env['PATH']"
    expect(tidy.unnamedSettings(files(['src/a.ts', text], ['README.md', '`BERTH_Y`']))).toEqual([
      'src/a.ts reads BERTH_X, which the README does not name',
    ])
  })

  test('a command that berth does not have', () => {
    const text = 'Type `berth check x` or\n\n```sh\nnpx berth dream --on\nberth fly\n```\nas berth goes by.\n'
    expect(tidy.unknownCommands(files(['README.md', text]), ['check'])).toEqual([
      'README.md tells people to type `berth dream`',
      'README.md tells people to type `berth fly`',
    ])
  })
})

describe('the search for plates and pictures in clear finds', () => {
  // What a camera's picture is to it: bytes in no order.
  const picture = new Uint8Array(Array.from({ length: 4000 }, (_, i) => (i * 7919 + ((i * i) % 251)) & 0xff))
  const secrets = { plates: ['QX77ZZT'], pictures: [picture] }
  const cut = picture.subarray(400, 3000)
  const ways: readonly (readonly [string, Buffer])[] = [
    ['a plate in a line of a log', Buffer.from('bay-1: QX77ZZT was read')],
    ['a plate in UTF-16', Buffer.from('bay-1: QX77ZZT', 'utf16le')],
    ['a plate in hex', Buffer.from(Buffer.from('x QX77ZZT y').toString('hex'))],
    ...[0, 1, 2].map(
      (pad) => [`a plate in base64 after ${pad} bytes`, Buffer.from(btoa(`${'x'.repeat(pad)}QX77ZZT y`))] as const,
    ),
    ['a part of a picture', Buffer.concat([Buffer.alloc(100), cut, Buffer.alloc(100)])],
    ['a part of a picture in base64', Buffer.from(Buffer.from(cut).toString('base64'))],
    ['a part of a picture in hex', Buffer.from(Buffer.from(cut).toString('hex'))],
    ['the head of any JPEG', Buffer.from('ffd8ffe000104a46494600010101', 'hex')],
    ['a plate at the bottom of an error’s causes', deepText(new Error('a', { cause: { about: { text: 'QX77ZZT' } } }))],
    ['a picture that hangs on an error', deepText(Object.assign(new Error('a'), { bytes: cut }))],
  ]

  test.each(ways)('%s', (_what, bytes) => expect(tracesIn('it', bytes, secrets)).not.toEqual([]))

  test('them in a file deep in a folder, and nothing in a file that holds none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'berth-traces-'))
    mkdirSync(join(folder, 'deep/er'), { recursive: true })
    writeFileSync(join(folder, 'fine.log'), 'bay-1: AB•••DE was read; veh-0011223344 is its handle')
    writeFileSync(
      join(folder, 'other.bin'),
      Uint8Array.from(picture, (one) => one ^ 0x5a),
    )
    expect(tracesUnder(folder, secrets)).toEqual([])
    writeFileSync(join(folder, 'deep/er/x.db'), Buffer.concat([Buffer.alloc(9), cut]))
    expect(tracesUnder(folder, secrets)).toEqual([expect.stringMatching(/deep.er.x\.db: picture 0 as bytes/)])
    rmSync(folder, { recursive: true })
  })
})

test('the settings that the canaries were shown are the ones that the house runs with', () => {
  for (const file of SETTINGS)
    expect(readFileSync(join(copy, file), 'utf8')).toBe(readFileSync(join(HOUSE, file), 'utf8'))
})
