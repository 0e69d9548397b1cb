import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { ReportShelf } from '../../../src/commands/sim/report-shelf.ts'
import { simShow } from '../../../src/commands/sim-show.ts'
import { nameIn, simulatedFolder } from './simulated-folder.ts'

let whole = ''
let folder = ''
let said = ''
beforeAll(async () => {
  whole = await simulatedFolder()
}, 180_000)
afterAll(() => rmSync(whole, { recursive: true, force: true }))
beforeEach(async () => {
  const { cpSync } = await import('node:fs')
  folder = mkdtempSync(join(tmpdir(), 'berth-show-'))
  cpSync(whole, folder, { recursive: true })
  said = ''
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      said += String(text)
      return true
    })
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true, force: true })
})

/** Exit code and the one sentence. */
async function show(...argv: string[]): Promise<{ code: number; said: string }> {
  said = ''
  const code = await simShow([...argv, '--port', '0'], async () => {})
  return { code, said }
}

/** What opening the first visit of the folder says. */
async function refusal(): Promise<string> {
  const shelf = new ReportShelf(folder)
  try {
    await shelf.open(nameIn(folder))
    return 'opened'
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault)
  } finally {
    await shelf.close()
  }
}

test('each bad visit of a real run opens as a recording of its bay, at the record where the vehicle came, and nothing there can be changed', async () => {
  const shelf = new ReportShelf(folder)
  try {
    const { http } = await shelf.inspect(0)
    const told = (await (await fetch(`${http.url}/api/design-report`)).json()) as {
      visits: { name: string; bay: number }[]
    }
    expect(told.visits.length).toBeGreaterThan(0)
    for (const { name, bay } of told.visits) {
      const at = await fetch(`${http.url}/design-report/journals/${name}.jsonl`, { redirect: 'manual' })
      expect(at.status).toBe(303)
      const url = new URL(at.headers.get('location') ?? '')
      expect(url.hash).toMatch(new RegExp(`^#/bays/bay-${bay}\\?at=seq:\\d+$`))
      const lines = readFileSync(join(folder, 'journals', `${name}.jsonl`), 'utf8')
        .trim()
        .split('\n')
        .slice(1)
      const recorded = lines.map((line) => JSON.parse(line) as { seq: number; state: string; cause: { type: string } })
      const answered = (await (await fetch(`${url.origin}/api/bays/bay-${bay}/journal?limit=1000`)).json()) as {
        items: { seq: number; state: string; cause: { type: string } }[]
      }
      const brief = ({ seq, state, cause }: { seq: number; state: string; cause: { type: string } }) => [
        seq,
        state,
        cause.type,
      ]
      expect(answered.items.map(brief)).toEqual(recorded.slice(0, 1000).map(brief))
      const came = recorded[Number(/\d+$/.exec(url.hash)?.[0]) - 1]
      expect(['vehicle.seen', 'plate.seen', 'connector.status']).toContain(came?.cause.type)
      const order = await fetch(`${url.origin}/api/bays/bay-${bay}/commands`, { method: 'POST', body: '{}' })
      expect(order.status).toBe(403)
    }
    expect((await fetch(`${http.url}/api/design-report/visits/slow-9-9/recording`)).status).toBe(404)
  } finally {
    await shelf.close()
  }
})

test('the report goes out without a right to run, load or be framed elsewhere, whatever is written in it', async () => {
  writeFileSync(
    join(folder, 'report.html'),
    '<!doctype html><html><head></head><body><script>alert(1)</script></body></html>',
  )
  const shelf = new ReportShelf(folder)
  try {
    const { http } = await shelf.inspect(0)
    const answer = await fetch(`${http.url}/design-report/`)
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toMatch(/sandbox allow-top-navigation-by-user-activation$/)
    expect(policy).not.toContain('script')
    expect(policy).toContain("frame-ancestors 'self'")
  } finally {
    await shelf.close()
  }
})

test('a folder that holds no report, or lists what is no visit, is one sentence and ends the command', async () => {
  expect(await show(join(folder, 'nowhere'))).toMatchObject({
    code: 1,
    said: expect.stringContaining('report.html cannot be read'),
  })
  writeFileSync(
    join(folder, 'metrics.json'),
    '{"site": "Small", "troubles": [{"trouble": "../../etc/passwd", "bay": 1, "replication": 0, "index": 1}]}',
  )
  expect(await show(folder)).toMatchObject({
    code: 1,
    said: expect.stringContaining('entry 1 of troubles is no visit'),
  })
  for (const text of ['{', '[]', 'null', '7']) {
    writeFileSync(join(folder, 'metrics.json'), text)
    expect(await show(folder)).toMatchObject({
      code: 1,
      said: expect.stringContaining('is not what `berth sim run` writes'),
    })
  }
  expect((await show()).code).toBe(2)
  expect((await show(folder, folder)).code).toBe(2)
})

test('no journal is read from beside the folder: a path in the list counts for nothing, and a link that leads out is refused', async () => {
  const other = join(folder, '..', `${nameIn(folder)}.outside.jsonl`)
  const journal = join(folder, 'journals', `${nameIn(folder)}.jsonl`)
  renameSync(journal, other)
  try {
    const list = JSON.parse(readFileSync(join(folder, 'metrics.json'), 'utf8')) as { troubles: { journal: string }[] }
    for (const one of list.troubles) one.journal = other
    writeFileSync(join(folder, 'metrics.json'), JSON.stringify(list))
    expect(await refusal()).toContain('there is no such file')
    symlinkSync(other, journal)
    expect(await refusal()).toContain('leads out of its place by a link')
    const shelf = new ReportShelf(folder)
    for (const name of ['../secret', '..%2Fsecret', '/etc/passwd', '', '.']) expect(await shelf.open(name)).toBe(null)
    const { http } = await shelf.inspect(0)
    for (const path of ['..%2F..%2Fmetrics.json', '%2Fetc%2Fpasswd', '%00'])
      expect((await fetch(`${http.url}/design-report/journals/${path}`)).status).toBe(404)
    await shelf.close()
    rmSync(join(folder, 'report.html'))
    symlinkSync(other, join(folder, 'report.html'))
    expect(() => new ReportShelf(folder)).toThrow('leads out of its place by a link')
  } finally {
    rmSync(other)
  }
})

test('a journal that is broken, huge, empty, a folder or none of berth’s is one sentence, and the others still open', async () => {
  const journal = join(folder, 'journals', `${nameIn(folder)}.jsonl`)
  const text = readFileSync(journal, 'utf8')
  writeFileSync(journal, text.slice(0, -200))
  expect(await refusal()).toContain('does not hold')
  writeFileSync(journal, text.replace('"bayId":"bay-', '"bayId":"bay-9'))
  expect(await refusal()).toContain('does not hold')
  writeFileSync(journal, '')
  expect(await refusal()).toContain('does not hold')
  writeFileSync(journal, `${text.split('\n')[0]}\n{"hello": 1}\n`)
  expect(await refusal()).toContain('does not hold')
  truncateSync(journal, 65 << 20)
  expect(await refusal()).toContain('is larger than 64 MB')
  rmSync(journal)
  mkdirSync(journal)
  expect(await refusal()).toContain('is no file')
  rmSync(journal, { recursive: true })
  writeFileSync(journal, text)
  expect(await refusal()).toBe('opened')
})
