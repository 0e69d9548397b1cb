import type { FastifyInstance } from 'fastify'
import type { Json } from '../../machines/events.ts'
import { demandOwn, isOwn } from '../own-accounts.ts'
import type { IdTokenEntry } from '../site-desk.ts'
import { mask } from './plate-mask.ts'
import type { Asked, Serving } from './serving.ts'
import { found, pageOf, serve } from './serving.ts'
import { vehicleRoutes } from './vehicle-routes.ts'

type Fields = { readonly [key: string]: Json }

/** Who pays: accounts, vehicles, cards and app tokens. */
export function registerRoutes(app: FastifyInstance, serving: Serving): void {
  accountRoutes(app, serving)
  vehicleRoutes(app, serving)
  tokenRoutes(app, serving)
}

function accountRoutes(app: FastifyInstance, serving: Serving): void {
  const { register } = serving.desk
  const idOf = ({ params }: Asked) => params['accountId'] ?? ''
  serve(app, serving, 'accounts', ({ query, caller }) => {
    const own = register.accounts().filter(({ accountId }) => isOwn(caller, accountId))
    return pageOf(own, (account) => account.accountId, query)
  })
  serve(app, serving, 'account', (asked) => {
    const known = isOwn(asked.caller, idOf(asked)) ? register.account(idOf(asked)) : null
    return found(known, 'account', idOf(asked))
  })
  serve(app, serving, 'putAccount', (asked) => register.putAccount(idOf(asked), asked.body as Fields, asked.caller))
  serve(app, serving, 'deleteAccount', async (asked) => {
    found((await register.deleteAccount(idOf(asked), asked.caller)) || null, 'account', idOf(asked))
  })
}

function tokenRoutes(app: FastifyInstance, serving: Serving): void {
  const { register } = serving.desk
  const idOf = ({ params }: Asked) => params['idToken'] ?? ''
  const own = (asked: Asked): IdTokenEntry | null => {
    const known = register.token(idOf(asked))
    return known !== null && isOwn(asked.caller, known.accountId) ? known : null
  }
  serve(app, serving, 'token', (asked) => found(own(asked), 'token', mask(idOf(asked))))
  serve(app, serving, 'putToken', (asked) => {
    const fields = asked.body as Fields
    demandOwn(asked.caller, String(fields['accountId']))
    const known = register.token(idOf(asked))
    if (known !== null) demandOwn(asked.caller, known.accountId)
    return register.putToken(idOf(asked), fields, asked.caller)
  })
  serve(app, serving, 'deleteToken', async (asked) => {
    const known = own(asked) !== null && (await register.deleteToken(idOf(asked), asked.caller))
    found(known || null, 'token', mask(idOf(asked)))
  })
}
