import type { FastifyInstance } from 'fastify'
import type { Json } from '../../machines/events.ts'
import type { Vehicle } from '../site-desk.ts'
import { readVehicleCsv } from '../vehicle-csv.ts'
import { sendProblem } from './bay-routes.ts'
import { mask } from './plate-mask.ts'
import { problem } from './problem.ts'
import type { Asked, Serving } from './serving.ts'
import { found, pageOf, serve } from './serving.ts'

type Fields = { readonly [key: string]: Json }
const CSV_LIMIT = 16 << 20

/** Who pays: accounts, vehicles, cards and app tokens. */
export function registerRoutes(app: FastifyInstance, serving: Serving): void {
  accountRoutes(app, serving)
  vehicleRoutes(app, serving)
  tokenRoutes(app, serving)
}

function accountRoutes(app: FastifyInstance, serving: Serving): void {
  const { register } = serving.desk
  const idOf = ({ params }: Asked) => params['accountId'] ?? ''
  serve(app, serving, 'accounts', ({ query }) => pageOf(register.accounts(), (account) => account.accountId, query))
  serve(app, serving, 'account', (asked) => found(register.account(idOf(asked)), 'account', idOf(asked)))
  serve(app, serving, 'putAccount', (asked) => register.putAccount(idOf(asked), asked.body as Fields, asked.caller))
  serve(app, serving, 'deleteAccount', async (asked) => {
    found((await register.deleteAccount(idOf(asked), asked.caller)) || null, 'account', idOf(asked))
  })
}

function vehicleRoutes(app: FastifyInstance, serving: Serving): void {
  const { desk } = serving
  const { register } = desk
  const plateOf = ({ params }: Asked) => params['plate'] ?? ''
  const dressed = (vehicle: Vehicle, { sight }: Asked): Vehicle => {
    if (!sight.clear) return { ...vehicle, plate: mask(vehicle.plate) }
    sight.saw(desk.handleOf(vehicle.plate) ?? vehicle.accountId)
    return vehicle
  }
  serve(app, serving, 'vehicles', (asked) => {
    // The cursor is a place in the list, not a plate: an address is no place for one.
    const numbered = register.vehicles().map((vehicle, index) => ({ vehicle, key: String(index) }))
    const { items, next } = pageOf(numbered, ({ key }) => key, asked.query)
    return { items: items.map(({ vehicle }) => dressed(vehicle, asked)), next }
  })
  serve(app, serving, 'vehicle', (asked) =>
    dressed(found(register.vehicle(plateOf(asked)), 'vehicle with the plate', mask(plateOf(asked))), asked),
  )
  serve(app, serving, 'putVehicle', async (asked) =>
    dressed(await register.putVehicle(plateOf(asked), asked.body as Fields, asked.caller), asked),
  )
  serve(app, serving, 'deleteVehicle', async (asked) => {
    found(
      (await register.deleteVehicle(plateOf(asked), asked.caller)) || null,
      'vehicle with the plate',
      mask(plateOf(asked)),
    )
  })
  app.register(async (scope) => {
    scope.addContentTypeParser(
      ['text/csv', 'text/plain'],
      { parseAs: 'string', bodyLimit: CSV_LIMIT },
      (_request, text, done) => done(null, text),
    )
    serve(scope, serving, 'importVehicles', (asked) => importVehicles(serving, asked))
  })
}

async function importVehicles({ desk }: Serving, { body, caller, reply }: Asked) {
  const { rows, problems } = readVehicleCsv(typeof body === 'string' ? body : '')
  const answer =
    problems.length > 0
      ? { imported: 0, refused: [] }
      : await desk.register.importVehicles(
          rows.map((row) => row.fields),
          caller,
        )
  const refused = [
    ...problems,
    ...answer.refused.map(({ row, says }) => ({ line: rows[row - 1]?.line ?? row + 1, says })),
  ]
  const [first] = refused
  if (first === undefined) return { imported: answer.imported, refused }
  const more = refused.length > 1 ? `, and ${refused.length - 1} more` : ''
  const detail = `Line ${first.line}: ${first.says} (Nothing was imported${more}.)`
  return sendProblem(reply, problem('BODY_INVALID', detail, { status: 422, refused }))
}

function tokenRoutes(app: FastifyInstance, serving: Serving): void {
  const { register } = serving.desk
  const idOf = ({ params }: Asked) => params['idToken'] ?? ''
  serve(app, serving, 'token', (asked) => found(register.token(idOf(asked)), 'token', mask(idOf(asked))))
  serve(app, serving, 'putToken', (asked) => register.putToken(idOf(asked), asked.body as Fields, asked.caller))
  serve(app, serving, 'deleteToken', async (asked) => {
    found((await register.deleteToken(idOf(asked), asked.caller)) || null, 'token', mask(idOf(asked)))
  })
}
