import type { RawSite } from '../site-schema.ts'
import type { Path } from '../site-source.ts'
import { PUSH_DIALECTS } from './dialects.ts'

type Say = (path: Path, says: string, expected: string) => void
type RawCamera = RawSite['cameras'][number]

const SCHEMES: { readonly [kind: string]: RegExp } = {
  snapshot: /^https?:$/,
  mjpeg: /^https?:$/,
  alertstream: /^https?:$/,
  eventmanager: /^https?:$/,
  rtsp: /^rtsps?:$/,
  mqtt: /^(mqtts?|wss?):$/,
}
const EXAMPLES: { readonly [kind: string]: string } = {
  snapshot: 'http://192.0.2.7/cgi-bin/snapshot.cgi',
  mjpeg: 'http://192.0.2.7/axis-cgi/mjpg/video.cgi',
  alertstream: 'http://192.0.2.7',
  eventmanager: 'http://192.0.2.7',
  rtsp: 'rtsp://192.0.2.7/stream1',
  mqtt: 'mqtt://192.0.2.9:1883',
}

/** What the schema cannot say of cameras: what each kind needs, and what does nothing for it. */
export function sourceSense(raw: RawSite, error: Say, warn: Say): void {
  for (const [i, camera] of raw.cameras.entries()) {
    const path: Path = ['cameras', i]
    if (camera.kind === 'push') {
      pushed(camera, path, error)
      if (camera.token === undefined) error([...path, 'token'], '`token` is missing', '`token` here')
      if (camera.url !== undefined)
        warn([...path, 'url'], 'nothing is fetched from a camera that pushes', 'another `kind`, or no `url`')
    } else fetched(camera, path, error, warn)
    if (camera.kind === 'mqtt') broker(camera, path, error)
  }
}

function pushed({ dialect }: RawCamera, path: Path, error: Say): void {
  const known = ['reads', 'frame', ...Object.keys(PUSH_DIALECTS)]
  if (dialect === undefined || known.includes(dialect)) return
  const says = `no camera pushes in a dialect ${JSON.stringify(dialect)}`
  error([...path, 'dialect'], says, `one of: ${known.join(', ')}, or no \`dialect\``)
}

function fetched({ kind, url, token, login }: RawCamera, path: Path, error: Say, warn: Say): void {
  // An unknown kind is told by the schema.
  if (EXAMPLES[kind] === undefined) return
  const example = `an address like ${EXAMPLES[kind]}`
  if (url === undefined) return error([...path, 'url'], `a camera of kind ${kind} needs \`url\``, example)
  if (token !== undefined) warn([...path, 'token'], 'a camera that berth fetches from pushes nothing', 'no `token`')
  const at = URL.canParse(url) ? new URL(url) : null
  if (!at || !SCHEMES[kind]?.test(at.protocol))
    return error([...path, 'url'], `this is no address for ${kind}`, example)
  const isNamed = at.username !== '' || at.password !== ''
  if (isNamed && kind !== 'rtsp') error([...path, 'url'], 'it holds a login', 'the login under `login`')
  if (kind === 'rtsp' && login)
    error(
      [...path, 'login'],
      'ffmpeg takes no other login',
      'rtsp://name:password@… in `url`, the password from the environment',
    )
  if (kind === 'rtsp' && isNamed)
    warn(
      [...path, 'url'],
      'the login stands in the list of processes of this machine while ffmpeg runs',
      'an account that can only watch',
    )
}

function broker({ dialect = 'frigate', map, topic, picture }: RawCamera, path: Path, error: Say): void {
  const known = ['frigate', 'mapped', ...Object.keys(PUSH_DIALECTS)]
  if (!known.includes(dialect))
    error([...path, 'dialect'], `there is no dialect ${JSON.stringify(dialect)}`, `one of: ${known.join(', ')}`)
  if (dialect === 'mapped' && !map)
    error([...path, 'map'], 'the dialect mapped needs `map`', 'where in the messages what stands')
  if (dialect !== 'frigate' && topic === undefined)
    error([...path, 'topic'], '`topic` is missing', 'what berth listens to')
  if (dialect === 'frigate' && !picture)
    error([...path, 'picture'], '`picture` is missing', 'the width and height that Frigate detects in')
}
