const BASIC = /^ *basic +([A-Za-z0-9._~+/-]+=*) *$/i

/**
 * The password of an Authorization header as OCPP has it: the user is the charge point's id (which may hold colons), the password may be
 * binary. Null where there is none, or where it is of another user.
 */
export function readBasicPassword(header: string | undefined, id: string): Buffer | null {
  const encoded = BASIC.exec(header ?? '')?.[1]
  if (encoded === undefined) return null
  const given = Buffer.from(encoded, 'base64')
  const user = Buffer.from(`${id}:`)
  return given.subarray(0, user.length).equals(user) ? given.subarray(user.length) : null
}
