import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Fault } from '../../machines/faults.ts'
import type { BayView } from '../../projections/bay-view.ts'
import { sheetPdf, sheetSvg } from '../driver/door/code-sheet.ts'
import type { DoorOffer } from '../driver/door/door-form.ts'
import type { DriverSays } from '../driver/door/door-words.ts'
import { type Doorway, saysOf, type Typed } from '../driver/door/doorway.ts'
import { unreachable } from '../driver/door/public-address.ts'
import { busyPage, driverPage, driverPagePolicy, languageOf, unknownBayPage } from '../driver/driver-page.ts'
import type { PageRate } from '../driver/page-rate.ts'
import { wordNow } from '../driver/word-now.ts'
import { isOwn } from '../own-accounts.ts'
import type { DriverServing } from './driver-routes.ts'
import { type Asked, found, type Serving, serve } from './serving.ts'
import { addressOf } from './wrong-token-brake.ts'

const COOKIE = 'berth_driver'
const MOST_COOKIES = 10
/** Seconds that a device may come back and stop what it began. */
const COOKIE_S = 2 * 24 * 3600

type DoorServing = DriverServing & { readonly doorway: Doorway; readonly rate: PageRate; readonly refused: () => void }
/** Somebody at a bay: which, and by which devices. */
type AtDoor = {
  readonly bay: BayView
  readonly code: string
  /** Those that this phone is, newest first. */
  readonly devices: readonly [string, ...string[]]
  /** The device under a cookie that nobody has yet: what is begun is its own, so that a cookie planted before is worth nothing. */
  readonly renewed: { readonly device: string; readonly give: () => void }
}

/** The page behind a bay's signed code, and what may be pressed there. Nobody needs a token: what proves a driver is typed, paid, or the device. */
export function doorRoutes(app: FastifyInstance, serving: DoorServing): void {
  const { doorway } = serving
  const press = (act: (at: AtDoor, asked: Asked) => Promise<DriverSays>) => async (asked: Asked) => {
    refuseForeign(asked.request, doorway.publicUrl)
    return atDoor(serving, asked, async (at) => back(asked, at, await act(at, asked)))
  }
  app.register(async (scope) => {
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, text, done) =>
      done(null, Object.fromEntries(new URLSearchParams(String(text)))),
    )
    serve(scope, serving, 'door', (asked) => atDoor(serving, asked, async (at) => showDoor(serving, asked, at)))
    serve(
      scope,
      serving,
      'doorStart',
      press(async ({ bay, renewed }, { body }) => {
        const typed = chosenIn(doorway, bay, body) ?? typedIn(body)
        const says = typed === null ? 'wrong' : await doorway.begin(bay, renewed.device, typed)
        if (says === 'starting') renewed.give()
        return says
      }),
    )
    serve(
      scope,
      serving,
      'doorStop',
      press(({ bay, devices }, { body }) => doorway.stop(bay, devices, typedIn(body))),
    )
    serve(scope, serving, 'doorPay', async (asked) => {
      refuseForeign(asked.request, doorway.publicUrl)
      return atDoor(serving, asked, async (at) => {
        const payer = { known: at.devices[0], device: at.renewed.device, address: addressOf(asked.request) }
        const sent = await doorway.payments.ask(at.bay, payer, languageIn(asked))
        if (typeof sent === 'string') return back(asked, at, sent)
        at.renewed.give()
        return lead(asked, sent.to)
      })
    })
    serve(scope, serving, 'doorPaid', (asked) =>
      atDoor(serving, asked, async (at) => {
        const members = Object.entries(asked.request.query as object).map(([name, value]) => [name, String(value)])
        return back(asked, at, await doorway.payments.paid(at.bay, Object.fromEntries(members)))
      }),
    )
  })
}

/** Where no drivers come in, every code is no bay’s. */
export function noDoors(app: FastifyInstance, serving: DriverServing): void {
  for (const name of ['door', 'doorStart', 'doorPay', 'doorPaid', 'doorStop'] as const)
    serve(app, serving, name, (asked) =>
      send(asked.reply.code(404), unknownBayPage(serving.desk.name, languageIn(asked))),
    )
}

