import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { newFolder } from '../../contracts/journal-drafts.ts'
import { serveSite, writeSite } from '../serve/serving-line.ts'

const FOLDER = fileURLToPath(new URL('../../../docs/monitoring', import.meta.url))
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8')

type Rule = { readonly alert: string; readonly expr: string; readonly annotations: { readonly description: string } }
type Panel = { readonly title: string; readonly targets: readonly { readonly expr: string }[] }

/** Names that a running site told at its `/metrics`, also those of families without a value now. */
let told: ReadonlySet<string> = new Set()

beforeAll(async () => {
  const cleanups: (() => unknown)[] = []
  const serving = await serveSite(await writeSite(1, { folder: newFolder() }), { finish: (one) => cleanups.push(one) })
  const { body } = await serving.ask('GET', '/metrics')
  told = new Set([...String(body).matchAll(/^(?:# TYPE )?(berth_\w+)/gm)].map(([, name]) => String(name)))
  for (const clean of cleanups) await clean()
})

const metricsIn = (expr: string): readonly string[] => [...new Set(expr.match(/berth_\w+/g))]

describe('what operators may load into their monitoring', () => {
  test('every rule asks for what a site tells, and says what to do', () => {
    const { groups } = parse(read('alert-rules.yaml')) as { groups: readonly { rules: readonly Rule[] }[] }
    const rules = groups.flatMap((group) => group.rules)
    expect(rules.length).toBeGreaterThan(5)
    for (const { alert, expr, annotations } of rules) {
      expect(
        metricsIn(expr).filter((name) => !told.has(name)),
        alert,
      ).toEqual([])
      expect(annotations.description, alert).toMatch(/\.$/)
    }
  })

  test('every panel of the dashboard asks for what a site tells', () => {
    const { panels } = JSON.parse(read('grafana-dashboard.json')) as { panels: readonly Panel[] }
    expect(panels.length).toBeGreaterThan(5)
    for (const { title, targets } of panels) {
      const metrics = targets.flatMap(({ expr }) => metricsIn(expr))
      expect(metrics.length, title).toBeGreaterThan(0)
      expect(
        metrics.filter((name) => !told.has(name)),
        title,
      ).toEqual([])
    }
  })
})
