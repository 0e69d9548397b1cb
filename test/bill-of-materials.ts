import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Bill, billOfWhatRuns, lacking } from './runtime-parts.ts'

/**
 * `npm run sbom [-- FILE]`: the software bill of materials of what berth runs with (CycloneDX, JSON), written to FILE (`berth.cdx.json`). 1
 * where it cannot be made, or a direct dependency is not in it.
 */
const [file = 'berth.cdx.json'] = process.argv.slice(2)
const top = join(import.meta.dirname, '..')
const told = spawnSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], { cwd: top, encoding: 'utf8', timeout: 120_000 })
const { name, dependencies, optionalDependencies } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')) as {
  readonly name: string
  readonly dependencies: object
  readonly optionalDependencies: object
}
const direct = Object.keys(dependencies)
const bill = billOfWhatRuns(parsed(told.stdout), name, [...direct, ...Object.keys(optionalDependencies)])
const missing = lacking(bill, direct)
if (missing.length > 0) {
  process.stderr.write(`The bill of materials lacks ${missing.join(', ')}; run \`npm ci\` and look at \`npm sbom\`.\n`)
  process.exitCode = 1
} else {
  writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`)
  process.stdout.write(`${file}: ${bill.components.length} components\n`)
}

function parsed(text: string | null): Bill {
  try {
    return JSON.parse(text ?? '') as Bill
  } catch {
    process.stderr.write('`npm sbom` answered no bill of materials; run it by itself to see why.\n')
    process.exit(1)
  }
}