/** PINs and one-time codes, for who enrols accounts. */
export function driverSecretRoutes(app: FastifyInstance, serving: Serving, doorway: Doorway | null): void {
  const account = ({ params, caller }: Asked): string => {
    const id = params['accountId'] ?? ''
    return found(isOwn(caller, id) ? serving.desk.register.account(id) : null, 'account', id).accountId
  }
  const secrets = () => {
    if (doorway === null) throw new Fault('NOT_FOUND', {}, { says: 'No drivers come in here.' })
    return doorway.secrets
  }
  serve(app, serving, 'driverCodes', () => ({
    items: serving.desk.bays().flatMap(({ bayId }) => {
      const code = doorway?.codes.codeOf(bayId) ?? null
      return code === null ? [] : [{ bayId, code, url: doorway?.addressOf(bayId) ?? null }]
    }),
    next: null,
  }))
  const sheet = () => {
    const no = unreachable(doorway?.publicUrl ?? null)
    if (no !== null)
      throw new Fault('SITE_FILE_INVALID', {}, { says: `No sheet: ${no.says}; expected ${no.expected}.` })
    const bays = serving.desk.bays().map(({ bayId }) => ({ bayId, url: doorway?.addressOf(bayId) ?? '' }))
    return { siteName: serving.desk.name, bays }
  }
  serve(app, serving, 'driverSheetSvg', ({ reply }) => reply.type('image/svg+xml').send(sheetSvg(sheet())))
  serve(app, serving, 'driverSheetPdf', ({ reply }) => reply.type('application/pdf').send(sheetPdf(sheet())))
  serve(app, serving, 'putPin', async (asked) => {
    await secrets().setPin(account(asked), (asked.body as { pin: string }).pin, asked.caller.name)
  })
  serve(app, serving, 'deletePin', async (asked) => {
    const id = account(asked)
    found((await secrets().removePin(id, asked.caller.name)) || null, 'PIN of the account', id)
  })
  serve(app, serving, 'makeDriverCode', (asked) => secrets().makeCode(account(asked), asked.caller.name))
}

const languageIn = ({ query, request }: Asked) =>
  languageOf(query['lang'] as string | undefined, request.headers['accept-language'])

/** Finds the bay of the code, and the device by its cookie; a new one gets one. */
async function atDoor(
  { doorway, rate, refused, desk }: DoorServing,
  asked: Asked,
  act: (at: AtDoor) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  const { request, reply, params } = asked
  const language = languageIn(asked)
  if (!rate.admit(request.ip)) {
    refused()
    return send(reply.code(429).header('retry-after', '10'), busyPage(desk.name, language))
  }
  const code = params['code'] ?? ''
  const bay = doorway.bay(code)
  if (bay === null) return send(reply.code(404), unknownBayPage(desk.name, language))
  const sent = cookiesIn(request)
  const [newest, ...older] = sent.flatMap((one) => doorway.deviceMarks(one))
  const cookie = doorway.newDevice(sent)
  const [device = ''] = doorway.deviceMarks(cookie)
  const give = (): void => {
    const secure = request.protocol === 'https' || doorway.publicUrl?.startsWith('https:') === true
    const fields = `Path=/b; HttpOnly; SameSite=Lax; Max-Age=${COOKIE_S}${secure ? '; Secure' : ''}`
    reply.header('set-cookie', `${COOKIE}=${cookie}; ${fields}`)
  }
  if (newest === undefined) give()
  return act({ bay, code, devices: [newest ?? device, ...older], renewed: { device, give } })
}

/** What a phone sends as its cookies of ours, all of them: somebody may have planted another beside it. */
const cookiesIn = ({ headers }: FastifyRequest): readonly string[] =>
  [...(headers.cookie ?? '').matchAll(/(?:^|;\s*)berth_driver=([\w.-]{1,300})(?=;|$)/g)]
    .slice(0, MOST_COOKIES)
    .map(([, cookie = '']) => cookie)

