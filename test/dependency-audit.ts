import { spawnSync } from 'node:child_process'

/**
 * `npm audit` of what berth runs with, as part of `npm run check`: 1 where a dependency has a known weakness rated high or critical. Without
 * a registry that answers nothing is known, which is said in one line and stops nobody.
 */
const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8', timeout: 60_000 })
const told = parsed(stdout)
const counts = told?.metadata?.vulnerabilities
if (counts === undefined) {
  process.stdout.write('skipped: the dependency audit, no registry answered it\n')
} else {
  const grave = Object.entries(told?.vulnerabilities ?? {}).filter(
    ([, { severity }]) => severity === 'high' || severity === 'critical',
  )
  for (const [name, { severity }] of grave)
    process.stderr.write(`${name}: a weakness rated ${severity}; see \`npm audit\`\n`)
  process.stdout.write(`dependency audit: ${counts.total} known weaknesses, ${grave.length} of them high or critical\n`)
  process.exitCode = grave.length > 0 ? 1 : 0
}

type Audit = {
  readonly vulnerabilities?: { readonly [name: string]: { readonly severity: string } }
  readonly metadata?: { readonly vulnerabilities?: { readonly total: number } }
}

function parsed(text: string | null): Audit | null {
  try {
    return JSON.parse(text ?? '') as Audit
  } catch {
    return null
  }
}
