import { parseArgs } from 'node:util'
import { serve as run } from '../compose.ts'
import { logLine } from '../log-line.ts'

/** The command `berth serve --site SITE.yaml [--restored]`: one site until SIGTERM or Ctrl-C, then a clean stop with exit code 0. SIGHUP takes what of the site file may change while it runs. */
export async function serve(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: { site: { type: 'string' }, restored: { type: 'boolean' } } })
  if (!values.site) {
    process.stderr.write('Say which site: berth serve --site site.yaml\n')
    return 2
  }
  const stopped = new Promise<void>((stop) => {
    process.once('SIGTERM', stop)
    process.once('SIGINT', stop)
  })
  const site = await run(values.site, {
    readerFollows: true,
    restored: values.restored === true,
    log: (line) => void process.stderr.write(logLine(Date.now(), line)),
  })
  process.stdout.write(`${site.desk.name}: inspector and API at ${site.url}, charge points ${site.chargePointsAt}\n`)
  process.on('SIGHUP', () => void site.reload())
  await stopped
  await site.stop()
  return 0
}
