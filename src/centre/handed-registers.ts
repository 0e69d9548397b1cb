import { createHash } from 'node:crypto'
import { Fault } from '../../machines/faults.ts'
import type { PostgresLine, Row } from '../journal/postgres-line.ts'
import { openRegister } from '../register-source/signed-register.ts'
import { unknownSite } from './centre-book.ts'

/** A signed register that waits for a site's gateway; `etag` changes with it. */
export type HandedRegister = { readonly text: string; readonly etag: string }
/** The same in words: which version, who signed it, how large it is in bytes and since when it lies here (ISO 8601 UTC). */
export type HandedNote = {
  readonly site: string
  readonly version: number
  readonly key: string
  readonly bytes: number
  readonly put: string
}

/**
 * Lays a signed register ready for sites, all or none. Whether they take it is theirs to say; what no gateway could take is refused here
 * already. Throws Fault BODY_INVALID (no whole register, older than what lies here, not for this site) or NOT_FOUND.
 */
export async function putRegister(
  line: PostgresLine,
  text: string,
  sites: readonly string[],
  at: string,
): Promise<number> {
  const opened = openRegister(text, null)
  if (opened.broken !== null) throw invalid(`This is no signed register: ${opened.broken}.`)
  const { register, key } = opened
  let isTried = false
  await line.transaction(async (ask) => {
    for (const site of sites) {
      if (register.sites.length > 0 && !register.sites.includes(site))
        throw invalid(`This register is for ${register.sites.join(', ')}, and not for ${site}; sign one that names it.`)
      if ((await ask('SELECT 1 FROM berth_centre.site WHERE site = $1', [site])).length === 0) throw unknownSite(site)
      const [known] = await ask('SELECT version, key, put FROM berth_centre.register WHERE site = $1 FOR UPDATE', [
        site,
      ])
      // An earlier try of this very call that was kept, and whose answer was lost, is no other register.
      const isOwn = isTried && known?.['put'] === at && Number(known['version']) === register.version
      if (!isOwn && known?.['key'] === key && Number(known['version']) >= register.version)
        throw invalid(
          `Version ${String(known['version'])} lies here for ${site} already, and this is version ${register.version}; sign it with a newer number.`,
        )
      await ask(
        `INSERT INTO berth_centre.register (site, version, key, put, body) VALUES ($1, $2, $3, $4, $5)
          ON CONFLICT (site) DO UPDATE SET version = $2, key = $3, put = $4, body = $5`,
        [site, register.version, key, at, text],
      )
    }
    isTried = true
  })
  return register.version
}

/** What lies here for a site; null where nothing does, `same` where it is what a gateway has under `has`. Its text is read where it is sent, and nowhere else: it may be 16 MB. */
export async function registerFor(
  line: PostgresLine,
  site: string,
  has: string | undefined,
): Promise<HandedRegister | 'same' | null> {
  const marks = 'version, key, put'
  const [note] = await line.read(`SELECT ${marks} FROM berth_centre.register WHERE site = $1`, [site])
  if (note === undefined) return null
  if (etagOf(note) === has) return 'same'
  const [row] = await line.read(`SELECT ${marks}, body FROM berth_centre.register WHERE site = $1`, [site])
  return row === undefined ? null : { text: String(row['body']), etag: etagOf(row) }
}

/** By who signed it, its version and when it was laid here: another text is another one of these. */
function etagOf({ version, key, put }: Row): string {
  return `"${createHash('sha256').update(`${version} ${key} ${put}`).digest('base64url')}"`
}

/** Takes away what lies here for a site; false where nothing did. What the site has taken stays there. */
export async function removeRegister(line: PostgresLine, site: string): Promise<boolean> {
  return (await line.read('DELETE FROM berth_centre.register WHERE site = $1 RETURNING 1', [site])).length > 0
}

/** Everything that lies here. */
export async function handedRegisters(line: PostgresLine): Promise<readonly HandedNote[]> {
  const rows = await line.read(
    'SELECT site, version, key, put, octet_length(body) AS bytes FROM berth_centre.register ORDER BY site',
  )
  return rows.map(({ site, version, key, put, bytes }) => ({
    ...{ site: String(site), version: Number(version), key: String(key), bytes: Number(bytes), put: String(put) },
  }))
}

const invalid = (says: string): Fault => new Fault('BODY_INVALID', {}, { says })