function showDoor(serving: DoorServing, asked: Asked, { bay, code, devices }: AtDoor): FastifyReply {
  const { desk, doorway, newestWord } = serving
  const { query, request, reply } = asked
  const language = languageIn(asked)
  const { terms } = doorway.payments
  const door: DoorOffer = {
    code,
    begin: doorway.mayBegin(bay),
    pay: terms,
    stop: doorway.mayStop(bay) ? (doorway.isOwn(bay, devices) ? 'own' : 'other') : null,
    choices: doorway.choices(bay).map(({ mark, masked }) => ({ mark, masked })),
    neighbours: neighboursOf(
      desk.bays().map(({ bayId }) => bayId),
      bay.bayId,
    ),
    says: saysOf(query['said']),
    pressedIn: query['form'] === 'choice' ? 'choice' : 'plate',
  }
  const word = wordNow(bay, newestWord(bay.bayId))
  const page = driverPage({ siteName: desk.name, timezone: desk.timezone, bay, word, language, door })
  const tag = `"${createHash('sha256').update(page).digest('base64url').slice(0, 22)}"`
  reply.header('etag', tag).header('vary', 'accept-language, cookie')
  const policy = driverPagePolicy(terms?.origin ?? null)
  if (request.headers['if-none-match'] === tag) return dressed(reply.code(304), policy).send()
  return send(reply, page, policy)
}

/** Back to the page with what came of it: a reload asks nothing a second time. */
function back(asked: Asked, { code }: AtDoor, said: DriverSays): FastifyReply {
  const { choice } = (asked.body ?? {}) as { readonly choice?: unknown }
  const form = choice === undefined ? '' : '&form=choice'
  return lead(asked, `/b/${code}?lang=${languageIn(asked)}${form}&said=${said}`)
}

const lead = ({ reply }: Asked, to: string): FastifyReply =>
  reply
    .code(303)
    .header('location', to)
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'same-origin')
    .send()

const dressed = (reply: FastifyReply, policy: string): FastifyReply =>
  reply
    .header('content-security-policy', policy)
    .header('cache-control', 'private, no-cache')
    .header('referrer-policy', 'same-origin')

const send = (reply: FastifyReply, page: string, policy = driverPagePolicy(null)): FastifyReply =>
  dressed(reply, policy).type('text/html; charset=utf-8').send(page)

/** A form of another site is nobody's press. */
function refuseForeign({ headers }: FastifyRequest, publicUrl: string | null): void {
  const { origin, host } = headers
  if (origin === undefined) return
  const from = URL.parse(origin)?.host
  if (from !== undefined && (from === host || (publicUrl !== null && from === new URL(publicUrl).host))) return
  throw new Fault('FORBIDDEN', {}, { says: 'This was sent by another site’s page; open the page of your bay again.' })
}

/** The plate that was chosen by its mark, with the PIN of its account; null where none was. */
function chosenIn(doorway: Doorway, bay: BayView, body: unknown): Typed | null {
  const { choice, secret } = (body ?? {}) as { readonly choice?: unknown; readonly secret?: unknown }
  const chosen = doorway.choices(bay).find(({ mark }) => mark === choice)
  return chosen === undefined || typeof secret !== 'string' ? null : { plate: chosen.plate, secret }
}

/** The bays before and after it, as the site file lists them. */
function neighboursOf(all: readonly string[], bayId: string): readonly string[] {
  const at = all.indexOf(bayId)
  return [all[at - 1], all[at + 1]].filter((one) => one !== undefined)
}

function typedIn(body: unknown): Typed | null {
  const { plate, secret } = (body ?? {}) as { plate?: unknown; secret?: unknown }
  if (typeof plate !== 'string' || typeof secret !== 'string') return null
  if (plate.length > 24 || secret.length > 8 || !plate.isWellFormed()) return null
  return plate.trim() === '' || secret.trim() === '' ? null : { plate: plate.trim(), secret: secret.trim() }
}
