import { parseArgs } from 'node:util'
import { openReaderServer } from '../second-reader/reader-server.ts'
import { berthVersion } from '../version.ts'
import { openReader } from '../vision/reader.ts'

/**
 * `berth serve-reader --port N [--host H] [--token T]`: reads crops of plates for other sites until SIGTERM or Ctrl-C. The token may be
 * BERTH_READER_TOKEN in the environment, where no list of processes shows it. 0 after a clean stop; 2 for a wrong command line.
 */
export async function serveReader(argv: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args: argv, options: { port: text, host: text, token: text } })
  const port = Number(values.port)
  if (values.port === undefined || !/^\d{1,5}$/.test(values.port) || port > 65_535) {
    process.stderr.write('Say which port: berth serve-reader --port 9300 (0 takes a free one)\n')
    return 2
  }
  const stopped = new Promise<void>((stop) => {
    process.once('SIGTERM', stop)
    process.once('SIGINT', stop)
  })
  const reader = await openReader()
  try {
    const log = (line: string): void => void process.stderr.write(`${line}\n`)
    const token = values.token ?? process.env['BERTH_READER_TOKEN'] ?? null
    const server = await openReaderServer({
      host: values.host ?? '127.0.0.1',
      port,
      token: token === '' ? null : token,
      reader,
      version: berthVersion(),
      log: { warn: log, error: log },
    })
    process.stdout.write(`Crops are read at ${server.url}/v1/read\n`)
    await stopped
    await server.close()
    return 0
  } finally {
    await reader.close()
  }
}
