import type { Json } from '../../machines/events.ts'
import { escaped as text } from '../escaped-text.ts'
import type { SubjectContent, SubjectPackage } from './subject-package.ts'

/** The package as a page for a person: one HTML file without a script, which any browser opens. */
export function subjectPage({ content, signature }: SubjectPackage): string {
  const { site, plate, account, madeAt, span } = content
  const whom = plate === null ? `the account ${account?.accountId ?? ''}` : `the vehicle ${plate}`
  const time = span.from === null ? 'of all time' : `from ${span.from} to ${span.to}`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${text(`What ${site.name} knows of ${whom}`)}</title>
<style>body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}
td,th{border:1px solid #999;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}</style></head><body>
<h1>What ${text(site.name)} knows of ${text(whom)}</h1>
<p>Made on ${text(madeAt)}, ${text(time)}. The same, for machines, is in <code>subject.json</code>, signed by the site.</p>
${registered(content)}
${charges(content)}
${pictures(content)}
${keeping(content)}
${records(content)}
<h2>Signature</h2><p>${text(signature.algorithm)} over the canonical JSON of <code>content</code>. Public key, the same that signs the journal’s checkpoints: <code>${text(signature.publicKey)}</code></p>
</body></html>
`
}

function registered({ register, account, vehicles, cards, objects }: SubjectContent): string {
  const rows = [account, register, ...vehicles, ...cards].flatMap((entry) =>
    Object.entries(entry ?? {}).map(([name, value]) => [name, shown(value)]),
  )
  return `<h2>In the register</h2>${rows.length === 0 ? '<p>Not registered.</p>' : table(['field', 'value'], rows)}
<p>${objects ? 'Its people object: the plate alone never starts a charge here.' : 'Nobody objects to starts by the plate.'}</p>`
}

function charges({ sessions }: SubjectContent): string {
  const rows = sessions.map((one) => {
    const session = one as { readonly [field: string]: Json | undefined }
    const end = session['endedAt'] === null ? 'still runs' : shown(session['endedAt'])
    const [bay, from, ...rest] = ['bayId', 'startedAt', 'energy_Wh', 'disputed', 'paidByYou'].map((name) =>
      shown(session[name]),
    )
    return [bay ?? '', from ?? '', end, ...rest]
  })
  return `<h2>Charges (${rows.length})</h2>${rows.length === 0 ? '<p>None.</p>' : table(['bay', 'from', 'to', 'Wh', 'disputed', 'paid by you'], rows)}`
}

const pictures = ({ pictures: kept }: SubjectContent): string =>
  `<h2>Pictures (${kept.length})</h2>${kept.map(({ at, jpeg }) => `<figure><img alt="plate" src="data:image/jpeg;base64,${text(jpeg)}"><figcaption>${text(at)}</figcaption></figure>`).join('')}`

function keeping({ retention, holds, erasures }: SubjectContent): string {
  const rules = [
    `A plate that is not registered is kept ${retention.unmatched_s} s after its visit`,
    `one for which an account was named ${retention.settled_days} days after settlement`,
    `pictures of plates ${retention.crops_days} days`,
    `the key by which you are recognised is changed every ${retention.keyPeriod_days} days and destroyed ${retention.keyKept_days} days later`,
  ]
  const held = holds.map(({ reason, until }) => `A legal hold (${reason}) keeps what is known until ${until}.`)
  const asked = erasures.map(
    ({ askedAt, status, because }) => `Erasure asked on ${askedAt}: ${status}. ${because ?? ''}`,
  )
  return `<h2>How long it is kept</h2><p>${text(`${rules.join(', ')}.`)}</p>${[...held, ...asked].map((line) => `<p>${text(line)}</p>`).join('')}`
}

function records({ records: all }: SubjectContent): string {
  const rows = all.map((one) => {
    const record = one as { readonly [field: string]: Json | undefined }
    return [
      shown(record['seq']),
      shown(record['at']),
      shown(record['bayId']),
      shown(record['what']),
      shown(record['fields']),
    ]
  })
  return `<h2>Every record that speaks of it (${rows.length})</h2>${table(['record', 'time', 'bay', 'what', 'your data in it'], rows)}`
}

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<table><thead><tr>${heads.map((head) => `<th>${text(head)}</th>`).join('')}</tr></thead><tbody>${rows
    .map((row) => `<tr>${row.map((cell) => `<td>${text(cell)}</td>`).join('')}</tr>`)
    .join('')}</tbody></table>`

const shown = (value: Json | undefined): string =>
  value === null || value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value)
