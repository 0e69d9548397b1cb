import { isLoopback } from '../server/callers.ts'
import type { RawSite } from '../site-schema.ts'
import type { Check } from '../site-sense.ts'
import type { Path } from '../site-source.ts'
import type { SecurityProfile } from './door-keeper.ts'
import { readPassword } from './password-hash.ts'

/** The least that OCPP 2 takes for a password. */
const LEAST_PASSWORD = 16

type ChargePoint = RawSite['chargePoints'][number]

const securityOf = ({ security, password }: ChargePoint): SecurityProfile =>
  security ?? (password === undefined ? 0 : 1)

/** What charge points must show at the door: what cannot work, and what is weak where the network reaches it. */
export const doorSense: Check = (raw, error, warn) => {
  const { ocpp, chargePoints } = raw
  // Nobody knocks here then.
  if (ocpp.mode === 'remote') return
  const isOpen = !isLoopback(ocpp.host)
  if (ocpp.tls?.port !== undefined && ocpp.tls.port === ocpp.port && ocpp.port !== 0)
    error(
      ['ocpp', 'tls', 'port'],
      `ocpp listens on ${ocpp.port} already`,
      'a port of its own, or none: then `ocpp.port` speaks TLS',
    )
  if (ocpp.tls?.clientCrl !== undefined && ocpp.tls.clientCa === undefined)
    error(['ocpp', 'tls', 'clientCrl'], 'nobody knows whose revocation list it is', '`ocpp.tls.clientCa` beside it')
  for (const [i, one] of chargePoints.entries()) fits(raw, one, ['chargePoints', i], isOpen, error)
  if (isOpen) weak(raw, warn)
}

/** What one charge point must show, and what is there for it. */
function fits(
  { ocpp }: RawSite,
  { id, password, security }: ChargePoint,
  path: Path,
  isOpen: boolean,
  error: Parameters<Check>[1],
): void {
  const made = `\`berth charge-point password ${id} --site …\` makes one`
  if (password !== undefined && readPassword(password) === null)
    error([...path, 'password'], 'it begins like a hash and is none that berth takes', `a password; ${made}`)
  // Before another back end, that one checks what a charge point without a password here sends.
  if (security === undefined && password === undefined && isOpen && ocpp.mode !== 'proxy')
    error(
      path,
      `${id} has no password and OCPP listens on ${ocpp.host}`,
      `\`password\` (${made}), or ocpp.host: 127.0.0.1`,
    )
  if (security === undefined) return
  if ((security === 1 || security === 2) && password === undefined)
    error(path, `security profile ${security} asks for a password and ${id} has none`, made)
  if ((security === 0 || security === 3) && password !== undefined)
    error(
      [...path, 'password'],
      `security profile ${security} never looks at a password`,
      'no `password`, or another profile',
    )
  if (security >= 2 && !ocpp.tls)
    error([...path, 'security'], `security profile ${security} needs TLS`, '`ocpp.tls` with `cert` and `key`')
  else if (security === 3 && ocpp.tls?.clientCa === undefined)
    error(
      [...path, 'security'],
      'security profile 3 needs to know who signs certificates of charge points',
      '`ocpp.tls.clientCa`',
    )
}

/** Said once for all charge points that it is true of. */
function weak({ ocpp, chargePoints }: RawSite, warn: Parameters<Check>[2]): void {
  const listens = `OCPP listens on ${ocpp.host}`
  const all = chargePoints.map((one, i) => ({ one, i }))
  const say = (of: typeof all, at: readonly string[], says: string, expected: string): void => {
    const [first] = of
    if (!first) return
    const names = of.length > 1 ? `${first.one.id} and ${of.length - 1} more` : first.one.id
    warn(['chargePoints', first.i, ...at], `${names}: ${says}`, expected)
  }
  say(
    all.filter(({ one }) => one.security === 0),
    ['security'],
    `anybody who reaches the port can pretend to be it (security profile 0, and ${listens})`,
    'security profile 1 and more, or a network of its own for charge points',
  )
  const isAlwaysTls = ocpp.tls !== undefined && ocpp.tls.port === undefined
  say(
    all.filter(({ one }) => securityOf(one) === 1 && !isAlwaysTls),
    [],
    `the password and every token travel readable (security profile 1, and ${listens})`,
    '`ocpp.tls` and `security: 2`, or a network of its own for charge points',
  )
  say(
    all.filter(({ one: { password } }) => password !== undefined && isShort(password)),
    ['password'],
    `a password of fewer than ${LEAST_PASSWORD} characters can be guessed`,
    '`berth charge-point password ID --site …` makes a better one',
  )
}

const isShort = (password: string): boolean => {
  const stored = readPassword(password)
  return stored?.kind === 'clear' && (stored.spellings.at(-1)?.length ?? 0) < LEAST_PASSWORD
}
