import { parseArgs } from 'node:util'
import { filmCameras } from './camera-films.ts'
import { figureTable, keepFigures } from './figure-table.ts'

const HELP = `npm run four-cameras [-- options]: twelve bays, four cameras, one server with one reader

  --minutes M   how long, default 10
  --fps N       frames a second of each camera, default 5
  --json FILE   default data/four-cameras.json
`

const text = { type: 'string' } as const
const { values } = parseArgs({ options: { minutes: text, fps: text, json: text, help: { type: 'boolean' } } })
if (values.help) process.stdout.write(HELP)
else {
  const { minutes = '10', fps = '5', json = 'data/four-cameras.json' } = values
  const figures = await filmCameras({ minutes: Number(minutes), fps: Number(fps) })
  process.stdout.write(`${figureTable(figures)}\n`)
  keepFigures(json, `npm run four-cameras -- --minutes ${minutes} --fps ${fps}`, { figures })
  process.exitCode = figures.some(({ broken }) => broken) ? 1 : 0
}
