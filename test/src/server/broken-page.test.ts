import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { openPageFolder } from '../../../src/server/page-files.ts'
import { startServer } from './running-server.ts'

/** The inspector's own files in a folder that may be spoiled. */
function copiedPage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'berth-page-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  cpSync(new URL('../../../src/inspector/page/', import.meta.url), folder, { recursive: true })
  return folder
}
const opened = (folder: string) => openPageFolder(pathToFileURL(`${folder}/`))

test('a page file that browsers cannot have is named in the log before anybody asks, and in readiness', async () => {
  const folder = copiedPage()
  appendFileSync(join(folder, 'top-bar.ts'), '\n<<<<<<< HEAD\n')
  const { ask, logged } = await startServer({ page: opened(folder) })
  await expect.poll(() => logged).toEqual([expect.stringContaining('top-bar.ts')])
  const ready = await ask('/health/ready')
  expect([ready.status, await ready.json()]).toMatchObject([503, { missing: [expect.stringContaining('top-bar.ts')] }])
  expect(await (await ask('/metrics')).text()).toContain('berth_ready 0\n')
  expect((await ask('/health/live')).status).toBe(200)
  expect((await ask('/')).status).toBe(500)
})

test('readiness knows a broken page from the first question on, and of a whole page nothing is said', async () => {
  const folder = copiedPage()
  const whole = await startServer({ page: opened(folder) })
  expect((await whole.ask('/health/ready')).status).toBe(200)
  expect((await whole.ask('/')).status).toBe(200)
  expect(whole.logged).toEqual([])
  appendFileSync(join(folder, 'main.ts'), "\nimport './nowhere.ts'\n")
  const page = opened(folder)
  expect(page.trouble()).toMatch(/main\.ts imports \.\/nowhere\.ts/)
})
