import type { FastifyInstance } from 'fastify'
import type { Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import { fold, normalize } from '../../machines/plate.ts'
import { isOwn } from '../own-accounts.ts'
import type { BlockReason, Vehicle } from '../site-desk.ts'
import { checkVehicleFile } from '../vehicle-check.ts'
import { readVehicleCsv, refusedLine } from '../vehicle-csv.ts'
import { sendProblem } from './bay-routes.ts'
import { mask } from './plate-mask.ts'
import { problem } from './problem.ts'
import { type Asked, found, limitOf, type Serving, serve } from './serving.ts'

type Fields = { readonly [key: string]: Json }
/** A vehicle as people are shown it, with its id where it has one. */
export type ShownVehicle = Vehicle & { readonly vehicleId: string | null }
const CSV_LIMIT = 16 << 20
/** Vehicles that one search shows, at most. */
const MOST_FOUND = 50

/** Vehicles: for the role `fleet` those of its own accounts, as if there were no others. */
export function vehicleRoutes(app: FastifyInstance, serving: Serving): void {
  const { register } = serving.desk
  serve(app, serving, 'vehicles', (asked) => listed(serving, asked))
  serve(app, serving, 'findVehicles', (asked) => search(serving, asked))
  serve(app, serving, 'vehicle', (asked) => {
    const known = register.vehicle(plateOf(serving, asked))
    const own = known !== null && isOwn(asked.caller, known.accountId) ? known : null
    return dressed(serving, foundVehicle(own, asked), asked)
  })
  serve(app, serving, 'putVehicle', async (asked) =>
    dressed(serving, await register.putVehicle(plateOf(serving, asked), asked.body as Fields, asked.caller), asked),
  )
  serve(app, serving, 'blockVehicle', async (asked) => {
    const order = asked.body as { readonly blocked: boolean; readonly reason: BlockReason }
    const vehicle = await register.blockVehicle(plateOf(serving, asked), order, asked.caller)
    return dressed(serving, foundVehicle(vehicle, asked), asked)
  })
  serve(app, serving, 'deleteVehicle', async (asked) => {
    foundVehicle((await register.deleteVehicle(plateOf(serving, asked), asked.caller)) || null, asked)
  })
  fileRoutes(app, serving)
}

const foundVehicle = <T>(thing: T | null, { params }: Asked): T =>
  found(thing, 'vehicle with the plate', mask(params['plate'] ?? ''))

/** The plate that the address names: itself, or by the vehicle's id, which no plate is long enough to look like. */
function plateOf({ desk }: Serving, { params }: Asked): string {
  const named = params['plate'] ?? ''
  return named.startsWith('veh-') ? (desk.plateOf(named) ?? named) : named
}

const dressed = (serving: Serving, vehicle: Vehicle, { sight, query }: Asked): ShownVehicle => {
  const vehicleId = serving.desk.handleOf(vehicle.plate)
  if (!sight.clear || query['plates'] === 'masked') return { ...vehicle, vehicleId, plate: mask(vehicle.plate) }
  sight.saw(vehicleId ?? vehicle.accountId)
  return { ...vehicle, vehicleId }
}

function listed(serving: Serving, asked: Asked) {
  const { account, fleet, blocked, after } = asked.query
  // The cursor is a place in the list, not a plate: an address is no place for one.
  const from = after === undefined ? -1 : Number(after)
  if (!Number.isInteger(from))
    throw new Fault('BODY_INVALID', {}, { says: 'after names nothing in this list; start again without it.' })
  const wanted = serving.desk.register
    .vehicles()
    .map((vehicle, index) => ({ vehicle, index }))
    .filter(
      ({ vehicle, index }) =>
        index > from &&
        isOwn(asked.caller, vehicle.accountId) &&
        (account === undefined || vehicle.accountId === account) &&
        (fleet === undefined || vehicle.fleet === fleet) &&
        (blocked !== 'true' || vehicle.blocked),
    )
  const page = wanted.slice(0, limitOf(asked.query))
  return {
    items: page.map(({ vehicle }) => dressed(serving, vehicle, asked)),
    next: page.length < wanted.length ? String(page.at(-1)?.index) : null,
  }
}

async function search(serving: Serving, asked: Asked) {
  const { desk, looks } = serving
  const { caller, sight, body } = asked
  const text = fold(normalize((body as { readonly text: string }).text))
  const is = (plate: string) => {
    const folded = fold(normalize(plate))
    return sight.clear ? folded.includes(text) : folded === text
  }
  const all = desk.register.vehicles().filter(({ plate, accountId }) => isOwn(caller, accountId) && is(plate))
  const shown = text.length < 2 ? [] : all.slice(0, MOST_FOUND)
  const subjects = sight.clear ? shown.map(({ plate, accountId }) => desk.handleOf(plate) ?? accountId) : []
  const { name: by, role } = caller
  // Before the answer: where it cannot be written, nothing is answered.
  await looks?.saw({ by, role, what: 'findVehicles', subjects, about: 'search' })
  const told = { ...sight, saw: () => undefined }
  return { items: shown.map((vehicle) => dressed(serving, vehicle, { ...asked, sight: told })), next: null }
}

/** What comes as a file. */
function fileRoutes(app: FastifyInstance, serving: Serving): void {
  app.register(async (scope) => {
    scope.addContentTypeParser(
      ['text/csv', 'text/plain'],
      { parseAs: 'string', bodyLimit: CSV_LIMIT },
      (_request, text, done) => done(null, text),
    )
    const textOf = ({ body }: Asked) => (typeof body === 'string' ? body : '')
    serve(scope, serving, 'importVehicles', (asked) => importVehicles(serving, textOf(asked), asked))
    serve(scope, serving, 'checkVehicles', async (asked) => {
      const { name: by, role } = asked.caller
      // It says of each plate whether others have it: that somebody asked stands on record before the answer.
      await serving.looks?.saw({ by, role, what: 'checkVehicles', subjects: [], about: 'search' })
      return checkVehicleFile(textOf(asked), (rows) => serving.desk.register.judgeVehicles(rows, asked.caller))
    })
  })
}

async function importVehicles({ desk }: Serving, text: string, { caller, reply }: Asked) {
  const { rows, problems } = readVehicleCsv(text)
  const answer =
    problems.length > 0
      ? { imported: 0, refused: [] }
      : await desk.register.importVehicles(
          rows.map((row) => row.fields),
          caller,
        )
  const refused = [...problems, ...answer.refused.map((one) => refusedLine(rows, one))]
  const [first] = refused
  if (first === undefined) return { imported: answer.imported, refused }
  const more = refused.length > 1 ? `, and ${refused.length - 1} more` : ''
  const detail = `Line ${first.line}: ${first.says} (Nothing was imported${more}.)`
  return sendProblem(reply, problem('BODY_INVALID', detail, { status: 422, refused }))
}
